//! Qualitative calculi: relations with names, what follows from two of them, and reading them off geometry.
//!
//! ```text
//! definition (points on a line, forks, sectors) ──generated──▶ Algebra ──▶ constraint/ (closure, search, explanation)
//! boxes and points ──of()──▶ base relation ──over_time──▶ maximal intervals
//! ```
//!
//! No table is written down: each is made from its definition and checked in the tests against published tables.
//!
//! # Adding a calculus
//! 1. One file with one public unit type that implements [`Calculus`], headed by its paper.
//! 2. One line in [`CALCULI`].

use crate::catalogue::Entry;

mod algebra;
mod rect;
mod relations;
mod tpcc_cells;
mod wide;

pub mod allen;
pub mod branching;
pub mod cardinal;
pub mod compass;
pub mod continuity;
pub mod gqr;
pub mod interval_join;
pub mod near;
pub mod opra;
pub mod over_time;
pub mod point;
pub mod qtc;
pub mod qtc_line;
pub mod rcc23;
pub mod rcc5;
pub mod rcc8;
pub mod rectangle;
pub mod star;
pub mod tpcc;

pub use algebra::{Algebra, Tractable};
pub use rect::Rect;
pub use relations::Relations;
pub use wide::{TURNS, Wide, WideSet};

/// A qualitative calculus: what its relations are called and, where it has one, its algebra.
pub trait Calculus: Sync {
    /// How it is listed.
    fn entry(&self) -> Entry;

    /// Its relation algebra; none for calculi that [`Calculus::wide`] gives and for those that are only read off geometry.
    fn algebra(&self) -> Option<&'static Algebra> {
        None
    }

    /// Its tables where it is no relation algebra of at most 32 relations: of three things, without identity, or larger.
    fn wide(&self) -> Option<&'static Wide> {
        None
    }

    /// The names of its relations.
    fn names(&self) -> Vec<String> {
        let wide = || self.wide().map(|wide| wide.names().to_vec());
        self.algebra().map(|algebra| algebra.names().to_vec()).or_else(wide).unwrap_or_default()
    }
}

/// All calculi, alphabetical.
pub const CALCULI: &[&dyn Calculus] = &[
    &allen::Allen,
    &branching::Branching,
    &cardinal::Cardinal,
    &compass::Compass,
    &near::Near,
    &opra::Opra1,
    &opra::Opra2,
    &opra::Opra4,
    &point::Point,
    &qtc::QtcB,
    &qtc::QtcC,
    &qtc_line::QtcLine,
    &rcc23::Rcc23,
    &rcc5::Rcc5,
    &rcc8::Rcc8,
    &rectangle::Rectangle,
    &star::Star4,
    &star::Star4Revised,
    &star::Star8,
    &star::Star8Revised,
    &tpcc::Tpcc,
];

/// The calculus of this name.
pub fn calculus(name: &str) -> Option<&'static dyn Calculus> {
    CALCULI.iter().copied().find(|calculus| calculus.entry().name == name)
}

#[cfg(test)]
mod qsrlib_tests;
#[cfg(test)]
mod tests;
