//! Whether there is any.

use super::entry;
use super::present::seen_during;
use crate::program::cover::covered;
use crate::program::operator::{Cost, Operator};
use crate::program::run::{Args, Outcome, Run, Stop, missing};
use crate::program::types::{Gives, Signature, Takes, Type};
use crate::program::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, MissingKind, Table};

/// `exists(what, during: always)`: a "no" needs coverage, a "yes" does not.
pub struct Exists;

impl Operator for Exists {
    fn entry(&self) -> Entry {
        let about = "whether there is any thing, event or span";
        entry("exists", about, "ask/src/program/ops/exists.rs", "exists(all(\"dog\"))")
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
                if !when.certain.intersect(&asked).is_empty() {
                    return Ok(Datum::Truth(true));
                }
                if !when.possible.intersect(&asked).is_empty() {
                    return missing(MissingKind::Pose, "whether it was so between two pictures");
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
