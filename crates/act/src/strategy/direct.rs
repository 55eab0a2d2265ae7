//! A model that is shown pictures at even spacing.

use super::{Means, Strategy, look};
use crate::error::Error;
use crate::prediction::Prediction;
use crate::task::Task;
use chronotope_world::catalogue::Entry;

/// Uniformly spaced pictures, each with its time, the question, and a line that says how to answer: one call. The control arm of every table.
///
/// What moves its score is on the run card: how many pictures, their longest side, the model.
#[derive(Clone, Copy, Debug)]
pub struct Direct;

impl Strategy for Direct {
    fn entry(&self) -> Entry {
        Entry {
            kind: "strategies",
            name: "direct",
            about: "a model is shown evenly spaced pictures with their times and asked once",
            source: "act/src/strategy/direct.rs",
            paper: Some("baseline of every video benchmark; VSI-Bench, arXiv:2412.14171"),
            example: "chronotope eval items/items.jsonl --strategy direct --model http://127.0.0.1:8000/v1",
        }
    }

    fn asks_a_model(&self) -> bool {
        true
    }

    fn answer(&self, task: &Task<'_>, means: &Means) -> Result<Prediction, Error> {
        let shown = look::pictures(task, means, means.n_pictures)?;
        if shown.pictures.is_empty() {
            return Ok(look::without("a video or a picture of the scene; there is none"));
        }
        let (mut tally, parts) = (look::Tally::default(), shown.parts(task)?);
        let words = format!("{}\n{}", shown.words(), look::question(task));
        let reply = look::once(task, means, vec![look::shows(parts, words)], &mut tally)?;
        Ok(look::read(task, reply, &shown.times(), tally))
    }
}
