//! Poses over time, as odometry and mapping are scored.

use nalgebra::{Quaternion, UnitQuaternion, Vector3};

/// Where a camera or body was at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Posed {
    /// Seconds of the record.
    pub t_s: f64,
    /// Position, in the unit of the path.
    pub position: Vector3<f64>,
    /// Turns the body's axes into those of the reference frame.
    pub rotation: UnitQuaternion<f64>,
}

impl Posed {
    /// A pose from numbers; the quaternion is w, x, y, z and need not have unit length. None where a number is not finite or the
    /// quaternion has no length.
    pub fn of(t_s: f64, position: [f64; 3], rotation: [f64; 4]) -> Option<Posed> {
        let finite = t_s.is_finite() && position.iter().chain(&rotation).all(|v| v.is_finite());
        let [w, x, y, z] = rotation;
        let rotation = UnitQuaternion::try_new(Quaternion::new(w, x, y, z), 0.0).filter(|_| finite)?;
        Some(Posed { t_s, position: Vector3::from(position), rotation })
    }
}

/// Poses by rising time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    poses: Vec<Posed>,
}

impl Path {
    /// A path from poses in any order; of several at one time the first counts.
    pub fn new(mut poses: Vec<Posed>) -> Path {
        poses.retain(|pose| pose.t_s.is_finite() && pose.position.iter().all(|v| v.is_finite()));
        poses.sort_by(|a, b| a.t_s.total_cmp(&b.t_s));
        poses.dedup_by(|later, earlier| later.t_s == earlier.t_s);
        Path { poses }
    }

    /// The poses by rising time.
    pub fn poses(&self) -> &[Posed] {
        &self.poses
    }

    /// Poses.
    pub fn len(&self) -> usize {
        self.poses.len()
    }

    /// Whether there is no pose at all.
    pub fn is_empty(&self) -> bool {
        self.poses.is_empty()
    }
}
