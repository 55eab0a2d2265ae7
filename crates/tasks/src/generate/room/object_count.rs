//! How many of a kind there are. VSI-Bench `object_counting` (Yang et al., 2025); filters of VLM-3R's generator.

use super::{Draft, Knob, Knobs, Known, Material, Range, Said, Skip, Stream, draft, home, room_knobs};
use crate::generate::phrase::phrase;
use crate::generate::{Family, Task};
use chronotope_ask::story::lexicon::plural;
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// The number of things of a kind.
#[derive(Clone, Copy, Debug)]
pub struct ObjectCount;

impl Task for ObjectCount {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "object-count",
            about: "how many things of a kind a scene holds",
            source: "tasks/src/generate/room/object_count.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope make object-count --count 10 --out items",
        }
    }

    fn family(&self) -> Family {
        Family::Room
    }

    fn metric(&self) -> &'static str {
        "mra"
    }

    fn knobs(&self) -> &'static [Knob] {
        room_knobs![Knob {
            name: "least",
            about: "fewest things that are asked for; 1 is easily guessed",
            range: Range::Whole(1, 20),
            levels: ["2", "2", "3"],
        }]
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        home(stream, knobs, Known::Places)
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        let least = knobs.count("least");
        let category = about.draw(1, stream, |c| c.things.len() >= least)?[0];
        let (count, found) = about.number(&format!("count(all(\"{}\"))", category.name))?;
        let many = plural(&category.name);
        let question = phrase(
            &[
                "How many {many} are there?",
                "Count the {many}.",
                "What is the number of {many}?",
                "How many different {many} are there in the room?",
            ],
            &[("many", &many)],
            stream,
        );
        Ok(draft(
            question,
            Said::Number { value: count, unit: None, decimals: 0 },
            &found,
            json!({ "category": category.name }),
            &[("least", count - least as f64)],
            &[("count", count), ("kinds", about.survey.categories.len() as f64)],
        ))
    }
}
