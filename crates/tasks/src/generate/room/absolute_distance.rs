//! How far two things are from each other. VSI-Bench `object_abs_distance` (Yang et al., 2025); filters of VLM-3R's generator.

use super::{Draft, Knob, Knobs, Known, Material, Range, Said, Skip, Stream, draft, home, room_knobs, shown};
use crate::generate::phrase::phrase;
use crate::generate::{Family, Task};
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// The distance between the closest points of two things, in metres.
#[derive(Clone, Copy, Debug)]
pub struct AbsoluteDistance;

impl Task for AbsoluteDistance {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "absolute-distance",
            about: "how far two things are from each other, from surface to surface",
            source: "tasks/src/generate/room/absolute_distance.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope make absolute-distance --count 10 --out items",
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
            name: "least_m",
            about: "shortest distance that is asked for, in metres",
            range: Range::Real(0.05, 100.0),
            levels: ["0.5", "0.2", "0.2"],
        }]
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        home(stream, knobs, Known::Places)
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        let pair = about.draw(2, stream, |c| c.is_single())?;
        let (a, b) = (&pair[0].name, &pair[1].name);
        let (distance, found) =
            about.number(&format!("distance(all(\"{a}\"), all(\"{b}\"), between: surfaces)"))?;
        let least = knobs.real("least_m");
        if distance < least {
            return Err(Skip::draw("the things are too close to each other"));
        }
        let question = phrase(
            &[
                "What is the gap between the {a} and the {b} in metres?",
                "From surface to surface, how far is the {a} from the {b} in metres?",
            ],
            &[("a", a), ("b", b)],
            stream,
        );
        Ok(draft(
            question,
            Said::Number { value: shown(distance, 1), unit: Some("m"), decimals: 1 },
            &found,
            json!({ "a": a, "b": b }),
            &[("distance_m", distance - least)],
            &[("kinds", about.survey.categories.len() as f64)],
        ))
    }
}
