//! How large the floor is. VSI-Bench `room_size_estimation` (Yang et al., 2025).

use super::{Draft, Knob, Knobs, Known, Material, Said, Skip, Stream, draft, home, room_knobs, shown};
use crate::generate::phrase::phrase;
use crate::generate::{Family, Task};
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// The floor area of a scene, in square metres.
#[derive(Clone, Copy, Debug)]
pub struct RoomSize;

impl Task for RoomSize {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "room-size",
            about: "how large the floor of a scene is",
            source: "tasks/src/generate/room/room_size.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope make room-size --count 10 --out items",
        }
    }

    fn family(&self) -> Family {
        Family::Room
    }

    fn metric(&self) -> &'static str {
        "mra"
    }

    fn knobs(&self) -> &'static [Knob] {
        room_knobs![]
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        home(stream, knobs, Known::Places)
    }

    fn ask(&self, about: &Material, stream: &mut Stream, _knobs: &Knobs) -> Result<Draft, Skip> {
        let (area, found) = about.number("room_size()").map_err(|skip| Skip::world(skip.filter))?;
        let question = phrase(
            &[
                "How large is this room in square metres?",
                "What is the area of this room in square metres?",
                "How big is this room, in square metres?",
            ],
            &[],
            stream,
        );
        let mut draft = draft(
            question,
            Said::Number { value: shown(area, 1), unit: Some("m²"), decimals: 1 },
            &found,
            json!({}),
            &[("area_m2", area)],
            &[("kinds", about.survey.categories.len() as f64)],
        );
        draft.space = Some(1);
        Ok(draft)
    }
}
