//! Sets of things: one or the other, both, the one without the other.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_world::EntityId;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeSet;

/// `union(a, b)`.
pub struct Union;
/// `both(a, b)`.
pub struct Both;
/// `except(a, b)`.
pub struct Except;

fn signature() -> Signature {
    Signature::gives(Gives::Fixed(Type::Things)).needs("a", Takes::Things).needs("b", Takes::Things)
}

/// Membership by Kleene's rules: `rule` gives certain and possible membership from those in both sets.
fn combine(args: &Args<'_>, rule: fn([bool; 2], [bool; 2]) -> [bool; 2]) -> Things {
    let (a, b) = (args.things("a"), args.things("b"));
    let everyone: BTreeSet<EntityId> = a.all().chain(b.all()).collect();
    // certain, possible at least
    let possible = |things: &Things| things.possible.iter().copied().collect::<BTreeSet<EntityId>>();
    let (a_possible, b_possible) = (possible(a), possible(b));
    let of = |things: &Things, possible: &BTreeSet<EntityId>, e: EntityId| {
        let certain = things.surely(e);
        [certain, certain || possible.contains(&e)]
    };
    let mut out = Things::default();
    for e in everyone {
        match rule(of(a, &a_possible, e), of(b, &b_possible, e)) {
            [true, _] => out.certain.push(e),
            [false, true] => out.possible.push(e),
            _ => {}
        }
    }
    // once each: a set joined with itself again and again stays as short as it was
    for scope in a.scopes.iter().chain(&b.scopes) {
        if !out.scopes.contains(scope) {
            out.scopes.push(scope.clone());
        }
    }
    for missing in a.missing.iter().chain(&b.missing) {
        if !out.missing.contains(missing) {
            out.missing.push(missing.clone());
        }
    }
    out
}

impl Operator for Union {
    fn entry(&self) -> Entry {
        let example = "union(all(\"car\"), all(\"bus\"))";
        entry("union", "things of either set", "program/src/ops/sets.rs", example)
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        Ok(Datum::Things(combine(args, |a, b| [a[0] || b[0], a[1] || b[1]])))
    }
}

impl Operator for Both {
    fn entry(&self) -> Entry {
        let example = "both(all(\"car\"), with(all(), \"colour\", \"red\"))";
        entry("both", "things of both sets", "program/src/ops/sets.rs", example)
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let mut out = combine(args, |a, b| [a[0] && b[0], a[1] && b[1]]);
        // a set that is complete by itself bounds the other
        if args.things("a").scopes.is_empty() || args.things("b").scopes.is_empty() {
            out.scopes.clear();
        }
        Ok(Datum::Things(out))
    }
}

impl Operator for Except {
    fn entry(&self) -> Entry {
        let example = "except(all(\"car\"), entity(3))";
        entry("except", "things of one set that are not in another", "program/src/ops/sets.rs", example)
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        Ok(Datum::Things(combine(args, |a, b| [a[0] && !b[1], a[1] && !b[0]])))
    }
}
