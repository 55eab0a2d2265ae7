//! Two things on their way: time to contact, following, crossing of paths.

use super::kinematics::{dot, norm};
use super::pair::offsets;
use super::polyline::Polyline;
use chronotope_world::{Span, Spans, Time};

/// Seconds until two things that keep their velocities are at a distance; none where they never are. 0 where they are that near already.
///
/// `offset` and `velocity` are those of the second as seen from the first.
pub fn time_to_contact(offset: [f64; 3], velocity: [f64; 3], distance: f64) -> Option<f64> {
    let (c, b, a) =
        (dot(offset, offset) - distance * distance, dot(offset, velocity), dot(velocity, velocity));
    if c <= 0.0 {
        return Some(0.0);
    }
    let under = b * b - a * c;
    if b >= 0.0 || under < 0.0 {
        return None;
    }
    Some(c / (-b + under.sqrt())) // the smaller root, without cancellation
}

/// When `a` follows `b`: no further than `most` behind it along the motion of `b`, both at least at `least_speed`, and their ways
/// within 45 degrees. Exact on straight stretches.
pub fn follows(a: &Polyline, b: &Polyline, most: f64, least_speed: f64) -> Spans {
    let mut out = Vec::new();
    for o in offsets(a, b).into_iter().filter(|o| o.t0 < o.t1) {
        let ends = (a.at(o.t0.0).zip(a.at(o.t1.0)), b.at(o.t0.0).zip(b.at(o.t1.0)));
        let (Some((a0, a1)), Some((b0, b1))) = ends else { continue };
        let seconds = (o.t1 - o.t0) as f64 / 1e9;
        let rate = |p: [f64; 3], q: [f64; 3]| [0, 1, 2].map(|k| (q[k] - p[k]) / seconds);
        let (of_a, of_b) = (rate(a0, a1), rate(b0, b1));
        let (speed_a, speed_b) = (norm(of_a), norm(of_b));
        let alike = dot(of_a, of_b) >= std::f64::consts::FRAC_1_SQRT_2 * speed_a * speed_b;
        if speed_a.min(speed_b) < least_speed || speed_b == 0.0 || !alike {
            continue;
        }
        // behind: the offset has a part along the motion of b; linear in time
        let (d0, d1) = (dot(o.r0, of_b), dot(o.r1, of_b));
        let (mut from, mut to) = (0.0f64, 1.0f64);
        match (d0 > 0.0, d1 > 0.0) {
            (false, false) => continue,
            (true, false) => to = d0 / (d0 - d1),
            (false, true) => from = d0 / (d0 - d1),
            (true, true) => {}
        }
        let Some((low, high)) = o.within(most) else { continue };
        (from, to) = (from.max(low), to.min(high));
        if from < to {
            let end = if to == 1.0 { o.t1.plus_ns(1) } else { o.moment(to) };
            out.push(Span::between(o.moment(from), end));
        }
    }
    out.into_iter().collect()
}

/// A place that both paths go through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// When the first is there.
    pub a: Time,
    /// When the second is.
    pub b: Time,
    /// Where, seen from above.
    pub at: [f64; 2],
}

/// Where two paths cross, seen from above, in the order of the first's time. Stretches that run along each other do not cross.
pub fn crossings(a: &Polyline, b: &Polyline) -> Vec<Crossing> {
    let mut out: Vec<Crossing> = Vec::new();
    let of_b: Vec<usize> = b.segments().collect();
    for i in a.segments() {
        let (p, p1) = (a.point(i), a.point(i + 1));
        let along = [p1[0] - p[0], p1[1] - p[1]];
        for &j in &of_b {
            if a.frames[a.frame[i] as usize] != b.frames[b.frame[j] as usize] {
                continue;
            }
            let (q, q1) = (b.point(j), b.point(j + 1));
            let apart = |k: usize| p[k].max(p1[k]) < q[k].min(q1[k]) || q[k].max(q1[k]) < p[k].min(p1[k]);
            if apart(0) || apart(1) {
                continue;
            }
            let other = [q1[0] - q[0], q1[1] - q[1]];
            let cross = along[0] * other[1] - along[1] * other[0];
            if cross == 0.0 {
                continue;
            }
            let offset = [q[0] - p[0], q[1] - p[1]];
            let u = (offset[0] * other[1] - offset[1] * other[0]) / cross;
            let v = (offset[0] * along[1] - offset[1] * along[0]) / cross;
            if (0.0..=1.0).contains(&u) && (0.0..=1.0).contains(&v) {
                let moment = |path: &Polyline, i: usize, u: f64| {
                    Time(path.t_ns[i])
                        .plus_ns(((Time(path.t_ns[i + 1]) - Time(path.t_ns[i])) as f64 * u).round() as i64)
                };
                let found = Crossing {
                    a: moment(a, i, u),
                    b: moment(b, j, v),
                    at: [p[0] + u * along[0], p[1] + u * along[1]],
                };
                if out.iter().all(|known| (known.a, known.b) != (found.a, found.b)) {
                    out.push(found);
                }
            }
        }
    }
    out.sort_by_key(|c| (c.a, c.b));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    fn path(points: &[(i64, f64, f64)]) -> Polyline {
        let column = |k: usize| points.iter().map(|p| [p.1, p.2][k]).collect();
        let t = points.iter().map(|p| p.0 * S).collect();
        Polyline::joined(t, column(0), column(1), vec![0.0; points.len()])
    }

    #[test]
    fn contact_of_two_that_keep_their_velocity() {
        assert_eq!(time_to_contact([10.0, 0.0, 0.0], [-2.0, 0.0, 0.0], 0.0), Some(5.0));
        assert_eq!(time_to_contact([10.0, 0.0, 0.0], [-2.0, 0.0, 0.0], 4.0), Some(3.0));
        assert_eq!(time_to_contact([10.0, 0.0, 0.0], [2.0, 0.0, 0.0], 1.0), None);
        assert_eq!(time_to_contact([10.0, 3.0, 0.0], [-2.0, 0.0, 0.0], 2.9), None, "passes by");
        assert_eq!(time_to_contact([1.0, 0.0, 0.0], [2.0, 0.0, 0.0], 1.0), Some(0.0));
    }

    #[test]
    fn following_ends_where_the_gap_grows() {
        let b = path(&[(0, 5.0, 0.0), (10, 25.0, 0.0), (20, 65.0, 0.0)]);
        let a = path(&[(0, 0.0, 0.0), (20, 40.0, 0.0)]);
        // the gap is 5 up to 10 s, then grows by 2 per second: 10 at 12.5 s
        let found = follows(&a, &b, 10.0, 0.5);
        assert_eq!(found, Spans::from(Span::between(Time(0), Time(25 * S / 2))));
        assert_eq!(follows(&b, &a, 10.0, 0.5), Spans::NONE, "who is in front follows nobody");
        let across = path(&[(0, 0.0, -3.0), (20, 0.0, 40.0)]);
        assert_eq!(follows(&across, &b, 100.0, 0.5), Spans::NONE);
    }

    #[test]
    fn paths_cross_at_different_times() {
        let a = path(&[(0, 0.0, 0.0), (10, 10.0, 0.0)]);
        let b = path(&[(0, 4.0, -8.0), (10, 4.0, 2.0)]);
        assert_eq!(crossings(&a, &b), [Crossing { a: Time(4 * S), b: Time(8 * S), at: [4.0, 0.0] }]);
        assert!(crossings(&a, &path(&[(0, 0.0, 1.0), (10, 10.0, 1.0)])).is_empty());
    }
}
