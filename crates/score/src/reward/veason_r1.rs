//! Veason-R1: the key picture, the boxes in it, and what follows from it.

use super::reply::Reason;
use super::{Case, Fault, Verdict, read};
use crate::assign::least_cost;
use crate::shapes::Corners;
use serde_json::Value;

rule! {
    /// Format + share of valid boxes + key picture + box accuracy + temporal.
    ///
    /// The answer is JSON `{frame, boxes: [[x1, y1, x2, y2]]}`. Key picture: the true mask's area there over its largest area (`context.areas`, one a
    /// picture). Box accuracy: matched overlaps over max(said, true), of `context.boxes` by picture (a box of less than a pixel's side does not
    /// count). Temporal: mean of `context.mask_ious`, what propagation from the chosen picture gave; 0 without. Where picture or boxes cannot be
    /// read those parts are 0.
    ///
    /// # Source
    /// `video_match_keyframe_sam_sft.py` of SitongGong/Veason-R1.
    VeasonR1, "veason-r1", "key picture, boxes in it and masks that follow", "veason_r1.rs",
    Some("Gong et al., Veason-R1, 2025"),
    r#"{"id": 1, "completion": "<think>best seen late</think><answer>{\"frame\": 1, \"boxes\": [[0, 0, 10, 10]]}</answer>", "context": {"areas": [50, 80, 100], "boxes": {"1": [[0, 0, 10, 20]]}, "mask_ious": [0.6, 0.8]}}"#
}

/// Most boxes that are matched.
const MOST: usize = 100;

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let areas =
        case.context.needs("areas", "the mask's area in each picture, from 0 on", super::case::amounts)?;
    let truths = case.context.needs("boxes", "boxes by picture", |value| value.as_object())?;
    let temporal = case.context.shares("mask_ious")?;
    let said: Option<Value> = case.answer().ok().and_then(|said| serde_json::from_str(said).ok());
    let frame = said.as_ref().and_then(|said| said.get("frame")?.as_u64());
    let boxes = said.as_ref().and_then(|said| said.get("boxes")?.as_array()).map_or(&[][..], |boxes| boxes);
    let corners = |value: &Value| {
        read::corners_of(&super::case::numbers(value)?).filter(|c| c.x2 - c.x1 >= 1.0 && c.y2 - c.y1 >= 1.0)
    };
    let valid: Vec<Corners> = boxes.iter().take(MOST).filter_map(corners).collect();
    let share = if boxes.is_empty() { 0.0 } else { valid.len() as f64 / boxes.len() as f64 };
    let most = areas.iter().copied().fold(0.0, f64::max);
    let area = frame.and_then(|frame| areas.get(usize::try_from(frame).ok()?)).copied();
    let key = area.map_or(0.0, |area| if most > 0.0 { area / most } else { 0.0 });
    let truth = frame.and_then(|frame| truths.get(&frame.to_string())).and_then(Value::as_array);
    let truth: Vec<Corners> =
        truth.into_iter().flatten().filter_map(|v| read::corners_of(&super::case::numbers(v)?)).collect();
    let readable = frame.is_some() && !valid.is_empty();
    let mean = temporal
        .map_or(0.0, |ious| if ious.is_empty() { 0.0 } else { ious.iter().sum::<f64>() / ious.len() as f64 });
    Ok(Verdict::of("format", case.format())
        .part("valid", share, 1.0)
        .part("keyframe", key, 1.0)
        .part("box", matched(&valid, &truth), 1.0)
        .part("temporal", if readable { mean } else { 0.0 }, 1.0)
        .because(case.answer().err())
        .because((!readable).then_some(Reason::Unreadable)))
}

/// Overlaps of the best matching over the larger number of boxes.
pub(crate) fn matched(said: &[Corners], truth: &[Corners]) -> f64 {
    let cost: Vec<f64> = said.iter().flat_map(|s| truth.iter().map(move |t| -s.iou(*t))).collect();
    let most = said.len().max(truth.len());
    let pairs = least_cost(said.len(), truth.len(), &cost);
    let total: f64 =
        pairs.into_iter().map(|(row, col)| -cost[row as usize * truth.len() + col as usize]).sum();
    if most == 0 { 0.0 } else { total / most as f64 }
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::verdict;
    use super::*;

    #[test]
    fn five_parts_add_up() {
        let found = verdict(&VeasonR1, VeasonR1.entry().example);
        assert_eq!(
            (found.value("keyframe"), found.value("box"), found.value("temporal")),
            (Some(0.8), Some(0.5), Some(0.7))
        );
        assert!((found.reward() - 4.0).abs() < 1e-12);
        // vector u40: one of two boxes overlaps by 0.9
        let row = VeasonR1.entry().example.replace("[[0, 0, 10, 10]]", "[[0, 0, 9, 1], [0, 5, 1, 6]]");
        let found = verdict(&VeasonR1, &row.replace("[[0, 0, 10, 20]]", "[[0, 0, 10, 1]]"));
        assert!(
            (found.value("box").expect("there") - 0.45).abs() < 1e-12
                && (found.reward() - 3.95).abs() < 1e-12
        );
        let of = |x2| Corners { x1: 0.0, y1: 0.0, x2, y2: 1.0 };
        assert!((matched(&[of(9.0), of(1.0)], &[of(10.0)]) - 0.45).abs() < 1e-12);
    }
}
