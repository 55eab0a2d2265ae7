//! Strategies, one file each.

mod exact;

pub use exact::Exact;

use crate::error::Error;
use crate::prediction::Prediction;
use crate::task::Task;
use chronotope_world::catalogue::Entry;

/// A way to answer tasks.
pub trait Strategy: Sync {
    /// Its name, what it does, its paper and an example; the kind is `strategies`.
    fn entry(&self) -> Entry;

    /// Answers a task.
    ///
    /// # Errors
    /// Where a store or a service fails. A task that cannot be answered is a prediction without text.
    fn answer(&self, task: &Task<'_>, means: &Means) -> Result<Prediction, Error>;
}

/// What a strategy may use beside the task: models, tools and budgets come here as they are built.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Means {
    /// Seed of whatever is drawn.
    pub seed: u64,
}

/// Every strategy, alphabetical.
pub const STRATEGIES: &[&dyn Strategy] = &[&Exact];

/// The strategy of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Strategy> {
    STRATEGIES.iter().copied().find(|strategy| strategy.entry().name == name)
}

/// What the strategies say of themselves.
pub(crate) fn entries() -> Vec<Entry> {
    STRATEGIES.iter().map(|strategy| strategy.entry()).collect()
}
