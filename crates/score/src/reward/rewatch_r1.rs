//! ReWatch-R1: observations that hold, and an answer that follows from them.

use super::{Case, Fault, Verdict};
use serde_json::Value;

rule! {
    /// Accuracy · (1 + observations + reasoning) + format.
    ///
    /// Observations: the share of `context.observations` that hold, each `{said, known}` (the policy's words beside what the World or the query
    /// gave; equal texts hold) or 0/1 from a judge. Reasoning: `context.recoverable`, whether the answer follows from actions and observations
    /// alone. None gives 0. Published with judges; equality is the deterministic replacement.
    ///
    /// # Source
    /// ReWatch-R1 (O&R), 2025, through a published note.
    RewatchR1, "rewatch-r1", "accuracy, more for observations that hold and suffice, and format", "rewatch_r1.rs",
    Some("ReWatch-R1, 2025 (through a published note)"),
    r#"{"id": 1, "completion": "<think>watched</think><answer>B</answer>", "answer": "B", "context": {"observations": [{"said": "a dog", "known": "a dog"}, {"said": "2 cats", "known": "3 cats"}], "recoverable": true}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let mut judged = false;
    let holds = |value: &Value| match value {
        Value::Object(pair) => {
            let text = |field: &str| {
                pair.get(field).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
            };
            let (said, known) = (text("said")?, text("known")?);
            Some(f64::from(u8::from(said.trim().to_lowercase() == known.trim().to_lowercase())))
        }
        Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
        value => value.as_f64().filter(|v| (0.0..=1.0).contains(v)),
    };
    let observations =
        case.context.read("observations", "a list of {said, known} or of 0 and 1", |value| {
            let items = value.as_array()?;
            judged = items.iter().any(|item| !item.is_object());
            items.iter().map(holds).collect::<Option<Vec<f64>>>()
        })?;
    let (accuracy, reason) = case.accuracy()?;
    let n = observations.as_ref().map_or(0, Vec::len);
    let share = observations.map_or(0.0, |all| if n == 0 { 0.0 } else { all.iter().sum::<f64>() / n as f64 });
    let reasoning = if n == 0 { 0.0 } else { case.context.share_or("recoverable", 0.0)? };
    let verdict = Verdict::of("accuracy", accuracy)
        .part("observations", accuracy * share, 1.0)
        .part("reasoning", accuracy * reasoning, 1.0)
        .part("format", case.format(), 1.0)
        .because(reason);
    Ok(if judged { verdict.judged("observations") } else { verdict })
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn observations_pay_right_answers_only() {
        // vector u31
        let row = |said: &str| {
            format!(
                r#"{{"completion": "<think>w</think><answer>{said}</answer>", "answer": "B", "context": {{"observations": [1, 0, 1], "recoverable": 1}}}}"#
            )
        };
        assert!((pays(&RewatchR1, &row("B")) - 3.666667).abs() < 1e-6);
        assert_eq!(pays(&RewatchR1, &row("A")), 1.0);
    }
}
