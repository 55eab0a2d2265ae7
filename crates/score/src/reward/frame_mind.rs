//! FrameMind: rollouts at different samplings of time and space.

use super::steps::calls;
use super::{Case, Fault, Verdict};

rule! {
    /// Accuracy + ½ format + 0.1 where a tool was used and the answer is right.
    ///
    /// Rollout i of a group sees level i mod L of the ladder of samplings ([`sampling_level`]). The sum is ours: the paper's abstract says that
    /// the outcome alone is rewarded and that levels differ within a group.
    ///
    /// # Source
    /// FrameMind (DRFS-GRPO), 2025 (abstract).
    FrameMind, "frame-mind", "accuracy, format, a little for tools that led to a right answer", "frame_mind.rs",
    Some("FrameMind, 2025 (known from its abstract)"),
    r#"{"id": 1, "completion": "<think>t</think><answer>B</answer>", "answer": "B", "context": {"calls": 1}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason) = case.accuracy()?;
    let tool = f64::from(u8::from(calls(case)? > 0.0 && accuracy == 1.0));
    Ok(Verdict::of("accuracy", accuracy)
        .part("format", case.format(), 0.5)
        .part("tool", tool, 0.1)
        .because(reason))
}

/// The level of the ladder that rollout `i` of a group sees; 0 where there is no level.
pub fn sampling_level(i: usize, n_levels: usize) -> usize {
    i.checked_rem(n_levels).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn levels_go_round_and_tools_pay_a_tenth() {
        // vector u60
        assert!((pays(&FrameMind, FrameMind.entry().example) - 1.6).abs() < 1e-12);
        assert_eq!([0, 1, 2, 3, 4, 5].map(|i| sampling_level(i, 3)), [0, 1, 2, 0, 1, 2]);
    }
}
