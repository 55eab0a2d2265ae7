//! How long from one to the other.

use super::after::ends;
use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::{Datum, Instant};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Quantity, Spread, Time};

/// `time_between(a, b)`: from the end of the earlier to the start of the later; 0 where they overlap.
pub struct TimeBetween;

impl Operator for TimeBetween {
    fn entry(&self) -> Entry {
        let example = "time_between(first_seen(all(\"car\")), first_seen(all(\"bus\")))";
        entry("time-between", "seconds from the one to the other", "program/src/ops/time_between.rs", example)
    }

    fn signature(&self) -> Signature {
        let what = || Takes::Either(vec![Takes::Moment, Takes::When, Takes::Events]);
        Signature::gives(Gives::Fixed(Type::Number(UnitType::SECOND))).needs("a", what()).needs("b", what())
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let ((a0, a1), (b0, b1)) = (ends(args, "a")?, ends(args, "b")?);
        let (from, to): (Instant, Instant) = if a0.t <= b0.t { (a1, b0) } else { (b1, a0) };
        let s = |a: Time, b: Time| Time((b - a).max(0)).as_s();
        let (low, high) = (s(from.high, to.low), s(from.low, to.high));
        let spread = if high > low { Spread::Interval { low, high } } else { Spread::None };
        Ok(Datum::Number(Quantity { spread, ..Quantity::seconds(s(from.t, to.t)) }))
    }
}
