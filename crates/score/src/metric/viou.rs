//! Overlap of tubes: boxes over time.

use super::columns::{Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::shapes::{Corners, over_time};
use chronotope_world::catalogue::Entry;

/// vIoU: mean overlap of a tube's boxes over the annotated pictures, a missing box counting 0; `vAP@0.1` … are the shares of items
/// that reach a threshold (inclusive).
///
/// A tube is `{time or picture: box}` or a list of `{frame | time, box}`; the keys are compared as numbers, so that `12` and `12.0`
/// are one (V-STaR compares them as text). Of several boxes at one time the best counts. `tube_union` is the classic form: the
/// sum over the common pictures divided by the number of pictures of either.
///
/// # Source
/// `eval.py` of V-STaR-Bench; Zhang et al., Where Does It Exist (`tube_union`), 2020.
#[derive(Clone, Copy, Debug)]
pub struct Viou;

impl Metric for Viou {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "viou",
            about: "overlap of boxes over time: mean over annotated pictures, and shares at 0.1 to 0.9",
            source: "score/src/metric/viou.rs",
            paper: Some("Cheng et al., V-STaR, 2025; Zhang et al., Where Does It Exist, CVPR 2020"),
            example: "chronotope score viou --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        let columns = &["m_vIoU", "vAP@0.1", "vAP@0.3", "vAP@0.5", "vAP@0.7", "vAP@0.9", "tube_union"];
        Columns::scores("viou", columns, marks).tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Vec<Option<f64>>>, &'static str> {
    let tube = over_time(truth).filter(|tube| !tube.is_empty()).ok_or("boxes by time or picture")?;
    let Some(said) = over_time(said) else { return Ok(None) };
    let common: f64 =
        tube.iter().map(|(t, truths)| said.get(t).map_or(0.0, |boxes| best(truths, boxes))).sum();
    let viou = common / tube.len() as f64;
    let either = tube.len() + said.keys().filter(|t| !tube.contains_key(t)).count();
    let at = |threshold: f64| share(viou >= threshold);
    Ok(Some(vec![Some(viou), at(0.1), at(0.3), at(0.5), at(0.7), at(0.9), Some(common / either as f64)]))
}

/// The best overlap between any two.
pub(super) fn best(truths: &[Corners], said: &[Corners]) -> f64 {
    truths.iter().flat_map(|t| said.iter().map(|s| t.iou(*s))).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_box_counts_nothing_and_keys_are_numbers() {
        let b = |x: f64| Datum::numbers(&[x, 0.0, x + 2.0, 2.0]);
        let truth = Datum::record([("1", b(0.0)), ("2", b(0.0))]);
        let said = Datum::record([("1.0", b(1.0)), ("3", b(0.0))]);
        let found = marks(&truth, &said).expect("truth").expect("read");
        let third = 1.0 / 3.0;
        assert_eq!(found[0], Some(third / 2.0));
        assert_eq!((found[1], found[2], found[6]), (Some(1.0), Some(0.0), Some(third / 3.0)));
    }
}
