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
    /// A World cannot be read.
    #[error(transparent)]
    World(#[from] chronotope_world::Error),
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
    /// Noise that makes no sense.
    #[error("noise: expected {expected}, found `{found}`")]
    Noise {
        /// What would have been right.
        expected: &'static str,
        /// What was given.
        found: String,
    },
}

impl Error {
    pub(crate) fn read(path: &Path, fault: std::io::Error) -> Error {
        Error::File { what: "read", path: path.to_owned(), fault }
    }

    pub(crate) fn write(path: &Path, fault: std::io::Error) -> Error {
        Error::File { what: "write", path: path.to_owned(), fault }
    }
}
