//! What this room offers: metrics and rewards.

use chronotope_world::catalogue::Entry;

/// Everything that this room offers, shelf by shelf.
pub fn entries() -> Vec<Entry> {
    [crate::metric::entries(), crate::reward::entries()].concat()
}
