//! On, in, under, above, between, facing: relations of boxes that stand upright (their z axis is the frame's).
//!
//! A box that leans is taken as the upright prism over its shadow: stated, not hidden, by [`Upright::leans`].

use super::polygon::{Point, area, hull, intersection};
use chronotope_world::Box3;
use nalgebra::{Point3, Vector3};

/// A box as what it covers of the floor, and from which height to which. The frame's z axis points up.
#[derive(Clone, Debug, PartialEq)]
pub struct Upright {
    /// The middle.
    pub centre: Point3<f64>,
    /// Its shadow on the floor, counter-clockwise; a line or a point where it has no size.
    pub footprint: Vec<Point>,
    /// Least height.
    pub bottom: f64,
    /// Greatest height.
    pub top: f64,
    /// Its own z axis is more than a degree from the frame's and from the floor.
    pub leans: bool,
}

impl Upright {
    /// Of a box.
    pub fn of(b: &Box3) -> Upright {
        let corners = b.corners();
        let heights = || corners.iter().map(|c| c.z);
        let steep: [f64; 3] =
            [Vector3::x(), Vector3::y(), Vector3::z()].map(|axis| (b.rotation * axis).z.abs());
        let one_upright = steep.iter().any(|z| *z > 0.9998);
        Upright {
            centre: b.centre,
            footprint: hull(&corners.map(|c| [c.x, c.y])),
            bottom: heights().fold(f64::INFINITY, f64::min),
            top: heights().fold(f64::NEG_INFINITY, f64::max),
            leans: !one_upright,
        }
    }

    /// Of a point.
    pub fn point(p: Point3<f64>) -> Upright {
        Upright { centre: p, footprint: vec![[p.x, p.y]], bottom: p.z, top: p.z, leans: false }
    }

    /// The point lies in the footprint or on its edge.
    pub fn covers(&self, p: Point) -> bool {
        let n = self.footprint.len();
        n >= 3
            && (0..n)
                .all(|i| super::polygon::turn(self.footprint[i], self.footprint[(i + 1) % n], p) >= -1e-9)
    }

    /// The footprints share a point of positive area, or one of them has none and its middle lies in the other.
    pub fn overlaps(&self, other: &Upright) -> bool {
        let middle = |u: &Upright| [u.centre.x, u.centre.y];
        area(&intersection(&self.footprint, &other.footprint)) > 0.0
            || self.covers(middle(other)) && other.footprint.len() < 3
            || other.covers(middle(self)) && self.footprint.len() < 3
    }
}

/// `a` rests on `b`: its middle is over `b`'s footprint, and its underside at most `gap` over `b`'s top and above the lower third
/// of `b`'s height, or at most `gap` below its middle: sofas have backs and beds have heads, so what lies on them lies lower than
/// the top of their boxes, and a seat is between a third and half as high as its back.
pub fn is_on(a: &Upright, b: &Upright, gap: f64) -> bool {
    let lowest = (b.bottom + (b.top - b.bottom) / 3.0).min(b.centre.z - gap);
    b.covers([a.centre.x, a.centre.y]) && (lowest..=b.top + gap).contains(&a.bottom)
}

/// The share of `a`'s volume that lies in `b`; of a thing without volume 1 or 0, by its middle.
pub fn share_in(a: &Upright, b: &Upright) -> f64 {
    let volume = area(&a.footprint) * (a.top - a.bottom);
    if volume <= 0.0 {
        let inside = b.covers([a.centre.x, a.centre.y]) && (b.bottom..=b.top).contains(&a.centre.z);
        return f64::from(u8::from(inside));
    }
    let height = (a.top.min(b.top) - a.bottom.max(b.bottom)).max(0.0);
    area(&intersection(&a.footprint, &b.footprint)) * height / volume
}

/// Which of `others` holds `a` up, by position: of those that it rests on within `gap` the one whose top is nearest to its
/// underside, else the smallest of those that hold at least half of it. The first of equals; none where nothing does.
pub fn support(a: &Upright, others: &[&Upright], gap: f64) -> Option<usize> {
    let volume = |b: &Upright| area(&b.footprint) * (b.top - b.bottom);
    let least = |fits: &dyn Fn(&Upright) -> bool, by: &dyn Fn(&Upright) -> f64| {
        let fitting = others.iter().enumerate().filter(|(_, b)| fits(b)).map(|(n, b)| (n, by(b)));
        fitting.reduce(|best, next| if next.1 < best.1 { next } else { best }).map(|(n, _)| n)
    };
    least(&|b| is_on(a, b, gap), &|b| (a.bottom - b.top).abs())
        .or_else(|| least(&|b| share_in(a, b) >= 0.5, &volume))
}

