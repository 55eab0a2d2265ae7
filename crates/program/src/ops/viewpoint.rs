//! Viewpoints: where somebody stands and which way they look.

use super::entry;
use super::within::same_scale;
use crate::frame::Frame;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::{Datum, Viewpoint};
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    EvidenceKind, MissingKind, ObserverKind, ReferenceFrame, Table, Time, unit_quaternion,
};
use nalgebra::{UnitQuaternion, Vector3};

/// `standing(place, facing, at: none, in: auto)`: object-centric: in the middle of one thing, looking at another.
pub struct Standing;
/// `pose([x, y, z], 35 deg, in: auto)`: allocentric: at a place, looking that many degrees counter-clockwise from the x axis.
pub struct PoseAt;
/// `own_view(things, at: none, in: auto)`: object-centric: of the one thing, ahead along its own front.
pub struct OwnView;
/// `camera_view(at: none, in: auto)`: egocentric: of the camera that filmed.
pub struct CameraView;
/// `turned(view, 90 deg)`: turned on the spot, left positive.
pub struct Turned;
/// `stepped(view, 2 m, left: none)`: gone ahead that far, without turning.
pub struct Stepped;

/// Height of the eye of somebody who stands, where none is said.
const EYE: f64 = 1.5;

/// The viewpoint's axes in a frame: a world's up is z, a camera's −y.
fn up_of(frame: &ReferenceFrame) -> Part<Vector3<f64>> {
    match frame {
        ReferenceFrame::World(_) | ReferenceFrame::Object(_) => Ok(Vector3::z()),
        ReferenceFrame::Camera(_) => Ok(-Vector3::y()),
        other => missing(MissingKind::Transform, format!("no transform from {other} to a frame with an up")),
    }
}

/// A viewpoint from a place and a way to look, levelled.
fn level(
    frame: ReferenceFrame,
    eye: [f64; 3],
    way: Vector3<f64>,
    who: Option<chronotope_world::EntityId>,
) -> Outcome {
    let up = up_of(&frame)?;
    let Some(forward) = (way - up * way.dot(&up)).try_normalize(1e-9) else {
        return missing(
            MissingKind::Pose,
            "which way they look: what they face is right there, above or below",
        );
    };
    let (forward, up) = (forward.into(), up.into());
    Ok(Datum::Viewpoint(Viewpoint { reference_frame: frame, eye, forward, up, who }))
}

fn gives() -> Signature {
    Signature::gives(Gives::Fixed(Type::Viewpoint))
}

impl Operator for Standing {
    fn entry(&self) -> Entry {
        let about = "the view from one thing towards another";
        let example = "lies(all(\"tv\"), standing(all(\"door\"), all(\"window\")))";
        entry("standing", about, "program/src/ops/viewpoint.rs", example)
    }

    fn signature(&self) -> Signature {
        gives()
            .needs("place", Takes::Things)
            .needs("facing", Takes::Things)
            .at()
            .reference_frame(Preference::Metric)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (frame, at) = (args.frame("in")?, args.moment("at").map(|i| i.t));
        let (place, facing) = (args.thing("place")?, args.thing("facing")?);
        let whole = run.record_span().into();
        let t = run.still_moment(place, at, &whole)?;
        let (eye, to) = run.place(place, &frame, t)?;
        let t = run.still_moment(facing, at, &whole)?;
        let (target, _) = run.place(facing, &frame, t)?;
        let way = Vector3::from(target.point) - Vector3::from(eye.point);
        level(to, eye.point, way, None)
    }
}

impl Operator for PoseAt {
    fn entry(&self) -> Entry {
        let about = "the view from a place, that many degrees counter-clockwise from the x axis";
        let example = "lies(all(\"tv\"), pose([1, 2.5], 35 deg, in: world))";
        entry("pose", about, "program/src/ops/viewpoint.rs", example)
    }

