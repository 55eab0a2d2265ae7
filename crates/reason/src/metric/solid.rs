//! Exact distances between points, rectangles and oriented boxes.

use chronotope_world::{Box3, BoxPx};
use nalgebra::{Point3, Vector3};

/// A thing's shape in one reference frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Solid {
    /// A point.
    Point(Point3<f64>),
    /// A box of a picture.
    Rectangle(BoxPx),
    /// An oriented box in space.
    Box(Box3),
}

impl Solid {
    /// The middle.
    pub fn centre(&self) -> Point3<f64> {
        match self {
            Solid::Point(p) => *p,
            Solid::Rectangle(b) => Point3::new(b.centre()[0], b.centre()[1], 0.0),
            Solid::Box(b) => b.centre,
        }
    }

    /// Radius of the ball around the centre that holds it.
    pub fn radius(&self) -> f64 {
        match self {
            Solid::Point(_) => 0.0,
            Solid::Rectangle(b) => (b.width * b.width + b.height * b.height).sqrt() / 2.0,
            Solid::Box(b) => b.extent.norm() / 2.0,
        }
    }
}

/// The smallest distance between any points of the two; 0 where they touch or overlap.
///
/// # Units
/// The frame's. A rectangle and a box in space do not meet in one frame; their centres are taken.
pub fn distance(a: &Solid, b: &Solid) -> f64 {
    match (a, b) {
        (Solid::Box(a), Solid::Box(b)) => between_boxes(a, b),
        (Solid::Box(cuboid), Solid::Point(p)) | (Solid::Point(p), Solid::Box(cuboid)) => to_box(cuboid, p),
        (Solid::Rectangle(a), Solid::Rectangle(b)) => {
            let x = (b.left - a.right()).max(a.left - b.right()).max(0.0);
            let y = (b.top - a.bottom()).max(a.top - b.bottom()).max(0.0);
            (x * x + y * y).sqrt()
        }
        (Solid::Rectangle(b), Solid::Point(p)) | (Solid::Point(p), Solid::Rectangle(b)) => {
            let x = (b.left - p.x).max(p.x - b.right()).max(0.0);
            let y = (b.top - p.y).max(p.y - b.bottom()).max(0.0);
            (x * x + y * y).sqrt()
        }
        _ => (a.centre() - b.centre()).norm(),
    }
}

/// Two convex bodies overlap, or the closest pair is a corner and a face (or what bounds it), or two edges: all of these
/// are tried, so the result is exact up to rounding. Ericson, Real-Time Collision Detection (2005), 4.4, 5.1.
fn between_boxes(a: &Box3, b: &Box3) -> f64 {
    if overlap(a, b) {
        return 0.0;
    }
    let (ca, cb) = (a.corners(), b.corners());
    let mut best = f64::INFINITY;
    for corner in &ca {
        best = best.min(to_box(b, corner));
    }
    for corner in &cb {
        best = best.min(to_box(a, corner));
    }
    for (i, j) in EDGES {
        for (k, l) in EDGES {
            best = best.min(between_edges(ca[i], ca[j], cb[k], cb[l]));
        }
    }
    best
}

/// Pairs of corners whose indices differ in one bit.
const EDGES: [(usize, usize); 12] =
    [(0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7)];

fn axes(b: &Box3) -> [Vector3<f64>; 3] {
    [b.rotation * Vector3::x(), b.rotation * Vector3::y(), b.rotation * Vector3::z()]
}

/// Separating axes: the faces' normals and the crosses of the edges (Gottschalk et al., OBBTree, 1996). Touching counts.
fn overlap(a: &Box3, b: &Box3) -> bool {
    let (u, v, between) = (axes(a), axes(b), b.centre - a.centre);
    let separates = |axis: Vector3<f64>| {
        let reach = |axes: &[Vector3<f64>; 3], extent: &Vector3<f64>| -> f64 {
            (0..3).map(|k| (axes[k].dot(&axis) * extent[k]).abs() / 2.0).sum()
        };
        between.dot(&axis).abs() > reach(&u, &a.extent) + reach(&v, &b.extent)
    };
    let crossed = u.iter().flat_map(|p| v.iter().map(move |q| p.cross(q))).filter(|axis| axis.norm() > 1e-9);
    !u.iter().chain(&v).copied().chain(crossed).any(separates)
}

/// How deep two boxes reach into one another: the shortest way on which one can be taken out of the other; 0 where they do not overlap.
///
/// Over the axes that could part them (as for [`distance`]), exact for boxes.
pub fn penetration(a: &Box3, b: &Box3) -> f64 {
    let (u, v, between) = (axes(a), axes(b), b.centre - a.centre);
    let reach = |axes: &[Vector3<f64>; 3], extent: &Vector3<f64>, axis: &Vector3<f64>| -> f64 {
        (0..3).map(|k| (axes[k].dot(axis) * extent[k]).abs() / 2.0).sum()
    };
    let crossed = u.iter().flat_map(|p| v.iter().map(move |q| p.cross(q)));
    let all = u.iter().chain(&v).copied().chain(crossed).filter_map(|axis| axis.try_normalize(1e-9));
    let overlaps =
        all.map(|axis| reach(&u, &a.extent, &axis) + reach(&v, &b.extent, &axis) - between.dot(&axis).abs());
    overlaps.fold(f64::INFINITY, f64::min).max(0.0)
}

