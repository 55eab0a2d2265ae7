//! Oriented points: where each lies as the other one faces.
//!
//! Mossakowski and Moratz, Qualitative reasoning about relative direction of oriented points, Artificial Intelligence 180-181, 2012.

use super::{Algebra, Calculus, Relations, Wide, WideSet};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// OPRA with granularity 1: 16 relations `i_j` (the other lies in direction i, and this one, seen from there, in j) and 4 `s_k` at the same
/// place, the other facing direction k. Direction 0 is straight ahead, 1 to the left, 2 straight behind, 3 to the right.
///
/// No set is known to be decided by its closure: a network without contradiction there is undecided.
#[derive(Clone, Copy, Debug)]
pub struct Opra1;

/// OPRA with granularity 2: 72 relations. Directions 0 to 7 counter-clockwise: 0 ahead, 2 left, 4 behind, 6 right, the quarters between.
#[derive(Clone, Copy, Debug)]
pub struct Opra2;

/// OPRA with granularity 4: 272 relations. Directions 0 to 15 counter-clockwise, the even ones every 45°, the odd ones between them.
#[derive(Clone, Copy, Debug)]
pub struct Opra4;

/// A point that faces a direction: east and north, of any length but zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oriented {
    /// Where it is.
    pub at: (f64, f64),
    /// Where it faces.
    pub facing: (f64, f64),
}

const PAPER: &str =
    "Mossakowski and Moratz, Qualitative reasoning about relative direction of oriented points, AIJ 2012";

impl Calculus for Opra1 {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "opra1",
            about: "two oriented points: where each lies for the other, ahead, left, behind or right",
            source: "reason/src/calculus/opra.rs",
            paper: Some(PAPER),
            example: "entailed(\"a\", \"c\", calculus: opra1, facts: [[\"a\", \"0_2\", \"b\"], [\"b\", \"0_2\", \"c\"]])",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        Some(algebra())
    }
}

impl Calculus for Opra2 {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "opra2",
            about: "two oriented points: where each lies for the other, in quarters and on their borders",
            source: "reason/src/calculus/opra.rs",
            paper: Some(PAPER),
            example: "entailed(\"a\", \"c\", calculus: opra2, facts: [[\"a\", \"1_4\", \"b\"], [\"b\", \"0_5\", \"c\"]])",
        }
    }

    fn wide(&self) -> Option<&'static Wide> {
        static CALCULUS: OnceLock<Wide> = OnceLock::new();
        Some(CALCULUS.get_or_init(|| calculus("opra2", 2)))
    }
}

impl Calculus for Opra4 {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "opra4",
            about: "two oriented points: where each lies for the other, in eighths and on their borders",
            source: "reason/src/calculus/opra.rs",
            paper: Some(PAPER),
            example: "entailed(\"a\", \"c\", calculus: opra4, facts: [[\"a\", \"1_8\", \"b\"], [\"b\", \"0_9\", \"c\"]])",
        }
    }

    fn wide(&self) -> Option<&'static Wide> {
        static CALCULUS: OnceLock<Wide> = OnceLock::new();
        Some(CALCULUS.get_or_init(|| calculus("opra4", 4)))
    }
}

/// The relation of two oriented points in OPRA of granularity 1, 2 or 4 (another counts as 4); none where one faces nowhere.
pub fn of(a: &Oriented, b: &Oriented, granularity: usize) -> Option<usize> {
    let n = 4 * if granularity == 1 || granularity == 2 { granularity } else { 4 };
    let direction = |facing: (f64, f64), to: (f64, f64)| {
        let (along, across) = (facing.0 * to.0 + facing.1 * to.1, facing.0 * to.1 - facing.1 * to.0);
        let eighth = eighth(along, across)?;
        // every step of two sixteenths is a line of the finest
        let (line, between) = (eighth * n / 16 / 2 * 2, 32 / n);
        Some(if eighth % between == 0 { line } else { line + 1 })
    };
    let to = (b.at.0 - a.at.0, b.at.1 - a.at.1);
    if to == (0.0, 0.0) {
        return Some(n * n + direction(a.facing, b.facing)?);
    }
    Some(direction(a.facing, to)? * n + direction(b.facing, (-to.0, -to.1))?)
}

