//! Two paths: how near they come, and when they are near. Exact in continuous time for straight segments.

use crate::motion::polyline::{BLOCK, Polyline};
use chronotope_world::{Span, Spans, Time, When};

/// The least distance of two paths and when it is reached first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// In the unit of the frame.
    pub distance: f64,
    /// When.
    pub t: Time,
}

/// A stretch of time over which both paths go straight: the offset of `b` from `a` at both ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offset {
    /// From.
    pub t0: Time,
    /// To; the same as `t0` where the two share one instant only.
    pub t1: Time,
    /// `b − a` at `t0`.
    pub r0: [f64; 3],
    /// `b − a` at `t1`.
    pub r1: [f64; 3],
}

impl Offset {
    /// Squared distance as a function of `u` in [0, 1]: `q0 + 2·h·u + g·u²`.
    fn quadratic(&self) -> (f64, f64, f64) {
        let e: [f64; 3] = std::array::from_fn(|k| self.r1[k] - self.r0[k]);
        (dot(self.r0, self.r0), dot(self.r0, e), dot(e, e))
    }

    /// Where in [0, 1] the two are nearest, and how near.
    pub fn nearest(&self) -> (f64, f64) {
        let (_, h, g) = self.quadratic();
        let u = if g > 0.0 { (-h / g).clamp(0.0, 1.0) } else { 0.0 };
        let r: [f64; 3] = std::array::from_fn(|k| self.r0[k] + u * (self.r1[k] - self.r0[k]));
        (u, dot(r, r).sqrt())
    }

    /// The moment at `u` in [0, 1].
    pub fn moment(&self, u: f64) -> Time {
        self.t0.plus_ns(((self.t1 - self.t0) as f64 * u).round() as i64)
    }

    /// Distances at both ends.
    pub fn ends(&self) -> (f64, f64) {
        (dot(self.r0, self.r0).sqrt(), dot(self.r1, self.r1).sqrt())
    }

    /// The part of [0, 1] during which the distance is at most `most`.
    pub(crate) fn within(&self, most: f64) -> Option<(f64, f64)> {
        let (q0, h, g) = self.quadratic();
        let (d0, d1) = self.ends();
        if d0 <= most && d1 <= most {
            return Some((0.0, 1.0)); // distance is convex along a straight offset
        }
        let (u, d) = self.nearest();
        if d > most {
            return None;
        }
        if g <= 0.0 {
            return Some((0.0, 1.0));
        }
        let root = (h * h - g * (q0 - most * most)).max(0.0).sqrt();
        let from = if d0 <= most { 0.0 } else { ((-h - root) / g).clamp(0.0, u) };
        let to = if d1 <= most { 1.0 } else { ((-h + root) / g).clamp(u, 1.0) };
        Some((from, to))
    }
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The stretches over which both paths are known, in the order of time. Linear in both.
pub fn offsets(a: &Polyline, b: &Polyline) -> Vec<Offset> {
    let (mut out, mut i, mut j) = (Vec::<Offset>::new(), 0, 0);
    // a link is a segment, or a lone point that no segment touches
    let end = |p: &Polyline, i: usize| if p.linked[i] { p.t_ns[i + 1] } else { p.t_ns[i] };
    while i < a.len() && j < b.len() {
        let (from, to) = (a.t_ns[i].max(b.t_ns[j]), end(a, i).min(end(b, j)));
        let one_frame = a.frames[a.frame[i] as usize] == b.frames[b.frame[j] as usize];
        if from <= to && one_frame {
            let again = from == to && out.last().is_some_and(|last| last.t1.0 == from);
            let ends = (a.at(from).zip(b.at(from)), a.at(to).zip(b.at(to)));
            if let (false, (Some((p0, q0)), Some((p1, q1)))) = (again, ends) {
                let minus = |q: [f64; 3], p: [f64; 3]| std::array::from_fn(|k| q[k] - p[k]);
                out.push(Offset { t0: Time(from), t1: Time(to), r0: minus(q0, p0), r1: minus(q1, p1) });
            }
        }
        // both may end at one time: then both move on, unless one of them goes on from there
        match end(a, i).cmp(&end(b, j)) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                // a segment's end is the next link's start; step the one whose next link starts there last
                if i + 1 < a.len() && a.linked[i] {
                    i += 1;
                    if j + 1 < b.len() && b.linked[j] {
                        j += 1;
                    }
                } else if j + 1 < b.len() && b.linked[j] {
                    j += 1;
                } else {
                    i += 1;
                    j += 1;
                }
            }
        }
    }
    // an instant that is the start of a following stretch says nothing new
    let mut kept: Vec<Offset> = Vec::with_capacity(out.len());
    for offset in out {
        if kept.last().is_some_and(|last| last.t0 == last.t1 && last.t0 == offset.t0) {
            kept.pop();
        }
        kept.push(offset);
    }
    kept
}

