//! What makes an evaluation break off.

use std::path::{Path, PathBuf};

/// Why a run ended without a score. An item that is not answered is none of these: it scores 0.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A strategy broke off.
    #[error(transparent)]
    Act(#[from] chronotope_act::Error),
    /// A truth does not fit the metric.
    #[error(transparent)]
    Score(#[from] chronotope_score::Error),
    /// A truth in a file that does not fit the metric.
    #[error("line {line}: {fault}: {}", .path.display())]
    Truth {
        /// The file.
        path: PathBuf,
        /// The line from 1, or the place in a JSON list.
        line: u64,
        /// Why.
        #[source]
        fault: chronotope_score::Error,
    },
    /// A World cannot be read.
    #[error(transparent)]
    World(#[from] chronotope_world::Error),
    /// Items cannot be made or read.
    #[error(transparent)]
    Tasks(#[from] chronotope_tasks::Error),
    /// Something was asked for that there is not.
    #[error("--{option}: expected {expected}, found `{found}`")]
    Option {
        /// The option.
        option: &'static str,
        /// What there is.
        expected: String,
        /// What was asked for.
        found: String,
    },
    /// A benchmark names a metric that there is not.
    #[error("benchmark `{benchmark}`: expected a metric, found `{metric}`")]
    Metric {
        /// The benchmark's name.
        benchmark: String,
        /// What it names.
        metric: String,
    },
    /// A file of the run cannot be read or written.
    #[error("cannot {what} {path}: {fault}")]
    File {
        /// `read` or `write`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        fault: std::io::Error,
    },
    /// The folder holds another run: other items, strategy or settings.
    #[error("expected the run of {wanted}, found one of {found}: {path}")]
    OtherRun {
        /// This run.
        wanted: String,
        /// The run whose card is there.
        found: String,
        /// The folder.
        path: PathBuf,
    },
    /// A row of a file to score that makes no sense.
    #[error("{}: expected {expected}, found {found}: {}", place(*.line), .path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The line from 1, or the place in a JSON list; 0 for the file as a whole.
        line: u64,
        /// What would have been right.
        expected: String,
        /// What is there.
        found: String,
    },
    /// An entry of a list in a file to score that makes no sense.
    #[error("{entry}: expected {expected}, found {found}: {}", .path.display())]
    Entry {
        /// The file.
        path: PathBuf,
        /// What it is, its number in the list and its line, each from 1: `annotation 3, line 5`.
        entry: String,
        /// What would have been right.
        expected: String,
        /// What is there.
        found: String,
    },
    /// An id that stands twice in a file.
    #[error("lines {first} and {second}: expected each id once, found `{id}` twice: {}", .path.display())]
    Twice {
        /// The file.
        path: PathBuf,
        /// The id.
        id: String,
        /// Where it stands first.
        first: u64,
        /// Where it stands again.
        second: u64,
    },
    /// Predictions for items that the truth does not have.
    #[error("expected predictions of items of the truth, found {n} of others ({first}): {}", .path.display())]
    UnknownIds {
        /// The file.
        path: PathBuf,
        /// How many.
        n: u64,
        /// The first of them, with their lines.
        first: String,
    },
    /// A source of tracks or paths that cannot be opened.
    #[error(transparent)]
    Open(#[from] chronotope_formats::open::Error),
    /// A source that cannot be said as tracks or as a path.
    #[error("{fault}: {}", .path.display())]
    Export {
        /// The source.
        path: PathBuf,
        /// Why.
        #[source]
        fault: chronotope_formats::export::Error,
    },
    /// Noise that makes no sense.
    #[error("noise: expected {expected}, found `{found}`")]
    Noise {
        /// What would have been right.
        expected: &'static str,
        /// What was given.
        found: String,
    },
}

fn place(line: u64) -> String {
    if line == 0 { "the file".to_owned() } else { format!("line {line}") }
}

impl Error {
    pub(crate) fn row(
        path: &Path,
        line: u64,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Error {
        Error::Row { path: path.to_owned(), line, expected: expected.into(), found: found.into() }
    }

    pub(crate) fn read(path: &Path, fault: std::io::Error) -> Error {
        Error::File { what: "read", path: path.to_owned(), fault }
    }

    pub(crate) fn write(path: &Path, fault: std::io::Error) -> Error {
        Error::File { what: "write", path: path.to_owned(), fault }
    }
}