/// Where a vector points, counter-clockwise from straight along: even ones on the lines of 45°, odd ones between; none for no vector.
pub(crate) fn eighth(along: f64, across: f64) -> Option<usize> {
    let sign = |v: f64| i8::from(v > 0.0) - i8::from(v < 0.0);
    // the sense of the diagonal
    let (x, y, d) = (sign(along), sign(across), sign(along.abs() - across.abs()));
    Some(match (x, y, d) {
        (0, 0, _) => return None,
        (1, 0, _) => 0,
        (1, 1, 1) => 1,
        (1, 1, 0) => 2,
        (1, 1, _) => 3,
        (0, 1, _) => 4,
        (-1, 1, -1) => 5,
        (-1, 1, 0) => 6,
        (-1, 1, _) => 7,
        (-1, 0, _) => 8,
        (-1, -1, 1) => 9,
        (-1, -1, 0) => 10,
        (-1, -1, _) => 11,
        (0, -1, _) => 12,
        (_, _, -1) => 13,
        (_, _, 0) => 14,
        _ => 15,
    })
}

/// The algebra of granularity 1, by the published condition on turns and triangles.
pub fn algebra() -> &'static Algebra {
    static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
    ALGEBRA.get_or_init(|| {
        let tables = Tables::new(1);
        let composition = tables.composition.iter().map(|set| set.iter().collect::<Relations>()).collect();
        Algebra::new("opra1", tables.names, 16, tables.converse, composition)
            .expect("the published algorithm makes an algebra")
            .with_neighbours_where(|a, b| is_next(1, a, b))
    })
}

fn calculus(name: &'static str, m: i32) -> Wide {
    let tables = Tables::new(m);
    Wide::pairs(name, tables.names, Some(16 * (m * m) as usize), &tables.converse, tables.composition)
        .expect("the published algorithm makes an algebra")
        .with_neighbours(|a, b| is_next(m, a, b))
}

/// Names, converses and compositions of one granularity.
struct Tables {
    names: Vec<String>,
    converse: Vec<usize>,
    composition: Vec<WideSet>,
}

impl Tables {
    fn new(m: i32) -> Tables {
        let n = 4 * m;
        let count = (n * n + n) as usize;
        let names = (0..count)
            .map(|r| match place(m, r) {
                Place::Apart(i, j) => format!("{i}_{j}"),
                Place::Same(k) => format!("s_{k}"),
            })
            .collect();
        let converse = (0..count)
            .map(|r| match place(m, r) {
                Place::Apart(i, j) => (j * n + i) as usize,
                Place::Same(k) => (n * n + (n - k) % n) as usize,
            })
            .collect();
        let apart = Apart::new(m);
        let composition = (0..count * count)
            .map(|cell| {
                let (ab, bc) = (place(m, cell / count), place(m, cell % count));
                if let (Place::Apart(i, j), Place::Apart(k, l)) = (ab, bc) {
                    let pairs = apart.compose(i as usize, j as usize, k as usize, l as usize);
                    // or c is where a is
                    let same = (0..n).filter(|&s| j == k && turn(m, l, s, -i)).map(|s| (n * n + s) as usize);
                    return pairs.into_iter().map(|(s, t)| s * n as usize + t).chain(same).collect();
                }
                (0..count).filter(|&ac| composes(m, ab, bc, place(m, ac))).collect()
            })
            .collect();
        Tables { names, converse, composition }
    }
}

/// Whether one relation can turn into another without a third between: directions leave their lines together or come to lines together;
/// when two points come to one place, what they face stays.
fn is_next(m: i32, a: usize, b: usize) -> bool {
    let n = 4 * m;
    let steps = |i: i32, j: i32| {
        let apart = (i - j).rem_euclid(n);
        apart.min(n - apart)
    };
    match (place(m, a), place(m, b)) {
        (Place::Same(k), Place::Same(l)) => steps(k, l) == 1,
        (Place::Apart(i, j), Place::Apart(k, l)) => {
            let leaves = |from: i32, to: i32| from == to || (from % 2 == 0 && steps(from, to) == 1);
            leaves(i, k) && leaves(j, l)
        }
        // b faces where a faces, turned by i, half around, and back by j; open sectors reach as far as their borders
        (Place::Apart(i, j), Place::Same(k)) => steps(i - j + 2 * m, k) <= i % 2 + j % 2,
        (Place::Same(_), Place::Apart(..)) => false,
    }
}

