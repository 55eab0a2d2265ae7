//! Overlap of intervals in time.

use super::columns::{Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::shapes::Interval;
use chronotope_world::catalogue::Entry;

/// Moment retrieval: mean overlap of intervals (`mIoU`) and the share that reaches 0.3, 0.5, 0.7 (`R1@0.3` …, inclusive).
///
/// The truth is an interval in seconds or several, of which the best counts: `[start, end]`, `{start, end}` or text. A prediction in
/// words is read as Charades-STA does (range, clock times, two numbers; swapped where reversed). `mIoP` is the share of the
/// prediction that lies inside the truth.
///
/// # Source
/// Gao et al., TALL (Charades-STA), 2017; `charades_sta/eval_tvg.py` of lmms-eval.
#[derive(Clone, Copy, Debug)]
pub struct Tiou;

impl Metric for Tiou {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "tiou",
            about: "overlap of time intervals: mean IoU and recall at 0.3, 0.5, 0.7 (moment retrieval)",
            source: "score/src/metric/tiou.rs",
            paper: Some("Gao et al., TALL: Temporal Activity Localization via Language Query, ICCV 2017"),
            example: "chronotope score tiou --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("tiou", &["mIoU", "R1@0.3", "R1@0.5", "R1@0.7", "mIoP"], marks).tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Vec<Option<f64>>>, &'static str> {
    let truths =
        Interval::several(truth).filter(|all| !all.is_empty()).ok_or("an interval in seconds or several")?;
    let Some(said) = Interval::of(said) else { return Ok(None) };
    let best =
        |of: fn(Interval, Interval) -> f64| truths.iter().map(|truth| of(said, *truth)).fold(0.0, f64::max);
    let (iou, inside) = (best(Interval::iou), best(Interval::inside));
    let at = |threshold: f64| share(iou >= threshold);
    Ok(Some(vec![Some(iou), at(0.3), at(0.5), at(0.7), Some(inside)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_inclusive_and_the_best_truth_counts() {
        let truths = Datum::List(vec![Datum::numbers(&[0.0, 1.0]), Datum::numbers(&[10.0, 20.0])]);
        let found = marks(&truths, &Datum::text("from 15 to 20 s")).expect("truth").expect("read");
        assert_eq!(found, [Some(0.5), Some(1.0), Some(1.0), Some(0.0), Some(1.0)]);
        assert_eq!(marks(&truths, &Datum::text("soon")), Ok(None));
        assert!(marks(&Datum::text("B"), &Datum::text("B")).is_err());
    }
}