/// `a` is under `b`: footprints overlap and `a`'s top is at most `gap` over `b`'s underside, or `a`'s middle lies below `b`'s middle
/// and within its footprint (a stool under a table, whose box reaches the floor).
pub fn is_under(a: &Upright, b: &Upright, gap: f64) -> bool {
    let below = a.top <= b.bottom + gap;
    let within = b.covers([a.centre.x, a.centre.y]) && a.centre.z < b.centre.z && a.top <= b.top - gap;
    a.overlaps(b) && (below || within)
}

/// `a` is above `b`: footprints overlap and `a`'s underside is at least `b`'s top less `gap`.
pub fn is_above(a: &Upright, b: &Upright, gap: f64) -> bool {
    a.overlaps(b) && a.bottom >= b.top - gap
}

/// The angle at `x` between the ways to `a` and to `b` seen from above, in degrees: 180 straight between them. None where two
/// coincide.
pub fn between_deg(x: Point, a: Point, b: Point) -> Option<f64> {
    super::direction::bearing_deg(b, x, a).map(f64::abs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::UnitQuaternion;

    fn upright(centre: [f64; 3], extent: [f64; 3], yaw: f64) -> Upright {
        let rotation = UnitQuaternion::from_axis_angle(&Vector3::z_axis(), yaw);
        Upright::of(&Box3 { centre: Point3::from(centre), rotation, extent: Vector3::from(extent) })
    }

    #[test]
    fn a_cup_is_on_a_table_and_a_stool_under_it() {
        let table = upright([0.0, 0.0, 0.4], [2.0, 1.0, 0.8], 0.3);
        let cup = upright([0.5, 0.2, 0.85], [0.1, 0.1, 0.1], 0.0);
        let stool = upright([0.2, 0.0, 0.2], [0.3, 0.3, 0.4], 0.0);
        assert!(is_on(&cup, &table, 0.05) && !is_on(&stool, &table, 0.05));
        assert!(is_under(&stool, &table, 0.05) && !is_under(&cup, &table, 0.05));
        assert!(is_above(&cup, &table, 0.01) && share_in(&stool, &table) > 0.999);
        let floor_cup = upright([2.0, 0.0, 0.85], [0.1, 0.1, 0.1], 0.0);
        assert!(!is_on(&floor_cup, &table, 0.05));
    }

    #[test]
    fn a_book_on_a_tray_on_a_table_is_held_by_the_tray_and_a_fork_in_a_drawer_by_the_drawer() {
        let table = upright([0.0, 0.0, 0.4], [2.0, 1.0, 0.8], 0.0);
        let tray = upright([0.0, 0.0, 0.82], [0.5, 0.5, 0.04], 0.0);
        let book = upright([0.0, 0.0, 0.86], [0.2, 0.2, 0.03], 0.0);
        let drawer = upright([0.5, 0.0, 0.4], [0.5, 0.5, 0.2], 0.0);
        let fork = upright([0.5, 0.0, 0.35], [0.2, 0.02, 0.02], 0.0);
        let all = [&table, &tray, &drawer];
        assert_eq!(support(&book, &all, 0.1), Some(1));
        assert_eq!(support(&fork, &all, 0.1), Some(2));
        assert_eq!(support(&upright([5.0, 0.0, 0.1], [0.1; 3], 0.0), &all, 0.1), None);
    }

    #[test]
    fn half_in_is_half() {
        let tray = upright([0.0; 3], [2.0, 2.0, 2.0], 0.0);
        let thing = upright([1.0, 0.0, 0.0], [1.0, 1.0, 1.0], 0.0);
        assert!((share_in(&thing, &tray) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn straight_between_is_180_degrees() {
        assert_eq!(between_deg([1.0, 0.0], [0.0, 0.0], [2.0, 0.0]), Some(180.0));
        assert_eq!(between_deg([1.0, 1.0], [0.0, 0.0], [2.0, 0.0]), Some(90.0));
    }
}
