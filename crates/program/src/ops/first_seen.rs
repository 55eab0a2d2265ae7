//! The first and the last time that something was seen.

use super::entry;
use super::present::seen;
use crate::cover::covered;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Instant};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, Span, Spans, Time};

/// `first_seen(things, during: always)`: needs coverage from the start of the span to then.
pub struct FirstSeen;
/// `last_seen(things, during: always)`: needs coverage from then to the end of the span. Of what is in view to the end of the record
/// the last sight is that of the last picture.
pub struct LastSeen;

fn signature() -> Signature {
    Signature::gives(Gives::Fixed(Type::Moment)).needs("things", Takes::Things).during()
}

impl Operator for FirstSeen {
    fn entry(&self) -> Entry {
        let about = "the first moment at which a thing was seen";
        entry("first-seen", about, "program/src/ops/first_seen.rs", "first_seen(all(\"dog\"))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        edge(run, args, true).map(|(instant, _)| Datum::Moment(instant))
    }
}

impl Operator for LastSeen {
    fn entry(&self) -> Entry {
        let about = "the last moment at which a thing was seen";
        entry("last-seen", about, "program/src/ops/first_seen.rs", "last_seen(all(\"dog\"))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (mut instant, to_the_end) = edge(run, args, false)?;
        if to_the_end {
            instant.high = instant.t;
        }
        Ok(Datum::Moment(instant))
    }
}

/// The first or last moment, and whether it may have been there to the end of the record.
pub(super) fn edge(run: &mut Run<'_>, args: &Args<'_>, first: bool) -> Part<(Instant, bool)> {
    let asked = run.asked(&args.when("during"));
    let things = args.things("things");
    let mut best: Option<(EntityId, Instant)> = None;
    for &thing in &things.certain {
        let when = run.presence_of(thing)?;
        let (certain, possible) = (when.certain.intersect(&asked), when.possible.intersect(&asked));
        let instant = if first {
            certain.hull().zip(possible.hull()).map(|(c, p)| Instant {
                t: c.start(),
                low: p.start(),
                high: c.start(),
            })
        } else {
            certain.hull().zip(possible.hull()).map(|(c, p)| {
                let t = last_moment(c);
                Instant { t, low: t, high: last_moment(p).max(t) }
            })
        };
        if let Some(instant) = instant
            && best.is_none_or(|(_, b)| if first { instant.t < b.t } else { instant.t > b.t })
        {
            best = Some((thing, instant));
        }
    }
    let Some((thing, mut instant)) = best else {
        covered(run, &things.scopes, &asked)?;
        if !things.missing.is_empty() {
            return Err(Stop::Missing(things.missing.clone()));
        }
        return missing(MissingKind::Entity, "no such thing was seen");
    };
    let hull = asked.hull().unwrap_or(Span::ALWAYS);
    let rest = if first {
        Span::between(hull.start().min(instant.t), instant.t)
    } else {
        Span::between(instant.t, hull.end().max(instant.t))
    };
    let rest: Spans = asked.intersect(&Spans::from(rest));
    covered(run, &things.scopes, &rest)?;
    for &other in &things.possible {
        if seen(run, other, &rest)?[1] {
            return Err(Stop::Missing(things.missing.clone()));
        }
    }
    // looked at the moment before the first: the thing came between; the record's own start bounds nothing
    if first && instant.low < hull.start() {
        instant.low = hull.start();
    }
    run.cite_thing(thing, &Spans::from(Span::at(instant.t)), Some(instant.t))?;
    let to_the_end = !first && instant.high >= last_moment(run.record_span());
    Ok((instant, to_the_end))
}

/// The last moment of a half-open span of samples: the end without the nanosecond that an instant takes.
pub(super) fn last_moment(span: Span) -> Time {
    if span.end() == Time::MAX { span.end() } else { span.end().plus_ns(-1).max(span.start()) }
}
