//! The tables of the ternary point configuration calculus, by going through every place that a third point can take.
//!
//! A is put at −1 and B at 0 of the complex plane, so that C is a number z and D, which lies as z₂ for (B, C), lies at z (1 + z₂). Every
//! relation of any three of A, B, C is decided by the sides of z to finitely many lines and circles. They cut the plane into cells; one
//! point of every cell, edge and corner is looked at, so nothing is left out. For the composition, D's direction is that of z plus that of
//! 1 + z₂ and its distance their product: what z₂ allows is found in the same cells, cut finer by rays from −1 every 7.5° (corners of the
//! regions of z₂ lie on such rays), and added to what z allows, which is free within its sector and distance.

use super::WideSet;
use super::wide::TURNS;

/// 24 relations of three different directions and distances, `sam`, `dou` (A at B), `tri` (all at one place).
pub(crate) const COUNT: usize = 27;
pub(crate) const SAM: usize = 0;
pub(crate) const DOU: usize = 25;
pub(crate) const TRI: usize = 26;

type Point = (f64, f64);

/// What counts as on a line: corners are exact to 1e-12, points inside of cells are 1e-5 away.
const ON: f64 = 1e-8;
const ASIDE: f64 = 1e-5;

/// Directions in steps of 7.5°: even ones exactly at a multiple, odd ones between; 96 around.
const DIRECTIONS: usize = 96;

/// `[way * COUNT + relation]`: what a triple becomes when it is turned around.
pub(crate) fn turned() -> Vec<WideSet> {
    let mut turned = vec![WideSet::NONE; TURNS.len() * COUNT];
    let origin_at_relatum = [[(0.0, 0.0), (0.0, 0.0), (1.0, 0.0)], [(0.0, 0.0); 3]];
    let apart = cells().into_iter().map(|z| [(-1.0, 0.0), (0.0, 0.0), z]);
    for triple in apart.chain(origin_at_relatum) {
        for (way, places) in TURNS.iter().enumerate() {
            let cell = &mut turned[way * COUNT + relation(triple)];
            *cell = cell.or(WideSet::one(relation(places.map(|place| triple[place]))));
        }
    }
    turned
}

/// `[first * COUNT + second]`: what (A, B, D) can be when (A, B, C) and (B, C, D) are given.
pub(crate) fn composition() -> Vec<WideSet> {
    // directions of 1 + z₂: any, of length below 1, of length above 1
    let mut looks = vec![[0_u128; 3]; COUNT];
    let origin = [(-1.0, 0.0), (0.0, 0.0)];
    for z in cells() {
        let sum = (1.0 + z.0, z.1);
        let length = norm(sum);
        if length < ON {
            continue;
        }
        let bit = 1_u128 << direction(sum);
        let look = &mut looks[relation([origin[0], origin[1], z])];
        look[0] |= bit;
        look[1] |= if length < 1.0 - ON { bit } else { 0 };
        look[2] |= if length > 1.0 + ON { bit } else { 0 };
    }
    let behind = relation([origin[0], origin[1], (-1.0, 0.0)]);
    let directed = || (0..COUNT).filter(|&r| is_directed(r));
    let mut table = vec![WideSet::NONE; COUNT * COUNT];
    for first in directed() {
        for second in directed() {
            let reach = |look: u128| add(sector(first), look);
            let (close, distant) = if is_close(first) {
                (reach(looks[second][0]), reach(looks[second][2]))
            } else {
                (reach(looks[second][1]), reach(looks[second][0]))
            };
            table[first * COUNT + second] = directed()
                .filter(|&r| sector(r) & if is_close(r) { close } else { distant } != 0)
                // one who goes back as far as he came is at B again
                .chain((second == behind).then_some(SAM))
                .collect();
        }
        // D is at C
        table[first * COUNT + SAM] = WideSet::one(first);
        // C is at B: D is elsewhere
        table[SAM * COUNT + DOU] = directed().collect();
        // A is at B: D is elsewhere, or C's walker went back
        table[DOU * COUNT + first] = [DOU].into_iter().chain((first == behind).then_some(TRI)).collect();
    }
    table[DOU * COUNT + SAM] = WideSet::one(DOU);
    table[SAM * COUNT + TRI] = WideSet::one(SAM);
    table[TRI * COUNT + DOU] = WideSet::one(DOU);
    table[TRI * COUNT + TRI] = WideSet::one(TRI);
    table
}

