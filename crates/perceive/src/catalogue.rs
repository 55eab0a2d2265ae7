//! What this room offers: detectors, trackers.
//!
//! # Adding an item
//!
//! 1. One file on its shelf (`detect/`, `track/`) with one public type that implements the
//!    shelf's trait, headed by its paper or format.
//! 2. One line in the shelf's list, and nothing else: `chronotope list` and the documents read it from there.

use chronotope_world::catalogue::Entry;

/// Everything that this room offers, shelf by shelf.
pub fn entries() -> Vec<Entry> {
    let shelves: &[Vec<Entry>] = &[crate::detect::catalogue::entries(), crate::track::catalogue::entries()];
    shelves.concat()
}
