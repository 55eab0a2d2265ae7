//! Acceleration, heading and turn rate.

use super::entry;
use super::speed::path_of;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type, UnitType};
use crate::unseen::{Unseen, known};
use crate::value::Datum;
use chronotope_reason::motion::kinematics::{Fit, fit};
use chronotope_reason::motion::polyline::Polyline;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, ReferenceFrame, Spread, Time, Unit};

/// `acceleration(a, at: none, during: always, reduce: mean, in: auto)`: change of its speed per second, positive while it speeds up.
///
/// From the least-squares parabola through the joined samples within half a second on both sides (the nearest three where these are
/// fewer): exact for constant acceleration, steady under jitter.
pub struct Acceleration;
/// `heading(a, at: none, during: always, in: auto)`: where it goes, in degrees counter-clockwise from the x axis, seen from above; in a
/// picture from the right, counter-clockwise as shown. Without a moment, from its first to its last place.
pub struct Heading;
/// `turn_rate(a, at: none, during: always, reduce: mean, in: auto)`: change of its heading in degrees per second, left positive; from
/// the same parabola.
pub struct TurnRate;

/// On either side of a moment.
const WINDOW_NS: i64 = 500_000_000;

/// Below this share of the greatest speed on its way something stands, and has no heading.
const STANDS: f64 = 0.01;

fn signature(gives: Gives) -> Signature {
    Signature::gives(gives)
        .needs("things", Takes::Things)
        .at()
        .during()
        .reduce("mean")
        .reference_frame(Preference::Motion)
}

impl Operator for Acceleration {
    fn entry(&self) -> Entry {
        let about = "change of speed per second";
        let example = "acceleration(all(\"bus\"), at: 4 s)";
        entry("acceleration", about, "program/src/ops/kinematics.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Gives::Length(1, -2))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let path = path_of(run, args)?;
        let value = reduced(run, args, &path, |fit| Some(fit.speed_change()))?;
        let to = path.frames[0].clone();
        let unit = Unit::powers(run.world.tables().scale_of(&to), 1, -2, 0);
        let spread = over_gaps(run, args, &path, value)?;
        Ok(Datum::Number(Quantity { spread, ..Quantity::new(value, unit, Some(to)) }))
    }
}

impl Operator for TurnRate {
    fn entry(&self) -> Entry {
        let about = "change of heading per second, left positive";
        entry("turn-rate", about, "program/src/ops/kinematics.rs", "turn_rate(all(\"bus\"), at: 4 s)")
    }

    fn signature(&self) -> Signature {
        let unit = UnitType { dimension: (0, -1, 1), ..UnitType::ONE };
        signature(Gives::Fixed(Type::Number(unit)))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let path = from_above(&path_of(run, args)?);
        let fastest = path.speeds().into_iter().fold(0.0, f64::max);
        let rate = |fit: &Fit| fit.turn_rate_deg_s().filter(|_| fit.speed() > STANDS * fastest);
        let value = reduced(run, args, &path, rate)?;
        let unit = Unit::powers(chronotope_world::Scale::Metre, 0, -1, 1);
        let spread = over_gaps(run, args, &path, value)?;
        Ok(Datum::Number(Quantity { spread, ..Quantity::new(value, unit, path.frames.first().cloned()) }))
    }
}

impl Operator for Heading {
    fn entry(&self) -> Entry {
        let about = "direction of motion as an angle";
        entry("heading", about, "program/src/ops/kinematics.rs", "heading(all(\"bus\"), at: 4 s)")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::DEGREE)))
            .needs("things", Takes::Things)
            .at()
            .during()
            .reference_frame(Preference::Motion)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let path = from_above(&path_of(run, args)?);
        let way = if let Some(instant) = args.moment("at") {
            around(&path, instant.t, 1).map(|fit| fit.velocity)
        } else {
            let (a, b) = (path.point(0), path.point(path.len() - 1));
            Some([b[0] - a[0], b[1] - a[1], 0.0])
        };
        match way {
            Some([x, y, _]) if x != 0.0 || y != 0.0 => {
                let deg = libm::atan2(y, x).to_degrees();
                Ok(Datum::Number(Quantity::new(deg, Unit::DEGREE, path.frames.first().cloned())))
            }
            Some(_) => missing(MissingKind::Pose, "it did not move, so it has no direction"),
            None => unseen(run, args),
        }
    }
}

/// What is greatest or least of what was seen is a bound where it was not seen for a while.
fn over_gaps(run: &mut Run<'_>, args: &Args<'_>, path: &Polyline, value: f64) -> Part<Spread> {
    if args.moment("at").is_some() {
        return Ok(Spread::None);
    }
    let mut unseen = Unseen::during(run, args);
    unseen.thing(run, args.things("things"), args.thing("things")?, &known(path))?;
    unseen.bounds(run, args.text("reduce"), value, f64::NEG_INFINITY)
}

/// The fit around a moment.
pub(super) fn around(path: &Polyline, t: Time, degree: usize) -> Option<Fit> {
    fit(path, t, t.plus_ns(-WINDOW_NS), t.plus_ns(WINDOW_NS), degree)
}

/// A path seen from above, left on the left: y of pictures and z of cameras point the other way round.
pub(super) fn from_above(path: &Polyline) -> Polyline {
    let mut out = path.clone();
    for i in 0..out.len() {
        match path.frames[path.frame[i] as usize] {
            ReferenceFrame::Camera(_) => out.y[i] = path.z[i],
            ReferenceFrame::Image(_) | ReferenceFrame::Stage(..) => out.y[i] = -path.y[i],
            _ => {}
        }
        out.z[i] = 0.0;
    }
    out.indexed()
}

fn unseen<T>(run: &Run<'_>, args: &Args<'_>) -> Part<T> {
    let name = args.thing("things").map(|thing| run.name_of(thing)).unwrap_or_default();
    missing(MissingKind::Pose, format!("{name} was not seen at moments enough that may be joined"))
}

/// The value at the moment, or reduced over the samples.
fn reduced(
    run: &Run<'_>,
    args: &Args<'_>,
    path: &Polyline,
    value: impl Fn(&Fit) -> Option<f64>,
) -> Part<f64> {
    run.needs_clock()?;
    let parabola = |t: Time| around(path, t, 2).filter(|fit| fit.degree == 2);
    if let Some(instant) = args.moment("at") {
        return match parabola(instant.t) {
            Some(fit) => match value(&fit) {
                Some(value) => Ok(value),
                None => missing(MissingKind::Pose, "it did not move, so it has no direction"),
            },
            None => unseen(run, args),
        };
    }
    let values: Vec<f64> =
        path.t_ns.iter().filter_map(|&t| parabola(Time(t)).and_then(|fit| value(&fit))).collect();
    if values.is_empty() {
        return unseen(run, args);
    }
    Ok(match args.text("reduce") {
        "max" => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        "min" => values.iter().copied().fold(f64::INFINITY, f64::min),
        _ => values.iter().sum::<f64>() / values.len() as f64,
    })
}
