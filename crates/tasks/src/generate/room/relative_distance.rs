//! Which of several things is nearest to another. VSI-Bench `object_rel_distance` (Yang et al., 2025); filters of VLM-3R's generator.

use super::{
    Draft, Knob, Knobs, Known, Material, OPTIONS, Range, Said, Skip, Stream, draft, home, room_knobs,
};
use crate::generate::phrase::{listed, phrase};
use crate::generate::{Family, Task};
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// The nearest of several kinds of things to a thing, from surface to surface; of a kind with several, the closest counts.
#[derive(Clone, Copy, Debug)]
pub struct RelativeDistance;

impl Task for RelativeDistance {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "relative-distance",
            about: "which of several things is closest to another",
            source: "tasks/src/generate/room/relative_distance.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope make relative-distance --count 10 --out items",
        }
    }

    fn family(&self) -> Family {
        Family::Room
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn knobs(&self) -> &'static [Knob] {
        room_knobs![
            OPTIONS,
            Knob {
                name: "gap_m",
                about: "least difference between the distances of two options, in metres",
                range: Range::Real(0.0, 100.0),
                levels: ["0.5", "0.3", "0.15"],
            },
            Knob {
                name: "least_m",
                about: "least distance of the nearest, in metres",
                range: Range::Real(0.0, 100.0),
                levels: ["0.15", "0.15", "0.15"],
            },
        ]
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        home(stream, knobs, Known::Places)
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        let from = about.draw(1, stream, |c| c.is_single())?[0];
        let apart = |c: &crate::generate::Category| !c.things.iter().any(|thing| from.things.contains(thing));
        let options = about.draw(knobs.count("options"), stream, |c| apart(c))?;
        let mut distances = Vec::new();
        for option in &options {
            let program =
                format!("distance(all(\"{}\"), all(\"{}\"), between: surfaces)", option.name, from.name);
            distances.push((about.number(&program)?.0, option.name.as_str()));
        }
        distances.sort_by(|a, b| a.0.total_cmp(&b.0));
        if distances[0].0 < knobs.real("least_m") {
            return Err(Skip::draw("the nearest thing touches"));
        }
        let gaps = distances.windows(2).map(|pair| pair[1].0 - pair[0].0);
        let gap = gaps.fold(f64::INFINITY, f64::min);
        if gap <= knobs.real("gap_m") {
            return Err(Skip::draw("two options are about equally far"));
        }
        let all = |name: &str| format!("all(\"{name}\")");
        let names: Vec<&str> = options.iter().map(|c| c.name.as_str()).collect();
        let together = names.iter().map(|name| all(name)).reduce(|a, b| format!("union({a}, {b})"));
        let program = format!(
            "label(nearest({}, {}, between: surfaces))",
            together.unwrap_or_default(),
            all(&from.name)
        );
        let found = about.run(&program)?;
        let nearest = distances[0].1;
        let wrong: Vec<String> =
            names.iter().filter(|name| **name != nearest).map(|n| (*n).to_owned()).collect();
        let the: Vec<String> = names.iter().map(|name| format!("the {name}")).collect();
        let the: Vec<&str> = the.iter().map(String::as_str).collect();
        let question = phrase(
            &[
                "From surface to surface, which is closest to the {x}: {list}?",
                "From surface to surface, which is nearest to the {x}: {list}?",
            ],
            &[("x", &from.name), ("list", &listed(&the, "or"))],
            stream,
        );
        Ok(draft(
            question,
            Said::Choice { right: nearest.to_owned(), wrong },
            &found,
            json!({ "from": from.name, "options": names }),
            &[("gap_m", gap), ("nearest_m", distances[0].0)],
            &[("options", names.len() as f64), ("kinds", about.survey.categories.len() as f64)],
        ))
    }
}
