//! What a tool gives back.

use serde_json::Value as Json;

/// A tool's result: one JSON object for programs, a few words for models, pictures where there are any.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The whole result, always an object.
    pub json: Json,
    /// The same in a few lines.
    pub text: String,
    /// Pictures.
    pub images: Vec<Image>,
}

/// An encoded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// `image/jpeg` or `image/png`.
    pub mime: &'static str,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// An object with its words.
    pub fn new(json: Json, text: impl Into<String>) -> Reply {
        Reply { json, text: text.into(), images: Vec::new() }
    }
}
