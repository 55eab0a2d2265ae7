//! What things did, and who or what took part.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Events, Happening, Scope};
use chronotope_story::lexicon::{labels_match, normal, stems};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Event, EvidenceKind, Missing, MissingKind, Reference, Span, Table};
use std::collections::BTreeSet;

/// `acts(things, "kick the ball", role: agent, during: always)`: events in which some of the things took part, of that kind or any.
///
/// A kind is matched by its words without articles and endings: `kicks ball` is `kick the ball`; an event `kick` whose patient is a ball
/// is one as well.
pub struct Acts;
/// `role(events, "patient")`: who or what took that part in the one event.
pub struct Role;

impl Operator for Acts {
    fn entry(&self) -> Entry {
        let example = "acts(all(\"person\"), \"open the door\")";
        entry("acts", "what things did", "program/src/ops/acts.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Events))
            .needs("things", Takes::Things)
            .may("kind", Takes::Text)
            .default("role", Takes::Word(&["agent", "patient", "any"]), "agent")
            .during()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let (things, role) = (args.things("things").clone(), args.text("role"));
        let kind = Some(args.text("kind")).filter(|text| !text.is_empty());
        let world = run.world;
        let takes_part = |row: &Event, sure: bool| {
            row.roles.iter().any(|(name, who)| match who {
                Reference::Entity(entity) => {
                    (role == "any" || name == role)
                        && (things.surely(*entity) || !sure && things.possible.contains(entity))
                }
                _ => false,
            })
        };
        let mut rows: Vec<&Event> = world
            .events()
            .filter(|row| kind.is_none_or(|kind| is_kind(run, row, kind)))
            .filter(|row| asked.iter().any(|s| s.overlaps(row.span) || s.contains(row.span.start())))
            .filter(|row| takes_part(row, false))
            .collect();
        rows.sort_by_key(|row| (row.span, row.id));
        let open = rows.iter().any(|row| !takes_part(row, true));
        let mut out = Events {
            scopes: vec![Scope {
                label: Some(kind.unwrap_or("what they do").to_owned()),
                during: asked,
                within: None,
            }],
            missing: if open || things.certain.is_empty() { things.missing.clone() } else { Vec::new() },
            ..Events::default()
        };
        // who looked for things of all kinds has not written down what they do
        let written = world.events().any(|event| !event.roles.is_empty());
        let named = world
            .coverage()
            .any(|row| row.labels.iter().any(|label| kind.is_none_or(|kind| labels_match(kind, label))));
        if rows.is_empty() && !written && !named {
            let kind = kind.unwrap_or("what they do");
            let span = run.record_span();
            out.missing.push(Missing::new(
                MissingKind::Coverage,
                format!("nobody looked for `{kind}` during {span} s"),
            ));
        }
        out.scopes
            .extend(things.scopes.iter().filter(|_| rows.is_empty() && things.certain.is_empty()).cloned());
        run.cite_rows(EvidenceKind::Supports, Table::Events, rows.iter().map(|row| row.id.0));
        out.happenings = rows
            .into_iter()
            .filter(|row| takes_part(row, true))
            .map(|row| {
                let span = if row.span.is_empty() { Span::at(row.span.start()) } else { row.span };
                Happening {
                    kind: row.kind.clone(),
                    certain: span,
                    possible: span,
                    entity: row.roles.iter().find_map(|(_, who)| match who {
                        Reference::Entity(entity) => Some(*entity),
                        _ => None,
                    }),
                    direction: None,
                    event: Some(row.id),
                }
            })
            .collect();
        Ok(Datum::Events(out))
    }
}

/// The event is one of this kind.
fn is_kind(run: &Run<'_>, row: &Event, asked: &str) -> bool {
    let (asked, kind) = (stems(asked), stems(&row.kind));
    if asked == kind {
        return true;
    }
    let others = asked.strip_prefix(kind.as_slice()).filter(|_| !kind.is_empty());
    let Some(others) = others.map(|rest| rest.join(" ")) else { return false };
    row.roles.iter().filter(|(name, _)| name != "agent").any(|(_, what)| match what {
        Reference::Text(text) => stems(text).join(" ") == others,
        Reference::Entity(entity) => run
            .world
            .labels_of(*entity)
            .any(|label| labels_match(&others, &label.text) || stems(&label.text).join(" ") == others),
        _ => false,
    })
}

impl Operator for Role {
    fn entry(&self) -> Entry {
        let example = "role(acts(all(\"person\"), \"carry\"), \"patient\")";
        entry("role", "who or what took a part in the one event", "program/src/ops/acts.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text)).needs("events", Takes::Events).needs("role", Takes::Text)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let events = args.events("events").cloned().unwrap_or_default();
        let role = args.text("role").to_owned();
        let world = run.world;
        let ids: BTreeSet<_> = events.happenings.iter().filter_map(|h| h.event).collect();
        let mut words = BTreeSet::new();
        for row in world.events().filter(|row| ids.contains(&row.id)) {
            for (_, who) in row.roles.iter().filter(|(name, _)| normal(name) == normal(&role)) {
                words.insert(match who {
                    Reference::Text(text) => text.clone(),
                    Reference::Number(value, unit) => format!("{value} {unit}").trim().to_owned(),
                    Reference::Entity(entity) => world
                        .labels_of(*entity)
                        .next()
                        .map_or_else(|| run.name_of(*entity), |label| label.text.clone()),
                    Reference::Event(event) => event.to_string(),
                    Reference::Observer(observer) => observer.to_string(),
                });
            }
        }
        run.cite_rows(EvidenceKind::Supports, Table::Events, ids.iter().map(|id| id.0));
        match words.into_iter().collect::<Vec<_>>().as_slice() {
            [one] => Ok(Datum::Text(one.clone())),
            [] if ids.is_empty() => missing(MissingKind::Entity, "there is no such event"),
            [] => missing(MissingKind::Entity, format!("nothing is known of the {role} of the event")),
            several => missing(MissingKind::Wording, format!("which is meant: {}", several.join(" or "))),
        }
    }
}
