//! How long.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, Spans, Spread};

/// `duration(when)`: of the certain spans; the possible ones are the upper end of the interval. To the microsecond.
pub struct Duration;

impl Operator for Duration {
    fn entry(&self) -> Entry {
        let about = "how long something was so";
        entry("duration", about, "program/src/ops/duration.rs", "duration(presence(all(\"bus\")))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::SECOND))).needs("when", Takes::When)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let when = args.when("when");
        // `always` lasts as long as the record
        let record = Spans::from(run.record_span());
        let (certain, possible) = (when.certain.intersect(&record), when.possible.intersect(&record));
        let (low, high) = (seconds(&certain), seconds(&possible));
        if !low.is_finite() || low > 9e9 {
            return missing(MissingKind::Clock, "a timeless scene has no duration");
        }
        let spread = if high > low { Spread::Interval { low, high } } else { Spread::None };
        Ok(Datum::Number(Quantity { spread, ..Quantity::seconds(low) }))
    }
}

/// Seconds of spans to the microsecond: the nanosecond that an instant takes is none.
fn seconds(spans: &Spans) -> f64 {
    (spans.iter().map(|s| (s.ns().saturating_add(400) / 1000) as f64).sum::<f64>()) / 1e6
}
