//! Detections: what a detector says of one picture.

pub mod catalogue;
pub mod file;
#[cfg(feature = "video")]
pub mod motion;

use chronotope_world::{BoxPx, Time};

/// One thing seen in one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// Where, in pixels of the source picture.
    pub box_px: BoxPx,
    /// The detector's own score; none where it gives none.
    pub score: Option<f64>,
    /// What, in the detector's vocabulary.
    pub label: String,
}

/// All that a detector said of one picture; an empty list is an observation too.
#[derive(Clone, Debug, PartialEq)]
pub struct DetectedPicture {
    /// Presentation time of the picture.
    pub t: Time,
    /// Number of the picture in its source, from 0.
    pub frame_index: u32,
    /// What was seen, in the detector's order.
    pub detections: Vec<Detection>,
}
