//! Overlap of masks.

use super::columns::{Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::shapes::mask;
use chronotope_world::catalogue::Entry;

/// Mean overlap of masks (`mIoU`, the region similarity J of single pictures), and the shares above 0.25 and 0.5 (strict, as Surprise3D
/// counts) and from 0.5 on.
///
/// A mask is COCO's `{size: [height, width], counts}` with counts as text or run lengths. Two empty masks agree (1). A mask of
/// another size cannot be read.
///
/// # Source
/// Perazzi et al., DAVIS, 2016; equal to `db_eval_iou` of davis2017-evaluation, and to pycocotools' `iou` but for two empty masks,
/// which have 0 there.
#[derive(Clone, Copy, Debug)]
pub struct MaskIou;

impl Metric for MaskIou {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "mask-iou",
            about: "overlap of masks in run lengths",
            source: "score/src/metric/mask_iou.rs",
            paper: Some(
                "Perazzi et al., A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation, CVPR 2016",
            ),
            example: "chronotope score mask-iou --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("mask-iou", &["mIoU", "Acc@0.5", "Acc>0.25", "Acc>0.5"], marks).tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Vec<Option<f64>>>, &'static str> {
    let truth = mask(truth).ok_or("a mask {size: [height, width], counts}")?;
    let Some(said) = mask(said) else { return Ok(None) };
    let Ok(iou) = truth.iou(&said) else { return Ok(None) };
    let iou = if truth.area() == 0 && said.area() == 0 { 1.0 } else { iou };
    Ok(Some(vec![Some(iou), share(iou >= 0.5), share(iou > 0.25), share(iou > 0.5)]))
}
