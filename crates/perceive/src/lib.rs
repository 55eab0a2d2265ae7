//! Pixels and records become a World.

pub mod camera;
pub mod catalogue;
pub mod detect;
