//! VPPO: tokens and rollouts that depend on the picture count more.

/// How much a token depends on the picture: exp(d) − d − 1, of d = log-probability with a perturbed picture − with the real one; d within
/// ±20, the result within 0..10.
///
/// # Source
/// `verl/workers/actor/dp_actor.py` of huaxuheqing/VPPO-RL, 2025.
pub fn token_dependency(d: f64) -> f64 {
    let d = d.clamp(-20.0, 20.0);
    (libm::exp(d) - d - 1.0).clamp(0.0, 10.0)
}

/// Which tokens of a rollout are learned from: the ⌈share · n⌉ that depend most (share 0.4); of equals the earlier.
pub fn kept_tokens(dependencies: &[f64], share: f64) -> Vec<bool> {
    let n = (share.clamp(0.0, 1.0) * dependencies.len() as f64).ceil() as usize;
    let mut order: Vec<usize> = (0..dependencies.len()).collect();
    order.sort_by(|a, b| dependencies[*b].total_cmp(&dependencies[*a]));
    let mut kept = vec![false; dependencies.len()];
    for i in order.into_iter().take(n) {
        kept[i] = true;
    }
    kept
}

/// What each rollout's advantage is multiplied by, of the mean dependencies of a mini-batch: 0.9 + n·(high − 0.9) with n the place between
/// least and most, and high = 0.9 + 0.1 / (mean(n) + 1e-8), so that the mean factor is 1. Equal dependencies give 1.
pub fn perception_scale(means: &[f64]) -> Vec<f64> {
    const LOW: f64 = 0.9;
    let least = means.iter().copied().fold(f64::INFINITY, f64::min);
    let most = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let spread = most - least;
    if !(spread > 0.0 && spread.is_finite()) {
        return vec![1.0; means.len()];
    }
    let places: Vec<f64> = means.iter().map(|s| (s - least) / spread).collect();
    let high = LOW + (1.0 - LOW) / (super::mean(&places) + 1e-8);
    places.into_iter().map(|n| LOW + n * (high - LOW)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    #[test]
    fn tokens_and_rollouts_are_weighed_as_the_worked_vectors_say() {
        close(&[token_dependency(-1.5)], &[0.723130]); // u16
        assert_eq!(kept_tokens(&[0.1, 0.5, 0.5, 0.2, 0.9], 0.4), [false, true, false, false, true]);
        close(&perception_scale(&[0.1, 0.3, 0.5]), &[0.9, 1.0, 1.1]); // u17
        close(&perception_scale(&[0.2, 0.2]), &[1.0, 1.0]);
    }
}
