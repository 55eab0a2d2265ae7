//! Objects of a picture, as detection is scored.

use chronotope_world::{BoxPx, Mask};
use std::sync::Arc;

/// What an object covers, in pixels of its picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// A box.
    Box(BoxPx),
    /// Pixels.
    Mask(Mask),
}

/// One object of one picture: annotated, or detected.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The category's name; objects of other categories are never compared.
    pub category: Arc<str>,
    /// Where it is.
    pub region: Region,
    /// Its area in square pixels, by which objects are told small, medium and large; of an annotation as its file says it.
    pub area_px: f64,
    /// Whether it is a crowd: a region that takes any number of detections, none of which then counts.
    pub crowd: bool,
    /// The detector's score, greater is surer; of an annotation it says nothing.
    pub score: f64,
}
