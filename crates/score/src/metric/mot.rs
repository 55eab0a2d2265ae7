//! The three families of tracking measures in one run.

use super::clear::Clear;
use super::hota::Hota;
use super::identity::Identity;
use super::sums::{Summing, Sums};
use super::{Metric, Takes, Tally};
use crate::report::Mark;
use crate::row::Row;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// HOTA, CLEAR MOT and IDF1 together, as a table of MOTChallenge shows them; the result is HOTA.
///
/// See [`Hota`], [`Clear`] and [`Identity`].
#[derive(Clone, Copy, Debug)]
pub struct Mot;

impl Metric for Mot {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "mot",
            about: "HOTA, CLEAR MOT and IDF1 together, as MOTChallenge reports them",
            source: "score/src/metric/mot.rs",
            paper: Some(
                "Dendorfer et al., MOTChallenge: A Benchmark for Single-Camera Multiple Target Tracking, IJCV 2021",
            ),
            example: "chronotope score mot --truth gt.txt --pred test.txt",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Summing::new(Mot))
    }

    fn takes(&self) -> Takes {
        Takes::Tracks
    }
}

const PARTS: [&dyn Sums; 3] = [&Hota, &Clear, &Identity];

impl Sums for Mot {
    fn metric(&self) -> &'static str {
        "mot"
    }

    fn headline(&self) -> &'static str {
        "HOTA"
    }

    fn width(&self) -> usize {
        PARTS.iter().map(|part| part.width()).sum()
    }

    fn add(&self, row: &Row<'_>, mut into: &mut [f64]) -> Result<Mark, &'static str> {
        let mut mark = Mark::Counted;
        for part in PARTS {
            let (own, others) = into.split_at_mut(part.width());
            into = others;
            let of_part = part.add(row, own)?;
            if mark == Mark::Counted {
                mark = of_part;
            }
        }
        Ok(mark)
    }

    fn values(&self, mut sums: &[f64], n: f64) -> BTreeMap<String, f64> {
        let mut values = BTreeMap::new();
        for part in PARTS {
            let (own, others) = sums.split_at(part.width());
            sums = others;
            values.extend(part.values(own, n));
        }
        values
    }
}
