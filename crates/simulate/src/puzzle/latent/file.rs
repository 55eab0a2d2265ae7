//! `file`: directories of lettered files, changed by `touch`, `rm`, `cp` and `mv`; what they hold is listed at one end only.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::{Demo, Latent, Shown, wrong};
use crate::canvas::{Canvas, Film, FilmSettings, Stage, palette};
use crate::error::range;
use crate::{Error, Stream};

const ENDINGS: [&str; 4] = ["txt", "csv", "py", "json"];
const DIRECTORIES: [&str; 2] = ["alpha", "beta"];

/// Files of each directory, in order. As text: a line for each directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// Directories `alpha` and, where there are two, `beta`; a file is a letter and an ending.
    pub directories: Vec<BTreeSet<String>>,
}

/// A command of the shell; directories from 0. Lists are written with braces: `rm alpha/{a.txt,b.py}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileOperation {
    /// Makes files that are not there.
    Touch {
        /// Directory.
        directory: u8,
        /// Files.
        files: Vec<String>,
    },
    /// Deletes files.
    Remove {
        /// Directory.
        directory: u8,
        /// Files.
        files: Vec<String>,
    },
    /// Copies files to the other directory, over what has the same name there.
    Copy {
        /// Directory that they are in.
        from: u8,
        /// Files.
        files: Vec<String>,
    },
    /// Moves files to the other directory, over what has the same name there.
    Move {
        /// Directory that they are in.
        from: u8,
        /// Files.
        files: Vec<String>,
    },
}

fn list(directory: u8, files: &[String]) -> String {
    let name = DIRECTORIES[usize::from(directory % 2)];
    match files {
        [one] => format!("{name}/{one}"),
        _ => format!("{name}/{{{}}}", files.join(",")),
    }
}

fn is_file(text: &str) -> bool {
    text.split_once('.').is_some_and(|(letter, ending)| {
        letter.len() == 1 && letter.chars().all(|c| c.is_ascii_lowercase()) && ENDINGS.contains(&ending)
    })
}

fn read_list(text: &str) -> Option<(u8, Vec<String>)> {
    let (name, files) = text.split_once('/')?;
    let directory = DIRECTORIES.iter().position(|known| *known == name)? as u8;
    let files = files.strip_prefix('{').and_then(|files| files.strip_suffix('}')).unwrap_or(files);
    let files: Vec<String> = files.split(',').map(str::to_owned).collect();
    (files.iter().all(|file| is_file(file)) && files.len() <= 8).then_some((directory, files))
}

impl Latent for Files {
    const NAME: &'static str = "file";
    type Operation = FileOperation;

    fn begin(stream: &mut Stream, size: u8) -> Result<Files, Error> {
        range("size", size, 1..=2)?;
        let mut directories = vec![BTreeSet::new(); size.into()];
        for directory in &mut directories {
            while directory.len() < 4 {
                directory.insert(draw(stream));
            }
        }
        Ok(Files { directories })
    }

    fn choose(&self, stream: &mut Stream) -> Option<FileOperation> {
        let directory = stream.index(self.directories.len());
        let held: Vec<String> = self.directories.get(directory)?.iter().cloned().collect();
        let count = 1 + stream.index(2);
        let pick = |stream: &mut Stream| -> Vec<String> {
            stream.sample(held.len(), count).into_iter().map(|at| held[at].clone()).collect()
        };
        let at = directory as u8;
        let kinds = if self.directories.len() == 2 { 4 } else { 2 };
        let kind = if held.len() < 3 {
            0
        } else if held.len() > 8 {
            1
        } else {
            stream.index(kinds)
        };
        Some(match kind {
            0 => {
                let mut files = BTreeSet::new();
                for _ in 0..100 {
                    let file = draw(stream);
                    if files.len() < count && !held.contains(&file) {
                        files.insert(file);
                    }
                }
                FileOperation::Touch { directory: at, files: files.into_iter().collect() }
            }
            1 => FileOperation::Remove { directory: at, files: pick(stream) },
            2 => FileOperation::Copy { from: at, files: pick(stream) },
            _ => FileOperation::Move { from: at, files: pick(stream) },
        })
    }

