//! Convex polygons: hull, clipping by half-planes, intersection, difference, area. Counter-clockwise, in any unit.

/// A corner.
pub type Point = [f64; 2];

/// Twice the signed area of the triangle `a b c`: positive where it turns left.
pub fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// The convex hull, counter-clockwise, without points on its edges; fewer than three corners where all lie on a line
/// (Andrew's monotone chain, 1979).
pub fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted: Vec<Point> = points.iter().copied().filter(|p| p.iter().all(|v| v.is_finite())).collect();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let chain = |points: &mut dyn Iterator<Item = &Point>| {
        let mut out: Vec<Point> = Vec::new();
        for &p in points {
            while out.len() >= 2 && turn(out[out.len() - 2], out[out.len() - 1], p) <= 0.0 {
                out.pop();
            }
            out.push(p);
        }
        out.pop();
        out
    };
    let mut lower = chain(&mut sorted.iter());
    lower.extend(chain(&mut sorted.iter().rev()));
    lower
}

/// Area by the shoelace formula; positive where counter-clockwise.
pub fn area(polygon: &[Point]) -> f64 {
    let n = polygon.len();
    let twice: f64 = (0..n)
        .map(|i| {
            let (a, b) = (polygon[i], polygon[(i + 1) % n]);
            a[0] * b[1] - b[0] * a[1]
        })
        .sum();
    twice / 2.0
}

/// The part of a convex polygon where `value` is at least 0; `value` must be linear in the point (Sutherland and Hodgman, 1974).
pub fn clip(polygon: &[Point], value: impl Fn(Point) -> f64) -> Vec<Point> {
    let n = polygon.len();
    let mut out = Vec::with_capacity(n + 1);
    for i in 0..n {
        let (a, b) = (polygon[i], polygon[(i + 1) % n]);
        let (va, vb) = (value(a), value(b));
        if va >= 0.0 {
            out.push(a);
        }
        if (va >= 0.0) != (vb >= 0.0) {
            let u = va / (va - vb);
            out.push([a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u]);
        }
    }
    if out.len() < 3 { Vec::new() } else { out }
}

/// What two convex polygons share.
pub fn intersection(a: &[Point], b: &[Point]) -> Vec<Point> {
    let n = b.len();
    if n < 3 {
        return Vec::new();
    }
    (0..n).fold(a.to_vec(), |so_far, i| clip(&so_far, |p| turn(b[i], b[(i + 1) % n], p)))
}

/// What is left of a convex polygon without another: convex pieces that do not overlap.
pub fn difference(a: &[Point], b: &[Point]) -> Vec<Vec<Point>> {
    let n = b.len();
    if n < 3 {
        return vec![a.to_vec()];
    }
    let (mut rest, mut out) = (a.to_vec(), Vec::new());
    for i in 0..n {
        let (p, q) = (b[i], b[(i + 1) % n]);
        let outside = clip(&rest, |r| -turn(p, q, r));
        if outside.len() >= 3 && area(&outside) > 0.0 {
            out.push(outside);
        }
        rest = clip(&rest, |r| turn(p, q, r));
        if rest.len() < 3 {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Vec<Point> {
        vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
    }

    #[test]
    fn a_hull_leaves_out_what_lies_inside_or_on_an_edge() {
        let points = [[0.0, 0.0], [2.0, 0.0], [1.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 2.0]];
        assert_eq!(hull(&points), square(0.0, 0.0, 2.0));
    }

    #[test]
    fn difference_and_intersection_make_up_the_whole() {
        let mut seed = 3u64;
        let mut draw = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1u64 << 53) as f64 * 4.0
        };
        for _ in 0..300 {
            let mut one = || hull(&(0..6).map(|_| [draw(), draw()]).collect::<Vec<_>>());
            let (a, b) = (one(), one());
            let rest: f64 = difference(&a, &b).iter().map(|piece| area(piece)).sum();
            let shared = area(&intersection(&a, &b));
            assert!((rest + shared - area(&a)).abs() < 1e-9, "{a:?} {b:?}");
            assert!((shared - area(&intersection(&b, &a))).abs() < 1e-9);
        }
    }
}
