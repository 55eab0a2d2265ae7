//! Artemis: reasoning as labelled boxes.

use super::steps::json_blocks;
use super::{Case, Fault, Reply, Verdict, read};
use crate::shapes::Corners;
use serde_json::Value;

rule! {
    /// Accuracy (of the task: overlap or F1) + ½ F1 of the proposals + format.
    ///
    /// Proposals are `{label, box}`, one JSON in each `<action>` block of the thoughts; they match `context.proposals` by label and an overlap of
    /// at least ½, one to one. The formula is ours: abstract and readme give none.
    ///
    /// # Source
    /// Artemis, 2025 (abstract and readme).
    Artemis, "artemis", "the task's answer, labelled boxes on the way, format", "artemis.rs",
    Some("Artemis, 2025 (known from its abstract)"),
    r#"{"id": 1, "completion": "<think><action>{\"label\": \"cup\", \"box\": [0, 0, 2, 2]}</action></think><answer>[0, 0, 2, 2]</answer>", "answer": "[0, 0, 2, 3]", "problem_type": "spatial grounding", "context": {"proposals": [{"label": "cup", "box": [0, 0, 2, 2]}]}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let truths = case.context.needs("proposals", "a list of {label, box}", |value| {
        value.as_array()?.iter().map(proposal).collect::<Option<Vec<_>>>()
    })?;
    let (accuracy, reason) = case.accuracy()?;
    let inside = case.reply.thoughts().map(Reply::new);
    let said: Vec<_> = inside.iter().flat_map(json_blocks).flatten().filter_map(|v| proposal(&v)).collect();
    let mut left: Vec<Option<&(String, Corners)>> = truths.iter().map(Some).collect();
    let mut matched = 0.0;
    for (label, corners) in &said {
        let fits = |truth: &&mut Option<&(String, Corners)>| {
            truth.is_some_and(|(l, c)| l == label && corners.iou(*c) >= 0.5)
        };
        if let Some(place) = left.iter_mut().find(fits) {
            *place = None;
            matched += 1.0;
        }
    }
    let all = (said.len() + truths.len()) as f64;
    let f1 = if all > 0.0 { 2.0 * matched / all } else { 0.0 };
    Ok(Verdict::of("accuracy", accuracy)
        .part("proposals", f1, 0.5)
        .part("format", case.format(), 1.0)
        .because(reason))
}

fn proposal(value: &Value) -> Option<(String, Corners)> {
    let corners = read::corners_of(&super::case::numbers(value.get("box").or_else(|| value.get("bbox"))?)?)?;
    Some((value.get("label")?.as_str()?.trim().to_lowercase(), corners))
}

#[cfg(test)]
mod tests {
    use super::super::tests::verdict;
    use super::*;

    #[test]
    fn proposals_count_half() {
        // vector u63: overlap 0.7, F1 of 2 in 2 said and 3 true
        let cup = |x: f64| format!(r#"{{\"label\": \"cup\", \"box\": [{x}, 0, {}, 2]}}"#, x + 2.0);
        let row = format!(
            r#"{{"completion": "<think><action>{}</action><action>{}</action></think><answer>[0, 0, 7, 1]</answer>", "answer": "[0, 0, 10, 1]", "problem_type": "box",
            "context": {{"proposals": [{{"label": "cup", "box": [0, 0, 2, 2]}}, {{"label": "Cup", "box": [10, 0, 12, 2]}}, {{"label": "cat", "box": [0, 0, 2, 2]}}]}}}}"#,
            cup(0.0),
            cup(10.0)
        );
        let found = verdict(&Artemis, &row);
        assert_eq!(found.value("proposals"), Some(0.8));
        assert!((found.reward() - 2.1).abs() < 1e-12, "{found:?}");
    }
}
