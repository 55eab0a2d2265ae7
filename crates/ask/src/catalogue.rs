//! What this room offers: operators of the program language, families of questions.
//!
//! # Adding an item
//!
//! 1. One file on its shelf (`program/ops/`, `question/family/`) with one public type that implements the
//!    shelf's trait, headed by its paper where there is one.
//! 2. One line in the shelf's list, and nothing else: `chronotope list` and the documents read it from there.

use chronotope_world::catalogue::Entry;

/// Everything that this room offers, shelf by shelf.
pub fn entries() -> Vec<Entry> {
    let operators = crate::program::ops::entries();
    let shelves: &[&[Entry]] = &[&operators];
    [shelves.concat(), crate::question::entries()].concat()
}
