//! Entering and leaving a region.

use super::entry;
use super::inside::in_region;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop};
use crate::types::{Gives, Signature, Takes, Type};
use crate::unseen::Unseen;
use crate::value::{Datum, Events, Happening};
use chronotope_world::Span;
use chronotope_world::catalogue::Entry;

/// `enters(things, region, during: always)`: first outside, then inside; a thing that appears inside does not enter.
pub struct Enters;
/// `leaves(things, region, during: always)`: first inside, then outside; a thing that vanishes inside does not leave.
pub struct Leaves;

fn signature() -> Signature {
    Signature::gives(Gives::Fixed(Type::Events))
        .needs("things", Takes::Things)
        .needs("region", Takes::Region)
        .during()
}

impl Operator for Enters {
    fn entry(&self) -> Entry {
        let about = "a thing comes into a region";
        entry("enters", about, "program/src/ops/enters.rs", "enters(all(\"person\"), left_half())")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        edges(run, args, true)
    }
}

impl Operator for Leaves {
    fn entry(&self) -> Entry {
        let about = "a thing goes out of a region";
        entry("leaves", about, "program/src/ops/enters.rs", "leaves(all(\"person\"), left_half())")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        edges(run, args, false)
    }
}

fn edges(run: &mut Run<'_>, args: &Args<'_>, enters: bool) -> Outcome {
    let (things, region) = (args.things("things").clone(), args.region("region")?.clone());
    let asked = run.asked(&args.when("during"));
    let scopes = things.scopes.iter().map(|scope| scope.inside(&region)).collect();
    let mut out = Events { scopes, missing: things.missing.clone(), ..Events::default() };
    let mut unseen = Unseen::during(run, args);
    for thing in things.all() {
        let when = match in_region(run, thing, &region, &asked) {
            Ok((when, known)) => {
                unseen.thing(run, &things, thing, &known)?;
                when
            }
            Err(Stop::Missing(why)) => {
                out.missing.extend(why.into_iter().take(1));
                continue;
            }
            Err(failed) => return Err(failed),
        };
        for &span in &when.certain {
            let around = when.possible.iter().copied().find(|p| p.covers(span)).unwrap_or(span);
            // possible beyond certain: a sample outside bounds it; else it appeared or vanished inside
            let edge = if enters {
                (around.start() < span.start())
                    .then(|| Span::between(around.start(), span.start().plus_ns(1)))
            } else {
                (span.end() < around.end()).then(|| Span::between(span.end().plus_ns(-1), around.end()))
            };
            if let Some(span) = edge {
                out.happenings.push(Happening {
                    kind: if enters { "enters" } else { "leaves" }.into(),
                    certain: span,
                    possible: span,
                    entity: Some(thing),
                    direction: None,
                    event: None,
                });
            }
        }
    }
    out.happenings.sort_by_key(|h| (h.certain, h.entity));
    out.missing.extend(unseen.of_events(run)?);
    Ok(Datum::Events(out))
}
