//! What a reasoner finds, before it becomes an answer.

use super::ThingId;
use chronotope_world::{Missing, Truth};

/// The finding.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Finding {
    /// Yes or no.
    Truth(bool),
    /// One word.
    Word(String),
    /// Things, in order; none is "nothing".
    Things(Vec<ThingId>),
    /// Words in order: the turns of a path.
    Words(Vec<String>),
    /// How many.
    Count(usize),
    /// The story does not tell.
    Missing(Missing),
    /// These statements contradict each other.
    Torn(Vec<usize>),
}

/// A finding with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) finding: Finding,
    /// Statements.
    pub(super) by: Vec<usize>,
    /// What is taken for granted.
    pub(super) assumed: Vec<&'static str>,
    /// A sentence that was not read could change it.
    pub(super) fragile: bool,
}

impl Found {
    pub(super) fn new(finding: Finding, by: Vec<usize>) -> Found {
        Found { finding, by, assumed: Vec::new(), fragile: false }
    }

    pub(super) fn missing(missing: Missing) -> Found {
        Found::new(Finding::Missing(missing), Vec::new())
    }

    pub(super) fn truth(truth: Truth, by: Vec<usize>, otherwise: impl FnOnce() -> Missing) -> Found {
        match truth {
            Truth::Yes => Found::new(Finding::Truth(true), by),
            Truth::No => Found::new(Finding::Truth(false), by),
            Truth::Unknown => Found::missing(otherwise()),
        }
    }

    pub(super) fn assuming(mut self, what: &'static str) -> Found {
        self.assumed.push(what);
        self
    }

    /// Rests on everything else having been read.
    pub(super) fn fragile(mut self) -> Found {
        self.fragile = true;
        self
    }
}
