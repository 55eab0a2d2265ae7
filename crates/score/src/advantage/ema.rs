//! EMA-GRPO: the mean of the group, the deviation of the task.

use super::{deviation, mean};
use std::collections::BTreeMap;

/// Moving first and second moments of the rewards of each task.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moments(BTreeMap<String, (f64, f64)>);

/// How much of the old moments stays.
const DECAY: f64 = 0.99;
/// Least deviation of a task.
const FLOOR: f64 = 1e-3;
/// Added to the deviation.
const EPSILON: f64 = 1e-6;
/// A group with an advantage beyond this takes its own deviation.
const FAR: f64 = 5.0;

impl Moments {
    /// With moments that are known: mean of r and of r².
    pub fn with(mut self, task: &str, first: f64, second: f64) -> Moments {
        self.0.insert(task.to_owned(), (first, second));
        self
    }

    /// The moments of a task.
    pub fn of(&self, task: &str) -> Option<(f64, f64)> {
        self.0.get(task).copied()
    }

    /// The deviation of a task's rewards, at least 1e-3.
    pub fn deviation(&self, task: &str) -> f64 {
        let (first, second) = self.of(task).unwrap_or_default();
        (second - first * first).max(0.0).sqrt().max(FLOOR)
    }

    fn update(&mut self, task: &str, rewards: &[f64]) {
        let squares: Vec<f64> = rewards.iter().map(|r| r * r).collect();
        let (first, second) = (mean(rewards), mean(&squares));
        match self.0.get_mut(task) {
            Some(old) => {
                old.0 = DECAY * old.0 + (1.0 - DECAY) * first;
                old.1 = DECAY * old.1 + (1.0 - DECAY) * second;
            }
            None => {
                self.0.insert(task.to_owned(), (first, second));
            }
        }
    }
}

/// Advantages of groups `(task, rewards)`: (r − mean of the group) / (deviation of the task + 1e-6).
///
/// The moments take in the batch **before** they scale it, as the published code does (its comment says otherwise); a task's first batch
/// begins them. A group with an advantage beyond 5 takes its own population deviation.
///
/// # Source
/// `EasyR1/verl/trainer/core_algos.py` of tulerfeng/OneThinker, 2025.
pub fn ema_grpo(moments: &mut Moments, groups: &[(&str, &[f64])]) -> Vec<Vec<f64>> {
    let mut by_task: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (task, rewards) in groups {
        by_task.entry(task).or_default().extend(*rewards);
    }
    for (task, rewards) in by_task {
        moments.update(task, &rewards);
    }
    let of = |(task, rewards): &(&str, &[f64])| {
        let middle = mean(rewards);
        let by =
            |deviation: f64| rewards.iter().map(|r| (r - middle) / (deviation + EPSILON)).collect::<Vec<_>>();
        let scaled = by(moments.deviation(task));
        if scaled.iter().any(|a| a.abs() > FAR) { by(deviation(rewards, 0)) } else { scaled }
    };
    groups.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    const BATCH: [(&str, &[f64]); 2] = [("t", &[1.0, 0.0, 1.0, 0.0]), ("t", &[0.5, 0.5, 0.5, 0.5])];

    #[test]
    fn the_deviation_is_that_of_the_task_after_the_batch() {
        // vector u12
        let mut moments = Moments::default().with("t", 0.5, 0.4);
        let found = ema_grpo(&mut moments, &BATCH);
        let (first, second) = moments.of("t").expect("known");
        close(&[first, second, moments.deviation("t")], &[0.5, 0.39975, 0.386975]);
        close(&found[0], &[1.292068, -1.292068, 1.292068, -1.292068]);
        close(&found[1], &[0.0; 4]);
    }

    #[test]
    fn the_first_batch_begins_the_moments_and_far_groups_take_their_own() {
        // vector u13
        let mut moments = Moments::default();
        let found = ema_grpo(&mut moments, &BATCH);
        close(&[moments.deviation("t")], &[0.353553]);
        // 0.5 / (√⅛ + 1e-6)
        close(&found[0][..1], &[1_414_210.0 / 1e6]);
        let mut flat = Moments::default().with("t", 0.0, 0.0);
        let found = ema_grpo(&mut flat, &[("t", &[1.0, 0.0])]);
        assert!(found[0][0] < 1.0 && found[0][0] > 0.99, "{found:?}");
    }
}
