//! What makes an import fail as a whole. Rows that are broken by themselves are [`super::Faults`].

use std::path::{Path, PathBuf};

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input as a whole is not what was expected: missing, empty, a folder, another format.
    #[error("expected {expected}, found {found}: {path}")]
    Input {
        /// What would have been right.
        expected: String,
        /// What is there instead.
        found: String,
        /// The path as given.
        path: PathBuf,
    },
    /// The input breaks off or turns to nonsense in a place from which nothing can be saved.
    #[error("line {line}: expected {expected}, found {found}: {path}")]
    Line {
        /// From 1, in the text after decompression.
        line: u64,
        /// What would have been right.
        expected: String,
        /// What is there instead.
        found: String,
        /// The path as given.
        path: PathBuf,
    },
    /// A setting that makes no sense with this input.
    #[error("{setting}: expected {expected}, found {found}")]
    Setting {
        /// Name of the setting as the user types it.
        setting: &'static str,
        /// What would have been right.
        expected: String,
        /// What was given.
        found: String,
    },
    /// Rows that do not make a World together.
    #[error("{fault}: {path}")]
    World {
        /// What is wrong with them.
        #[source]
        fault: chronotope_world::Error,
        /// The path as given.
        path: PathBuf,
    },
}

impl Error {
    /// The input as a whole is something else.
    pub(crate) fn input(path: &Path, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error::Input { expected: expected.into(), found: found.into(), path: path.to_owned() }
    }

    /// The system cannot read a file.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Error {
        let found = match error.kind() {
            std::io::ErrorKind::NotFound => "nothing".to_owned(),
            std::io::ErrorKind::PermissionDenied => "a file that may not be read".to_owned(),
            _ => error.to_string(),
        };
        Error::input(path, "a readable file", found)
    }
}
