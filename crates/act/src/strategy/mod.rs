//! Strategies, one file each.

mod blind;
mod cognitive_map;
mod direct;
mod exact;
mod ig_vlm;
mod look;
mod world_text;
mod written;

pub use blind::Blind;
pub use cognitive_map::CognitiveMap;
pub use direct::Direct;
pub use exact::Exact;
pub use ig_vlm::IgVlm;
pub use world_text::WorldText;
pub use written::Written;

use crate::error::Error;
use crate::prediction::Prediction;
use crate::task::Task;
use chronotope_models::Chat;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Pictures, Span};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A way to answer tasks.
pub trait Strategy: Sync {
    /// Its name, what it does, its paper and an example; the kind is `strategies`.
    fn entry(&self) -> Entry;

    /// Whether it needs [`Means::chat`].
    fn asks_a_model(&self) -> bool {
        false
    }

    /// Answers a task.
    ///
    /// # Errors
    /// Where a store or a service fails. A task that cannot be answered is a prediction without text.
    fn answer(&self, task: &Task<'_>, means: &Means) -> Result<Prediction, Error>;
}

/// Opens a video or a picture: its pictures, as those of source 0, and from when to when they are.
pub type Open = dyn Fn(&Path) -> Result<(Box<dyn Pictures>, Span), String> + Send + Sync;

/// What a strategy may use beside the task: a model, pictures, budgets.
#[derive(Clone)]
#[non_exhaustive]
pub struct Means {
    /// Seed of whatever is drawn.
    pub seed: u64,
    /// The model.
    pub chat: Option<Arc<dyn Chat>>,
    /// Opens the task's videos and pictures.
    pub open: Option<Arc<Open>>,
    /// Who decodes and resizes, with version and filter, for the run card.
    pub decoder: Option<String>,
    /// Pictures that are shown at once.
    pub n_pictures: u32,
    /// Their longest side.
    pub longest_px: u32,
    /// Longest reply, in tokens.
    pub max_tokens: u32,
}

impl Default for Means {
    fn default() -> Means {
        Means {
            seed: 0,
            chat: None,
            open: None,
            decoder: None,
            n_pictures: 16,
            longest_px: 768,
            max_tokens: 1_024,
        }
    }
}

impl fmt::Debug for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Means")
            .field("seed", &self.seed)
            .field("chat", &self.chat.as_ref().map(|chat| chat.address()))
            .field("open", &self.open.is_some())
            .field("decoder", &self.decoder)
            .field("n_pictures", &self.n_pictures)
            .field("longest_px", &self.longest_px)
            .field("max_tokens", &self.max_tokens)
            .finish()
    }
}

/// Every strategy, alphabetical.
pub const STRATEGIES: &[&dyn Strategy] =
    &[&Blind, &CognitiveMap, &Direct, &Exact, &IgVlm, &WorldText, &Written];

/// The strategy of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Strategy> {
    STRATEGIES.iter().copied().find(|strategy| strategy.entry().name == name)
}

/// What the strategies say of themselves.
pub(crate) fn entries() -> Vec<Entry> {
    STRATEGIES.iter().map(|strategy| strategy.entry()).collect()
}
