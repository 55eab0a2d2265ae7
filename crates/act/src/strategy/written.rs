//! A model that writes programs, and the engine that runs them.

use super::{Means, Strategy, look};
use crate::asking::{By, Help, ask_with};
use crate::error::Error;
use crate::prediction::{Cost, Prediction};
use crate::task::Task;
use chronotope_ask::form;
use chronotope_world::View;
use chronotope_world::catalogue::Entry;

/// The grammar reads the question, or else a model writes it as a program, mended at most twice; the engine runs it on the World. The model sees
/// no numbers and no pictures.
#[derive(Clone, Copy, Debug)]
pub struct Written;

impl Strategy for Written {
    fn entry(&self) -> Entry {
        Entry {
            kind: "strategies",
            name: "written",
            about: "the engine on a World; a model writes the program of what the grammar does not read",
            source: "act/src/strategy/written.rs",
            paper: None,
            example: "chronotope eval sqa3d ../shared/data/sqa3d --strategy written --model http://127.0.0.1:8000/v1",
        }
    }

    fn asks_a_model(&self) -> bool {
        true
    }

    fn answer(&self, task: &Task<'_>, means: &Means) -> Result<Prediction, Error> {
        let (Some(world), Some(chat)) = (task.world, &means.chat) else {
            return Ok(look::without("a World of the scene and a model; one of them is missing"));
        };
        let seen = task.asked_at.map(|asked_at| world.seen(View { asked_at, ..world.view() }));
        let world = seen.as_ref().unwrap_or(world);
        let help = Help { n_pictures: 0, ..Help::of(&**chat) };
        let asked = ask_with(world, task.question, task.options, help)?;
        let spent = &asked.spent;
        let cost = Cost {
            calls: spent.n_calls,
            frames: 0,
            tokens: spent.tokens.tokens_in + spent.tokens.tokens_out,
        };
        let (answered, by) = (asked.answer.answered, asked.by);
        let answer = answered.answer;
        let interval = answer.confidence.and_then(|_| form::say_interval(&answer, task.form));
        let mut evidence = answer.evidence.clone();
        if by == By::Program {
            evidence
                .push(chronotope_world::Evidence::assumption(format!("the program is by {}", spent.model)));
        }
        Ok(Prediction {
            text: form::say(world, &answer, task.form),
            status: answer.status,
            said: answer.text,
            confidence: answer.confidence,
            interval,
            program: answered.program,
            evidence,
            missing: answer.missing,
            cost,
            calls: Vec::new(),
        })
    }
}
