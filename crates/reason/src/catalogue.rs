//! What this room offers: qualitative calculi.
//!
//! # Adding an item
//! One file in `calculus/` with one public type that implements [`Calculus`](crate::calculus::Calculus), and one line in its list.

pub use chronotope_world::catalogue::Entry;

/// Everything that this room offers.
pub fn entries() -> Vec<Entry> {
    crate::calculus::CALCULI.iter().map(|calculus| calculus.entry()).collect()
}
