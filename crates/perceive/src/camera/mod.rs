//! What is known of the camera: where it looks, how it moves, and what its pixels mean in metres.

#[cfg(feature = "video")]
pub mod egomotion;
pub mod ground;
pub mod motion_kind;
pub mod shots;

pub use ground::{GroundCalibration, GroundError, GroundPoint, PointPair};
pub use motion_kind::{CameraMotion, CameraMotionKind, StagePose, camera_motions};
pub use shots::{Boundary, Histogram, ShotCuts};
