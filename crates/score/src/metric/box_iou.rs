//! Overlap of boxes in a picture.

use super::columns::{Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::shapes::Corners;
use chronotope_world::catalogue::Entry;

/// Mean overlap of boxes, plain (`IoU`) and generalised (`GIoU`, −1 to 1), and the share that reaches 0.5.
///
/// A box is `[x1, y1, x2, y2]`, `{left, top, width, height}` or text with such a list in brackets. A prediction that is missing
/// or cannot be read has an IoU of 0 and a GIoU of −1.
///
/// # Source
/// Rezatofighi et al., Generalized Intersection over Union, 2019.
#[derive(Clone, Copy, Debug)]
pub struct BoxIou;

impl Metric for BoxIou {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "box-iou",
            about: "overlap of boxes, plain and generalised (GIoU)",
            source: "score/src/metric/box_iou.rs",
            paper: Some("Rezatofighi et al., Generalized Intersection over Union, CVPR 2019"),
            example: "chronotope score box-iou --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("box-iou", &["IoU", "GIoU", "Acc@0.5"], marks)
            .of_missing(|_| vec![Some(0.0), Some(-1.0), Some(0.0)])
            .tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Vec<Option<f64>>>, &'static str> {
    let truth = Corners::of(truth).ok_or("a box [x1, y1, x2, y2]")?;
    let Some(said) = Corners::of(said) else { return Ok(None) };
    let iou = truth.iou(said);
    Ok(Some(vec![Some(iou), Some(truth.giou(said)), share(iou >= 0.5)]))
}
