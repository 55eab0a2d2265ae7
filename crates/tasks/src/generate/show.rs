//! The pictures of what a task made, and who writes them down.

use chronotope_world::Picture;
use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Pictures that can be drawn when they are wanted.
pub trait Show: Send + Sync {
    /// Pictures per second, as a fraction.
    fn rate(&self) -> (u32, u32);

    /// How many pictures.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether every grain counts: a video of it must lose none of its brightness.
    fn is_lossless(&self) -> bool {
        false
    }

    /// Draws the pictures of these numbers, in order, until `take` breaks off. They do not depend on the number of threads.
    fn play(&self, numbers: &[usize], threads: usize, take: &mut dyn FnMut(Picture) -> ControlFlow<()>);
}

/// What is shown beside an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Media {
    /// Nothing: the World alone.
    None,
    /// Some pictures, evenly spaced, as PNG.
    Pictures,
    /// All of them, as a video.
    #[default]
    Video,
}

impl Media {
    /// As the user types them.
    pub const NAMES: [&'static str; 3] = ["none", "pictures", "video"];

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Media> {
        let at = Media::NAMES.iter().position(|word| *word == name)?;
        [Media::None, Media::Pictures, Media::Video].get(at).copied()
    }
}

/// Writes videos; whoever has an encoder implements it.
pub trait FilmMaker: Sync {
    /// Begins a video of this rate, whose brightness loses nothing where it is to be lossless. Nothing stands under its name before [`Film::finish`].
    ///
    /// # Errors
    /// In words.
    fn begin(
        &self,
        path: &Path,
        size_px: [u32; 2],
        rate: (u32, u32),
        lossless: bool,
    ) -> Result<Box<dyn Film>, String>;
}

/// A video that is being written.
pub trait Film {
    /// The next picture.
    ///
    /// # Errors
    /// In words.
    fn add(&mut self, picture: &Picture) -> Result<(), String>;

    /// Ends it.
    ///
    /// # Errors
    /// In words.
    fn finish(self: Box<Self>) -> Result<(), String>;
}

/// Pictures evenly spaced over a show, the first and the last among them.
pub(crate) fn spaced(len: usize, most: usize) -> Vec<usize> {
    if len <= most || most < 2 {
        return (0..len.min(most.max(1))).collect();
    }
    (0..most).map(|n| n * (len - 1) / (most - 1)).collect()
}

/// Writes a show below the folder `out` and says under which paths.
///
/// # Errors
/// The path and the reason, in words.
pub(crate) fn keep(
    show: &dyn Show,
    media: Media,
    out: &Path,
    name: &str,
    threads: usize,
    films: Option<&dyn FilmMaker>,
) -> Result<Vec<PathBuf>, (PathBuf, String)> {
    /// Pictures of an item that is shown in pictures.
    const PICTURES: usize = 8;
    let below = Path::new("media");
    if media == Media::None || show.is_empty() {
        return Ok(Vec::new());
    }
    std::fs::create_dir_all(out.join(below)).map_err(|fault| (out.join(below), fault.to_string()))?;
    let mut fault = None;
    match (media, films) {
        (Media::Video, Some(films)) if show.len() > 1 => {
            let path = below.join(format!("{name}.mp4"));
            let file = out.join(&path);
            if file.is_file() {
                return Ok(vec![path]);
            }
            let all: Vec<usize> = (0..show.len()).collect();
            let mut film: Option<Box<dyn Film>> = None;
            show.play(&all, threads, &mut |picture| {
                let size = [picture.width, picture.height];
                let film = match &mut film {
                    Some(film) => Ok(film),
                    None => films
                        .begin(&file, size, show.rate(), show.is_lossless())
                        .map(|begun| film.insert(begun)),
                };
                step(film.and_then(|film| film.add(&picture)), &mut fault)
            });
            if let (None, Some(film)) = (&fault, film) {
                fault = film.finish().err();
            }
            fault.map_or(Ok(vec![path]), |fault| Err((file, fault)))
        }
        _ => {
            let numbers = spaced(show.len(), PICTURES);
            let one = numbers.len() == 1;
            let path =
                |n: usize| below.join(if one { format!("{name}.png") } else { format!("{name}-{n:03}.png") });
            let mut at = 0;
            show.play(&numbers, threads, &mut |picture| {
                let file = out.join(path(numbers[at]));
                at += 1;
                step(png(&file, &picture), &mut fault)
            });
            fault.map_or_else(
                || Ok(numbers.iter().map(|&n| path(n)).collect()),
                |fault| Err((out.join(below), fault)),
            )
        }
    }
}

fn step(done: Result<(), String>, fault: &mut Option<String>) -> ControlFlow<()> {
    match done {
        Ok(()) => ControlFlow::Continue(()),
        Err(found) => {
            *fault = Some(found);
            ControlFlow::Break(())
        }
    }
}

/// A picture as a PNG file, whole or not at all.
fn png(path: &Path, picture: &Picture) -> Result<(), String> {
    use image::{ExtendedColorType, ImageFormat};
    let beside = path.with_extension("part");
    let save = image::save_buffer_with_format(
        &beside,
        &picture.rgb,
        picture.width,
        picture.height,
        ExtendedColorType::Rgb8,
        ImageFormat::Png,
    );
    save.map_err(|fault| fault.to_string())?;
    std::fs::rename(&beside, path).map_err(|fault| fault.to_string())
}

impl fmt::Debug for dyn Show {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pictures", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn pictures_are_spaced_from_the_first_to_the_last() {
        assert_eq!(spaced(9, 3), [0, 4, 8]);
        assert_eq!(spaced(2, 8), [0, 1]);
        assert_eq!(spaced(0, 8), [0; 0]);
        assert_eq!(spaced(5, 1), [0]);
    }
}
