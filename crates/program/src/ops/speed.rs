//! How fast.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes};
use crate::unseen::{Unseen, known};
use crate::value::Datum;
use chronotope_reason::motion::polyline::Polyline;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, ReferenceFrame, Span, Spans, Spread, Time, Unit, World};

/// `speed(a, at: none, during: always, reduce: mean, in: auto)`: of the one thing; `mean` is path length over time, `max` and
/// `min` of the straight stretches between samples; at a moment, of the stretch around it. Where it was not seen for longer than its
/// track's tolerance it may have gone faster or slower: then these are bounds, and `mean` is that of what was seen, with the least
/// that it can be over all of the time between.
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
            .reference_frame(Preference::Motion)
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
        let reduce = args.text("reduce");
        let (value, spread) = match (args.moment("at"), reduce) {
            (Some(instant), _) => {
                let around = path
                    .segments()
                    .filter(|&i| path.t_ns[i] <= instant.t.0 && instant.t.0 <= path.t_ns[i + 1]);
                let around: Vec<usize> = around.collect();
                let (Some(&first), Some(&last)) = (around.first(), around.last()) else { return still() };
                // at a sample the stretches on both sides count
                let length: f64 = (first..=last).map(|i| path.step(i)).sum();
                (length / (first..=last).map(|i| path.step_s(i)).sum::<f64>(), Spread::None)
            }
            (None, reduce) => {
                let segments: Vec<usize> = path.segments().collect();
                if segments.is_empty() {
                    return still();
                }
                let speeds = segments.iter().map(|&i| path.step(i) / path.step_s(i));
                let mut unseen = Unseen::during(run, args);
                unseen.thing(run, args.things("things"), thing, &known(&path))?;
                let (open, always) =
                    (unseen.noted(run)?, args.when("during").certain == Spans::from(Span::ALWAYS));
                // across a gap it went straight at least, so at some moment at least as fast as that
                let gaps =
                    || (0..path.len() - 1).filter(|&i| !path.linked[i] && path.frame[i] == path.frame[i + 1]);
                let over = gaps().map(|i| path.step(i) / path.step_s(i)).filter(|v| v.is_finite());
                match reduce {
                    "max" => {
                        let top = speeds.chain(over).fold(0.0, f64::max);
                        (
                            top,
                            if open {
                                Spread::Interval { low: top, high: f64::INFINITY }
                            } else {
                                Spread::None
                            },
                        )
                    }
                    "min" => {
                        let least = speeds.fold(f64::INFINITY, f64::min);
                        (least, if open { Spread::Interval { low: 0.0, high: least } } else { Spread::None })
                    }
                    _ => {
                        let mean = mean_speed(&path).unwrap_or(0.0);
                        let length = path.length() + gaps().map(|i| path.step(i)).sum::<f64>();
                        let seconds = asked_s(always, &asked, &path);
                        let low = if seconds > 0.0 { (length / seconds).min(mean) } else { 0.0 };
                        (
                            mean,
                            if open { Spread::Interval { low, high: f64::INFINITY } } else { Spread::None },
                        )
                    }
                }
            }
        };
        let to = path.frames[0].clone();
        Ok(Datum::Number(Quantity { spread, ..Quantity::new(value, unit(run.world, &to), Some(to)) }))
    }
}

/// Seconds of what was asked, no less than the path takes.
fn asked_s(always: bool, asked: &Spans, path: &Polyline) -> f64 {
    let of_path = (Time(path.t_ns[path.len() - 1]) - Time(path.t_ns[0])) as f64 / 1e9;
    let asked = asked.iter().map(|span| span.ns() as f64 / 1e9).sum::<f64>();
    if always { of_path } else { of_path.max(asked) }
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
