//! The shortest way on foot from one thing to another, around everything that stands between.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_reason::metric::solid::Solid;
use chronotope_reason::plan::floor::{Floor, Place};
use chronotope_reason::plan::turns::legs;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, Quantity, ReferenceFrame, Time};

/// `route(from, to, clearance: none, at: none, in: auto)`: the shortest way from the middle of one thing to the middle of another, told
/// turn by turn. What stands there is gone around, with a clearance where one is given; what hangs above 2 m is passed below; what
/// covers the start or the goal itself does not block.
pub struct Route;
/// `route_length(from, to, clearance: none, at: none, in: auto)`: how long that way is.
pub struct RouteLength;

/// Under what hangs higher one can walk: doors are 2 m high.
const HEADROOM_M: f64 = 2.0;

fn signature(gives: Gives) -> Signature {
    Signature::gives(gives)
        .needs("from", Takes::Things)
        .needs("to", Takes::Things)
        .default("clearance", Takes::Number((1, 0, 0)), "none")
        .at()
        .reference_frame(Preference::Metric)
}

impl Operator for Route {
    fn entry(&self) -> Entry {
        let about = "shortest way around what stands between, turn by turn";
        let example = "route(all(\"door\"), all(\"sofa\"), clearance: 0.3 m)";
        entry("route", about, "program/src/ops/route.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Gives::Fixed(Type::List(Box::new(Type::Text))))
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (places, _, frame) = shortest(run, args)?;
        let unit = run.world.tables().scale_of(&frame).to_string();
        let told = legs(&places, None).into_iter().map(|leg| Datum::Text(format!("{leg} {unit}")));
        Ok(Datum::List(told.collect()))
    }
}

impl Operator for RouteLength {
    fn entry(&self) -> Entry {
        let about = "length of the shortest way around what stands between";
        entry("route-length", about, "program/src/ops/route.rs", "route_length(all(\"door\"), all(\"sofa\"))")
    }

    fn signature(&self) -> Signature {
        signature(Gives::Length(1, 0))
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (_, length, frame) = shortest(run, args)?;
        let unit = chronotope_world::Unit::powers(run.world.tables().scale_of(&frame), 1, 0, 0);
        Ok(Datum::Number(Quantity::new(length, unit, Some(frame))))
    }
}

/// What stands on the floor, as seen from above.
struct Standing {
    footprint: Vec<Place>,
    /// Least and greatest height.
    z: [f64; 2],
}

fn shortest(run: &mut Run<'_>, args: &Args<'_>) -> Part<(Vec<Place>, f64, ReferenceFrame)> {
    let (from, to, at) = (args.thing("from")?, args.thing("to")?, args.moment("at").map(|i| i.t));
    let (start, frame) = seen(run, args, from, at)?;
    let (goal, _) = seen(run, args, to, at)?;
    let middle = |of: &Standing| {
        let n = of.footprint.len() as f64;
        [0, 1].map(|k| of.footprint.iter().map(|p| p[k]).sum::<f64>() / n)
    };
    let (start, goal) = (middle(&start), middle(&goal));
    let mut standing: Vec<Standing> = Vec::new();
    let things: Vec<EntityId> = run.world.entities().filter(|&thing| thing != from && thing != to).collect();
    for thing in things {
        match seen(run, args, thing, at) {
            Ok((of, _)) => standing.push(of),
            Err(Stop::Missing(_)) => {} // what has no place then is in nobody's way
            Err(failed) => return Err(failed),
        }
    }
    let floor_z = standing.iter().fold(f64::INFINITY, |least, of| least.min(of.z[0]));
    let covers = |of: &Standing, p: Place| {
        let n = of.footprint.len();
        (0..n).all(|i| {
            let (a, b) = (of.footprint[i], of.footprint[(i + 1) % n]);
            (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) >= 0.0
        })
    };
    let metric = run.world.tables().scale_of(&frame) == chronotope_world::Scale::Metre;
    let clearance = args.number("clearance").map_or(0.0, |number| number.value);
    let blocked: Vec<Vec<Place>> = standing
        .into_iter()
        .filter(|of| of.footprint.len() > 2 && !(metric && of.z[0] - floor_z > HEADROOM_M))
        .filter(|of| !covers(of, start) && !covers(of, goal))
        .map(|of| of.footprint)
        .collect();
    let planned = Floor::new(None, &blocked).and_then(|floor| {
        let grown = floor.with_clearance(clearance)?;
        Ok(grown.route(start, goal))
    });
    run.assume("assumes free floor wherever no thing is known to stand, and that what covers the start or the goal does not block");
    match planned {
        Ok(Some(route)) => Ok((route.places, route.length, frame)),
        Ok(None) => missing(MissingKind::Pose, "a way that is wide enough: everything known leaves none"),
        Err(fault) => missing(MissingKind::Wording, fault.to_string()),
    }
}

/// A thing from above; a single place where its extent is not known.
fn seen(
    run: &mut Run<'_>,
    args: &Args<'_>,
    thing: EntityId,
    at: Option<Time>,
) -> Part<(Standing, ReferenceFrame)> {
    let frame = args.frame("in")?;
    let whole = run.record_span().into();
    let t = run.still_moment(thing, at, &whole)?;
    let (solid, to) = run.solid(thing, &frame, t)?;
    if !matches!(to, ReferenceFrame::World(_)) {
        return missing(MissingKind::Transform, format!("no transform from {to} to a world with a floor"));
    }
    let corners: Vec<[f64; 3]> = match &solid {
        Solid::Box(body) => body.corners().iter().map(|c| [c.x, c.y, c.z]).collect(),
        other => vec![other.centre().coords.into()],
    };
    let z = corners.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[l, h], c| [l.min(c[2]), h.max(c[2])]);
    Ok((Standing { footprint: hull(corners.iter().map(|c| [c[0], c[1]]).collect()), z }, to))
}

/// The convex hull, counter-clockwise (Andrew, 1979).
fn hull(mut points: Vec<Place>) -> Vec<Place> {
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let chain = |points: &mut dyn Iterator<Item = Place>| {
        let mut out: Vec<Place> = Vec::new();
        for p in points {
            while let [.., a, b] = out[..] {
                if (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0.0 {
                    break;
                }
                out.pop();
            }
            out.push(p);
        }
        out.pop();
        out
    };
    let mut out = chain(&mut points.iter().copied());
    out.extend(chain(&mut points.iter().rev().copied()));
    out
}
