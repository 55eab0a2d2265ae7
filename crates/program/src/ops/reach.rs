//! Where a thing could be when nobody sees it, and whether it could have come to another.

use super::entry;
use super::within::same_scale;
use crate::frame::Frame;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::{Datum, Reachable};
use chronotope_reason::metric::solid::{Solid, distance};
use chronotope_reason::visibility::detour::shortest_detour;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Disc, EntityId, MissingKind, Reach as Region, ReferenceFrame, Scale, Time, Unit};
use nalgebra::Point3;

/// `reach(things, at, 2 m/s, in: auto)`: a disc (in space a ball) around the last sighting before and the first after; the
/// thing is in all of them, if it never is faster than that.
pub struct Reach;
/// `could_reach(things, target, by, 2 m/s, in: auto)`: whether the speed allows it to touch the target between the moment of
/// some sighting and `by`, and to be where it was seen next in time. A "no" is a proof.
pub struct CouldReach;

/// A speed in metres, pixels or a world's own unit per second.
const SPEED: Takes = Takes::Number((1, -1, 0));

impl Operator for Reach {
    fn entry(&self) -> Entry {
        let about = "where the one thing can be at a moment, if it never is faster than that";
        entry("reach", about, "program/src/ops/reach.rs", "reach(all(\"car\"), 12 s, 2 m/s)")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Reach))
            .needs("things", Takes::Things)
            .needs("at", Takes::Moment)
            .needs("speed", SPEED)
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let (thing, frame) = (args.thing("things")?, args.frame("in")?);
        let (t, speed) = asked(run, args, &frame, "at")?;
        if run.presence_of(thing)?.certain.contains(t)
            && let Ok((placed, to)) = run.place(thing, &frame, t)
        {
            return Ok(reachable(run, to, vec![Disc { seen: t, centre: placed.point, radius: 0.0 }]));
        }
        let mut discs = Vec::new();
        let mut found: Option<ReferenceFrame> = None;
        let sightings = sightings(run, thing)?;
        let split = sightings.partition_point(|s| *s <= t);
        let (before, after) = sightings.split_at(split);
        for candidates in [&mut before.iter().rev() as &mut dyn Iterator<Item = &Time>, &mut after.iter()] {
            for &seen in candidates {
                let (placed, to) = match run.place(thing, &frame, seen) {
                    Ok(placed) => placed,
                    Err(Stop::Missing(_)) => continue,
                    Err(failed) => return Err(failed),
                };
                if found.get_or_insert(to.clone()) != &to {
                    continue;
                }
                let away = Time((t - seen).saturating_abs()).as_s();
                discs.push(Disc { seen, centre: placed.point, radius: speed * away });
                break;
            }
        }
        if let Some(to) = found {
            return Ok(reachable(run, to, discs));
        }
        let name = run.name_of(thing);
        missing(MissingKind::Pose, format!("{name} was never seen with a place in {frame}"))
    }
}

impl Operator for CouldReach {
    fn entry(&self) -> Entry {
        let about = "whether the one thing can have come to another by a moment, at most that fast";
        let example = "could_reach(all(\"person\"), all(\"door\"), 12 s, 1.5 m/s)";
        entry("could-reach", about, "program/src/ops/reach.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Truth))
            .needs("things", Takes::Things)
            .needs("target", Takes::Things)
            .needs("by", Takes::Moment)
            .needs("speed", SPEED)
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let (thing, target, frame) = (args.thing("things")?, args.thing("target")?, args.frame("in")?);
        let (by, speed) = asked(run, args, &frame, "by")?;
        let whole = run.record_span().into();
        let path = run.path(thing, &frame, &whole)?;
        let first = Time(path.t_ns[0]);
        if first > by {
            let name = run.name_of(thing);
            return missing(MissingKind::Pose, format!("where {name} was at or before {by} s"));
        }
        // a target that moves is taken where it was at that moment
        let t = match run.still_moment(target, None, &whole) {
            Ok(t) => t,
            Err(Stop::Missing(_)) => {
                run.assume("assumes that the target was all the time where it is at the end of it");
                by
            }
            Err(failed) => return Err(failed),
        };
        let (solid, _) = run.solid(target, &frame, t)?;
        run.assume("assumes a straight way at the stated speed, with nothing in it");
        for i in 0..path.len() {
            let (p, t0) = (Point3::from(path.point(i)), Time(path.t_ns[i]));
            if t0 > by {
                break;
            }
            let time = speed * Time(by - t0).as_s();
            if distance(&Solid::Point(p), &solid) > time {
                continue;
            }
            if i + 1 == path.len() {
                return Ok(Datum::Truth(true));
            }
            // it must be where it was seen next
            let (q, t1) = (Point3::from(path.point(i + 1)), Time(path.t_ns[i + 1]));
            if shortest_detour(p, q, &solid) <= speed * Time(t1 - t0).as_s() {
                return Ok(Datum::Truth(true));
            }
        }
        Ok(Datum::Truth(false))
    }
}

/// The moment and the speed that were asked for, in a frame in which the speed means something.
fn asked(run: &Run<'_>, args: &Args<'_>, frame: &Frame, moment: &str) -> Part<(Time, f64)> {
    let t = args.moment(moment).map_or(Time(0), |instant| instant.t);
    let speed = args.number("speed").cloned().unwrap_or(chronotope_world::Quantity::bare(f64::NAN));
    same_scale(run.world, frame, &speed.unit)?;
    if speed.value.is_finite() && speed.value >= 0.0 {
        return Ok((t, speed.value));
    }
    missing(MissingKind::Wording, "a speed is a number of at least 0")
}

/// The times at which samples show a thing, ascending; of a sample that holds, its start and its last moment.
fn sightings(run: &mut Run<'_>, thing: EntityId) -> Part<Vec<Time>> {
    let trajectory = run.trajectory(thing)?;
    let mut out = Vec::new();
    for sample in trajectory.runs.iter().flat_map(chronotope_world::Run::samples) {
        if sample.origin.is_evidence() && sample.visibility != Some(0.0) {
            out.push(sample.t);
            out.extend(sample.end.map(|end| end.plus_ns(-1)).filter(|&end| end > sample.t));
        }
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

fn reachable(run: &Run<'_>, reference_frame: ReferenceFrame, discs: Vec<Disc>) -> Datum {
    let scale: Scale = run.world.tables().scale_of(&reference_frame);
    Datum::Reach(Reachable { reach: Region { reference_frame, discs }, unit: Unit::length(scale) })
}
