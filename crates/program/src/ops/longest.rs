//! The longest of several spans.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Spans, When};

/// `longest(when)`: the first of the longest certain spans.
pub struct Longest;

impl Operator for Longest {
    fn entry(&self) -> Entry {
        let about = "the longest span alone";
        entry("longest", about, "program/src/ops/longest.rs", "longest(stationary(all(\"car\")))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When)).needs("when", Takes::When)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let when = args.when("when");
        let Some(&span) = when.certain.iter().max_by_key(|s| (s.ns(), std::cmp::Reverse(s.start()))) else {
            return missing(MissingKind::Pose, "it is never surely so");
        };
        let around: Spans = when.possible.iter().copied().filter(|s| s.overlaps(span)).collect();
        let others: Spans = when.certain.iter().copied().filter(|s| *s != span).collect();
        Ok(Datum::When(When::within(span.into(), &around.minus(&others))))
    }
}
