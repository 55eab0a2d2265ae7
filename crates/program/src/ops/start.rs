//! Where spans and events start and end.

use super::entry;
use super::first_seen::last_moment;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Instant};
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Time, When};

/// `start(when)`.
pub struct Start;
/// `end(when)`.
pub struct End;

fn signature() -> Signature {
    Signature::gives(Gives::Fixed(Type::Moment))
        .needs("what", Takes::Either(vec![Takes::When, Takes::Events]))
}

fn when(args: &Args<'_>) -> When {
    args.events("what").map_or_else(|| args.when("what"), |events| events.when())
}

impl Operator for Start {
    fn entry(&self) -> Entry {
        let about = "the moment at which something starts to be so";
        entry("start", about, "program/src/ops/start.rs", "start(presence(all(\"bus\")))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let when = when(args);
        let (Some(certain), Some(possible)) = (when.certain.hull(), when.possible.hull()) else {
            return missing(MissingKind::Pose, "it is never surely so, so it has no start");
        };
        let record = run.record_span().start();
        let t = certain.start().max(record);
        if t == Time::MIN {
            return missing(MissingKind::Clock, "a timeless scene has no start");
        }
        Ok(Datum::Moment(Instant { t, low: possible.start().max(record).min(t), high: t }))
    }
}

impl Operator for End {
    fn entry(&self) -> Entry {
        let about = "the moment at which something ceases to be so";
        entry("end", about, "program/src/ops/start.rs", "end(presence(all(\"bus\")))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let when = when(args);
        let (Some(certain), Some(possible)) = (when.certain.hull(), when.possible.hull()) else {
            return missing(MissingKind::Pose, "it is never surely so, so it has no end");
        };
        let record = run.record_span().end();
        let t = if certain.end() >= record { record } else { last_moment(certain) };
        if t == Time::MAX {
            return missing(MissingKind::Clock, "a timeless scene has no end");
        }
        Ok(Datum::Moment(Instant { t, low: t, high: possible.end().min(record).max(t) }))
    }
}
