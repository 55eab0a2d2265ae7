//! When things are far from each other.

use super::entry;
use super::within::same_scale;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::{Pair, Unseen};
use crate::value::Datum;
use chronotope_reason::motion::pair;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Quantity, When};

/// `beyond(a, b, 20 m, during: always, in: auto)`: some of `a` from some other of `b`, centre to centre, where both places are known.
pub struct Beyond;

impl Operator for Beyond {
    fn entry(&self) -> Entry {
        let about = "when the distance of some pair is more than so much";
        let example = "beyond(all(\"person\"), all(\"car\"), 5 m)";
        entry("beyond", about, "program/src/ops/beyond.rs", example)
    }

    fn signature(&self) -> Signature {
        let gives = Gives::From(|types| match (&types[2], types.last()) {
            (Some(Type::Number(a)), Some(Some(Type::Number(b)))) if !a.agrees(b) => {
                Err(format!("{b} against {a}"))
            }
            _ => Ok(Type::When),
        });
        Signature::gives(gives)
            .needs("a", Takes::Things)
            .needs("b", Takes::Things)
            .needs("distance", Takes::Number((1, 0, 0)))
            .during()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (a, b) = (args.things("a").clone(), args.things("b").clone());
        let (frame, asked) = (args.frame("in")?, run.asked(&args.when("during")));
        let least = args.number("distance").cloned().unwrap_or(Quantity::bare(f64::NAN));
        same_scale(run.world, &frame, &least.unit)?;
        let mut unseen = Unseen::during(run, args);
        let (mut out, mut why, mut tried) = (When::default(), Vec::new(), 0);
        for x in a.all() {
            for y in b.all().filter(|&y| y != x) {
                let found = Pair::of(run, x, y, &frame, &asked).and_then(|paths| {
                    unseen.pair(run, [(&a, x), (&b, y)], &paths)?;
                    Ok(pair::beyond(&paths.a, &paths.b, least.value))
                });
                match found {
                    Ok(when) => {
                        tried += 1;
                        if a.surely(x) && b.surely(y) {
                            out.certain = out.certain.union(&when.certain);
                        }
                        out.possible = out.possible.union(&when.possible);
                    }
                    Err(Stop::Missing(more)) => why.extend(more),
                    Err(failed) => return Err(failed),
                }
            }
        }
        if !why.is_empty() {
            return Err(Stop::Missing(why.into_iter().take(4).collect()));
        }
        if tried == 0 {
            let scopes: Vec<_> = a.scopes.iter().chain(&b.scopes).cloned().collect();
            crate::cover::covered(run, &scopes, &asked)?;
        }
        unseen.finish(run, out).map(Datum::When)
    }
}
