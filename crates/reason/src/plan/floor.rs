//! Shortest routes at any angle over a floor with polygons that block.
//!
//! A shortest way is straight from corner to corner (Lozano-Pérez and Wesley, An Algorithm for Planning Collision-Free Paths Among
//! Polyhedral Obstacles, 1979): A* over the corners, looking only along lines that touch the corners at both ends.

use super::{at_most, wrong};
use crate::Error;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A place on the floor: x, y in the unit of the frame, y to the left of x.
pub type Place = [f64; 2];

/// Where one can go.
#[derive(Clone, Debug)]
pub struct Floor {
    shapes: Vec<Shape>,
    /// Lengths below this are rounding.
    slack: f64,
}

/// A shortest route over a floor.
#[derive(Clone, Debug, PartialEq)]
pub struct FloorRoute {
    /// Start, corners, goal; straight in between.
    pub places: Vec<Place>,
    /// Its length, in the unit of the frame.
    pub length: f64,
}

/// Most corners that are planned over, after growing.
pub const MAX_CORNERS: usize = 8192;

/// An arc around a corner is followed in pieces of at most this angle: at most 0.33 % longer than the arc.
const ARC_RAD: f64 = std::f64::consts::PI / 16.0;

#[derive(Clone, Debug)]
struct Shape {
    /// Counter-clockwise; two for a wall.
    corners: Vec<Place>,
    convex: bool,
    /// The inside is where one can go.
    outline: bool,
    /// Least and greatest x, y.
    bounds: [f64; 4],
}

impl Floor {
    /// A floor within an outline (none: without end) around polygons that block. A polygon of two corners is a thin wall.
    ///
    /// Walking along an edge is allowed. Polygons may overlap; two that only touch leave a gap of no width, which
    /// [`Floor::with_clearance`] closes. Polygons must not cross themselves.
    ///
    /// # Errors
    /// Fewer corners than three (two for a wall), corners that are no numbers, more than [`MAX_CORNERS`].
    pub fn new(outline: Option<&[Place]>, blocked: &[Vec<Place>]) -> Result<Floor, Error> {
        let mut shapes = Vec::new();
        for (n, corners) in blocked.iter().enumerate() {
            shapes.push(Shape::new(corners, false, || format!("blocked polygon {n}"))?);
        }
        if let Some(corners) = outline {
            shapes.push(Shape::new(corners, true, || "outline of the floor".into())?);
        }
        Floor::of(shapes)
    }

    fn of(shapes: Vec<Shape>) -> Result<Floor, Error> {
        let found = shapes.iter().map(|shape| shape.corners.len()).sum();
        at_most("corners of the floor", MAX_CORNERS, found)?;
        let extent = shapes.iter().flat_map(|s| s.bounds).fold(1.0, |most: f64, v| most.max(v.abs()));
        Ok(Floor { shapes, slack: extent * 1e-9 })
    }

    /// The floor for somebody who keeps away from everything that blocks: for the centre of a disc of this radius.
    ///
    /// Corners become arcs, followed from outside in pieces of 11.25 degrees: the clearance holds everywhere, and a route is at
    /// most 0.33 % longer than the shortest one.
    ///
    /// # Errors
    /// A clearance that is negative or no number; too many corners after growing.
    pub fn with_clearance(&self, clearance: f64) -> Result<Floor, Error> {
        if !clearance.is_finite() || clearance < 0.0 {
            return Err(wrong("clearance", "a length of 0 or more", clearance));
        }
        if clearance == 0.0 {
            return Ok(self.clone());
        }
        let mut shapes = Vec::new();
        for shape in &self.shapes {
            if shape.convex && !shape.outline {
                shapes.push(grown(&shape.corners, clearance));
                continue;
            }
            shapes.push(shape.clone());
            let n = shape.corners.len();
            shapes.extend((0..n).map(|i| grown(&[shape.corners[i], shape.corners[(i + 1) % n]], clearance)));
        }
        Floor::of(shapes)
    }

    /// Somebody can stand there; on an edge too.
    pub fn is_free(&self, place: Place) -> bool {
        place.iter().all(|v| v.is_finite()) && !self.shapes.iter().any(|shape| shape.holds(place, self.slack))
    }

    /// One can go straight from one place to the other.
    pub fn is_straight(&self, a: Place, b: Place) -> bool {
        !self.shapes.iter().any(|shape| shape.stops(a, b, self.slack))
    }

