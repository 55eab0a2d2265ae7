//! Every item of StepGame on this machine, label by label.

use super::{Reach, StorySettings, answer_sentences};
use chronotope_world::Status;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;

const STEP: StorySettings = StorySettings { reach: Reach::Step, closed: false, skip_unread: false };

fn items(prefix: &str) -> Option<Vec<Json>> {
    let data = std::env::var_os("CHRONOTOPE_DATA")
        .map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let mut out = Vec::new();
    for noise in ["clean", "noise"] {
        for k in 1..=10 {
            let file =
                std::fs::File::open(data.join(format!("stepgame/{prefix}_{noise}_k{k}.jsonl.gz"))).ok()?;
            let mut text = String::new();
            flate2::read::GzDecoder::new(file).read_to_string(&mut text).ok()?;
            out.extend(text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")));
        }
    }
    Some(out)
}

fn story(item: &Json) -> Vec<&str> {
    item["story"].as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "a data test says whether it ran")]
fn every_corrected_item_is_solved() {
    let Some(items) = items("corrected") else {
        eprintln!("data test skipped: every_corrected_item_is_solved");
        return;
    };
    eprintln!("data test run: every_corrected_item_is_solved");
    let wrong: Vec<String> = items
        .iter()
        .filter_map(|item| {
            let answer = answer_sentences(&story(item), item["question"].as_str()?, STEP);
            let label = item["label"].as_str()?;
            (answer.text != label).then(|| format!("{item} → {}", answer.text))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong, the first: {}",
        wrong.len(),
        items.len(),
        wrong[..wrong.len().min(5)].join("\n")
    );
}

/// Templates of the original set whose words do not say what their labels were made with (X and Y by order of naming):
/// the relation stated is another, or one thing stands in both places.
const FAULTY: [&str; 9] = [
    "X and Y are both there with the object X is to the right of object Y.",
    "X and Y are horizontal and X is to the right of Y.",
    "X and Y are parallel, and X is to the right of Y.",
    "X and Y are parallel, and X on the right of Y.",
    "X is diagonally left and above X.",
    "X is placed at the bottom of Y.",
    "X is positioned below Y and to the left.",
    "X is there and Y is at the 10 position of a clock face.",
    "X is to the right and above Y at an angle of about 45 degrees.",
];

#[test]
#[expect(clippy::print_stderr, reason = "a data test says whether it ran")]
fn original_items_fail_for_nine_faulty_templates_only() {
    let Some(items) = items("original") else {
        eprintln!("data test skipped: original_items_fail_for_nine_faulty_templates_only");
        return;
    };
    eprintln!("data test run: original_items_fail_for_nine_faulty_templates_only");
    let (mut right, mut blamed) = (0, BTreeMap::<&str, usize>::new());
    for item in &items {
        let (Some(question), Some(label)) = (item["question"].as_str(), item["label"].as_str()) else {
            continue;
        };
        let answer = answer_sentences(&story(item), question, STEP);
        if answer.status == Status::Answered && answer.text == label {
            right += 1;
            continue;
        }
        let templates: Vec<String> = story(item).into_iter().map(template).collect();
        let faulty: Vec<&str> = FAULTY.into_iter().filter(|f| templates.iter().any(|t| t == f)).collect();
        assert!(!faulty.is_empty(), "no faulty template: {item} → {}", answer.text);
        for template in faulty {
            *blamed.entry(template).or_default() += 1;
        }
    }
    assert_eq!(blamed.len(), FAULTY.len(), "{blamed:?}");
    assert!(right * 100 >= items.len() * 86, "{right} of {}", items.len());
}

/// The sentence with its capital letters numbered by their order.
fn template(sentence: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    let word = |word: &str| word.len() == 1 && word.chars().all(char::is_uppercase);
    for part in sentence.split(|c: char| !c.is_alphanumeric()) {
        if word(part) && !names.contains(&part) {
            names.push(part);
        }
    }
    let place = |part: &str| names.iter().position(|n| *n == part).map(|i| ["X", "Y", "Z"][i.min(2)]);
    let mut out = String::new();
    for part in sentence.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let bare = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        match place(bare) {
            Some(name) => out.push_str(&part.replacen(bare, name, 1)),
            None => out.push_str(part),
        }
    }
    out
}
