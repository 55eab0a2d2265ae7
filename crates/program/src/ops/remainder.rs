//! What is left after a division.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity};

/// `remainder(a, b)`: of whole numbers, from 0 to below `b`.
pub struct Remainder;

impl Operator for Remainder {
    fn entry(&self) -> Entry {
        let example = "remainder(count(all(\"car\")), 2) = 0";
        entry("remainder", "what is left after a division", "program/src/ops/remainder.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::ONE)))
            .needs("a", Takes::Number((0, 0, 0)))
            .needs("b", Takes::Number((0, 0, 0)))
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let whole = |name: &str| {
            let n = args.number(name).cloned().unwrap_or(Quantity::bare(f64::NAN));
            let (low, high) = n.bounds();
            (low == high && n.value.fract() == 0.0).then_some(n.value)
        };
        match (whole("a"), whole("b")) {
            (Some(a), Some(b)) if b > 0.0 => Ok(Datum::Number(Quantity::bare(a.rem_euclid(b)))),
            _ => missing(MissingKind::Wording, "only whole numbers that are known exactly leave a remainder"),
        }
    }
}
