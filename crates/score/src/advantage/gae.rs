//! Advantages over steps of time.

use super::{deviation, mean};

/// δ_t = r_t + γV_{t+1} − V_t; A_t = Σ (γλ)^k δ_{t+k}. `values` has one more than `rewards`: that after the end (0 where it ends).
///
/// # Source
/// Schulman et al., Generalized Advantage Estimation, 2016.
pub fn gae(rewards: &[f64], values: &[f64], gamma: f64, lambda: f64) -> Vec<f64> {
    let value = |t: usize| values.get(t).copied().unwrap_or(0.0);
    let mut advantages = vec![0.0; rewards.len()];
    let mut later = 0.0;
    for t in (0..rewards.len()).rev() {
        later = rewards[t] + gamma * value(t + 1) - value(t) + gamma * lambda * later;
        advantages[t] = later;
    }
    advantages
}

/// Σ γ^k r_{t+k} of each step.
pub fn discounted_returns(rewards: &[f64], gamma: f64) -> Vec<f64> {
    gae(rewards, &[], gamma, 1.0)
}

/// (x − mean) / √(variance + 1e-8) over a whole batch, with n − 1 in the variance.
pub fn whitened(values: &[f64]) -> Vec<f64> {
    let (middle, spread) = (mean(values), deviation(values, 1));
    let by = (spread * spread + 1e-8).sqrt();
    values.iter().map(|v| (v - middle) / by).collect()
}

/// Discounted returns of every rollout's steps, whitened over the batch.
///
/// # Source
/// Hu, REINFORCE++, 2025; `compute_reinforce_plus_plus_outcome_advantage` of EasyR1.
pub fn reinforce_plus_plus(rollouts: &[Vec<f64>], gamma: f64) -> Vec<Vec<f64>> {
    let returns: Vec<Vec<f64>> = rollouts.iter().map(|rewards| discounted_returns(rewards, gamma)).collect();
    let mut white = whitened(&returns.concat()).into_iter();
    returns.iter().map(|returns| white.by_ref().take(returns.len()).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    #[test]
    fn later_rewards_count_less() {
        close(&discounted_returns(&[0.0, 0.0, 1.0], 0.5), &[0.25, 0.5, 1.0]);
        // δ = 1 + 0.9·0.5 − 0.2 and 2 − 0.5
        close(&gae(&[1.0, 2.0], &[0.2, 0.5, 0.0], 0.9, 0.5), &[1.25 + 0.45 * 1.5, 1.5]);
        close(
            &reinforce_plus_plus(&[vec![0.0, 1.0], vec![0.0]], 1.0).concat(),
            &[0.577350, 0.577350, -1.154700],
        );
        close(&whitened(&[3.0, 3.0]), &[0.0, 0.0]);
    }
}
