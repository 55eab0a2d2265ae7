//! A model that is shown nothing.

use super::{Means, Strategy, look};
use crate::error::Error;
use crate::prediction::Prediction;
use crate::task::Task;
use chronotope_world::catalogue::Entry;

/// The question and its options alone: what a model knows before it looks. What another strategy scores above this, it saw.
#[derive(Clone, Copy, Debug)]
pub struct Blind;

impl Strategy for Blind {
    fn entry(&self) -> Entry {
        Entry {
            kind: "strategies",
            name: "blind",
            about: "a model is asked without seeing anything: the language prior",
            source: "act/src/strategy/blind.rs",
            paper: None,
            example: "chronotope eval items/items.jsonl --strategy blind --model http://127.0.0.1:8000/v1",
        }
    }

    fn asks_a_model(&self) -> bool {
        true
    }

    fn answer(&self, task: &Task<'_>, means: &Means) -> Result<Prediction, Error> {
        let mut tally = look::Tally::default();
        let message = look::shows(Vec::new(), look::question(task));
        let reply = look::once(task, means, vec![message], &mut tally)?;
        Ok(look::read(task, reply, &[], tally))
    }
}
