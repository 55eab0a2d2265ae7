//! Programs: a small total language over Worlds, checked, run with an audit, and replayed. See `docs/language.md`.
//!
//! ```text
//!  text ──parse──▶ Program ──check──▶ Checked ──run──▶ Answered { answer, program, audit }
//!  JSON ──json───▶    │                                    │
//!                  print                              answer_json ──▶ file ──replay──▶ same value, same digests
//! ```
//!
//! Nothing here opens a file, looks at a clock or guesses: what a World does not tell is `unknown` with what is missing.

pub mod answer;
pub mod audit;
mod boxes;
pub mod check;
pub mod cover;
mod doubt;
mod error;
pub mod evidence;
pub mod frame;
pub mod json;
pub mod operator;
pub mod ops;
pub mod parse;
mod paths;
pub mod print;
pub mod replay;
pub mod run;
pub mod syntax;
pub mod types;
mod unseen;
pub mod value;

pub use answer::{Answered, answer, answer_json, evidence_json, run_program};
pub use audit::{ENGINE, Step};
pub use check::{Checked, check};
pub use error::Error;
pub use operator::{Cost, Operator};
pub use parse::parse;
pub use print::{print, print_expr};
pub use replay::{ReplayReport, compare, program_of, replay};
pub use syntax::Program;