    fn apply(&mut self, operation: &FileOperation) -> bool {
        let (FileOperation::Touch { directory: at, files }
        | FileOperation::Remove { directory: at, files }
        | FileOperation::Copy { from: at, files }
        | FileOperation::Move { from: at, files }) = operation;
        let at = usize::from(*at);
        let touch = matches!(operation, FileOperation::Touch { .. });
        let pair = matches!(operation, FileOperation::Copy { .. } | FileOperation::Move { .. });
        let Some(held) = self.directories.get(at) else { return false };
        if files.is_empty() || files.iter().any(|file| held.contains(file) == touch || !is_file(file)) {
            return false;
        }
        if pair && self.directories.len() != 2 {
            return false;
        }
        for file in files {
            match operation {
                FileOperation::Touch { .. } => {
                    self.directories[at].insert(file.clone());
                }
                FileOperation::Remove { .. } => {
                    self.directories[at].remove(file);
                }
                FileOperation::Copy { .. } => {
                    self.directories[1 - at].insert(file.clone());
                }
                FileOperation::Move { .. } => {
                    self.directories[at].remove(file);
                    self.directories[1 - at].insert(file.clone());
                }
            }
        }
        true
    }

    fn kind(operation: &FileOperation) -> String {
        match operation {
            FileOperation::Touch { .. } => "touch",
            FileOperation::Remove { .. } => "rm",
            FileOperation::Copy { .. } => "cp",
            FileOperation::Move { .. } => "mv",
        }
        .to_owned()
    }

    fn differences(&self, other: &Files) -> Vec<String> {
        let pairs = self.directories.iter().zip(&other.directories).zip(DIRECTORIES);
        pairs
            .flat_map(|((a, b), name)| a.symmetric_difference(b).map(move |file| format!("{name}/{file}")))
            .collect()
    }

    fn film(demo: &Demo<Files>, settings: &FilmSettings) -> Result<Film, Error> {
        settings.check()?;
        let (w, h) = (settings.side_px as f32, settings.side_px as f32 * 0.75);
        let mut canvas = Canvas::new(w as u32, h as u32, palette::PAPER.darker(20));
        let (left, top) = (w * 0.03, h * 0.05);
        canvas.round_rect(left, top, w - 2.0 * left, h - 2.0 * top, w * 0.02, palette::INK);
        canvas.round_rect(left, top, w - 2.0 * left, h * 0.08, w * 0.02, palette::INK.lighter(50));
        for (at, color) in [palette::RED, palette::YELLOW, palette::GREEN].into_iter().enumerate() {
            canvas.disc(left + w * (0.03 + 0.03 * at as f32), top + h * 0.04, w * 0.009, color);
        }
        let mut stage = Stage::new(canvas.into_picture(), settings.fps);
        let second = (settings.fps as usize).max(2);
        let (size, pitch) = (w * 0.032, h * 0.075);
        let rows = 10;
        let row = |at: usize| top + h * 0.14 + at as f32 * pitch;
        let listing = |state: &Files| -> Vec<(String, crate::canvas::Color)> {
            let mut lines = Vec::new();
            for (name, files) in DIRECTORIES.iter().zip(&state.directories) {
                lines.push((format!("$ ls {name}"), palette::GREEN.lighter(90)));
                let files: Vec<String> = files.iter().cloned().collect();
                lines.extend(files.chunks(7).map(|part| (part.join("  "), palette::WHITE)));
            }
            lines
        };
        // text goes onto the screen line by line; a full screen is cleared
        let mut on = Vec::new();
        let mut write = |stage: &mut Stage, text: &str, color| {
            if on.len() == rows || text == "$ clear" {
                on.drain(..).for_each(|actor| stage.leave(actor));
            }
            let mut line = Canvas::clear((w * 0.9) as u32, pitch.max(1.0) as u32);
            line.text_from(0.0, pitch / 2.0, size, text, color);
            let sprite = stage.sprite(line.into_sprite());
            let y = row(on.len());
            on.push(stage.enter(text, sprite, [left + w * 0.02 + (w * 0.9).floor() / 2.0, y]));
        };
        if demo.shown == Shown::Start {
            for (text, color) in listing(&demo.start) {
                write(&mut stage, &text, color);
            }
        }
        stage.hold(2 * second);
        // what was listed is not kept in sight
        write(&mut stage, "$ clear", palette::GREY);
        for operation in &demo.operations {
            write(&mut stage, &format!("$ {operation}"), palette::YELLOW);
            stage.hold(settings.pictures_per_step().max(second));
        }
        if demo.shown == Shown::End {
            for (text, color) in listing(&demo.end()) {
                write(&mut stage, &text, color);
            }
        }
        stage.hold(2 * second);
        Ok(stage.finish())
    }
}

