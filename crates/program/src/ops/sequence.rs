//! The order of first sight.

use super::entry;
use super::first_seen::FirstSeen;
use crate::cover::covered;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Time};
use std::collections::BTreeMap;

/// `sequence([all("a"), all("b")], during: always)`: the labels in the order of first sight.
pub struct Sequence;

/// `appearances(things, during: always)`: List of Text: the names of the things in the order of first sight; those first seen in one
/// picture stand together, joined by "and".
pub struct Appearances;

impl Operator for Appearances {
    fn entry(&self) -> Entry {
        let about = "the things in the order of first sight";
        entry("appearances", about, "program/src/ops/sequence.rs", "appearances(all(\"car\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::List(Box::new(Type::Text))))
            .needs("things", Takes::Things)
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let things = args.things("things").clone();
        if !things.possible.is_empty() {
            return Err(Stop::Missing(things.missing));
        }
        let asked = run.asked(&args.when("during"));
        covered(run, &things.scopes, &asked)?;
        let signature = FirstSeen.signature();
        let mut seen: BTreeMap<Time, Vec<String>> = BTreeMap::new();
        for &thing in &things.certain {
            let one = Datum::Things(Things::exactly(vec![thing]));
            let values = vec![Some(one), args.given("during").cloned()];
            let one = Args { signature: &signature, typed: &[], values };
            let first = match FirstSeen.run(run, &one) {
                Ok(Datum::Moment(first)) => first.t,
                // what does not come in the asked time has no place in the order
                Err(Stop::Missing(why)) if why.iter().all(|why| why.kind == MissingKind::Entity) => continue,
                Err(failed) => return Err(failed),
                Ok(_) => continue,
            };
            if first == Time::MIN {
                return missing(MissingKind::Clock, "a timeless scene has no order of sight");
            }
            seen.entry(first).or_default().push(run.name_of(thing));
        }
        let names = seen.into_values().map(|names| Datum::Text(names.join(" and ")));
        Ok(Datum::List(names.collect()))
    }
}

impl Operator for Sequence {
    fn entry(&self) -> Entry {
        let example = "sequence([all(\"car\"), all(\"bus\"), all(\"dog\")])";
        entry("sequence", "labels in the order of first sight", "program/src/ops/sequence.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::List(Box::new(Type::Text))))
            .needs("things", Takes::List(Box::new(Takes::Things)))
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let signature = FirstSeen.signature();
        let mut seen: Vec<(Time, String)> = Vec::new();
        for item in args.list("things") {
            let Datum::Things(things) = item else { continue };
            let values = vec![Some(item.clone()), args.given("during").cloned()];
            let one = Args { signature: &signature, typed: &[], values };
            let Datum::Moment(instant) = FirstSeen.run(run, &one)? else { continue };
            if instant.t == Time::MIN {
                return missing(MissingKind::Clock, "a timeless scene has no order of sight");
            }
            let asked = things.scopes.iter().find_map(|scope| scope.label.clone());
            let name = asked.or_else(|| things.certain.first().map(|&e| run.name_of(e)));
            seen.push((instant.t, name.unwrap_or_default()));
        }
        seen.sort_by_key(|(t, _)| *t);
        if seen.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return missing(MissingKind::Wording, "two of them were first seen at the same time");
        }
        Ok(Datum::List(seen.into_iter().map(|(_, name)| Datum::Text(name)).collect()))
    }
}