/// Whether one relation can turn into the other with none between: the first is a border of the second.
pub(crate) fn is_border(a: usize, b: usize) -> bool {
    match (a, b) {
        (TRI, _) => true,
        // close things come to the relatum, distant ones are those of a short walk
        (SAM, _) => is_directed(b) && is_close(b),
        (DOU, _) => is_directed(b) && !is_close(b),
        _ if !is_directed(b) => false,
        _ => {
            let (from, to) = (sector(a), sector(b));
            let beside = from.rotate_left(1) | from.rotate_right(1);
            // 96 of the 128 bits go around
            let wraps = (from & 1) << (DIRECTIONS - 1) | from >> (DIRECTIONS - 1);
            let touches = (beside | wraps) & to != 0;
            // a sector begins with its border or has none; borders are even
            let begins = (0..DIRECTIONS).step_by(2).any(|even| {
                let (before, after) = ((even + DIRECTIONS - 1) % DIRECTIONS, (even + 1) % DIRECTIONS);
                from >> even & 1 == 1 && to & (1 << before | 1 << after) != 0 && to >> even & 1 == 0
            });
            (a != b) && (from == to || (touches && begins)) && (is_close(a) == is_close(b) || is_close(a))
        }
    }
}

/// The relation of three points, in the order of [`Tpcc`](super::tpcc::Tpcc)'s names.
fn relation([a, b, c]: [Point; 3]) -> usize {
    let (walk, look) = ((b.0 - a.0, b.1 - a.1), (c.0 - b.0, c.1 - b.1));
    match (norm(walk) < ON, norm(look) < ON) {
        (true, true) => TRI,
        (true, false) => DOU,
        (false, true) => SAM,
        (false, false) => {
            // look / walk
            let z = (walk.0 * look.0 + walk.1 * look.1, walk.0 * look.1 - walk.1 * look.0);
            let at = direction(z);
            let kind = match at {
                0 => 8,
                24 => 9,
                48 => 10,
                72 => 11,
                _ => at / 12,
            };
            let distant = norm(look) > norm(walk) * (1.0 + ON);
            1 + usize::from(distant) * 12 + kind
        }
    }
}

fn is_directed(relation: usize) -> bool {
    (1..DOU).contains(&relation)
}

fn is_close(relation: usize) -> bool {
    relation <= 12
}

/// The directions of a directed relation.
fn sector(relation: usize) -> u128 {
    match (relation - 1) % 12 {
        // the eight sectors; every second one begins with its border
        kind @ 0..8 => {
            let first = 12 * kind + usize::from(kind % 2 == 0);
            (first..12 * kind + 12).fold(0, |bits, d| bits | 1 << d)
        }
        // straight back, left, front and right
        kind => 1 << (24 * (kind - 8)),
    }
}

/// Sums of two directions, one of each set: open steps add up to two open steps with the line between.
fn add(a: u128, b: u128) -> u128 {
    let members = |set: u128| (0..DIRECTIONS).filter(move |d| set >> d & 1 == 1);
    let mut sums = 0;
    for p in members(a) {
        for q in members(b) {
            let sum = p + q + DIRECTIONS;
            let reach = usize::from(p % 2 == 1 && q % 2 == 1);
            for d in sum - reach..=sum + reach {
                sums |= 1 << (d % DIRECTIONS);
            }
        }
    }
    sums
}

/// The direction of a vector that is none of length 0.
fn direction(v: Point) -> usize {
    let steps = libm::atan2(v.1, v.0) / std::f64::consts::PI * 24.0;
    let line = libm::round(steps);
    let at = if (steps - line).abs() < ON * 10.0 { 2.0 * line } else { 2.0 * libm::floor(steps) + 1.0 };
    (at as i64).rem_euclid(DIRECTIONS as i64) as usize
}

fn norm(v: Point) -> f64 {
    (v.0 * v.0 + v.1 * v.1).sqrt()
}

/// A line through a point along a direction, or a circle around a point.
#[derive(Clone, Copy)]
enum Curve {
    Line(Point, Point),
    Circle(Point, f64),
}

impl Curve {
    fn at(self, parameter: f64) -> Point {
        match self {
            Curve::Line(p, d) => (p.0 + parameter * d.0, p.1 + parameter * d.1),
            Curve::Circle(c, r) => (c.0 + r * libm::cos(parameter), c.1 + r * libm::sin(parameter)),
        }
    }

