//! Movement that is known exactly at every time.

use super::upright;
use nalgebra::{Isometry3, Point3, Translation3, UnitQuaternion, Vector3};

const NS: f64 = 1e-9;

/// Where a thing is over time.
#[derive(Clone, Debug, PartialEq)]
pub enum Motion {
    /// Always here.
    Still(Isometry3<f64>),
    /// Segments one after the other; before the first and after the last it rests.
    Path(Path),
    /// Places at times, ascending: straight between them, turned along the shortest arc; rests outside of them.
    Keys(Vec<(i64, Isometry3<f64>)>),
}

/// Segments, one after the other without a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    segments: Vec<Segment>,
    end: Isometry3<f64>,
}

/// A stretch of movement.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Begin, in nanoseconds of the record.
    pub start_ns: i64,
    /// End.
    pub end_ns: i64,
    /// The place at its begin.
    pub from: Isometry3<f64>,
    /// How it goes on from there.
    pub kind: SegmentKind,
}

/// How a segment moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SegmentKind {
    /// Rests.
    Hold,
    /// `from + v t + ½ a t²` in world coordinates; the rotation stays.
    Line {
        /// Velocity at its begin, m/s.
        velocity_mps: [f64; 3],
        /// Acceleration, m/s².
        acceleration_mps2: [f64; 3],
    },
    /// Forward along the body's x on a circle on the ground: the kinematic bicycle with a held wheel.
    Arc {
        /// Speed at its begin, m/s.
        speed_mps: f64,
        /// Change of speed, m/s².
        acceleration_mps2: f64,
        /// One over the radius, positive to the left; 0: straight.
        curvature_per_m: f64,
    },
    /// Turns on the spot about the vertical.
    Turn {
        /// Counter-clockwise positive.
        rate_rad_s: f64,
    },
}

impl Motion {
    /// The place at a time.
    pub fn at(&self, t_ns: i64) -> Isometry3<f64> {
        match self {
            Motion::Still(place) => *place,
            Motion::Path(path) => path.at(t_ns),
            Motion::Keys(keys) => between(keys, t_ns),
        }
    }

    /// Velocity at a time, m/s in world axes: exact for paths, that of the stretch between two keys. At a change of segment the later
    /// one counts.
    pub fn velocity(&self, t_ns: i64) -> [f64; 3] {
        match self {
            Motion::Still(_) => [0.0; 3],
            Motion::Path(path) => path.velocity(t_ns),
            Motion::Keys(keys) => {
                let next = keys.partition_point(|(t, _)| *t <= t_ns);
                if next == 0 || next == keys.len() {
                    return [0.0; 3];
                }
                let ((t0, a), (t1, b)) = (&keys[next - 1], &keys[next]);
                ((b.translation.vector - a.translation.vector) / ((t1 - t0) as f64 * NS)).into()
            }
        }
    }

    /// It never moves.
    pub fn is_still(&self) -> bool {
        match self {
            Motion::Still(_) => true,
            Motion::Path(path) => path.segments.iter().all(|s| s.kind == SegmentKind::Hold),
            Motion::Keys(keys) => keys.windows(2).all(|w| w[0].1 == w[1].1),
        }
    }
}

impl Path {
    /// Starts here at this time.
    pub fn new(start: Isometry3<f64>) -> Path {
        Path { segments: Vec::new(), end: start }
    }

    /// The segments.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Where it ends.
    pub fn end(&self) -> Isometry3<f64> {
        self.end
    }

    /// When it ends; none where it has no segment.
    pub fn end_ns(&self) -> Option<i64> {
        self.segments.last().map(|s| s.end_ns)
    }

    /// Adds a segment of this duration behind the others; the first one begins at `start_ns`, which later ones ignore.
    pub fn then(&mut self, start_ns: i64, duration_ns: i64, kind: SegmentKind) -> &mut Path {
        let start_ns = self.end_ns().unwrap_or(start_ns);
        let segment =
            Segment { start_ns, end_ns: start_ns.saturating_add(duration_ns.max(0)), from: self.end, kind };
        self.end = segment.at(segment.end_ns);
        self.segments.push(segment);
        self
    }

    fn at(&self, t_ns: i64) -> Isometry3<f64> {
        let next = self.segments.partition_point(|s| s.end_ns <= t_ns);
        match self.segments.get(next) {
            Some(segment) => segment.at(t_ns.max(segment.start_ns)),
            None => self.end,
        }
    }

    fn velocity(&self, t_ns: i64) -> [f64; 3] {
        let next = self.segments.partition_point(|s| s.end_ns <= t_ns);
        match self.segments.get(next) {
            Some(segment) if segment.start_ns <= t_ns => segment.velocity(t_ns),
            _ => [0.0; 3],
        }
    }
}

