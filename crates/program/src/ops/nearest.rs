//! The nearest and the farthest.

use super::argmax::winners;
use super::distance::{bounded, pair_distance};
use super::entry;
use crate::cover::covered;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::Unseen;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity};

/// `nearest(things, to, at: none, during: always, between: centres, in: auto)`: several on a tie.
pub struct Nearest;
/// `farthest(things, to, …)`.
pub struct Farthest;

fn signature() -> Signature {
    Signature::gives(Gives::Fixed(Type::Things))
        .needs("things", Takes::Things)
        .needs("to", Takes::Things)
        .at()
        .during()
        .between()
        .reference_frame(Preference::Metric)
}

impl Operator for Nearest {
    fn entry(&self) -> Entry {
        let about = "the thing with the smallest distance to another";
        let example = "nearest(all(\"chair\"), all(\"door\"), between: surfaces)";
        entry("nearest", about, "program/src/ops/nearest.rs", example)
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        choose(run, args, -1.0)
    }
}

impl Operator for Farthest {
    fn entry(&self) -> Entry {
        let about = "the thing with the largest distance to another";
        entry("farthest", about, "program/src/ops/nearest.rs", "farthest(all(\"chair\"), all(\"door\"))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        choose(run, args, 1.0)
    }
}

fn choose(run: &mut Run<'_>, args: &Args<'_>, sign: f64) -> Outcome {
    let (things, to) = (args.things("things").clone(), args.things("to").clone());
    let (frame, asked) = (args.frame("in")?, run.asked(&args.when("during")));
    let at = args.moment("at").map(|instant| instant.t);
    covered(run, &things.scopes, &asked)?;
    covered(run, &to.scopes, &asked)?;
    if !things.possible.is_empty() || !to.possible.is_empty() {
        return Err(Stop::Missing(things.missing.into_iter().chain(to.missing).collect()));
    }
    let surfaces = args.text("between") == "surfaces";
    let (mut numbers, mut why, mut rivals) = (Vec::new(), Vec::new(), Vec::new());
    for &thing in &things.certain {
        let mut best: Option<Quantity> = None;
        let mut unseen = Unseen::at_or_during(run, args, at);
        for &other in to.certain.iter().filter(|&&other| other != thing) {
            let pair = [(&things, thing), (&to, other)];
            match pair_distance(run, pair, surfaces, &frame, at, &asked, "min", &mut unseen) {
                Ok(found) if best.as_ref().is_none_or(|b| found.quantity.value < b.value) => {
                    best = Some(found.quantity);
                }
                Ok(_) => {}
                Err(Stop::Missing(more)) => why.extend(more),
                Err(failed) => return Err(failed),
            }
        }
        match best {
            Some(best) => numbers.push((thing, bounded(run, best, unseen, "min")?)),
            None => rivals.extend(unseen.of_events(run)?),
        }
    }
    if numbers.is_empty() {
        if !why.is_empty() {
            return Err(Stop::Missing(why.into_iter().take(8).collect()));
        }
        return missing(MissingKind::Entity, "there are no two such things");
    }
    // a thing that was not there then is no rival, one that was not seen is
    why.retain(|missing| missing.kind != MissingKind::Pose);
    why.extend(rivals);
    winners(run, numbers, why, sign)
}
