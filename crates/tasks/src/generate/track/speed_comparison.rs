//! Whether one thing is faster than another between two moments. STKit-Bench `speed comparison` (Ko et al., 2025).

use super::{Knobs, Material, Skip, Stream, clock, draw_pair, needs_clock, street, street_knobs, stretch};
use crate::generate::phrase::phrase;
use crate::generate::room::draft;
use crate::generate::{Draft, Family, Knob, Range, Said, Task};
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// Which of two things is faster on average between two moments at which both were seen.
#[derive(Clone, Copy, Debug)]
pub struct SpeedComparison;

impl Task for SpeedComparison {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "speed-comparison",
            about: "which of two things is faster between two moments",
            source: "tasks/src/generate/track/speed_comparison.rs",
            paper: Some("Ko et al., ST-VLM and STKit-Bench, 2025"),
            example: "chronotope make speed-comparison --count 10 --out items",
        }
    }

    fn family(&self) -> Family {
        Family::Motion
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        street(stream, knobs)
    }

    fn knobs(&self) -> &'static [Knob] {
        street_knobs![
            Knob {
                name: "ratio",
                about: "least ratio of the two speeds",
                range: Range::Real(1.01, 100.0),
                levels: ["2", "1.4", "1.2"],
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
        let (two, both) = draw_pair(about, knobs.real("least_s"), stream)?;
        let (from, to) = stretch(&both, knobs.real("least_s"), stream)?;
        let (a, b) = (clock(from), clock(to));
        let mut speeds = Vec::new();
        for one in &two {
            let (speed, found) =
                about.number(&format!("speed({}, during: span({a} s, {b} s))", one.program))?;
            if found.unit() != "m/s" {
                return Err(Skip::world("the record is not in metres"));
            }
            speeds.push(speed);
        }
        let (least, most) = (speeds[0].min(speeds[1]), speeds[0].max(speeds[1]));
        if most < 0.5 || most < least * knobs.real("ratio") {
            return Err(Skip::draw("the two are about equally fast"));
        }
        let [x, y] = [&two[0], &two[1]];
        let program =
            format!("argmax(union({}, {}), speed(it, during: span({a} s, {b} s)))", x.program, y.program);
        let found = about.run(&program)?;
        let (right, wrong) = if speeds[0] > speeds[1] { (x, y) } else { (y, x) };
        let question = phrase(
            &["Which is faster between {a} s and {b} s, {x} or {y}?"],
            &[("x", &x.name), ("y", &y.name), ("a", &a), ("b", &b)],
            stream,
        );
        Ok(draft(
            question,
            Said::Choice { right: right.name.clone(), wrong: vec![wrong.name.clone()] },
            &found,
            json!({ "things": [x.name, y.name], "from_s": from.as_s(), "to_s": to.as_s() }),
            &[("ratio", if least > 0.0 { (most / least).min(1000.0) } else { 1000.0 }), ("speed_mps", most)],
            &[("things", about.survey.n_things() as f64)],
        ))
    }
}
