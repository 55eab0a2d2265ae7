//! Who moves, the observer or the thing.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_reason::motion::pattern::{LEAST_DEG, LEAST_M, Moves, moves};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, ObserverId, Pose, ReferenceFrame, Scale, Spans, Time};

/// `motion_pattern(a, during: always, in: auto)`: Text such as `observer translates, object still`: what the camera that sees the thing did, and what
/// the thing did, in the world. Each is still, translates (at least 0.3 m away from where it was), rotates (at least 15 degrees), or both.
pub struct MotionPattern;

impl Operator for MotionPattern {
    fn entry(&self) -> Entry {
        let about = "whether observer and thing stand, translate or rotate";
        entry("motion-pattern", about, "program/src/ops/motion_pattern.rs", "motion_pattern(all(\"car\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text))
            .needs("things", Takes::Things)
            .during()
            .reference_frame(Preference::Motion)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (thing, frame) = (args.thing("things")?, args.frame("in")?);
        let Some(world @ ReferenceFrame::World(_)) = frame.one() else {
            let what =
                format!("no transform from {frame} to a world in which camera and thing can be told apart");
            return missing(MissingKind::Transform, what);
        };
        if frame.scale(run.world) != Some(Scale::Metre) {
            return missing(MissingKind::Scale, "the scale of the world in metres");
        }
        let asked = run.asked(&args.when("during"));
        let of_thing = thing_poses(run, thing, world, &asked)?;
        let Some(observer) = observer(run, thing)? else {
            return missing(MissingKind::Pose, "a camera with poses");
        };
        let of_observer = camera_poses(run, observer, world, &asked)?;
        let (Some(a), Some(b)) = (told(&of_observer), told(&of_thing)) else {
            return missing(MissingKind::Pose, "poses of the camera and of the thing during that time");
        };
        run.cite_thing(thing, &asked, None)?;
        if of_thing.iter().all(|(_, rotation)| rotation.is_none()) {
            run.assume("the thing's own heading is not known: its turning would not be noticed");
        }
        Ok(Datum::Text(format!("observer {}, object {}", a.word(), b.word())))
    }
}

type Poses = Vec<([f64; 3], Option<[f64; 4]>)>;

fn told(poses: &Poses) -> Option<Moves> {
    moves(poses, LEAST_M, LEAST_DEG)
}

fn thing_poses(run: &mut Run<'_>, thing: EntityId, world: &ReferenceFrame, asked: &Spans) -> Part<Poses> {
    let trajectory = run.trajectory(thing)?;
    let (mut out, mut why) = (Poses::new(), None);
    for part in &trajectory.runs {
        for sample in part.samples().filter(|sample| asked.iter().any(|span| span.overlaps(sample.span()))) {
            let Some(pose) = sample.pose else { continue };
            let Some(row) = run.world.reference_frame(pose.reference_frame) else { continue };
            match run.frames.map_pose(run.world, &pose, &row.reference_frame, world, sample.t) {
                Ok(pose) => out.push((pose.position, pose.rotation)),
                Err(missing) => why = why.or(Some(missing)),
            }
        }
    }
    match why {
        Some(why) if out.is_empty() => Err(why.into()),
        _ => Ok(out),
    }
}

/// The camera that sees the thing, else the one camera that moves by a track.
fn observer(run: &mut Run<'_>, thing: EntityId) -> Part<Option<ObserverId>> {
    let trajectory = run.trajectory(thing)?;
    if let Some(observer) = trajectory.runs.iter().find_map(|part| part.observer) {
        return Ok(Some(observer));
    }
    let mut carried: Vec<ObserverId> =
        run.world.tables().tracks.iter().filter_map(|track| track.carries).collect();
    carried.sort_unstable();
    carried.dedup();
    Ok(match carried[..] {
        [one] => Some(one),
        _ => None,
    })
}

fn camera_poses(
    run: &mut Run<'_>,
    observer: ObserverId,
    world: &ReferenceFrame,
    asked: &Spans,
) -> Part<Poses> {
    let camera = ReferenceFrame::Camera(observer);
    let carrying: Vec<_> = run
        .world
        .tables()
        .tracks
        .iter()
        .filter(|track| track.carries == Some(observer))
        .map(|t| t.id)
        .collect();
    let Some(frame) = run.world.tables().reference_frames.iter().find(|row| row.reference_frame == *world)
    else {
        return missing(MissingKind::Transform, format!("no {world}"));
    };
    let here = Pose {
        reference_frame: frame.id,
        position: [0.0; 3],
        rotation: Some([1.0, 0.0, 0.0, 0.0]),
        extent: None,
    };
    let mut times: Vec<Time> = Vec::new();
    for &track in &carrying {
        let samples = run.world.run(track, chronotope_world::Span::ALWAYS).map_err(crate::run::Stop::from)?;
        times.extend(samples.times().filter(|t| asked.iter().any(|span| span.contains(*t))));
        let hull = asked.hull().unwrap_or(chronotope_world::Span::ALWAYS);
        run.cite_track(None, track, hull, None);
    }
    if carrying.is_empty() {
        // a calibration that holds over time
        let pictures = run.picture_times(Some(observer))?;
        times
            .extend(pictures.iter().map(|&t| Time(t)).filter(|t| asked.iter().any(|span| span.contains(*t))));
    }
    let (mut out, mut why) = (Poses::new(), None);
    for t in times {
        match run.frames.map_pose(run.world, &here, &camera, world, t) {
            Ok(pose) => out.push((pose.position, pose.rotation)),
            Err(missing) => why = why.or(Some(missing)),
        }
    }
    match why {
        Some(why) if out.is_empty() => Err(why.into()),
        _ => Ok(out),
    }
}
