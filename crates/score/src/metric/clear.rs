//! CLEAR MOT: misses, false boxes and switches of identity.

use super::sums::{Summing, Sums};
use super::{Metric, Takes, Tally};
use crate::assign::least_cost;
use crate::report::Mark;
use crate::row::Row;
use crate::tracking::Pairs;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// CLEAR MOT at an overlap of 0.5: `MOTA` and the counts that it is made of.
///
/// A row is a sequence; sequences are put together by their counts. Pairs of the previous picture are kept where they still
/// overlap by 0.5, the others are matched for the largest sum of overlaps. `MOTP` is the mean **overlap** of the matches;
/// py-motmetrics prints the mean distance, 1 − overlap. `IDSW` counts things whose last match, however long ago, was
/// another track; `Frag` the resumptions after a gap; `MT`, `PT`, `ML` things that are covered for more than 80 %, 20 to 80 %, less
/// than 20 % of their pictures. Nothing is taken away before (`DO_PREPROC` off). MOTA can be negative.
/// Where the truth has no box at all, what is a share of it is left out; TrackEval prints 0.
///
/// # Source
/// Bernardin and Stiefelhagen, Evaluating Multiple Object Tracking Performance, 2008; equal to `trackeval/metrics/clear.py`
/// of TrackEval 1.3.0 to 1e-9.
#[derive(Clone, Copy, Debug)]
pub struct Clear;

/// Overlap from which a pair may match.
const THRESHOLD: f64 = 0.5;

/// Values that are said of a truth, and not where there is none.
const OF_THE_TRUTH: [&str; 8] = ["MOTA", "MODA", "sMOTA", "MOTAL", "Recall", "MTR", "PTR", "MLR"];

/// A pair that goes on weighs more than any overlap.
const GOES_ON: f64 = 1000.0;

impl Metric for Clear {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "clear-mot",
            about: "tracking accuracy MOTA with misses, false boxes, identity switches and fragments, at an overlap of 0.5",
            source: "score/src/metric/clear.rs",
            paper: Some(
                "Bernardin and Stiefelhagen, Evaluating Multiple Object Tracking Performance: The CLEAR MOT Metrics, 2008",
            ),
            example: "chronotope score clear-mot --truth gt.txt --pred test.txt",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Summing::new(Clear))
    }

    fn takes(&self) -> Takes {
        Takes::Tracks
    }
}

impl Sums for Clear {
    fn metric(&self) -> &'static str {
        "clear-mot"
    }

    fn headline(&self) -> &'static str {
        "MOTA"
    }

    fn width(&self) -> usize {
        9
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        let Some(pairs) = Pairs::of(row)? else { return Ok(Mark::Unparsable) };
        into.copy_from_slice(&count(&pairs).columns());
        Ok(if row.prediction.is_none() { Mark::Missing } else { Mark::Counted })
    }

    fn values(&self, sums: &[f64], _n: f64) -> BTreeMap<String, f64> {
        let [tp, misses, false_boxes, switches, overlap, mostly, partly, lost, fragments] =
            std::array::from_fn(|i| sums[i]);
        let share = |of: f64, all: f64| of / all.max(1.0);
        let things = mostly + partly + lost;
        let truth = tp + misses;
        let mut values: BTreeMap<String, f64> = [
            ("MOTA", share(tp - false_boxes - switches, truth)),
            ("MOTP", share(overlap, tp)),
            ("MODA", share(tp - false_boxes, truth)),
            ("sMOTA", share(overlap - false_boxes - switches, truth)),
            (
                "MOTAL",
                share(
                    tp - false_boxes - if switches > 0.0 { libm::log10(switches) } else { switches },
                    truth,
                ),
            ),
            ("Recall", share(tp, truth)),
            ("Precision", share(tp, tp + false_boxes)),
            ("F1", share(tp, tp + 0.5 * misses + 0.5 * false_boxes)),
            ("MTR", share(mostly, things)),
            ("PTR", share(partly, things)),
            ("MLR", share(lost, things)),
            ("TP", tp),
            ("FN", misses),
            ("FP", false_boxes),
            ("IDSW", switches),
            ("MT", mostly),
            ("PT", partly),
            ("ML", lost),
            ("Frag", fragments),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if truth == 0.0 {
            values.retain(|name, _| !OF_THE_TRUTH.contains(&name.as_str()));
        }
        values
    }
}

