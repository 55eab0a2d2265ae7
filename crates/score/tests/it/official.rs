//! Benchmarks' own code, item by item.

use crate::golden;
use chronotope_score::{Datum, Row, by_name};

#[test]
fn every_item_scores_as_in_the_benchmarks_own_code() {
    let golden = golden("official.json");
    for case in golden["cases"].as_array().expect("cases") {
        let text = |name: &str| case[name].as_str().expect("text");
        let truth = case["truth"].as_f64().map_or_else(|| Datum::text(text("truth")), Datum::Number);
        let said = Datum::text(text("said"));
        let mut tally = by_name(text("metric")).expect("a metric").tally();
        tally.add(&Row { id: "1", group: "g", truth: &truth, prediction: Some(&said) }).expect("a truth");
        let found = tally.finish().result();
        let expected = case["score"].as_f64();
        let same = match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-9,
            (found, expected) => found == expected,
        };
        assert!(same, "{case}: found {found:?}");
    }
}