    /// The shortest route; none where there is no way or either end is blocked.
    pub fn route(&self, start: Place, goal: Place) -> Option<FloorRoute> {
        if !self.is_free(start) || !self.is_free(goal) {
            return None;
        }
        if self.is_straight(start, goal) {
            return Some(FloorRoute { places: vec![start, goal], length: apart(start, goal) });
        }
        let corners = self.corners();
        let (n, none) = (corners.len(), usize::MAX);
        let end = |i: usize| if i == n { start } else { goal };
        let place = |i: usize| corners.get(i).map_or_else(|| end(i), |corner| corner.at);
        let mut length = vec![f64::INFINITY; n + 2];
        let (mut parent, mut done) = (vec![none; n + 2], vec![false; n + 2]);
        let mut open = BinaryHeap::new();
        length[n] = 0.0;
        open.push(Reverse((apart(start, goal).to_bits(), n)));
        while let Some(Reverse((_, at))) = open.pop() {
            if std::mem::replace(&mut done[at], true) {
                continue;
            }
            if at == n + 1 {
                break;
            }
            let here = place(at);
            for to in (0..n).chain([n + 1]) {
                let there = place(to);
                let new = length[at] + apart(here, there);
                let touches = |i: usize, from: Place| i >= n || corners[i].touched(from, self.slack);
                if done[to]
                    || new >= length[to]
                    || !touches(to, here)
                    || !touches(at, there)
                    || !self.is_straight(here, there)
                {
                    continue;
                }
                length[to] = new;
                parent[to] = at;
                open.push(Reverse(((new + apart(there, goal)).to_bits(), to)));
            }
        }
        if !done[n + 1] {
            return None;
        }
        let mut order: Vec<usize> =
            std::iter::successors(Some(n + 1), |&i| Some(parent[i]).filter(|&p| p != none)).collect();
        order.reverse();
        Some(FloorRoute { places: order.into_iter().map(place).collect(), length: length[n + 1] })
    }

    /// The corners that a way can bend around.
    fn corners(&self) -> Vec<Corner> {
        let mut out = Vec::new();
        for (of, shape) in self.shapes.iter().enumerate() {
            let n = shape.corners.len();
            for i in 0..n {
                let (before, at, after) =
                    (shape.corners[(i + n - 1) % n], shape.corners[i], shape.corners[(i + 1) % n]);
                let turn = cross(before, at, after);
                let bends = n == 2 || if shape.outline { turn < 0.0 } else { turn > 0.0 };
                let hidden = || {
                    self.shapes.iter().enumerate().any(|(k, other)| k != of && other.holds(at, self.slack))
                };
                if bends && !hidden() {
                    out.push(Corner { before, at, after });
                }
            }
        }
        out
    }
}

struct Corner {
    before: Place,
    at: Place,
    after: Place,
}

impl Corner {
    /// The line from there passes the corner with both its edges on one side.
    fn touched(&self, from: Place, slack: f64) -> bool {
        let most = slack * apart(from, self.at);
        let (b, a) = (cross(from, self.at, self.before), cross(from, self.at, self.after));
        !(b > most && a < -most || b < -most && a > most)
    }
}

impl Shape {
    fn new(given: &[Place], outline: bool, name: impl Fn() -> String) -> Result<Shape, Error> {
        if let Some(odd) = given.iter().flatten().find(|v| !v.is_finite() || v.abs() > 1e12) {
            return Err(wrong(name(), "corners below 1e12", odd));
        }
        let mut corners: Vec<Place> = given.to_vec();
        corners.dedup();
        while corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        if corners.len() < if outline { 3 } else { 2 } {
            return Err(wrong(name(), "at least three corners", corners.len()));
        }
        let n = corners.len();
        let area: f64 = (0..n).map(|i| cross([0.0; 2], corners[i], corners[(i + 1) % n])).sum();
        if area < 0.0 {
            corners.reverse();
        }
        Ok(Shape::of(corners, outline))
    }

