//! Referring expressions: the box of what is meant.

use super::columns::{Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::shapes::Corners;
use chronotope_world::catalogue::Entry;

/// RefCOCO grounding: share of boxes that overlap the truth by at least 0.5 (`Acc@0.5`), also at 0.1, 0.3, 0.7 and 0.9, the mean
/// overlap, and the share whose centre lies in the true box.
///
/// Boxes as in [`super::BoxIou`].
///
/// # Source
/// Yu et al., Modeling Context in Referring Expressions (RefCOCO), 2016; `refcoco_grounding` of lmms-eval.
#[derive(Clone, Copy, Debug)]
pub struct RefCoco;

impl Metric for RefCoco {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "refcoco",
            about: "referring expressions: boxes right at 0.5, centre accuracy, mean overlap",
            source: "score/src/metric/refcoco.rs",
            paper: Some("Yu et al., Modeling Context in Referring Expressions, ECCV 2016"),
            example: "chronotope score refcoco --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        let columns = &["Acc@0.5", "Acc@0.1", "Acc@0.3", "Acc@0.7", "Acc@0.9", "Center_ACC", "IoU"];
        Columns::scores("refcoco", columns, marks).tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Vec<Option<f64>>>, &'static str> {
    let truth = Corners::of(truth).ok_or("a box [x1, y1, x2, y2]")?;
    let Some(said) = Corners::of(said) else { return Ok(None) };
    let iou = truth.iou(said);
    let at = |threshold: f64| share(iou >= threshold);
    Ok(Some(vec![at(0.5), at(0.1), at(0.3), at(0.7), at(0.9), share(truth.holds(said.centre())), Some(iou)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_is_inclusive_and_the_centre_counts_by_itself() {
        let truth = Datum::numbers(&[0.0, 0.0, 10.0, 10.0]);
        let found = |text: &str| marks(&truth, &Datum::text(text)).expect("truth");
        let half = found("(0, 0, 10, 5)").expect("read");
        assert_eq!((half[0], half[3], half[5], half[6]), (Some(1.0), Some(0.0), Some(1.0), Some(0.5)));
        assert_eq!(found("[9, 9, 20, 20]").expect("read")[5], Some(0.0));
        assert_eq!(found("[10, 10, 0, 0]"), None);
    }
}
