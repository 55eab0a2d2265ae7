//! A question becomes a program, a program becomes an answer with its evidence and audit.
//!
//! ```text
//! English ──question──▶ program (text) ──check, run──▶ Answer + Audit ──report──▶ one HTML page
//! ```
//!
//! [`engine::ask`] does all of it. Never opens a file, never decodes a picture; computing is left to `chronotope_reason`.

mod carrier;
pub mod catalogue;
pub mod claim;
pub mod engine;
pub mod form;
mod numbers;
pub mod question;
pub mod replay;
pub mod report;
mod words;

pub use chronotope_program::{self as program, Error};
pub use chronotope_story::{self as story, calendar};
pub use engine::{Asked, ask, vocabulary_of};
pub use form::Form;
pub use replay::{asked_json, replay, story_json, story_settings_of};
pub use words::in_words;
