//! Where one point lies from another, by lines through it: as many directions as wanted.
//!
//! Renz and Mitra, Qualitative direction calculi with arbitrary granularity, PRICAI 2004.

use super::{Algebra, Calculus, Relations, Wide, WideSet, opra};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// Four lines: 8 half-lines and the 8 sectors between them, numbered `0` to `15` clockwise from north (even: half-lines), and `=`.
#[derive(Clone, Copy, Debug)]
pub struct Star4;

/// Four lines, each half-line with the sector that follows it clockwise: 8 directions `0` to `7` clockwise from north, and `=`.
#[derive(Clone, Copy, Debug)]
pub struct Star4Revised;

/// Eight lines: 16 half-lines and 16 sectors, numbered `0` to `31` clockwise from north (even: half-lines), and `=`.
#[derive(Clone, Copy, Debug)]
pub struct Star8;

/// Eight lines, each half-line with the sector that follows it clockwise: 16 directions `0` to `15` clockwise from north, and `=`.
#[derive(Clone, Copy, Debug)]
pub struct Star8Revised;

const PAPER: &str = "Renz and Mitra, Qualitative direction calculi with arbitrary granularity, PRICAI 2004";

fn entry(name: &'static str, about: &'static str, example: &'static str) -> Entry {
    Entry { kind: "calculi", name, about, source: "reason/src/calculus/star.rs", paper: Some(PAPER), example }
}

impl Calculus for Star4 {
    fn entry(&self) -> Entry {
        entry(
            "star4",
            "where one point lies from another: on 8 half-lines or in the sectors between them, clockwise from north",
            "entailed(\"a\", \"c\", calculus: star4, facts: [[\"a\", \"1\", \"b\"], [\"b\", \"4\", \"c\"]])",
        )
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
        Some(ALGEBRA.get_or_init(|| Star::new(4, 1).algebra("star4")))
    }
}

impl Calculus for Star4Revised {
    fn entry(&self) -> Entry {
        entry(
            "star4-revised",
            "where one point lies from another: in one of 8 half-open sectors, clockwise from north",
            "entailed(\"a\", \"c\", calculus: star4_revised, facts: [[\"a\", \"0\", \"b\"], [\"b\", \"2\", \"c\"]])",
        )
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
        Some(ALGEBRA.get_or_init(|| Star::new(4, 2).algebra("star4_revised")))
    }
}

impl Calculus for Star8 {
    fn entry(&self) -> Entry {
        entry(
            "star8",
            "where one point lies from another: on 16 half-lines or in the sectors between them, clockwise from north",
            "entailed(\"a\", \"c\", calculus: star8, facts: [[\"a\", \"1\", \"b\"], [\"b\", \"4\", \"c\"]])",
        )
    }

    fn wide(&self) -> Option<&'static Wide> {
        static CALCULUS: OnceLock<Wide> = OnceLock::new();
        Some(CALCULUS.get_or_init(|| Star::new(8, 1).wide("star8")))
    }
}

impl Calculus for Star8Revised {
    fn entry(&self) -> Entry {
        entry(
            "star8-revised",
            "where one point lies from another: in one of 16 half-open sectors, clockwise from north",
            "entailed(\"a\", \"c\", calculus: star8_revised, facts: [[\"a\", \"0\", \"b\"], [\"b\", \"4\", \"c\"]])",
        )
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
        Some(ALGEBRA.get_or_init(|| Star::new(8, 2).algebra("star8_revised")))
    }
}

/// Where `a` lies as seen from `b` with four lines, `(east, north)` each: a relation of [`Star4`].
pub fn of(a: (f64, f64), b: (f64, f64)) -> usize {
    let (east, north) = (a.0 - b.0, a.1 - b.1);
    // clockwise from north is counter-clockwise with the axes swapped
    opra::eighth(north, east).unwrap_or(16)
}

/// Tables of sums of vectors; the last relation is the identity.
struct Star {
    /// Directions around.
    n: usize,
    composition: Vec<WideSet>,
    /// How many of the finest directions make one.
    merged: usize,
}

impl Star {
    /// For `m` lines, each direction `merged` of half-line, sector, half-line, … together.
    fn new(m: usize, merged: usize) -> Star {
        let n = 4 * m / merged;
        let mut composition = vec![WideSet::NONE; (n + 1) * (n + 1)];
        for (x, y) in (0..4 * m).flat_map(|x| (0..4 * m).map(move |y| (x, y))) {
            let cell = &mut composition[x / merged * (n + 1) + y / merged];
            *cell =
                sum(m, x, y).map(|r| if r == 4 * m { n } else { r / merged }).chain(cell.iter()).collect();
        }
        for r in 0..=n {
            composition[r * (n + 1) + n] = WideSet::one(r);
            composition[n * (n + 1) + r] = WideSet::one(r);
        }
        Star { n, composition, merged }
    }