/// What two relations of points at three places amount to.
#[derive(Clone, Debug)]
pub(crate) struct Apart {
    n: usize,
    /// Which third direction closes a triangle with these two, as bits.
    triangles: Vec<u16>,
    /// Which direction turned back by the first is the second turned, as bits.
    turns: Vec<u16>,
}

impl Apart {
    /// For a granularity of 1 to 4.
    pub(crate) fn new(m: i32) -> Apart {
        let n = 4 * m;
        let bits = |is: &dyn Fn(i32) -> bool| (0..n).filter(|&w| is(w)).fold(0, |bits, w| bits | 1_u16 << w);
        let pairs = || (0..n).flat_map(|a| (0..n).map(move |b| (a, b)));
        Apart {
            n: n as usize,
            triangles: pairs().map(|(u, v)| bits(&|w| triangle(m, u, v, w))).collect(),
            turns: pairs().map(|(p, q)| bits(&|x| turn(m, x, -p, q))).collect(),
        }
    }

    /// Every `(s, t)` such that `i_j`, `k_l` and `s_t` hold for some three (Algorithm 1 of the paper, the case of three places).
    pub(crate) fn compose(&self, i: usize, j: usize, k: usize, l: usize) -> Vec<(usize, usize)> {
        let n = self.n;
        let members = |bits: u16| (0..n).filter(move |x| bits >> x & 1 == 1);
        let mut found = Vec::new();
        for s in 0..n {
            let third = members(self.turns[i * n + s]).fold(0, |all, u| {
                members(self.turns[k * n + j]).fold(all, |all, v| all | self.triangles[u * n + v])
            });
            found.extend((0..n).filter(|t| third & self.turns[t * n + l] != 0).map(|t| (s, t)));
        }
        found
    }
}

fn place(m: i32, r: usize) -> Place {
    let (n, r) = (4 * m, r as i32);
    if r < n * n { Place::Apart(r / n, r % n) } else { Place::Same(r - n * n) }
}

#[derive(Clone, Copy)]
enum Place {
    /// The other lies in the first direction; from there, this one lies in the second.
    Apart(i32, i32),
    /// Same place, the other faces this direction.
    Same(i32),
}

/// Whether the three can occur together (Algorithm 1 of the paper), where two of them are at one place.
fn composes(m: i32, ab: Place, bc: Place, ac: Place) -> bool {
    match (ab, bc, ac) {
        (Place::Same(i), Place::Same(k), Place::Same(s)) => turn(m, i, k, -s),
        // b stands where a stands: c lies in one direction for both, turned
        (Place::Same(i), Place::Apart(k, l), Place::Apart(s, t)) => l == t && turn(m, i, k, -s),
        // c stands where b stands
        (Place::Apart(i, j), Place::Same(k), Place::Apart(s, t)) => i == s && turn(m, t, k, -j),
        _ => false,
    }
}

/// Whether the three directions can add up to whole turns: sectors added to sectors leave room, lines do not.
fn turn(m: i32, i: i32, j: i32, k: i32) -> bool {
    let n = 4 * m;
    let sum = (i + j + k + 2 * m).rem_euclid(n) - 2 * m;
    sum.abs() <= (i.rem_euclid(2)) * (j.rem_euclid(2))
}

