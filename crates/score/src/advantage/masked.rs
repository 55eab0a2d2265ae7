//! Rollouts that are looked at but not learned from.

use super::{deviation, mean};

/// Advantages of the rollouts that count, none of those that are masked.
///
/// With `in_statistics` masked rollouts stay in the mean and the deviation and only lose their gradient: over-turn masking, so that a search
/// that was cut short is not punished (Mini-o3, ε 1e-6). Without, they are left out of both (LOVE-R1, ε 1e-4). One rollout alone in the
/// statistics has mean 0 and deviation 1 with `in_statistics`, as published; else its own mean and deviation 1.
///
/// # Source
/// `verl/trainer/ppo/core_algos.py` of Mini-o3; `grpo_trainer.py` of HumanMLLM/LOVE-R1.
pub fn masked_advantage(rewards: &[(f64, bool)], in_statistics: bool, epsilon: f64) -> Vec<Option<f64>> {
    let counted: Vec<f64> =
        rewards.iter().filter(|(_, masked)| in_statistics || !masked).map(|(reward, _)| *reward).collect();
    let (middle, spread) = match (counted.len(), in_statistics) {
        (1, true) => (0.0, 1.0),
        (1, false) => (counted[0], 1.0),
        _ => (mean(&counted), deviation(&counted, 1)),
    };
    let of = |(reward, masked): &(f64, bool)| (!masked).then(|| (reward - middle) / (spread + epsilon));
    rewards.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    #[test]
    fn masked_rollouts_count_or_do_not() {
        // vector u80
        let found = masked_advantage(&[(1.0, false), (0.0, false), (0.0, true), (1.0, false)], true, 1e-6);
        assert_eq!(found[2], None);
        close(&found.into_iter().flatten().collect::<Vec<_>>(), &[0.866024, -0.866024, 0.866024]);
        // vector u59
        let found = masked_advantage(&[(1.0, false), (0.0, false), (9.0, true)], false, 1e-4);
        assert_eq!(found[2], None);
        close(&found.into_iter().flatten().collect::<Vec<_>>(), &[0.707007, -0.707007]);
    }
}
