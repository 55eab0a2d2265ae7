//! Things within a region.

use super::entry;
use crate::cover::covered;
use crate::frame::Frame;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop};
use crate::types::{Gives, Signature, Takes, Type};
use crate::unseen::{Unseen, known};
use crate::value::{Datum, Region, Things};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, Span, Spans, Time, When};

/// `inside(things, region, during: always)`: with their centre in the region at some moment of the span.
pub struct Inside;

impl Operator for Inside {
    fn entry(&self) -> Entry {
        let about = "things whose centre is in a region at some time";
        entry("inside", about, "program/src/ops/inside.rs", "inside(all(\"person\"), left_half())")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("region", Takes::Region)
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let (things, region) = (args.things("things"), args.region("region")?);
        let scopes = things.scopes.iter().map(|scope| scope.inside(region)).collect();
        let mut out = Things { scopes, missing: things.missing.clone(), ..Things::default() };
        for thing in things.all() {
            let mut unseen = Unseen::during(run, args);
            let found = in_region(run, thing, region, &asked).and_then(|(when, known)| {
                unseen.thing(run, things, thing, &known)?;
                unseen.finish(run, when)
            });
            match found {
                Ok(when) if !when.certain.is_empty() && things.surely(thing) => {
                    out.certain.push(thing);
                }
                Ok(when) if when.possible.is_empty() => {}
                Ok(when) => {
                    out.possible.push(thing);
                    out.missing.extend(run.why_open(&when.possible.minus(&when.certain))?);
                }
                Err(Stop::Missing(why)) => {
                    out.possible.push(thing);
                    out.missing.extend(why.into_iter().take(1));
                }
                Err(failed) => return Err(failed),
            }
        }
        out.missing.truncate(8);
        Ok(Datum::Things(out))
    }
}

/// `when_inside(things, region, during: always)`: when any of them is.
pub struct WhenInside;

impl Operator for WhenInside {
    fn entry(&self) -> Entry {
        let about = "when the centre of something is in a region";
        let example = "when_inside(all(\"person\"), left_half())";
        entry("when-inside", about, "program/src/ops/inside.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When))
            .needs("things", Takes::Things)
            .needs("region", Takes::Region)
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let (things, region) = (args.things("things").clone(), args.region("region")?.clone());
        let (mut out, mut why, mut unseen) = (When::default(), Vec::new(), Unseen::during(run, args));
        for thing in things.all() {
            match in_region(run, thing, &region, &asked) {
                Ok((when, known)) => {
                    unseen.thing(run, &things, thing, &known)?;
                    if things.surely(thing) {
                        out.certain = out.certain.union(&when.certain);
                    }
                    out.possible = out.possible.union(&when.possible);
                }
                Err(Stop::Missing(more)) => why.extend(more),
                Err(failed) => return Err(failed),
            }
        }
        if !why.is_empty() {
            return Err(Stop::Missing(why.into_iter().take(4).collect()));
        }
        let scopes: Vec<_> = things.scopes.iter().map(|scope| scope.inside(&region)).collect();
        match covered(run, &scopes, &asked) {
            // without coverage others may have been there unseen
            Err(Stop::Missing(_)) if !out.certain.is_empty() => out.possible = out.possible.union(&asked),
            other => other?,
        }
        unseen.finish(run, out).map(Datum::When)
    }
}

/// When the centre of a thing is in a region: certain between samples inside, and where a joined segment passes through. And
/// when its place is known.
pub(super) fn in_region(
    run: &mut Run<'_>,
    thing: EntityId,
    region: &Region,
    asked: &Spans,
) -> Part<(When, Spans)> {
    let path = match run.path(thing, &Frame::One(region.reference_frame.clone()), asked) {
        Err(Stop::Missing(why)) if why.iter().all(|m| m.kind == MissingKind::Pose) => {
            return Ok((When::default(), Spans::NONE));
        }
        path => path?,
    };
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for i in 0..path.len() {
        let p = [path.x[i], path.y[i]];
        let t = Time(path.t_ns[i]);
        let here = region.contains(p);
        if here {
            certain.push(Span::at(t));
        }
        if !path.linked[i] {
            continue;
        }
        let (q, u) = ([path.x[i + 1], path.y[i + 1]], Time(path.t_ns[i + 1]));
        let there = region.contains(q);
        let through = || {
            let n = region.points.len();
            (0..n).any(|k| crossing(p, q, region.points[k], region.points[(k + 1) % n]).is_some())
        };
        let whole = Span::between(t, u.plus_ns(1));
        match (here, there) {
            // a segment between two points inside may leave a region that is not convex
            (true, true) => certain.push(whole),
            (false, false) if !through() => {}
            _ => possible.push(whole),
        }
    }
    let certain: Spans = certain.into_iter().collect();
    Ok((When::within(certain, &possible.into_iter().collect()), known(&path)))
}

/// Where along `p → q` (0 to 1) it crosses the stretch `a → b`, and the side that it comes from: 1 from the left of `a → b`.
pub(super) fn crossing(p: [f64; 2], q: [f64; 2], a: [f64; 2], b: [f64; 2]) -> Option<(f64, f64)> {
    let side = |r: [f64; 2]| (b[0] - a[0]) * (r[1] - a[1]) - (b[1] - a[1]) * (r[0] - a[0]);
    let (from, to) = (side(p), side(q));
    if (from > 0.0) == (to > 0.0) || from == to {
        return None;
    }
    let u = from / (from - to);
    let at = [p[0] + (q[0] - p[0]) * u, p[1] + (q[1] - p[1]) * u];
    let along = (at[0] - a[0]) * (b[0] - a[0]) + (at[1] - a[1]) * (b[1] - a[1]);
    let length2 = (b[0] - a[0]).powi(2) + (b[1] - a[1]).powi(2);
    (along >= 0.0 && along <= length2).then_some((u, if from > 0.0 { 1.0 } else { -1.0 }))
}
