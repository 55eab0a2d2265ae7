//! In which order kinds of things are first seen. VSI-Bench `obj_appearance_order` (Yang et al., 2025); SIMS-V `temporal_order`.

use super::{Knobs, Material, Skip, Stream, draw_things, needs_clock, street, street_knobs};
use crate::generate::options::wrong_orders;
use crate::generate::phrase::{listed, phrase};
use crate::generate::room::{Known, draft, home};
use crate::generate::{Draft, Family, Knob, Range, Said, Task};
use chronotope_world::catalogue::Entry;
use serde_json::json;

/// Kinds of things in the order in which the first of each is seen.
#[derive(Clone, Copy, Debug)]
pub struct AppearanceOrder;

impl Task for AppearanceOrder {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "appearance-order",
            about: "in which order things are first seen",
            source: "tasks/src/generate/track/appearance_order.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope make appearance-order --count 10 --out items",
        }
    }

    fn family(&self) -> Family {
        Family::Motion
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        if knobs.word("scene") == "home" { home(stream, knobs, Known::Sights) } else { street(stream, knobs) }
    }

    fn knobs(&self) -> &'static [Knob] {
        street_knobs![
            Knob {
                name: "scene",
                about: "what is generated: a walk through a home, or a street",
                range: Range::Word(&["home", "street"]),
                levels: ["home", "home", "home"],
            },
            Knob {
                name: "rooms",
                about: "rooms of a generated home",
                range: Range::Whole(1, 4),
                levels: ["1", "1", "3"],
            },
            Knob {
                name: "objects",
                about: "things in a generated home",
                range: Range::Whole(4, 60),
                levels: ["12", "16", "32"],
            },
            Knob {
                name: "things",
                about: "how many things are put in order",
                range: Range::Whole(2, 6),
                levels: ["3", "4", "5"],
            },
            Knob {
                name: "options",
                about: "options of a question",
                range: Range::Whole(2, 6),
                levels: ["4", "4", "4"],
            },
            Knob {
                name: "gap_s",
                about: "least time between two first sights, in seconds",
                range: Range::Real(0.0, 1000.0),
                levels: ["2", "1", "0.5"],
            },
            Knob {
                name: "near",
                about: "whether wrong orders differ by one exchange of neighbours alone",
                range: Range::Word(&["no", "yes"]),
                levels: ["no", "no", "yes"],
            },
        ]
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        needs_clock(about)?;
        let start = about.survey.span.map(|span| span.start());
        let fits = |thing| about.seen(thing).first().is_some_and(|t| Some(*t) > start);
        let drawn = draw_things(about, knobs.count("things"), stream, fits)?;
        let mut firsts = Vec::new();
        for one in &drawn {
            firsts.extend(about.seen(one.thing).first().map(|t| (*t, one.short.clone())));
        }
        firsts.sort();
        let gaps = firsts.windows(2).map(|pair| pair[1].0.as_s() - pair[0].0.as_s());
        let gap = gaps.fold(f64::INFINITY, f64::min);
        if gap <= knobs.real("gap_s") {
            return Err(Skip::draw("two things come at about the same time"));
        }
        let names: Vec<&str> = drawn.iter().map(|one| one.name.as_str()).collect();
        let programs: Vec<&str> = drawn.iter().map(|one| one.program.as_str()).collect();
        let found = about.run(&format!("sequence([{}])", programs.join(", ")))?;
        let order: Vec<String> = firsts.iter().map(|(_, name)| name.clone()).collect();
        let orders = wrong_orders(&order, knobs.count("options") - 1, knobs.word("near") == "yes", stream);
        if orders.is_empty() {
            return Err(Skip::draw("there is no other order"));
        }
        let question = phrase(
            &[
                "In which order do {list} appear?",
                "What is the order of appearance of {list}?",
                "In what order do {list} come into view?",
            ],
            &[("list", &listed(&names, "and"))],
            stream,
        );
        Ok(draft(
            question,
            Said::Choice {
                right: order.join(", "),
                wrong: orders.iter().map(|order| order.join(", ")).collect(),
            },
            &found,
            json!({ "things": names }),
            &[("gap_s", gap)],
            &[("things", names.len() as f64)],
        ))
    }
}
