//! How many things of a kind are visible at most at once. Counting over time, as in VSI-Bench and in crowd counting.

use super::{Knobs, Material, Skip, Stream, needs_clock, street, street_knobs};
use crate::generate::phrase::phrase;
use crate::generate::room::draft;
use crate::generate::{Draft, Family, Knob, Range, Said, Task};
use chronotope_ask::story::lexicon::plural;
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// The greatest number of things of a kind that are visible at one moment.
#[derive(Clone, Copy, Debug)]
pub struct CountAtOnce;

impl Task for CountAtOnce {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "count-at-once",
            about: "how many things of a kind are visible at most at once",
            source: "tasks/src/generate/track/count_at_once.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope make count-at-once --count 10 --out items",
        }
    }

    fn family(&self) -> Family {
        Family::Motion
    }

    fn metric(&self) -> &'static str {
        "mra"
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        street(stream, knobs)
    }

    fn knobs(&self) -> &'static [Knob] {
        street_knobs![Knob {
            name: "least",
            about: "fewest things that are asked for",
            range: Range::Whole(1, 1000),
            levels: ["2", "2", "3"],
        }]
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        needs_clock(about)?;
        let least = knobs.count("least");
        let category = about.draw(1, stream, |c| c.things.len() >= least)?[0];
        let kind = &category.name;
        let span = about.survey.span.ok_or(Skip::world("the record has no clock"))?;
        let grid = (span.s() * 2.0) as i64;
        let (i, j) = (stream.between(0, grid), stream.between(0, grid));
        let (from_s, to_s) = (i.min(j) as f64 / 2.0, i.max(j) as f64 / 2.0);
        if to_s - from_s < 1.0 {
            return Err(Skip::draw("the stretch is too short"));
        }
        let program = format!("most_at_once(all(\"{kind}\"), during: span({from_s} s, {to_s} s))");
        let (count, found) = about.number(&program)?;
        if count < least as f64 {
            return Err(Skip::draw("too few things at once"));
        }
        let many = plural(kind);
        let question = phrase(
            &["How many {many} are visible at most at once between {a} s and {b} s?"],
            &[("many", &many), ("a", &from_s.to_string()), ("b", &to_s.to_string())],
            stream,
        );
        Ok(draft(
            question,
            Said::Number { value: count, unit: None, decimals: 0 },
            &found,
            json!({ "category": kind, "from_s": from_s, "to_s": to_s }),
            &[("least", count - least as f64)],
            &[("count", count), ("things", about.survey.n_things() as f64)],
        ))
    }
}
