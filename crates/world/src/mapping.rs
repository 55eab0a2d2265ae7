//! Paths through the forest of reference frames: points of one frame as points of another.

use crate::answer::{Missing, MissingKind};
use crate::error::Error;
use crate::reference_frame::ReferenceFrame;
use crate::tables::{Intrinsics, TransformKind};
use crate::time::Time;
use crate::trajectory::unit_quaternion;
use crate::world::World;
use nalgebra::{Matrix3, UnitQuaternion, Vector3};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A map from points of one reference frame to points of another, at one time.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    steps: Vec<Step>,
}

/// One edge of the path, in the direction in which it is taken.
#[derive(Clone, Debug)]
enum Step {
    Similarity {
        rotation: UnitQuaternion<f64>,
        translation: Vector3<f64>,
        scale: f64,
        deviation: f64,
    },
    /// Picture to picture, or picture to the plane z = 0.
    Homography {
        matrix: Matrix3<f64>,
        deviation: f64,
    },
    /// The plane z = 0 to picture: points off the plane have no image this way.
    FromPlane {
        matrix: Matrix3<f64>,
    },
    Project(Intrinsics),
}

/// How far from the plane z = 0 a point may lie and still count as on it, in units of its frame.
const ON_PLANE: f64 = 1e-6;

impl Mapping {
    /// The image of a point: `[x, y, z]`, with z = 0 in pictures. None where it has none: behind the camera, on the horizon
    /// of a homography, off the ground plane.
    pub fn point(&self, point: [f64; 3]) -> Option<[f64; 3]> {
        self.steps.iter().try_fold(point, |p, step| step.point(p))
    }

    /// The turn from axes of the source frame to axes of the target; none where a step is no rigid motion.
    pub fn rotation(&self) -> Option<UnitQuaternion<f64>> {
        self.steps.iter().try_fold(UnitQuaternion::identity(), |q, step| match step {
            Step::Similarity { rotation, .. } => Some(rotation * q),
            _ => None,
        })
    }

    /// How many target units one source unit is; none where that depends on the place.
    pub fn scale(&self) -> Option<f64> {
        self.steps.iter().try_fold(1.0, |s, step| match step {
            Step::Similarity { scale, .. } => Some(s * scale),
            _ => None,
        })
    }

    /// One standard deviation that the transforms themselves add to a mapped point, in target units, as far as they state one.
    pub fn deviation(&self) -> f64 {
        let variance = self.steps.iter().fold(0.0, |v: f64, step| match step {
            Step::Similarity { scale, deviation, .. } => v * scale * scale + deviation * deviation,
            Step::Homography { deviation, .. } => v + deviation * deviation,
            Step::FromPlane { .. } | Step::Project(_) => v,
        });
        variance.sqrt()
    }

    /// The frames are the same: nothing is changed.
    pub fn is_identity(&self) -> bool {
        self.steps.is_empty()
    }
}

impl Step {
    fn point(&self, p: [f64; 3]) -> Option<[f64; 3]> {
        let out = match self {
            Step::Similarity { rotation, translation, scale, .. } => {
                let v = rotation * Vector3::from(p) * *scale + translation;
                [v.x, v.y, v.z]
            }
            Step::Homography { matrix, .. } => apply(matrix, p)?,
            Step::FromPlane { matrix } => {
                if p[2].abs() > ON_PLANE {
                    return None;
                }
                apply(matrix, p)?
            }
            Step::Project(lens) => {
                if p[2] <= 0.0 {
                    return None;
                }
                let [u, v] = distort(lens, p[0] / p[2], p[1] / p[2]);
                [lens.fx * u + lens.cx, lens.fy * v + lens.cy, 0.0]
            }
        };
        out.iter().all(|v| v.is_finite()).then_some(out)
    }

    /// The edge taken the other way; none where it has no inverse.
    fn inverse(&self) -> Option<Step> {
        match self {
            Step::Similarity { rotation, translation, scale, deviation } => {
                (*scale != 0.0).then(|| Step::Similarity {
                    rotation: rotation.inverse(),
                    translation: -(rotation.inverse() * translation) / *scale,
                    scale: 1.0 / scale,
                    deviation: deviation / scale.abs(),
                })
            }
            Step::Homography { .. } | Step::FromPlane { .. } | Step::Project(_) => None,
        }
    }
}

fn apply(matrix: &Matrix3<f64>, p: [f64; 3]) -> Option<[f64; 3]> {
    let v = matrix * Vector3::new(p[0], p[1], 1.0);
    (v.z.abs() > f64::EPSILON * matrix.amax()).then(|| [v.x / v.z, v.y / v.z, 0.0])
}