fn to_box(b: &Box3, p: &Point3<f64>) -> f64 {
    let local = b.rotation.inverse() * (p - b.centre);
    let outside = Vector3::from_fn(|k, _| (local[k].abs() - b.extent[k] / 2.0).max(0.0));
    outside.norm()
}

/// Closest points of two segments: Ericson (2005), 5.1.9.
fn between_edges(p1: Point3<f64>, q1: Point3<f64>, p2: Point3<f64>, q2: Point3<f64>) -> f64 {
    let (d1, d2, r) = (q1 - p1, q2 - p2, p1 - p2);
    let (a, e, f) = (d1.norm_squared(), d2.norm_squared(), d2.dot(&r));
    let tiny = f64::MIN_POSITIVE;
    let (s, t) = if a <= tiny && e <= tiny {
        (0.0, 0.0)
    } else if a <= tiny {
        (0.0, (f / e).clamp(0.0, 1.0))
    } else {
        let c = d1.dot(&r);
        if e <= tiny {
            ((-c / a).clamp(0.0, 1.0), 0.0)
        } else {
            let b = d1.dot(&d2);
            let denominator = a * e - b * b;
            let s = if denominator > 0.0 { ((b * f - c * e) / denominator).clamp(0.0, 1.0) } else { 0.0 };
            let t = (b * s + f) / e;
            if t < 0.0 {
                ((-c / a).clamp(0.0, 1.0), 0.0)
            } else if t > 1.0 {
                (((b - c) / a).clamp(0.0, 1.0), 1.0)
            } else {
                (s, t)
            }
        }
    };
    ((p1 + d1 * s) - (p2 + d2 * t)).norm()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::UnitQuaternion;

    fn cuboid(centre: [f64; 3], yaw: f64, extent: [f64; 3]) -> Box3 {
        Box3 {
            centre: Point3::from(centre),
            rotation: UnitQuaternion::from_euler_angles(0.3 * yaw, 0.2 * yaw, yaw),
            extent: Vector3::from(extent),
        }
    }

    #[test]
    fn what_reaches_in_is_taken_out_the_short_way() {
        let a = cuboid([0.0; 3], 0.0, [2.0, 2.0, 2.0]);
        assert_eq!(penetration(&a, &cuboid([1.5, 0.2, 0.0], 0.0, [2.0, 1.0, 1.0])), 0.5);
        assert_eq!(penetration(&a, &cuboid([3.5, 0.0, 0.0], 0.0, [2.0, 1.0, 1.0])), 0.0);
        // taken out along the shortest way, the two only touch
        let b = cuboid([1.2, 0.7, 0.4], 0.8, [1.0, 2.0, 0.5]);
        let deep = penetration(&a, &b);
        let apart = |by: f64| {
            let ways = (0..3).flat_map(|k| [(k, 1.0), (k, -1.0)]);
            ways.map(|(k, sign)| {
                let mut moved = b;
                moved.centre[k] += sign * by;
                distance(&Solid::Box(a), &Solid::Box(moved))
            })
            .fold(0.0, f64::max)
        };
        assert!(deep > 0.0 && apart(deep - 1e-6) == 0.0 && apart(1.8 * deep) > 0.0, "{deep}");
    }

    #[test]
    fn touching_boxes_are_at_distance_zero() {
        let a = Solid::Box(cuboid([0.0; 3], 0.0, [2.0, 2.0, 2.0]));
        let b = Solid::Box(cuboid([2.0, 0.0, 0.0], 0.0, [2.0, 1.0, 1.0]));
        let c = Solid::Box(cuboid([3.5, 0.0, 0.0], 0.0, [2.0, 1.0, 1.0]));
        assert_eq!((distance(&a, &b), distance(&a, &c)), (0.0, 1.5));
    }

    #[test]
    fn agrees_with_a_brute_search_over_both_boxes() {
        let mut seed = 1u64;
        let mut draw = |low: f64, high: f64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            low + (seed >> 11) as f64 / (1u64 << 53) as f64 * (high - low)
        };
        for _ in 0..200 {
            let mut one = || {
                let centre = [draw(-3.0, 3.0), draw(-3.0, 3.0), draw(-3.0, 3.0)];
                cuboid(centre, draw(-3.0, 3.0), [draw(0.1, 3.0), draw(0.1, 3.0), draw(0.1, 3.0)])
            };
            let (a, b) = (one(), one());
            // alternating projections converge to the distance of convex sets (Cheney and Goldstein, 1959)
            let clamp = |c: &Box3, p: Point3<f64>| {
                let local = c.rotation.inverse() * (p - c.centre);
                let inside = Vector3::from_fn(|k, _| local[k].clamp(-c.extent[k] / 2.0, c.extent[k] / 2.0));
                c.centre + c.rotation * inside
            };
            let (mut p, mut q) = (a.centre, b.centre);
            for _ in 0..20_000 {
                p = clamp(&a, q);
                q = clamp(&b, p);
            }
            let (exact, brute) = (between_boxes(&a, &b), (p - q).norm());
            assert!((exact - brute).abs() < 1e-4, "{exact} {brute} {a:?} {b:?}");
        }
    }
}
