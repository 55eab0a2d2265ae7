//! Exact computing on what is where when: distances, directions, sizes, motion. No question, no file, no pixel.
//!
//! Functions take plain numbers and shapes of `chronotope_world` and give numbers with stated units and reference frames;
//! `chronotope_ask` wraps them into operators.

pub mod chain;
pub mod metric;
pub mod motion;
pub mod visibility;
