//! SpatialReasoner: accuracy, format, steps, process.

use super::{Case, Fault, Verdict};

rule! {
    /// Accuracy + format + steps + process.
    ///
    /// Steps: min(1, count / 3) over the thoughts' numbered or worded steps (`Step 1:`, `1.`, `- `, `First,` …). Process: (TP + TN) / all over
    /// groups of phrases that the question's class requires (`context.required`) or forbids (`context.forbidden`); a group is a text or a
    /// list of texts of which any counts; none gives 0.
    ///
    /// # Source
    /// `src/spatial_reasoner/reward.py` of johnson111788/SpatialReasoner.
    SpatialReasoner, "spatial-reasoner", "accuracy, format, number of steps, required and forbidden phrases", "spatial_reasoner.rs",
    Some("Ma et al., SpatialReasoner, 2025"),
    r#"{"id": 1, "completion": "<think>First, the camera. Next, the vector between them.</think><answer>A</answer>", "answer": "A", "context": {"required": ["camera", "vector"], "forbidden": ["height"]}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason) = case.accuracy()?;
    let thoughts = case.reply.thoughts().unwrap_or_default();
    let lower = thoughts.to_lowercase();
    let said = |field: &'static str| -> Result<(f64, f64), Fault> {
        let groups = case.context.list(field)?.map_or(&[][..], |groups| groups);
        let met = groups.iter().filter(|group| {
            let has = |text: &str| lower.contains(&text.to_lowercase());
            match group {
                serde_json::Value::String(text) => has(text),
                serde_json::Value::Array(texts) => texts.iter().filter_map(|t| t.as_str()).any(has),
                _ => false,
            }
        });
        Ok((met.count() as f64, groups.len() as f64))
    };
    let ((tp, required), (fp, forbidden)) = (said("required")?, said("forbidden")?);
    Ok(Verdict::of("accuracy", accuracy)
        .part("format", case.format(), 1.0)
        .part("steps", (steps(thoughts) as f64 / 3.0).min(1.0), 1.0)
        .part("process", process(tp, forbidden - fp, fp, required - tp), 1.0)
        .because(reason))
}

/// Share of the groups that are as they should be.
fn process(tp: f64, tn: f64, fp: f64, missed: f64) -> f64 {
    let all = tp + tn + fp + missed;
    if all > 0.0 { (tp + tn) / all } else { 0.0 }
}

/// Steps that the thoughts name.
fn steps(thoughts: &str) -> usize {
    let numbered = |line: &&str| {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        (rest.len() < line.len() && rest.starts_with('.')) || line.starts_with("- ") || line.starts_with("* ")
    };
    let lines = thoughts.lines().map(str::trim_start).filter(numbered).count();
    let step = |(at, _): &(usize, &str)| {
        let rest = thoughts[at + 5..].trim_start_matches(|c: char| c.is_ascii_digit());
        rest.starts_with(':')
    };
    let worded = ["First,", "Second,", "Third,", "Next,", "Then,", "Finally,"];
    let words: usize = worded.iter().map(|word| thoughts.matches(word).count()).sum();
    lines + words + thoughts.match_indices("Step ").filter(step).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn process_and_steps_are_those_of_the_worked_vector() {
        // vector u69
        assert_eq!(process(2.0, 4.0, 1.0, 1.0), 0.75);
        assert_eq!(steps("First, a.\n1. b"), 2);
        assert_eq!(steps("Step 1: a Step 2: b Step by step"), 2);
    }
}