/// Brown–Conrady distortion of a normalised image point (OpenCV's model with k1, k2, p1, p2, k3).
fn distort(lens: &Intrinsics, x: f64, y: f64) -> [f64; 2] {
    let k = |i: usize| lens.distortion.get(i).copied().unwrap_or(0.0);
    let r2 = x * x + y * y;
    let radial = 1.0 + r2 * (k(0) + r2 * (k(1) + r2 * k(4)));
    [
        x * radial + 2.0 * k(2) * x * y + k(3) * (r2 + 2.0 * x * x),
        y * radial + k(2) * (r2 + 2.0 * y * y) + 2.0 * k(3) * x * y,
    ]
}

impl World {
    /// How points of `source` become points of `target` at a time: the shortest path over the transforms, the poses of things
    /// (`object`), the trajectories that carry cameras, and lenses (camera to picture).
    ///
    /// # Errors
    /// The inner error is what is missing: no path. The outer one says that samples cannot be read.
    pub fn mapping(
        &self,
        target: &ReferenceFrame,
        source: &ReferenceFrame,
        t: Time,
    ) -> Result<Result<Mapping, Missing>, Error> {
        if target == source {
            return Ok(Ok(Mapping::default()));
        }
        let edges = self.edges(&[target, source], t)?;
        let mut came_by: BTreeMap<&ReferenceFrame, Option<usize>> = BTreeMap::from([(source, None)]);
        let mut queue = VecDeque::from([source]);
        while let Some(frame) = queue.pop_front() {
            if frame == target {
                break;
            }
            for (i, edge) in edges.iter().enumerate().filter(|(_, e)| e.source == *frame) {
                if !came_by.contains_key(&edge.target) {
                    came_by.insert(&edge.target, Some(i));
                    queue.push_back(&edge.target);
                }
            }
        }
        let mut steps = Vec::new();
        let mut at = target;
        loop {
            match came_by.get(at) {
                Some(Some(i)) => {
                    steps.push(edges[*i].step.clone());
                    at = &edges[*i].source;
                }
                Some(None) => break,
                None => return Ok(Err(missing_path(target, source, t))),
            }
        }
        steps.reverse();
        Ok(Ok(Mapping { steps }))
    }

    /// All edges that hold then, each way that can be taken, in a fixed order.
    fn edges(&self, asked: &[&ReferenceFrame; 2], t: Time) -> Result<Vec<Edge>, Error> {
        let mut edges = Vec::new();
        let mut add = |target: ReferenceFrame, source: ReferenceFrame, step: Step, back: Option<Step>| {
            if let Some(step) = back {
                edges.push(Edge { target: source.clone(), source: target.clone(), step });
            }
            edges.push(Edge { target, source, step });
        };
        for row in
            self.transforms().filter(|row| row.span.contains(t) || row.span == crate::span::Span::ALWAYS)
        {
            let frames = self.reference_frame(row.target).zip(self.reference_frame(row.source));
            let Some((target, source)) = frames.map(|(a, b)| (&a.reference_frame, &b.reference_frame)) else {
                continue;
            };
            let deviation = row.deviation.unwrap_or(0.0);
            match &row.kind {
                TransformKind::Similarity { translation, rotation, scale } => {
                    let Some(rotation) = unit_quaternion(*rotation) else { continue };
                    let translation = Vector3::from(*translation);
                    let step = Step::Similarity { rotation, translation, scale: *scale, deviation };
                    let back = step.inverse();
                    add(target.clone(), source.clone(), step, back);
                }
                TransformKind::Homography(rows) => {
                    let matrix = Matrix3::from_row_slice(rows);
                    let back = matrix.try_inverse().map(|inverse| {
                        if target.is_picture() {
                            Step::Homography { matrix: inverse, deviation: 0.0 }
                        } else {
                            Step::FromPlane { matrix: inverse }
                        }
                    });
                    add(target.clone(), source.clone(), Step::Homography { matrix, deviation }, back);
                }
                // degrees are no lengths: an exporter reads the anchor itself
                TransformKind::GeoAnchor { .. } => {}
            }
        }
        for row in &self.tables().tracks {
            let Some(observer) = row.carries else { continue };
            let Some(pose) = self.run(row.id, crate::span::Span::ALWAYS)?.at(t).and_then(|m| m.pose) else {
                continue;
            };
            self.add_pose(ReferenceFrame::Camera(observer), &pose, &mut add);
        }
        let things: BTreeSet<_> = asked
            .iter()
            .filter_map(|frame| if let ReferenceFrame::Object(e) = frame { Some(*e) } else { None })
            .collect();
        for entity in things {
            if let Some(pose) = self.trajectory(entity)?.at(t).and_then(|m| m.pose) {
                self.add_pose(ReferenceFrame::Object(entity), &pose, &mut add);
            }
        }
        for row in &self.tables().observers {
            if let Some(lens) = &row.intrinsics {
                let (camera, image) = (ReferenceFrame::Camera(row.id), ReferenceFrame::Image(row.id));
                add(image, camera, Step::Project(lens.clone()), None);
            }
        }
        Ok(edges)
    }

