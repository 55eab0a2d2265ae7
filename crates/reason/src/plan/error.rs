//! What is wrong with a map, a puzzle or a task.

use thiserror::Error;

/// What is wrong with the input of a planner. "There is no way" is no error: planners give none.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Error {
    /// A row of a map is not as wide as the first.
    #[error("row {row} of the map: expected {expected} cells, found {found}")]
    Row {
        /// Counted from 0.
        row: usize,
        /// Cells of the first row.
        expected: usize,
        /// Cells of this row.
        found: usize,
    },
    /// More cells, pieces or states than are planned over.
    #[error("{what}: expected at most {most}, found {found}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        most: usize,
        /// What was given.
        found: usize,
    },
    /// Something else that makes no sense.
    #[error("{input}: expected {expected}, found {found}")]
    Input {
        /// Which input.
        input: String,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
}

impl Error {
    pub(crate) fn input(
        input: impl Into<String>,
        expected: &'static str,
        found: impl std::fmt::Display,
    ) -> Error {
        Error::Input { input: input.into(), expected, found: found.to_string() }
    }
}