/// Both paths have one time grid and no gap, so that a segment of one is a segment of the other.
fn in_step(a: &Polyline, b: &Polyline) -> bool {
    a.whole && b.whole && a.frames == b.frames && a.t_ns == b.t_ns
}

/// Squared gap between the boxes of a block.
fn gap2(p: &[f64; 6], q: &[f64; 6]) -> f64 {
    let axis = |k: usize| (q[2 * k] - p[2 * k + 1]).max(p[2 * k] - q[2 * k + 1]).max(0.0);
    let (x, y, z) = (axis(0), axis(1), axis(2));
    x * x + y * y + z * z
}

/// Squared least distance over segment `i` of two paths in step, and where in [0, 1].
#[inline]
fn segment(a: &Polyline, b: &Polyline, i: usize) -> (f64, f64) {
    let r = [b.x[i] - a.x[i], b.y[i] - a.y[i], b.z[i] - a.z[i]];
    let e = [b.x[i + 1] - a.x[i + 1] - r[0], b.y[i + 1] - a.y[i + 1] - r[1], b.z[i + 1] - a.z[i + 1] - r[2]];
    let g = dot(e, e);
    let u = if g > 0.0 { (-dot(r, e) / g).clamp(0.0, 1.0) } else { 0.0 };
    let p = [r[0] + u * e[0], r[1] + u * e[1], r[2] + u * e[2]];
    (dot(p, p), u)
}

/// The nearest approach of two paths over the time that both are known; none where they share no instant.
///
/// Cost: linear, less where boxes around stretches of the paths show that they are further apart.
pub fn nearest(a: &Polyline, b: &Polyline) -> Option<Nearest> {
    if in_step(a, b) && a.len() > 1 {
        let mut best = (f64::INFINITY, 0, 0.0);
        // the block with the least bound first makes the others skip
        let bounds = || a.blocks.iter().zip(&b.blocks).map(|(p, q)| gap2(p, q));
        let start = bounds().enumerate().min_by(|x, y| x.1.total_cmp(&y.1)).map_or(0, |(k, _)| k);
        let scan = |k: usize, best: &mut (f64, usize, f64)| {
            for i in k * BLOCK..((k + 1) * BLOCK).min(a.len() - 1) {
                let (d2, u) = segment(a, b, i);
                if d2 < best.0 || (d2 == best.0 && i < best.1) {
                    *best = (d2, i, u);
                }
            }
        };
        scan(start, &mut best);
        for (k, bound) in bounds().enumerate() {
            if k != start && bound <= best.0 {
                scan(k, &mut best);
            }
        }
        let (d2, i, u) = best;
        let t = a.t_ns[i] + ((Time(a.t_ns[i + 1]) - Time(a.t_ns[i])) as f64 * u).round() as i64;
        return Some(Nearest { distance: d2.sqrt(), t: Time(t) });
    }
    let mut best: Option<Nearest> = None;
    for offset in offsets(a, b) {
        let (u, distance) = offset.nearest();
        if best.is_none_or(|best| distance < best.distance) {
            best = Some(Nearest { distance, t: offset.moment(u) });
        }
    }
    best
}

/// The two come within a distance of each other at some moment at which both are known.
pub fn ever_within(a: &Polyline, b: &Polyline, most: f64) -> bool {
    if in_step(a, b) && a.len() > 1 {
        let most2 = most * most;
        return a.blocks.iter().zip(&b.blocks).enumerate().any(|(k, (p, q))| {
            gap2(p, q) <= most2
                && (k * BLOCK..((k + 1) * BLOCK).min(a.len() - 1)).any(|i| segment(a, b, i).0 <= most2)
        });
    }
    offsets(a, b).iter().any(|offset| offset.nearest().1 <= most)
}

/// When the two are within a distance of each other.
///
/// Certain: between instants at which both were near, and inside a segment that dips below and comes back. Where only one end of
/// a segment is near, the change came at some moment between the two: it is possible up to the other end.
pub fn within(a: &Polyline, b: &Polyline, most: f64) -> When {
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for offset in offsets(a, b) {
        let Some((from, to)) = offset.within(most) else { continue };
        let (d0, d1) = offset.ends();
        let closed = |t0: Time, t1: Time| Span::between(t0, t1.plus_ns(1));
        match (d0 <= most, d1 <= most) {
            (true, true) => certain.push(closed(offset.t0, offset.t1)),
            (true, false) => certain.push(Span::at(offset.t0)),
            (false, true) => certain.push(Span::at(offset.t1)),
            (false, false) => certain.push(closed(offset.moment(from), offset.moment(to))),
        }
        possible.push(closed(offset.t0, offset.t1));
    }
    let certain: Spans = certain.into_iter().collect();
    When::within(certain, &possible.into_iter().collect())
}

