//! What this room offers: benchmarks that need a tracker to make their scenes, beside those of `tasks`.

use crate::kitti::KittiCalibration;
use chronotope_tasks::Benchmark;
use chronotope_world::catalogue::Entry;

/// The benchmarks of this room, alphabetical.
pub const BENCHMARKS: &[&dyn Benchmark] = &[&KittiCalibration];

/// Every benchmark, of this room and of `tasks`, alphabetical.
pub fn benchmarks() -> Vec<&'static dyn Benchmark> {
    let mut all: Vec<&'static dyn Benchmark> =
        chronotope_tasks::BENCHMARKS.iter().chain(BENCHMARKS).copied().collect();
    all.sort_by_key(|benchmark| benchmark.entry().name);
    all
}

/// Everything that this room offers.
pub fn entries() -> Vec<Entry> {
    BENCHMARKS.iter().map(|benchmark| benchmark.entry()).collect()
}
