//! Higher order tracking accuracy.

use super::sums::{Summing, Sums};
use super::{Metric, Takes, Tally};
use crate::assign::least_cost;
use crate::report::Mark;
use crate::row::Row;
use crate::tracking::{Pairs, Slots};
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// HOTA: the geometric mean of how well things are detected and how well they are followed, over 19 thresholds of overlap.
///
/// A row is a sequence; its truth and prediction are boxes with identities. Sequences are put together as the source does:
/// counts are added, association is weighted by the matches. `HOTA`, `DetA`, `AssA`, `DetRe`, `DetPr`, `AssRe`, `AssPr`,
/// `LocA` and `OWTA` are means over the thresholds 0.05, 0.10 … 0.95, `HOTA(0)`, `LocA(0)` and `HOTALocA(0)` stand at 0.05.
/// A sequence without predictions has a HOTA of 0 and a LocA of 1, as in the source. Every box counts; what
/// MOTChallenge takes away before is taken away by [`crate::without_distractors`], as `score` does with its files.
///
/// # Source
/// Luiten et al., HOTA, IJCV 2021; equal to `trackeval/metrics/hota.py` of TrackEval 1.3.0 to 1e-9.
#[derive(Clone, Copy, Debug)]
pub struct Hota;

/// The thresholds.
pub(super) const ALPHAS: usize = 19;

/// Columns of sums: matches, misses, false boxes; association, its recall and precision, overlap, each times the matches.
const COLUMNS: usize = 7;

impl Metric for Hota {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "hota",
            about: "higher order tracking accuracy: detection, association and localisation over 19 thresholds",
            source: "score/src/metric/hota.rs",
            paper: Some(
                "Luiten et al., HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking, IJCV 2021",
            ),
            example: "chronotope score hota --truth gt.txt --pred test.txt",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Summing::new(Hota))
    }

    fn takes(&self) -> Takes {
        Takes::Tracks
    }
}

impl Sums for Hota {
    fn metric(&self) -> &'static str {
        "hota"
    }

    fn headline(&self) -> &'static str {
        "HOTA"
    }

    fn width(&self) -> usize {
        ALPHAS * COLUMNS
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        let Some(pairs) = Pairs::of(row)? else { return Ok(Mark::Unparsable) };
        count(&pairs, into);
        let score = self.values(into, 1.0).get("HOTA").copied().unwrap_or_default();
        Ok(if row.prediction.is_none() { Mark::Missing } else { Mark::Score(score) })
    }

    fn values(&self, sums: &[f64], _n: f64) -> BTreeMap<String, f64> {
        let mut by_name: [(&str, [f64; ALPHAS]); 9] = [
            ("HOTA", [0.0; ALPHAS]),
            ("DetA", [0.0; ALPHAS]),
            ("AssA", [0.0; ALPHAS]),
            ("DetRe", [0.0; ALPHAS]),
            ("DetPr", [0.0; ALPHAS]),
            ("AssRe", [0.0; ALPHAS]),
            ("AssPr", [0.0; ALPHAS]),
            ("LocA", [0.0; ALPHAS]),
            ("OWTA", [0.0; ALPHAS]),
        ];
        for (a, at) in sums.chunks_exact(COLUMNS).enumerate() {
            let [tp, misses, false_boxes, ass, ass_re, ass_pr, overlap] = std::array::from_fn(|i| at[i]);
            let share = |of: f64, all: f64| of / all.max(1.0);
            let (det, ass) = (share(tp, tp + misses + false_boxes), share(ass, tp));
            let det_re = share(tp, tp + misses);
            let values = [
                (det * ass).sqrt(),
                det,
                ass,
                det_re,
                share(tp, tp + false_boxes),
                share(ass_re, tp),
                share(ass_pr, tp),
                overlap.max(1e-10) / tp.max(1e-10),
                (det_re * ass).sqrt(),
            ];
            by_name.iter_mut().zip(values).for_each(|((_, column), value)| column[a] = value);
        }
        let first = |i: usize| by_name[i].1[0];
        let mut values: BTreeMap<String, f64> =
            [("HOTA(0)", first(0)), ("LocA(0)", first(7)), ("HOTALocA(0)", first(0) * first(7))]
                .map(|(name, value)| (name.to_owned(), value))
                .into();
        let mean = |column: &[f64; ALPHAS]| column.iter().sum::<f64>() / ALPHAS as f64;
        values.extend(by_name.iter().map(|(name, column)| ((*name).to_owned(), mean(column))));
        values
    }
}

