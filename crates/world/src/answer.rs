//! Answers: a value, how it stands with it, why, and what is missing.

use crate::evidence::Evidence;
use crate::value::Value;

/// How it stands with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The World decides it.
    Answered,
    /// The World cannot tell; `missing` says what would.
    Unknown,
    /// The question has several readings with different answers.
    Ambiguous,
    /// The question cannot be read, or asks for what no operator does.
    Unsupported,
}

impl Status {
    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Status::Answered => "answered",
            Status::Unknown => "unknown",
            Status::Ambiguous => "ambiguous",
            Status::Unsupported => "unsupported",
        }
    }
}

/// Which kind of observation would settle a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MissingKind {
    /// Nobody looked there, then, or for that label.
    Coverage,
    /// Two frames are not connected.
    Transform,
    /// A frame's scale is unknown.
    Scale,
    /// A source's clock is unknown: only order is known.
    Clock,
    /// A thing that the question names is not in the World.
    Entity,
    /// The heading, size or place of a thing at that time.
    Pose,
    /// The rows exist but were not yet known at `asked_at`.
    Hindsight,
    /// The question or its options need a clearer wording.
    Wording,
}

impl MissingKind {
    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            MissingKind::Coverage => "coverage",
            MissingKind::Transform => "transform",
            MissingKind::Scale => "scale",
            MissingKind::Clock => "clock",
            MissingKind::Entity => "entity",
            MissingKind::Pose => "pose",
            MissingKind::Hindsight => "hindsight",
            MissingKind::Wording => "wording",
        }
    }
}

/// An observation that would settle the question.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// Of which kind.
    pub kind: MissingKind,
    /// In words: `no transform from image(0) to world(street)`.
    pub what: String,
    /// What the user can do: `watch --ground CALIBRATION.json`.
    pub hint: Option<String>,
}

impl Missing {
    /// Something missing, without a hint.
    pub fn new(kind: MissingKind, what: impl Into<String>) -> Missing {
        Missing { kind, what: what.into(), hint: None }
    }

    /// With what the user can do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Missing {
        self.hint = Some(hint.into());
        self
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The value; none unless answered.
    pub value: Option<Value>,
    /// The letter of the chosen option, where options were given and one is right.
    pub choice: Option<char>,
    /// The answer in words: `3 cars`, `2.4 m`.
    pub text: String,
    /// How it stands.
    pub status: Status,
    /// Probability of being right; none where nothing calibrates it.
    pub confidence: Option<f64>,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// What would settle it; empty where answered.
    pub missing: Vec<Missing>,
}

impl Answer {
    /// An answered answer without options and confidence.
    pub fn answered(value: Value, text: impl Into<String>, evidence: Vec<Evidence>) -> Answer {
        Answer {
            value: Some(value),
            choice: None,
            text: text.into(),
            status: Status::Answered,
            confidence: None,
            evidence,
            missing: Vec::new(),
        }
    }
}
