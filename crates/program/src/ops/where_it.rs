//! Things for which a condition holds.

use super::entry;
use crate::check::{Typed, TypedNode};
use crate::cover::{STANDS_STILL, only_movers};
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run, Stop};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Scope, Things};
use chronotope_world::Span;
use chronotope_world::catalogue::Entry;

/// `where(things, CONDITION)`: for which it is unknown belong possibly.
pub struct Where;

impl Operator for Where {
    fn entry(&self) -> Entry {
        let example = "where(all(\"person\"), speed(it, reduce: max) > 2 m/s)";
        entry("where", "things for which a condition with `it` holds", "program/src/ops/where_it.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("condition", Takes::PerThing(Box::new(Takes::Truth)))
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let things = args.things("things").clone();
        let mut out =
            Things { scopes: things.scopes.clone(), missing: things.missing.clone(), ..Things::default() };
        let members =
            things.certain.iter().map(|e| (*e, true)).chain(things.possible.iter().map(|e| (*e, false)));
        for (thing, certain) in members {
            match run.for_each(args.later("condition"), &things, thing) {
                Ok(Datum::Truth(true)) if certain => out.certain.push(thing),
                Ok(Datum::Truth(true)) => out.possible.push(thing),
                Ok(_) => {}
                Err(Stop::Missing(missing)) => {
                    out.possible.push(thing);
                    for more in missing {
                        if out.missing.len() < 8 && !out.missing.contains(&more) {
                            out.missing.push(more);
                        }
                    }
                }
                Err(failed) => return Err(failed),
            }
        }
        out.possible.sort_unstable();
        // what never moves is not found by its motion: those that stand still are more than those that were found
        if tests_stillness(args.later("condition"), true) && only_movers(run, &out.scopes) {
            let label = Some(STANDS_STILL.to_owned());
            out.scopes.push(Scope { label, during: Span::ALWAYS.into(), within: None });
        }
        Ok(Datum::Things(out))
    }
}

/// Whether a condition can hold for a thing because it stands still. `holds`: the condition is not negated.
fn tests_stillness(condition: &Typed, holds: bool) -> bool {
    match &condition.node {
        TypedNode::Not(inner) => tests_stillness(inner, !holds),
        TypedNode::Infix(_, a, b) => tests_stillness(a, holds) || tests_stillness(b, holds),
        TypedNode::Call(operator, args) => {
            operator.word() == if holds { "stationary" } else { "moving" }
                || args.iter().flatten().any(|arg| tests_stillness(arg, holds))
        }
        _ => false,
    }
}
