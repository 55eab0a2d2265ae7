//! A fixed number of pictures, evenly spread.
//!
//! Source: the baseline of video benchmarks (lmms-eval, VLMEvalKit): `linspace(0, N − 1, n)`.

use super::{Sampler, Timeline, spread};
use crate::Error;

/// `n` pictures evenly spread over the pictures (not over time, which differs at a variable rate), the first and the
/// last among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uniform {
    /// How many; all where there are fewer.
    pub n: u32,
}

impl Sampler for Uniform {
    fn name(&self) -> &'static str {
        "uniform"
    }

    fn about(&self) -> &'static str {
        "a fixed number of pictures, evenly spread from the first to the last"
    }

    fn choose(&self, timeline: &Timeline<'_>) -> Result<Vec<u32>, Error> {
        Ok(spread(timeline.range(), self.n))
    }
}
