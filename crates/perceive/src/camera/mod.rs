//! What is known of the camera: where it looks, how it moves, and what its pixels mean in metres.

#[cfg(feature = "video")]
pub mod egomotion;
pub mod ground;
pub mod motion_kind;
pub mod shots;

pub use ground::{GroundCalibration, GroundError, GroundPoint, PointPair};
pub use motion_kind::{CameraMotion, CameraMotionKind, StagePose, camera_motions};
pub use shots::{Boundary, Histogram, ShotCuts};

/// Homographies in saved states: nine numbers, column by column.
pub(crate) mod by_columns {
    use nalgebra::Matrix3;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(matrix: &Matrix3<f64>, to: S) -> Result<S::Ok, S::Error> {
        let columns: [[f64; 3]; 3] = (*matrix).into();
        columns.serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Matrix3<f64>, D::Error> {
        <[[f64; 3]; 3]>::deserialize(from).map(Matrix3::from)
    }
}
