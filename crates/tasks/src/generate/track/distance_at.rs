//! How far two things are from each other at a moment. STRIDE-QA object-centric distance (Turing, 2025).

use super::{Knobs, Material, Skip, Stream, clock, draw_pair, needs_clock, street, street_knobs};
use crate::generate::phrase::phrase;
use crate::generate::room::{draft, shown};
use crate::generate::{Draft, Family, Knob, Range, Said, Task};
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// The distance between the centres of two things at a moment at which both were in metres.
#[derive(Clone, Copy, Debug)]
pub struct DistanceAt;

impl Task for DistanceAt {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "distance-at",
            about: "how far two things are from each other at a moment",
            source: "tasks/src/generate/track/distance_at.rs",
            paper: Some("STRIDE-QA, arXiv 2508.10427, 2025"),
            example: "chronotope make distance-at --count 10 --out items",
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
                about: "shortest distance that is asked for, in metres",
                range: Range::Real(0.1, 1000.0),
                levels: ["2", "1", "0.5"],
            },
            Knob {
                name: "most_m",
                about: "greatest distance that is asked for, in metres",
                range: Range::Real(1.0, 100_000.0),
                levels: ["30", "50", "100"],
            },
        ]
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        needs_clock(about)?;
        let (two, both) = draw_pair(about, 0.0, stream)?;
        let t = *stream.choose(&both).ok_or(Skip::draw("the two are not seen at one time"))?;
        let at = clock(t);
        let [x, y] = [&two[0], &two[1]];
        let (distance, found) =
            about.number(&format!("distance({}, {}, at: {at} s, between: centres)", x.program, y.program))?;
        if found.unit() != "m" {
            return Err(Skip::world("the record is not in metres"));
        }
        if distance < knobs.real("least_m") || distance > knobs.real("most_m") {
            return Err(Skip::draw("the two are too near or too far"));
        }
        let question = phrase(
            &[
                "How far is {x} from {y} at {t} s, in metres?",
                "How many metres apart are {x} and {y} at {t} s?",
            ],
            &[("x", &x.name), ("y", &y.name), ("t", &at)],
            stream,
        );
        Ok(draft(
            question,
            Said::Number { value: shown(distance, 1), unit: Some("m"), decimals: 1 },
            &found,
            json!({ "things": [x.name, y.name], "at_s": t.as_s() }),
            &[("distance_m", distance)],
            &[("things", about.survey.n_things() as f64)],
        ))
    }
}
