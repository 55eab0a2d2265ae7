//! Scenes: what is there, of which parts, where at every moment.
//!
//! World axes are x east, y north, z up, metres; times are nanoseconds of the record. A thing's body has x forward, y left, z up, and
//! its origin in the middle of its box. Nothing here draws; [`crate::render`] does.

pub mod furniture;
mod looks;
mod maker;
pub mod motion;
mod plan;
mod rooms;
mod street;
mod table;
mod vehicle;

pub use looks::{Colour, Material};
pub use maker::Maker;
pub use motion::{Motion, Path, Segment, SegmentKind};
pub(crate) use rooms::{Clearance, Foot};
pub use rooms::{RoomSettings, rooms};
pub use street::{Layout, StreetSettings, street};
pub use table::{TableSettings, table};

use nalgebra::{Isometry3, Point3, UnitQuaternion, Vector3};

/// A whole scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// What it is: `rooms`, `table`, `street`.
    pub kind: &'static str,
    /// The things that have a name; a mask's number is the position here plus 1.
    pub things: Vec<Thing>,
    /// The rooms, where there are any.
    pub rooms: Vec<Room>,
    /// What has no name of its own: floors, walls, pavements, the table's board. Always still, world coordinates.
    pub setting: Vec<Part>,
    /// Lights and sky.
    pub light: Light,
    /// What happens, beyond movement.
    pub events: Vec<Happening>,
}

/// A thing with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// Its own name, unique in the scene: `chair 2`.
    pub name: String,
    /// What it is: `chair`.
    pub category: String,
    /// The colour of most of it.
    pub colour: Colour,
    /// The material of most of it.
    pub material: Material,
    /// Its size among those of its category or of its scene.
    pub size: Size,
    /// It has a front, which is body x; a ball or a round table has none.
    pub has_front: bool,
    /// Full sizes of its box along the body's axes, metres.
    pub extent: [f64; 3],
    /// What it is made of.
    pub parts: Vec<Part>,
    /// Where it is.
    pub motion: Motion,
    /// The thing that it stands or lies on, by position in the scene.
    pub on: Option<usize>,
    /// The room that it stands in, by position in the scene.
    pub room: Option<usize>,
}

impl Thing {
    /// Turns body coordinates into the world's at a time.
    pub fn world_from_body(&self, t_ns: i64) -> Isometry3<f64> {
        self.motion.at(t_ns)
    }

    /// The eight corners of its box at a time.
    pub fn corners(&self, t_ns: i64) -> [Point3<f64>; 8] {
        let pose = self.motion.at(t_ns);
        let half = Vector3::from(self.extent) * 0.5;
        std::array::from_fn(|i| {
            let sign = |bit: usize| if i >> bit & 1 == 1 { 1.0 } else { -1.0 };
            pose * Point3::new(half.x * sign(0), half.y * sign(1), half.z * sign(2))
        })
    }
}

/// Size class of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    /// Small.
    Small,
    /// Neither.
    Medium,
    /// Large.
    Large,
}

impl Size {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Size::Small => "small",
            Size::Medium => "medium",
            Size::Large => "large",
        }
    }
}

/// A convex piece.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is: `leg`, `seat`.
    pub name: &'static str,
    /// Its form.
    pub shape: Shape,
    /// Turns the part's coordinates into the body's (into the world's for a setting).
    pub body_from_part: Isometry3<f64>,
    /// Full sizes along its own axes, metres.
    pub extent: [f64; 3],
    /// Colour.
    pub colour: Colour,
    /// Material.
    pub material: Material,
}

/// The form of a part, inside its box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The box itself.
    Box,
    /// A cylinder along z, round or oval.
    Cylinder,
    /// A ball or ellipsoid.
    Sphere,
    /// A cone, point up.
    Cone,
    /// Half of the box below the plane that falls from the top edge at −x to the bottom edge at +x.
    Wedge,
    /// The upper face of the box alone, seen from its upper side only: ceilings (turned round), grounds.
    Plate,
}

/// A room.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// `kitchen`, `bedroom` …
    pub kind: &'static str,
    /// The floor as rectangles `[x0, y0, x1, y1]` that do not overlap.
    pub rectangles: Vec<[f64; 4]>,
    /// The floor's outline, counter-clockwise.
    pub outline: Vec<[f64; 2]>,
    /// Height of the ceiling.
    pub height_m: f64,
    /// Doors in its walls.
    pub doors: Vec<Opening>,
    /// Windows in its walls.
    pub windows: Vec<Opening>,
    /// Where its lamp hangs.
    pub lamp: [f64; 3],
    /// What the floor is made of.
    pub floor: Material,
}

impl Room {
    /// Area of the floor in square metres.
    pub fn area_m2(&self) -> f64 {
        self.rectangles.iter().map(|r| (r[2] - r[0]) * (r[3] - r[1])).sum()
    }

    /// The point stands on the floor, at least this far from its edge (inner edges of an L's rectangles count as edges too where the
    /// distance is greater than 0).
    pub fn holds(&self, point: [f64; 2], margin_m: f64) -> bool {
        self.rectangles.iter().any(|r| {
            point[0] >= r[0] + margin_m
                && point[0] <= r[2] - margin_m
                && point[1] >= r[1] + margin_m
                && point[1] <= r[3] - margin_m
        })
    }
}

/// A hole in a wall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opening {
    /// Middle of its foot on the wall's line.
    pub centre: [f64; 2],
    /// Along the x axis; otherwise along y.
    pub along_x: bool,
    /// Width in metres.
    pub width_m: f64,
    /// Lower and upper edge over the floor.
    pub from_to_m: [f64; 2],
}

/// Light and sky.
#[derive(Clone, Debug, PartialEq)]
pub struct Light {
    /// Unit vector towards the sun.
    pub to_sun: [f64; 3],
    /// Strength of the sun; 0: none.
    pub sun: f64,
    /// Strength of the light from everywhere.
    pub ambient: f64,
    /// Strength of the rooms' lamps.
    pub lamps: f64,
    /// What is seen where nothing is.
    pub sky: Sky,
}

impl Default for Light {
    fn default() -> Light {
        Light { to_sun: [0.48, -0.36, 0.8], sun: 1.0, ambient: 0.5, lamps: 0.0, sky: Sky::Day }
    }
}

/// What is seen where nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sky {
    /// Blue with clouds.
    Day,
    /// A plain light backdrop.
    Studio,
}

/// Something that happens at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// `touches`, `leaves` …
    pub kind: &'static str,
    /// From, in nanoseconds of the record.
    pub start_ns: i64,
    /// Until.
    pub end_ns: i64,
    /// The things that take part, by position in the scene.
    pub things: Vec<usize>,
}

/// A place on the ground with a heading: `yaw_rad` counter-clockwise from x.
pub fn upright(x: f64, y: f64, z: f64, yaw_rad: f64) -> Isometry3<f64> {
    Isometry3::from_parts(
        nalgebra::Translation3::new(x, y, z),
        UnitQuaternion::from_axis_angle(&Vector3::z_axis(), yaw_rad),
    )
}
