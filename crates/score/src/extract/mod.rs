//! Reading an answer out of what somebody said (METRICS.md, section 1 of the project's notes; sources at each function).

mod first_token;
mod number;

pub use first_token::first_token;
pub use number::{number, number_or_words};
