//! Accuracy above chance.

use super::accuracy::right;
use super::columns::{Cells, Columns, share};
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// Chance-adjusted accuracy: (right − Σ 1/n) / (N − Σ 1/n), with n the number of options of an item; 0 is guessing, 1 all right, and it may be negative. `accuracy` stands beside.
///
/// Truth: `answer` and `options` (a list, or how many). Prediction: `prediction`. Where every item has one option there is no score.
///
/// # Source
/// SITE, 2025; `spatial_bench/cal_scores.py` of VLMEvalKit.
#[derive(Clone, Copy, Debug)]
pub struct Caa;

impl Metric for Caa {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "caa",
            about: "accuracy above chance: what guessing among the options would give is taken off",
            source: "score/src/metric/caa.rs",
            paper: Some("SITE benchmark, 2025"),
            example: "chronotope score caa --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns { headline: "CAA", derive, ..Columns::scores("caa", &["accuracy", "chance"], marks) }
            .of_missing(|truth| vec![Some(0.0), chance(truth)])
            .tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer", "options"], prediction: &[] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let expected = "a record of answer and options";
    let (answer, chance) = (truth.field("answer").ok_or(expected)?, chance(truth).ok_or(expected)?);
    let said = ["prediction", "answer"].iter().find_map(|name| said.field(name));
    let right = said.is_some_and(|said| right(answer, said) == Ok(Some(1.0)));
    Ok(Some(vec![share(right), Some(chance)]))
}

fn chance(truth: &Datum) -> Option<f64> {
    let options = match truth.field("options")? {
        Datum::List(options) => options.len() as f64,
        other => other.number()?,
    };
    (options >= 1.0).then(|| 1.0 / options)
}

fn derive(values: &mut BTreeMap<String, f64>) {
    if let (Some(accuracy), Some(chance)) = (values.get("accuracy").copied(), values.get("chance").copied())
        && chance < 1.0
    {
        values.insert("CAA".to_owned(), (accuracy - chance) / (1.0 - chance));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Row;

    #[test]
    fn sixty_right_of_a_hundred_with_four_options_are_the_worked_vector() {
        let truth = Datum::record([("answer", Datum::text("A")), ("options", Datum::Number(4.0))]);
        let mut tally = Caa.tally();
        for i in 0..100 {
            let said = Datum::record([("prediction", Datum::text(if i < 60 { "A" } else { "B" }))]);
            // what is missing has a chance all the same
            let prediction = (i < 90).then_some(&said);
            tally.add(&Row { id: "i", group: "g", truth: &truth, prediction }).expect("a record");
        }
        assert!(tally.finish().result().is_some_and(|caa| (caa - 0.466667).abs() < 1e-6));
    }
}
