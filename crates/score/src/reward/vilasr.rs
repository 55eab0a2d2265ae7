//! ViLaSR: drawing to reason.

use super::reply::Reason;
use super::steps::json_blocks;
use super::{Case, Fault, Verdict};
use serde_json::Value;
use std::collections::BTreeMap;

rule! {
    /// ½ accuracy + ½ format where the answer has any accuracy, else nothing: wrong answers earn no format credit.
    ///
    /// The format holds where every turn thinks and acts, only the last answers, and every JSON of the actions is `{label, box}` or
    /// `{label, start point, end point}`. The part `reflection` (weight 0) is 1 where a label was drawn again with another box: it chooses
    /// samples, it does not pay.
    ///
    /// # Source
    /// `verl/utils/reward_score/gcot.py` of AntResearchNLP/ViLaSR.
    Vilasr, "vilasr", "half accuracy, half format, nothing where the answer is wrong", "vilasr.rs",
    Some("Wu et al., Reinforcing Spatial Reasoning in VLMs with Interwoven Thinking and Visual Drawing (ViLaSR), 2025"),
    r#"{"id": 1, "completion": "<think>near</think><answer>3</answer>", "answer": "4", "problem_type": "mra"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason) = case.accuracy()?;
    let (mut valid, mut drawn): (bool, BTreeMap<String, Vec<f64>>) = (true, BTreeMap::new());
    let mut reflection = false;
    for drawing in case.turns().flat_map(json_blocks) {
        match drawing.as_ref().and_then(shape) {
            Some((label, numbers)) => {
                // another shape than the label's first is another than some earlier one
                reflection |= drawn.get(&label).is_some_and(|first| *first != numbers);
                drawn.entry(label).or_insert(numbers);
            }
            None => valid = false,
        }
    }
    let format = if valid { case.format() } else { 0.0 };
    let verdict = Verdict::of("accuracy", accuracy).part("format", format, 0.5);
    let mut verdict = verdict.gate("right", f64::from(u8::from(accuracy > 0.0)));
    verdict.parts[0].weight = 0.5;
    Ok(verdict
        .part("reflection", f64::from(u8::from(reflection)), 0.0)
        .because(reason)
        .because((format == 0.0).then_some(Reason::Format)))
}

/// Label and numbers of a drawing.
fn shape(drawing: &Value) -> Option<(String, Vec<f64>)> {
    let label = drawing.get("label")?.as_str()?.to_owned();
    let of = |names: &[&str], n: usize| {
        let value = names.iter().find_map(|name| drawing.get(*name))?;
        super::case::numbers(value).filter(|numbers| numbers.len() == n)
    };
    if let Some(corners) = of(&["box", "bbox", "bbox_2d", "bounding_box"], 4) {
        return Some((label, corners));
    }
    let (from, to) =
        (of(&["start point", "start_point", "start"], 2)?, of(&["end point", "end_point", "end"], 2)?);
    Some((label, [from, to].concat()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{pays, verdict};
    use super::*;

    #[test]
    fn wrong_answers_earn_no_format_credit() {
        // vector u22
        assert!((pays(&Vilasr, r#"{"completion": "<think>near</think><answer>3</answer>", "answer": "4", "problem_type": "mra"}"#) - 0.8).abs() < 1e-9);
        assert_eq!(
            pays(&Vilasr, r#"{"completion": "<think>near</think><answer>B</answer>", "answer": "A"}"#),
            0.0
        );
    }

    #[test]
    fn drawings_are_looked_at() {
        let row = |second: &str| {
            format!(
                r#"{{"completion": [{{"content": "<think>a</think><action>{{\"label\": \"cup\", \"box\": [1,2,3,4]}}</action>"}},
            {{"content": "<think>a</think><action>{second}</action>"}}, {{"content": "<think>b</think><answer>A</answer>"}}], "answer": "A"}}"#
            )
        };
        let again = verdict(&Vilasr, &row(r#"{\"label\": \"cup\", \"box\": [1,2,3,5]}"#));
        assert_eq!((again.reward(), again.value("reflection")), (1.0, Some(1.0)));
        assert_eq!(pays(&Vilasr, &row(r#"{\"label\": \"cup\"}"#)), 0.5);
    }
}
