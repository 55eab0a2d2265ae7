//! How fast something is at a moment. STKit-Bench `speed` (Ko et al., 2025).

use super::{Knobs, Material, Skip, Stream, clock, draw_things, needs_clock, street, street_knobs};
use crate::generate::phrase::phrase;
use crate::generate::room::{draft, shown};
use crate::generate::{Draft, Family, Knob, Range, Said, Task};
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// The speed of a thing at a moment at which it was in kilometres per hour.
#[derive(Clone, Copy, Debug)]
pub struct Speed;

impl Task for Speed {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "speed",
            about: "how fast something is at a moment",
            source: "tasks/src/generate/track/speed.rs",
            paper: Some("Ko et al., ST-VLM and STKit-Bench, 2025"),
            example: "chronotope make speed --count 10 --out items",
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
        street_knobs![Knob {
            name: "least_kmh",
            about: "least speed that is asked for, in km/h",
            range: Range::Real(0.0, 300.0),
            levels: ["5", "2", "1"],
        }]
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        needs_clock(about)?;
        let one = draw_things(about, 1, stream, |thing| about.seen(thing).len() > 2)?.remove(0);
        let times = about.seen(one.thing);
        // at its first and last moment nothing tells how it came or went on
        let inner = times.get(1..times.len().saturating_sub(1)).unwrap_or_default();
        let t = *stream.choose(inner).ok_or(Skip::draw("the thing is seen for too short"))?;
        let at = clock(t);
        let (speed, found) = about.number(&format!("speed({}, at: {at} s)", one.program))?;
        if found.unit() != "m/s" {
            return Err(Skip::world("the record is not in metres"));
        }
        let kmh = speed * 3.6;
        if kmh < knobs.real("least_kmh") {
            return Err(Skip::draw("the thing hardly moves"));
        }
        let question = phrase(
            &["How fast is {x} at {t} s, in km/h?", "What is the speed of {x} at {t} s in km/h?"],
            &[("x", &one.name), ("t", &at)],
            stream,
        );
        Ok(draft(
            question,
            Said::Number { value: shown(kmh, 1), unit: Some("km/h"), decimals: 1 },
            &found,
            json!({ "thing": one.name, "at_s": t.as_s() }),
            &[("speed_kmh", kmh)],
            &[("things", about.survey.n_things() as f64)],
        ))
    }
}
