//! From one reference frame to another: paths through the forest of transforms, at one time.

use chronotope_world::{
    How, Intrinsics, Missing, MissingKind, Moment, ObserverId, Pose, ReferenceFrame, Time, TrackId,
    Trajectory, Transform, TransformId, TransformKind, World, unit_quaternion,
};
use nalgebra::{Matrix3, Point3, UnitQuaternion, Vector3};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The transforms of a World by the frames that they join. Built once per run.
pub struct Frames {
    edges: BTreeMap<(ReferenceFrame, ReferenceFrame), Vec<Transform>>,
    /// Cameras whose own poses are a track, with the frame of these poses.
    carried: BTreeMap<ObserverId, (TrackId, ReferenceFrame)>,
    intrinsics: BTreeMap<ObserverId, Intrinsics>,
    neighbours: BTreeMap<ReferenceFrame, BTreeSet<ReferenceFrame>>,
}

/// A place in a frame, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Coordinates; z is 0 in pictures.
    pub point: [f64; 3],
    /// One standard deviation of the place, in the frame's unit, where known.
    pub deviation: Option<f64>,
    /// It may be off by at most this besides: interpolation under the track's greatest speed.
    pub slack: f64,
    /// The track that says so.
    pub track: TrackId,
    /// The transforms used.
    pub transforms: Vec<TransformId>,
    /// How the moment is known.
    pub how: How,
}

/// A mapped point, the deviation that the way adds, and the transforms used.
pub type Mapped = ([f64; 3], Option<f64>, Vec<TransformId>);

