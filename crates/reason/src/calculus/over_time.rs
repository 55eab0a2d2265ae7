//! When which relation holds between two moving boxes: maximal intervals, exact between samples.
//!
//! Positions go straight from sample to sample, so that whatever decides a relation is a polynomial of time of degree two at most over each
//! stretch: relations change only at its roots.

use super::{Rect, allen, compass, qtc, rcc5, rcc8};

/// A relation over a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Position in the calculus' names.
    pub relation: usize,
    /// From, in nanoseconds, rounded to the nearest.
    pub from_ns: i64,
    /// To. The same as `from_ns` when it holds for an instant only (or for less than a nanosecond).
    pub to_ns: i64,
    /// Whether the next episode begins where this one ends; not so before a gap and at the end.
    pub is_joined: bool,
}

/// What can be followed over time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Followed {
    /// [`rcc8`] of the boxes.
    Rcc8,
    /// [`rcc5`] of the boxes.
    Rcc5,
    /// [`super::rectangle`] of the boxes.
    Rectangle,
    /// [`super::cardinal`] of the centres.
    Cardinal,
    /// [`compass`] of the centres.
    Compass,
    /// [`super::near`] of the centres, with these limits.
    Near([f64; 3]),
    /// [`super::qtc::QtcB`] of the centres.
    QtcB,
    /// [`super::qtc::QtcC`] of the centres.
    QtcC,
}

/// A thing's boxes in order of time.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// Instants in nanoseconds, ascending strictly.
    pub t_ns: Vec<i64>,
    /// The box then.
    pub boxes: Vec<Rect>,
    /// Whether it goes straight from each to the next; as long as the others.
    pub linked: Vec<bool>,
}

impl Path {
    /// The box at an instant: sampled, or between two linked samples. Exact where both are equal.
    pub fn at(&self, t_ns: i64) -> Option<Rect> {
        let after = self.t_ns.partition_point(|&t| t < t_ns);
        if self.t_ns.get(after) == Some(&t_ns) {
            return self.boxes.get(after).copied();
        }
        let before = after.checked_sub(1)?;
        if !*self.linked.get(before)? {
            return None;
        }
        let (a, b) = (self.boxes.get(before)?, self.boxes.get(after)?);
        let span = self.t_ns[after].checked_sub(self.t_ns[before])? as f64;
        let u = t_ns.checked_sub(self.t_ns[before])? as f64 / span;
        let mix = |p: (f64, f64), q: (f64, f64)| (p.0 + (q.0 - p.0) * u, p.1 + (q.1 - p.1) * u);
        Some(Rect { x: mix(a.x, b.x), y: mix(a.y, b.y) })
    }

    /// Whether the whole stretch between two instants is on one line of linked samples.
    fn is_linked(&self, from_ns: i64, to_ns: i64) -> bool {
        let first = self.t_ns.partition_point(|&t| t <= from_ns);
        let last = self.t_ns.partition_point(|&t| t < to_ns);
        first > 0 && last < self.t_ns.len() && (first - 1..last).all(|i| self.linked[i])
    }
}

/// The relation of `a` to `b` whenever both have a place: maximal intervals in order of time.
///
/// y goes up (north) for [`Followed::Cardinal`] and [`Followed::Compass`]; for pixels, turn the boxes first. Motion at a sample is that of
/// the stretch after it; a trajectory relation of a lone sample does not exist.
pub fn over_time(a: &Path, b: &Path, followed: Followed) -> Vec<Episode> {
    let mut knots: Vec<i64> = a.t_ns.iter().chain(&b.t_ns).copied().collect();
    knots.sort_unstable();
    knots.dedup();
    let both = |t: i64| Some((a.at(t)?, b.at(t)?));
    let is_motion = matches!(followed, Followed::QtcB | Followed::QtcC);
    let mut episodes = Vec::new();
    for (i, &t) in knots.iter().enumerate() {
        let Some(here) = both(t) else { continue };
        let next = knots.get(i + 1).copied().filter(|&u| a.is_linked(t, u) && b.is_linked(t, u));
        if let Some((u, there)) = next.and_then(|u| Some((u, both(u)?))) {
            stretch(followed, (t, here), (u, there), &mut episodes);
            continue;
        }
        // the last instant of a stretch belongs to it; a lone one stands for itself
        if !is_motion {
            let relation = followed.of_signs(&signs_at(followed, here));
            push(&mut episodes, Episode { relation, from_ns: t, to_ns: t, is_joined: false });
        }
        if let Some(last) = episodes.last_mut() {
            last.is_joined = false;
        }
    }
    episodes
}

