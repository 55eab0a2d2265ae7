//! Errors of numbers.

use super::columns::{Cells, Columns, share};
use super::means::number_of;
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::extract::number_or_words;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// Errors of numbers: `MAE` (the result), `MSE`, `RMSE`, and `MAPE` as a fraction (0.1 is 10 %). Numbers may stand in words. Items with a truth of 0 have no MAPE; `MAPE_of` is the share of
/// rows that have one; so is one below 1e-100. Truths are numbers up to 1e100, so that squares and sums are numbers too, and a prediction beyond
/// cannot be read. A prediction that is missing or cannot be read has no error: it is listed and left out.
///
/// # Source
/// Textbook definitions; MTBench (2025) reports these.
#[derive(Clone, Copy, Debug)]
pub struct Mae;

impl Metric for Mae {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "mae",
            about: "errors of numbers: MAE, MSE, RMSE and MAPE",
            source: "score/src/metric/mae.rs",
            paper: None,
            example: "chronotope score mae --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns { derive, ..Columns::errors("mae", &["MAE", "MSE", "MAPE", "MAPE_of"], marks) }.tally()
    }

    fn perfect(&self) -> Option<f64> {
        Some(0.0)
    }
}

/// Largest number: squares of errors, and sums of as many as there can be, are numbers.
const MOST: f64 = 1e100;

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let within = |number: &f64| number.abs() <= MOST;
    let truth = number_of(truth, number_or_words).filter(within).ok_or("a number of at most 1e100")?;
    let Some(said) = number_of(said, number_or_words).filter(within) else {
        return Ok(None);
    };
    let error = (said - truth).abs();
    let relative = (truth.abs() > 1.0 / MOST).then(|| error / truth.abs());
    Ok(Some(vec![Some(error), Some(error * error), relative, share(relative.is_some())]))
}

fn derive(values: &mut BTreeMap<String, f64>) {
    if let Some(square) = values.get("MSE").copied() {
        values.insert("RMSE".to_owned(), square.sqrt());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Row;

    #[test]
    fn what_is_beyond_numbers_is_refused_or_unread() {
        let of = |truth: f64, said: f64| marks(&Datum::Number(truth), &Datum::Number(said));
        assert!(of(1e101, 0.0).is_err());
        assert_eq!(of(1.0, -1e200), Ok(None));
        let cells = of(1e100, -1e100).expect("a truth").expect("read");
        assert!(cells.iter().flatten().all(|cell| cell.is_finite()), "{cells:?}");
        assert_eq!(of(1e-300, 1.0).expect("a truth").expect("read")[2], None);
    }

    #[test]
    fn the_errors_are_those_of_the_worked_vector_and_zero_truths_have_no_percentage() {
        let mut tally = Mae.tally();
        for (truth, said) in [(100.0, "110"), (50.0, "45"), (0.0, "7.5")] {
            let (truth, said) = (Datum::Number(truth), Datum::text(said));
            tally
                .add(&Row { id: "i", group: "g", truth: &truth, prediction: Some(&said) })
                .expect("a number");
        }
        let truth = Datum::Number(1.0);
        tally.add(&Row { id: "gone", group: "g", truth: &truth, prediction: None }).expect("a number");
        let report = tally.finish();
        let close =
            |name: &str, expected: f64| assert!((report.overall[name] - expected).abs() < 1e-12, "{name}");
        close("MAE", 7.5);
        close("MAPE", 0.1);
        close("MSE", (100.0 + 25.0 + 56.25) / 3.0);
        assert_eq!((report.n, report.missing.n), (4, 1));
    }
}
