//! When so many are there at once.

use super::entry;
use super::hidden::seen_of;
use super::most_at_once::at_depth;
use crate::cover::{covered, looked_for};
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, Spans, When};

/// `when_count(things, at_least: 3, at_most: none, during: always)`: when the number of them that is present is at least and at most so
/// many. Certain where the pictures tell it; possible also between two pictures and where nobody looked.
pub struct WhenCount;

impl Operator for WhenCount {
    fn entry(&self) -> Entry {
        let about = "when so many things are present at once";
        entry(
            "when-count",
            about,
            "program/src/ops/when_count.rs",
            "when_count(all(\"person\"), at_least: 2)",
        )
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When))
            .needs("things", Takes::Things)
            .default("at_least", Takes::Number((0, 0, 0)), "none")
            .default("at_most", Takes::Number((0, 0, 0)), "none")
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let things = args.things("things").clone();
        let least = whole(args.number("at_least"))?.unwrap_or(0);
        let most = whole(args.number("at_most"))?;
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        for thing in things.all() {
            let (when, _) = seen_of(run, thing)?;
            if things.surely(thing) {
                certain.extend(when.certain.intersect(&asked).iter().copied());
                run.cite_thing(thing, &asked, None)?;
            }
            possible.extend(when.possible.intersect(&asked).iter().copied());
        }
        let mut unlooked = Spans::NONE;
        for scope in &things.scopes {
            unlooked = unlooked.union(&asked.minus(&looked_for(run, scope)).intersect(&scope.during));
        }
        let reached = |spans: &[_], n: usize| if n == 0 { asked.clone() } else { at_depth(spans, n) };
        let mut out = When::within(reached(&certain, least), &reached(&possible, least).union(&unlooked));
        if let Some(most) = most {
            let (sure, may) = (at_depth(&certain, most + 1), at_depth(&possible, most + 1));
            let possible = out.possible.minus(&sure);
            out = When::within(out.certain.minus(&may).minus(&unlooked), &possible);
        }
        let cover = covered(run, &things.scopes, &asked);
        if out.certain.is_empty() {
            cover?;
        }
        Ok(Datum::When(out))
    }
}

/// A number of things.
fn whole(number: Option<&Quantity>) -> crate::run::Part<Option<usize>> {
    match number.map(|number| number.value) {
        None => Ok(None),
        Some(n) if n >= 0.0 && n.fract() == 0.0 && n < 1e9 => Ok(Some(n as usize)),
        Some(n) => missing(MissingKind::Entity, format!("a whole number of things, not {n}")),
    }
}
