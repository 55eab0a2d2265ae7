//! Exact computing on what is where when: distances, directions, sizes, motion, qualitative relations and what follows from them.
//! No question, no file, no pixel.
//!
//! Functions take plain numbers and shapes of `chronotope_world` and give numbers with stated units and reference frames;
//! `chronotope_ask` wraps them into operators.

mod error;

pub mod calculus;
pub mod catalogue;
pub mod chain;
pub mod constraint;
pub mod hierarchy;
pub mod metric;
pub mod motion;
pub mod plan;
pub mod uncertain;
pub mod visibility;

#[cfg(test)]
mod scratch;

pub use error::{Error, Result};