#[derive(Clone, Copy)]
enum Step<'a> {
    Forward(&'a Transform),
    Back(&'a Transform),
    Carried(ObserverId),
    CarriedBack(ObserverId),
    Project(&'a Intrinsics),
}

impl Frames {
    /// The transforms that this reader sees. Reads the tracks that carry cameras only when they are used.
    pub fn new(world: &World) -> Frames {
        let name = |id| world.reference_frame(id).map(|row| row.reference_frame.clone());
        let mut edges: BTreeMap<_, Vec<Transform>> = BTreeMap::new();
        for transform in world.transforms() {
            if let Some(key) = name(transform.source).zip(name(transform.target)) {
                edges.entry(key).or_default().push(transform.clone());
            }
        }
        for rows in edges.values_mut() {
            rows.sort_by_key(|row| (row.span.start(), row.id));
        }
        let mut carried = BTreeMap::new();
        for track in &world.tables().tracks {
            let Some(observer) = track.carries.filter(|_| world.track(track.id).is_some()) else { continue };
            let first = world.run(track.id, chronotope_world::Span::ALWAYS).ok();
            let pose = first.and_then(|run| run.samples().find_map(|s| s.pose));
            if let Some(frame) = pose.and_then(|pose| name(pose.reference_frame)) {
                carried.entry(observer).or_insert((track.id, frame));
            }
        }
        let intrinsics: BTreeMap<ObserverId, Intrinsics> = world
            .tables()
            .observers
            .iter()
            .filter_map(|row| Some((row.id, row.intrinsics.clone()?)))
            .collect();
        let mut frames = Frames { edges, carried, intrinsics, neighbours: BTreeMap::new() };
        frames.join();
        frames
    }

    fn join(&mut self) {
        let mut pairs: Vec<(ReferenceFrame, ReferenceFrame)> = Vec::new();
        for ((source, target), rows) in &self.edges {
            pairs.push((source.clone(), target.clone()));
            // a ground calibration says nothing of points above the ground, so it is not turned round
            let ground =
                |row: &Transform| matches!(row.kind, TransformKind::Homography(_)) && !target.is_picture();
            if !rows.iter().any(ground) {
                pairs.push((target.clone(), source.clone()));
            }
        }
        for (&observer, (_, frame)) in &self.carried {
            pairs.push((ReferenceFrame::Camera(observer), frame.clone()));
            pairs.push((frame.clone(), ReferenceFrame::Camera(observer)));
        }
        for &observer in self.intrinsics.keys() {
            pairs.push((ReferenceFrame::Camera(observer), ReferenceFrame::Image(observer)));
        }
        for (source, target) in pairs {
            self.neighbours.entry(source).or_default().insert(target);
        }
    }

    /// Frames that can be reached from this one, itself included, at some time.
    pub fn reachable(&self, from: &ReferenceFrame) -> BTreeSet<ReferenceFrame> {
        let mut seen = BTreeSet::from([from.clone()]);
        let mut queue = VecDeque::from([from.clone()]);
        while let Some(here) = queue.pop_front() {
            for next in self.neighbours.get(&here).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    queue.push_back(next.clone());
                }
            }
        }
        seen
    }

    /// The stage of a camera's shot at a time.
    pub fn stage_at(&self, camera: ObserverId, t: Time) -> Option<ReferenceFrame> {
        let image = ReferenceFrame::Image(camera);
        let stages = self.neighbours.get(&image).into_iter().flatten();
        let mut of_camera = stages.filter(|f| matches!(f, ReferenceFrame::Stage(o, _) if *o == camera));
        of_camera.find(|stage| self.step(&image, stage, t).is_some()).cloned()
    }

    /// The shortest path of frames, by number of edges; ties go to the least frame.
    fn path(&self, from: &ReferenceFrame, to: &ReferenceFrame) -> Option<Vec<ReferenceFrame>> {
        let mut came: BTreeMap<ReferenceFrame, ReferenceFrame> = BTreeMap::new();
        let mut queue = VecDeque::from([from.clone()]);
        while let Some(here) = queue.pop_front() {
            if here == *to {
                let mut path = vec![here.clone()];
                let mut at = &here;
                while let Some(before) = came.get(at) {
                    path.push(before.clone());
                    at = before;
                }
                path.reverse();
                return Some(path);
            }
            for next in self.neighbours.get(&here).into_iter().flatten() {
                if next != from && !came.contains_key(next) {
                    came.insert(next.clone(), here.clone());
                    queue.push_back(next.clone());
                }
            }
        }
        None
    }

    fn step(&self, from: &ReferenceFrame, to: &ReferenceFrame, t: Time) -> Option<Step<'_>> {
        let at = |rows: &'_ Vec<Transform>| -> Option<usize> {
            // the last row that starts at or before t and holds then; spans of one edge rarely overlap
            let n = rows.partition_point(|row| row.span.start() <= t);
            (0..n).rev().find(|&i| rows[i].span.contains(t))
        };
        if let Some(rows) = self.edges.get(&(from.clone(), to.clone()))
            && let Some(i) = at(rows)
        {
            return Some(Step::Forward(&rows[i]));
        }
        if let Some(rows) = self.edges.get(&(to.clone(), from.clone()))
            && let Some(i) = at(rows)
        {
            return Some(Step::Back(&rows[i]));
        }
        match (from, to) {
            (ReferenceFrame::Camera(a), ReferenceFrame::Image(b)) if a == b => {
                self.intrinsics.get(a).map(Step::Project)
            }
            (ReferenceFrame::Camera(o), frame) if self.carried.get(o).is_some_and(|(_, f)| f == frame) => {
                Some(Step::Carried(*o))
            }
            (frame, ReferenceFrame::Camera(o)) if self.carried.get(o).is_some_and(|(_, f)| f == frame) => {
                Some(Step::CarriedBack(*o))
            }
            _ => None,
        }
    }

    fn missing(from: &ReferenceFrame, to: &ReferenceFrame, t: Option<Time>) -> Missing {
        let when = t.map_or(String::new(), |t| format!(" at {t} s"));
        let missing = Missing::new(MissingKind::Transform, format!("no transform from {from} to {to}{when}"));
        match (from, to) {
            (ReferenceFrame::Image(_), ReferenceFrame::World(_)) => {
                missing.hint("watch --ground CALIBRATION.json")
            }
            (ReferenceFrame::Camera(_), ReferenceFrame::World(_)) => missing.hint("watch --poses FILE"),
            _ => missing,
        }
    }

    fn steps(&self, from: &ReferenceFrame, to: &ReferenceFrame, t: Time) -> Result<Vec<Step<'_>>, Missing> {
        let path = self.path(from, to).ok_or_else(|| Frames::missing(from, to, None))?;
        path.windows(2)
            .map(|pair| {
                self.step(&pair[0], &pair[1], t).ok_or_else(|| Frames::missing(&pair[0], &pair[1], Some(t)))
            })
            .collect()
    }

    fn camera_pose(
        &self,
        world: &World,
        observer: ObserverId,
        t: Time,
    ) -> Option<(Point3<f64>, UnitQuaternion<f64>)> {
        let (track, _) = self.carried.get(&observer)?;
        let run = world.run(*track, chronotope_world::Span::ALWAYS).ok()?;
        let pose = run.at(t)?.pose?;
        Some((Point3::from(pose.position), unit_quaternion(pose.rotation?)?))
    }

    /// A point of one frame in another, with the deviation that the way adds and the transforms used.
    ///
    /// # Errors
    /// The transform that is missing.
    pub fn map(
        &self,
        world: &World,
        point: [f64; 3],
        from: &ReferenceFrame,
        to: &ReferenceFrame,
        t: Time,
    ) -> Result<Mapped, Missing> {
        if from == to {
            return Ok((point, None, Vec::new()));
        }
        let (mut p, mut variance, mut used) = (Point3::from(point), None::<f64>, Vec::new());
        for step in self.steps(from, to, t)? {
            let lost = || Frames::missing(from, to, Some(t));
            if let Step::Forward(row) | Step::Back(row) = step {
                used.push(row.id);
                variance = row.deviation.map_or(variance, |d| Some(variance.unwrap_or(0.0) + d * d));
            }
            p = match step {
                Step::Forward(row) => forward(&row.kind, p).ok_or_else(lost)?,
                Step::Back(row) => back(&row.kind, p).ok_or_else(lost)?,
                Step::Carried(o) => {
                    let (at, turn) = self.camera_pose(world, o, t).ok_or_else(lost)?;
                    at + turn * p.coords
                }
                Step::CarriedBack(o) => {
                    let (at, turn) = self.camera_pose(world, o, t).ok_or_else(lost)?;
                    Point3::from(turn.inverse() * (p - at))
                }
                Step::Project(lens) => project(lens, p).ok_or_else(lost)?,
            };
        }
        Ok((p.coords.into(), variance.map(f64::sqrt), used))
    }

    /// A pose of one frame in another: place, heading and size, through similarities and camera poses only.
    ///
    /// # Errors
    /// The transform that is missing, or that is no similarity.
    pub fn map_pose(
        &self,
        world: &World,
        pose: &Pose,
        from: &ReferenceFrame,
        to: &ReferenceFrame,
        t: Time,
    ) -> Result<Pose, Missing> {
        let mut out = *pose;
        if from == to {
            return Ok(out);
        }
        for step in self.steps(from, to, t)? {
            let lost = || Frames::missing(from, to, Some(t));
            let (turn, scale) = match step {
                Step::Forward(row) | Step::Back(row) => match row.kind {
                    TransformKind::Similarity { rotation, scale, .. } => {
                        let turn = unit_quaternion(rotation).ok_or_else(lost)?;
                        match step {
                            Step::Back(_) => (turn.inverse(), 1.0 / scale),
                            _ => (turn, scale),
                        }
                    }
                    _ => return Err(lost()),
                },
                Step::Carried(o) => (self.camera_pose(world, o, t).ok_or_else(lost)?.1, 1.0),
                Step::CarriedBack(o) => (self.camera_pose(world, o, t).ok_or_else(lost)?.1.inverse(), 1.0),
                Step::Project(_) => return Err(lost()),
            };
            out.rotation = out.rotation.and_then(unit_quaternion).map(|q| {
                let q = turn * q;
                [q.w, q.i, q.j, q.k]
            });
            out.extent = out.extent.map(|e| e.map(|v| v * scale));
        }
        out.position = self.map(world, pose.position, from, to, t)?.0;
        Ok(out)
    }

    /// Where a thing was then, in a frame: by the first run that tells. `stage(N)` is resolved by the caller.
    ///
    /// Its centre; through a ground calibration its foot.
    ///
    /// # Errors
    /// What is missing: a sample at that time, or a transform.
    pub fn place(
        &self,
        world: &World,
        trajectory: &Trajectory,
        to: &ReferenceFrame,
        t: Time,
    ) -> Result<Placed, Missing> {
        let mut why = None;
        for run in &trajectory.runs {
            let Some(moment) = run.at(t) else { continue };
            match self.place_of(world, &moment, to) {
                Ok(mut placed) => {
                    let speed = world.track(run.track).and_then(|track| track.max_speed);
                    if let (How::Interpolated { .. }, Some(speed)) = (moment.how, speed) {
                        let near = run.times().map(|s| (s - t).abs()).min().unwrap_or(0);
                        placed.slack = speed * Time(near).as_s();
                    }
                    if let How::Sampled(id) | How::Held(id) = moment.how {
                        let sample = run.samples().find(|s| s.id == id);
                        let own =
                            sample.and_then(|s| s.covariance).map(|c| c[0].max(c[3]).max(c[5]).max(0.0));
                        if let Some(own) = own {
                            placed.deviation = Some((own + placed.deviation.unwrap_or(0.0).powi(2)).sqrt());
                        }
                    }
                    return Ok(placed);
                }
                Err(missing) => why = why.or(Some(missing)),
            }
        }
        Err(why.unwrap_or_else(|| {
            Missing::new(MissingKind::Pose, format!("entity/{} was not seen at {t} s", trajectory.entity.0))
        }))
    }

    /// Where one moment of a track lies in a frame.
    ///
    /// # Errors
    /// The transform that is missing.
    pub fn place_of(&self, world: &World, moment: &Moment, to: &ReferenceFrame) -> Result<Placed, Missing> {
        let placed = |point, deviation, transforms| Placed {
            point,
            deviation,
            slack: 0.0,
            track: moment.track,
            transforms,
            how: moment.how,
        };
        let mut why = None;
        if let Some(pose) = &moment.pose {
            let from = world.reference_frame(pose.reference_frame).map(|row| row.reference_frame.clone());
            if let Some(from) = from {
                match self.map(world, pose.position, &from, to, moment.t) {
                    Ok((point, deviation, used)) => return Ok(placed(point, deviation, used)),
                    Err(missing) => why = Some(missing),
                }
            }
        }
        if let Some((b, observer)) = moment.box_px.zip(moment.observer) {
            let from = ReferenceFrame::Image(observer);
            let [x, y] = if to.is_picture() { b.centre() } else { b.foot() };
            match self.map(world, [x, y, 0.0], &from, to, moment.t) {
                Ok((point, deviation, used)) => return Ok(placed(point, deviation, used)),
                Err(missing) => why = why.or(Some(missing)),
            }
        }
        Err(why.unwrap_or_else(|| {
            Missing::new(MissingKind::Pose, format!("{} has no place at {} s", moment.track, moment.t))
        }))
    }
}

