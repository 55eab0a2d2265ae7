//! How long the longest side of a thing is. VSI-Bench `object_size_estimation` (Yang et al., 2025).

use super::{Draft, Knob, Knobs, Known, Material, Range, Said, Skip, Stream, draft, home, room_knobs, shown};
use crate::generate::phrase::phrase;
use crate::generate::{Family, Task};
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// The longest side of a thing that is the only one of its kind, in centimetres.
#[derive(Clone, Copy, Debug)]
pub struct ObjectSize;

impl Task for ObjectSize {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "object-size",
            about: "how long the longest side of a thing is",
            source: "tasks/src/generate/room/object_size.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope make object-size --count 10 --out items",
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
            name: "least_cm",
            about: "shortest side that is asked for, in centimetres",
            range: Range::Real(1.0, 500.0),
            levels: ["20", "10", "5"],
        }]
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        home(stream, knobs, Known::Places)
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        let category = about.draw(1, stream, |c| c.is_single())?[0];
        let (size, found) = about.number(&format!("size(all(\"{}\"), of: longest)", category.name))?;
        let size_cm = size * 100.0;
        if size_cm < knobs.real("least_cm") {
            return Err(Skip::draw("the thing is too small to ask about"));
        }
        let question = phrase(
            &[
                "What is the longest dimension of the {x} in centimetres?",
                "What is the length of the longest side of the {x} in centimetres?",
            ],
            &[("x", &category.name)],
            stream,
        );
        Ok(draft(
            question,
            Said::Number { value: shown(size_cm, 0), unit: Some("cm"), decimals: 0 },
            &found,
            json!({ "thing": category.name }),
            &[("size_cm", size_cm)],
            &[("kinds", about.survey.categories.len() as f64)],
        ))
    }
}
