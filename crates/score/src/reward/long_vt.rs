//! LongVT: looking again into a long video.

use super::{Case, Fault, Verdict, read};
use crate::shapes::Interval;

rule! {
    /// 0.8 accuracy + 0.2 format + what the tool gave.
    ///
    /// `context.tool` says how the tool counts: `answered` (1 where it answered, `context.answered`, and accuracy is at least ½), `recall`
    /// (share of `context.window` in the last crop) or `iou`. The crop is `context.crop`, else the last tool call with two numbers. A
    /// grounding item (`problem_type` temporal grounding) has its overlap as accuracy. Open text is the judge's (`accuracy`), as published; without one it is ROUGE.
    ///
    /// # Source
    /// `custom_rewards/vl_agent.py` of EvolvingLMMs-Lab/LongVT.
    LongVt, "long-vt", "accuracy, format, and a crop that holds what was asked", "long_vt.rs",
    Some("LongVT, 2025"),
    r#"{"id": 1, "completion": "<think>look</think><answer>B</answer>", "answer": "B", "context": {"tool": "recall", "crop": [10, 30], "window": [20, 40]}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason, judged) = case.judged_accuracy()?;
    let verdict =
        Verdict::new().part("accuracy", accuracy, 0.8).part("format", case.format(), 0.2).because(reason);
    let verdict = match judged {
        Some(judged) => verdict.judged_if("accuracy", judged),
        None => verdict,
    };
    let Some(tool) = case.context.text("tool")? else { return Ok(verdict) };
    if tool == "answered" {
        let answered = case.context.flag("answered")? && accuracy >= 0.5;
        return Ok(verdict.part("tool", f64::from(u8::from(answered)), 1.0));
    }
    let window = case.context.needs("window", "[start, end] in seconds", interval)?;
    let crop = match case.context.read("crop", "[start, end] in seconds", interval)? {
        Some(crop) => Some(crop),
        None => case
            .turns()
            .flat_map(|turn| turn.blocks(super::Name::ToolCall))
            .last()
            .and_then(|text| read::interval(text).ok()),
    };
    let value = crop.map_or(0.0, |crop| if tool == "iou" { crop.iou(window) } else { window.inside(crop) });
    Ok(verdict.part("tool", value, 1.0))
}

/// `[start, end]`.
pub(crate) fn interval(value: &serde_json::Value) -> Option<Interval> {
    match super::case::numbers(value)?[..] {
        [start, end] => Interval::new(start, end),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::verdict;
    use super::*;

    #[test]
    fn the_share_of_the_window_in_the_crop_counts() {
        // vector u65
        let found = verdict(&LongVt, LongVt.entry().example);
        assert_eq!(found.value("tool"), Some(0.5));
        assert!((found.reward() - 1.5).abs() < 1e-12);
    }
}
