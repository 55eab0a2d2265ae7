//! How alike two boxes are that stand upright in space.

use chronotope_world::Box3;
use nalgebra::{Point3, Rotation3, UnitQuaternion, Vector3};

/// Which way is up in a reference frame. Boxes are taken to stand upright and to turn about this axis alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Up {
    /// The third axis points up: `world(name)`.
    #[default]
    PlusZ,
    /// The second axis points down: `camera(observer)` of a level camera, as in KITTI.
    MinusY,
}

impl Up {
    /// Turns axes (ground, ground, up), a right-handed set, into axes of the reference frame.
    fn frame_from_ground(self) -> Rotation3<f64> {
        match self {
            Up::PlusZ => Rotation3::identity(),
            Up::MinusY => Rotation3::from_basis_unchecked(&[Vector3::x(), Vector3::z(), -Vector3::y()]),
        }
    }
}

/// A box that stands upright on the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Upright {
    /// Centre: two axes along the ground, then the height.
    pub centre: [f64; 3],
    /// Heading, from the first ground axis towards the second, radians.
    pub yaw: f64,
    /// Length along the heading, width across it, height.
    pub extent: [f64; 3],
}

impl Upright {
    /// The upright box with the heading of `b`; a tilt is left out.
    pub fn from_box3(b: &Box3, up: Up) -> Upright {
        let ground_from_frame = up.frame_from_ground().inverse();
        let centre = ground_from_frame * b.centre;
        let forward = ground_from_frame * (b.rotation * Vector3::x());
        Upright {
            centre: centre.coords.into(),
            yaw: libm::atan2(forward.y, forward.x),
            extent: [b.extent.x, b.extent.y, b.extent.z],
        }
    }

    /// The box in its reference frame.
    pub fn to_box3(&self, up: Up) -> Box3 {
        let frame_from_ground = up.frame_from_ground();
        let half = self.yaw / 2.0;
        // of length 1 by its making
        let turn = nalgebra::Quaternion::new(libm::cos(half), 0.0, 0.0, libm::sin(half));
        Box3 {
            centre: frame_from_ground * Point3::from(self.centre),
            rotation: UnitQuaternion::from_rotation_matrix(&frame_from_ground)
                * UnitQuaternion::new_unchecked(turn),
            extent: Vector3::from(self.extent),
        }
    }

    /// Volume.
    pub fn volume(&self) -> f64 {
        self.extent[0] * self.extent[1] * self.extent[2]
    }

    /// Distance between the centres.
    pub fn distance(&self, other: &Upright) -> f64 {
        let squares: f64 = self.centre.iter().zip(other.centre).map(|(a, b)| (a - b) * (a - b)).sum();
        squares.sqrt()
    }

    /// Half of the diagonal of the footprint: nothing of the box is farther from its centre on the ground.
    fn reach(&self) -> f64 {
        (self.extent[0] * self.extent[0] + self.extent[1] * self.extent[1]).sqrt() / 2.0
    }

    /// Corners of the footprint, counter-clockwise, about a point near both boxes: far from the origin
    /// nothing is lost to rounding.
    fn footprint(&self, about: [f64; 3]) -> [[f64; 2]; 4] {
        let (sin, cos) = (libm::sin(self.yaw), libm::cos(self.yaw));
        let (l, w) = (self.extent[0] / 2.0, self.extent[1] / 2.0);
        let (x, y) = (self.centre[0] - about[0], self.centre[1] - about[1]);
        [(l, w), (-l, w), (-l, -w), (l, -w)].map(|(a, b)| [x + a * cos - b * sin, y + a * sin + b * cos])
    }

    /// Height shared by both, and height over both.
    fn heights(&self, other: &Upright) -> (f64, f64) {
        let (low_a, high_a) = (self.centre[2] - self.extent[2] / 2.0, self.centre[2] + self.extent[2] / 2.0);
        let (low_b, high_b) =
            (other.centre[2] - other.extent[2] / 2.0, other.centre[2] + other.extent[2] / 2.0);
        ((high_a.min(high_b) - low_a.max(low_b)).max(0.0), high_a.max(high_b) - low_a.min(low_b))
    }

    fn intersection(&self, other: &Upright) -> f64 {
        let (shared, _) = self.heights(other);
        let apart = (self.centre[0] - other.centre[0], self.centre[1] - other.centre[1]);
        let reach = self.reach() + other.reach();
        if shared <= 0.0 || apart.0 * apart.0 + apart.1 * apart.1 > reach * reach {
            return 0.0;
        }
        let clipped = clip(&self.footprint(self.centre), &other.footprint(self.centre));
        area(&clipped) * shared
    }

    /// Intersection over union of the volumes; 0 where neither has one.
    pub fn iou(&self, other: &Upright) -> f64 {
        let intersection = self.intersection(other);
        let union = self.volume() + other.volume() - intersection;
        if union > 0.0 { (intersection / union).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Generalised intersection over union, −1 to 1 (Rezatofighi 2019): the IoU less the share of the
    /// smallest upright prism over both that neither fills.
    pub fn giou(&self, other: &Upright) -> f64 {
        let intersection = self.intersection(other);
        let union = self.volume() + other.volume() - intersection;
        let mut corners = [[0.0; 2]; 8];
        corners[..4].copy_from_slice(&self.footprint(self.centre));
        corners[4..].copy_from_slice(&other.footprint(self.centre));
        let hull = area(&convex_hull(&mut corners)) * self.heights(other).1;
        if union > 0.0 && hull > 0.0 { intersection / union - (hull - union) / hull } else { -1.0 }
    }
}

fn cross(o: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])
}

