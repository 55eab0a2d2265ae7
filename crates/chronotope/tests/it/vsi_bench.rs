//! Questions of VSI-Bench, read, run on the imported scenes and compared with the published answers.

#![cfg(all(feature = "perceive", feature = "reason"))]
#![expect(clippy::print_stderr, reason = "data tests say whether they ran")]

use chronotope::ask::ask;
use chronotope::formats::import::{ImportSettings, by_name};
use chronotope_world::{Status, Value, World};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Official score that is reached, per type, in percent, rounded down. What is missing: distances of boxes are a little below
/// those of the point clouds that made the truth, and some scenes hold two boxes of what is counted once (`ambiguous`).
const LEAST: &[(&str, f64)] = &[
    ("object_counting", 99.0),
    ("object_abs_distance", 97.0),
    ("object_rel_distance", 99.5),
    ("object_size_estimation", 99.5),
    ("room_size_estimation", 100.0),
    ("object_rel_direction_easy", 99.0),
    ("object_rel_direction_medium", 99.0),
    ("object_rel_direction_hard", 99.0),
];

#[test]
fn scenes_answer_the_questions_of_vsi_bench() {
    let folder = PathBuf::from(
        std::env::var("CHRONOTOPE_DATA")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned()),
    )
    .join("vsi_bench");
    let Ok(text) = std::fs::read_to_string(folder.join("qa.jsonl")) else {
        eprintln!("data test skipped: questions of vsi_bench answered");
        return;
    };
    eprintln!("data test run: questions of vsi_bench answered");
    let imported =
        by_name("vsi-bench").expect("listed").import(&folder, &ImportSettings::default()).expect("scenes");
    let worlds: BTreeMap<String, World> =
        imported.worlds.into_iter().map(|world| (world.record().name.clone(), world)).collect();
    let mut shares: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row");
        let word = |key: &str| row[key].as_str().unwrap_or_default();
        let kind = word("question_type");
        if !LEAST.iter().any(|(least, _)| *least == kind) {
            continue;
        }
        let options: Option<Vec<String>> = row["options"]
            .as_array()
            .map(|all| all.iter().map(|option| option.as_str().unwrap_or_default().to_owned()).collect());
        let world = &worlds[word("scene_name")];
        let asked = ask(world, word("question"), options.as_deref().unwrap_or_default()).expect("in memory");
        let (program, answer) = (asked.answered.program, asked.answered.answer);
        let told = match (&answer.value, answer.choice) {
            (_, Some(letter)) => letter.to_string(),
            (Some(Value::Number(number)), None) if answer.status == Status::Answered => {
                // lengths are metres inside; sizes are asked in whole centimetres, distances and areas to one decimal
                match (word("question").contains("centimeters"), number.unit.scale()) {
                    (true, _) => format!("{:.0}", number.value * 100.0),
                    (false, Some(_)) => format!("{:.1}", number.value),
                    (false, None) => format!("{:.0}", number.value),
                }
            }
            _ => format!("{:?} {:?}", answer.text, answer.missing),
        };
        let (right, all) = shares.entry(kind.to_owned()).or_default();
        *all += 1.0;
        let score = if options.is_some() {
            f64::from(u8::from(told == word("ground_truth")))
        } else {
            mean_relative_accuracy(told.parse().ok(), word("ground_truth").parse().expect("a number"))
        };
        *right += score;
        if score < 0.5 && wrong.len() < 40 {
            wrong.push(format!(
                "{} {kind} {program}: {told}, truth {}",
                word("scene_name"),
                word("ground_truth")
            ));
        }
    }
    let share = |kind: &str| shares.get(kind).map_or(0.0, |(right, all)| 100.0 * right / all);
    for (kind, _) in LEAST {
        eprintln!("{kind}: {:.1} % of {}", share(kind), shares.get(*kind).map_or(0.0, |(_, all)| *all));
    }
    let short: Vec<&str> =
        LEAST.iter().filter(|(kind, least)| share(kind) < *least).map(|(kind, _)| *kind).collect();
    assert!(short.is_empty(), "{short:?}\n{}", wrong.join("\n"));
}

/// Share of the thresholds 0.50, 0.55 … 0.95 at which the relative error is small enough (Yang et al., 2025, section 3).
fn mean_relative_accuracy(told: Option<f64>, truth: f64) -> f64 {
    let Some(told) = told else { return 0.0 };
    let passed = (0..10).filter(|step| (told - truth).abs() / truth <= 0.5 - 0.05 * f64::from(*step)).count();
    passed as f64 / 10.0
}
