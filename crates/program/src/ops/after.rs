//! The time after and before something.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Instant};
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Span, Spans, Time, When};

/// `after(what)`: from its end to the end of the record.
pub struct After;
/// `before(what)`: from the start of the record to its start.
pub struct Before;

fn signature() -> Signature {
    let what = Takes::Either(vec![Takes::Moment, Takes::When, Takes::Events]);
    Signature::gives(Gives::Fixed(Type::When)).needs("what", what)
}

/// The start and the end of a moment, of spans or of events.
pub(super) fn ends(args: &Args<'_>, name: &str) -> Part<(Instant, Instant)> {
    if let Some(instant) = args.moment(name) {
        return Ok((instant, instant));
    }
    let when = args.events(name).map_or_else(|| args.when(name), |events| events.when());
    let (Some(certain), Some(possible)) = (when.certain.hull(), when.possible.hull()) else {
        return missing(MissingKind::Pose, format!("`{name}` is never surely so"));
    };
    let start = Instant { t: certain.start(), low: possible.start(), high: certain.start() };
    Ok((start, Instant { t: certain.end(), low: certain.end(), high: possible.end() }))
}

fn spans(a: Time, b: Time) -> Spans {
    Span::new(a, b).map_or(Spans::NONE, Spans::from)
}

impl Operator for After {
    fn entry(&self) -> Entry {
        let about = "the time from the end of something to the end of the record";
        entry("after", about, "program/src/ops/after.rs", "after(nth(events(\"cut\"), 2))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (_, end) = ends(args, "what")?;
        let last = run.record_span().end();
        Ok(Datum::When(When::within(spans(end.high, last), &spans(end.low, last))))
    }
}

impl Operator for Before {
    fn entry(&self) -> Entry {
        let about = "the time from the start of the record to the start of something";
        entry("before", about, "program/src/ops/after.rs", "before(first_seen(all(\"bus\")))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (start, _) = ends(args, "what")?;
        let first = run.record_span().start();
        Ok(Datum::When(When::within(spans(first, start.low), &spans(first, start.high))))
    }
}
