//! The tally of metrics that ask for several variants of an item to be right together.

use super::accuracy::{is_answer, right};
use super::{Metric, Tally};
use crate::error::Error;
use crate::report::{Group, Left, Mark, Report};
use crate::row::Row;
use chronotope_world::catalogue::Entry;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A value of a grouped evaluation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) value: &'static str,
    /// What the variants of one item share, of their ids.
    pub(super) key: fn(&str) -> Cow<'_, str>,
    /// How many variants have to be right.
    pub(super) needs: Needs,
}

/// How many variants of an item have to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// All of them.
    All,
    /// At least so many.
    AtLeast(u32),
}

/// An item is right only where enough of its variants are: asked again with rotated options, mirrored, reversed.
///
/// The truth and the answers are compared as [`super::Accuracy`] does. What the variants of an item share is read from their ids. The
/// memory grows with the items, not with their variants. By group of rows there is the plain accuracy.
#[derive(Clone, Copy, Debug)]
pub struct Grouped {
    name: &'static str,
    about: &'static str,
    paper: &'static str,
    headline: &'static str,
    rules: &'static [Rule],
}

/// The id without its last part behind `-`, `_`, `#`, `:` or `/`: `q7-2` and `q7-flip` belong to `q7`.
fn before_the_last_part(id: &str) -> Cow<'_, str> {
    id.rfind(['-', '_', '#', ':', '/']).map_or(id, |at| &id[..at]).into()
}

fn whole(id: &str) -> Cow<'_, str> {
    id.into()
}

/// The first eight characters of an id of 3DSRBench.
fn question(id: &str) -> Cow<'_, str> {
    stem(id).into()
}

fn stem(id: &str) -> &str {
    id.char_indices().nth(8).map_or(id, |(at, _)| &id[..at])
}

/// An id of 3DSRBench without the number of its rotation: eight characters, or thirteen with `-flip`.
fn rotations(id: &str) -> Cow<'_, str> {
    let stem = stem(id);
    let flipped = id[stem.len()..].starts_with("-flip");
    if flipped { id[..stem.len() + "-flip".len()].into() } else { stem.into() }
}

impl Grouped {
    /// All variants of an item right, whatever they vary: ids are `ITEM-VARIANT`.
    pub const CIRCULAR: Grouped = Grouped {
        name: "circular-eval",
        about: "items that are right in all their variants; ids are ITEM-VARIANT",
        paper: "Liu et al., MMBench (CircularEval), ECCV 2024",
        headline: "circular",
        rules: &[
            Rule { value: "vanilla", key: whole, needs: Needs::All },
            Rule { value: "circular", key: before_the_last_part, needs: Needs::All },
        ],
    };
    /// DSI-Bench: at least three of the four forms of a clip.
    pub const DSI: Grouped = Grouped {
        name: "dsi-bench",
        about: "clips that are right in at least three of their four forms; ids are CLIP-FORM",
        paper: "DSI-Bench, 2025",
        headline: "group_wise",
        rules: &[
            Rule { value: "sample_wise", key: whole, needs: Needs::All },
            Rule { value: "group_wise", key: before_the_last_part, needs: Needs::AtLeast(3) },
            Rule { value: "all_four", key: before_the_last_part, needs: Needs::AtLeast(4) },
        ],
    };
    /// STAR-Bench: the mean over rotated runs, and the share right in all of them.
    pub const STAR_BENCH: Grouped = Grouped {
        name: "star-bench",
        about: "audio questions asked thrice: mean accuracy AA, share right in all runs ACR; ids are ITEM-RUN",
        paper: "STAR-Bench, 2025",
        headline: "ACR",
        rules: &[
            Rule { value: "AA", key: whole, needs: Needs::All },
            Rule { value: "ACR", key: before_the_last_part, needs: Needs::All },
        ],
    };
    /// 3DSRBench: rotations of the options, mirrored pictures, and both.
    pub const THREE_DSR: Grouped = Grouped {
        name: "3dsrbench",
        about: "spatial questions right under rotated options, under mirroring, and under both",
        paper: "Ma et al., 3DSRBench, ICCV 2025",
        headline: "flip_eval",
        rules: &[
            Rule { value: "vanilla", key: whole, needs: Needs::All },
            Rule { value: "circular_eval", key: rotations, needs: Needs::All },
            Rule { value: "flip_eval", key: without_flip, needs: Needs::All },
            Rule { value: "both", key: question, needs: Needs::All },
        ],
    };
}

