use std::path::PathBuf;

/// Errors of the room `remember`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("cannot {what}: {source}: {path}")]
    Io {
        /// What was tried, in words.
        what: &'static str,
        /// The system's reason.
        source: std::io::Error,
        /// On which file.
        path: PathBuf,
    },
    /// The manifest is missing or does not say what a manifest says.
    #[error("manifest: {fault}: {path}")]
    Manifest {
        /// Expected and found, in words.
        fault: String,
        /// The manifest.
        path: PathBuf,
    },
    /// The bundle was written by a newer major version of the format.
    #[error(
        "manifest: expected format version {supported} or older, found {found}; a newer chronotope reads it: {path}"
    )]
    Newer {
        /// As the manifest says.
        found: String,
        /// What this version reads.
        supported: String,
        /// The manifest.
        path: PathBuf,
    },
    /// A part is missing, damaged, or does not hold what its table holds.
    #[error("table {table}: {fault}: {path}")]
    Part {
        /// The table.
        table: String,
        /// Expected and found, in words.
        fault: String,
        /// The part.
        path: PathBuf,
    },
    /// Another process writes.
    #[error("another process is writing to this bundle; wait until it is done: {path}")]
    Locked {
        /// The bundle.
        path: PathBuf,
    },
    /// A new bundle was asked for where there is one.
    #[error("expected no bundle there yet, found one; remove it or choose another name: {path}")]
    Exists {
        /// The bundle.
        path: PathBuf,
    },
    /// Something else is where a new bundle or corpus is to be.
    #[error("expected nothing there yet, found a file or folder; remove it or choose another name: {path}")]
    Occupied {
        /// What is there.
        path: PathBuf,
    },
    /// A revision that names something which does not exist, or changes nothing.
    #[error("cannot revise: {fault}: {path}")]
    Revision {
        /// Expected and found, in words.
        fault: String,
        /// The bundle.
        path: PathBuf,
    },
    /// A row breaks an invariant of its table.
    #[error(transparent)]
    World(#[from] chronotope_world::Error),
}

/// Short form of a result of this room.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// For `map_err`: the system refused to do `what` on `path`.
    pub(crate) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { what, source, path }
    }

    /// The same error as the World's readers see it.
    pub(crate) fn into_storage(self, table: &'static str) -> chronotope_world::Error {
        match self {
            Error::World(error) => error,
            Error::Part { fault, path, .. } | Error::Manifest { fault, path } => {
                chronotope_world::Error::Storage { table, fault, path }
            }
            Error::Io { what, source, path } => {
                chronotope_world::Error::Storage { table, fault: format!("cannot {what}: {source}"), path }
            }
            other => {
                chronotope_world::Error::Storage { table, fault: other.to_string(), path: PathBuf::new() }
            }
        }
    }
}
