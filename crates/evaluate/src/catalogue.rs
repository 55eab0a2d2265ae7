//! What this room offers: benchmarks that need a tracker to make their scenes, beside those of `tasks`; rewards that need a World,
//! beside those of `score`.

use crate::kitti::KittiCalibration;
use crate::world_check::WorldCheck;
use chronotope_score::reward::{self, Reward};
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

/// The rule that checks claims against the World that each row brings.
static WORLD_CHECK: std::sync::LazyLock<WorldCheck> = std::sync::LazyLock::new(WorldCheck::default);

/// Every reward, of this room and of `score`, alphabetical.
pub fn rewards() -> Vec<&'static dyn Reward> {
    let mut all = reward::rewards().to_vec();
    all.push(&*WORLD_CHECK);
    all.sort_by_key(|rule| rule.entry().name);
    all
}

/// The reward of this name.
pub fn reward_by_name(name: &str) -> Option<&'static dyn Reward> {
    if name == WORLD_CHECK.entry().name { Some(&*WORLD_CHECK) } else { reward::by_name(name) }
}

/// Everything that this room offers.
pub fn entries() -> Vec<Entry> {
    BENCHMARKS.iter().map(|benchmark| benchmark.entry()).chain([WORLD_CHECK.entry()]).collect()
}
