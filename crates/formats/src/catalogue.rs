//! What this room offers: importers and exporters.
//!
//! # Adding an item
//!
//! 1. One file on its shelf (`import/`, `export/`) with one public type that implements the shelf's trait, headed by its
//!    format and where that is written down.
//! 2. One line in the shelf's list, and nothing else: `chronotope list` and the documents read it from there.

use chronotope_world::catalogue::Entry;

/// Everything that this room offers, shelf by shelf.
pub fn entries() -> Vec<Entry> {
    [crate::import::entries(), crate::export::entries()].concat()
}
