//! A question before it is numbered, lettered and written.

use serde_json::{Map, Value as Json};
use std::borrow::Cow;

/// A question with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// What is asked, without its options.
    pub question: String,
    /// The answer, and what could be taken for it.
    pub said: Said,
    /// The program whose value the answer is, as it ran; empty where the engine has none for this kind of puzzle.
    pub program: String,
    /// The rows that decide it, as `ask --json` prints them.
    pub evidence: Vec<Json>,
    /// What the engine reads in a World's stead: a story or puzzle in lines.
    pub story: Option<String>,
    /// What was put in the question's places.
    pub slots: Map<String, Json>,
    /// How far every filter was from failing: angle to the nearest edge, gap to the second best.
    pub margins: Map<String, Json>,
    /// What makes it hard, for curricula.
    pub difficulty: Map<String, Json>,
    /// Number of possible items, where it is small.
    pub space: Option<u64>,
}

/// An answer in its form.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// A number in this unit, as it is to be written.
    Number {
        /// The number.
        value: f64,
        /// Its unit; none for counts.
        unit: Option<&'static str>,
        /// Decimals that are shown.
        decimals: u8,
    },
    /// One option of several; letters are given later, so that each is right as often as the others.
    Choice {
        /// The right one.
        right: String,
        /// The wrong ones, all different.
        wrong: Vec<String>,
    },
    /// Yes or no.
    Truth(bool),
    /// Words, or moves, in their canonical form.
    Text(String),
}

/// Why a draw gives no item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// The filter that it failed, in words.
    pub filter: Cow<'static, str>,
    /// No other draw from this World can do better.
    pub hopeless: bool,
}

impl Skip {
    /// This draw failed; another may not.
    pub fn draw(filter: impl Into<Cow<'static, str>>) -> Skip {
        Skip { filter: filter.into(), hopeless: false }
    }

    /// This World has nothing to ask about.
    pub fn world(filter: impl Into<Cow<'static, str>>) -> Skip {
        Skip { filter: filter.into(), hopeless: true }
    }
}
