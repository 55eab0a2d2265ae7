//! EgoVLM: right answers that cite the key moments.

use super::steps::times;
use super::{Case, Fault, Verdict};

rule! {
    /// Accuracy + ½ F1 of the cited moments where the answer is right.
    ///
    /// Cited are the seconds in `<t>…</t>` of the thoughts (or `context.cited`); `context.key_frames` are the gold seconds; they match within
    /// ±0.5 s, one to one. The paper's abstract names a keyframe reward without a formula: this one is ours.
    ///
    /// # Source
    /// EgoVLM, 2025 (abstract).
    EgoVlm, "ego-vlm", "accuracy, and the F1 of the key moments cited where it is right", "ego_vlm.rs",
    Some("Vinod et al., EgoVLM, 2025 (known from its abstract)"),
    r#"{"id": 1, "completion": "<think>at <t>1.0</t>s, <t>5.2</t>s and <t>9.0</t>s</think><answer>B</answer>", "answer": "B", "context": {"key_frames": [1.3, 5.0]}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let gold = case.context.needs("key_frames", "a list of seconds", super::case::numbers)?;
    let (accuracy, reason) = case.accuracy()?;
    let cited =
        case.context.numbers("cited")?.unwrap_or_else(|| times(case.reply.thoughts().unwrap_or_default()));
    let f1 = if accuracy == 1.0 { moments_f1(&cited, &gold, 0.5) } else { 0.0 };
    Ok(Verdict::of("accuracy", accuracy).part("keyframes", f1, 0.5).because(reason))
}

/// F1 of moments that match one to one within `within_s`.
pub(crate) fn moments_f1(cited: &[f64], gold: &[f64], within_s: f64) -> f64 {
    let sorted = |times: &[f64]| {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        times
    };
    let (cited, gold) = (sorted(cited), sorted(gold));
    let (mut i, mut j, mut matched) = (0, 0, 0.0);
    // earliest with earliest is a largest matching of points on a line
    while i < cited.len() && j < gold.len() {
        // as published thresholds are: inclusive, up to rounding
        if (cited[i] - gold[j]).abs() <= within_s + 1e-9 {
            (i, j, matched) = (i + 1, j + 1, matched + 1.0);
        } else if cited[i] < gold[j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    let all = (cited.len() + gold.len()) as f64;
    if all == 0.0 { 0.0 } else { 2.0 * matched / all }
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn cited_moments_count_as_the_worked_vector_says() {
        // vector u61
        assert!((moments_f1(&[1.0, 5.2, 9.0], &[1.3, 5.0], 0.5) - 0.8).abs() < 1e-12);
        assert!((pays(&EgoVlm, EgoVlm.entry().example) - 1.4).abs() < 1e-12);
        assert_eq!(moments_f1(&[1.0, 1.1], &[1.0], 0.5), 2.0 / 3.0);
    }
}
