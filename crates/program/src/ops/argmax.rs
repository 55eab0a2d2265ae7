//! The thing with the greatest or least number.

use super::entry;
use crate::cover::covered;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, Missing, MissingKind, Quantity, Unit};

/// `argmax(things, NUMBER with it)`: several on a tie.
pub struct Argmax;
/// `argmin(things, NUMBER with it)`.
pub struct Argmin;

fn signature() -> Signature {
    Signature::gives(Gives::Fixed(Type::Things))
        .needs("things", Takes::Things)
        .needs("by", Takes::PerThing(Box::new(Takes::AnyNumber)))
}

impl Operator for Argmax {
    fn entry(&self) -> Entry {
        let about = "the thing with the greatest number";
        entry("argmax", about, "program/src/ops/argmax.rs", "argmax(all(\"car\"), speed(it, reduce: max))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        extreme(run, args, 1.0)
    }
}

impl Operator for Argmin {
    fn entry(&self) -> Entry {
        let about = "the thing with the least number";
        entry("argmin", about, "program/src/ops/argmax.rs", "argmin(all(\"chair\"), size(it, of: height))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        extreme(run, args, -1.0)
    }
}

fn extreme(run: &mut Run<'_>, args: &Args<'_>, sign: f64) -> Outcome {
    let things = args.things("things").clone();
    let whole = run.record_span().into();
    covered(run, &things.scopes, &whole)?;
    if !things.possible.is_empty() {
        return Err(Stop::Missing(things.missing));
    }
    let (mut numbers, mut why): (Vec<(EntityId, Quantity)>, Vec<Missing>) = (Vec::new(), Vec::new());
    for &thing in &things.certain {
        match run.for_each(args.later("by"), &things, thing) {
            Ok(Datum::Number(number)) => numbers.push((thing, number)),
            Ok(_) => {}
            Err(Stop::Missing(more)) => why.extend(more),
            Err(failed) => return Err(failed),
        }
    }
    winners(run, numbers, why, sign)
}

/// The things with the greatest `sign · number`; those without a number leave it unknown.
pub(super) fn winners(
    run: &Run<'_>,
    numbers: Vec<(EntityId, Quantity)>,
    why: Vec<Missing>,
    sign: f64,
) -> Outcome {
    if !why.is_empty() {
        return Err(Stop::Missing(why.into_iter().take(8).collect()));
    }
    let units: Vec<&Unit> = numbers.iter().map(|(_, n)| &n.unit).collect();
    if units.windows(2).any(|pair| pair[0] != pair[1]) {
        return missing(MissingKind::Scale, "things are measured in unlike units");
    }
    let best = numbers.iter().map(|(_, n)| n.value * sign).fold(f64::NEG_INFINITY, f64::max);
    let won: Vec<EntityId> =
        numbers.iter().filter(|(_, n)| n.value * sign == best).map(|(e, _)| *e).collect();
    check_rivals(run, &numbers, &won, sign)?;
    if won.is_empty() {
        return missing(MissingKind::Entity, "there is no such thing");
    }
    Ok(Datum::Things(Things::exactly(won)))
}

/// Unknown where another thing's interval reaches beyond the winner's least.
fn check_rivals(run: &Run<'_>, numbers: &[(EntityId, Quantity)], won: &[EntityId], sign: f64) -> Part<()> {
    let ends = |n: &Quantity| {
        let (low, high) = n.bounds();
        if sign > 0.0 { (low, high) } else { (-high, -low) }
    };
    let sure =
        numbers.iter().filter(|(e, _)| won.contains(e)).map(|(_, n)| ends(n).0).fold(f64::INFINITY, f64::min);
    let rivals: Vec<String> = numbers
        .iter()
        .filter(|(e, n)| !won.contains(e) && ends(n).1 > sure)
        .map(|(e, _)| run.name_of(*e))
        .take(4)
        .collect();
    if rivals.is_empty() {
        return Ok(());
    }
    let first: Vec<String> = won.iter().take(4).map(|e| run.name_of(*e)).collect();
    let (first, rivals) = (first.join(", "), rivals.join(", "));
    let what = format!("whether it is {first} or {rivals}: they are within each other's uncertainty");
    missing(MissingKind::Pose, what)
}
