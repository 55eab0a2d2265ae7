//! Questions that can be answered about a World, for somebody whose question could not be read.

use super::lexicon::{is_anything, normal, plural};
use super::vocabulary::Vocabulary;
use std::collections::BTreeSet;

/// Most examples that are offered.
const EXAMPLES: usize = 3;

/// Questions of the World's own things, those that share most words with `question` first.
pub(super) fn examples(question: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let (one, other) = two_labels(question, vocabulary);
    let asked = words(&question[..floor(question, 400)]);
    let mut found: Vec<(usize, usize, String)> = TEMPLATES
        .iter()
        .enumerate()
        .filter(|(_, (needs, _))| match needs {
            Needs::Nothing => true,
            Needs::Time => !vocabulary.timeless,
            Needs::Space => vocabulary.metric,
            Needs::SpaceAndTime => vocabulary.metric && !vocabulary.timeless,
        })
        .map(|(rank, (_, template))| {
            let text = template
                .replace("{ones}", &plural(&one))
                .replace("{one}", &one)
                .replace("{others}", &plural(&other))
                .replace("{other}", &other);
            let shared = words(&text).intersection(&asked).count();
            (asked.len() - shared, rank, text)
        })
        .collect();
    found.sort();
    found.dedup_by(|a, b| a.2 == b.2);
    found.into_iter().take(EXAMPLES).map(|(_, _, text)| text).collect()
}

/// Two labels of the World, first those that the question names.
fn two_labels(question: &str, vocabulary: &Vocabulary) -> (String, String) {
    let question = question[..floor(question, 400)].to_lowercase();
    let last = |label: &String| normal(label.rsplit('.').next().unwrap_or(label));
    let mut labels: Vec<String> = Vec::new();
    for label in vocabulary.labels.iter().map(last).filter(|label| !label.is_empty()) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels.sort_by_key(|label| !(question.contains(label.as_str()) || question.contains(&plural(label))));
    let fallback =
        |taken: &str| if is_anything(taken) || taken.is_empty() { "object" } else { taken }.to_owned();
    let one = labels.first().cloned().unwrap_or_else(|| fallback(""));
    let other = labels.get(1).cloned().unwrap_or_else(|| one.clone());
    (one, other)
}

/// The greatest place at or before `at` where a character begins.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(0)
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

enum Needs {
    Nothing,
    Time,
    Space,
    SpaceAndTime,
}

/// Every one is read by the grammar (tested).
const TEMPLATES: &[(Needs, &str)] = &[
    (Needs::Nothing, "How many {ones} are there?"),
    (Needs::Time, "How many {ones} were visible at most at once?"),
    (Needs::Time, "When did the first {one} appear?"),
    (Needs::Time, "How long was the first {one} visible?"),
    (Needs::Time, "Which way did the first {one} move?"),
    (Needs::Time, "Was there a {one} after 2 s?"),
    (Needs::Time, "How long was the longest stop?"),
    (Needs::Time, "Did the {one} stop?"),
    (Needs::Time, "Which appeared first, the {one} or the {other}?"),
    (Needs::Time, "Where was the first {one} at 1 s?"),
    (Needs::Time, "Was the camera moving?"),
    (Needs::Space, "How tall is the {one}?"),
    (Needs::Space, "Which {one} is closest to the {other}?"),
    (Needs::Space, "What is the shortest distance between the {one} and the {other}?"),
    (Needs::Space, "What is the size of this room?"),
    (Needs::Space, "If I am standing by the {one} and facing the {other}, where is the {one}?"),
    (Needs::SpaceAndTime, "How fast was the first {one} on average?"),
    (Needs::SpaceAndTime, "How far did the first {one} move?"),
];

#[cfg(test)]
pub(super) fn all_examples(vocabulary: &Vocabulary) -> Vec<String> {
    let (one, other) = two_labels("", vocabulary);
    let fill = |template: &str| {
        template
            .replace("{ones}", &plural(&one))
            .replace("{one}", &one)
            .replace("{others}", &plural(&other))
            .replace("{other}", &other)
    };
    TEMPLATES.iter().map(|(_, template)| fill(template)).collect()
}
