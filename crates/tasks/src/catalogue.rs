//! What this room offers: benchmarks and tasks.

use crate::generate::TASKS;
use chronotope_world::catalogue::Entry;

/// Everything that this room offers, shelf by shelf.
pub fn entries() -> Vec<Entry> {
    crate::benchmark::entries().into_iter().chain(TASKS.iter().map(|task| task.entry())).collect()
}
