//! The shortest way from one place to another that touches a body.

use crate::metric::solid::Solid;
use nalgebra::{Point3, UnitQuaternion, Vector3};

/// Most rounds of the search; each at least keeps what was reached.
const ROUNDS: usize = 500;

/// The least `|p − x| + |x − q|` over the points x of a body, in the unit of the frame.
///
/// Convex: majorised by a sum of squares that a box in its own axes minimises coordinate by coordinate (Weiszfeld, 1937),
/// so every round goes down; within 1e-9 of the least.
pub fn shortest_detour(p: Point3<f64>, q: Point3<f64>, body: &Solid) -> f64 {
    let (rotation, half) = match body {
        Solid::Point(x) => return (p - x).norm() + (x - q).norm(),
        Solid::Rectangle(b) => (UnitQuaternion::identity(), Vector3::new(b.width / 2.0, b.height / 2.0, 0.0)),
        Solid::Box(b) => (b.rotation, b.extent / 2.0),
    };
    let local = |point: Point3<f64>| rotation.inverse() * (point - body.centre());
    let (p, q) = (local(p), local(q));
    let clamp = |x: Vector3<f64>| Vector3::from_fn(|k, _| x[k].clamp(-half[k], half[k]));
    let length = |x: &Vector3<f64>| (p - x).norm() + (x - q).norm();
    let mut x = clamp((p + q) / 2.0);
    let mut best = length(&x);
    for _ in 0..ROUNDS {
        let (a, b) = ((p - x).norm(), (q - x).norm());
        if a == 0.0 || b == 0.0 {
            break; // one end lies in the body: the straight way touches it
        }
        x = clamp((p / a + q / b) / (1.0 / a + 1.0 / b));
        let next = length(&x);
        if best - next < 1e-13 * best {
            best = best.min(next);
            break;
        }
        best = next;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::Box3;

    fn cube() -> Solid {
        let extent = Vector3::new(2.0, 2.0, 2.0);
        Solid::Box(Box3 { centre: Point3::origin(), rotation: UnitQuaternion::identity(), extent })
    }

    #[test]
    fn a_straight_way_through_the_body_is_no_detour() {
        let length = shortest_detour(Point3::new(-3.0, 0.5, 0.0), Point3::new(4.0, 0.5, 0.0), &cube());
        assert!((length - 7.0).abs() < 1e-9, "{length}");
    }

    #[test]
    fn a_way_beside_the_body_is_reflected_at_its_face() {
        // both 1 above the top face, 6 apart: reflected, 2 up and 6 along
        let length = shortest_detour(Point3::new(-3.0, 0.0, 2.0), Point3::new(3.0, 0.0, 2.0), &cube());
        assert!((length - 40f64.sqrt()).abs() < 1e-9, "{length}");
    }

    #[test]
    fn an_end_inside_the_body_needs_no_detour() {
        let length = shortest_detour(Point3::new(0.0, 0.0, 0.0), Point3::new(5.0, 0.0, 0.0), &cube());
        assert!((length - 5.0).abs() < 1e-9, "{length}");
    }
}