    fn signature(&self) -> Signature {
        gives()
            .needs("place", Takes::List(Box::new(Takes::AnyNumber)))
            .needs("heading", Takes::Number((0, 0, 1)))
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let numbers: Vec<f64> = args
            .list("place")
            .iter()
            .filter_map(|datum| match datum {
                Datum::Number(number) => Some(number.value),
                _ => None,
            })
            .collect();
        let eye = match *numbers.as_slice() {
            [x, y] => {
                run.assume("assumes an eye 1.5 m over the floor at height 0");
                [x, y, EYE]
            }
            [x, y, z] => [x, y, z],
            _ => return missing(MissingKind::Wording, "a place is [x, y] or [x, y, z]"),
        };
        let Frame::One(frame @ ReferenceFrame::World(_)) = args.frame("in")? else {
            return missing(MissingKind::Transform, "no world in which the place could lie");
        };
        let angle = args.number("heading").map_or(0.0, |n| n.value).to_radians();
        level(frame, eye, Vector3::new(libm::cos(angle), libm::sin(angle), 0.0), None)
    }
}

impl Operator for OwnView {
    fn entry(&self) -> Entry {
        let about = "the view of a thing along its own front";
        let example = "lies(all(\"bus\"), own_view(entity(1), at: 2 s), at: 2 s)";
        entry("own-view", about, "program/src/ops/viewpoint.rs", example)
    }

    fn signature(&self) -> Signature {
        gives().needs("things", Takes::Things).at().reference_frame(Preference::Metric)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (thing, frame) = (args.thing("things")?, args.frame("in")?);
        let whole = run.record_span().into();
        let t = run.still_moment(thing, args.moment("at").map(|i| i.t), &whole)?;
        let (placed, to) = run.place(thing, &frame, t)?;
        let way = heading(run, thing, &to, t)?;
        level(to, placed.point, way, Some(thing))
    }
}

/// The way of a thing's own front in a frame.
pub(super) fn heading(
    run: &mut Run<'_>,
    thing: chronotope_world::EntityId,
    to: &ReferenceFrame,
    t: Time,
) -> Part<Vector3<f64>> {
    let trajectory = run.trajectory(thing)?;
    let turned = trajectory.runs.iter().find_map(|one| {
        let pose = one.at(t)?.pose?;
        pose.rotation?;
        let from = run.world.reference_frame(pose.reference_frame)?.reference_frame.clone();
        Some((pose, from))
    });
    let name = run.name_of(thing);
    let Some((pose, from)) = turned else {
        return no_heading(&name, t);
    };
    let pose = run.frames.map_pose(run.world, &pose, &from, to, t)?;
    match pose.rotation.and_then(unit_quaternion) {
        Some(rotation) => Ok(rotation * Vector3::x()),
        None => no_heading(&name, t),
    }
}

fn no_heading<T>(name: &str, t: Time) -> Part<T> {
    let when = if t == Time::MIN { String::new() } else { format!(" at {t} s") };
    missing(MissingKind::Pose, format!("the heading of {name}{when}"))
}

impl Operator for CameraView {
    fn entry(&self) -> Entry {
        let about = "the view of the camera that filmed";
        let example = "lies(all(\"car\"), camera_view(at: 2 s), at: 2 s)";
        entry("camera-view", about, "program/src/ops/viewpoint.rs", example)
    }

