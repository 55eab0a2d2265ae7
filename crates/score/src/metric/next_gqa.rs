//! NExT-GQA: answers with the time that they rest on.

use super::accuracy::right;
use super::columns::{Cells, Columns, share};
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use crate::shapes::Interval;
use chronotope_world::catalogue::Entry;

/// NExT-GQA: the share of questions that are answered right by a window that lies in the truth by half (`Acc@GQA`, the result), and `Acc@QA`, `mIoP`, `mIoU` and their
/// shares at 0.3 and 0.5 (inclusive).
///
/// Truth: `answer`, `location` (one window `[start, end]` or several, in seconds). Prediction: `answer`, `location`. The best overlap and the best share inside are taken over the
/// windows independently. A window of no length has an IoP of 1 where it lies inside. What is missing counts 0; the source leaves it out of
/// the denominator.
///
/// # Source
/// `code/TempGQA/eval_ground.py` of doc-doc/NExT-GQA.
#[derive(Clone, Copy, Debug)]
pub struct NextGqa;

impl Metric for NextGqa {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "next-gqa",
            about: "answers with the time that they rest on: Acc@GQA, mIoP, mIoU",
            source: "score/src/metric/next_gqa.rs",
            paper: Some(
                "Xiao et al., Can I Trust Your Answer? Visually Grounded Video Question Answering, CVPR 2024",
            ),
            example: "chronotope score next-gqa --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("next-gqa", NAMES, marks).tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer", "location"], prediction: &["answer"] }
    }
}

pub(super) const NAMES: &[&str] =
    &["Acc@GQA", "Acc@QA", "mIoP", "mIoU", "IoP@0.3", "IoP@0.5", "IoU@0.3", "IoU@0.5"];

pub(super) fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let expected = "a record of answer and location (windows in seconds)";
    let answer = truth.field("answer").ok_or(expected)?;
    let windows =
        truth.field("location").and_then(Interval::several).filter(|all| !all.is_empty()).ok_or(expected)?;
    let right = said.field("answer").is_some_and(|said| right(answer, said) == Ok(Some(1.0)));
    let window = said.field("location").and_then(Interval::of);
    let best = |of: fn(Interval, Interval) -> f64| {
        window.map_or(0.0, |said| windows.iter().map(|truth| of(said, *truth)).fold(0.0, f64::max))
    };
    let (iop, iou) = (best(Interval::inside), best(Interval::iou));
    let passes = [iop >= 0.3, iop >= 0.5, iou >= 0.3, iou >= 0.5];
    let values = [share(right && iop >= 0.5), share(right), Some(iop), Some(iou)];
    Ok(Some(values.into_iter().chain(passes.map(share)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_window_counts_for_each_measure_by_itself() {
        let list = |all: &[[f64; 2]]| Datum::List(all.iter().map(|one| Datum::numbers(one)).collect());
        let truth = Datum::record([
            ("answer", Datum::text("a dog")),
            ("location", list(&[[0.0, 20.0], [30.0, 34.0]])),
        ]);
        let said = |answer: &str, span: [f64; 2]| {
            let said = Datum::record([("answer", Datum::text(answer)), ("location", Datum::numbers(&span))]);
            marks(&truth, &said).expect("a truth").expect("read")
        };
        let found = said("A dog", [28.0, 36.0]);
        assert_eq!(
            found,
            [Some(1.0), Some(1.0), Some(0.5), Some(0.5), Some(1.0), Some(1.0), Some(1.0), Some(1.0)]
        );
        let found = said("a cat", [5.0, 5.0]);
        assert_eq!(found[..4], [Some(0.0), Some(0.0), Some(1.0), Some(0.0)]);
    }
}
