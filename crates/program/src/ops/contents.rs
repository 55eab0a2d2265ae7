//! What there is, and what happens: a summary.

use super::entry;
use super::present::seen_during;
use crate::answer::digits;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Happening};
use chronotope_story::lexicon::{normal, plural};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, EvidenceKind, Span, Spans, Table, Time};
use std::collections::BTreeMap;

/// `contents(what, during: always)`: of things each label, of events each kind, with how many of it were found and from when to when.
///
/// The most frequent first. A list of what was found: it does not say that there is nothing else.
pub struct Contents;
/// `kinds(things)`: the different labels of the things, in the order of the alphabet.
pub struct Kinds;

impl Operator for Contents {
    fn entry(&self) -> Entry {
        let about = "each label (of events each kind) with its number and span";
        entry("contents", about, "program/src/ops/contents.rs", "contents(all())")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::List(Box::new(Type::Text))))
            .needs("what", Takes::Either(vec![Takes::Things, Takes::Events]))
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let mut found: BTreeMap<String, (usize, Spans)> = BTreeMap::new();
        if let Some(Datum::Events(events)) = args.given("what") {
            let inside = |h: &&Happening| asked.iter().any(|s| s.overlaps(h.certain));
            let happenings: Vec<_> = events.happenings.iter().filter(inside).collect();
            run.cite_rows(
                EvidenceKind::Supports,
                Table::Events,
                happenings.iter().filter_map(|h| Some(h.event?.0)),
            );
            for happening in happenings {
                let (n, spans) = found.entry(happening.kind.clone()).or_default();
                *n += 1;
                *spans = spans.union(&happening.certain.into());
            }
        } else {
            let things = seen_during(run, args.things("what"), &asked)?;
            for thing in things.certain {
                let called = called(run, thing);
                let seen = run.presence_of(thing)?.certain.intersect(&asked);
                let (n, spans) = found.entry(called).or_default();
                *n += 1;
                *spans = spans.union(&seen);
            }
        }
        let events = matches!(args.given("what"), Some(Datum::Events(_)));
        let mut lines: Vec<(usize, String)> = found
            .into_iter()
            .map(|(name, (n, spans))| {
                let when = hull_words(&spans);
                let line = match n {
                    1 if events => format!("{name}{when}"),
                    n if events => format!("{name} {n} times{when}"),
                    1 => format!("1 {name}{when}"),
                    n => format!("{n} {}{when}", many(&name)),
                };
                (n, line)
            })
            .collect();
        lines.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Ok(Datum::List(lines.into_iter().map(|(_, line)| Datum::Text(line)).collect()))
    }
}

impl Operator for Kinds {
    fn entry(&self) -> Entry {
        let example = "kinds(resting_on(all(), all(\"table\")))";
        entry("kinds", "the different labels of things", "program/src/ops/contents.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::List(Box::new(Type::Text)))).needs("things", Takes::Things)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let things = args.things("things").clone();
        if !things.possible.is_empty() {
            return Err(crate::run::Stop::Missing(things.missing));
        }
        if things.certain.is_empty() {
            let whole = run.record_span().into();
            crate::cover::covered(run, &things.scopes, &whole)?;
        }
        let mut found: Vec<String> = things.certain.iter().map(|&thing| called(run, thing)).collect();
        found.sort_unstable();
        found.dedup();
        Ok(Datum::List(found.into_iter().map(Datum::Text).collect()))
    }
}

/// The label with the best score, then the first; cited.
fn called(run: &mut Run<'_>, thing: EntityId) -> String {
    let world = run.world;
    let labels = world.labels_of(thing).filter(|label| label.vocabulary != "name");
    let best = labels.reduce(|a, b| if b.score > a.score { b } else { a });
    let Some(best) = best else { return "thing without a label".to_owned() };
    run.cite_rows(EvidenceKind::Supports, Table::Labels, [best.id.0]);
    best.text.clone()
}

/// A label in the plural, as it is written: `Car` → `Cars`, `vehicle.car` stays.
fn many(label: &str) -> String {
    if label.contains('.') || label.contains('_') {
        return label.to_owned();
    }
    let plain = normal(label);
    let whole = plural(&plain);
    // as written, where only an ending is added
    match whole.strip_prefix(&plain) {
        Some(ending) if plain == label.to_lowercase() => format!("{label}{ending}"),
        _ => whole,
    }
}

/// ` (2 s to 7.5 s)`; nothing for a timeless scene.
fn hull_words(spans: &Spans) -> String {
    let Some(hull) = spans.hull().filter(|hull| *hull != Span::ALWAYS && !hull.is_empty()) else {
        return String::new();
    };
    if hull.start() == Time::MIN || hull.end() == Time::MAX {
        return String::new();
    }
    let tenth = |t: Time| digits((t.as_s() * 10.0).round() / 10.0);
    let (from, to) = (tenth(hull.start()), tenth(hull.end()));
    if from == to { format!(" (at {from} s)") } else { format!(" ({from} s to {to} s)") }
}