#[derive(Default)]
struct Counts {
    tp: u64,
    misses: u64,
    false_boxes: u64,
    switches: u64,
    overlap: f64,
    mostly: u64,
    partly: u64,
    lost: u64,
    fragments: u64,
}

impl Counts {
    fn columns(&self) -> [f64; 9] {
        [
            self.tp as f64,
            self.misses as f64,
            self.false_boxes as f64,
            self.switches as f64,
            self.overlap,
            self.mostly as f64,
            self.partly as f64,
            self.lost as f64,
            self.fragments as f64,
        ]
    }
}

/// What happened to one thing so far.
#[derive(Clone, Default)]
struct Thing {
    matched: u32,
    /// The track of its last match, however long ago.
    last: Option<u32>,
    /// Its track in the last picture that had boxes on both sides.
    now: Option<u32>,
    runs: u32,
}

fn count(pairs: &Pairs) -> Counts {
    let mut counts = Counts::default();
    if pairs.n_said() == 0 || pairs.n_truth() == 0 {
        (counts.misses, counts.false_boxes) = (pairs.n_truth(), pairs.n_said());
        counts.lost = pairs.truth_counts.len() as u64;
        return counts;
    }
    let mut things = vec![Thing::default(); pairs.truth_counts.len()];
    let mut tracked: Vec<u32> = Vec::new();
    let mut cost = Vec::new();
    for picture in &pairs.pictures {
        let (n_truth, n_said) = (picture.truth.len(), picture.said.len());
        if n_truth == 0 || n_said == 0 {
            counts.false_boxes += n_said as u64;
            counts.misses += n_truth as u64;
            continue;
        }
        cost.clear();
        for (r, &thing) in picture.truth.iter().enumerate() {
            let now = things[thing as usize].now;
            cost.extend(picture.said.iter().zip(&picture.iou[r * n_said..]).map(|(&track, &iou)| {
                let goes_on = if now == Some(track) { GOES_ON } else { 0.0 };
                if iou < THRESHOLD - f64::EPSILON { 0.0 } else { -(goes_on + iou) }
            }));
        }
        let matched: Vec<(u32, u32)> = least_cost(n_truth, n_said, &cost)
            .into_iter()
            .map(|(r, c)| (r as usize, c as usize))
            .filter(|(r, c)| -cost[r * n_said + c] > f64::EPSILON)
            .map(|(r, c)| {
                counts.overlap += picture.iou[r * n_said + c];
                (picture.truth[r], picture.said[c])
            })
            .collect();
        for &(thing, track) in &matched {
            let thing = &mut things[thing as usize];
            thing.matched += 1;
            counts.switches += u64::from(thing.last.is_some_and(|last| last != track));
            thing.last = Some(track);
            thing.runs += u32::from(thing.now.is_none());
        }
        tracked.drain(..).for_each(|thing| things[thing as usize].now = None);
        for &(thing, track) in &matched {
            things[thing as usize].now = Some(track);
            tracked.push(thing);
        }
        counts.tp += matched.len() as u64;
        counts.misses += (n_truth - matched.len()) as u64;
        counts.false_boxes += (n_said - matched.len()) as u64;
    }
    for (thing, &n) in things.iter().zip(&pairs.truth_counts) {
        let covered = f64::from(thing.matched) / f64::from(n);
        let bin = if covered > 0.8 {
            &mut counts.mostly
        } else if covered >= 0.2 {
            &mut counts.partly
        } else {
            &mut counts.lost
        };
        *bin += 1;
        counts.fragments += u64::from(thing.runs.saturating_sub(1));
    }
    counts
}
