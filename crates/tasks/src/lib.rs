//! Items: a question about a scene, with its truth. The field's benchmark files are read here as they were released.
//!
//! ```text
//! DATA ──Benchmark──▶ Loaded { items (question, options, truth), scenes (World, story, map, media) }
//! ```
//!
//! Never answers a question, and never scores one: an item names its metric, and `evaluate` joins the two.
//!
//! # Adding a benchmark
//!
//! 1. A file in `benchmark/` with one public unit struct that implements [`Benchmark`], headed by its paper and format.
//! 2. A line in [`BENCHMARKS`].

pub mod benchmark;
pub mod catalogue;
mod error;
mod item;
mod lines;

pub use benchmark::{BENCHMARKS, Benchmark, Loaded, by_name};
pub use chronotope_reason::uncertain::Draw;
pub use error::Error;
pub use item::{Item, Scene, Truth};