/// Threshold `a`: 0.05, 0.10 … 0.95, as NumPy counts them up.
fn alpha(a: usize) -> f64 {
    0.05 + a as f64 * 0.05
}

/// The sums of a sequence, threshold by threshold.
fn count(pairs: &Pairs, into: &mut [f64]) {
    let (n_truth, n_said) = (pairs.n_truth() as f64, pairs.n_said() as f64);
    let (mut slots, potential) = potential_matches(pairs);
    let mut matches = vec![[0u32; ALPHAS]; slots.pairs.len()];
    let mut cost = Vec::new();
    let mut at_pair: Vec<u32> = Vec::new();
    for picture in &pairs.pictures {
        let n = picture.said.len();
        cost.clear();
        at_pair.clear();
        for (r, &g) in picture.truth.iter().enumerate() {
            for (c, &t) in picture.said.iter().enumerate() {
                let iou = picture.iou[r * n + c];
                if iou <= 0.0 {
                    cost.push(0.0);
                    at_pair.push(0);
                    continue;
                }
                let slot = slots.slot((g, t));
                let both =
                    f64::from(pairs.truth_counts[g as usize]) + f64::from(pairs.said_counts[t as usize]);
                cost.push(-(potential[slot] / (both - potential[slot]) * iou));
                at_pair.push(slot as u32);
            }
        }
        for (r, c) in least_cost(picture.truth.len(), n, &cost) {
            let cell = r as usize * n + c as usize;
            let iou = picture.iou[cell];
            for a in (0..ALPHAS).take_while(|&a| iou >= alpha(a) - f64::EPSILON) {
                matches[at_pair[cell] as usize][a] += 1;
                into[a * COLUMNS + 6] += iou;
            }
        }
    }
    for (a, at) in into.chunks_exact_mut(COLUMNS).enumerate() {
        for (&(g, t), counts) in slots.pairs.iter().zip(&matches).filter(|(_, counts)| counts[a] > 0) {
            let count = f64::from(counts[a]);
            let (g, t) =
                (f64::from(pairs.truth_counts[g as usize]), f64::from(pairs.said_counts[t as usize]));
            at[0] += count;
            at[3] += count * (count / (g + t - count).max(1.0));
            at[4] += count * (count / g.max(1.0));
            at[5] += count * (count / t.max(1.0));
        }
        at[1] = n_truth - at[0];
        at[2] = n_said - at[0];
        // so that the mean overlap of nothing is 1 in each sequence and weighs nothing among several, as in the source
    }
}

/// How much each pair of identities overlaps, each picture's overlap shared out among the boxes that compete for it.
fn potential_matches(pairs: &Pairs) -> (Slots, Vec<f64>) {
    let (mut slots, mut potential) = (Slots::default(), Vec::new());
    let (mut by_row, mut by_col) = (Vec::new(), Vec::new());
    for picture in &pairs.pictures {
        let n = picture.said.len();
        if n == 0 {
            continue;
        }
        by_row.clear();
        by_row.extend(picture.iou.chunks_exact(n).map(|row| row.iter().sum::<f64>()));
        by_col.clear();
        by_col.resize(n, 0.0);
        for row in picture.iou.chunks_exact(n) {
            by_col.iter_mut().zip(row).for_each(|(sum, iou)| *sum += iou);
        }
        for (cell, &iou) in picture.iou.iter().enumerate().filter(|(_, iou)| **iou > 0.0) {
            let (r, c) = (cell / n, cell % n);
            let all = by_col[c] + by_row[r] - iou;
            let slot = slots.slot((picture.truth[r], picture.said[c]));
            potential.resize(slots.pairs.len(), 0.0);
            if all > f64::EPSILON {
                potential[slot] += iou / all;
            }
        }
    }
    (slots, potential)
}
