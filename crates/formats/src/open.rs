//! Any SOURCE becomes Worlds: a bundle, an annotation file or folder, a text description. A video is watched first.

use crate::import::{self, ImportSettings, Imported};
use chronotope_world::World;
use std::path::{Path, PathBuf};

/// Why a source cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing is there.
    #[error("expected a file or folder, found nothing: {path}")]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// A video, which has no World yet.
    #[error("expected a World, found a video; make one with `chronotope watch`: {path}")]
    Video {
        /// The path as given.
        path: PathBuf,
    },
    /// None of the known kinds.
    #[error(
        "expected a bundle, a text World (.world.txt), a video, or one of the formats {formats}; found none of them: {path}"
    )]
    Unknown {
        /// The names of the importers.
        formats: String,
        /// The path as given.
        path: PathBuf,
    },
    /// A bundle that cannot be opened.
    #[error(transparent)]
    Bundle(#[from] chronotope_remember::Error),
    /// A text World that does not parse.
    #[error("{fault}: {path}")]
    Text {
        /// Line, column, expected and found.
        #[source]
        fault: chronotope_world::Error,
        /// The path as given.
        path: PathBuf,
    },
    /// An annotation file that cannot be imported.
    #[error(transparent)]
    Import(#[from] import::Error),
}

/// What kind of thing a SOURCE is, by its name and first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceForm {
    /// A folder with `world.json`.
    Bundle,
    /// A folder of bundles.
    Corpus,
    /// A World as text: `NAME.world.txt`.
    Text,
    /// A container of pictures.
    Video,
    /// A file or folder that the importer of this name knows.
    Annotation(&'static str),
}

/// What kind of thing lies at a path.
///
/// # Errors
/// [`Error::Missing`] and [`Error::Unknown`].
pub fn form_of(source: &Path) -> Result<SourceForm, Error> {
    if !source.exists() {
        return Err(Error::Missing { path: source.to_owned() });
    }
    if source.join("world.json").is_file() {
        return Ok(SourceForm::Bundle);
    }
    let name = source.file_name().map_or_else(String::new, |n| n.to_string_lossy().to_ascii_lowercase());
    if name.ends_with(".world.txt") {
        return Ok(SourceForm::Text);
    }
    if source.is_dir() && chronotope_remember::list_corpus(source).is_ok_and(|bundles| !bundles.is_empty()) {
        return Ok(SourceForm::Corpus);
    }
    if let Some(importer) = import::recognise(source) {
        return Ok(SourceForm::Annotation(importer.entry().name));
    }
    if is_video(&name) {
        return Ok(SourceForm::Video);
    }
    Err(unknown(source))
}

/// Opens any source that holds Worlds: a bundle or a folder of them, an annotation file or folder, a text World; with the rows that had to be
/// left out. Several Worlds come sorted by name.
///
/// # Errors
/// See [`Error`]; a video is watched first.
pub fn open(source: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
    match form_of(source)? {
        SourceForm::Video => Err(Error::Video { path: source.to_owned() }),
        SourceForm::Annotation(name) => match import::by_name(name) {
            Some(importer) => Ok(importer.import(source, settings)?),
            None => Err(unknown(source)),
        },
        SourceForm::Text => {
            let text = import::text_of(source)?;
            let world = chronotope_world::text::parse(&text)
                .map_err(|fault| Error::Text { fault, path: source.to_owned() })?;
            Ok(Imported { worlds: vec![world], faults: import::Faults::default() })
        }
        SourceForm::Bundle => {
            let world = chronotope_remember::bundle::open(source)?;
            Ok(Imported { worlds: vec![world], faults: import::Faults::default() })
        }
        SourceForm::Corpus => {
            let mut worlds: Vec<World> =
                chronotope_remember::open_corpus(source)?.collect::<Result<_, _>>()?;
            if let Some(scene) = &settings.scene {
                let found: Vec<String> = worlds.iter().map(|w| w.store().name().to_owned()).collect();
                worlds.retain(|w| w.store().name() == scene);
                if worlds.is_empty() {
                    let expected = format!("one of the Worlds here ({})", found.join(", "));
                    return Err(import::Error::Setting {
                        setting: "--scene",
                        expected,
                        found: scene.clone(),
                    }
                    .into());
                }
            }
            Ok(Imported { worlds, faults: import::Faults::default() })
        }
    }
}

fn unknown(source: &Path) -> Error {
    let names: Vec<&str> = import::IMPORTERS.iter().map(|i| i.entry().name).collect();
    Error::Unknown { formats: names.join(", "), path: source.to_owned() }
}

/// Names under which videos are kept.
fn is_video(name: &str) -> bool {
    const ENDS: [&str; 14] =
        ["mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "ts", "m2ts", "flv", "wmv", "ogv", "y4m"];
    name.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::Scratch;

    #[test]
    fn a_source_is_known_by_what_it_is() {
        let scratch = Scratch::new();
        scratch.file("b.world/world.json", b"{}");
        let form = |path: PathBuf| form_of(&path).map_err(|e| e.to_string());
        assert_eq!(form(scratch.path().join("b.world")), Ok(SourceForm::Bundle));
        assert_eq!(form(scratch.path().to_owned()), Ok(SourceForm::Corpus));
        assert_eq!(form(scratch.file("a.world.txt", b"")), Ok(SourceForm::Text));
        assert_eq!(form(scratch.file("a.MP4", b"\0\0\0\x18ftyp")), Ok(SourceForm::Video));
        assert_eq!(
            form(scratch.file("a.csv", b"1,1,0,0,9,9,1,-1,-1,-1\n")),
            Ok(SourceForm::Annotation("mot"))
        );
        for (path, found) in
            [(scratch.file("a.txt", b"hello"), "found none of them"), ("/nowhere".into(), "found nothing")]
        {
            let error = form(path).expect_err("nothing that is known");
            assert!(error.contains(found), "{error}");
        }
    }
}