/// When the two are farther than a distance from each other, where both are known.
///
/// Certain: between instants at which both were far and did not dip below; where only one end of a segment is far, or it dips, all of it is
/// possible and its far ends are certain. A distance along a segment is convex: between two near ends nothing is far.
pub fn beyond(a: &Polyline, b: &Polyline, least: f64) -> When {
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for offset in offsets(a, b) {
        let (d0, d1) = offset.ends();
        let whole = Span::between(offset.t0, offset.t1.plus_ns(1));
        match (d0 > least, d1 > least) {
            (false, false) => continue,
            (true, true) if offset.within(least).is_none() => certain.push(whole),
            (first, last) => {
                certain.extend(first.then(|| Span::at(offset.t0)));
                certain.extend(last.then(|| Span::at(offset.t1)));
            }
        }
        possible.push(whole);
    }
    let certain: Spans = certain.into_iter().collect();
    When::within(certain, &possible.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::ReferenceFrame;

    const S: i64 = 1_000_000_000;

    fn path(points: &[(i64, f64, f64)]) -> Polyline {
        let column = |k: usize| points.iter().map(|p| [p.1, p.2][k]).collect();
        Polyline::joined(
            points.iter().map(|p| p.0 * S).collect(),
            column(0),
            column(1),
            vec![0.0; points.len()],
        )
    }

    #[test]
    fn far_is_what_is_not_near() {
        let a = path(&[(0, 0.0, 0.0), (10, 0.0, 0.0), (20, 0.0, 0.0), (30, 0.0, 0.0)]);
        let b = path(&[(0, 9.0, 0.0), (10, 8.0, 0.0), (20, 1.0, 0.0), (30, 2.0, 0.0)]);
        let found = beyond(&a, &b, 5.0);
        let span = |from: i64, to: i64| Span::between(Time(from * S), Time(to * S).plus_ns(1));
        assert_eq!(found.certain, Spans::from(span(0, 10)));
        assert_eq!(found.possible, Spans::from(span(0, 20)));
        // passes at 3 m between two far ends
        let c = path(&[(0, 0.0, 0.0), (10, 10.0, 0.0)]);
        let d = path(&[(0, 10.0, 3.0), (10, 0.0, 3.0)]);
        let found = beyond(&c, &d, 5.0);
        assert_eq!((found.certain.iter().count(), found.possible), (2, Spans::from(span(0, 10))));
    }

    #[test]
    fn nearest_between_two_instants() {
        let a = path(&[(0, 0.0, 0.0), (10, 10.0, 0.0)]);
        let b = path(&[(0, 10.0, 3.0), (10, 0.0, 3.0)]);
        assert_eq!(nearest(&a, &b), Some(Nearest { distance: 3.0, t: Time(5 * S) }));
        assert!(ever_within(&a, &b, 3.0) && !ever_within(&a, &b, 2.999));
    }

    #[test]
    fn unlike_grids_and_gaps() {
        let a = path(&[(0, 0.0, 0.0), (10, 10.0, 0.0)]);
        let mut b = path(&[(4, 4.0, 1.0), (20, 4.0, 1.0)]);
        assert_eq!(nearest(&a, &b), Some(Nearest { distance: 1.0, t: Time(4 * S) }));
        b.linked[0] = false;
        let b = b.indexed();
        assert_eq!(offsets(&a, &b).len(), 1, "only the instant at 4 s is shared");
        assert_eq!(nearest(&path(&[(11, 0.0, 0.0)]), &a), None);
    }

    #[test]
    fn another_frame_is_another_place() {
        let a = path(&[(0, 0.0, 0.0), (1, 0.0, 0.0)]);
        let mut b = a.clone();
        b.frames = vec![ReferenceFrame::Geo];
        assert_eq!(nearest(&a, &b), None);
    }

    #[test]
    fn spans_are_certain_within_possible() {
        let a = path(&[(0, 0.0, 0.0), (10, 0.0, 0.0), (20, 0.0, 0.0)]);
        let b = path(&[(0, 10.0, 0.0), (10, 1.0, 0.0), (20, 10.0, 0.0)]);
        let when = within(&a, &b, 2.0);
        assert_eq!(when.certain, Spans::from(Span::at(Time(10 * S))));
        assert_eq!(when.possible, Spans::from(Span::between(Time(0), Time(20 * S + 1))));
    }

    #[test]
    fn skipping_changes_nothing() {
        let mut seed = 3u64;
        let mut draw = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 40) as f64 / 1e5
        };
        for _ in 0..50 {
            let mut one = |n: i64| {
                let (mut x, mut y) = (draw(), draw());
                let points: Vec<_> = (0..n)
                    .map(|t| {
                        x += draw() / 10.0 - 8.0;
                        y += draw() / 10.0 - 8.0;
                        (t, x, y)
                    })
                    .collect();
                path(&points)
            };
            let (a, b) = (one(200), one(200));
            let plain = offsets(&a, &b).iter().map(|o| o.nearest().1).fold(f64::INFINITY, f64::min);
            let found = nearest(&a, &b).expect("they share all instants").distance;
            assert!((found - plain).abs() <= 1e-9 * plain.max(1.0), "{found} {plain}");
            assert_eq!(offsets(&a, &b).len(), 199);
        }
    }
}
