//! PEARL: reasoning counts as far as the picture was seen.

use super::{Scale, group_advantage, mean};

/// What perception makes of a group's reasoning.
#[derive(Clone, Debug, PartialEq)]
pub struct Pearl {
    /// Mean share of perception questions that are right.
    pub perceived: f64,
    /// Whether the reasoning rollouts are worth making: anything was perceived.
    pub reason: bool,
    /// min(perceived, ½), by which the advantages were multiplied.
    pub factor: f64,
    /// Advantages of the reasoning rollouts; none where the gate is shut.
    pub advantages: Vec<f64>,
    /// Whether the item teaches: the mean of the rewards or what was perceived is neither 0 nor 1.
    pub keep: bool,
}

/// The gate and the weight of a group, of the shares of perception questions that each perception rollout has right and the rewards of
/// the reasoning rollouts (ε 1e-6).
///
/// # Source
/// PEARL, CVPR 2026, through a published note.
pub fn pearl(shares: &[f64], rewards: &[f64]) -> Pearl {
    let perceived = mean(shares);
    let (reason, factor) = (perceived > 0.0, perceived.min(0.5));
    let teaches = |mean: f64| mean != 0.0 && mean != 1.0;
    let advantages = if reason { group_advantage(rewards, Scale::Sample(1e-6)) } else { Vec::new() };
    Pearl {
        perceived,
        reason,
        factor,
        advantages: advantages.into_iter().map(|a| a * factor).collect(),
        keep: teaches(mean(rewards)) || teaches(perceived),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    #[test]
    fn the_factor_is_that_of_the_worked_vector() {
        // vector u19
        let rewards = [1.0, 0.0, 0.0, 1.0];
        let found = pearl(&[0.75, 0.5, 0.5, 1.0, 0.25], &rewards);
        close(&[found.perceived, found.factor], &[0.6, 0.5]);
        close(&found.advantages, &[0.433012, -0.433012, -0.433012, 0.433012]);
        close(&pearl(&[0.3], &rewards).advantages[..1], &[0.259807]);
        let shut = pearl(&[0.0], &[1.0, 1.0]);
        assert!(!shut.reason && shut.advantages.is_empty() && !shut.keep);
    }
}
