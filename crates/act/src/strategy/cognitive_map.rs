//! Cognitive map: first a map from above, then the answer.

use super::{Means, Strategy, look};
use crate::error::Error;
use crate::prediction::Prediction;
use crate::task::Task;
use chronotope_models::{Message, Role};
use chronotope_world::catalogue::Entry;

/// The model first places the centres of the things that the question names on a grid of 10 × 10 cells seen from above, as JSON; then it answers
/// with the map before it. Two calls; the pictures are shown in both.
#[derive(Clone, Copy, Debug)]
pub struct CognitiveMap;

impl Strategy for CognitiveMap {
    fn entry(&self) -> Entry {
        Entry {
            kind: "strategies",
            name: "cognitive-map",
            about: "a model draws a map of 10 × 10 cells from its pictures, then answers with it",
            source: "act/src/strategy/cognitive_map.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), arXiv:2412.14171"),
            example: "chronotope eval items/items.jsonl --strategy cognitive-map --model http://127.0.0.1:8000/v1",
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
        let map = format!(
            "These frames are from one video of a room. Identify the things of the kinds that this question names, and estimate the centre of each \
             instance on a grid of 10 by 10 cells that covers the whole scene, seen from above.\nQuestion: {}\nReply with JSON alone: for each kind a list of \
             [x, y] with whole numbers from 0 to 9, such as {{\"chair\": [[1, 2], [7, 3]], \"sofa\": [[5, 5]]}}.",
            task.question
        );
        let shows = look::shows(parts, map);
        let drawn = match look::once(task, means, vec![shows.clone()], &mut tally)? {
            Ok(reply) => reply,
            Err(why) => return Ok(look::read(task, Err(why), &[], tally)),
        };
        let words = format!("Now answer with the help of this map.\n{}", look::question(task));
        let messages =
            vec![shows, Message::text(Role::Assistant, drawn.text), look::shows(Vec::new(), words)];
        let reply = look::once(task, means, messages, &mut tally)?;
        Ok(look::read(task, reply, &shown.times(), tally))
    }
}
