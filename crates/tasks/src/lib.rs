//! Items: a question about a scene, with its truth. The field's benchmark files are read here as they were released, and new items are made.
//!
//! ```text
//! DATA ──Benchmark──▶ Loaded { items (question, options, truth), scenes (World, story, map, media) }
//! World (generated or the user's) ──Task──▶ Draft ──make──▶ items.jsonl
//! ```
//!
//! Never answers a question itself, and never scores one: an answer is a program run by the engine, an item names its metric, and
//! `evaluate` joins the two.
//!
//! # Adding a benchmark
//!
//! 1. A file in `benchmark/` with one public unit struct that implements [`Benchmark`], headed by its paper and format.
//! 2. A line in [`BENCHMARKS`].

pub mod benchmark;
pub mod catalogue;
mod error;
pub mod form;
pub mod gallery;
pub mod generate;
mod item;
mod lines;
pub mod make;

pub use benchmark::{BENCHMARKS, Benchmark, Loaded, by_name};
pub use chronotope_reason::uncertain::Draw;
pub use error::Error;
pub use generate::{TASKS, Task, task_by_name};
pub use item::{Item, Scene, Truth};