fn matrix(h: &[f64; 9]) -> Matrix3<f64> {
    Matrix3::from_row_slice(h)
}

fn homogeneous(h: &Matrix3<f64>, p: Point3<f64>) -> Option<Point3<f64>> {
    let q = h * Vector3::new(p.x, p.y, 1.0);
    let (x, y) = (q.x / q.z, q.y / q.z);
    (x.is_finite() && y.is_finite()).then(|| Point3::new(x, y, 0.0))
}

fn forward(kind: &TransformKind, p: Point3<f64>) -> Option<Point3<f64>> {
    match kind {
        TransformKind::Similarity { translation, rotation, scale } => {
            let turn = unit_quaternion(*rotation)?;
            Some(Point3::from(*translation) + turn * p.coords * *scale)
        }
        TransformKind::Homography(h) => homogeneous(&matrix(h), p),
        TransformKind::GeoAnchor { longitude, latitude, height, bearing } => {
            // metres in a degree on the WGS84 ellipsoid (National Geospatial-Intelligence Agency, NGA.STND.0036, 2014)
            const A: f64 = 6_378_137.0;
            const E2: f64 = 6.694_379_990_141_317e-3;
            let (sin, cos) = (libm::sin(latitude.to_radians()), libm::cos(latitude.to_radians()));
            let w2 = 1.0 - E2 * sin * sin;
            let (meridian, normal) = (A * (1.0 - E2) / (w2 * w2.sqrt()), A / w2.sqrt());
            let turn = bearing.to_radians();
            // x points `bearing` clockwise from north, y is 90° to its left
            let east = p.x * libm::sin(turn) - p.y * libm::cos(turn);
            let north = p.x * libm::cos(turn) + p.y * libm::sin(turn);
            let lon = longitude + (east / (normal * cos)).to_degrees();
            Some(Point3::new(lon, latitude + (north / meridian).to_degrees(), height + p.z))
        }
    }
}

