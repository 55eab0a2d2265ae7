//! A World and a program become an answer with its audit.

pub mod ask;
pub mod catalogue;
mod error;
pub mod metric;
pub mod motion;
pub mod program;
pub mod question;
pub mod report;

pub use error::Error;
