//! When things were seen.

use super::entry;
use super::hidden::seen_of;
use crate::cover::{covered, looked_for};
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Spans, When};

/// `presence(things, during: always)`: when any of them was seen; possible also where nobody looked for them.
pub struct Presence;

impl Operator for Presence {
    fn entry(&self) -> Entry {
        entry(
            "presence",
            "when any of the things was seen",
            "program/src/ops/presence.rs",
            "presence(all(\"bus\"))",
        )
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When)).needs("things", Takes::Things).during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        Ok(Datum::When(presence(run, args.things("things"), &asked)?))
    }
}

/// When any of a set was seen during spans; cites the samples.
pub(super) fn presence(run: &mut Run<'_>, things: &Things, asked: &Spans) -> Part<When> {
    let mut out = When::default();
    for thing in things.all() {
        let (when, hidden) = seen_of(run, thing)?;
        if things.surely(thing) {
            out.certain = out.certain.union(&when.certain.intersect(asked));
            run.cite_thing(thing, asked, None)?;
        }
        out.possible = out.possible.union(&when.possible.intersect(asked));
        if things.scopes.is_empty() && things.among.is_empty() {
            // of what is meant itself nothing is known where nobody looked
            let unseen = asked.minus(&run.looked_for_thing(thing)[0]);
            out.possible = out.possible.union(&unseen.minus(&hidden));
        }
    }
    for scope in &things.scopes {
        let unseen = asked.minus(&looked_for(run, scope));
        out.possible = out.possible.union(&unseen.intersect(&scope.during));
    }
    if out.certain.is_empty() {
        covered(run, &things.scopes, asked)?;
    } else {
        // cited where it holds; where it does not, the gaps are possible
        let _ = covered(run, &things.scopes, asked);
    }
    Ok(out)
}
