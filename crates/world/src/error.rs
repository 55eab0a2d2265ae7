//! What can be wrong with a World.

use std::path::PathBuf;

/// Errors of the room `world` and of stores that implement [`crate::world::Store`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A text that does not parse.
    #[error("line {line}, column {column}: expected {expected}, found {found}")]
    Text {
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What was expected.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A row that names a row which does not exist, or breaks an invariant of its table.
    #[error("table {table}, row {row}: {fault}")]
    Row {
        /// The table.
        table: &'static str,
        /// Position of the row.
        row: u64,
        /// Expected and found, in words.
        fault: String,
    },
    /// A mask that does not parse.
    #[error("mask: {0}")]
    Mask(String),
    /// Samples could not be read back from where they are stored.
    #[error("table {table}: {fault}: {path}")]
    Storage {
        /// The table.
        table: &'static str,
        /// What is wrong.
        fault: String,
        /// Where.
        path: PathBuf,
    },
}
