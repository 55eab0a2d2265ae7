//! Reading an answer out of what somebody said (METRICS.md, section 1 of the project's notes; sources at each function).

mod bracketed;
mod first_token;
mod interval;
mod number;
mod option;

pub use bracketed::{bracketed, last_whole_numbers};
pub use first_token::first_token;
pub use interval::interval;
pub(crate) use number::decimals;
pub use number::{number, number_or_words};
pub use option::option;
