//! TAR-TVG: anchors on the way that get better.

use super::reply::Name;
use super::{Case, Fault, Verdict, read};
use crate::shapes::Interval;

rule! {
    /// Signed overlap + format + progress of the anchors.
    ///
    /// The overlap is over the hull and negative where the intervals are apart, at least −1. Anchors are the intervals in `<anchor>` blocks of
    /// the thoughts, in order, the answer last; progress is the share of steps that do not get worse. No anchor, or one that cannot be read, is
    /// progress 0. The formula of the progress is ours: the paper gives none. So that showing no interval does not pay more than a wrong
    /// one, an answer that cannot be read counts −1.
    ///
    /// # Source
    /// TAR-TVG, 2025 (abstract, and a note for the soft overlap).
    TarTvg, "tar-tvg", "signed overlap of intervals, format, anchors that get better", "tar_tvg.rs",
    Some("TAR-TVG, 2025 (known from its abstract)"),
    r#"{"id": 1, "completion": "<think><anchor>5 to 12</anchor> rather <anchor>8 to 18</anchor></think><answer>9 to 20</answer>", "answer": "[10, 20]"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let truth = case.truth_as("an interval in seconds", |text| read::interval(text).ok())?;
    let (soft, last, reason) = match case.answer().and_then(read::interval) {
        Ok(said) => (soft_iou(said, truth), Some(said.iou(truth)), None),
        Err(reason) => (-1.0, None, Some(reason)),
    };
    let anchors = |text| {
        super::Reply::new(text).blocks(Name::Anchor).map(read::interval).collect::<Result<Vec<_>, _>>()
    };
    let anchors = case.reply.thoughts().and_then(|text| anchors(text).ok()).unwrap_or_default();
    let mut ious: Vec<f64> = anchors.into_iter().map(|anchor| anchor.iou(truth)).collect();
    ious.extend(last);
    let progress = if last.is_some() { progress(&ious) } else { 0.0 };
    Ok(Verdict::of("tiou", soft)
        .part("format", case.format(), 1.0)
        .part("progress", progress, 1.0)
        .because(reason))
}

/// Overlap over the hull, negative where apart, at least −1; of two equal instants 1.
pub(crate) fn soft_iou(a: Interval, b: Interval) -> f64 {
    if a == b { 1.0 } else { a.signed_hull(b).max(-1.0) }
}

/// Share of the steps that do not get worse.
fn progress(ious: &[f64]) -> f64 {
    let steps = ious.len().saturating_sub(1);
    if steps == 0 {
        0.0
    } else {
        ious.windows(2).filter(|pair| pair[1] >= pair[0]).count() as f64 / steps as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disjoint_answers_differ_and_anchors_have_to_get_better() {
        // vector u25
        let of = |start, end| Interval::new(start, end).expect("in order");
        assert_eq!(soft_iou(of(0.0, 5.0), of(10.0, 20.0)), -0.25);
        assert!((progress(&[0.2, 0.4, 0.35, 0.6]) - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(progress(&[0.6]), 0.0);
    }
}
