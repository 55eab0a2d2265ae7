//! ReVSeg: when, then where.

use super::{Case, Fault, Verdict, read};
use serde_json::Value;

rule! {
    /// Format + a key picture that shows the thing + overlap of the box there (+ mean overlap of masks where propagation is known).
    ///
    /// The answer is JSON `{frame, box}`; the picture shows the thing where the mask's area is at least half of its largest (`context.areas`);
    /// `context.boxes` are boxes by picture, `context.mask_ious` what propagation gave. The sum is ours: the abstract gives no formula.
    ///
    /// # Source
    /// ReVSeg, 2025 (abstract).
    RevSeg, "rev-seg", "a picture that shows the thing, and its box there", "rev_seg.rs",
    Some("ReVSeg, 2025 (known from its abstract)"),
    r#"{"id": 1, "completion": "<think>late</think><answer>{\"frame\": 1, \"box\": [0, 0, 6, 10]}</answer>", "context": {"areas": [10, 60, 100], "boxes": {"1": [0, 0, 10, 10]}}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let areas =
        case.context.needs("areas", "the mask's area in each picture, from 0 on", super::case::amounts)?;
    let truths = case.context.needs("boxes", "a box by picture", |value| value.as_object())?;
    let temporal = case.context.shares("mask_ious")?;
    let said: Option<Value> = case.answer().ok().and_then(|said| serde_json::from_str(said).ok());
    let frame = said.as_ref().and_then(|said| said.get("frame")?.as_u64());
    let corners = |value: &Value| read::corners_of(&super::case::numbers(value)?);
    let place = said.as_ref().and_then(|said| corners(said.get("box")?));
    let most = areas.iter().copied().fold(0.0, f64::max);
    let area = frame.and_then(|frame| areas.get(usize::try_from(frame).ok()?)).copied().unwrap_or(0.0);
    let shows = area > 0.0 && area >= 0.5 * most;
    let truth = frame.and_then(|frame| corners(truths.get(&frame.to_string())?));
    let iou = place.zip(truth).map_or(0.0, |(said, truth)| said.iou(truth));
    let verdict = Verdict::of("format", case.format())
        .part("keyframe", f64::from(u8::from(shows)), 1.0)
        .part("box", iou, 1.0);
    let verdict = match temporal {
        Some(ious) if place.is_some() && !ious.is_empty() => {
            verdict.part("temporal", ious.iter().sum::<f64>() / ious.len() as f64, 1.0)
        }
        _ => verdict,
    };
    Ok(verdict.because(case.answer().err()))
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn when_and_where_add_up() {
        // vector u62
        assert!((pays(&RevSeg, RevSeg.entry().example) - 2.6).abs() < 1e-12);
    }
}
