//! What carries a thing about.

use super::contact::{GAP_M, margin};
use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_reason::metric::contact::{Upright, support};
use chronotope_reason::metric::solid::Solid;
use chronotope_reason::motion::polyline::Polyline;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, ReferenceFrame, Time};

/// `carriers(a, among, gap: auto, during: always, in: auto)`: Things among the second set that hold the one thing up (see `support`) while it moves,
/// and move with it: over a stretch between two samples it holds it at both ends, and the offset of the two changes by less than half of the way.
pub struct Carriers;

/// Slower is no way.
const LEAST_MPS: f64 = 0.05;

impl Operator for Carriers {
    fn entry(&self) -> Entry {
        let example = "carriers(all(\"cup\"), all())";
        entry("carriers", "what carries a thing about", "program/src/ops/carriers.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("among", Takes::Things)
            .default("gap", Takes::Number((1, 0, 0)), "auto")
            .during()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let gap = margin(run, args, "gap", GAP_M)?;
        let (thing, among, frame) = (args.thing("things")?, args.things("among").clone(), args.frame("in")?);
        if !matches!(frame.one(), Some(ReferenceFrame::World(_))) {
            let what = format!("no transform from {frame} to a world with a floor");
            return missing(MissingKind::Transform, what);
        }
        let asked = run.asked(&args.when("during"));
        let path = run.path(thing, &frame, &asked)?;
        let mut others: Vec<(EntityId, Polyline)> = Vec::new();
        for other in among.all().filter(|&other| other != thing) {
            match run.path(other, &frame, &asked) {
                Ok(path) => others.push((other, path)),
                Err(Stop::Missing(_)) => {}
                Err(failed) => return Err(failed),
            }
        }
        let upright = |run: &mut Run<'_>, thing: EntityId, t: i64| match run.solid(thing, &frame, Time(t)) {
            Ok((Solid::Box(b), _)) => Ok(Some(Upright::of(&b))),
            Ok((Solid::Point(p), _)) => Ok(Some(Upright::point(p))),
            Ok(_) | Err(Stop::Missing(_)) => Ok(None),
            Err(failed) => Err(failed),
        };
        let mut held = Vec::new();
        for &t in &path.t_ns {
            let (mut who, mut shapes) = (Vec::new(), Vec::new());
            for (other, _) in &others {
                if let Some(shape) = upright(run, *other, t)? {
                    who.push(*other);
                    shapes.push(shape);
                }
            }
            let of = upright(run, thing, t)?;
            held.push(
                of.and_then(|of| support(&of, &shapes.iter().collect::<Vec<_>>(), gap)).map(|n| who[n]),
            );
        }
        let mut certain = Vec::new();
        for i in path.segments() {
            let (Some(by), true) = (held[i], held[i] == held[i + 1]) else { continue };
            if path.step(i) <= LEAST_MPS * path.step_s(i) {
                continue;
            }
            let of = others.iter().find(|(other, _)| *other == by);
            let ends = of.and_then(|(_, of)| Some((of.at(path.t_ns[i])?, of.at(path.t_ns[i + 1])?)));
            let Some((p, q)) = ends else { continue };
            let slip: f64 = (0..3)
                .map(|k| (path.point(i + 1)[k] - q[k]) - (path.point(i)[k] - p[k]))
                .map(|d| d * d)
                .sum::<f64>();
            if slip.sqrt() < path.step(i) / 2.0 {
                certain.push(by);
            }
        }
        Ok(Datum::Things(Things { scopes: among.scopes, ..Things::exactly(certain) }))
    }
}
