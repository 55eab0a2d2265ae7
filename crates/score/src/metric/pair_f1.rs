//! Precision, recall and F1 over pairs: an item, and what belongs to it.

use super::{Metric, Tally};
use crate::datum::Datum;
use crate::error::Error;
use crate::report::{Group, Left, Mark, Report};
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
        Box::<Pairs>::default()
    }
}

#[derive(Clone, Copy, Default)]
struct Counts {
    both: u64,
    truth: u64,
    said: u64,
    n: u64,
}

#[derive(Default)]
struct Pairs {
    by_group: BTreeMap<String, Counts>,
    missing: Left,
}

impl Tally for Pairs {
    fn add(&mut self, row: &Row<'_>) -> Result<Mark, Error> {
        let truth = members(row.truth);
        let said = row.prediction.map(members);
        let counts = self.by_group.entry(row.group.to_owned()).or_default();
        counts.n += 1;
        counts.truth += truth.len() as u64;
        let Some(said) = said else {
            self.missing.add(row.id);
            return Ok(Mark::Missing);
        };
        counts.said += said.len() as u64;
        counts.both += truth.intersection(&said).count() as u64;
        Ok(Mark::Score(f64::from(u8::from(truth == said))))
    }

    fn finish(self: Box<Self>) -> Report {
        let sum = self.by_group.values().fold(Counts::default(), |sum, c| Counts {
            both: sum.both + c.both,
            truth: sum.truth + c.truth,
            said: sum.said + c.said,
            n: sum.n + c.n,
        });
        let group = |(name, counts): (&String, &Counts)| {
            (name.clone(), Group { values: values(*counts), n: counts.n })
        };
        Report {
            metric: "pair-f1".into(),
            headline: "f1".into(),
            overall: values(sum),
            by_group: self.by_group.iter().map(group).collect(),
            n: sum.n,
            missing: self.missing,
            unparsable: Left::default(),
        }
    }
}

fn values(counts: Counts) -> BTreeMap<String, f64> {
    let share = |of: u64| (of > 0).then(|| counts.both as f64 / of as f64);
    let both = counts.truth + counts.said;
    let f1 = (both > 0).then(|| 2.0 * counts.both as f64 / both as f64);
    let named = [("precision", share(counts.said)), ("recall", share(counts.truth)), ("f1", f1)];
    named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
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
