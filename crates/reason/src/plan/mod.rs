//! Ways to a goal, shortest first: routes over grids and floors, turns, mazes, puzzles, small tasks.
//!
//! Everything here is optimal in the cost that its doc comment names, or says that there is no way.

pub mod error;
pub mod floor;
pub mod grid;
pub mod movingai;
pub mod route;
pub mod turns;

pub use error::Error;
