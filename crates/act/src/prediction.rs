//! What a strategy gives back.

use chronotope_world::{Evidence, Missing, Status};
use serde::{Deserialize, Serialize};

/// What an answer cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Calls of a model.
    pub calls: u64,
    /// Pictures shown to a model.
    pub frames: u64,
    /// Tokens in and out of a model.
    pub tokens: u64,
}

impl Cost {
    /// Both together.
    pub fn plus(self, other: Cost) -> Cost {
        Cost {
            calls: self.calls + other.calls,
            frames: self.frames + other.frames,
            tokens: self.tokens + other.tokens,
        }
    }
}

/// One call of a model: what it was asked, as far as it moves the score.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// SHA-256 of the request in canonical form: the messages, the pictures by the hash of their bytes, the sampling. A recording (`--record`)
    /// holds the request under this key.
    pub request: String,
    /// The model's own name, as the server told it.
    pub model: String,
    /// The pictures shown: presentation time in seconds (none of stills), width and height.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<(Option<f64>, u32, u32)>,
    /// Tokens in and out, as the server counts.
    pub tokens: [u64; 2],
    /// The rung of the ladder that found the answer in the reply; none where the reply was not the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rung: Option<String>,
}

/// A strategy's answer to a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// What a scorer sees; none where there is no answer.
    pub text: Option<String>,
    /// How it stands.
    pub status: Status,
    /// The answer in words, or why there is none.
    pub said: String,
    /// Probability of being right; none where nothing calibrates it.
    pub confidence: Option<f64>,
    /// The numbers between which the truth lies with that probability, in the asked form, where the answer is a number that has them.
    pub interval: Option<[f64; 2]>,
    /// The program that ran; empty where none did.
    pub program: String,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// What would settle it.
    pub missing: Vec<Missing>,
    /// What it cost.
    pub cost: Cost,
    /// The calls of a model that went into it, in order.
    pub calls: Vec<Call>,
}

impl Prediction {
    /// No answer, and what is missing.
    pub fn none(status: Status, missing: Missing) -> Prediction {
        Prediction {
            text: None,
            status,
            said: missing.what.clone(),
            confidence: None,
            interval: None,
            program: String::new(),
            evidence: Vec::new(),
            missing: vec![missing],
            cost: Cost::default(),
            calls: Vec::new(),
        }
    }
}