    /// A unit vector across the curve.
    fn across(self, parameter: f64) -> Point {
        match self {
            Curve::Line(_, d) => (-d.1, d.0),
            Curve::Circle(..) => (libm::cos(parameter), libm::sin(parameter)),
        }
    }

    /// The parameter of a point on the curve.
    fn parameter(self, p: Point) -> f64 {
        match self {
            Curve::Line(o, d) => (p.0 - o.0) * d.0 + (p.1 - o.1) * d.1,
            Curve::Circle(c, _) => libm::atan2(p.1 - c.1, p.0 - c.0),
        }
    }

    fn meets(self, other: Curve) -> Vec<Point> {
        match (self, other) {
            (Curve::Line(p, d), Curve::Line(q, e)) => {
                let cross = d.0 * e.1 - d.1 * e.0;
                if cross.abs() < ON {
                    return Vec::new();
                }
                let t = ((q.0 - p.0) * e.1 - (q.1 - p.1) * e.0) / cross;
                vec![self.at(t)]
            }
            (Curve::Line(p, d), Curve::Circle(c, r)) => {
                let middle = (c.0 - p.0) * d.0 + (c.1 - p.1) * d.1;
                let foot = self.at(middle);
                let apart = (foot.0 - c.0) * (foot.0 - c.0) + (foot.1 - c.1) * (foot.1 - c.1);
                match r * r - apart {
                    // it touches
                    half if half.abs() < 1e-12 => vec![foot],
                    half if half > 0.0 => vec![self.at(middle - half.sqrt()), self.at(middle + half.sqrt())],
                    _ => Vec::new(),
                }
            }
            (Curve::Circle(..), Curve::Line(..)) => other.meets(self),
            (Curve::Circle(c, r), Curve::Circle(e, s)) => {
                let (dx, dy) = (e.0 - c.0, e.1 - c.1);
                let apart = dx * dx + dy * dy;
                if apart < ON {
                    return Vec::new();
                }
                // where the line of their common points crosses that of their middles
                let t = (apart + r * r - s * s) / (2.0 * apart);
                let length = apart.sqrt();
                let line = Curve::Line((c.0 + t * dx, c.1 + t * dy), (-dy / length, dx / length));
                line.meets(self)
            }
        }
    }
}

/// A point of every cell, edge and corner that the lines and circles make, 0 and −1 among them.
fn cells() -> Vec<Point> {
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let ray = |p: Point, steps: usize| {
        let angle = steps as f64 * std::f64::consts::PI / 24.0;
        Curve::Line(p, (libm::cos(angle), libm::sin(angle)))
    };
    let mut curves = vec![
        // as far from A or from B as they are from each other, and as far from both
        Curve::Circle((0.0, 0.0), 1.0),
        Curve::Circle((-1.0, 0.0), 1.0),
        Curve::Line((-0.5, 0.0), (0.0, 1.0)),
        // where A and B are seen 90°, 45° and 135° apart
        Curve::Circle((-0.5, 0.0), 0.5),
        Curve::Circle((-0.5, 0.5), half),
        Curve::Circle((-0.5, -0.5), half),
    ];
    curves.extend((0..24).step_by(6).map(|steps| ray((0.0, 0.0), steps)));
    curves.extend((0..24).map(|steps| ray((-1.0, 0.0), steps)));
    let mut points = vec![(0.0, 0.0), (-1.0, 0.0)];
    for (i, &curve) in curves.iter().enumerate() {
        let others = curves.iter().enumerate().filter(|&(j, _)| j != i);
        let corners: Vec<Point> = others.flat_map(|(_, &other)| curve.meets(other)).collect();
        let mut at: Vec<f64> = corners.iter().map(|&p| curve.parameter(p)).collect();
        at.sort_by(f64::total_cmp);
        at.dedup_by(|a, b| (*a - *b).abs() < ON);
        let ends = match curve {
            Curve::Line(..) => (at[0] - 1.0, at[at.len() - 1] + 1.0),
            Curve::Circle(..) => (at[at.len() - 1] - std::f64::consts::TAU, at[0] + std::f64::consts::TAU),
        };
        points.extend(corners);
        let along: Vec<f64> = [&[ends.0], at.as_slice(), &[ends.1]].concat();
        for pair in along.windows(2) {
            let middle = f64::midpoint(pair[0], pair[1]);
            let (p, n) = (curve.at(middle), curve.across(middle));
            points.push(p);
            points.extend([1.0, -1.0].map(|side| (p.0 + side * ASIDE * n.0, p.1 + side * ASIDE * n.1)));
        }
    }
    points
}
