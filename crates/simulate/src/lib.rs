//! Seeded scenes, puzzles and pictures, with their exact truth.
//!
//! ```text
//! Stream (seed) ──scene, puzzle──▶ what is where when ──render, canvas──▶ pictures with annotation
//! ```
//!
//! Every function is pure: the seed is an argument, and the same seed gives the same bytes on every machine and at any number of
//! threads (portable sines, integer or fixed-order rasters). Never asks or answers a question; `tasks` does.

pub mod bundle;
pub mod canvas;
mod error;
pub mod path;
pub mod puzzle;
pub mod random;
pub mod render;
pub mod scene;

pub use error::Error;
pub use random::Stream;