    fn of(corners: Vec<Place>, outline: bool) -> Shape {
        let n = corners.len();
        let convex = n > 2
            && (0..n).all(|i| cross(corners[i], corners[(i + 1) % n], corners[(i + 2) % n]) >= 0.0)
            && winds_once(&corners);
        let range = |k: usize| {
            corners.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[l, h], c| [l.min(c[k]), h.max(c[k])])
        };
        let ([x0, x1], [y0, y1]) = (range(0), range(1));
        Shape { corners, convex, outline, bounds: [x0, x1, y0, y1] }
    }

    fn edges(&self) -> impl Iterator<Item = (Place, Place)> {
        let n = self.corners.len();
        (0..n).map(move |i| (self.corners[i], self.corners[(i + 1) % n]))
    }

    /// Even–odd, edges excluded by more than the slack.
    fn encloses(&self, p: Place, slack: f64) -> bool {
        let mut inside = false;
        for (a, b) in self.edges() {
            if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0] {
                inside = !inside;
            }
        }
        inside && self.edges().all(|(a, b)| to_segment(p, a, b) > slack)
    }

    /// Nobody can stand there because of this shape.
    fn holds(&self, p: Place, slack: f64) -> bool {
        let [x0, x1, y0, y1] = self.bounds;
        let around = p[0] >= x0 && p[0] <= x1 && p[1] >= y0 && p[1] <= y1;
        if self.corners.len() == 2 {
            return false;
        }
        if self.outline {
            let edge = || self.edges().any(|(a, b)| to_segment(p, a, b) <= slack);
            return !self.encloses(p, 0.0) && !edge();
        }
        around && self.encloses(p, slack)
    }

    /// Nobody can go straight from `a` to `b` because of this shape.
    fn stops(&self, a: Place, b: Place, slack: f64) -> bool {
        let [x0, x1, y0, y1] = self.bounds;
        let beside =
            |k: usize, low: f64, high: f64| a[k].max(b[k]) <= low + slack || a[k].min(b[k]) >= high - slack;
        if self.corners.len() == 2 {
            let (c, d) = (self.corners[0], self.corners[1]);
            let most = [slack * apart(a, b), slack * apart(c, d)];
            let sides = |p: f64, q: f64, most: f64| p > most && q < -most || p < -most && q > most;
            return sides(cross(a, b, c), cross(a, b, d), most[0])
                && sides(cross(c, d, a), cross(c, d, b), most[1]);
        }
        if !self.outline && (beside(0, x0, x1) || beside(1, y0, y1)) {
            return false;
        }
        if self.convex && !self.outline {
            return self.clips(a, b, slack);
        }
        // between two crossings of the boundary it is all inside or all outside
        let mut cuts = vec![0.0, 1.0];
        let along = [b[0] - a[0], b[1] - a[1]];
        let squared = along[0] * along[0] + along[1] * along[1];
        for (c, d) in self.edges() {
            let (p, q) = (cross(a, b, c), cross(a, b, d));
            if (p > 0.0) != (q > 0.0) || p == 0.0 || q == 0.0 {
                if p != q {
                    let u = p / (p - q);
                    let x = [c[0] + u * (d[0] - c[0]), c[1] + u * (d[1] - c[1])];
                    cuts.push(((x[0] - a[0]) * along[0] + (x[1] - a[1]) * along[1]) / squared);
                } else {
                    let place = |x: Place| ((x[0] - a[0]) * along[0] + (x[1] - a[1]) * along[1]) / squared;
                    cuts.extend([place(c), place(d)]);
                }
            }
        }
        cuts.retain(|u| (0.0..=1.0).contains(u));
        cuts.sort_by(f64::total_cmp);
        cuts.windows(2).any(|pair| {
            let u = pair[0].midpoint(pair[1]);
            (pair[1] - pair[0]) * squared.sqrt() > slack
                && self.holds([a[0] + u * along[0], a[1] + u * along[1]], slack)
        })
    }

    /// The line from `a` to `b` passes through the inside of a convex shape (Cyrus and Beck, 1978).
    fn clips(&self, a: Place, b: Place, slack: f64) -> bool {
        let (mut from, mut to) = (0.0f64, 1.0f64);
        for (c, d) in self.edges() {
            let (p, q) = (cross(c, d, a), cross(c, d, b)); // positive inside
            let most = slack * apart(c, d);
            if p <= most && q <= most {
                return false;
            }
            if p < 0.0 {
                from = from.max(p / (p - q));
            } else if q < 0.0 {
                to = to.min(p / (p - q));
            }
        }
        let u = from.midpoint(to);
        let middle = [a[0] + u * (b[0] - a[0]), a[1] + u * (b[1] - a[1])];
        from < to && self.edges().all(|(c, d)| cross(c, d, middle) > slack * apart(c, d))
    }
}

/// Twice the area of the triangle, positive where it runs counter-clockwise.
fn cross(a: Place, b: Place, c: Place) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

