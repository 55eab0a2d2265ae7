//! Things, events and spans in the order of time.

use super::entry;
use crate::cover::covered;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Events, Instant, Things};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, Spans, Time, When};

/// `first(things, by: first_seen(it))`: several on a tie.
pub struct First;
/// `last(things, by: first_seen(it))`.
pub struct Last;
/// `nth(things, n, by: first_seen(it))`, `nth(events, n)`, `nth(when, n)`; −1 is the last.
pub struct Nth;

fn by(signature: Signature) -> Signature {
    let moment = Takes::Either(vec![Takes::Moment, Takes::AnyNumber]);
    signature.default("by", Takes::PerThing(Box::new(moment)), "first_seen(it)")
}

/// Things with their moments, in order of time; all of a scope must be known.
fn ordered(run: &mut Run<'_>, args: &Args<'_>) -> Part<Vec<(EntityId, Instant)>> {
    let things = args.things("things").clone();
    let whole = run.record_span().into();
    covered(run, &things.scopes, &whole)?;
    if !things.possible.is_empty() {
        return Err(Stop::Missing(things.missing));
    }
    let mut out = Vec::new();
    for &thing in &things.certain {
        let instant = match run.for_each(args.later("by"), &things, thing)? {
            Datum::Moment(instant) => instant,
            Datum::Number(n) => Instant::exactly(Time::from_s(n.value)),
            _ => continue,
        };
        out.push((thing, instant));
    }
    out.sort_by_key(|(thing, instant)| (instant.t, *thing));
    if out.is_empty() { missing(MissingKind::Entity, "there is no such thing") } else { Ok(out) }
}

fn tied(all: &[(EntityId, Instant)], t: Time) -> Outcome {
    let same = all.iter().filter(|(_, instant)| instant.t == t).map(|(thing, _)| *thing);
    Ok(Datum::Things(Things::exactly(same.collect())))
}

impl Operator for First {
    fn entry(&self) -> Entry {
        let about = "the thing with the earliest moment";
        entry("first", about, "program/src/ops/first.rs", "first(all(\"car\"), by: last_seen(it))")
    }

    fn signature(&self) -> Signature {
        by(Signature::gives(Gives::Fixed(Type::Things)).needs("things", Takes::Things))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let all = ordered(run, args)?;
        tied(&all, all[0].1.t)
    }
}

impl Operator for Last {
    fn entry(&self) -> Entry {
        let about = "the thing with the latest moment";
        entry("last", about, "program/src/ops/first.rs", "last(all(\"car\"))")
    }

    fn signature(&self) -> Signature {
        by(Signature::gives(Gives::Fixed(Type::Things)).needs("things", Takes::Things))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let all = ordered(run, args)?;
        tied(&all, all[all.len() - 1].1.t)
    }
}

impl Operator for Nth {
    fn entry(&self) -> Entry {
        let about = "the n-th thing, event or span in time";
        entry("nth", about, "program/src/ops/first.rs", "nth(all(\"car\"), 2)")
    }

    fn signature(&self) -> Signature {
        let gives = Gives::From(|types| match &types[0] {
            Some(ty @ (Type::Things | Type::Events | Type::When)) => Ok(ty.clone()),
            _ => Err("neither things nor events nor spans".into()),
        });
        let what = Takes::Either(vec![Takes::Things, Takes::Events, Takes::When]);
        by(Signature::gives(gives).needs("things", what).needs("n", Takes::Number((0, 0, 0))))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let n = args.number("n").map_or(0.0, |q| q.value);
        let pick = |len: usize| -> Part<usize> {
            let from_end = n < 0.0;
            let k = n.abs() as usize;
            if n.fract() == 0.0 && k >= 1 && k <= len {
                return Ok(if from_end { len - k } else { k - 1 });
            }
            missing(MissingKind::Entity, format!("there are {len}, so there is no number {n}"))
        };
        match args.given("things") {
            Some(Datum::Events(events)) => {
                let whole = run.record_span().into();
                covered(run, &events.scopes, &whole)?;
                let one = events.happenings[pick(events.happenings.len())?].clone();
                Ok(Datum::Events(Events { happenings: vec![one], ..Events::default() }))
            }
            Some(Datum::When(when)) => {
                let span = when.certain.as_slice()[pick(when.certain.len())?];
                let around: Spans = when.possible.iter().copied().filter(|s| s.overlaps(span)).collect();
                let others: Spans = when.certain.iter().copied().filter(|s| *s != span).collect();
                Ok(Datum::When(When::within(span.into(), &around.minus(&others))))
            }
            _ => {
                let all = ordered(run, args)?;
                let (thing, instant) = all[pick(all.len())?];
                if all.iter().filter(|(_, other)| other.t == instant.t).count() > 1 {
                    let what = format!("which of several that tie at {} s is meant", instant.t);
                    return missing(MissingKind::Wording, what);
                }
                Ok(Datum::Things(Things::exactly(vec![thing])))
            }
        }
    }
}