/// An id of 3DSRBench whose mirrored twin is the same: its question and its rotation.
fn without_flip(id: &str) -> Cow<'_, str> {
    id.replacen("-flip", "", 1).into()
}

impl Metric for Grouped {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: self.name,
            about: self.about,
            source: "score/src/metric/groups.rs",
            paper: Some(self.paper),
            example: "chronotope score circular-eval --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Box::new(Grouping {
            metric: *self,
            by_rule: vec![BTreeMap::new(); self.rules.len()],
            ..Grouping::new(*self)
        })
    }

    /// None where a lone variant cannot be enough.
    fn perfect(&self) -> Option<f64> {
        self.rules.iter().all(|rule| rule.needs == Needs::All).then_some(1.0)
    }
}

struct Grouping {
    metric: Grouped,
    /// Variants that were right and variants, by item, rule by rule.
    by_rule: Vec<BTreeMap<String, (u32, u32)>>,
    by_group: BTreeMap<String, (u64, u64)>,
    missing: Left,
}

impl Grouping {
    fn new(metric: Grouped) -> Grouping {
        Grouping { metric, by_rule: Vec::new(), by_group: BTreeMap::new(), missing: Left::default() }
    }
}

impl Tally for Grouping {
    fn add(&mut self, row: &Row<'_>) -> Result<Mark, Error> {
        if !is_answer(row.truth) {
            return Err(Error::Truth {
                metric: self.metric.name,
                id: row.id.to_owned(),
                expected: "words, a number or a list of them",
                found: row.truth.to_string(),
            });
        }
        let is_right = row.prediction.is_some_and(|said| right(row.truth, said) == Ok(Some(1.0)));
        for (rule, items) in self.metric.rules.iter().zip(&mut self.by_rule) {
            let (right, n) = items.entry((rule.key)(row.id).into_owned()).or_default();
            *right += u32::from(is_right);
            *n += 1;
        }
        let (right, n) = self.by_group.entry(row.group.to_owned()).or_default();
        *right += u64::from(is_right);
        *n += 1;
        if row.prediction.is_none() {
            self.missing.add(row.id);
            return Ok(Mark::Missing);
        }
        Ok(Mark::Counted)
    }

    fn finish(self: Box<Self>) -> Report {
        let mut report = Report {
            metric: self.metric.name.to_owned(),
            headline: self.metric.headline.to_owned(),
            n: self.by_group.values().map(|(_, n)| n).sum(),
            missing: self.missing,
            ..Report::default()
        };
        for (rule, items) in self.metric.rules.iter().zip(&self.by_rule) {
            let enough = |(right, n): &&(u32, u32)| match rule.needs {
                Needs::All => right == n,
                Needs::AtLeast(least) => *right >= least,
            };
            if !items.is_empty() {
                let share = items.values().filter(enough).count() as f64 / items.len() as f64;
                report.overall.insert(rule.value.to_owned(), share);
            }
        }
        report.by_group = self
            .by_group
            .into_iter()
            .map(|(name, (right, n))| {
                let values = [(self.metric.rules[0].value.to_owned(), right as f64 / n as f64)].into();
                (name, Group { values, n })
            })
            .collect();
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::Datum;

    fn scored(metric: Grouped, verdicts: &[(&str, bool)]) -> Report {
        let mut tally = metric.tally();
        let truth = Datum::text("A");
        for (id, is_right) in verdicts {
            let said = Datum::text(if *is_right { "A" } else { "B" });
            tally.add(&Row { id, group: "g", truth: &truth, prediction: Some(&said) }).expect("a letter");
        }
        tally.finish()
    }

    #[test]
    fn three_of_four_are_enough_for_one_and_not_for_the_other() {
        let verdicts = [("q-0", true), ("q-1", true), ("q-2", false), ("q-3", true)];
        assert_eq!(scored(Grouped::CIRCULAR, &verdicts).overall["circular"], 0.0);
        let dsi = scored(Grouped::DSI, &verdicts).overall;
        assert_eq!((dsi["group_wise"], dsi["all_four"], dsi["sample_wise"]), (1.0, 0.0, 0.75));
    }

    #[test]
    fn ids_of_3dsrbench_fall_into_its_groups() {
        let verdicts =
            [("ABCDEFGH", true), ("ABCDEFGH-1", true), ("ABCDEFGH-flip", true), ("ABCDEFGH-flip-1", false)];
        let found = scored(Grouped::THREE_DSR, &verdicts).overall;
        assert_eq!(
            [found["vanilla"], found["circular_eval"], found["flip_eval"], found["both"]],
            [0.75, 0.5, 0.5, 0.0]
        );
    }
}
