//! Detections: what a detector says of one picture.

pub mod catalogue;
#[cfg(feature = "video")]
pub mod motion;
#[cfg(feature = "video")]
pub mod vlm;

pub use chronotope_formats::detections as file;
pub use chronotope_formats::detections::{DetectedPicture, Detection};
