//! HOTA, CLEAR MOT and IDF1 against TrackEval and py-motmetrics.

use crate::{close, generate, golden, numbers, scored};
use chronotope_score::{Datum, Report};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is only said where there is a truth: the source prints 0 instead.
const OF_THE_TRUTH: [&str; 8] = ["MOTA", "MODA", "sMOTA", "MOTAL", "Recall", "MTR", "PTR", "MLR"];

fn compare(case: &str, found: &BTreeMap<String, f64>, expected: &Value) {
    let has_truth =
        expected["TP"].as_f64().expect("a count") + expected["FN"].as_f64().expect("a count") > 0.0;
    for (name, expected) in expected.as_object().expect("values") {
        if !has_truth && OF_THE_TRUTH.contains(&name.as_str()) {
            assert!(!found.contains_key(name), "{case} {name}");
            continue;
        }
        let found = found.get(name).unwrap_or_else(|| panic!("{case}: no {name}"));
        close(&format!("{case} {name}"), *found, expected.as_f64().expect("a number"));
    }
}

fn report(golden: &Value) -> Report {
    let cases = golden["cases"].as_array().expect("cases");
    let rows: Vec<_> = cases
        .iter()
        .map(|case| {
            let (truth, said) = generate::sequence(&numbers(&case["settings"]));
            assert_eq!(
                [truth.len() as f64, said.len() as f64],
                numbers(&case["boxes"])[..],
                "the generators differ"
            );
            (Datum::Tracks(Arc::new(truth)), Some(Datum::Tracks(Arc::new(said))))
        })
        .collect();
    scored("mot", &rows)
}

#[test]
fn every_value_of_every_sequence_and_of_all_together_is_trackevals() {
    let golden = golden("tracking.json");
    let report = report(&golden);
    for (i, case) in golden["cases"].as_array().expect("cases").iter().enumerate() {
        compare(&case["settings"].to_string(), &report.by_group[&i.to_string()].values, &case["values"]);
    }
    compare("combined", &report.overall, &golden["combined"]);
}

#[test]
fn idf1_is_py_motmetrics_and_so_is_mota_but_where_matches_are_kept_otherwise() {
    let golden = golden("tracking.json");
    let report = report(&golden);
    let mut differ = Vec::new();
    for (i, case) in golden["cases"].as_array().expect("cases").iter().enumerate() {
        let (found, other) = (&report.by_group[&i.to_string()].values, &case["motmetrics"]);
        close(&format!("case {i} IDF1"), found["IDF1"], other["idf1"].as_f64().expect("a number"));
        if let (Some(found), Some(expected)) = (found.get("MOTA"), other["mota"].as_f64())
            && (found - expected).abs() > 1e-9
        {
            differ.push(i);
        }
    }
    // py-motmetrics keeps every pair that still overlaps before it matches the rest; TrackEval does so by weight alone, and forgets
    // pairs over a picture without boxes on one side
    assert_eq!(differ, [11]);
}
