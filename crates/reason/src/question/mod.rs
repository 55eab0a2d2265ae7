//! English questions become programs.

pub mod lexicon;
