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
pub mod rcc5;
pub mod rcc8;
pub mod rectangle;
pub mod tpcc;

pub use algebra::{Algebra, Tractable};
pub use rect::Rect;
pub use relations::Relations;

/// A qualitative calculus: what its relations are called and, where it has one, its algebra.
pub trait Calculus: Sync {
    /// How it is listed.
    fn entry(&self) -> Entry;

    /// Its relation algebra; none for calculi of three things and for those that are only read off geometry.
    fn algebra(&self) -> Option<&'static Algebra>;

    /// The names of its relations.
    fn names(&self) -> Vec<String> {
        self.algebra().map(|algebra| algebra.names().to_vec()).unwrap_or_default()
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
    &point::Point,
    &qtc::QtcB,
    &qtc::QtcC,
    &rcc5::Rcc5,
    &rcc8::Rcc8,
    &rectangle::Rectangle,
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
