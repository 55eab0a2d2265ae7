//! How far something went between two moments. STKit-Bench `travelled distance` (Ko et al., 2025).

use super::{Knobs, Material, Skip, Stream, clock, draw_things, needs_clock, street, street_knobs, stretch};
use crate::generate::phrase::phrase;
use crate::generate::room::{draft, shown};
use crate::generate::{Draft, Family, Knob, Range, Said, Task};
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// The length of the path of a thing between two moments, in metres.
#[derive(Clone, Copy, Debug)]
pub struct TravelledDistance;

impl Task for TravelledDistance {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "travelled-distance",
            about: "how far something went between two moments",
            source: "tasks/src/generate/track/travelled_distance.rs",
            paper: Some("Ko et al., ST-VLM and STKit-Bench, 2025"),
            example: "chronotope make travelled-distance --count 10 --out items",
        }
    }

    fn family(&self) -> Family {
        Family::Motion
    }

    fn metric(&self) -> &'static str {
        "tolerance"
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        street(stream, knobs)
    }

    fn knobs(&self) -> &'static [Knob] {
        street_knobs![
            Knob {
                name: "least_m",
                about: "shortest path that is asked for, in metres",
                range: Range::Real(0.1, 10_000.0),
                levels: ["5", "2", "1"],
            },
            Knob {
                name: "least_s",
                about: "shortest time that is asked about, in seconds",
                range: Range::Real(0.1, 1000.0),
                levels: ["2", "2", "1"],
            },
        ]
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        needs_clock(about)?;
        let one = draw_things(about, 1, stream, |thing| {
            stretch(about.seen(thing), knobs.real("least_s"), &mut Stream::named(&[])).is_ok()
        })?
        .remove(0);
        let (from, to) = stretch(about.seen(one.thing), knobs.real("least_s"), stream)?;
        let (a, b) = (clock(from), clock(to));
        let (length, found) =
            about.number(&format!("path_length({}, during: span({a} s, {b} s))", one.program))?;
        if found.unit() != "m" {
            return Err(Skip::world("the record is not in metres"));
        }
        if length < knobs.real("least_m") {
            return Err(Skip::draw("the thing hardly moves"));
        }
        let question = phrase(
            &[
                "How far does {x} travel between {a} s and {b} s, in metres?",
                "How many metres does {x} travel from {a} s to {b} s?",
            ],
            &[("x", &one.name), ("a", &a), ("b", &b)],
            stream,
        );
        Ok(draft(
            question,
            Said::Number { value: shown(length, 1), unit: Some("m"), decimals: 1 },
            &found,
            json!({ "thing": one.name, "from_s": from.as_s(), "to_s": to.as_s() }),
            &[("length_m", length)],
            &[("things", about.survey.n_things() as f64)],
        ))
    }
}
