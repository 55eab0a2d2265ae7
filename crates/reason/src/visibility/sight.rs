//! How much of a box can be seen from a place, past other boxes and within limits of view.

use crate::metric::polygon::{Point, area, clip, difference, hull, intersection};
use chronotope_world::Box3;
use nalgebra::{Point3, Vector3};

/// From where, and what lies in view at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// The eye.
    pub eye: Point3<f64>,
    /// Half-spaces through the eye: a point p is in view where `limit · (p − eye) ≥ 0` for all of them.
    pub limits: Vec<Vector3<f64>>,
}

/// How much of a thing is seen: shares of the area that it fills in a picture taken straight at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Within the limits of view, whether hidden or not.
    pub in_view: f64,
    /// Within the limits and not hidden.
    pub visible: f64,
    /// Positions of the boxes that hide some of it, ascending.
    pub hidden_by: Vec<usize>,
}

/// Most pieces that the visible part is cut into before small ones are dropped.
const MOST_PIECES: usize = 4096;

impl Sight {
    /// All round.
    pub fn all_round(eye: Point3<f64>) -> Sight {
        Sight { eye, limits: Vec::new() }
    }

    /// A wedge of `fov_deg` about the way `forward`, between two planes that hold `up`; all round from 360° on, and the half before the
    /// eye is the most that two planes can bound: between 180° and 360° is taken as 180°.
    pub fn wedge(eye: Point3<f64>, forward: Vector3<f64>, up: Vector3<f64>, fov_deg: f64) -> Sight {
        if fov_deg >= 360.0 {
            return Sight::all_round(eye);
        }
        let left = up.cross(&forward);
        let half = (fov_deg.min(180.0) / 2.0).to_radians();
        let (sine, cosine) = (libm::sin(half), libm::cos(half));
        let limits = vec![forward * sine - left * cosine, forward * sine + left * cosine];
        Sight { eye, limits }
    }

    /// The eye lies in a box.
    pub fn is_inside(&self, b: &Box3) -> bool {
        let local = b.rotation.inverse() * (self.eye - b.centre);
        (0..3).all(|k| local[k].abs() <= b.extent[k] / 2.0)
    }

    /// How much of a box is seen past others; none where the eye is inside it.
    ///
    /// Exact for boxes that do not overlap: of two convex bodies that do not meet, one is before the other along every line of
    /// sight (they can be parted by a plane). Where boxes overlap, the order along the middle of what they share decides.
    /// A box that holds the eye hides nothing: one sits on a sofa, not in a crate.
    pub fn share(&self, target: &Box3, others: &[Box3]) -> Option<Share> {
        if self.is_inside(target) {
            return None;
        }
        let view = Picture::towards(self.eye, target.centre)?;
        let outline = view.outline(target);
        let whole = area(&outline);
        if whole <= 0.0 {
            return None;
        }
        let limited =
            self.limits.iter().fold(outline, |polygon, limit| clip(&polygon, |p| limit.dot(&view.ray(p))));
        let in_view = area(&limited) / whole;
        let (mut pieces, mut hidden_by) = (vec![limited], Vec::new());
        pieces.retain(|piece| piece.len() >= 3);
        for (n, other) in others.iter().enumerate() {
            if self.is_inside(other) {
                continue;
            }
            let shadow = view.outline(other);
            let shared: Vec<Vec<Point>> = pieces
                .iter()
                .map(|piece| intersection(piece, &shadow))
                .filter(|p| area(p) > 1e-12 * whole)
                .collect();
            let Some(largest) = shared.iter().max_by(|a, b| area(a).total_cmp(&area(b))) else { continue };
            let ray = view.ray(middle(largest));
            let before = match (enters(self.eye, ray, other), enters(self.eye, ray, target)) {
                (Some(first), Some(second)) => first < second,
                _ => false,
            };
            if before {
                hidden_by.push(n);
                pieces = pieces.iter().flat_map(|piece| difference(piece, &shadow)).collect();
                if pieces.len() > MOST_PIECES {
                    pieces.retain(|piece| area(piece) > 1e-9 * whole);
                }
            }
        }
        let visible = pieces.iter().map(|piece| area(piece)).sum::<f64>() / whole;
        Some(Share { in_view, visible: visible.clamp(0.0, in_view), hidden_by })
    }
}

/// A plane before the eye, at distance 1, on which things are drawn.
struct Picture {
    eye: Point3<f64>,
    forward: Vector3<f64>,
    right: Vector3<f64>,
    up: Vector3<f64>,
}

impl Picture {
    fn towards(eye: Point3<f64>, target: Point3<f64>) -> Option<Picture> {
        let forward = (target - eye).try_normalize(1e-12)?;
        let helper = if forward.z.abs() < 0.9 { Vector3::z() } else { Vector3::x() };
        let right = forward.cross(&helper).try_normalize(1e-12)?;
        Some(Picture { eye, forward, right, up: right.cross(&forward) })
    }

    /// The way from the eye through a point of the picture.
    fn ray(&self, p: Point) -> Vector3<f64> {
        self.forward + self.right * p[0] + self.up * p[1]
    }

