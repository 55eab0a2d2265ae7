//! Benchmarks' own code, item by item.

use crate::golden;
use chronotope_score::{Datum, Row, by_name};
use serde_json::Value;

/// A value of a golden file; none where it is null.
fn datum(value: &Value) -> Option<Datum> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(truth) => Datum::text(truth.to_string()),
        Value::Number(number) => Datum::Number(number.as_f64()?),
        Value::String(text) => Datum::text(text.as_str()),
        Value::Array(items) => Datum::List(items.iter().filter_map(datum).collect()),
        Value::Object(fields) => Datum::Record(
            fields.iter().filter_map(|(name, value)| Some((name.clone(), datum(value)?))).collect(),
        ),
    })
}

#[test]
fn variants_are_equal_to_the_code_of_their_benchmarks() {
    let golden = ["variants.json", "replies.json"].map(golden);
    let mut wrong = Vec::new();
    for case in golden.iter().flat_map(|cases| cases.as_array().expect("cases")) {
        let metric = case["metric"].as_str().expect("a name");
        let mut tally = by_name(metric).expect("a metric").tally();
        for row in case["rows"].as_array().expect("rows") {
            let (truth, said) = (datum(&row["truth"]).expect("a truth"), datum(&row["said"]));
            let group = row["group"].as_str().expect("a group");
            tally.add(&Row { id: "1", group, truth: &truth, prediction: said.as_ref() }).expect("a truth");
        }
        let report = tally.finish();
        for (name, expected) in case["values"].as_object().expect("values") {
            let (found, expected) = (report.overall.get(name), expected.as_f64().expect("a number"));
            if found.is_none_or(|found| (found - expected).abs() > 1e-9) {
                wrong.push(format!(
                    "{metric} {name}: found {found:?}, expected {expected}, rows {}",
                    case["rows"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ, first {}", wrong.len(), wrong[..wrong.len().min(8)].join("\n"));
}

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
