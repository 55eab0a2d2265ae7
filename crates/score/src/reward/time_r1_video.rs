//! Time-R1 on video: overlap, with ends that count.

use super::{Case, Fault, Verdict, read};
use crate::shapes::Interval;

rule! {
    /// IoU · (1 − |Δstart| / D)(1 − |Δend| / D) + format, D the length of the video (`context.duration` in seconds).
    ///
    /// Without a duration it is the plain IoU (the first version of the rule).
    ///
    /// # Source
    /// `main.py` of xiaomi-research/time-r1.
    TimeR1Video, "time-r1-video", "overlap of intervals that falls with the distance of the ends, and format", "time_r1_video.rs",
    Some("Wang et al., Time-R1: Post-Training LVLM for Temporal Video Grounding, 2025"),
    r#"{"id": 1, "completion": "<think>then</think><answer>12 to 24</answer>", "answer": "[10, 20]", "context": {"duration": 100}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let truth = case.truth_as("an interval in seconds", |text| read::interval(text).ok())?;
    let duration = case.context.amount("duration")?;
    let (value, reason) = match case.answer().and_then(read::interval) {
        Ok(said) => (tiou_with_ends(said, truth, duration), None),
        Err(reason) => (0.0, Some(reason)),
    };
    Ok(Verdict::of("tiou", value).part("format", case.format(), 1.0).because(reason))
}

/// The overlap, less for ends that are off by a share of the whole; not below 0.
pub(crate) fn tiou_with_ends(said: Interval, truth: Interval, duration: Option<f64>) -> f64 {
    let iou = said.iou(truth);
    let Some(duration) = duration.filter(|d| *d > 0.0) else { return iou };
    let near = |a: f64, b: f64| (1.0 - (a - b).abs() / duration).max(0.0);
    iou * near(said.start, truth.start) * near(said.end, truth.end)
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn ends_count_as_the_worked_vector_says() {
        // vector u24
        let row = r#"{"completion": "<answer>12 to 24</answer>", "answer": "[10, 20]", "context": {"duration": 100}}"#;
        assert!((pays(&TimeR1Video, row) - 0.5376).abs() < 1e-9);
        assert!((pays(&TimeR1Video, &row.replace("100", "null")) - 0.571429).abs() < 1e-6);
    }
}