    fn names(&self) -> Vec<String> {
        (0..self.n).map(|r| r.to_string()).chain(["=".to_owned()]).collect()
    }

    fn converse(&self) -> Vec<usize> {
        (0..self.n).map(|r| (r + self.n / 2) % self.n).chain([self.n]).collect()
    }

    /// Next to each other around, and everything next to the same place.
    fn is_next(n: usize, a: usize, b: usize) -> bool {
        b == n || (a < n && b == (a + 1) % n)
    }

    fn algebra(self, name: &'static str) -> Algebra {
        let composition = self.composition.iter().map(|set| set.iter().collect::<Relations>()).collect();
        debug_assert!(self.merged > 0);
        Algebra::new(name, self.names(), self.n, self.converse(), composition)
            .expect("sums of vectors make an algebra")
            .with_neighbours_where(|a, b| Star::is_next(self.n, a, b))
    }

    fn wide(self, name: &'static str) -> Wide {
        Wide::pairs(name, self.names(), Some(self.n), &self.converse(), self.composition.clone())
            .expect("sums of vectors make an algebra")
            .with_neighbours(|a, b| Star::is_next(self.n, a, b))
    }
}

/// The directions of the sums of two vectors in these directions of `m` lines; `4m` for no vector.
///
/// A sum lies strictly between its parts, or with them where they are of one direction; those of opposite ones are all three. Three
/// angles in each sector show every order that two angles can have.
fn sum(m: usize, x: usize, y: usize) -> impl Iterator<Item = usize> {
    let around = 16 * m;
    let angles = |d: usize| -> Vec<usize> {
        let at = d / 2 * 8;
        if d.is_multiple_of(2) { vec![at] } else { vec![at + 2, at + 4, at + 6] }
    };
    let direction = |angle: usize| {
        let angle = angle % around;
        angle / 8 * 2 + usize::from(!angle.is_multiple_of(8))
    };
    let mut found = WideSet::NONE;
    for p in angles(x) {
        for q in angles(y) {
            let turn = (q + around - p) % around;
            let reached: WideSet = match turn {
                0 => WideSet::one(direction(p)),
                t if t == around / 2 => [direction(p), direction(q), 4 * m].into_iter().collect(),
                // strictly between: no half-line at the ends
                t if t < around / 2 => (1..t).map(|k| direction(p + k)).collect(),
                t => (1..around - t).map(|k| direction(q + k)).collect(),
            };
            found = found.or(reached);
        }
    }
    found.iter().collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Random;

    #[test]
    fn composition_is_what_sums_of_vectors_show() {
        let algebra = Star4.algebra().expect("it has one");
        let mut random = Random::new(6);
        let mut seen = vec![Relations::NONE; 17 * 17];
        for _ in 0..300_000 {
            let mut point = || (random.below(9) as f64, random.below(9) as f64);
            let (a, b, c) = (point(), point(), point());
            let cell = &mut seen[of(a, b) * 17 + of(b, c)];
            *cell = cell.or(Relations::one(of(a, c)));
        }
        for (cell, seen) in seen.into_iter().enumerate() {
            let set = algebra.compose(Relations::one(cell / 17), Relations::one(cell % 17));
            assert_eq!(set, seen, "{} ∘ {}: {}", cell / 17, cell % 17, algebra.text(set));
        }
    }

    #[test]
    fn names_go_clockwise_from_north() {
        let names = Star4.names();
        let name = |a| names[of(a, (0.0, 0.0))].as_str();
        assert_eq!([name((0.0, 1.0)), name((1.0, 1.0)), name((1.0, 0.0))], ["0", "2", "4"]);
        assert_eq!([name((1.0, 2.0)), name((0.0, -1.0)), name((-1.0, 9.0))], ["1", "8", "15"]);
        assert_eq!(name((0.0, 0.0)), "=");
    }

    /// Half the directions of eight lines are those of four.
    #[test]
    fn finer_stars_say_no_less() {
        let (fine, coarse) = (Star8.wide().expect("it has tables"), Star4.algebra().expect("it has one"));
        let part = |r: usize| match r {
            32 => 16,
            r => r / 4 * 2 + usize::from(r % 4 != 0),
        };
        for a in 0..33 {
            for b in 0..33 {
                let set: Relations =
                    fine.compose(WideSet::one(a), WideSet::one(b)).iter().map(part).collect();
                let whole = coarse.compose(Relations::one(part(a)), Relations::one(part(b)));
                assert!(set.within(whole), "{a} {b}");
            }
        }
        let algebra = Star8Revised.algebra().expect("it has one");
        assert_eq!(
            algebra.text(algebra.compose(algebra.set(["0"]).unwrap(), algebra.set(["1"]).unwrap())),
            "0 1"
        );
    }
}
