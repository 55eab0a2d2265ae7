//! What a camera that moves has in view, and when.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::unseen::Unseen;
use crate::value::Datum;
use chronotope_reason::metric::solid::Solid;
use chronotope_reason::visibility::sight::Sight;
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    Box3, EntityId, EvidenceKind, MissingKind, Observer, ObserverKind, ReferenceFrame, Span, Spans, Table,
    Time, When,
};
use nalgebra::{Point3, UnitQuaternion, Vector3};

/// `in_view(things, share: 0.1, camera: none, during: always)`: When that share of some of the things lies in the picture of the camera (the one, or
/// that number), past all other boxes: from the camera's lens and poses, and the things' places in space, at every moment at which one of both was
/// measured. Between two such moments that agree it goes on so, where both paths are linked; elsewhere it is possible.
pub struct InView;

/// Of a thing without a size.
const SPECK_M: f64 = 1e-3;

impl Operator for InView {
    fn entry(&self) -> Entry {
        let example = "overlap(in_view(entity(1)), in_view(entity(2)))";
        entry("in-view", "when a camera has things in its picture", "program/src/ops/in_view.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When))
            .needs("things", Takes::Things)
            .default("share", Takes::Number((0, 0, 0)), "0.1")
            .default("camera", Takes::Number((0, 0, 0)), "none")
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let things = args.things("things").clone();
        let least = args.number("share").map_or(0.1, |n| n.value);
        let asked = run.asked(&args.when("during"));
        let camera = camera(run, args)?;
        run.cite_rows(EvidenceKind::Supports, Table::Observers, [camera.id.0]);
        run.assume("nothing hides a thing but what is known of other things");
        let (looked, camera_known) = camera_times(run, &camera, &asked)?;
        let mut unseen = Unseen::during(run, args);
        let (mut out, mut why, mut tried) = (When::default(), Vec::new(), false);
        for thing in things.all() {
            match thing_in_view(run, thing, &camera, (&looked, &camera_known), &asked, least) {
                Ok((when, known)) => {
                    tried = true;
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
        if !tried {
            if !why.is_empty() {
                return Err(Stop::Missing(why.into_iter().take(4).collect()));
            }
            crate::cover::covered(run, &things.scopes, &asked)?;
        }
        unseen.finish(run, out).map(Datum::When)
    }
}

/// The camera that is meant.
fn camera(run: &Run<'_>, args: &Args<'_>) -> Part<Observer> {
    let asked = args.number("camera").map(|n| n.value);
    let cameras: Vec<&Observer> = run
        .world
        .tables()
        .observers
        .iter()
        .filter(|o| o.kind == ObserverKind::Camera && asked.is_none_or(|number| o.id.0 as f64 == number))
        .collect();
    match cameras.as_slice() {
        [one] => Ok((*one).clone()),
        [] => missing(MissingKind::Transform, "a camera whose poses are known"),
        _ => missing(MissingKind::Wording, "which camera is meant: `camera:` with its number"),
    }
}

/// The moments of the asked time at which the camera's own place was measured, and when it is known.
fn camera_times(run: &mut Run<'_>, camera: &Observer, asked: &Spans) -> Part<(Vec<Time>, Spans)> {
    let carrying: Vec<_> =
        run.world.tables().tracks.iter().filter(|t| t.carries == Some(camera.id)).map(|t| t.id).collect();
    let hull = asked.hull().unwrap_or(Span::ALWAYS);
    let (mut times, mut known) = (Vec::new(), Spans::NONE);
    for track in carrying {
        let samples = run.world.run(track, Span::ALWAYS).map_err(Stop::from)?;
        known = known.union(&samples.spans());
        times.extend(samples.times().filter(|t| asked.iter().any(|span| span.contains(*t))));
        run.cite_track(None, track, hull, None);
    }
    times.sort_unstable();
    Ok((times, known))
}

/// The planes through the eye and the edges of the picture, in the camera's axes.
fn edges(camera: &Observer) -> Part<Vec<Vector3<f64>>> {
    let (Some(lens), Some([width, height])) = (&camera.intrinsics, camera.picture_px) else {
        return missing(
            MissingKind::Transform,
            format!("the lens and the picture's size of {}", camera.name),
        );
    };
    let (width, height) = (f64::from(width), f64::from(height));
    let planes = [
        Vector3::new(lens.fx, 0.0, lens.cx),
        Vector3::new(-lens.fx, 0.0, width - lens.cx),
        Vector3::new(0.0, lens.fy, lens.cy),
        Vector3::new(0.0, -lens.fy, height - lens.cy),
    ];
    Ok(planes.into_iter().collect())
}

fn thing_in_view(
    run: &mut Run<'_>,
    thing: EntityId,
    camera: &Observer,
    (looked, camera_known): (&[Time], &Spans),
    asked: &Spans,
    least: f64,
) -> Part<(When, Spans)> {
    let sight = Sight { eye: Point3::origin(), limits: edges(camera)? };
    let trajectory = run.trajectory(thing)?;
    run.cite_thing(thing, asked, None)?;
    let name = run.name_of(thing);
    let (mut certain, mut possible, mut told, mut known) = (Vec::new(), Vec::new(), Spans::NONE, false);
    for part in &trajectory.runs {
        let within = |t: &Time| asked.iter().any(|span| span.contains(*t));
        let mut times: Vec<Time> = part.times().chain(looked.iter().copied()).filter(within).collect();
        // the ends of what was asked, too
        times.extend(asked.iter().flat_map(|span| [span.start(), span.end().plus_ns(-1)]).filter(within));
        times.sort_unstable();
        times.dedup();
        let mut seen: Vec<Option<bool>> = Vec::new();
        for &t in &times {
            seen.push(match part.at(t) {
                Some(_) => share_at(run, thing, camera, &sight, t)?.map(|share| share >= least),
                None => None,
            });
        }
        known |= seen.iter().any(Option::is_some);
        let linked = part.spans().intersect(camera_known);
        let on = |i: usize| linked.iter().any(|span| span.contains(times[i]) && span.contains(times[i + 1]));
        let at = times.iter().zip(&seen).filter(|(_, seen)| seen.is_some()).map(|(t, _)| Span::at(*t));
        told = told.union(&linked).union(&at.collect());
        for (i, t) in times.iter().enumerate().filter(|(i, _)| seen[*i] == Some(true)) {
            certain.push(Span::at(*t));
            if seen.get(i + 1) == Some(&Some(true)) && on(i) {
                certain.push(Span::between(*t, times[i + 1]));
            }
        }
        for i in 1..times.len() {
            if let (Some(a), Some(b)) = (seen[i - 1], seen[i])
                && a != b
            {
                let start = times[i - 1].plus_ns(i64::from(!a));
                possible.push(Span::between(start, times[i].plus_ns(i64::from(b))));
            }
        }
    }
    if !known {
        return missing(MissingKind::Pose, format!("places of {name} and of {} at one time", camera.name));
    }
    let certain: Spans = certain.into_iter().collect();
    Ok((When::within(certain, &possible.into_iter().collect()), told))
}

/// How much of a thing the picture shows; none where its place or the camera's is not known then.
fn share_at(
    run: &mut Run<'_>,
    thing: EntityId,
    camera: &Observer,
    sight: &Sight,
    t: Time,
) -> Part<Option<f64>> {
    let to = ReferenceFrame::Camera(camera.id);
    let Some(target) = cuboid(run, thing, &to, t)? else { return Ok(None) };
    if sight.is_inside(&target) {
        return Ok(Some(1.0));
    }
    // nothing of it before the lens, or outside of one edge: no need to look for what hides it
    let corners = target.corners();
    let outside = sight.limits.iter().any(|limit| corners.iter().all(|c| limit.dot(&c.coords) < 0.0));
    if outside {
        return Ok(Some(0.0));
    }
    let far = target.centre.coords.norm() + target.extent.norm() / 2.0;
    let mut others = Vec::new();
    let everything: Vec<EntityId> = run.world.entities().filter(|other| *other != thing).collect();
    for other in everything {
        let Some(b) = cuboid(run, other, &to, t)? else { continue };
        let near = b.centre.coords.norm() - b.extent.norm() / 2.0 < far;
        if near && b.extent.norm() > 2.0 * SPECK_M {
            others.push(b);
        }
    }
    Ok(sight.share(&target, &others).map(|share| share.visible))
}

fn cuboid(run: &mut Run<'_>, thing: EntityId, to: &ReferenceFrame, t: Time) -> Part<Option<Box3>> {
    let trajectory = run.trajectory(thing)?;
    let carries = |track| run.world.track(track).is_some_and(|row| row.carries.is_some() || row.ignored);
    let Some(moment) = trajectory.runs.iter().filter(|part| !carries(part.track)).find_map(|part| part.at(t))
    else {
        return Ok(None);
    };
    Ok(match run.solid_of(&moment, to) {
        Ok(Solid::Box(b)) => Some(b),
        Ok(Solid::Point(centre)) => {
            Some(Box3 { centre, rotation: UnitQuaternion::identity(), extent: Vector3::repeat(SPECK_M) })
        }
        Ok(Solid::Rectangle(_)) | Err(_) => None,
    })
}