/// Area of a polygon given counter-clockwise.
fn area(polygon: &[[f64; 2]]) -> f64 {
    let Some(&origin) = polygon.first() else { return 0.0 };
    let twice: f64 = polygon.windows(2).map(|w| cross(origin, w[0], w[1])).sum();
    (twice / 2.0).max(0.0)
}

/// The part of one convex polygon inside another, both counter-clockwise (Sutherland and Hodgman 1974).
fn clip(subject: &[[f64; 2]; 4], window: &[[f64; 2]; 4]) -> Vec<[f64; 2]> {
    let mut polygon = subject.to_vec();
    let mut next = Vec::with_capacity(8);
    for k in 0..4 {
        let (a, b) = (window[k], window[(k + 1) % 4]);
        next.clear();
        for i in 0..polygon.len() {
            let (p, q) = (polygon[i], polygon[(i + 1) % polygon.len()]);
            let (side_p, side_q) = (cross(a, b, p), cross(a, b, q));
            if side_p >= 0.0 {
                next.push(p);
            }
            if side_p > 0.0 && side_q < 0.0 || side_p < 0.0 && side_q > 0.0 {
                let t = side_p / (side_p - side_q);
                next.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
            }
        }
        std::mem::swap(&mut polygon, &mut next);
    }
    polygon
}

/// The convex hull, counter-clockwise (Andrew 1979).
fn convex_hull(points: &mut [[f64; 2]; 8]) -> Vec<[f64; 2]> {
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let half = |points: &mut dyn Iterator<Item = [f64; 2]>| {
        let mut chain: Vec<[f64; 2]> = Vec::with_capacity(8);
        for p in points {
            while chain.len() > 1 && cross(chain[chain.len() - 2], chain[chain.len() - 1], p) <= 0.0 {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut points.iter().copied());
    hull.extend(half(&mut points.iter().rev().copied()));
    hull
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    fn upright(centre: [f64; 3], yaw: f64, extent: [f64; 3]) -> Upright {
        Upright { centre, yaw, extent }
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found}, expected {expected}");
    }

    #[test]
    fn a_box_equals_itself_however_it_is_turned() {
        for yaw in [0.0, 0.3, PI / 2.0, 3.0] {
            let b = upright([1e5, -2e5, 3.0], yaw, [4.0, 2.0, 1.5]);
            close(b.iou(&b), 1.0);
            close(b.giou(&upright(b.centre, yaw + PI, b.extent)), 1.0);
        }
    }

    #[test]
    fn a_square_turned_by_an_eighth_keeps_an_octagon() {
        let a = upright([0.0; 3], 0.0, [2.0, 2.0, 1.0]);
        let b = upright([0.0; 3], PI / 4.0, [2.0, 2.0, 1.0]);
        let octagon = 8.0 * (2.0f64.sqrt() - 1.0);
        close(a.iou(&b), octagon / (8.0 - octagon));
    }

    #[test]
    fn boxes_apart_have_a_giou_that_falls_with_distance() {
        let at = |x: f64| upright([x, 0.0, 0.0], 0.0, [1.0, 1.0, 1.0]);
        close(at(0.0).giou(&at(2.0)), -1.0 / 3.0);
        assert!(at(0.0).giou(&at(9.0)) < at(0.0).giou(&at(2.0)));
        close(at(0.0).iou(&at(1.0)), 0.0);
    }

    #[test]
    fn a_camera_sees_the_same_box_as_the_world() {
        // KITTI: x right, y down, z forward; rotation_y 0 faces +x and grows about the y axis
        let rotation_y: f64 = 0.7;
        let forward = Vector3::new(libm::cos(rotation_y), 0.0, -libm::sin(rotation_y));
        let up = -Vector3::y();
        let rotation = UnitQuaternion::from_rotation_matrix(&Rotation3::from_basis_unchecked(&[
            forward,
            up.cross(&forward),
            up,
        ]));
        let b = Box3 { centre: Point3::new(1.0, 2.0, 3.0), rotation, extent: Vector3::new(4.0, 2.0, 1.5) };
        let found = Upright::from_box3(&b, Up::MinusY);
        close(found.yaw, -rotation_y);
        assert_eq!(found.centre, [1.0, 3.0, -2.0]);
        let back = found.to_box3(Up::MinusY);
        close((back.centre - b.centre).norm(), 0.0);
        close(back.rotation.angle_to(&b.rotation), 0.0);
    }

    #[test]
    fn flat_and_empty_boxes_have_no_overlap() {
        let flat = upright([0.0; 3], 0.2, [1.0, 1.0, 0.0]);
        assert_eq!((flat.iou(&flat), flat.giou(&flat)), (0.0, -1.0));
    }
}
