//! Pixels become a World.

pub mod camera;
pub mod catalogue;
pub mod detect;
mod error;
pub mod pipeline;
pub mod track;
pub mod video;

pub use error::Error;
