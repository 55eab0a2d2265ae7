//! What is known of the camera: where it looks, how it moves, and what its pixels mean in metres.

pub mod ground;

pub use ground::{GroundCalibration, GroundError, GroundPoint, PointPair};
