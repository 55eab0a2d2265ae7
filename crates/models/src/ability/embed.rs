//! A model that gives texts places in a space where likeness is nearness.

use crate::Error;

/// An embedding model.
pub trait Embed: Send + Sync {
    /// One vector per text, in their order, all of one length.
    ///
    /// # Errors
    /// See [`Error`]; also where the server gives another number of vectors, or vectors of several lengths.
    fn embed(&self, texts: &[&str]) -> Result<Embeddings, Error>;
}

/// Vectors, and what they cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Embeddings {
    /// One per text; finite numbers.
    pub vectors: Vec<Vec<f32>>,
    /// Tokens read.
    pub tokens_in: u64,
}
