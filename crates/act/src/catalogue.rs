//! What this room offers: strategies.

use chronotope_world::catalogue::Entry;

/// Everything that this room offers, shelf by shelf.
pub fn entries() -> Vec<Entry> {
    crate::strategy::entries()
}
