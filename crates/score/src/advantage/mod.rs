//! From rewards to updates: advantages, divergences, clipped objectives, averages over tokens, as pure functions.
//!
//! ```text
//! rewards of a group ──grpo, rloo …──▶ A ──clip(ρ, A)──▶ surrogate of each token ──average──▶ loss
//! ```
//!
//! All of it is arithmetic on slices: no tensors, no state but what is handed in. [`ADVANTAGES`] are those that need rewards alone, which
//! the command `chronotope reward RULE --advantage NAME` applies.

mod average;
mod batch;
mod clip;
mod dapo;
mod dgrpo;
mod dpo;
mod ema;
mod gae;
mod group;
mod kl;
mod masked;
mod pearl;
mod tw;
mod vppo;

pub use average::{Averaging, averaged};
pub use batch::{ADVANTAGES, Method, Rollout, advantages, method};
pub use clip::{
    Clip, capped_surrogate, cispo_weight, clipped_surrogate, dual_clipped_surrogate, gspo_ratio,
    luspo_weight, sapo_weight, token_ratio,
};
pub use dapo::{is_informative, keeps_tokens};
pub use dgrpo::{dgrpo_scale, dgrpo_weight};
pub use dpo::{dpo_loss, gtr_log_likelihood, logits_shift, should_stop};
pub use ema::{Moments, ema_grpo};
pub use gae::{discounted_returns, gae, reinforce_plus_plus, whitened};
pub use group::{Scale, group_advantage, leave_one_out, remax};
pub use kl::{Divergence, kl};
pub use masked::masked_advantage;
pub use pearl::{Pearl, pearl};
pub use tw::token_weights;
pub use vppo::{kept_tokens, perception_scale, token_dependency};

/// Why an advantage cannot be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// One rollout has no others to be compared with.
    #[error(
        "expected at least 2 rollouts in group `{group}`, found {found}; a lone rollout is its own advantage only if asked"
    )]
    Lone {
        /// The group's name.
        group: String,
        /// How many there are.
        found: usize,
    },
    /// A rollout lacks a number.
    #[error("expected {expected} for each rollout of group `{group}`, found none")]
    Missing {
        /// The group's name.
        group: String,
        /// What is missing.
        expected: &'static str,
    },
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// Deviation with n − `less` in the denominator; 0 where there are too few, or all are equal.
fn deviation(values: &[f64], less: usize) -> f64 {
    if values.len() <= less || values.windows(2).all(|pair| pair[0] == pair[1]) {
        return 0.0;
    }
    let middle = mean(values);
    let squares: f64 = values.iter().map(|v| (v - middle) * (v - middle)).sum();
    (squares / (values.len() - less) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    /// Equal to 1e-6, as the worked vectors are given.
    #[track_caller]
    pub(super) fn close(found: &[f64], expected: &[f64]) {
        let near = found.len() == expected.len()
            && found.iter().zip(expected).all(|(f, e)| (f - e).abs() <= 1.000001e-6);
        assert!(near, "found {found:?}, expected {expected:?}");
    }
}
