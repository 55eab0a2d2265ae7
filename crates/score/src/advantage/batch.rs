//! Advantages of a batch of groups, by the method's name.

use super::{
    Error, Moments, Scale, deviation, dgrpo_weight, ema_grpo, group_advantage, leave_one_out,
    masked_advantage, remax, whitened,
};

/// A rollout as far as its advantage needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rollout {
    /// What it is worth.
    pub reward: f64,
    /// The reward of the greedy reply to the same prompt.
    pub greedy: Option<f64>,
    /// What kind of task it is.
    pub task: String,
    /// Whether it is looked at but not learned from: over the turns, truncated.
    pub masked: bool,
}

/// A way from rewards to advantages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// As the user types it.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// Added to the deviation where nothing else is asked, as text: `1e-6`.
    pub epsilon: &'static str,
}

/// Every method, alphabetical.
pub const ADVANTAGES: &[Method] = &[
    Method { name: "batch", about: "mean of the group, deviation of the batch", epsilon: "1e-4" },
    Method { name: "dgrpo", about: "GRPO, times a weight that is larger for hard groups", epsilon: "1e-6" },
    Method { name: "dr-grpo", about: "mean of the group, no deviation", epsilon: "0" },
    Method {
        name: "ema-grpo",
        about: "mean of the group, moving deviation of the problem type (OneThinker)",
        epsilon: "1e-6",
    },
    Method { name: "grpo", about: "mean and sample deviation of the group (verl, EasyR1)", epsilon: "1e-6" },
    Method { name: "grpo-population", about: "mean and population deviation of the group", epsilon: "1e-6" },
    Method { name: "love-r1", about: "GRPO over the rollouts that are not masked", epsilon: "1e-4" },
    Method {
        name: "mini-o3",
        about: "GRPO; masked rollouts count in the mean and get none",
        epsilon: "1e-6",
    },
    Method { name: "reinforce-plus-plus", about: "whitened over the batch", epsilon: "1e-8" },
    Method { name: "remax", about: "minus the greedy reply's reward, `context.greedy`", epsilon: "0" },
    Method { name: "rloo", about: "minus the mean of the others", epsilon: "0" },
    Method {
        name: "t-grpo",
        about: "GRPO as TRL and Video-R1 do it; shuffled rows get none",
        epsilon: "1e-4",
    },
    Method { name: "trl", about: "GRPO as TRL does it", epsilon: "1e-4" },
];

/// The method of this name.
pub fn method(name: &str) -> Option<&'static Method> {
    ADVANTAGES.iter().find(|method| method.name == name)
}