fn draw(stream: &mut Stream) -> String {
    let letter = char::from(b'a' + stream.below(8) as u8);
    format!("{letter}.{}", ENDINGS[stream.index(4)])
}

impl fmt::Display for FileOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileOperation::Touch { directory, files } => write!(f, "touch {}", list(*directory, files)),
            FileOperation::Remove { directory, files } => write!(f, "rm {}", list(*directory, files)),
            FileOperation::Copy { from, files } => {
                write!(f, "cp {} {}/", list(*from, files), DIRECTORIES[usize::from(1 - from % 2)])
            }
            FileOperation::Move { from, files } => {
                write!(f, "mv {} {}/", list(*from, files), DIRECTORIES[usize::from(1 - from % 2)])
            }
        }
    }
}

impl FromStr for FileOperation {
    type Err = Error;
    fn from_str(text: &str) -> Result<FileOperation, Error> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let other = |at: u8, to: &str| to.trim_end_matches('/') == DIRECTORIES[usize::from(1 - at % 2)];
        let operation = match words[..] {
            ["touch", files] => {
                read_list(files).map(|(directory, files)| FileOperation::Touch { directory, files })
            }
            ["rm", files] => {
                read_list(files).map(|(directory, files)| FileOperation::Remove { directory, files })
            }
            ["cp", files, to] => read_list(files)
                .filter(|(from, _)| other(*from, to))
                .map(|(from, files)| FileOperation::Copy { from, files }),
            ["mv", files, to] => read_list(files)
                .filter(|(from, _)| other(*from, to))
                .map(|(from, files)| FileOperation::Move { from, files }),
            _ => None,
        };
        operation
            .ok_or_else(|| wrong("file", 1, "touch, rm, cp or mv, as in `mv alpha/{a.txt,b.py} beta/`", text))
    }
}

impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, files) in DIRECTORIES.iter().zip(&self.directories) {
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            writeln!(f, "{name}: {}", files.join(" "))?;
        }
        Ok(())
    }
}

impl FromStr for Files {
    type Err = Error;
    fn from_str(text: &str) -> Result<Files, Error> {
        let mut directories = Vec::new();
        for (line, row) in (1..).zip(text.trim().lines()) {
            let files = DIRECTORIES.get(line - 1).and_then(|name| row.strip_prefix(name)?.strip_prefix(':'));
            let files: Option<BTreeSet<String>> = files.and_then(|files| {
                files.split_whitespace().map(|file| is_file(file).then(|| file.to_owned())).collect()
            });
            directories.push(files.ok_or_else(|| wrong("file", line, "`alpha:` and files as a.txt", row))?);
        }
        if directories.is_empty() {
            return Err(wrong("file", 1, "1 or 2 directories", text));
        }
        Ok(Files { directories })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_holds_what_it_promises() {
        crate::puzzle::latent::holds::<Files>([1, 2]);
    }

    #[test]
    fn commands_do_what_the_shell_does() {
        let mut state: Files = "alpha: a.txt b.py\nbeta: c.csv\n".parse().unwrap();
        assert!(state.apply(&"mv alpha/{a.txt,b.py} beta/".parse().unwrap()));
        assert!(!state.apply(&"rm alpha/a.txt".parse().unwrap()));
        assert_eq!(state.to_string(), "alpha: \nbeta: a.txt b.py c.csv\n");
        assert!("cp alpha/a.txt alpha/".parse::<FileOperation>().is_err());
    }
}
