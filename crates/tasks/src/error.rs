//! What keeps items from being read.

use std::path::{Path, PathBuf};

/// Why a benchmark was not loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder or file as a whole is not what was expected.
    #[error("expected {expected}, found {found}: {path}")]
    Input {
        /// What would have been right.
        expected: String,
        /// What is there instead.
        found: String,
        /// The path as given.
        path: PathBuf,
    },
    /// A line that is no item. Items are never left out silently: a score over some of them would be another score.
    #[error("line {line}: expected {expected}, found {found}: {path}")]
    Line {
        /// From 1, in the text after decompression.
        line: usize,
        /// What would have been right.
        expected: String,
        /// What is there instead.
        found: String,
        /// The file.
        path: PathBuf,
    },
    /// The scenes cannot be read.
    #[error(transparent)]
    Import(#[from] chronotope_formats::import::Error),
    /// A map or its queries cannot be read.
    #[error("{fault}: {path}")]
    Map {
        /// What is wrong.
        #[source]
        fault: chronotope_reason::Error,
        /// The file.
        path: PathBuf,
    },
    /// A folder that holds items of another order, or that were made another way.
    #[error("expected an empty folder or a part of {wanted}, found {found}: {path}")]
    OtherOrder {
        /// What was to be made.
        wanted: String,
        /// What is there.
        found: String,
        /// The folder.
        path: PathBuf,
    },
    /// A file that cannot be written or read.
    #[error("{fault}: {path}")]
    Write {
        /// What the system says.
        #[source]
        fault: std::io::Error,
        /// The file.
        path: PathBuf,
    },
    /// A bundle that cannot be written.
    #[error("{fault}: {path}")]
    Bundle {
        /// What is wrong.
        #[source]
        fault: chronotope_remember::Error,
        /// The bundle.
        path: PathBuf,
    },
    /// The scene of an item does not make a World.
    #[error("{fault}: {path}")]
    World {
        /// What is wrong.
        #[source]
        fault: chronotope_world::Error,
        /// The file.
        path: PathBuf,
    },
}

impl Error {
    pub(crate) fn write(path: &Path, fault: std::io::Error) -> Error {
        Error::Write { fault, path: path.to_owned() }
    }

    pub(crate) fn input(path: &Path, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error::Input { expected: expected.into(), found: found.into(), path: path.to_owned() }
    }
}