fn apart(a: Place, b: Place) -> f64 {
    let (x, y) = (b[0] - a[0], b[1] - a[1]);
    (x * x + y * y).sqrt()
}

/// Distance of a place from a segment.
fn to_segment(p: Place, a: Place, b: Place) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let squared = dx * dx + dy * dy;
    let u = if squared > 0.0 { ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / squared } else { 0.0 };
    let u = u.clamp(0.0, 1.0);
    apart(p, [a[0] + u * dx, a[1] + u * dy])
}

/// The edges turn around once, not twice as a pentagram's do.
fn winds_once(corners: &[Place]) -> bool {
    let n = corners.len();
    let ups = (0..n).filter(|&i| {
        let (a, b, c) = (corners[i], corners[(i + 1) % n], corners[(i + 2) % n]);
        let up = |p: Place, q: Place| q[1] > p[1] || q[1] == p[1] && q[0] > p[0];
        !up(a, b) && up(b, c)
    });
    ups.count() <= 1
}

/// A convex polygon, or a segment, with everything nearer than `by`; arcs are followed from outside.
fn grown(corners: &[Place], by: f64) -> Shape {
    let n = corners.len();
    let outwards = |i: usize| {
        let (a, b) = (corners[i % n], corners[(i + 1) % n]);
        libm::atan2(a[0] - b[0], b[1] - a[1])
    };
    let mut out = Vec::new();
    for (i, corner) in corners.iter().enumerate() {
        let (before, after) = (outwards(i + n - 1), outwards(i));
        let mut turn = after - before;
        while turn < 0.0 {
            turn += std::f64::consts::TAU;
        }
        let pieces = (turn / ARC_RAD).ceil().max(1.0);
        let radius = by / libm::cos(turn / pieces / 2.0);
        for k in 0..pieces as usize {
            let angle = before + turn * (k as f64 + 0.5) / pieces;
            out.push([corner[0] + radius * libm::cos(angle), corner[1] + radius * libm::sin(angle)]);
        }
    }
    let mut shape = Shape::of(out, false);
    shape.convex = true; // but for rounding
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(x0: f64, y0: f64, x1: f64, y1: f64) -> Vec<Place> {
        vec![[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
    }

    #[test]
    fn around_a_box() {
        let floor = Floor::new(None, &[rectangle(1.0, -1.0, 2.0, 3.0)]).expect("a floor");
        let route = floor.route([0.0, 0.0], [3.0, 0.0]).expect("a way");
        assert_eq!(route.places, [[0.0, 0.0], [1.0, -1.0], [2.0, -1.0], [3.0, 0.0]]);
        assert!((route.length - (1.0 + 2.0 * 2f64.sqrt())).abs() < 1e-12);
        assert_eq!(floor.route([0.0, 0.0], [1.5, 0.0]), None, "the goal is inside the box");
        // along its edge
        let route = floor.route([1.0, -2.0], [1.0, 5.0]).expect("a way");
        assert_eq!(route.places.len(), 2);
    }

    #[test]
    fn clearance_rounds_the_corners() {
        let floor = Floor::new(None, &[rectangle(1.0, -1.0, 2.0, 30.0)]).expect("a floor");
        let route = floor.with_clearance(0.5).expect("a floor").route([0.0, 0.0], [3.0, 0.0]).expect("a way");
        // two tangents of a circle around each corner, arcs between, and straight below the box
        let exact = exact_around();
        assert!(
            route.length >= exact - 1e-9 && route.length <= exact * 1.0033,
            "{} against {exact}",
            route.length
        );
        for pair in route.places.windows(2) {
            for k in 0..=100 {
                let u = f64::from(k) / 100.0;
                let p = [0, 1].map(|i| pair[0][i] + u * (pair[1][i] - pair[0][i]));
                let gap =
                    floor.shapes[0].edges().map(|(a, b)| to_segment(p, a, b)).fold(f64::INFINITY, f64::min);
                assert!(gap >= 0.5 - 1e-9, "{p:?} is {gap} away");
            }
        }
    }

    /// From (0, 0) around the circles of radius 0.5 about (1, −1) and (2, −1) to (3, 0).
    fn exact_around() -> f64 {
        let tangent = (1.0f64 + 1.0 - 0.25).sqrt();
        // the angle at the centre between the way back to the start and the tangent point, then on to straight down
        let to_start = libm::atan2(1.0, -1.0);
        let touch = to_start + libm::acos(0.5 / 2f64.sqrt());
        let arc = 0.5 * (1.5 * std::f64::consts::PI - touch);
        2.0 * (tangent + arc) + 1.0
    }

    #[test]
    fn a_room_with_a_dent_and_a_thin_wall() {
        let room = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 4.0], [2.0, 2.0], [0.0, 2.0]];
        let floor = Floor::new(Some(&room), &[]).expect("a floor");
        let route = floor.route([1.0, 1.5], [2.5, 3.9]).expect("a way");
        assert_eq!(route.places[1..route.places.len() - 1], [[2.0, 2.0]]);
        assert_eq!(floor.route([1.0, 1.0], [1.0, 3.0]), None, "outside");
        let walled = Floor::new(Some(&room), &[vec![[2.0, 2.0], [2.0, 0.5]]]).expect("a floor");
        let route = walled.route([1.0, 1.0], [3.0, 1.0]).expect("a way");
        assert_eq!(route.places[1..route.places.len() - 1], [[2.0, 0.5]]);
        let shut = Floor::new(Some(&room), &[vec![[1.9, 2.5], [2.0, -0.5]]]).expect("a floor");
        assert_eq!(shut.route([1.0, 1.0], [3.0, 1.0]), None);
        let narrow = walled.with_clearance(0.3).expect("a floor");
        assert_eq!(narrow.route([1.0, 1.0], [3.0, 1.0]), None, "0.5 is too narrow for 0.3 on both sides");
        assert!(walled.with_clearance(0.2).expect("a floor").route([1.0, 1.0], [3.0, 1.0]).is_some());
    }

    /// Over random boxes, the route is no shorter than the straight line, is free, and no longer than one through a fine grid.
    #[test]
    fn never_longer_than_over_a_grid() {
        let mut seed = 5u64;
        let mut draw = |n: u64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) % n
        };
        for _ in 0..60 {
            let boxes: Vec<[u64; 4]> =
                (0..12).map(|_| [draw(36), draw(36), 1 + draw(9), 1 + draw(9)]).collect();
            let inside = |x: f64, y: f64| {
                boxes
                    .iter()
                    .map(|b| b.map(|v| v as f64))
                    .any(|[l, t, w, h]| l < x && x < l + w && t < y && y < t + h)
            };
            let polygons: Vec<Vec<Place>> = boxes
                .iter()
                .map(|b| b.map(|v| v as f64))
                .map(|[l, t, w, h]| rectangle(l, t, l + w, t + h))
                .collect();
            let room = rectangle(0.0, 0.0, 40.0, 40.0);
            let floor = Floor::new(Some(&room), &polygons).expect("a floor");
            let grid =
                super::super::grid::Grid::from_fn(40, 40, |(x, y)| !inside(x as f64 + 0.5, y as f64 + 0.5));
            let grid = grid.expect("a map");
            let ends = ((0usize, 0usize), (39usize, 39usize));
            let over_grid =
                super::super::route::route(&grid, ends.0, ends.1, super::super::route::Connectivity::Eight);
            let route = floor.route([0.5, 0.5], [39.5, 39.5]);
            if let Some(over_grid) = over_grid {
                let route = route.expect("a way over the grid is a way");
                assert!(route.length <= over_grid.length() + 1e-6);
                assert!(route.length >= 39.0 * 2f64.sqrt() - 1e-6);
                for pair in route.places.windows(2) {
                    for k in 1..200 {
                        let u = f64::from(k) / 200.0;
                        let p = [0, 1].map(|i| pair[0][i] + u * (pair[1][i] - pair[0][i]));
                        assert!(!boxes.iter().map(|b| b.map(|v| v as f64)).any(|[l, t, w, h]| {
                            l + 1e-6 < p[0] && p[0] < l + w - 1e-6 && t + 1e-6 < p[1] && p[1] < t + h - 1e-6
                        }));
                    }
                }
            }
        }
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(Floor::new(None, &[vec![[0.0, f64::NAN], [1.0, 1.0], [2.0, 0.0]]]).is_err());
        assert!(Floor::new(None, &[vec![[0.0, 0.0]]]).is_err());
        assert!(Floor::new(None, &[vec![[0.0, 0.0]; 9000]]).is_err());
        assert!(Floor::new(None, &vec![rectangle(0.0, 0.0, 1.0, 1.0); 4000]).is_err());
        let floor = Floor::new(None, &[]).expect("an empty floor");
        assert!(floor.with_clearance(-1.0).is_err());
        assert_eq!(floor.route([f64::NAN, 0.0], [1.0, 1.0]), None);
    }
}
