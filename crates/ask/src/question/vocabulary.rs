//! What a World offers to a question.

use super::cursor::Cursor;
use super::lexicon::normal;
use std::collections::{BTreeMap, BTreeSet};

/// What a World offers to a question: its words and what it can measure. Plain data, filled by the caller.
///
/// Words in the order in which they should appear in example questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    /// Labels as the World holds them, and those that its coverage declares.
    pub labels: Vec<String>,
    /// Proper names of entities.
    pub names: Vec<String>,
    /// Names of facts that describe things, with their values: `("colour", ["red", "blue"])`.
    pub attributes: Vec<(String, Vec<String>)>,
    /// Kinds of events: `cut`, `pan`, `goal`.
    pub events: Vec<String>,
    /// Whether lengths in metres can be told.
    pub metric: bool,
    /// Whether there are boxes in pictures.
    pub pixels: bool,
    /// Whether the World is one scene without time.
    pub timeless: bool,
    /// Length of the record, where known.
    pub duration_s: Option<f64>,
}

/// The vocabulary, ready for look-up.
pub(super) struct Scope<'v> {
    pub(super) vocabulary: &'v Vocabulary,
    labels: BTreeSet<String>,
    names: BTreeMap<String, &'v str>,
    attributes: BTreeMap<String, (&'v str, &'v str)>,
    events: BTreeMap<String, &'v str>,
}

impl<'v> Scope<'v> {
    pub(super) fn new(vocabulary: &'v Vocabulary) -> Self {
        let labels = vocabulary.labels.iter().flat_map(|label| {
            let dotted = label.contains('.') && !label.contains(' ');
            let parts: Vec<&str> = if dotted { label.split('.').collect() } else { vec![label] };
            parts.into_iter().map(normal).collect::<Vec<_>>()
        });
        let attributes = vocabulary.attributes.iter().flat_map(|(name, values)| {
            values.iter().map(|value| (value.to_lowercase(), (name.as_str(), value.as_str())))
        });
        Scope {
            vocabulary,
            labels: labels.collect(),
            names: vocabulary.names.iter().map(|name| (name.to_lowercase(), name.as_str())).collect(),
            attributes: attributes.collect(),
            events: vocabulary.events.iter().map(|kind| (normal(kind), kind.as_str())).collect(),
        }
    }

    /// Whether a label of the World reads like this, in singular.
    pub(super) fn has_label(&self, label: &str) -> bool {
        self.labels.contains(label)
    }

    /// The proper name that stands at the cursor, as the World spells it; the longest.
    pub(super) fn name_at(&self, c: &Cursor) -> Option<&'v str> {
        (1..=4).rev().find_map(|n| {
            let words: Vec<&str> = c.ahead(n).iter().map(|token| token.text.as_str()).collect();
            self.names.get(&words.join(" ").to_lowercase()).copied().filter(|_| words.len() == n)
        })
    }

    /// The fact that this word is a value of: name and value.
    pub(super) fn attribute(&self, word: &str) -> Option<(&'v str, &'v str)> {
        self.attributes.get(word).copied()
    }

    /// The kind of event that these words name, as the World spells it.
    pub(super) fn event(&self, words: &str) -> Option<&'v str> {
        self.events.get(&normal(words)).copied()
    }
}