/// Whether the three can be the angles of a triangle: of one sense of rotation, half a turn in sum, flat ones with care.
fn triangle(m: i32, i: i32, j: i32, k: i32) -> bool {
    let sign = |i: i32| {
        let i = i.rem_euclid(4 * m);
        if i % (2 * m) == 0 {
            0
        } else if i < 2 * m {
            1
        } else {
            -1
        }
    };
    let flat = |i: i32| i.rem_euclid(4 * m) == 2 * m;
    turn(m, i, j, k - 2 * m) && !(flat(i) && flat(j) && flat(k)) && sign(i) == sign(j) && sign(j) == sign(k)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Random;

    #[test]
    fn directions_of_oriented_points_are_told() {
        let a = Oriented { at: (0.0, 0.0), facing: (1.0, 0.0) };
        let b = Oriented { at: (2.0, 2.0), facing: (-1.0, -1.0) };
        let name = |m: usize| {
            let r = of(&a, &b, m).expect("they face");
            [Opra1.names(), Opra2.names(), Opra4.names()][m / 2][r].clone()
        };
        assert_eq!([name(1), name(2), name(4)], ["1_0", "1_0", "2_0"]);
        let c = Oriented { at: (2.0, 1.0), facing: (0.0, 1.0) };
        let r = of(&a, &c, 4).expect("they face");
        assert_eq!(Opra4.names()[r], "1_5");
        assert_eq!(Opra4.names()[of(&a, &Oriented { at: a.at, ..c }, 4).expect("they face")], "s_4");
        assert_eq!(of(&a, &Oriented { facing: (0.0, 0.0), ..c }, 2), None);
    }

    /// Finer relations say no less: what composes in granularity 4 composes in 2 and 1.
    #[test]
    fn compositions_hold_for_oriented_points_on_a_grid() {
        let mut random = Random::new(5);
        for _ in 0..20_000 {
            let mut point = || Oriented {
                at: (random.below(5) as f64, random.below(5) as f64),
                facing: [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (1.0, 1.0), (-2.0, 1.0), (1.0, -3.0)]
                    [random.below(6)],
            };
            let (a, b, c) = (point(), point(), point());
            for (calculus, m) in [(Opra2.wide(), 2), (Opra4.wide(), 4)] {
                let calculus = calculus.expect("it has tables");
                let one = |p: &Oriented, q: &Oriented| WideSet::one(of(p, q, m).expect("they face"));
                assert!(one(&a, &c).within(calculus.compose(one(&a, &b), one(&b, &c))), "{a:?} {b:?} {c:?}");
                assert_eq!(calculus.turn(0, one(&a, &b)), one(&b, &a));
            }
        }
    }

    /// The granularities are one calculus seen more or less finely: the tables of 2 follow from those of 4, and of 1 from 2.
    #[test]
    fn coarse_tables_follow_from_fine_ones() {
        let fine = Opra4.wide().expect("it has tables");
        let coarse = Opra2.wide().expect("it has tables");
        let half = |i: i32| i / 4 * 2 + i32::from(i % 4 != 0);
        let part: Vec<usize> = (0..272)
            .map(|r| match place(4, r) {
                Place::Apart(i, j) => (half(i) * 8 + half(j)) as usize,
                Place::Same(k) => (64 + half(k)) as usize,
            })
            .collect();
        let mut composed = vec![WideSet::NONE; 72 * 72];
        for a in 0..272 {
            for b in 0..272 {
                let set = fine.compose(WideSet::one(a), WideSet::one(b));
                let cell = &mut composed[part[a] * 72 + part[b]];
                *cell = cell.or(set.iter().map(|r| part[r]).collect());
            }
        }
        for (cell, set) in composed.into_iter().enumerate() {
            assert_eq!(set, coarse.compose(WideSet::one(cell / 72), WideSet::one(cell % 72)), "{cell}");
        }
    }

    #[test]
    fn a_turning_point_passes_the_line() {
        let calculus = Opra2.wide().expect("it has tables");
        let at = |name: &str| calculus.index(name).expect("it exists");
        assert!(calculus.neighbours(at("1_3")).has(at("2_3")));
        assert!(calculus.neighbours(at("1_3")).has(at("2_4")));
        assert!(!calculus.neighbours(at("1_3")).has(at("3_3")));
        // one leaves its line while the other comes to one
        assert!(!calculus.neighbours(at("2_3")).has(at("1_4")));
        // face to face, they meet looking opposite ways
        assert!(calculus.neighbours(at("0_0")).has(at("s_4")));
        assert!(!calculus.neighbours(at("0_0")).has(at("s_0")));
    }
}
