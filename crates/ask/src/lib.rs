//! A question becomes a program, a program becomes an answer with its evidence and audit.
//!
//! ```text
//! English ──question──▶ program (text) ──check, run──▶ Answer + Audit ──report──▶ one HTML page
//! ```
//!
//! [`engine::ask`] does all of it. Never opens a file, never decodes a picture; computing is left to `chronotope_reason`.

pub mod calendar;
pub mod catalogue;
pub mod engine;
mod error;
pub mod form;
mod numeral;
pub mod program;
pub mod question;
pub mod report;
pub mod story;

pub use engine::{Asked, ask, vocabulary_of};
pub use error::Error;
pub use form::Form;
