//! A model that reads the World and computes itself.

use super::{Means, Strategy, look};
use crate::error::Error;
use crate::prediction::Prediction;
use crate::task::Task;
use chronotope_world::catalogue::Entry;
use chronotope_world::{View, text};

/// The World's rows as text, and the question: the model sees nothing and computes all. What it loses against the engine on the same World, it loses
/// by computing.
#[derive(Clone, Copy, Debug)]
pub struct WorldText;

/// Most bytes of a World that are told.
const MOST: usize = 48_000;

impl Strategy for WorldText {
    fn entry(&self) -> Entry {
        Entry {
            kind: "strategies",
            name: "world-text",
            about: "a model reads the World's rows as text and computes the answer itself",
            source: "act/src/strategy/world_text.rs",
            paper: None,
            example: "chronotope eval items/items.jsonl --strategy world-text --model http://127.0.0.1:8000/v1",
        }
    }

    fn asks_a_model(&self) -> bool {
        true
    }

    fn answer(&self, task: &Task<'_>, means: &Means) -> Result<Prediction, Error> {
        let Some(world) = task.world else { return Ok(look::without("a World of the scene; there is none")) };
        let seen = task.asked_at.map(|asked_at| world.seen(View { asked_at, ..world.view() }));
        let failed =
            |fault| Error::Engine { task: task.id.to_owned(), fault: chronotope_ask::Error::World(fault) };
        let (rows, left_out) = text::print_within(seen.as_ref().unwrap_or(world), MOST).map_err(failed)?;
        let cut = if left_out > 0 { "\n(The rest is left out.)" } else { "" };
        let words = format!(
            "A scene as rows of text: times in seconds, places (x, y, z) in metres with z up, sizes (length, width, height), yaw in degrees, boxes in pixels as \
             (left, top, width, height).\n\n{rows}{cut}\n\n{}",
            look::question(task)
        );
        let mut tally = look::Tally::default();
        let reply = look::once(task, means, vec![look::shows(Vec::new(), words)], &mut tally)?;
        Ok(look::read(task, reply, &[], tally))
    }
}
