//! Pixel Reasoner: curiosity where a group looks too rarely.

use super::reply::Reason;
use super::steps::calls;
use super::{Case, Fault, Verdict};

rule! {
    /// Accuracy + a bonus for looking where few of the group look − 0.05 for each look after the first.
    ///
    /// RaPR is the share of the group's replies that use a visual operation (`context.rapr` instead of a group); n the calls of this one. Where n > 0:
    /// 0.25 · max(0.3 − RaPR, 0) / (k · RaPR) with k 2 for pictures and 1.5 for video (`context.video`). The published code gives the bonus to
    /// wrong replies too (`context.faithful`); by default only right ones get it, since empty calls would earn it. Accuracy above ½ is 0
    /// where the last operation failed (`context.failed`). `context.paper` takes the paper's form: + ½ · max(0.3 − RaPR, 0) + 0.05 · min(1 − n, 0).
    ///
    /// # Source
    /// `openrlhf/trainer/ppo_utils/experience_maker.py` of TIGER-AI-Lab/Pixel-Reasoner.
    PixelReasoner, "pixel-reasoner", "accuracy, curiosity where few look, a cost for looking often", "pixel_reasoner.rs",
    Some("Su et al., Pixel Reasoner, 2025"),
    r#"{"id": 1, "completion": "<think>z</think><answer>B</answer>", "answer": "B", "context": {"calls": 1, "rapr": 0.125}}"#,
    group
}

fn group(cases: &[Case<'_>]) -> Vec<Result<Verdict, Fault>> {
    let counted: Vec<Result<f64, Fault>> = cases.iter().map(calls).collect();
    let looked = counted.iter().filter(|n| n.as_ref().is_ok_and(|n| *n > 0.0)).count();
    let rapr = looked as f64 / cases.len().max(1) as f64;
    cases.iter().zip(counted).map(|(case, n)| one(case, n?, rapr)).collect()
}

fn one(case: &Case<'_>, n: f64, rapr: f64) -> Result<Verdict, Fault> {
    let (mut accuracy, reason) = case.accuracy()?;
    let failed = case.context.flag("failed")? && accuracy > 0.5;
    if failed {
        accuracy = 0.0;
    }
    let rapr = case.context.share_or("rapr", rapr)?;
    let (paper, video) = (case.context.flag("paper")?, case.context.flag("video")?);
    let (mut curiosity, mut cost) = (0.0, 0.0);
    if n > 0.0 && rapr > 0.0 {
        let rare = (0.3 - rapr).max(0.0);
        curiosity = if paper { 0.5 * rare } else { 0.25 * rare / (if video { 1.5 } else { 2.0 } * rapr) };
        cost = -0.05 * (n - 1.0).max(0.0);
        if accuracy == 0.0 && !case.is_faithful() {
            curiosity = 0.0;
        }
    }
    Ok(Verdict::of("accuracy", accuracy)
        .part("curiosity", curiosity, 1.0)
        .part("calls", cost, 1.0)
        .because(failed.then_some(Reason::FailedOperation))
        .because(reason))
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn rare_looks_pay_as_the_worked_vectors_say() {
        let row = |said: &str, n: u8, rapr: f64, more: &str| {
            format!(
                r#"{{"completion": "<answer>{said}</answer>", "answer": "B", "context": {{"calls": {n}, "rapr": {rapr}, "faithful": true{more}}}}}"#
            )
        };
        for (row, expected) in [
            // vector u33
            (row("B", 1, 0.125, ""), 1.175),
            (row("B", 1, 0.125, r#", "video": true"#), 1.233333),
            (row("A", 2, 0.125, r#", "video": true"#), 0.183333),
            (row("B", 1, 0.25, ""), 1.025),
            (row("B", 0, 0.125, ""), 1.0),
            // vector u34
            (row("B", 1, 0.125, r#", "paper": true"#), 1.0875),
            (row("A", 2, 0.125, r#", "paper": true"#), 0.0375),
            // an operation that failed
            (row("B", 1, 0.125, r#", "failed": true"#), 0.175),
        ] {
            assert!((pays(&PixelReasoner, &row) - expected).abs() < 1e-6, "{row}");
        }
        // by default empty calls earn nothing
        assert!(pays(&PixelReasoner, &row("A", 1, 0.125, "").replace("true", "false")) == 0.0);
    }
}
