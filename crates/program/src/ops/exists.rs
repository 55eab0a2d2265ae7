//! Whether there is any.

use super::entry;
use super::present::seen_during;
use crate::cover::covered;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, Missing, MissingKind, Span, Spans, Table, When};

/// `exists(what, during: always)`: a "no" needs coverage, a "yes" does not.
pub struct Exists;

impl Operator for Exists {
    fn entry(&self) -> Entry {
        let about = "whether there is any thing, event or span";
        entry("exists", about, "program/src/ops/exists.rs", "exists(all(\"dog\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Truth))
            .needs("what", Takes::Either(vec![Takes::Things, Takes::Events, Takes::When]))
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        match args.given("what") {
            Some(Datum::Events(events)) => {
                let inside = events.happenings.iter().filter(|h| asked.iter().any(|s| s.overlaps(h.certain)));
                let inside: Vec<_> = inside.collect();
                if !inside.is_empty() {
                    let rows = inside.iter().filter_map(|h| Some(h.event?.0));
                    run.cite_rows(EvidenceKind::Supports, Table::Events, rows);
                    return Ok(Datum::Truth(true));
                }
                if events.happenings.iter().any(|h| asked.iter().any(|s| s.overlaps(h.possible))) {
                    return missing(
                        MissingKind::Pose,
                        "whether it happened within the span, between two pictures",
                    );
                }
                if !events.missing.is_empty() {
                    return Err(Stop::Missing(events.missing.clone()));
                }
                covered(run, &events.scopes, &asked)?;
                Ok(Datum::Truth(false))
            }
            Some(Datum::When(when)) => {
                // spans say themselves when they are meant, also beyond the record
                let given = args.when("during").certain != Spans::from(Span::ALWAYS);
                let asked = if given { asked } else { Span::ALWAYS.into() };
                if !when.certain.intersect(&asked).is_empty() {
                    return Ok(Datum::Truth(true));
                }
                if when.sometime.iter().any(|span| asked.iter().any(|a| a.covers(*span))) {
                    return Ok(Datum::Truth(true));
                }
                // what was not asked about is looked at where a time is given
                let open = if given { when.open() } else { when.possible.clone() }.intersect(&asked);
                if !open.is_empty() {
                    let why = run.why_open(&open)?;
                    if !why.is_empty() {
                        return Err(Stop::Missing(why));
                    }
                    let words = "whether it was so between two pictures";
                    let missing = Missing::new(MissingKind::Pose, words);
                    return Err(known_spans(when, &asked, missing).into());
                }
                Ok(Datum::Truth(false))
            }
            _ => {
                let things = args.things("what");
                let seen = seen_during(run, things, &asked)?;
                if !seen.certain.is_empty() {
                    return Ok(Datum::Truth(true));
                }
                if !seen.missing.is_empty() {
                    return Err(Stop::Missing(seen.missing));
                }
                if !seen.possible.is_empty() {
                    return missing(MissingKind::Pose, "whether it was there between two pictures");
                }
                covered(run, &things.scopes, &asked)?;
                Ok(Datum::Truth(false))
            }
        }
    }
}

/// Adds up to when it was surely so before the asked spans, and from when on after them.
fn known_spans(when: &When, asked: &Spans, missing: Missing) -> Missing {
    let Some(hull) = asked.hull() else { return missing };
    let before = when.certain.iter().map(|s| s.end()).filter(|end| *end <= hull.start()).max();
    let after = when.certain.iter().map(|s| s.start()).filter(|start| *start >= hull.end()).min();
    match (before, after) {
        (Some(a), Some(b)) => missing.hint(format!("it is so up to {a} s and from {b} s on")),
        (Some(a), None) => missing.hint(format!("it is so up to {a} s")),
        (None, Some(b)) => missing.hint(format!("it is so from {b} s on")),
        (None, None) => missing,
    }
}
