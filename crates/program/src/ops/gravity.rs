//! The acceleration of what falls, with its error, and the axis along which it falls.

use super::entry;
use super::speed::path_of;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_reason::motion::physics::{GRAVITY, Steady, falls};
use chronotope_reason::motion::polyline::Polyline;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, ReferenceFrame, Scale, Span, Spread, Time, Unit};

/// `gravity(a, during: always, in: auto)`: length/s² with one standard deviation: the acceleration of the one thing, from the parabola through all of the
/// longest stretch in which it falls freely (see `falls`); where the frame has no metres, through all that was asked.
pub struct Gravity;
/// `fall_axis(a, during: always, in: auto)`: Text such as `-z`: the axis of the frame along which that acceleration points most nearly.
pub struct FallAxis;

const SHARE: f64 = 0.25;
const WINDOW_NS: i64 = 200_000_000;

fn signature(gives: Gives) -> Signature {
    Signature::gives(gives).needs("things", Takes::Things).during().reference_frame(Preference::Metric)
}

impl Operator for Gravity {
    fn entry(&self) -> Entry {
        let example = "gravity(all(\"ball\"))";
        entry(
            "gravity",
            "the acceleration of what falls, with its error",
            "program/src/ops/gravity.rs",
            example,
        )
    }

    fn signature(&self) -> Signature {
        signature(Gives::Length(1, -2))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (told, frame) = steady(run, args)?;
        let unit = Unit::powers(run.world.tables().scale_of(&frame), 1, -2, 0);
        let spread = Spread::Deviation(told.deviation);
        Ok(Datum::Number(Quantity { value: told.size(), spread, unit, reference_frame: Some(frame) }))
    }
}

impl Operator for FallAxis {
    fn entry(&self) -> Entry {
        let example = "fall_axis(all(\"ball\"))";
        entry("fall-axis", "the axis along which a thing falls", "program/src/ops/gravity.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Gives::Fixed(Type::Text))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (told, _) = steady(run, args)?;
        match told.axis() {
            Some((k, against, _)) => {
                Ok(Datum::Text(format!("{}{}", if against { "-" } else { "+" }, ["x", "y", "z"][k])))
            }
            None => missing(MissingKind::Pose, "an acceleration that is told from its error"),
        }
    }
}

fn steady(run: &mut Run<'_>, args: &Args<'_>) -> Part<(Steady, ReferenceFrame)> {
    let path: Polyline = path_of(run, args)?;
    let frame = path.frames[path.frame[0] as usize].clone();
    let metric = run.world.tables().scale_of(&frame) == Scale::Metre;
    let span = if metric && matches!(frame, ReferenceFrame::World(_)) {
        let found = falls(&path, GRAVITY, SHARE, WINDOW_NS);
        match found.iter().max_by_key(|span| (span.end() - span.start(), std::cmp::Reverse(span.start()))) {
            Some(longest) => *longest,
            None => return missing(MissingKind::Pose, "a stretch in which it falls freely"),
        }
    } else {
        Span::between(Time(path.t_ns[0]), Time(path.t_ns[path.len() - 1]).plus_ns(1))
    };
    match Steady::of(&path, span) {
        Some(told) => Ok((told, frame)),
        None => missing(MissingKind::Pose, "at least five samples of it on its way"),
    }
}
