//! What happened, as the World has it.

use super::entry;
use crate::cover::ANY_EVENT;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{self, Datum, Happening, Scope};
use chronotope_story::lexicon::normal;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, MissingKind, Reference, Span, Table};

/// `events("cut", during: always)`, `events()`: those that touch the span, in the order of time.
pub struct Events;
/// `kind(events)`: of the one event.
pub struct Kind;

/// Kinds of events that one coverage label stands for.
const CLASSES: [(&str, &[&str]); 2] = [
    ("camera motion", &["static", "pan", "tilt", "zoom", "roll", "travelling"]),
    ("shot", &["cut", "shot", "fade", "dissolve"]),
];

/// Whether events of this kind tell what a camera did: `static`, `pan left`, `unknown`.
pub(crate) fn is_camera_motion(kind: &str) -> bool {
    let word = kind.split(' ').next().unwrap_or_default();
    word == "unknown" || CLASSES[0].1.contains(&word)
}

impl Operator for Events {
    fn entry(&self) -> Entry {
        let about = "what happened, by kind";
        entry("events", about, "program/src/ops/events.rs", "events(\"cut\", during: span(0 s, 30 s))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Events)).may("kind", Takes::Text).during()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let kind = Some(args.text("kind")).filter(|text| !text.is_empty());
        let world = run.world;
        let mut rows: Vec<_> = world
            .events()
            .filter(|row| kind.is_none_or(|kind| normal(&row.kind) == normal(kind)))
            .filter(|row| asked.iter().any(|s| s.overlaps(row.span) || s.contains(row.span.start())))
            .collect();
        rows.sort_by_key(|row| (row.span, row.id));
        run.cite_rows(EvidenceKind::Supports, Table::Events, rows.iter().map(|row| row.id.0));
        let happenings = rows.iter().map(|row| {
            let span = if row.span.is_empty() { Span::at(row.span.start()) } else { row.span };
            let who = row.roles.iter().find_map(|(role, who)| match who {
                Reference::Entity(entity) if role == "agent" => Some(*entity),
                _ => None,
            });
            Happening {
                kind: row.kind.clone(),
                certain: span,
                possible: span,
                entity: who,
                direction: row.roles.iter().find_map(|(role, what)| match what {
                    Reference::Text(text) if role == "direction" => Some(text.clone()),
                    _ => None,
                }),
                event: Some(row.id),
            }
        });
        let happenings = happenings.collect();
        let label = kind.map(|kind| {
            let class = CLASSES.iter().find(|(_, kinds)| kinds.contains(&normal(kind).as_str()));
            // a source that reports the class reports its kinds
            let listed =
                class.filter(|(class, _)| world.coverage().any(|row| row.labels.iter().any(|l| l == class)));
            listed.map_or(kind, |(class, _)| *class).to_owned()
        });
        let label = label.or_else(|| Some(ANY_EVENT.to_owned()));
        let scopes = vec![Scope { label, during: asked, within: None }];
        Ok(Datum::Events(value::Events { happenings, scopes, missing: Vec::new() }))
    }
}

impl Operator for Kind {
    fn entry(&self) -> Entry {
        entry("kind", "the kind of the one event", "program/src/ops/events.rs", "kind(nth(events(), 1))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text)).needs("events", Takes::Events)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let happenings = args.events("events").map_or(&[][..], |events| &events.happenings);
        match happenings {
            [] => missing(MissingKind::Entity, "there is no such event"),
            [first, rest @ ..]
                if rest.iter().all(|h| h.kind == first.kind && h.direction == first.direction) =>
            {
                let way = first.direction.as_ref().map_or(String::new(), |way| format!(" {way}"));
                Ok(Datum::Text(format!("{}{way}", first.kind)))
            }
            several => missing(MissingKind::Wording, format!("which of {} events is meant", several.len())),
        }
    }
}
