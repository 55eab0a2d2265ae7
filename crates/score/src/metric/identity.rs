//! Identity measures of tracking: IDF1.

use super::sums::{Summing, Sums};
use super::{Metric, Takes, Tally};
use crate::assign::least_cost;
use crate::report::Mark;
use crate::row::Row;
use crate::tracking::{Pairs, Slots};
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// IDF1: the share of boxes that carry the right identity, when each thing is given one track for the whole sequence.
///
/// A row is a sequence; sequences are put together by their counts. The things and tracks are paired once so that as
/// many boxes as possible agree (overlap of at least 0.5).
///
/// # Source
/// Ristani et al., Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking, 2016; equal to
/// `trackeval/metrics/identity.py` of TrackEval 1.3.0.
#[derive(Clone, Copy, Debug)]
pub struct Identity;

/// Overlap from which a pair agrees.
const THRESHOLD: f64 = 0.5;

/// Cells of the largest pairing of identities: 8,192 on either side.
const MOST_CELLS: usize = 1 << 26;

impl Metric for Identity {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "idf1",
            about: "share of boxes with the right identity, when each thing is given one track for the whole sequence",
            source: "score/src/metric/identity.rs",
            paper: Some(
                "Ristani et al., Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking, 2016",
            ),
            example: "chronotope score idf1 --truth gt.txt --pred test.txt",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Summing::new(Identity))
    }

    fn takes(&self) -> Takes {
        Takes::Tracks
    }
}

impl Sums for Identity {
    fn metric(&self) -> &'static str {
        "idf1"
    }

    fn headline(&self) -> &'static str {
        "IDF1"
    }

    fn width(&self) -> usize {
        3
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        let Some(pairs) = Pairs::of(row)? else { return Ok(Mark::Unparsable) };
        let right = agreeing(&pairs).ok_or("at most 67 million pairs of identities that meet")?;
        into.copy_from_slice(&[right, pairs.n_truth() as f64 - right, pairs.n_said() as f64 - right]);
        Ok(if row.prediction.is_none() { Mark::Missing } else { Mark::Counted })
    }

    fn values(&self, sums: &[f64], _n: f64) -> BTreeMap<String, f64> {
        let [right, misses, false_boxes] = std::array::from_fn(|i| sums[i]);
        let share = |all: f64| right / all.max(1.0);
        [
            ("IDF1", share(right + 0.5 * false_boxes + 0.5 * misses)),
            ("IDR", share(right + misses)),
            ("IDP", share(right + false_boxes)),
            ("IDTP", right),
            ("IDFN", misses),
            ("IDFP", false_boxes),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

/// Boxes that agree under the best pairing of identities; none where there are too many.
///
/// Giving a thing no track costs its boxes and the track's, so that the least cost of the source is the largest agreement.
fn agreeing(pairs: &Pairs) -> Option<f64> {
    let (mut slots, mut counts) = (Slots::default(), Vec::<u32>::new());
    for picture in &pairs.pictures {
        let n = picture.said.len();
        for (cell, _) in picture.iou.iter().enumerate().filter(|(_, iou)| **iou >= THRESHOLD) {
            let slot = slots.slot((picture.truth[cell / n], picture.said[cell % n]));
            counts.resize(slots.pairs.len(), 0);
            counts[slot] += 1;
        }
    }
    // identities that never agree stay out
    let numbers = |of: fn(&(u32, u32)) -> u32| {
        let mut numbers: Vec<u32> = slots.pairs.iter().map(of).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    };
    let (rows, cols) = (numbers(|pair| pair.0), numbers(|pair| pair.1));
    if rows.len().saturating_mul(cols.len()) > MOST_CELLS {
        return None;
    }
    let mut cost = vec![0.0; rows.len() * cols.len()];
    for ((thing, track), &count) in slots.pairs.iter().zip(&counts) {
        let at = |list: &[u32], number: u32| list.partition_point(|&other| other < number);
        cost[at(&rows, *thing) * cols.len() + at(&cols, *track)] = -f64::from(count);
    }
    let paired = least_cost(rows.len(), cols.len(), &cost);
    Some(paired.iter().map(|&(r, c)| -cost[r as usize * cols.len() + c as usize]).sum())
}
