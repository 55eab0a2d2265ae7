//! Pixels and records become a World.

pub mod camera;
pub mod catalogue;
pub mod detect;
mod error;
pub mod video;

pub use error::Error;
pub mod track;
