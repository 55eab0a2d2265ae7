//! Errors of numbers.

use super::columns::{Cells, Columns, share};
use super::means::number_of;
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::extract::number_or_words;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// Errors of numbers: `MAE` (the result), `MSE`, `RMSE`, and `MAPE` as a fraction (0.1 is 10 %). Numbers may stand in words. Items with a truth of 0 have no MAPE; `MAPE_of` is the share of
/// rows that have one. A prediction that is missing or cannot be read has no error: it is listed and left out.
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

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let truth = number_of(truth, number_or_words).filter(|truth| truth.is_finite()).ok_or("a number")?;
    let Some(said) = number_of(said, number_or_words).filter(|said| said.is_finite()) else {
        return Ok(None);
    };
    let error = (said - truth).abs();
    let relative = (truth != 0.0).then(|| error / truth.abs());
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
