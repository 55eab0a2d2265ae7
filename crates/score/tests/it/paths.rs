//! Errors of paths against evo.

use crate::{close, generate, golden, numbers, scored};
use chronotope_score::Datum;
use chronotope_score::trajectory::{Delta, Part, associated, pairs_of, relative_errors};
use serde_json::Value;
use std::sync::Arc;

const METRICS: [&str; 7] = ["ate-raw", "ate", "ate-sim3", "ape-rotation", "rpe", "rpe-rotation", "rpe-metre"];

/// Angles of nearly equal rotations come from their cosines in one and from their sines in the other: 1e-6 of a degree.
fn close_enough(what: &str, metric: &str, found: f64, expected: f64) {
    if metric.contains("rotation") && (found - expected).abs() < 2e-6 {
        return;
    }
    close(what, found, expected);
}

#[test]
fn every_statistic_is_evos() {
    for case in golden("paths.json")["cases"].as_array().expect("cases") {
        let (truth, said) = generate::path_pair(&numbers(&case["settings"]));
        let row = [(Datum::Path(Arc::new(truth)), Some(Datum::Path(Arc::new(said))))];
        for metric in METRICS {
            let found = scored(metric, &row).overall;
            for (name, expected) in case[metric].as_object().expect("statistics") {
                let what = format!("{} {metric} {name}", case["settings"]);
                // the deviation of what is all but zero is rounding
                let expected = expected.as_f64().expect("a number");
                if expected.abs() > 1e-12 || found[name].abs() > 1e-7 {
                    close_enough(&what, metric, found[name], expected);
                }
            }
        }
    }
}

#[test]
fn pairs_by_poses_way_and_turn_are_evos() {
    let settings: [(&str, Delta, bool, Part); 5] = [
        ("poses 5 all", Delta::Poses(5), true, Part::Translation),
        ("poses 4", Delta::Poses(4), false, Part::RotationDeg),
        ("way 0.5", Delta::Way(0.5), false, Part::Translation),
        ("turn 0.3", Delta::Turn(0.3), false, Part::Translation),
        ("turn 0.5 all", Delta::Turn(0.5), true, Part::RotationDeg),
    ];
    for case in golden("paths.json")["cases"].as_array().expect("cases") {
        let (truth, said) = generate::path_pair(&numbers(&case["settings"]));
        let poses = associated(&truth, &said);
        for (name, delta, all, part) in settings {
            let errors = relative_errors(&poses, &pairs_of(&poses, delta, all), part);
            let sse: f64 = errors.iter().map(|error| error * error).sum();
            let rmse = (sse / errors.len() as f64).sqrt();
            let expected: &Value = &case[name]["rmse"];
            let metric = if part == Part::RotationDeg { "rotation" } else { "" };
            close_enough(
                &format!("{} {name}", case["settings"]),
                metric,
                rmse,
                expected.as_f64().expect("a number"),
            );
        }
    }
}