fn back(kind: &TransformKind, p: Point3<f64>) -> Option<Point3<f64>> {
    match kind {
        TransformKind::Similarity { translation, rotation, scale } => {
            let turn = unit_quaternion(*rotation)?;
            (*scale > 0.0).then(|| Point3::from(turn.inverse() * (p - Point3::from(*translation)) / *scale))
        }
        TransformKind::Homography(h) => homogeneous(&matrix(h).try_inverse()?, p),
        TransformKind::GeoAnchor { .. } => None,
    }
}

/// Pinhole with Brown–Conrady distortion (k1, k2, p1, p2, k3); none behind the camera.
fn project(lens: &Intrinsics, p: Point3<f64>) -> Option<Point3<f64>> {
    if p.z <= 0.0 {
        return None;
    }
    let (x, y) = (p.x / p.z, p.y / p.z);
    let k = |i: usize| lens.distortion.get(i).copied().unwrap_or(0.0);
    let r2 = x * x + y * y;
    let radial = 1.0 + r2 * (k(0) + r2 * (k(1) + r2 * k(4)));
    let u = x * radial + 2.0 * k(2) * x * y + k(3) * (r2 + 2.0 * x * x);
    let v = y * radial + k(2) * (r2 + 2.0 * y * y) + 2.0 * k(3) * x * y;
    Some(Point3::new(lens.fx * u + lens.cx, lens.fy * v + lens.cy, 0.0))
}