/// Adds what holds from one knot up to the next, without the next.
fn stretch(followed: Followed, from: (i64, (Rect, Rect)), to: (i64, (Rect, Rect)), out: &mut Vec<Episode>) {
    let polynomials = followed.polynomials(from.1, to.1);
    let span = (to.0 - from.0) as f64;
    let time = |u: f64| from.0 + libm::round(u * span) as i64;
    // sign at the start, sign just after it
    let mut signs: Vec<i8> = polynomials.iter().map(|p| sign(p.at_0)).collect();
    let mut crossings: Vec<(f64, usize, bool)> = Vec::new();
    let mut after: Vec<i8> = signs.clone();
    for (k, p) in polynomials.iter().enumerate() {
        if after[k] == 0 {
            after[k] = if p.b != 0.0 { sign(p.b) } else { sign(p.a) };
        }
        p.roots(&mut |u, flips| crossings.push((u, k, flips)));
    }
    crossings.sort_by(|p, q| p.0.total_cmp(&q.0).then(p.1.cmp(&q.1)));
    let mut add = |relation: usize, from: f64, to: f64| {
        push(out, Episode { relation, from_ns: time(from), to_ns: time(to), is_joined: true });
    };
    add(followed.of_signs(&signs), 0.0, 0.0);
    signs.clone_from(&after);
    let mut u = 0.0;
    let mut i = 0;
    while i < crossings.len() {
        let at = crossings[i].0;
        add(followed.of_signs(&signs), u, at);
        let end = i + crossings[i..].iter().take_while(|c| c.0 == at).count();
        let mut then = signs.clone();
        for &(_, k, flips) in &crossings[i..end] {
            signs[k] = 0;
            if flips {
                then[k] = -then[k];
            }
        }
        add(followed.of_signs(&signs), at, at);
        signs = then;
        (u, i) = (at, end);
    }
    add(followed.of_signs(&signs), u, 1.0);
}

/// Adds an episode, or lengthens the last one where the relation stays.
fn push(out: &mut Vec<Episode>, next: Episode) {
    if let Some(last) = out.last_mut()
        && last.is_joined
        && last.to_ns == next.from_ns
        && last.relation == next.relation
    {
        last.to_ns = next.to_ns;
        last.is_joined = next.is_joined;
        return;
    }
    out.push(next);
}

fn sign(v: f64) -> i8 {
    i8::from(v > 0.0) - i8::from(v < 0.0)
}

fn signs_at(followed: Followed, here: (Rect, Rect)) -> Vec<i8> {
    followed.polynomials(here, here).iter().map(|p| sign(p.at_0)).collect()
}

/// `a u² + b u + at_0` over `u` in 0..1, with its value at 1 computed by itself.
#[derive(Clone, Copy, Debug)]
struct Polynomial {
    a: f64,
    b: f64,
    at_0: f64,
    at_1: f64,
}

impl Polynomial {
    fn line(at_0: f64, at_1: f64) -> Polynomial {
        Polynomial { a: 0.0, b: at_1 - at_0, at_0, at_1 }
    }

    /// Every root strictly between 0 and 1, ascending, and whether the sign flips there.
    fn roots(&self, found: &mut impl FnMut(f64, bool)) {
        let inside = |u: f64| u.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
        if self.a == 0.0 {
            if sign(self.at_0) * sign(self.at_1) < 0 {
                found(inside(self.at_0 / (self.at_0 - self.at_1)), true);
            }
            return;
        }
        let turn = -self.b / (2.0 * self.a);
        let discriminant = self.b * self.b - 4.0 * self.a * self.at_0;
        if discriminant < 0.0 {
            return;
        }
        if discriminant == 0.0 {
            if turn > 0.0 && turn < 1.0 {
                found(turn, false);
            }
            return;
        }
        // the stable pair (Numerical Recipes, 5.6)
        let q = -0.5 * (self.b + self.b.signum() * discriminant.sqrt());
        let (mut low, mut high) = (q / self.a, self.at_0 / q);
        if q == 0.0 {
            high = -low;
        }
        if low > high {
            std::mem::swap(&mut low, &mut high);
        }
        for u in [low, high] {
            // an end that is a root is no crossing inside
            let is_end = u <= 0.0
                || u >= 1.0
                || (self.at_0 == 0.0 && u < 1e-12)
                || (self.at_1 == 0.0 && u > 1.0 - 1e-12);
            if !is_end {
                found(u, true);
            }
        }
    }
}