    fn signature(&self) -> Signature {
        gives().at().reference_frame(Preference::Metric)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let frame = args.frame("in")?;
        let cameras: Vec<_> = run
            .world
            .tables()
            .observers
            .iter()
            .filter(|o| o.kind == ObserverKind::Camera)
            .map(|o| o.id)
            .collect();
        let camera = match cameras[..] {
            [camera] => camera,
            [] => return missing(MissingKind::Transform, "no camera whose pose is known"),
            _ => return missing(MissingKind::Wording, "which camera is meant"),
        };
        run.cite_rows(EvidenceKind::Supports, Table::Observers, [camera.0]);
        let from = ReferenceFrame::Camera(camera);
        let Frame::One(to) = frame else {
            return missing(MissingKind::Transform, format!("no transform from {from} to a world"));
        };
        let span = run.record_span();
        let asked = args.moment("at").map(|i| i.t);
        let pose_at = |run: &Run<'_>, t: Time| {
            let (eye, _, used) = run.frames.map(run.world, [0.0; 3], &from, &to, t)?;
            let (ahead, ..) = run.frames.map(run.world, [0.0, 0.0, 1.0], &from, &to, t)?;
            Ok::<_, chronotope_world::Missing>((eye, ahead, used))
        };
        let (eye, ahead, used) = pose_at(run, asked.unwrap_or(span.start()))?;
        if asked.is_none() && span.end() != Time::MAX {
            let still = pose_at(run, span.end().plus_ns(-1)).is_ok_and(|(e, a, _)| e == eye && a == ahead);
            if !still {
                return missing(MissingKind::Wording, "the camera may move: at which time");
            }
        }
        run.cite_rows(EvidenceKind::Supports, Table::Transforms, used.iter().map(|id| id.0));
        level(to, eye, Vector3::from(ahead) - Vector3::from(eye), None)
    }
}

impl Operator for Turned {
    fn entry(&self) -> Entry {
        let about = "a view turned on the spot, left positive";
        let example = "lies(all(\"tv\"), turned(standing(all(\"door\"), all(\"bed\")), -90 deg))";
        entry("turned", about, "program/src/ops/viewpoint.rs", example)
    }

    fn signature(&self) -> Signature {
        gives().needs("view", Takes::Viewpoint).needs("angle", Takes::Number((0, 0, 1)))
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let view = args.viewpoint("view")?.clone();
        let angle = args.number("angle").map_or(0.0, |n| n.value);
        // quarter turns without rounding
        let (sine, cosine) = match angle.rem_euclid(360.0) {
            0.0 => (0.0, 1.0),
            90.0 => (1.0, 0.0),
            180.0 => (0.0, -1.0),
            270.0 => (-1.0, 0.0),
            other => (libm::sin(other.to_radians()), libm::cos(other.to_radians())),
        };
        let (forward, up) = (Vector3::from(view.forward), Vector3::from(view.up));
        let forward = (forward * cosine + up.cross(&forward) * sine).into();
        Ok(Datum::Viewpoint(Viewpoint { forward, ..view }))
    }
}

impl Operator for Stepped {
    fn entry(&self) -> Entry {
        let about = "a view from that far ahead";
        let example = "lies(all(\"tv\"), stepped(standing(all(\"door\"), all(\"bed\")), 2 m))";
        entry("stepped", about, "program/src/ops/viewpoint.rs", example)
    }

    fn signature(&self) -> Signature {
        gives().needs("view", Takes::Viewpoint).needs("ahead", Takes::Number((1, 0, 0))).default(
            "left",
            Takes::Number((1, 0, 0)),
            "none",
        )
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let view = args.viewpoint("view")?.clone();
        let frame = Frame::One(view.reference_frame.clone());
        let length = |name: &str| -> Part<f64> {
            let Some(number) = args.number(name) else { return Ok(0.0) };
            same_scale(run.world, &frame, &number.unit)?;
            Ok(number.value)
        };
        let (ahead, aside) = (length("ahead")?, length("left")?);
        let left = Vector3::from(view.up).cross(&Vector3::from(view.forward));
        let eye = Vector3::from(view.eye) + Vector3::from(view.forward) * ahead + left * aside;
        Ok(Datum::Viewpoint(Viewpoint { eye: eye.into(), ..view }))
    }
}

/// The rotation that turns a viewpoint's axes (x ahead, y left, z up) into its frame's.
pub(super) fn axes(view: &Viewpoint) -> UnitQuaternion<f64> {
    let (forward, up) = (Vector3::from(view.forward), Vector3::from(view.up));
    // both have length 1 and stand at right angles
    let left = up.cross(&forward);
    UnitQuaternion::from_matrix(&nalgebra::Matrix3::from_columns(&[forward, left, up]))
}
