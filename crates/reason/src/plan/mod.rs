//! Ways to a goal, shortest first: routes over grids and floors, turns, mazes, puzzles, small tasks.
//!
//! Everything here is optimal in the cost that its doc comment names, or says that there is no way.

pub mod blocks;
pub mod floor;
pub mod grid;
pub mod maze;
pub mod movingai;
pub mod route;
pub mod task;
pub mod tiles;
pub mod turns;

use crate::Error;

/// What does not fit.
fn wrong(input: impl Into<String>, expected: impl Into<String>, found: impl std::fmt::Display) -> Error {
    Error::Plan { input: input.into(), expected: expected.into(), found: found.to_string() }
}

/// More of something than is planned over.
fn at_most(what: &str, most: usize, found: usize) -> Result<(), Error> {
    if found > most { Err(wrong(what, format!("at most {most}"), found)) } else { Ok(()) }
}
