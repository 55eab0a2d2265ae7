//! Which came first.

use super::after::ends;
use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::MissingKind;
use chronotope_world::catalogue::Entry;

/// `is_before(a, b)`: `a` ends before `b` starts; a moment before a moment. At one moment: no.
pub struct IsBefore;

impl Operator for IsBefore {
    fn entry(&self) -> Entry {
        let example = "is_before(first_seen(all(\"car\")), first_seen(all(\"bus\")))";
        entry(
            "is-before",
            "whether the one ends before the other starts",
            "program/src/ops/is_before.rs",
            example,
        )
    }

    fn signature(&self) -> Signature {
        let what = || Takes::Either(vec![Takes::Moment, Takes::When, Takes::Events]);
        Signature::gives(Gives::Fixed(Type::Truth)).needs("a", what()).needs("b", what())
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let ((_, end), (start, _)) = (ends(args, "a")?, ends(args, "b")?);
        // moments seen in pictures are compared as seen: one picture is before another
        if end.t < start.t && (end.high <= start.low || end.t <= start.low || end.high <= start.t) {
            return Ok(Datum::Truth(true));
        }
        if end.low >= start.high || end.t >= start.t {
            return Ok(Datum::Truth(false));
        }
        missing(MissingKind::Pose, "which came first: both lie between the same two pictures")
    }
}
