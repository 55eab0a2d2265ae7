//! TW-GRPO: tokens that tell rollouts apart weigh more.

/// 1 + (α − 1) · (KL_t − least) / (most − least) of each token; α is 1.4. KL_t is the divergence of the token's distribution from the
/// group's mean distribution at its place. Equal divergences weigh 1.
///
/// # Source
/// `grpo.py` of longmalongma/TW-GRPO, 2025.
pub fn token_weights(divergences: &[f64], alpha: f64) -> Vec<f64> {
    let least = divergences.iter().copied().fold(f64::INFINITY, f64::min);
    let most = divergences.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let spread = most - least;
    let share = |d: f64| if spread > 0.0 && spread.is_finite() { (d - least) / spread } else { 0.0 };
    divergences.iter().map(|d| 1.0 + (alpha - 1.0) * share(*d)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    #[test]
    fn weights_run_from_one_to_alpha() {
        close(&token_weights(&[0.1, 0.3, 0.5], 1.4), &[1.0, 1.2, 1.4]); // u18
        close(&token_weights(&[0.2, 0.2], 1.4), &[1.0, 1.0]);
    }
}
