//! ReWatch-R1: observations that hold, and an answer that follows from them.

use super::reply::Reason;
use super::{Case, Fault, Verdict};
use serde_json::Value;

rule! {
    /// Accuracy · (1 + observations + reasoning) + format.
    ///
    /// Observations: the share of `context.observations` that hold, each `{said, known}` (the policy's words beside what the World or the query
    /// gave; equal texts hold), a text that the judge decides (`observations`), or 0/1 from the trainer's own. Reasoning: whether the answer follows
    /// from actions and observations alone: `context.recoverable`, or the judge's `reasoning` of the reply. Without observations both are 0.
    /// Published with judges; equality is the deterministic replacement of the first, the second has none (`no_judge`).
    ///
    /// # Source
    /// ReWatch-R1 (O&R), 2025, through a published note.
    RewatchR1, "rewatch-r1", "accuracy, more for observations that hold and suffice, and format", "rewatch_r1.rs",
    Some("ReWatch-R1, 2025 (through a published note)"),
    r#"{"id": 1, "completion": "<think>watched</think><answer>B</answer>", "answer": "B", "context": {"observations": [{"said": "a dog", "known": "a dog"}, {"said": "2 cats", "known": "3 cats"}], "recoverable": true}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let mut judged = false;
    let mut unjudged = false;
    let mut holds = |value: &Value| -> Result<Option<f64>, Fault> {
        Ok(match value {
            Value::Object(pair) => {
                let text = |field: &str| {
                    pair.get(field).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
                };
                let Some((said, known)) = text("said").zip(text("known")) else { return Ok(None) };
                if let Some(share) = case.judged("observations", &said)? {
                    judged = true;
                    return Ok(Some(share));
                }
                unjudged = true;
                Some(f64::from(u8::from(said.trim().to_lowercase() == known.trim().to_lowercase())))
            }
            Value::String(said) => {
                let share = case.judged("observations", said)?;
                judged |= share.is_some();
                share
            }
            Value::Bool(yes) => {
                judged = true;
                Some(f64::from(u8::from(*yes)))
            }
            value => {
                judged = true;
                value.as_f64().filter(|v| (0.0..=1.0).contains(v))
            }
        })
    };
    const EXPECTED: &str = "a list of {said, known} or of 0 and 1, or of texts where there is a judge";
    let mut observations = Vec::new();
    for item in case.context.list("observations")?.into_iter().flatten() {
        let Some(share) = holds(item)? else {
            return Err(Fault::Context {
                field: "observations",
                expected: EXPECTED,
                found: super::case::short(&item.to_string()),
            });
        };
        observations.push(share);
    }
    let (accuracy, reason) = case.accuracy()?;
    let n = observations.len();
    let share = if n == 0 { 0.0 } else { observations.iter().sum::<f64>() / n as f64 };
    let recoverable = match case.context.share("recoverable")? {
        None if n > 0 => case.judged("reasoning", case.reply.text())?,
        given => given.filter(|_| n > 0),
    };
    let mut verdict = Verdict::of("accuracy", accuracy)
        .part("observations", accuracy * share, 1.0)
        .part("reasoning", accuracy * recoverable.unwrap_or(0.0), 1.0)
        .part("format", case.format(), 1.0)
        .because(reason);
    if n > 0 {
        verdict = verdict.because(recoverable.is_none().then_some(Reason::NoJudge));
        if judged || unjudged {
            verdict = verdict.judged_if("observations", judged && !unjudged);
        }
        verdict = verdict.judged_if("reasoning", recoverable.is_some());
    }
    Ok(verdict)
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
