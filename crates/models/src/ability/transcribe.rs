//! A model that writes down what is said.

use crate::Error;
use chronotope_world::Span;

/// A transcriber.
pub trait Transcribe: Send + Sync {
    /// What is said in a sound file (WAV, MP3, FLAC, M4A …); its `name` tells the server the format.
    ///
    /// # Errors
    /// See [`Error`].
    fn transcribe(&self, name: &str, bytes: &[u8], language: Option<&str>) -> Result<Transcript, Error>;
}

/// What was said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    /// All of it.
    pub text: String,
    /// The language, as the server names it; none where it does not.
    pub language: Option<String>,
    /// Pieces with times from the start of the file; empty where the server gives none.
    pub pieces: Vec<Spoken>,
}

/// One piece of speech.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// When, from the start of the file.
    pub span: Span,
    /// What.
    pub text: String,
}
