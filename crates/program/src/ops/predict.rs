//! Where something will be.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_reason::motion::predict::{Model, Predicted, predict};
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, ReferenceFrame, Scale, Span, Time, Unit};

/// `predict(a, at, seen_until: none, by: velocity, in: auto)`: Position at a moment from what was seen up to another (none: all before it), going on
/// with the velocity, the acceleration or the turn rate of the last second.
pub struct Predict;
/// `predict_error(a, at, seen_until: none, by: velocity, in: auto)`: one standard deviation per axis of that place: the error of the fit carried on, and
/// in a metric frame unknown accelerations of 3 m²/s³. It grows with time.
pub struct PredictError;

/// From how long before the moment the motion is told.
const MEMORY_NS: i64 = 1_000_000_000;
/// Unknown accelerations of cars, cyclists and people as seen from a car that drives, fitted on six of KITTI's sequences (90 % of the places half a
/// second ahead lie within 1.645 deviations on the ground then); the other five decide how good it is (`evaluate/tests/it/physics.rs`).
const UNREST: f64 = 3.0;

fn signature(gives: Gives) -> Signature {
    Signature::gives(gives)
        .needs("things", Takes::Things)
        .needs("at", Takes::Moment)
        .default("seen_until", Takes::Moment, "none")
        .default("by", Takes::Word(&["velocity", "acceleration", "turn_rate"]), "velocity")
        .reference_frame(Preference::Metric)
}

impl Operator for Predict {
    fn entry(&self) -> Entry {
        let about = "where a thing will be, going on as it did";
        let example = "predict(all(\"bus\"), 12 s, seen_until: 9 s, by: turn_rate)";
        entry("predict", about, "program/src/ops/predict.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Gives::Fixed(Type::Position))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (told, frame) = predicted(run, args)?;
        let n = if frame.is_picture() { 2 } else { 3 };
        let unit = Unit::length(run.world.tables().scale_of(&frame));
        // a place has no room for a spread: it stands beside it
        run.assume(&format!("one standard deviation of each axis is {:.3} {unit}", told.deviation));
        Ok(Datum::Position(told.position[..n].to_vec(), frame))
    }
}

impl Operator for PredictError {
    fn entry(&self) -> Entry {
        let about = "standard deviation of a predicted place";
        let example = "predict_error(all(\"bus\"), 12 s, seen_until: 9 s)";
        entry("predict-error", about, "program/src/ops/predict.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Gives::Length(1, 0))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (told, frame) = predicted(run, args)?;
        let unit = Unit::length(run.world.tables().scale_of(&frame));
        Ok(Datum::Number(Quantity::new(told.deviation, unit, Some(frame))))
    }
}

fn predicted(run: &mut Run<'_>, args: &Args<'_>) -> Part<(Predicted, ReferenceFrame)> {
    run.needs_clock()?;
    let (thing, frame) = (args.thing("things")?, args.frame("in")?);
    let Some(at) = args.moment("at").map(|i| i.t) else {
        return missing(MissingKind::Wording, "at which time");
    };
    let until = args.moment("seen_until").map_or(at, |i| i.t).min(at);
    // nothing later is read
    let record = run.record_span();
    let past = Span::between(record.start(), until.plus_ns(1));
    let path = run.path(thing, &frame, &past.into())?;
    let model = match args.text("by") {
        "acceleration" => Model::Acceleration,
        "turn_rate" => Model::TurnRate,
        _ => Model::Velocity,
    };
    let unrest = if frame.scale(run.world) == Some(Scale::Metre) { UNREST } else { 0.0 };
    let last = Time(path.t_ns[path.len() - 1]);
    run.assume("assumes that it goes on as in the last second that was seen");
    let Some(told) = predict(&path, last.plus_ns(-MEMORY_NS), until, at, model, unrest) else {
        let name = run.name_of(thing);
        let what = format!("{name} was not seen at moments enough before {until} s that may be joined");
        return missing(MissingKind::Pose, what);
    };
    Ok((told, path.frames[path.frame[path.len() - 1] as usize].clone()))
}
