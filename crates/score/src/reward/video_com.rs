//! Video-CoM: steps of manipulation that hit.

use super::steps::json_blocks;
use super::{Case, Fault, Verdict, read};
use serde_json::Value;

rule! {
    /// Accuracy + share of right steps.
    ///
    /// Steps are JSON tool calls or actions with `segment` ([start, end] or a number), `frame` (a number) or `box`. Right are a segment that equals
    /// a true one (intervals: overlap of at least ½), a frame inside a valid range (ends included), a box that overlaps one by 0.35 or more.
    /// `context.segments`, `context.frames` (ranges) and `context.boxes` are the truth; a kind counts only where reply and truth both have it; none
    /// gives 0.
    ///
    /// # Source
    /// `reward_funcs.py`, `reward_utils.py` of mbzuai-oryx/Video-CoM.
    VideoCom, "video-com", "accuracy and the share of right segments, frames and boxes on the way", "video_com.rs",
    Some("Video-CoM, 2025"),
    r#"{"id": 1, "completion": "<think>z</think><tool_call>{\"frame\": 12}</tool_call><answer>B</answer>", "answer": "B", "context": {"frames": [[10, 20]]}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason) = case.accuracy()?;
    let lists = |field| -> Result<Vec<Vec<f64>>, Fault> {
        let read = |value: &Value| {
            value
                .as_array()?
                .iter()
                .map(|v| v.as_f64().map_or_else(|| super::case::numbers(v), |n| Some(vec![n])))
                .collect()
        };
        Ok(case.context.read(field, "a list of lists of numbers", read)?.unwrap_or_default())
    };
    let (segments, frames, boxes) = (lists("segments")?, lists("frames")?, lists("boxes")?);
    let (mut right, mut all) = (0.0, 0.0);
    for step in case.turns().flat_map(json_blocks).flatten() {
        let step = step.get("arguments").unwrap_or(&step);
        let said = |field: &str| {
            step.get(field).and_then(|v| v.as_f64().map(|n| vec![n]).or_else(|| super::case::numbers(v)))
        };
        let mut count = |truths: &[Vec<f64>], said: Option<Vec<f64>>, hits: fn(&[f64], &[f64]) -> bool| {
            if let (Some(said), false) = (said, truths.is_empty()) {
                all += 1.0;
                right += f64::from(u8::from(truths.iter().any(|truth| hits(truth, &said))));
            }
        };
        count(&segments, said("segment"), same_segment);
        count(
            &frames,
            said("frame"),
            |range, said| matches!((range, said), ([from, to], [n]) if (*from..=*to).contains(n)),
        );
        count(
            &boxes,
            said("box").or_else(|| said("bbox")),
            |truth, said| matches!((read::corners_of(truth), read::corners_of(said)), (Some(a), Some(b)) if a.iou(b) >= 0.35),
        );
    }
    let share = if all > 0.0 { right / all } else { 0.0 };
    Ok(Verdict::of("accuracy", accuracy).part("steps", share, 1.0).because(reason))
}

fn same_segment(truth: &[f64], said: &[f64]) -> bool {
    let of = |ends: &[f64]| match *ends {
        [start, end] => crate::TimeInterval::new(start, end),
        _ => None,
    };
    match (of(truth), of(said)) {
        (Some(truth), Some(said)) => said.iou(truth) >= 0.5,
        _ => truth == said,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn three_of_five_steps_are_the_worked_vector() {
        // vector u35
        let calls = [
            r#"{\"segment\": 2}"#,
            r#"{\"segment\": 3}"#,
            r#"{\"frame\": 20}"#,
            r#"{\"frame\": 21}"#,
            r#"{\"box\": [0, 0, 2, 2]}"#,
        ];
        let calls = calls.map(|call| format!("<tool_call>{call}</tool_call>")).concat();
        let row = format!(
            r#"{{"completion": "{calls}<answer>B</answer>", "answer": "B", "context": {{"segments": [2], "frames": [[10, 20]], "boxes": [[0, 0, 2, 3]]}}}}"#
        );
        assert!((pays(&VideoCom, &row) - 1.6).abs() < 1e-12);
        assert_eq!(
            pays(
                &VideoCom,
                &row.replace("[2]", "[]").replace("[[10, 20]]", "[]").replace("[[0, 0, 2, 3]]", "[]")
            ),
            1.0
        );
    }
}
