//! Truth and prediction of a sequence, picture by picture, with the overlap of every pair of boxes.

use crate::datum::Datum;
use crate::row::Row;
use crate::tracks::{TrackedBox, Tracks};
use chronotope_world::BoxPx;
use std::collections::BTreeSet;
use std::collections::HashMap;

/// Cells of the largest picture that is scored: 8,192 boxes on either side.
const MOST_CELLS: usize = 1 << 26;

/// A sequence with its identities numbered from 0.
pub(crate) struct Pairs {
    pub(crate) pictures: Vec<Picture>,
    /// Boxes of each identity of the truth.
    pub(crate) truth_counts: Vec<u32>,
    /// Boxes of each predicted identity.
    pub(crate) said_counts: Vec<u32>,
}

/// One picture in which there is a box on either side.
#[derive(Default)]
pub(crate) struct Picture {
    /// Numbers of the identities in the truth.
    pub(crate) truth: Vec<u32>,
    /// Numbers of the predicted identities.
    pub(crate) said: Vec<u32>,
    /// Intersection over union, row by row of the truth.
    pub(crate) iou: Vec<f64>,
}

impl Pairs {
    /// The pairs of a row of tracks; a prediction that is missing has no boxes.
    pub(crate) fn of(row: &Row<'_>) -> Result<Option<Pairs>, &'static str> {
        let Datum::Tracks(truth) = row.truth else { return Err("boxes with identities") };
        let empty = Tracks::default();
        let said = match row.prediction {
            Some(Datum::Tracks(said)) => said,
            Some(_) => return Ok(None),
            None => &empty,
        };
        Pairs::new(truth.boxes(), said.boxes())
            .map(Some)
            .ok_or("at most 67 million pairs of boxes in a picture")
    }

    fn new(truth: &[TrackedBox], said: &[TrackedBox]) -> Option<Pairs> {
        let (truth_ids, said_ids) = (Numbers::of(truth), Numbers::of(said));
        let mut pairs = Pairs {
            pictures: Vec::new(),
            truth_counts: vec![0; truth_ids.0.len()],
            said_counts: vec![0; said_ids.0.len()],
        };
        let (mut t, mut s) = (0, 0);
        while t < truth.len() || s < said.len() {
            let next =
                |boxes: &[TrackedBox], at: usize| boxes.get(at).map_or(u32::MAX, |one| one.frame_index);
            let frame_index = next(truth, t).min(next(said, s));
            let end = |boxes: &[TrackedBox], from: usize| {
                from + boxes[from..].partition_point(|one| one.frame_index == frame_index)
            };
            let (t_end, s_end) = (end(truth, t), end(said, s));
            let (a, b) = (&truth[t..t_end], &said[s..s_end]);
            (t, s) = (t_end, s_end);
            if a.len().saturating_mul(b.len()) > MOST_CELLS {
                return None;
            }
            let picture = Picture {
                truth: a.iter().map(|one| truth_ids.number(one.id)).collect(),
                said: b.iter().map(|one| said_ids.number(one.id)).collect(),
                iou: overlaps(a, b),
            };
            picture.truth.iter().for_each(|&id| pairs.truth_counts[id as usize] += 1);
            picture.said.iter().for_each(|&id| pairs.said_counts[id as usize] += 1);
            pairs.pictures.push(picture);
        }
        Some(pairs)
    }

    /// Boxes of the truth.
    pub(crate) fn n_truth(&self) -> u64 {
        self.truth_counts.iter().map(|&n| u64::from(n)).sum()
    }

    /// Predicted boxes.
    pub(crate) fn n_said(&self) -> u64 {
        self.said_counts.iter().map(|&n| u64::from(n)).sum()
    }
}

/// A number for each pair of identities that ever meets: its slot in columns of whatever is counted by pair.
#[derive(Default)]
pub(crate) struct Slots {
    slots: HashMap<(u32, u32), u32>,
    /// The pairs, by slot.
    pub(crate) pairs: Vec<(u32, u32)>,
}

impl Slots {
    /// The slot of a pair, made where it has none.
    pub(crate) fn slot(&mut self, pair: (u32, u32)) -> usize {
        *self.slots.entry(pair).or_insert_with(|| {
            self.pairs.push(pair);
            self.pairs.len() as u32 - 1
        }) as usize
    }
}

/// Identities in rising order; an identity's number is its place.
struct Numbers(Vec<u64>);

impl Numbers {
    fn of(boxes: &[TrackedBox]) -> Numbers {
        Numbers(boxes.iter().map(|one| one.id).collect::<BTreeSet<u64>>().into_iter().collect())
    }

    fn number(&self, id: u64) -> u32 {
        self.0.partition_point(|&other| other < id) as u32
    }
}

pub(crate) fn overlaps(truth: &[TrackedBox], said: &[TrackedBox]) -> Vec<f64> {
    let corners = |one: &TrackedBox| Corners::of(one.box_px);
    let said: Vec<Corners> = said.iter().map(corners).collect();
    let mut ious = Vec::with_capacity(truth.len() * said.len());
    for one in truth {
        let one = corners(one);
        ious.extend(said.iter().map(|other| one.iou(other)));
    }
    ious
}

/// A box as TrackEval compares it, operation by operation: near a threshold the last bit counts.
struct Corners {
    low: [f64; 2],
    high: [f64; 2],
    area: f64,
}

impl Corners {
    fn of(b: BoxPx) -> Corners {
        let (low, high) = ([b.left, b.top], [b.left + b.width, b.top + b.height]);
        Corners { low, high, area: (high[0] - low[0]) * (high[1] - low[1]) }
    }

    fn iou(&self, other: &Corners) -> f64 {
        let side = |axis: usize| {
            (self.high[axis].min(other.high[axis]) - self.low[axis].max(other.low[axis])).max(0.0)
        };
        let intersection = side(0) * side(1);
        let union = self.area + other.area - intersection;
        // an area beyond what numbers hold overlaps nothing
        let something = |area: f64| area > f64::EPSILON && area.is_finite();
        let overlaps = something(self.area) && something(other.area) && something(union);
        if overlaps { intersection / union } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_beyond_all_numbers_overlap_nothing() {
        let of = |v: f64| Corners::of(BoxPx { left: v, top: v, width: v, height: v });
        assert_eq!(
            (of(1e308).iou(&of(1e308)), of(1e200).iou(&of(1e200)), of(2.0).iou(&of(2.0))),
            (0.0, 0.0, 1.0)
        );
    }
}
