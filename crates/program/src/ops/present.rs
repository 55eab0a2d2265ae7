//! Things that were seen during a span.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Scope, Things};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, Spans};

/// `present(things, during: always)`.
pub struct Present;

impl Operator for Present {
    fn entry(&self) -> Entry {
        let example = "present(all(\"car\"), during: span(0 s, 5 s))";
        entry("present", "things that were seen during a span", "program/src/ops/present.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things)).needs("things", Takes::Things).during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let out = seen_during(run, args.things("things"), &asked)?;
        Ok(Datum::Things(out))
    }
}

/// Those of a set that were seen during spans; cites the first sample of each then.
pub(super) fn seen_during(run: &mut Run<'_>, things: &Things, asked: &Spans) -> Part<Things> {
    let mut out = Things { missing: things.missing.clone(), ..Things::default() };
    for scope in &things.scopes {
        let during = scope.during.intersect(asked);
        out.scopes.push(Scope { during, ..scope.clone() });
    }
    for thing in things.all() {
        let [certain, possible] = seen(run, thing, asked)?;
        if certain {
            // one sample shows that it was there
            run.cite_first(thing, asked)?;
        }
        match (certain && things.surely(thing), possible) {
            (true, _) => out.certain.push(thing),
            (false, true) => out.possible.push(thing),
            _ => {}
        }
    }
    Ok(out)
}

/// Surely seen during the spans; possibly (between two pictures).
pub(super) fn seen(run: &mut Run<'_>, thing: EntityId, asked: &Spans) -> Part<[bool; 2]> {
    let whole = *asked == Spans::from(run.record_span());
    let trajectory = run.trajectory(thing)?;
    if whole && !trajectory.runs.is_empty() {
        return Ok([true, true]);
    }
    let (when, _) = super::hidden::seen_of(run, thing)?;
    let certain = !when.certain.intersect(asked).is_empty();
    Ok([certain, certain || !when.possible.intersect(asked).is_empty()])
}
