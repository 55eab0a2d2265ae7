//! DGRPO: rewards spread by task.

use super::{Case, Fault, Verdict};
use crate::advantage::dgrpo_scale;

rule! {
    /// Scaled accuracy + format + tool.
    ///
    /// Where `context.alpha` and `context.beta` are given (temporal grounding), accuracy is clamp((accuracy − α) / (β − α), 0, 1); else as it is. `context.tool`
    /// is the tool's own reward. The weight by difficulty is the same over a group and would vanish in its deviation: it is applied to the
    /// advantages, with `--advantage dgrpo`.
    ///
    /// # Source
    /// VITAL (DGRPO), CVPR 2026, through a published note.
    Dgrpo, "dgrpo", "accuracy spread by task, format, tool", "dgrpo.rs",
    Some("VITAL, CVPR 2026 (through a published note)"),
    r#"{"id": 1, "completion": "<think>then</think><answer>12 to 24</answer>", "answer": "[10, 20]", "context": {"alpha": 0.2, "beta": 0.7}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason) = case.accuracy()?;
    let scaled = match (case.context.share("alpha")?, case.context.share("beta")?) {
        (Some(alpha), Some(beta)) => dgrpo_scale(accuracy, alpha, beta),
        _ => accuracy,
    };
    let tool = case.context.number_or("tool", 0.0)?;
    Ok(Verdict::of("accuracy", scaled)
        .part("format", case.format(), 1.0)
        .part("tool", tool, 1.0)
        .because(reason))
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn accuracy_is_spread_between_the_limits() {
        // overlap 4/7 between 0.2 and 0.7, as in vector u14
        assert!((pays(&Dgrpo, Dgrpo.entry().example) - (1.0 + (4.0 / 7.0 - 0.2) / 0.5)).abs() < 1e-9);
    }
}
