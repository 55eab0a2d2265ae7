//! Video object segmentation: regions and outlines.

use super::columns::Columns;
use super::{Metric, Tally};
use crate::boundary::{MOST_PIXELS, boundary_f};
use crate::datum::Datum;
use crate::shapes::masks;
use chronotope_world::Mask;
use chronotope_world::catalogue::Entry;

/// J&F of one object over the pictures of a video: the mean of region similarity J (overlap) and boundary F.
///
/// A row is an object: truth and prediction are lists of masks, picture by picture (`{}` where there is none, which is an empty mask).
/// `J_mean`, `F_mean`, `J_recall` and `F_recall` (share of pictures above 0.5), `J_decay` and `F_decay` (first quarter less last
/// quarter). The lists hold the pictures that count: the semi-supervised protocol leaves out the first and the last, ReVOS takes all. A
/// prediction with fewer pictures is empty in the others. An object that is missing counts 0. Masks of more than 8192 × 8192 pixels are
/// refused.
///
/// # Source
/// Perazzi et al., 2016, and Pont-Tuset et al., DAVIS 2017; equal to `davis2017/metrics.py` and `utils.db_statistics`, but for
/// the decay of videos over 256 pictures, where the source's picture numbers wrap around.
#[derive(Clone, Copy, Debug)]
pub struct JAndF;

impl Metric for JAndF {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "j-and-f",
            about: "video object segmentation: region similarity J, boundary F, recall and decay",
            source: "score/src/metric/j_and_f.rs",
            paper: Some("Pont-Tuset et al., The 2017 DAVIS Challenge on Video Object Segmentation, 2017"),
            example: "chronotope score j-and-f --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        let columns = &["J&F", "J_mean", "F_mean", "J_recall", "F_recall", "J_decay", "F_decay"];
        Columns::scores("j-and-f", columns, marks).tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Vec<Option<f64>>>, &'static str> {
    let truth =
        masks(truth).filter(|all| all.iter().any(Option::is_some)).ok_or("masks, picture by picture")?;
    let Some(mut said) = masks(said) else { return Ok(None) };
    let Some(size) = truth.iter().flatten().next().map(|one| (one.width(), one.height())) else {
        return Ok(None);
    };
    if size.0 as usize * size.1 as usize > MOST_PIXELS {
        return Err("masks of at most 67,108,864 pixels (8192 x 8192)");
    }
    said.resize(truth.len(), None);
    let (mut js, mut fs) = (Vec::new(), Vec::new());
    for (truth, said) in truth.into_iter().zip(said) {
        let (Some(truth), Some(said)) = (or_empty(truth, size), or_empty(said, size)) else {
            return Ok(None);
        };
        let (Ok(iou), Some(f)) = (truth.iou(&said), boundary_f(&truth, &said)) else { return Ok(None) };
        js.push(if truth.area() == 0 && said.area() == 0 { 1.0 } else { iou });
        fs.push(f);
    }
    let ([j, j_recall, j_decay], [f, f_recall, f_decay]) = (statistics(&js), statistics(&fs));
    let values = [f64::midpoint(j, f), j, f, j_recall, f_recall, j_decay, f_decay];
    Ok(Some(values.map(Some).to_vec()))
}

fn or_empty(mask: Option<Mask>, (width, height): (u32, u32)) -> Option<Mask> {
    mask.or_else(|| Mask::from_counts(width, height, vec![width * height]).ok())
}

/// Mean, share above 0.5, and mean of the first quarter less that of the last; quarters share their end pictures.
fn statistics(values: &[f64]) -> [f64; 3] {
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let above = values.iter().filter(|value| **value > 0.5).count() as f64 / values.len() as f64;
    let last = values.len() - 1;
    // numpy rounds halves to even, after the source's nudge upwards by 1e-10
    let quarter = |i: usize| (1.0 + i as f64 * last as f64 / 4.0 + 1e-10).round() as usize - 1;
    [mean(values), above, mean(&values[..=quarter(1)]) - mean(&values[quarter(3)..])]
}
