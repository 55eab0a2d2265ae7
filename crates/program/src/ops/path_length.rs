//! How far something went.

use super::entry;
use super::speed::path_of;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Preference, Signature, Takes};
use crate::unseen::{Unseen, known};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Quantity, Spread, Unit};

/// `path_length(a, during: always, in: auto)`: the sum of the straight stretches between samples. Where it was not seen for longer than its track's
/// tolerance it may have gone further: then the number is the least that it went.
pub struct PathLength;
/// `displacement(a, during: always, in: auto)`: from the first to the last place.
pub struct Displacement;

fn signature() -> Signature {
    Signature::gives(Gives::Length(1, 0))
        .needs("things", Takes::Things)
        .during()
        .reference_frame(Preference::Motion)
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
        let (thing, mut unseen) = (args.thing("things")?, Unseen::during(run, args));
        unseen.thing(run, args.things("things"), thing, &known(&path))?;
        let to = path.frames[0].clone();
        let unit = Unit::length(run.world.tables().scale_of(&to));
        let mut length = path.length();
        let gaps = (0..path.len().saturating_sub(1)).filter(|&i| !path.linked[i]);
        length += gaps.filter(|&i| path.frame[i] == path.frame[i + 1]).fold(0.0, |sum, i| sum + path.step(i));
        // where it was not seen it went straight at least
        let spread = if unseen.is_open() {
            for missing in unseen.of_events(run)? {
                run.assume(&format!("{}: counts the straight way between the ends of a gap", missing.what));
            }
            Spread::Interval { low: length, high: f64::INFINITY }
        } else {
            Spread::None
        };
        Ok(Datum::Number(Quantity { spread, ..Quantity::new(length, unit, Some(to)) }))
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
