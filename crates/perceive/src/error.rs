//! What can be wrong with what this room is given.

use thiserror::Error;

/// Input that could not be read, or output that could not be written.
///
/// Every text names what was expected, what was found, and last the file or address.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A video that cannot be opened: missing, empty, truncated before its first picture, sound only, something else.
    #[error("expected {expected}, found {found}: {input}")]
    Open {
        /// What would have been right.
        expected: &'static str,
        /// What is there instead.
        found: String,
        /// The path or address as given.
        input: String,
    },
    /// A picture that cannot be given.
    #[error("picture {frame_index}: expected {expected}, found {found}: {input}")]
    Picture {
        /// Number of the picture in presentation order, from 0.
        frame_index: u32,
        /// What would have been right.
        expected: &'static str,
        /// What is there instead.
        found: String,
        /// The path or address as given.
        input: String,
    },
    /// A live source that broke off or fell silent.
    #[error("after {n_pictures} pictures: expected more within {waited_s} s, found {found}: {input}")]
    Broken {
        /// Pictures that came before.
        n_pictures: u32,
        /// How long was waited, in seconds.
        waited_s: f64,
        /// What came instead.
        found: String,
        /// The path or address as given.
        input: String,
    },
    /// The caller stopped it before its first picture.
    #[error("stopped while it was copied: {input}")]
    Stopped {
        /// The path or address as given.
        input: String,
    },
    /// A setting outside its range.
    #[error("{setting}: expected {expected}, found {found}")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// Its range.
        expected: String,
        /// What was given.
        found: String,
    },
    /// A file that cannot be written.
    #[error("cannot write {what}: {found}: {output}")]
    Write {
        /// What was to be written.
        what: &'static str,
        /// Why it cannot.
        found: String,
        /// The path as given.
        output: String,
    },
}

impl Error {
    /// An outside service failed (a stream that broke off), not the input.
    pub fn is_service(&self) -> bool {
        matches!(self, Error::Broken { .. })
    }
}
