//! Precision, recall and F1 over pairs: an item, and what belongs to it.

use super::accuracy::is_answer;
use super::sums::{Summing, Sums};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::report::Mark;
use crate::row::Row;
use chronotope_world::catalogue::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Precision, recall and F1 of sets, counted over all pairs of an item and a member of its set (micro).
///
/// Truth and prediction are lists, or texts whose members are joined by `, `; `none` is the empty set. An item of its own scores 1
/// where both sets are equal. A value whose denominator is 0 is absent.
#[derive(Clone, Copy, Debug)]
pub struct PairF1;

impl Metric for PairF1 {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "pair-f1",
            about: "precision, recall and F1 of sets, over all pairs of an item and a member",
            source: "score/src/metric/pair_f1.rs",
            paper: None,
            example: "chronotope eval thor-scenes ../shared/data/thor_scenes",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Summing::new(PairF1))
    }
}

impl Sums for PairF1 {
    fn metric(&self) -> &'static str {
        "pair-f1"
    }

    fn headline(&self) -> &'static str {
        "f1"
    }

    fn width(&self) -> usize {
        3
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        if !is_answer(row.truth) {
            return Err("a list of words, or words joined by commas");
        }
        let truth = members(row.truth);
        into[1] = truth.len() as f64;
        let Some(said) = row.prediction.map(members) else { return Ok(Mark::Missing) };
        into[0] = truth.intersection(&said).count() as f64;
        into[2] = said.len() as f64;
        Ok(Mark::Score(f64::from(u8::from(truth == said))))
    }

    fn values(&self, sums: &[f64], _n: f64) -> BTreeMap<String, f64> {
        let [both, truth, said] = std::array::from_fn(|i| sums[i]);
        let share = |both: f64, of: f64| (of > 0.0).then(|| both / of);
        let named = [
            ("precision", share(both, said)),
            ("recall", share(both, truth)),
            ("f1", share(2.0 * both, truth + said)),
        ];
        named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

fn members(datum: &Datum) -> BTreeSet<String> {
    match datum {
        Datum::List(items) => items.iter().map(ToString::to_string).collect(),
        one => {
            let text = one.to_string();
            let parts = text.split(", ").map(str::trim).filter(|part| !part.is_empty());
            parts.filter(|part| *part != "none").map(str::to_owned).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_over_all_items() {
        let list = |members: &[&str]| Datum::List(members.iter().map(|m| Datum::text(*m)).collect());
        let mut tally = PairF1.tally();
        for (id, truth, said) in [
            ("1", list(&["a", "b"]), Some(Datum::text("a, c"))),
            ("2", list(&[]), Some(Datum::text("none"))),
            ("3", list(&["a"]), None),
        ] {
            tally.add(&Row { id, group: "g", truth: &truth, prediction: said.as_ref() }).expect("any sets");
        }
        let report = tally.finish();
        assert_eq!((report.overall["precision"], report.overall["recall"]), (0.5, 1.0 / 3.0));
        assert_eq!((report.result(), report.n, report.missing.n), (Some(0.4), 3, 1));
    }
}
