//! And, or and not of spans.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::Spans;
use chronotope_world::catalogue::Entry;

/// `overlap(a, b)`: when both are so.
pub struct Overlap;
/// `either(a, b)`: when one of them is so.
pub struct Either;
/// `outside(a)`: when it is not so, within the record.
pub struct Outside;

fn two() -> Signature {
    Signature::gives(Gives::Fixed(Type::When)).needs("a", Takes::When).needs("b", Takes::When)
}

impl Operator for Overlap {
    fn entry(&self) -> Entry {
        let example = "overlap(presence(all(\"bus\")), span(0 s, 5 s))";
        entry("overlap", "when both are so", "program/src/ops/overlap.rs", example)
    }

    fn signature(&self) -> Signature {
        two()
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (a, b) = (args.when("a"), args.when("b"));
        Ok(Datum::When(a.and(&b)))
    }
}

impl Operator for Either {
    fn entry(&self) -> Entry {
        let example = "either(presence(all(\"bus\")), presence(all(\"car\")))";
        entry("either", "when one or the other is so", "program/src/ops/overlap.rs", example)
    }

    fn signature(&self) -> Signature {
        two()
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (a, b) = (args.when("a"), args.when("b"));
        Ok(Datum::When(a.or(&b)))
    }
}

impl Operator for Outside {
    fn entry(&self) -> Entry {
        let example = "outside(presence(all(\"bus\")))";
        entry("outside", "when it is not so", "program/src/ops/overlap.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When)).needs("a", Takes::When)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let a = args.when("a");
        let record = Spans::from(run.record_span());
        Ok(Datum::When(a.outside(&record)))
    }
}
