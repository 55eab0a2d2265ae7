//! Strategies: how a task is answered, by whom, at what cost. A task has no truth in it.
//!
//! ```text
//! Task (question, options, World, media) ──Strategy──▶ Prediction (text, status, evidence, missing, cost)
//! ```
//!
//! This room uses neither tasks nor score nor a simulator: a strategy cannot see the truth, because nothing that it can
//! name holds it.
//!
//! # Adding a strategy
//!
//! 1. A file in `strategy/` with one public unit struct that implements [`Strategy`], headed by its paper.
//! 2. A line in [`STRATEGIES`].

pub mod asking;
pub mod catalogue;
mod error;
mod prediction;
pub mod strategy;
mod task;

pub use error::Error;
pub use prediction::{Call, Cost, Prediction};
pub use strategy::{Means, Open, STRATEGIES, Strategy, by_name};
pub use task::{Task, Way};
