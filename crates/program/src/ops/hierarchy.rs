//! What happened, from far and from near.

use super::entry;
use crate::boxes::Flat;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::{Datum, Events, Happening};
use chronotope_reason::calculus::rcc8;
use chronotope_reason::hierarchy::{ABSENT, Change, Event, Hierarchy, changes};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, Span, Time};
use std::collections::BTreeSet;

/// `hierarchy(things, level: 1, spacing: 1 s, during: always, in: auto)`: Events, what changed among the things, in levels.
///
/// A change is a thing that comes or goes (after the record's start and before its end), or two whose boxes come to another relation of RCC-8. Level 0 has an event for each instant with
/// a change; an event of level l + 1 is what changed most within 2^l spacings, with the quieter ones around it. Each is named by what is
/// different after it (or `as before`), and says how many changes it holds. The levels are built from all of the record, so that those of
/// `during` are the ones that would be found without it.
pub struct HierarchyOfEvents;

/// Pairs of things that are looked at: their number grows with the square of the things.
const MOST_THINGS: usize = 200;
/// Changes told by name in one event.
const MOST_TOLD: usize = 3;

impl Operator for HierarchyOfEvents {
    fn entry(&self) -> Entry {
        let about = "what changed among things, in levels from single changes to the whole record";
        entry(
            "hierarchy",
            about,
            "program/src/ops/hierarchy.rs",
            "hierarchy(all(\"car\"), level: 2, during: span(10 s, 60 s))",
        )
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Events))
            .needs("things", Takes::Things)
            .default("level", Takes::Number((0, 0, 0)), "1")
            .default("spacing", Takes::Number((0, 1, 0)), "1 s")
            .during()
            .reference_frame(Preference::Picture)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let (things, frame) = (args.things("things").clone(), args.frame("in")?);
        let asked = run.asked(&args.when("during"));
        let level = args.number("level").map_or(1.0, |n| n.value);
        if !(0.0..=64.0).contains(&level) || level != libm::floor(level) {
            return missing(MissingKind::Wording, "`level:` a whole number from 0 to 64");
        }
        let spacing_s = args.number("spacing").map_or(1.0, |n| n.value).clamp(1e-9, 1e9);
        let whole = chronotope_world::Spans::from(run.record_span());
        let mut out = Events { scopes: things.scopes.clone(), ..Events::default() };
        let (mut ids, mut paths, mut first_frame) = (Vec::new(), Vec::new(), None);
        for thing in things.all() {
            match run.boxes(thing, &frame, &whole, Flat::AsIs) {
                // boxes of two pictures are not compared
                Ok((path, to)) if *first_frame.get_or_insert(to.clone()) == to => {
                    ids.push(thing);
                    paths.push(path);
                }
                Ok(_) => {}
                Err(Stop::Missing(why)) => {
                    out.missing.extend(why.into_iter().filter(|m| m.kind != MissingKind::Pose).take(1));
                }
                Err(failed) => return Err(failed),
            }
        }
        if ids.len() > MOST_THINGS {
            let what = format!("fewer things: {} of them; at most {MOST_THINGS} are compared", ids.len());
            return missing(MissingKind::Wording, what);
        }
        let mut hierarchy = Hierarchy::new(Time::from_s(spacing_s).0);
        let record = run.record_span();
        for (t_ns, change) in changes(&paths, record.start().0, record.end().0) {
            hierarchy.push(t_ns, change);
        }
        let names: Vec<String> = ids.iter().map(|&id| run.name_of(id)).collect();
        for event in hierarchy.level(level as usize) {
            let span = Span::between(Time(event.from_ns), Time(event.to_ns).plus_ns(1));
            if !asked.iter().any(|s| s.intersect(span).is_some()) {
                continue;
            }
            out.happenings.push(Happening {
                kind: told(&hierarchy, event, &names),
                certain: span,
                possible: span,
                entity: sole(&hierarchy, event, &ids),
                direction: None,
                event: None,
            });
        }
        Ok(Datum::Events(out))
    }
}

/// The things of an aspect: one for whether it is there, two for their relation.
fn of_aspect(aspect: u64, n: usize) -> BTreeSet<usize> {
    let aspect = aspect as usize;
    [aspect / n, aspect % n].into_iter().collect()
}

/// What is different after an event, in words.
fn told(hierarchy: &Hierarchy, event: &Event, names: &[String]) -> String {
    let net = hierarchy.net(event);
    let words = |change: &Change| {
        let things: Vec<usize> = of_aspect(change.aspect, names.len()).into_iter().collect();
        match things.as_slice() {
            &[thing] => format!("{} {}", names[thing], if change.after == ABSENT { "goes" } else { "comes" }),
            &[a, b, ..] => {
                let relation = rcc8::NAMES.get(change.after as usize).copied().unwrap_or("?");
                format!("{} {relation} {}", names[a], names[b])
            }
            [] => String::new(),
        }
    };
    let mut parts: Vec<String> = net.iter().take(MOST_TOLD).map(words).collect();
    match net.len() {
        0 => parts.push("as before".to_owned()),
        n if n > MOST_TOLD => parts.push(format!("{} more", n - MOST_TOLD)),
        _ => {}
    }
    let count = if event.score == 1 { "1 change".to_owned() } else { format!("{} changes", event.score) };
    format!("{} ({count})", parts.join(", "))
}

/// The one thing that an event is about; none where it is about several.
fn sole(hierarchy: &Hierarchy, event: &Event, ids: &[EntityId]) -> Option<EntityId> {
    let things: BTreeSet<usize> =
        hierarchy.touched(event).into_iter().flat_map(|aspect| of_aspect(aspect, ids.len())).collect();
    let mut all = things.into_iter();
    match (all.next(), all.next()) {
        (Some(one), None) => ids.get(one).copied(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_says_what_is_different_after_it() {
        let names = ["car 1".to_owned(), "car 2".to_owned(), "bus".to_owned()];
        let ids = [EntityId(4), EntityId(5), EntityId(6)];
        let mut hierarchy = Hierarchy::new(10);
        let change = |aspect, before, after| Change { aspect, before, after };
        hierarchy.push(0, change(1, rcc8::DC as u32, rcc8::PO as u32));
        hierarchy.push(5, change(8, 0, 1));
        hierarchy.push(9, change(1, rcc8::PO as u32, rcc8::DC as u32));
        let level = |level: usize| -> Vec<String> {
            hierarchy.level(level).iter().map(|e| told(&hierarchy, e, &names)).collect()
        };
        assert_eq!(
            level(0),
            ["car 1 po car 2 (1 change)", "bus comes (1 change)", "car 1 dc car 2 (1 change)"]
        );
        assert_eq!(level(1), ["bus comes (3 changes)"]);
        let who: Vec<_> = hierarchy.level(0).iter().map(|e| sole(&hierarchy, e, &ids)).collect();
        assert_eq!(who, [None, Some(EntityId(6)), None]);
    }
}
