//! A line of `predictions.jsonl`.

use chronotope_act::{Call, Cost, Prediction};
use chronotope_tasks::{Item, Truth};
use serde::{Deserialize, Serialize};

/// What was predicted for an item, beside its truth and score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictionRow {
    /// The item's id.
    pub id: String,
    /// The item's type.
    #[serde(rename = "type")]
    pub group: String,
    /// What the scorer saw; none where there is no answer.
    pub prediction: Option<String>,
    /// `answered`, `unknown`, `ambiguous` or `unsupported`.
    pub status: String,
    /// The item's own score; none where the metric has none for single items.
    pub score: Option<f64>,
    /// The truth, as text.
    pub truth: String,
    /// Probability of being right; none where nothing calibrates it.
    pub confidence: Option<f64>,
    /// The numbers between which the truth lies with that probability, where the answer is a number that has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// The answer in words, or why there is none.
    pub said: String,
    /// The program that ran; empty where none did.
    pub program: String,
    /// What would settle it, as `kind: what`.
    pub missing: Vec<String>,
    /// Calls of a model, pictures shown to it, tokens in and out.
    pub cost: [u64; 3],
    /// What each call was: the request's hash, the model's own name, the pictures, the rung of the ladder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
}

impl PredictionRow {
    pub(crate) fn new(item: &Item, told: Prediction) -> PredictionRow {
        let truth = match &item.truth {
            Truth::Text(text) => text.clone(),
            Truth::Number(number) => number.to_string(),
            Truth::AnyOf(any) => any.join(" | "),
            Truth::AllOf(all) => all.join(", "),
        };
        PredictionRow {
            id: item.id.clone(),
            group: item.group.clone(),
            prediction: told.text,
            status: told.status.name().to_owned(),
            score: None,
            truth,
            confidence: told.confidence,
            interval: told.interval,
            said: told.said,
            program: told.program,
            missing: told.missing.iter().map(|m| format!("{}: {}", m.kind.name(), m.what)).collect(),
            cost: [told.cost.calls, told.cost.frames, told.cost.tokens],
            calls: told.calls,
        }
    }

    pub(crate) fn cost(&self) -> Cost {
        let [calls, frames, tokens] = self.cost;
        Cost { calls, frames, tokens }
    }
}
