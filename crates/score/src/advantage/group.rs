//! Rewards of one group against each other.

use super::{deviation, mean};

/// What the distance from the mean is divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// The group's sample deviation (n − 1) plus this; GRPO. TRL and Video-R1 add 1e-4, verl and EasyR1 1e-6.
    Sample(f64),
    /// The group's population deviation (n) plus this.
    Population(f64),
    /// A deviation of a whole batch plus this.
    Given(f64, f64),
    /// Nothing; Dr. GRPO.
    None,
}

/// A_i = (r_i − mean) / scale. All rewards equal gives 0 for all; so does one alone (see [`super::advantages`] for a lone one).
///
/// # Source
/// Shao et al., DeepSeekMath (GRPO), 2024; Liu et al., Understanding R1-Zero-Like Training (Dr. GRPO), 2025.
pub fn group_advantage(rewards: &[f64], scale: Scale) -> Vec<f64> {
    if rewards.windows(2).all(|pair| pair[0] == pair[1]) {
        return vec![0.0; rewards.len()];
    }
    let middle = mean(rewards);
    let by = match scale {
        Scale::Sample(epsilon) => deviation(rewards, 1) + epsilon,
        Scale::Population(epsilon) => deviation(rewards, 0) + epsilon,
        Scale::Given(deviation, epsilon) => deviation + epsilon,
        Scale::None => 1.0,
    };
    rewards.iter().map(|reward| (reward - middle) / by).collect()
}

/// A_i = r_i − mean of the others; of one alone 0.
///
/// # Source
/// Ahmadian et al., Back to Basics (RLOO), 2024; `compute_rloo_outcome_advantage` of EasyR1.
pub fn leave_one_out(rewards: &[f64]) -> Vec<f64> {
    let n = rewards.len() as f64;
    if rewards.len() < 2 {
        return vec![0.0; rewards.len()];
    }
    let middle = mean(rewards);
    rewards.iter().map(|reward| (reward - middle) * n / (n - 1.0)).collect()
}

/// A = r − the reward of the greedy reply.
///
/// # Source
/// Li et al., ReMax, 2023.
pub fn remax(rewards: &[f64], greedy: f64) -> Vec<f64> {
    rewards.iter().map(|reward| reward - greedy).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    const REWARDS: [f64; 4] = [1.0, 0.0, 0.0, 1.0];

    fn signs(a: f64) -> [f64; 4] {
        [a, -a, -a, a]
    }

    #[test]
    fn advantages_are_those_of_the_worked_vectors() {
        close(&group_advantage(&REWARDS, Scale::Sample(1e-4)), &signs(0.865875)); // u1
        close(&group_advantage(&REWARDS, Scale::Sample(1e-6)), &signs(0.866024)); // u2
        close(&group_advantage(&REWARDS, Scale::Population(1e-6)), &signs(0.999998)); // u3
        close(&group_advantage(&REWARDS, Scale::None), &signs(0.5)); // u4
        close(&leave_one_out(&REWARDS), &signs(0.666667)); // u4
        close(&remax(&REWARDS, 0.25), &[0.75, -0.25, -0.25, 0.75]);
    }

    #[test]
    fn equal_rewards_teach_nothing() {
        for rewards in [&[0.1, 0.1, 0.1][..], &[5.0], &[]] {
            assert!(group_advantage(rewards, Scale::Sample(1e-6)).iter().all(|a| *a == 0.0));
        }
    }
}