    /// The edge from a posed thing's own frame to the frame of its pose; none where the heading is unknown.
    fn add_pose(
        &self,
        own: ReferenceFrame,
        pose: &crate::sample::Pose,
        add: &mut impl FnMut(ReferenceFrame, ReferenceFrame, Step, Option<Step>),
    ) {
        let frame = self.reference_frame(pose.reference_frame);
        let rotation = pose.rotation.and_then(unit_quaternion);
        if let Some((frame, rotation)) = frame.zip(rotation) {
            let translation = Vector3::from(pose.position);
            let step = Step::Similarity { rotation, translation, scale: 1.0, deviation: 0.0 };
            let back = step.inverse();
            add(frame.reference_frame.clone(), own, step, back);
        }
    }
}

struct Edge {
    target: ReferenceFrame,
    source: ReferenceFrame,
    step: Step,
}

fn missing_path(target: &ReferenceFrame, source: &ReferenceFrame, t: Time) -> Missing {
    let when = if t == Time::MIN { String::new() } else { format!(" at {t} s") };
    let missing =
        Missing::new(MissingKind::Transform, format!("a transform from {source} to {target}{when}"));
    match (target, source) {
        (ReferenceFrame::World(_), ReferenceFrame::Image(_)) => {
            missing.hint("watch the video with --ground CALIBRATION.json")
        }
        (_, ReferenceFrame::Camera(_)) | (ReferenceFrame::Camera(_), _) => {
            missing.hint("give the camera's trajectory with --poses")
        }
        _ => missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{EntityId, ObserverId};
    use crate::text::parse;

    fn frames() -> (World, ReferenceFrame, ReferenceFrame) {
        let world = parse(
            "camera cam 640x480 lens 100 100 320 240\n\
             world street m\n\
             transform world(street) from image(cam) [0, 10) homography 0.1 0 -32 0 -0.1 48 0 0 1 sd 0.5\n\
             car 1 in street\n  always: (10, 5, 0) yaw 90\n",
        )
        .expect("valid");
        (world, ReferenceFrame::World("street".into()), ReferenceFrame::Image(ObserverId(0)))
    }

    fn close(a: Option<[f64; 3]>, b: [f64; 3]) {
        let a = a.expect("has an image");
        assert!(a.iter().zip(&b).all(|(p, q)| (p - q).abs() < 1e-9), "{a:?} is not {b:?}");
    }

    #[test]
    fn pixels_become_metres_and_back_only_on_the_ground() {
        let (world, street, image) = frames();
        let map = |a: &ReferenceFrame, b: &ReferenceFrame, t: f64| {
            world.mapping(a, b, Time::from_s(t)).expect("in memory")
        };
        let there = map(&street, &image, 1.0).expect("a path");
        close(there.point([420.0, 380.0, 0.0]), [10.0, 10.0, 0.0]);
        assert_eq!(there.deviation(), 0.5);
        let back = map(&image, &street, 1.0).expect("a path");
        close(back.point([10.0, 10.0, 0.0]), [420.0, 380.0, 0.0]);
        assert_eq!(back.point([10.0, 10.0, 1.0]), None);
        let missing = map(&street, &image, 11.0).expect_err("the calibration ended");
        assert_eq!(missing.what, "a transform from image(0) to world(street) at 11 s");
    }

    #[test]
    fn a_thing_is_a_frame() {
        let (world, street, _) = frames();
        let object = ReferenceFrame::Object(EntityId(1));
        let map = world.mapping(&object, &street, Time(0)).expect("in memory").expect("a path");
        // the car looks along +y: a point ahead of it has positive x in its own frame
        close(map.point([10.0, 8.0, 0.0]), [3.0, 0.0, 0.0]);
        close(map.point([9.0, 5.0, 0.0]), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn points_behind_a_camera_have_no_image() {
        let (world, _, image) = frames();
        let camera = ReferenceFrame::Camera(ObserverId(0));
        let map = world.mapping(&image, &camera, Time(0)).expect("in memory").expect("a lens");
        close(map.point([1.0, 0.0, 10.0]), [330.0, 240.0, 0.0]);
        assert_eq!(map.point([1.0, 0.0, -10.0]), None);
        assert!(world.mapping(&camera, &image, Time(0)).expect("in memory").is_err());
    }
}