    /// The outline of a box, of what of it lies before the eye.
    fn outline(&self, b: &Box3) -> Vec<Point> {
        const NEAR: f64 = 1e-3;
        let corners = b.corners().map(|c| {
            let d = c - self.eye;
            [d.dot(&self.right), d.dot(&self.up), d.dot(&self.forward)]
        });
        let project = |p: [f64; 3]| [p[0] / p[2], p[1] / p[2]];
        let mut points: Vec<Point> = corners.iter().filter(|c| c[2] >= NEAR).map(|c| project(*c)).collect();
        for (i, a) in corners.iter().enumerate() {
            for bit in [1, 2, 4] {
                let c = corners[i ^ bit];
                if i & bit == 0 && (a[2] >= NEAR) != (c[2] >= NEAR) {
                    let u = (NEAR - a[2]) / (c[2] - a[2]);
                    points.push(project(std::array::from_fn(|k| a[k] + (c[k] - a[k]) * u)));
                }
            }
        }
        let outline = hull(&points);
        if outline.len() < 3 { Vec::new() } else { outline }
    }
}

fn middle(polygon: &[Point]) -> Point {
    let n = polygon.len().max(1) as f64;
    std::array::from_fn(|k| polygon.iter().map(|p| p[k]).sum::<f64>() / n)
}

/// How far along a ray a box begins: 0 from inside it; none where it is missed (Kay and Kajiya's slabs, 1986).
fn enters(eye: Point3<f64>, ray: Vector3<f64>, b: &Box3) -> Option<f64> {
    let (origin, way) = (b.rotation.inverse() * (eye - b.centre), b.rotation.inverse() * ray);
    let (mut from, mut to) = (0.0f64, f64::INFINITY);
    for k in 0..3 {
        let half = b.extent[k] / 2.0;
        if way[k] == 0.0 {
            if origin[k].abs() > half {
                return None;
            }
            continue;
        }
        let (a, c) = ((-half - origin[k]) / way[k], (half - origin[k]) / way[k]);
        from = from.max(a.min(c));
        to = to.min(a.max(c));
    }
    (from <= to).then_some(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::UnitQuaternion;

    fn cuboid(centre: [f64; 3], extent: [f64; 3], yaw: f64) -> Box3 {
        let rotation = UnitQuaternion::from_axis_angle(&Vector3::z_axis(), yaw);
        Box3 { centre: Point3::from(centre), rotation, extent: Vector3::from(extent) }
    }

    #[test]
    fn a_wall_before_half_of_a_board_hides_half_of_it() {
        let board = cuboid([10.0, 0.0, 0.0], [1e-6, 2.0, 2.0], 0.0);
        let wall = cuboid([5.0, -5.0, 0.0], [1e-6, 10.0, 10.0], 0.0);
        let behind = cuboid([15.0, 0.0, 0.0], [1.0, 10.0, 10.0], 0.0);
        let share = Sight::all_round(Point3::origin()).share(&board, &[wall, behind]).expect("outside");
        assert!((share.visible - 0.5).abs() < 1e-5, "{share:?}");
        assert_eq!((share.in_view, share.hidden_by), (1.0, vec![0]));
    }

    #[test]
    fn what_is_behind_is_out_of_view() {
        let sight = Sight::wedge(Point3::origin(), Vector3::x(), Vector3::z(), 90.0);
        let share = |centre| sight.share(&cuboid(centre, [0.1; 3], 0.0), &[]).expect("outside").visible;
        assert_eq!(share([-5.0, 0.0, 0.0]), 0.0);
        assert_eq!(share([5.0, 1.0, 0.0]), 1.0);
        assert!((share([5.0, 5.0, 0.0]) - 0.5).abs() < 0.02);
    }

    #[test]
    fn agrees_with_casting_rays() {
        let mut seed = 11u64;
        let mut draw = |low: f64, high: f64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            low + (seed >> 11) as f64 / (1u64 << 53) as f64 * (high - low)
        };
        for _ in 0..20 {
            let target =
                cuboid([6.0, draw(-1.0, 1.0), 0.0], [1.0, draw(0.5, 2.0), draw(0.5, 2.0)], draw(-1.0, 1.0));
            // before and behind the target, apart from it
            let others: Vec<Box3> = (0..4)
                .map(|n| {
                    let x = if n % 2 == 0 { draw(1.5, 3.0) } else { draw(9.0, 11.0) };
                    cuboid(
                        [x, draw(-2.0, 2.0), draw(-1.0, 1.0)],
                        [draw(0.1, 0.8), draw(0.2, 1.5), draw(0.2, 1.5)],
                        draw(-1.0, 1.0),
                    )
                })
                .collect();
            let exact = Sight::all_round(Point3::origin()).share(&target, &others).expect("outside").visible;
            let view = Picture::towards(Point3::origin(), target.centre).expect("apart");
            let (mut hit, mut seen) = (0, 0);
            for i in 0..200 {
                for j in 0..200 {
                    let p = [(f64::from(i) - 99.5) / 200.0, (f64::from(j) - 99.5) / 200.0];
                    let ray = view.ray(p);
                    let Some(there) = enters(Point3::origin(), ray, &target) else { continue };
                    hit += 1;
                    let hidden = others
                        .iter()
                        .any(|o| enters(Point3::origin(), ray, o).is_some_and(|before| before < there));
                    seen += i32::from(!hidden);
                }
            }
            let cast = f64::from(seen) / f64::from(hit.max(1));
            assert!((exact - cast).abs() < 0.02, "{exact} against {cast}");
        }
    }
}
