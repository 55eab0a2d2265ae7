//! Steps of a chain of thought, without a judge.

use super::columns::{Cells, Columns};
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use crate::shapes::Interval;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// Steps of a chain of thought: mean recall and precision over items, and the F1 of these means (the result), as VCR-Bench takes it (not the mean of F1).
///
/// Truth and prediction: `steps`, a list of `{kind, fact, start, end}`; a step matches where kind and fact are equal (ignoring case and blanks) and, where both have times, these overlap by at least
/// 0.5; one to one, in order. The source asks a judge whether steps match; this is the deterministic part. Items without steps in the truth have no recall, those without predicted steps no
/// precision; an item that is missing has a recall of 0.
///
/// # Source
/// Qi et al., VCR-Bench, 2025; the matching is ours.
#[derive(Clone, Copy, Debug)]
pub struct VcrSteps;

impl Metric for VcrSteps {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "vcr-steps",
            about: "steps of a chain of thought: recall, precision, F1 of their means",
            source: "score/src/metric/vcr_steps.rs",
            paper: Some("Qi et al., VCR-Bench, 2025"),
            example: "chronotope score vcr-steps --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns { headline: "F1", derive, ..Columns::scores("vcr-steps", &["recall", "precision"], marks) }
            .of_missing(|_| vec![Some(0.0), None])
            .tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["steps"], prediction: &["steps"] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

struct Step {
    words: (String, String),
    span: Option<Interval>,
}

/// Most steps of an item: every one is held against every other.
const MOST_STEPS: usize = 2_000;

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let of = |datum: &Datum| -> Option<Vec<Step>> {
        let Datum::List(items) = datum.field("steps")? else { return None };
        (items.len() <= MOST_STEPS).then(|| items.iter().map(step).collect())?
    };
    let truths = of(truth).ok_or("a record of at most 2,000 steps {kind, fact, start, end}")?;
    let Some(said) = of(said) else { return Ok(None) };
    let mut taken = vec![false; truths.len()];
    let matched = said.iter().filter(|one| {
        let fits = |(i, other): (usize, &Step)| {
            !taken[i] && one.words == other.words && overlaps(one.span, other.span)
        };
        let found = truths.iter().enumerate().position(fits);
        found.inspect(|i| taken[*i] = true).is_some()
    });
    let matched = matched.count() as f64;
    let share = |of: usize| (of > 0).then(|| matched / of as f64);
    Ok(Some(vec![share(truths.len()), share(said.len())]))
}

fn overlaps(a: Option<Interval>, b: Option<Interval>) -> bool {
    a.zip(b).is_none_or(|(a, b)| a == b || a.iou(b) >= 0.5)
}

fn step(datum: &Datum) -> Option<Step> {
    let words = |name: &str| {
        let text = datum.field(name).map(|text| text.to_string().to_lowercase()).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    datum.field("fact")?;
    Some(Step { words: (words("kind"), words("fact")), span: Interval::of(datum) })
}

fn derive(values: &mut BTreeMap<String, f64>) {
    if let (Some(recall), Some(precision)) = (values.get("recall").copied(), values.get("precision").copied())
    {
        let sum = recall + precision;
        values.insert("F1".to_owned(), if sum > 0.0 { 2.0 * recall * precision / sum } else { 0.0 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_is_that_of_the_means_as_the_worked_vector_says() {
        let mut values: BTreeMap<String, f64> =
            [("recall", 0.4), ("precision", 0.6)].map(|(k, v)| (k.to_owned(), v)).into();
        derive(&mut values);
        assert!((values["F1"] - 0.48).abs() < 1e-12);
    }

    #[test]
    fn a_step_matches_once_and_only_near_its_time() {
        let step = |fact: &str, from: f64, to: f64| {
            Datum::record([
                ("kind", Datum::text("visual")),
                ("fact", Datum::text(fact)),
                ("start", Datum::Number(from)),
                ("end", Datum::Number(to)),
            ])
        };
        let steps = |all: Vec<Datum>| Datum::record([("steps", Datum::List(all))]);
        let truth = steps(vec![step("a on b", 0.0, 10.0), step("b moves", 20.0, 30.0)]);
        let said =
            steps(vec![step("A on  B", 0.0, 6.0), step("a on b", 0.0, 6.0), step("b moves", 0.0, 10.0)]);
        assert_eq!(marks(&truth, &said), Ok(Some(vec![Some(0.5), Some(1.0 / 3.0)])));
    }
}
