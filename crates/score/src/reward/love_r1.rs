//! LOVE-R1: zoom, then answer, each step by itself.

use super::reply::{Name, Reason};
use super::{Case, Fault, Verdict, read};
use crate::shapes::Interval;

rule! {
    /// Accuracy + format of one step, accuracy 0 without the format.
    ///
    /// With `context.step` 1 the reply is a zoom request: a tool call whose numbers are seconds. It has the format where they are whole, within
    /// [0, duration + 1], from 1 to min(duration / 2, 60) of them, and overlap no earlier zoom (`context.zooms`) by more than 0.7. It is right where it meets the
    /// window (`context.window`); without one, as right as step 2 was (`context.step2_accuracy`). Step 2 is the answer. Advantages are taken
    /// for each step separately (`--group-by`, `--advantage love-r1`).
    ///
    /// # Source
    /// `grpo_trainer.py` of HumanMLLM/LOVE-R1.
    LoveR1, "love-r1", "one step of zooming and answering, nothing without the format", "love_r1.rs",
    Some("Fu et al., LOVE-R1, 2025"),
    r#"{"id": 1, "completion": "<think>look</think><tool_call>[12, 13, 14]</tool_call>", "context": {"step": 1, "duration": 100, "window": [10, 20]}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    if case.context.amount_or("step", 2.0)? != 1.0 {
        let (accuracy, reason) = case.accuracy()?;
        let format = case.format();
        return Ok(Verdict::of("accuracy", accuracy * format).part("format", format, 1.0).because(reason));
    }
    let duration = case.context.needs_amount("duration")?;
    let window = case.context.read("window", "[start, end] in seconds", super::long_vt::interval)?;
    let zooms = case.context.read("zooms", "a list of [start, end]", |value| {
        value.as_array()?.iter().map(super::long_vt::interval).collect::<Option<Vec<_>>>()
    })?;
    let zoom = zoom(case, duration, &zooms.unwrap_or_default());
    let hits = match (zoom, window) {
        (Some(zoom), Some(window)) => {
            f64::from(u8::from(zoom.overlap(window) > 0.0 || zoom.iou(window) > 0.0))
        }
        (Some(_), None) => case.context.share_or("step2_accuracy", 0.0)?,
        (None, _) => 0.0,
    };
    let format = f64::from(u8::from(zoom.is_some()));
    Ok(Verdict::of("accuracy", hits)
        .part("format", format, 1.0)
        .because(zoom.is_none().then_some(Reason::Format)))
}

/// The span that the one request asks for, where it is valid. A single second is a span of one second.
fn zoom(case: &Case<'_>, duration: f64, earlier: &[Interval]) -> Option<Interval> {
    let text = super::stvg_r1::only(case.reply.blocks(Name::ToolCall).collect()).ok()?;
    let times = read::numbers(text);
    let most = (duration / 2.0).min(60.0);
    let valid = |t: &f64| t.fract() == 0.0 && (0.0..=duration + 1.0).contains(t);
    if times.is_empty() || times.len() as f64 > most || !times.iter().all(valid) {
        return None;
    }
    let least = times.iter().copied().fold(f64::INFINITY, f64::min);
    let last = times.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = Interval::new(least, if last > least { last } else { least + 1.0 })?;
    earlier.iter().all(|other| span.iou(*other) <= 0.7).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn a_zoom_has_to_be_valid_and_to_hit() {
        let row = LoveR1.entry().example;
        assert_eq!(pays(&LoveR1, row), 2.0);
        for (from, to, expected) in [
            ("12, 13, 14", "52, 53", 1.0),
            ("12, 13", "12.5, 13", 0.0),
            ("12, 13, 14", "102", 0.0),
            ("\"step\": 1,", "\"step\": 1, \"zooms\": [[12, 14]],", 0.0),
        ] {
            assert_eq!(pays(&LoveR1, &row.replace(from, to)), expected, "{to}");
        }
        let second = r#"{"completion": "<answer>B</answer>", "answer": "B"}"#;
        assert_eq!(pays(&LoveR1, second), 0.0);
    }
}
