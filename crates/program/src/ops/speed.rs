//! How fast.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes};
use crate::value::Datum;
use chronotope_reason::motion::polyline::Polyline;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, ReferenceFrame, Unit, World};

/// `speed(a, at: none, during: always, reduce: mean, in: auto)`: of the one thing; `mean` is path length over time, `max` and
/// `min` of the straight stretches between samples; at a moment, of the stretch around it.
pub struct Speed;

impl Operator for Speed {
    fn entry(&self) -> Entry {
        let about = "speed of a thing at a moment or over a span";
        entry("speed", about, "program/src/ops/speed.rs", "speed(all(\"bus\"), at: 4 s)")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Length(1, -1))
            .needs("things", Takes::Things)
            .at()
            .during()
            .reduce("mean")
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let (thing, frame) = (args.thing("things")?, args.frame("in")?);
        let asked = run.asked(&args.when("during"));
        let path = run.path(thing, &frame, &asked)?;
        let unit = |world: &World, to: &ReferenceFrame| speed_unit(world, to);
        let name = run.name_of(thing);
        let still =
            || missing(MissingKind::Pose, format!("{name} was not seen at two moments that may be joined"));
        let value = match (args.moment("at"), args.text("reduce")) {
            (Some(instant), _) => {
                let around = path
                    .segments()
                    .filter(|&i| path.t_ns[i] <= instant.t.0 && instant.t.0 <= path.t_ns[i + 1]);
                let around: Vec<usize> = around.collect();
                let (Some(&first), Some(&last)) = (around.first(), around.last()) else { return still() };
                // at a sample the stretches on both sides count
                let length: f64 = (first..=last).map(|i| path.step(i)).sum();
                length / (first..=last).map(|i| path.step_s(i)).sum::<f64>()
            }
            (None, reduce) => {
                let segments: Vec<usize> = path.segments().collect();
                if segments.is_empty() {
                    return still();
                }
                let speeds = segments.iter().map(|&i| path.step(i) / path.step_s(i));
                match reduce {
                    "max" => speeds.fold(0.0, f64::max),
                    "min" => speeds.fold(f64::INFINITY, f64::min),
                    _ => mean_speed(&path).unwrap_or(0.0),
                }
            }
        };
        let to = path.frames[0].clone();
        Ok(Datum::Number(Quantity::new(value, unit(run.world, &to), Some(to))))
    }
}

/// Length over time of the joined stretches.
pub(super) fn mean_speed(path: &Polyline) -> Option<f64> {
    let seconds: f64 = path.segments().map(|i| path.step_s(i)).sum();
    (seconds > 0.0).then(|| path.length() / seconds)
}

/// The unit of speeds in a frame.
pub(super) fn speed_unit(world: &World, frame: &ReferenceFrame) -> Unit {
    Unit::powers(world.tables().scale_of(frame), 1, -1, 0)
}

/// The path of the one thing.
pub(super) fn path_of(run: &mut Run<'_>, args: &Args<'_>) -> Part<Polyline> {
    let (thing, frame) = (args.thing("things")?, args.frame("in")?);
    let asked = run.asked(&args.when("during"));
    run.path(thing, &frame, &asked)
}
