//! V-STaR: what, when and where.

use super::accuracy::right;
use super::columns::{Cells, Columns, share};
use super::viou::best;
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use crate::shapes::{Corners, Interval, over_time};
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// V-STaR: the answer (`Acc`), its time (`m_tIoU`) and its place (`m_vIoU`), asked in two chains, and what joins them: the arithmetic mean `AM` and the
/// logarithmic geometric mean `LGM` of each chain, and `mAM` (the result) and `mLGM` over both. All are fractions; the source prints them times 100.
///
/// Truth: `answer`, `timestamps` `[start, end]`, `bboxes` (boxes by time, or a list of `{timestamp, xmin, ymin, xmax, ymax}`). Prediction: `answer_vqa`, or the grade
/// 0 to 3 of a judge in `answer_vqa_score`, of which 2 is right; `answer_temporal` and `answer_spatial` of the first chain, and with `_2` of the second. Without a
/// grade an answer is right where it is the truth, ignoring case, or its letter. An interval is exactly two numbers; reversed ends have no overlap. Boxes are looked up by time as a
/// number (`12` is `12.0`); the source compares text. 1 − x is clamped to at least 1e-6, where the source ends in an error. Whatever is
/// missing counts 0.
///
/// # Source
/// `eval.py` of V-STaR-Bench/V-STaR; the worked vectors are those of the notes (m9 to m11).
#[derive(Clone, Copy, Debug)]
pub struct VStar;

impl Metric for VStar {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "v-star",
            about: "what, when and where of a question in two chains: AM and LGM and their means",
            source: "score/src/metric/v_star.rs",
            paper: Some("Cheng et al., V-STaR, 2025"),
            example: "chronotope score v-star --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns { headline: "mAM", derive: means, ..Columns::scores("v-star", NAMES, marks) }.tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer", "timestamps", "bboxes"], prediction: &[] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

const NAMES: &[&str] = &[
    "Acc", "m_tIoU", "m_vIoU", "m_tIoU_2", "m_vIoU_2", "R1@0.3", "R1@0.5", "R1@0.7", "vAP@0.1", "vAP@0.3",
    "vAP@0.5", "joint",
];

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let expected = "a record of answer, timestamps [start, end] and bboxes";
    let answer = truth.field("answer").ok_or(expected)?;
    let (span, tube) = span(truth)?;
    let right = match said.field("answer_vqa_score").map(Datum::number) {
        Some(grade) => grade.is_some_and(|grade| grade >= 2.0),
        None => said.field("answer_vqa").is_some_and(|said| right(answer, said) == Ok(Some(1.0))),
    };
    let when = |name: &str| when(span, said, name);
    let place = |name: &str| place(&tube, said, name).iter().sum::<f64>() / tube.len() as f64;
    let (t1, v1) = (when("answer_temporal"), place("answer_spatial"));
    let (t2, v2) = (when("answer_temporal_2"), place("answer_spatial_2"));
    let values = [share(right), Some(t1), Some(v1), Some(t2), Some(v2)];
    let passes =
        [t1 >= 0.3, t1 >= 0.5, t1 >= 0.7, v1 >= 0.1, v1 >= 0.3, v1 >= 0.5, right && t1 >= 0.3 && v1 >= 0.1];
    Ok(Some(values.into_iter().chain(passes.map(share)).collect()))
}

/// Boxes by the bits of their time.
pub(super) type Tube = BTreeMap<u64, Vec<Corners>>;

/// When and where the truth is.
pub(super) fn span(truth: &Datum) -> Result<(Interval, Tube), &'static str> {
    let expected = "a record of answer, timestamps [start, end] and bboxes";
    let span = truth.field("timestamps").and_then(Interval::of).ok_or(expected)?;
    let tube = truth.field("bboxes").and_then(over_time).filter(|tube| !tube.is_empty()).ok_or(expected)?;
    Ok((span, tube))
}

/// Overlap of the interval in this field.
pub(super) fn when(span: Interval, said: &Datum, field: &str) -> f64 {
    said.field(field).and_then(Interval::of).map_or(0.0, |said| span.iou(said))
}

/// Overlap of the boxes in this field, at every time of the truth's.
pub(super) fn place(tube: &Tube, said: &Datum, field: &str) -> Vec<f64> {
    let said = said.field(field).and_then(over_time).unwrap_or_default();
    tube.iter().map(|(t, truths)| said.get(t).map_or(0.0, |boxes| best(truths, boxes))).collect()
}

/// What joins answer, time and place.
pub(super) fn means(values: &mut BTreeMap<String, f64>) {
    let get = |name: &str| values.get(name).copied();
    let (Some(acc), Some(t1), Some(v1)) = (get("Acc"), get("m_tIoU"), get("m_vIoU")) else { return };
    let (t2, v2) = (get("m_tIoU_2").unwrap_or_default(), get("m_vIoU_2").unwrap_or_default());
    let (first, second) = ([acc, t1, v1], [acc, t2, v2]);
    let made = [
        ("AM", arithmetic(first)),
        ("AM_2", arithmetic(second)),
        ("LGM", log_geometric(first)),
        ("LGM_2", log_geometric(second)),
        ("mAM", f64::midpoint(arithmetic(first), arithmetic(second))),
        ("mLGM", f64::midpoint(log_geometric(first), log_geometric(second))),
    ];
    values.extend(made.map(|(name, value)| (name.to_owned(), value)));
}

fn arithmetic(parts: [f64; 3]) -> f64 {
    parts.iter().sum::<f64>() / 3.0
}

/// −(ln(1−a) + ln(1−b) + ln(1−c)) / 3.
fn log_geometric(parts: [f64; 3]) -> f64 {
    -parts.iter().map(|part| libm::log((1.0 - part).max(1e-6))).sum::<f64>() / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_means_are_those_of_the_worked_vectors() {
        let close =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        let (first, second) = ([0.5, 0.2, 0.1], [0.5, 0.1, 0.05]);
        close(arithmetic(first), 0.266667);
        close(log_geometric(first), 0.340550);
        close(arithmetic(second), 0.216667);
        close(log_geometric(second), 0.283267);
        close(f64::midpoint(arithmetic(first), arithmetic(second)), 0.241667);
        close(f64::midpoint(log_geometric(first), log_geometric(second)), 0.311909);
        close(log_geometric([1.0; 3]), 13.815511);
    }

    #[test]
    fn every_part_of_both_chains_counts() {
        let span = Datum::numbers(&[10.0, 20.0]);
        let boxes = Datum::record([("12.0", Datum::numbers(&[0.0, 0.0, 2.0, 2.0]))]);
        let truth = Datum::record([
            ("answer", Datum::text("B")),
            ("timestamps", span.clone()),
            ("bboxes", boxes.clone()),
        ]);
        let said = Datum::record([
            ("answer_vqa", Datum::text("b. the chair")),
            ("answer_temporal", span),
            ("answer_spatial", Datum::record([("12", Datum::numbers(&[0.0, 0.0, 2.0, 1.0]))])),
        ]);
        let found = marks(&truth, &said).expect("a truth").expect("read");
        assert_eq!(found[..5], [Some(1.0), Some(1.0), Some(0.5), Some(0.0), Some(0.0)]);
        assert_eq!(found[11], Some(1.0));
    }
}
