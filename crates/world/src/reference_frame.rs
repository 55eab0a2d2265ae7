//! Named nodes of the forest of reference frames, and their units.

use crate::id::{EntityId, ObserverId, ReferenceFrameId};
use crate::value::Scale;
use std::fmt;

/// A frame of reference: what coordinates are relative to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceFrame {
    /// A world by name: right-handed, z up.
    World(String),
    /// A camera: x right, y down, z forward.
    Camera(ObserverId),
    /// The displayed picture of a camera at source size, after rotation flag and pixel aspect: pixels, origin top left, y down.
    Image(ObserverId),
    /// The picture with the camera's motion removed, per shot (numbered from 0): pixels of the shot's first picture.
    Stage(ObserverId, u32),
    /// A thing: x forward, y left, z up.
    Object(EntityId),
    /// WGS84: longitude and latitude in degrees, height in metres.
    Geo,
}

impl ReferenceFrame {
    /// Coordinates are pixels of a picture.
    pub fn is_picture(&self) -> bool {
        matches!(self, ReferenceFrame::Image(_) | ReferenceFrame::Stage(..))
    }
}

impl fmt::Display for ReferenceFrame {
    /// As the program language writes it: `world(street)`, `camera(0)`, `stage(0, 2)`, `geo`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReferenceFrame::World(name) => write!(f, "world({name})"),
            ReferenceFrame::Camera(o) => write!(f, "camera({})", o.0),
            ReferenceFrame::Image(o) => write!(f, "image({})", o.0),
            ReferenceFrame::Stage(o, shot) => write!(f, "stage({}, {shot})", o.0),
            ReferenceFrame::Object(e) => write!(f, "object({})", e.0),
            ReferenceFrame::Geo => f.write_str("geo"),
        }
    }
}

/// A row of `reference_frames`: a frame in use, and what one step in it measures.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceFrameRow {
    /// Identity.
    pub id: ReferenceFrameId,
    /// The frame.
    pub reference_frame: ReferenceFrame,
    /// Metres, pixels, or a unit of its own where the scale is unknown.
    pub scale: Scale,
}
