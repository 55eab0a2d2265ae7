//! GRiP: boxes that matter, by any valid path.

use super::reply::Name;
use super::{Case, Fault, Reply, Verdict, read};
use crate::assign::least_cost;
use crate::shapes::Corners;
use serde_json::Value;

rule! {
    /// Σ w · IoU / Σ w over matched boxes − 0.1 for each box too many (not below 0) + the best match with an accepted plan.
    ///
    /// Boxes are the numbers in fours of the answer; `context.boxes` are `{box, weight}` (1 for what is critical, 0.3 for context), matched so that
    /// the sum is largest. Steps are the first words of `<action>` blocks; `context.plans` lists accepted plans; the part is the largest share
    /// of steps in place, and absent without plans. Formula and weights are ours: the abstract gives none.
    ///
    /// # Source
    /// GRiP, 2025 (abstract).
    Grip, "grip", "salient boxes found, none too many, along an accepted plan", "grip.rs",
    Some("GRiP, 2025 (known from its abstract)"),
    r#"{"id": 1, "completion": "<think>two</think><answer>[[0, 0, 2, 2], [5, 5, 6, 6]]</answer>", "answer": "", "context": {"boxes": [{"box": [0, 0, 2, 2], "weight": 1}, {"box": [5, 5, 7, 6], "weight": 0.3}]}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let truths = case.context.needs("boxes", "a list of {box, weight}", |value| {
        let one = |value: &Value| {
            let corners = read::corners_of(&super::case::numbers(value.get("box")?)?)?;
            let weight = value.get("weight").map_or(Some(1.0), Value::as_f64).filter(|w| *w >= 0.0)?;
            Some((corners, weight))
        };
        value.as_array()?.iter().map(one).collect::<Option<Vec<_>>>()
    })?;
    let said = case.answer().and_then(read::boxes);
    // an answer of thousands of boxes is none, and would take its cube to match
    let said = said.and_then(|said| {
        if said.len() > 64 + truths.len() { Err(super::Reason::AnswerTooLong) } else { Ok(said) }
    });
    let boxes = said.as_ref().map_or(&[][..], |said| said);
    let mut verdict = Verdict::of("salience", salience(boxes, &truths)).because(said.as_ref().err().copied());
    if let Some(plans) = case.context.list("plans")? {
        let steps: Vec<&str> = case
            .turns()
            .flat_map(|turn: &Reply<'_>| turn.blocks(Name::Action))
            .filter_map(|text| text.split_whitespace().next())
            .collect();
        let share = |plan: &Value| {
            let plan: Vec<&str> = plan.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let right = plan.iter().zip(&steps).filter(|(a, b)| a == b).count();
            right as f64 / plan.len().max(steps.len()).max(1) as f64
        };
        verdict = verdict.part("plan", plans.iter().map(share).fold(0.0, f64::max), 1.0);
    }
    Ok(verdict)
}

fn salience(said: &[Corners], truths: &[(Corners, f64)]) -> f64 {
    let cost: Vec<f64> =
        truths.iter().flat_map(|(truth, w)| said.iter().map(move |s| -w * s.iou(*truth))).collect();
    let gained: f64 = least_cost(truths.len(), said.len(), &cost)
        .into_iter()
        .map(|(row, col)| -cost[row as usize * said.len() + col as usize])
        .sum();
    let weights: f64 = truths.iter().map(|(_, w)| w).sum();
    let extra = said.len().saturating_sub(truths.len()) as f64;
    if weights > 0.0 { (gained / weights - 0.1 * extra).max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn salience_weighs_as_the_worked_vector_says() {
        // vector u38: overlaps 0.5 and 0.9
        let of = |x1, x2| Corners { x1, y1: 0.0, x2, y2: 1.0 };
        let truths = [(of(0.0, 2.0), 0.7), (of(10.0, 20.0), 0.3)];
        let said = [of(10.0, 19.0), of(0.0, 1.0)];
        assert!((salience(&said, &truths) - 0.62).abs() < 1e-12);
        assert!((salience(&[said[0], said[1], of(50.0, 51.0)], &truths) - 0.52).abs() < 1e-12);
        assert_eq!(salience(&[], &truths), 0.0);
    }
}