impl Segment {
    fn at(&self, t_ns: i64) -> Isometry3<f64> {
        let t = (t_ns - self.start_ns) as f64 * NS;
        match self.kind {
            SegmentKind::Hold => self.from,
            SegmentKind::Line { velocity_mps, acceleration_mps2 } => {
                let step = Vector3::from(velocity_mps) * t + Vector3::from(acceleration_mps2) * (0.5 * t * t);
                Isometry3::from_parts(
                    Translation3::from(self.from.translation.vector + step),
                    self.from.rotation,
                )
            }
            SegmentKind::Arc { speed_mps, acceleration_mps2, curvature_per_m } => {
                let s = speed_mps * t + 0.5 * acceleration_mps2 * t * t;
                let turn = curvature_per_m * s;
                // chord of the arc in body axes; the series where the turn is too small to divide by
                let (ahead, left) = if turn.abs() < 1e-6 {
                    (s * (1.0 - turn * turn / 6.0), s * turn * 0.5)
                } else {
                    (libm::sin(turn) / curvature_per_m, (1.0 - libm::cos(turn)) / curvature_per_m)
                };
                self.from * upright(ahead, left, 0.0, turn)
            }
            SegmentKind::Turn { rate_rad_s } => self.from * upright(0.0, 0.0, 0.0, rate_rad_s * t),
        }
    }

    fn velocity(&self, t_ns: i64) -> [f64; 3] {
        let t = (t_ns - self.start_ns) as f64 * NS;
        match self.kind {
            SegmentKind::Hold | SegmentKind::Turn { .. } => [0.0; 3],
            SegmentKind::Line { velocity_mps, acceleration_mps2 } => {
                (Vector3::from(velocity_mps) + Vector3::from(acceleration_mps2) * t).into()
            }
            SegmentKind::Arc { speed_mps, acceleration_mps2, .. } => {
                let speed = speed_mps + acceleration_mps2 * t;
                (self.at(t_ns).rotation * Vector3::new(speed, 0.0, 0.0)).into()
            }
        }
    }
}

fn between(keys: &[(i64, Isometry3<f64>)], t_ns: i64) -> Isometry3<f64> {
    let next = keys.partition_point(|(t, _)| *t <= t_ns);
    let Some(last) = next.checked_sub(1) else {
        return keys.first().map_or_else(Isometry3::identity, |(_, place)| *place);
    };
    let (t0, a) = &keys[last];
    let Some((t1, b)) = keys.get(next) else { return *a };
    let share = (t_ns - t0) as f64 / (t1 - t0) as f64;
    let position = a.translation.vector.lerp(&b.translation.vector, share);
    let rotation = a.rotation.try_slerp(&b.rotation, share, 1e-9).unwrap_or(a.rotation);
    Isometry3::from_parts(Translation3::from(position), rotation)
}

/// Camera axes (x right, y down, z forward) of a camera here that looks there, upright; straight up or down, the picture's upper edge
/// points north.
pub fn looking(from: Point3<f64>, at: Point3<f64>) -> Isometry3<f64> {
    let forward = (at - from).try_normalize(1e-12).unwrap_or_else(Vector3::x);
    let right = forward.cross(&Vector3::z()).try_normalize(1e-9).unwrap_or_else(Vector3::x);
    let down = forward.cross(&right);
    let rotation =
        nalgebra::Rotation3::from_matrix_unchecked(nalgebra::Matrix3::from_columns(&[right, down, forward]));
    Isometry3::from_parts(Translation3::from(from.coords), UnitQuaternion::from_rotation_matrix(&rotation))
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    #[test]
    fn a_quarter_circle_to_the_left_ends_where_it_must() {
        let mut path = Path::new(upright(0.0, 0.0, 0.0, 0.0));
        let length = std::f64::consts::FRAC_PI_2 * 10.0;
        let arc = SegmentKind::Arc { speed_mps: length / 4.0, acceleration_mps2: 0.0, curvature_per_m: 0.1 };
        path.then(0, 4 * S, arc);
        let motion = Motion::Path(path);
        let end = motion.at(9 * S);
        assert!((end.translation.vector - Vector3::new(10.0, 10.0, 0.0)).norm() < 1e-9);
        let v = motion.velocity(2 * S);
        assert!((v[0] - v[1]).abs() < 1e-9 && (libm::hypot(v[0], v[1]) - length / 4.0).abs() < 1e-9);
        assert_eq!(motion.velocity(4 * S), [0.0; 3]);
    }

    #[test]
    fn velocity_is_the_change_of_place() {
        let mut path = Path::new(upright(1.0, 2.0, 0.0, 0.7));
        path.then(
            0,
            S,
            SegmentKind::Line { velocity_mps: [1.0, 0.0, 3.0], acceleration_mps2: [0.0, 0.5, -9.8] },
        )
        .then(0, S, SegmentKind::Turn { rate_rad_s: 1.0 })
        .then(
            0,
            2 * S,
            SegmentKind::Arc { speed_mps: 2.0, acceleration_mps2: 1.0, curvature_per_m: -0.3 },
        );
        let motion = Motion::Path(path);
        for t in (53_000_000..4 * S - 50_000_000).step_by(130_000_000) {
            let h = 1000;
            let step = motion.at(t + h).translation.vector - motion.at(t - h).translation.vector;
            let measured = step / (2.0 * h as f64 * NS);
            assert!((measured - Vector3::from(motion.velocity(t))).norm() < 1e-5, "at {t}");
        }
    }

    #[test]
    fn a_camera_looks_where_it_is_told_to() {
        let camera = looking(Point3::new(0.0, 0.0, 1.0), Point3::new(5.0, 0.0, 1.0));
        assert!((camera * Vector3::z() - Vector3::x()).norm() < 1e-12);
        assert!((camera * Vector3::y() + Vector3::z()).norm() < 1e-12);
        let down = looking(Point3::new(0.0, 0.0, 9.0), Point3::origin());
        assert!((down * Vector3::y() + Vector3::y()).norm() < 1e-12);
    }
}
