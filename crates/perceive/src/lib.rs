//! Pixels and records become a World.
