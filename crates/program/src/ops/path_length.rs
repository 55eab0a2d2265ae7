//! How far something went.

use super::entry;
use super::speed::path_of;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Preference, Signature, Takes};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Quantity, Unit};

/// `path_length(a, during: always, in: auto)`: the sum of the straight stretches between samples that may be joined.
pub struct PathLength;
/// `displacement(a, during: always, in: auto)`: from the first to the last place.
pub struct Displacement;

fn signature() -> Signature {
    Signature::gives(Gives::Length(1, 0))
        .needs("things", Takes::Things)
        .during()
        .reference_frame(Preference::Metric)
}

impl Operator for PathLength {
    fn entry(&self) -> Entry {
        let about = "length of the path of a thing";
        entry("path-length", about, "program/src/ops/path_length.rs", "path_length(all(\"bus\"))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let path = path_of(run, args)?;
        if (0..path.len().saturating_sub(1)).any(|i| !path.linked[i]) {
            run.assume(
                "counts only stretches between samples that may be joined; across gaps nothing is added",
            );
        }
        let to = path.frames[0].clone();
        let unit = Unit::length(run.world.tables().scale_of(&to));
        Ok(Datum::Number(Quantity::new(path.length(), unit, Some(to))))
    }
}

impl Operator for Displacement {
    fn entry(&self) -> Entry {
        let about = "distance from the first to the last place of a thing";
        entry("displacement", about, "program/src/ops/path_length.rs", "displacement(all(\"bus\"))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let path = path_of(run, args)?;
        let (a, b) = (path.point(0), path.point(path.len() - 1));
        let d: [f64; 3] = std::array::from_fn(|k| b[k] - a[k]);
        let to = path.frames[0].clone();
        let unit = Unit::length(run.world.tables().scale_of(&to));
        let value = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
        Ok(Datum::Number(Quantity::new(value, unit, Some(to))))
    }
}