/// The advantage of every rollout of every group `(name, rollouts)`; none of those that are not learned from. A group that has none is an
/// error in its place, and the others keep theirs.
///
/// `epsilon` replaces the method's own; `lone` lets a group of one through, whose advantage is its reward (mean 0, deviation 1), as verl has it.
///
/// # Errors
/// Where a group of one is not asked for, or a rollout lacks what the method needs.
pub fn advantages(
    method: &Method,
    groups: &[(String, Vec<Rollout>)],
    epsilon: Option<f64>,
    lone: bool,
) -> Vec<Result<Vec<Option<f64>>, Error>> {
    let epsilon = epsilon.or_else(|| method.epsilon.parse().ok()).unwrap_or(1e-6);
    let rewards = |rollouts: &[Rollout]| rollouts.iter().map(|r| r.reward).collect::<Vec<f64>>();
    let all: Vec<f64> = groups.iter().flat_map(|(_, rollouts)| rewards(rollouts)).collect();
    if method.name == "ema-grpo" {
        let owned: Vec<(String, Vec<f64>)> = groups
            .iter()
            .map(|(_, rollouts)| {
                (rollouts.first().map(|r| r.task.clone()).unwrap_or_default(), rewards(rollouts))
            })
            .collect();
        let borrowed: Vec<(&str, &[f64])> =
            owned.iter().map(|(task, r)| (task.as_str(), r.as_slice())).collect();
        let found = ema_grpo(&mut Moments::default(), &borrowed);
        return found.into_iter().map(|group| Ok(group.into_iter().map(Some).collect())).collect();
    }
    if method.name == "reinforce-plus-plus" {
        let mut white = whitened(&all).into_iter();
        return groups.iter().map(|(_, r)| Ok(white.by_ref().take(r.len()).map(Some).collect())).collect();
    }
    let spread = deviation(&all, 1);
    let of = |(name, rollouts): &(String, Vec<Rollout>)| -> Result<Vec<Option<f64>>, Error> {
        let rewards = rewards(rollouts);
        let masked: Vec<(f64, bool)> = rollouts.iter().map(|r| (r.reward, r.masked)).collect();
        if method.name == "remax" {
            let greedy = rollouts.iter().map(|r| r.greedy).collect::<Option<Vec<f64>>>();
            let greedy = greedy.ok_or(Error::Missing {
                group: name.clone(),
                expected: "`context.greedy`, the greedy reply's reward",
            })?;
            return Ok(rewards
                .iter()
                .zip(greedy)
                .map(|(reward, greedy)| remax(&[*reward], greedy).pop())
                .collect());
        }
        if rewards.len() == 1 {
            return if lone {
                Ok(vec![(!rollouts[0].masked).then_some(rewards[0])])
            } else {
                Err(Error::Lone { group: name.clone(), found: 1 })
            };
        }
        let plain = |scale| group_advantage(&rewards, scale).into_iter().map(Some).collect();
        Ok(match method.name {
            "batch" => plain(Scale::Given(spread, epsilon)),
            "dr-grpo" => plain(Scale::None),
            "grpo-population" => plain(Scale::Population(epsilon)),
            "rloo" => leave_one_out(&rewards).into_iter().map(Some).collect(),
            "mini-o3" => masked_advantage(&masked, true, epsilon),
            "love-r1" | "t-grpo" => masked_advantage(&masked, false, epsilon),
            "dgrpo" => {
                let weight = dgrpo_weight(&rewards);
                group_advantage(&rewards, Scale::Sample(epsilon))
                    .into_iter()
                    .map(|a| Some(a * weight))
                    .collect()
            }
            _ => plain(Scale::Sample(epsilon)),
        })
    };
    groups.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(rewards: &[f64]) -> (String, Vec<Rollout>) {
        let of = |reward: &f64| Rollout { reward: *reward, greedy: Some(0.5), ..Rollout::default() };
        ("g".to_owned(), rewards.iter().map(of).collect())
    }

    #[test]
    fn every_method_is_known_in_order_and_gives_a_number_for_each_rollout() {
        assert!(ADVANTAGES.windows(2).all(|pair| pair[0].name < pair[1].name));
        for method in ADVANTAGES {
            let found = advantages(method, &[group(&[1.0, 0.0, 0.0, 1.0]), group(&[0.5, 0.5])], None, false);
            let [Ok(first), Ok(second)] = &found[..] else { panic!("{method:?}: {found:?}") };
            assert!(first[0].expect("learned from") > 0.0, "{method:?}");
            assert_eq!(second.len(), 2);
        }
    }

    #[test]
    fn a_lone_rollout_is_refused_unless_asked_for() {
        let grpo = method("grpo").expect("known");
        let lone = [group(&[0.7])];
        assert!(matches!(advantages(grpo, &lone, None, false)[..], [Err(Error::Lone { found: 1, .. })]));
        assert_eq!(advantages(grpo, &lone, None, true), [Ok(vec![Some(0.7)])]);
        let mut bare = group(&[1.0, 0.0]);
        bare.1[0].greedy = None;
        assert!(matches!(
            advantages(method("remax").expect("known"), &[bare], None, false)[..],
            [Err(Error::Missing { .. })]
        ));
    }
}