impl Followed {
    /// What decides the relation, over a stretch from one pair of boxes to another.
    fn polynomials(self, from: (Rect, Rect), to: (Rect, Rect)) -> Vec<Polynomial> {
        let edges = |(a, b): (Rect, Rect)| {
            [
                a.x.0 - b.x.0,
                a.x.0 - b.x.1,
                a.x.1 - b.x.0,
                a.x.1 - b.x.1,
                a.y.0 - b.y.0,
                a.y.0 - b.y.1,
                a.y.1 - b.y.0,
                a.y.1 - b.y.1,
            ]
        };
        let apart = |(a, b): (Rect, Rect)| {
            let (p, q) = (a.centre(), b.centre());
            (p.0 - q.0, p.1 - q.1)
        };
        let lines =
            |from: &[f64], to: &[f64]| from.iter().zip(to).map(|(&f, &t)| Polynomial::line(f, t)).collect();
        let (d, e) = (apart(from), apart(to));
        match self {
            Followed::Rcc8 | Followed::Rcc5 | Followed::Rectangle => lines(&edges(from), &edges(to)),
            Followed::Cardinal => lines(&[d.0, d.1], &[e.0, e.1]),
            Followed::Compass => lines(&compass::features(d.0, d.1), &compass::features(e.0, e.1)),
            Followed::Near(limits) => limits
                .iter()
                .map(|limit| {
                    let (vx, vy) = (e.0 - d.0, e.1 - d.1);
                    Polynomial {
                        a: vx * vx + vy * vy,
                        b: 2.0 * (d.0 * vx + d.1 * vy),
                        at_0: d.0 * d.0 + d.1 * d.1 - limit * limit,
                        at_1: e.0 * e.0 + e.1 * e.1 - limit * limit,
                    }
                })
                .collect(),
            Followed::QtcB | Followed::QtcC => {
                let moved = |p: Rect, q: Rect| (q.centre().0 - p.centre().0, q.centre().1 - p.centre().1);
                let (k, l) = (moved(from.0, to.0), moved(from.1, to.1));
                // from a to b; the line turns while they move, their steps stay
                let along = |v: (f64, f64), d: (f64, f64)| v.0 * d.0 + v.1 * d.1;
                let across = |v: (f64, f64), d: (f64, f64)| v.0 * d.1 - v.1 * d.0;
                let all = |d: (f64, f64)| [along(k, d), -along(l, d), across(l, d), -across(k, d)];
                let [a, b, s, r] = all(d);
                let [a1, b1, s1, r1] = all(e);
                if self == Followed::QtcB {
                    lines(&[a, b], &[a1, b1])
                } else {
                    lines(&[a, b, -r, -s], &[a1, b1, -r1, -s1])
                }
            }
        }
    }

    /// The relation of the signs.
    fn of_signs(self, signs: &[i8]) -> usize {
        match self {
            Followed::Rcc8 | Followed::Rcc5 | Followed::Rectangle => {
                let (x, y) = (allen_of(&signs[..4]), allen_of(&signs[4..]));
                match self {
                    Followed::Rectangle => x * 13 + y,
                    Followed::Rcc8 => rcc8::of_axes(x, y),
                    _ => rcc5::of_rcc8(rcc8::of_axes(x, y)),
                }
            }
            Followed::Cardinal => (signs[0] + 1) as usize * 3 + (signs[1] + 1) as usize,
            Followed::Compass => compass::of_signs(signs),
            Followed::Near(_) => signs.iter().filter(|&&s| s > 0).count(),
            Followed::QtcB | Followed::QtcC => qtc::index(signs),
        }
    }
}

/// Allen's relation of the signs of start − start, start − end, end − start, end − end.
fn allen_of(signs: &[i8]) -> usize {
    let &[ss, se, es, ee] = signs else { return allen::EQUAL };
    // an interval of the same order on both sides: b is 0..2, a lies where the signs say
    let place = |low: i8, high: i8| {
        f64::from(match (low, high) {
            (-1, _) => -1_i8,
            (0, _) => 0,
            (_, -1) => 1,
            (_, 0) => 2,
            _ => 3,
        })
    };
    allen::of(place(ss, se), place(es, ee), 0.0, 2.0)
}
