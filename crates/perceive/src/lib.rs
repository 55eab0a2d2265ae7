//! Pixels and records become a World.

pub mod detect;
