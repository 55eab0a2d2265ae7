//! Against the official scorers: their results on the same inputs stand in `tests/golden`, made by `benches/peers/score_golden.py`.

mod generate;
mod hostile;
mod masks;
mod official;
mod paths;
mod published;
mod real;
mod redteam;
mod tracking;

use chronotope_score as score;
use chronotope_score::{Datum, Report, Row, by_name};
use serde_json::Value;
use std::path::PathBuf;

/// A golden file.
fn golden(name: &str) -> Value {
    let path = PathBuf::from("tests/golden").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).expect("a golden file")).expect("JSON")
}

/// The report of a metric over rows named by their place.
fn scored(metric: &str, rows: &[(Datum, Option<Datum>)]) -> Report {
    let mut tally = by_name(metric).expect("a metric").tally();
    for (i, (truth, said)) in rows.iter().enumerate() {
        let id = i.to_string();
        tally.add(&Row { id: &id, group: &id, truth, prediction: said.as_ref() }).expect("a truth that fits");
    }
    tally.finish()
}

/// Equal to 1e-9, relative to what was expected where that is large.
fn close(what: &str, found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{what}: found {found}, expected {expected}"
    );
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("numbers").iter().map(|v| v.as_f64().expect("a number")).collect()
}
