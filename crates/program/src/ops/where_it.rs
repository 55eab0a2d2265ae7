//! Things for which a condition holds.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run, Stop};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_world::catalogue::Entry;

/// `where(things, CONDITION)`: for which it is unknown belong possibly.
pub struct Where;

impl Operator for Where {
    fn entry(&self) -> Entry {
        let example = "where(all(\"person\"), speed(it, reduce: max) > 2 m/s)";
        entry(
            "where",
            "things for which a condition with `it` holds",
            "ask/src/program/ops/where_it.rs",
            example,
        )
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("condition", Takes::PerThing(Box::new(Takes::Truth)))
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let things = args.things("things").clone();
        let mut out = Things { scopes: things.scopes, missing: things.missing, ..Things::default() };
        let members =
            things.certain.iter().map(|e| (*e, true)).chain(things.possible.iter().map(|e| (*e, false)));
        for (thing, certain) in members {
            match run.for_each(args.later("condition"), thing) {
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
        Ok(Datum::Things(out))
    }
}
