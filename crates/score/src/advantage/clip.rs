//! Objectives that keep the policy near: clipped ratios and their relatives.

/// The limits of a ratio: 1 − `below` to 1 + `above`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clip {
    /// Below 1.
    pub below: f64,
    /// Above 1.
    pub above: f64,
}

impl Clip {
    /// PPO and GRPO.
    pub const PPO: Clip = Clip { below: 0.2, above: 0.2 };
    /// DAPO: clip higher.
    pub const DAPO: Clip = Clip { below: 0.2, above: 0.28 };
    /// Mini-o3.
    pub const MINI_O3: Clip = Clip { below: 0.2, above: 0.3 };
    /// Pixel Reasoner.
    pub const PIXEL_REASONER: Clip = Clip { below: 0.2, above: 0.35 };
}

/// The ratio of a token: exp of the difference of its log-probabilities, which is limited to ±20 as in EasyR1's `core_algos.py`.
pub fn token_ratio(log_ratio: f64) -> f64 {
    libm::exp(log_ratio.clamp(-20.0, 20.0))
}

/// The clipped surrogate of a ratio that is limited to `delta` first, whatever the sign of the advantage.
///
/// # Source
/// INTELLECT-2, 2025; `delta` of TRL's `grpo_config.py`.
pub fn capped_surrogate(ratio: f64, advantage: f64, clip: Clip, delta: f64) -> f64 {
    (ratio.min(delta) * advantage).min(ratio.clamp(1.0 - clip.below, 1.0 + clip.above) * advantage)
}

/// min(ρA, clip(ρ)A): what is maximised; the loss is its negative.
///
/// # Source
/// Schulman et al., PPO, 2017; equation 7.
pub fn clipped_surrogate(ratio: f64, advantage: f64, clip: Clip) -> f64 {
    (ratio * advantage).min(ratio.clamp(1.0 - clip.below, 1.0 + clip.above) * advantage)
}

/// The same, and of a negative advantage not below c·A: a far ratio cannot cost without end. c is 3 as a rule.
///
/// # Source
/// Ye et al., Mastering Complex Control in MOBA Games, 2020.
pub fn dual_clipped_surrogate(ratio: f64, advantage: f64, clip: Clip, c: f64) -> f64 {
    let surrogate = clipped_surrogate(ratio, advantage, clip);
    if advantage < 0.0 { surrogate.max(c * advantage) } else { surrogate }
}

/// The ratio of a whole reply: exp of the mean of its tokens' log-ratios; 1 of no token.
///
/// # Source
/// Zheng et al., Group Sequence Policy Optimization (GSPO), 2025.
pub fn gspo_ratio(log_ratios: &[f64]) -> f64 {
    libm::exp(super::mean(log_ratios))
}

/// LUSPO's weight of a reply under GSPO: its length over the mean length of its group, so that long replies count by their tokens.
///
/// # Source
/// TRL's `grpo_trainer.py` names it; the scale by the mean is our choice, which keeps the step's size.
pub fn luspo_weight(tokens: f64, mean_tokens: f64) -> f64 {
    if mean_tokens > 0.0 { tokens / mean_tokens } else { 1.0 }
}

/// The constant weight of a token's log-likelihood: min(ρ, limit); every token keeps its gradient.
///
/// # Source
/// MiniMax-M1 (CISPO), 2025; TRL's `grpo_trainer.py`.
pub fn cispo_weight(ratio: f64, limit: f64) -> f64 {
    ratio.min(limit)
}

/// 4σ(τ(ρ − 1)) / τ in place of ρ; τ may differ for A > 0 and A ≤ 0.
///
/// # Source
/// Soft Adaptive Policy Optimization (SAPO), 2025; TRL's `grpo_trainer.py`.
pub fn sapo_weight(ratio: f64, temperature: f64) -> f64 {
    4.0 / (1.0 + libm::exp(-temperature * (ratio - 1.0))) / temperature
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    #[test]
    fn objectives_are_those_of_the_worked_vectors() {
        let found = [(1.5, 1.0), (0.5, 1.0), (1.5, -1.0), (0.5, -1.0)];
        close(&found.map(|(r, a)| clipped_surrogate(r, a, Clip::PPO)), &[1.2, 0.5, -1.5, -0.8]); // u7
        close(&[gspo_ratio(&[0.1, -0.05, 0.25])], &[1.105171]); // u54
        close(&[1.0, 1.2].map(|ratio| sapo_weight(ratio, 1.0)), &[2.0, 2.199336]); // u55
        close(&[cispo_weight(7.0, 5.0), cispo_weight(2.0, 5.0)], &[5.0, 2.0]); // u74
        close(&[dual_clipped_surrogate(5.0, -1.0, Clip::PPO, 3.0)], &[-3.0]); // u79
        close(&[clipped_surrogate(5.0, -1.0, Clip::PPO)], &[-5.0]);
        close(&[clipped_surrogate(1.5, 1.0, Clip::DAPO)], &[1.28]);
        close(&[luspo_weight(20.0, 10.0)], &[2.0]);
        // a far ratio costs no more than the cap
        close(&[capped_surrogate(9.0, -1.0, Clip::PPO, 4.0), token_ratio(0.0)], &[-4.0, 1.0]);
        assert!(token_ratio(1e9).is_finite());
    }
}
