//! Parts are put together on the floor; the finished thing has its origin in the middle of its box.

use super::{Colour, Material, Motion, Part, Shape, Size, Thing};
use nalgebra::{Isometry3, Point3, Translation3, UnitQuaternion, Vector3};

/// Collects the parts of one thing: x forward, y left, z up from the floor at 0.
#[derive(Clone, Debug)]
pub struct Maker {
    parts: Vec<Part>,
}

impl Maker {
    /// Nothing yet.
    pub fn new() -> Maker {
        Maker { parts: Vec::new() }
    }

    /// Adds a part: the middle of its foot, and its full sizes.
    pub fn add(
        &mut self,
        name: &'static str,
        shape: Shape,
        foot: [f64; 3],
        extent: [f64; 3],
        look: (Colour, Material),
    ) -> &mut Maker {
        self.turned(name, shape, [foot[0], foot[1], foot[2] + extent[2] * 0.5], extent, look, [0.0; 3])
    }

    /// Adds a box: the middle of its foot, and its full sizes.
    pub fn cuboid(
        &mut self,
        name: &'static str,
        foot: [f64; 3],
        extent: [f64; 3],
        look: (Colour, Material),
    ) -> &mut Maker {
        self.add(name, Shape::Box, foot, extent, look)
    }

    /// Adds an upright cylinder: the middle of its foot, radius and height.
    pub fn rod(
        &mut self,
        name: &'static str,
        foot: [f64; 3],
        radius_m: f64,
        height_m: f64,
        look: (Colour, Material),
    ) -> &mut Maker {
        self.add(name, Shape::Cylinder, foot, [2.0 * radius_m, 2.0 * radius_m, height_m], look)
    }

    /// Adds a part by its middle, turned by roll, pitch and yaw in radians.
    pub fn turned(
        &mut self,
        name: &'static str,
        shape: Shape,
        centre: [f64; 3],
        extent: [f64; 3],
        (colour, material): (Colour, Material),
        turn_rad: [f64; 3],
    ) -> &mut Maker {
        let rotation = UnitQuaternion::from_euler_angles(turn_rad[0], turn_rad[1], turn_rad[2]);
        let body_from_part =
            Isometry3::from_parts(Translation3::new(centre[0], centre[1], centre[2]), rotation);
        self.parts.push(Part { name, shape, body_from_part, extent, colour, material });
        self
    }

    /// Four legs under a board of this size, set in by a margin.
    pub fn legs(
        &mut self,
        size: [f64; 2],
        margin_m: f64,
        thick_m: f64,
        height_m: f64,
        look: (Colour, Material),
    ) -> &mut Maker {
        for (sx, sy) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
            let foot = [sx * (size[0] * 0.5 - margin_m), sy * (size[1] * 0.5 - margin_m), 0.0];
            self.cuboid("leg", foot, [thick_m, thick_m, height_m], look);
        }
        self
    }

    /// Box of all parts: lowest and highest corner.
    pub fn bounds(&self) -> ([f64; 3], [f64; 3]) {
        let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
        for part in &self.parts {
            for corner in hull(part) {
                for k in 0..3 {
                    low[k] = low[k].min(corner[k]);
                    high[k] = high[k].max(corner[k]);
                }
            }
        }
        if self.parts.is_empty() { ([0.0; 3], [0.0; 3]) } else { (low, high) }
    }

    /// The parts as they are.
    pub fn into_parts(self) -> Vec<Part> {
        self.parts
    }

    /// The finished thing, still at the origin: its body's origin in the middle of its box.
    pub fn thing(mut self, category: &str, look: (Colour, Material), has_front: bool) -> Thing {
        let (low, high) = self.bounds();
        let middle = Vector3::from_fn(|k, _| (low[k] + high[k]) * 0.5);
        for part in &mut self.parts {
            part.body_from_part.translation.vector -= middle;
        }
        Thing {
            name: category.to_owned(),
            category: category.to_owned(),
            colour: look.0,
            material: look.1,
            size: Size::Medium,
            has_front,
            extent: std::array::from_fn(|k| high[k] - low[k]),
            parts: self.parts,
            motion: Motion::Still(Isometry3::identity()),
            on: None,
            room: None,
        }
    }
}

impl Default for Maker {
    fn default() -> Maker {
        Maker::new()
    }
}

/// Points whose hull is the part (a ball by the middles of its faces, turned or not).
fn hull(part: &Part) -> Vec<Point3<f64>> {
    let [x, y, z] = part.extent.map(|e| e * 0.5);
    if part.shape == Shape::Sphere {
        // the box of a turned ellipsoid: sqrt of the sum of squares along each axis
        let r = part.body_from_part.rotation.to_rotation_matrix();
        let m = r.matrix();
        let c = part.body_from_part.translation.vector;
        let reach = Vector3::from_fn(|k, _| {
            let (a, b, d) = (m[(k, 0)] * x, m[(k, 1)] * y, m[(k, 2)] * z);
            (a * a + b * b + d * d).sqrt()
        });
        return vec![Point3::from(c - reach), Point3::from(c + reach)];
    }
    if matches!(part.shape, Shape::Cylinder | Shape::Cone) {
        let m = part.body_from_part.rotation.to_rotation_matrix();
        let m = m.matrix();
        let c = part.body_from_part.translation.vector;
        let round = |k: usize| {
            let (a, b) = (m[(k, 0)] * x, m[(k, 1)] * y);
            (a * a + b * b).sqrt()
        };
        let disc = Vector3::new(round(0), round(1), round(2));
        let axis = m.column(2) * z;
        let top = if part.shape == Shape::Cone { Vector3::zeros() } else { disc };
        return vec![
            Point3::from(c - axis - disc),
            Point3::from(c - axis + disc),
            Point3::from(c + axis - top),
            Point3::from(c + axis + top),
        ];
    }
    let mut points = Vec::with_capacity(8);
    for sx in [-x, x] {
        for sy in [-y, y] {
            for sz in [-z, z] {
                if part.shape == Shape::Wedge && sx > 0.0 && sz > 0.0 {
                    continue;
                }
                points.push(part.body_from_part * Point3::new(sx, sy, sz));
            }
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_thing_lies_around_its_origin() {
        let look = (Colour::Red, Material::Wood);
        let mut maker = Maker::new();
        maker.cuboid("foot", [1.0, 0.0, 0.0], [2.0, 1.0, 0.5], look);
        let wheel = [std::f64::consts::FRAC_PI_2, 0.0, 0.0];
        maker.turned("wheel", Shape::Cylinder, [0.0, 0.0, 1.0], [0.4, 0.4, 2.0], look, wheel);
        let thing = maker.thing("cart", look, true);
        // x from −0.2 to 2, y from −1 to 1 (the wheel lies along y), z from 0 to 1.2
        assert!(thing.extent.iter().zip([2.2, 2.0, 1.2]).all(|(a, b)| (a - b).abs() < 1e-12));
        assert!(
            (thing.parts[0].body_from_part.translation.vector - Vector3::new(0.1, 0.0, -0.35)).norm() < 1e-12
        );
    }
}
