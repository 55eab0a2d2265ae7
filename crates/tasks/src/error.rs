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
    pub(crate) fn input(path: &Path, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error::Input { expected: expected.into(), found: found.into(), path: path.to_owned() }
    }
}
