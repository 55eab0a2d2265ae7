//! A span from two moments.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Instant};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Span, Spans, Time, When};

/// `span(3 s, 12 s)`: half-open; that moment alone where both are the same; empty where the second is before the first.
pub struct SpanOf;

impl Operator for SpanOf {
    fn entry(&self) -> Entry {
        entry("span", "the span between two moments", "program/src/ops/span.rs", "span(3 s, 12 s)")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When)).needs("from", Takes::Moment).needs("to", Takes::Moment)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let none = Instant::exactly(Time(0));
        let (from, to) = (args.moment("from").unwrap_or(none), args.moment("to").unwrap_or(none));
        let moment = from.low == from.high && to.low == to.high && from.t == to.t;
        let spans = |a: Time, b: Time| match Span::new(a, b) {
            Some(_) if moment => Spans::from(Span::at(a)),
            span => span.map_or(Spans::NONE, Spans::from),
        };
        let (certain, possible) = (spans(from.high, to.low), spans(from.low, to.high));
        Ok(Datum::When(When::within(certain, &possible)))
    }
}
