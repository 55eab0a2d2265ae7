//! Spatial-GRPO: the same scene mirrored has the mirrored answer.

use super::{Case, Fault, Reason, Verdict};
use serde_json::{Map, Value};

rule! {
    /// Accuracy + ½ format + ½ consistency.
    ///
    /// A group are replies to a prompt and, with `context.mirrored`, replies to its mirrored form. Consistency of a right reply is the share of replies on
    /// the other side whose answer is its own mirrored: left ↔ right, clockwise ↔ counter-clockwise, or as `context.swap` maps answers (of letters: how the
    /// options move); whatever else stays as it is. `context.agreement` may stand for the other side. The formula is ours: the paper's
    /// abstract names the idea.
    ///
    /// # Source
    /// SVQA-R1 (Spatial-GRPO), 2025 (abstract, and a note).
    SpatialGrpo, "spatial-grpo", "accuracy, format, and the mirrored answer to the mirrored scene", "spatial_grpo.rs",
    Some("SVQA-R1, 2025 (formula known from its abstract only)"),
    r#"{"id": 1, "completion": "<think>t</think><answer>left</answer>", "answer": "left", "context": {"agreement": 0.75}}"#,
    group
}

fn group(cases: &[Case<'_>]) -> Vec<Result<Verdict, Fault>> {
    let sides: Vec<bool> = cases.iter().map(|case| case.context.flag("mirrored").unwrap_or(false)).collect();
    let said: Vec<Result<&str, Reason>> = cases.iter().map(Case::answer).collect();
    let one = |i: usize| -> Result<Verdict, Fault> {
        let case = &cases[i];
        case.context.flag("mirrored")?;
        let (accuracy, reason) = case.accuracy()?;
        let swap = case.context.read("swap", "an object of answers", Value::as_object)?;
        let others = || (0..cases.len()).filter(|j| sides[*j] != sides[i]);
        let agreement = match (case.context.share("agreement")?, others().count()) {
            (Some(given), _) => given,
            (None, 0) => 0.0,
            (None, n) => {
                let mirror = said[i].ok().map(|said| mirrored(said, swap));
                let same = |j: &usize| {
                    mirror
                        .as_deref()
                        .is_some_and(|m| said[*j].is_ok_and(|other| other.trim().eq_ignore_ascii_case(m)))
                };
                others().filter(same).count() as f64 / n as f64
            }
        };
        let consistency = if accuracy == 1.0 { agreement } else { 0.0 };
        Ok(Verdict::of("accuracy", accuracy)
            .part("format", case.format(), 0.5)
            .part("consistency", consistency, 0.5)
            .because(reason))
    };
    (0..cases.len()).map(one).collect()
}

/// The answer in the mirrored scene.
fn mirrored(said: &str, swap: Option<&Map<String, Value>>) -> String {
    const PAIRS: [(&str, &str); 4] = [
        ("left", "right"),
        ("clockwise", "counter-clockwise"),
        ("clockwise", "counterclockwise"),
        ("clockwise", "anticlockwise"),
    ];
    let said = said.trim();
    if let Some(swap) = swap {
        let to = swap.get(said).and_then(Value::as_str);
        let from = || swap.iter().find(|(_, v)| v.as_str() == Some(said)).map(|(k, _)| k.as_str());
        return to.or_else(from).unwrap_or(said).to_owned();
    }
    let word = |word: &str| -> String {
        let lower = word.to_ascii_lowercase();
        let pair = PAIRS.iter().find_map(|(a, b)| match lower.as_str() {
            l if l == *a => Some(*b),
            l if l == *b => Some(*a),
            _ => None,
        });
        pair.unwrap_or(word).to_owned()
    };
    said.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::super::{Plan, Reward as _, RewardRow};
    use super::*;

    #[test]
    fn mirrored_answers_agree_as_the_worked_vector_says() {
        // vector u15
        assert!((pays(&SpatialGrpo, SpatialGrpo.entry().example) - 1.875).abs() < 1e-12);
        let row = |said: &str, mirrored: bool| {
            let truth = if mirrored { "right" } else { "left" };
            format!(
                r#"{{"completion": "<think>t</think><answer>{said}</answer>", "answer": "{truth}", "context": {{"mirrored": {mirrored}}}}}"#
            )
        };
        let rows = [
            row("left", false),
            row("right", true),
            row("Right", true),
            row("right", true),
            row("left", true),
        ];
        let rows: Vec<RewardRow<'_>> =
            rows.iter().map(|row| serde_json::from_str(row).expect("a row")).collect();
        let plan = Plan::default();
        let cases: Vec<Case<'_>> = rows.iter().map(|row| row.case(&plan)).collect();
        let found = SpatialGrpo.judge_group(&cases);
        assert!((found[0].as_ref().expect("fits").reward() - 1.875).abs() < 1e-12);
        assert_eq!(mirrored("the left one, clockwise", None), "the right one, counter-clockwise");
    }
}
