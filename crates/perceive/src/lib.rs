//! Pixels and records become a World.

pub mod camera;
pub mod catalogue;
pub mod detect;
mod error;
pub mod export;
pub mod import;
pub mod open;
pub mod pipeline;
pub mod track;
pub mod video;

pub use error::Error;
