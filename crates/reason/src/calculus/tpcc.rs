//! Three points: where the third lies for one who came from the first to the second.
//!
//! Moratz and Ragni, Qualitative spatial reasoning about relative point position, Journal of Visual Languages and Computing 19, 2008.

use super::{Calculus, Wide, tpcc_cells};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// The ternary point configuration calculus: distance (d distant, c close), then direction: f b l r and their corners, the straight ones
/// with s; `sam` where the third is at the second, `dou` where the first is at the second, `tri` where all are.
///
/// Distances are close up to the length of the walk. Its tables come from an enumeration of all cells of the plane that the relations tell
/// apart, not from samples. No set is known to be decided by its closure: a network without contradiction there is undecided.
#[derive(Clone, Copy, Debug)]
pub struct Tpcc;

/// Sectors of 45° counter-clockwise from straight back to the relatum as QSRlib names them, and with `s` on an axis.
const SECTORS: [&str; 8] = ["lb", "bl", "fl", "lf", "rf", "fr", "br", "rb"];

impl Calculus for Tpcc {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "tpcc",
            about: "three points: where the third lies for one who came from the first to the second, close or distant",
            source: "reason/src/calculus/tpcc.rs",
            paper: Some(
                "Moratz and Ragni, Qualitative spatial reasoning about relative point position, JVLC 2008",
            ),
            example: "relation(all(\"bus\"), all(\"car\"), third: all(\"dog\"), calculus: tpcc, at: 2 s)",
        }
    }

    fn wide(&self) -> Option<&'static Wide> {
        Some(calculus())
    }
}

/// The tables, made once: `(a, b, c) ∘ (b, c, d)`, and what a triple is when its things are taken in another order.
///
/// # Panics
/// Never: the cells make a calculus, as a test shows.
pub fn calculus() -> &'static Wide {
    static CALCULUS: OnceLock<Wide> = OnceLock::new();
    CALCULUS.get_or_init(|| {
        Wide::triples("tpcc", names(), tpcc_cells::turned(), tpcc_cells::composition())
            .expect("the cells make a calculus")
            .with_neighbours(tpcc_cells::is_border)
    })
}

fn names() -> Vec<String> {
    let straight = ["sb", "sl", "sf", "sr"];
    let directed = ["c", "d"].into_iter().flat_map(|distance| {
        SECTORS.iter().chain(&straight).map(move |sector| format!("{distance}{sector}"))
    });
    let mut names: Vec<String> = std::iter::once("sam".to_owned()).chain(directed).collect();
    names.extend(["dou", "tri"].map(str::to_owned));
    debug_assert_eq!(names.len(), tpcc_cells::COUNT);
    names
}

/// The name of the relation of `referent` to `origin → relatum`, as QSRlib reads it.
///
/// The angle runs counter-clockwise from the direction of the walk to that of the referent, seen from the relatum.
/// A direction whose sine is within 1e-5 of 0 or of ±1 counts as on the axis. One who did not walk is taken to face along x, as QSRlib
/// does; in the tables that is `dou` or `tri`.
pub fn of(origin: (f64, f64), relatum: (f64, f64), referent: (f64, f64)) -> String {
    if referent == relatum {
        return "sam".to_owned();
    }
    let walk = (relatum.0 - origin.0, relatum.1 - origin.1);
    let look = (referent.0 - relatum.0, referent.1 - relatum.1);
    let (is_distant, at) = sector(walk, look);
    let square = |v: (f64, f64)| v.0 * v.0 + v.1 * v.1;
    // who did not walk faces along x
    let walk = if square(walk) == 0.0 { (1.0, 0.0) } else { walk };
    let across = walk.0 * look.1 - walk.1 * look.0;
    let sine = across / (square(walk) * square(look)).sqrt();
    name(is_distant, at, sine.abs() < 1e-5 || sine.abs() > 0.99999)
}

/// Whether one looks further than one walked, and in which of the eight sectors, counter-clockwise from straight on.
pub(crate) fn sector(walk: (f64, f64), look: (f64, f64)) -> (bool, usize) {
    let square = |v: (f64, f64)| v.0 * v.0 + v.1 * v.1;
    let is_distant = square(look) > square(walk);
    // who did not walk faces along x
    let walk = if square(walk) == 0.0 { (1.0, 0.0) } else { walk };
    let along = walk.0 * look.0 + walk.1 * look.1;
    let across = walk.0 * look.1 - walk.1 * look.0;
    // sectors of 45° by signs, from 0 counter-clockwise
    let sector = match (along >= 0.0, across >= 0.0) {
        (true, true) => usize::from(across >= along),
        (false, true) => 2 + usize::from(-along >= across),
        (false, false) => 4 + usize::from(-across >= -along),
        (true, false) => 6 + usize::from(along >= -across),
    };
    (is_distant, sector % 8)
}

/// The name of a relation: the letter of the axis stays where it is straight, the other one says so.
pub(crate) fn name(is_distant: bool, sector: usize, is_straight: bool) -> String {
    let (distance, name) = (if is_distant { 'd' } else { 'c' }, SECTORS[sector % 8]);
    if is_straight { format!("{distance}s{}", &name[1..]) } else { format!("{distance}{name}") }
}

#[cfg(test)]
mod tests {
    use super::super::WideSet;
    use super::super::wide::TURNS;
    use super::*;
    use crate::scratch::Random;

    type Point = (f64, f64);

    fn one(a: Point, b: Point, c: Point) -> WideSet {
        let calculus = calculus();
        let name = if a != b {
            of(a, b, c)
        } else if b == c {
            "tri".to_owned()
        } else {
            "dou".to_owned()
        };
        WideSet::one(calculus.index(&name).expect("it is a relation"))
    }

    /// Points on a small grid: they meet all borders often, and no direction is nearly on an axis (which counts as on it) without being so.
    fn points(random: &mut Random) -> [Point; 4] {
        std::array::from_fn(|_| (random.below(10) as f64, random.below(10) as f64))
    }

    #[test]
    fn turns_and_composition_hold_for_points() {
        let calculus = calculus();
        let mut random = Random::new(8);
        for _ in 0..60_000 {
            let [a, b, c, d] = points(&mut random);
            let set = calculus.compose(one(a, b, c), one(b, c, d));
            assert!(one(a, b, d).within(set), "{a:?} {b:?} {c:?} {d:?}");
            for (way, places) in TURNS.iter().enumerate() {
                let turned = places.map(|place| [a, b, c][place]);
                let set = calculus.turn(way, one(a, b, c));
                assert!(one(turned[0], turned[1], turned[2]).within(set), "{way} {a:?} {b:?} {c:?}");
            }
        }
    }

    /// What the tables leave does occur: points on a grid show all of it.
    #[test]
    fn turns_leave_what_occurs() {
        let calculus = calculus();
        let mut random = Random::new(9);
        let mut seen = vec![WideSet::NONE; TURNS.len() * tpcc_cells::COUNT];
        for _ in 0..400_000 {
            let [a, b, c, _] = points(&mut random);
            let relation = one(a, b, c).iter().next().expect("one");
            for (way, places) in TURNS.iter().enumerate() {
                let turned = places.map(|place| [a, b, c][place]);
                let cell = &mut seen[way * tpcc_cells::COUNT + relation];
                *cell = cell.or(one(turned[0], turned[1], turned[2]));
            }
        }
        let mut unseen = Vec::new();
        for (cell, seen) in seen.into_iter().enumerate() {
            let (way, r) = (cell / tpcc_cells::COUNT, cell % tpcc_cells::COUNT);
            let missing = calculus.turn(way, WideSet::one(r)).without(seen);
            if !missing.is_empty() {
                unseen.push(format!("{way} {} {}", calculus.names()[r], calculus.text(missing)));
            }
        }
        // the corners where a diagonal meets the distance of the walk, which no whole numbers reach
        assert_eq!(unseen, ["3 cbl crb", "3 clf cfr", "3 cfr clf", "3 crb cbl"]);
    }

    #[test]
    fn compositions_leave_what_occurs() {
        let calculus = calculus();
        let n = tpcc_cells::COUNT;
        let mut random = Random::new(10);
        let mut seen = vec![WideSet::NONE; n * n];
        // a relation of every kind, drawn by its sector and distance, so that thin ones come as often as wide ones
        let mut draw = |walk: Point| -> Point {
            let angle = random.below(16) as f64 * std::f64::consts::FRAC_PI_8
                + (random.unit() - 0.5) * [0.0, 0.02, 0.4][random.below(3)];
            let length =
                [1.0, 0.999, 1.001, 0.02, 50.0, 0.5 + random.unit(), random.unit(), 1.42][random.below(8)];
            let (cos, sin) = (length * libm::cos(angle), length * libm::sin(angle));
            (walk.0 * cos - walk.1 * sin, walk.0 * sin + walk.1 * cos)
        };
        let sum = |p: Point, v: Point| (p.0 + v.0, p.1 + v.1);
        let (a, b) = ((-1.0, 0.0), (0.0, 0.0));
        for _ in 0..1_500_000 {
            let walk = draw((1.0, 0.0));
            let c = sum(b, walk);
            let d = sum(c, draw(walk));
            let index = |set: WideSet| set.iter().next().expect("one");
            let cell = &mut seen[index(one(a, b, c)) * n + index(one(b, c, d))];
            *cell = cell.or(one(a, b, d));
        }
        let wide = |r: usize| (1..25).contains(&r) && (r - 1) % 12 < 8;
        for (cell, seen) in seen.into_iter().enumerate() {
            if wide(cell / n) && wide(cell % n) {
                let set = calculus.compose(WideSet::one(cell / n), WideSet::one(cell % n));
                let set: WideSet = set.iter().filter(|&r| wide(r)).collect();
                let seen: WideSet = seen.iter().filter(|&r| wide(r)).collect();
                let (first, second) = (&calculus.names()[cell / n], &calculus.names()[cell % n]);
                assert_eq!(calculus.text(set), calculus.text(seen), "{first} ∘ {second}");
            }
        }
    }

    #[test]
    fn compositions_at_the_borders() {
        let calculus = calculus();
        let composed = |a: &str, b: &str| {
            let one = |name| WideSet::one(calculus.index(name).expect("it exists"));
            calculus.text(calculus.compose(one(a), one(b)))
        };
        // straight on, and straight on
        assert_eq!(composed("csb", "csb"), "csb dsb");
        assert_eq!(composed("dsb", "csb"), "dsb");
        // back by at most as far as he came: never past B, and at B when all the way
        assert_eq!(composed("csb", "csf"), "sam csb");
        assert_eq!(composed("dsb", "csf"), "sam csb dsb");
        assert_eq!(composed("csb", "dsf"), "csf dsf");
        assert_eq!(composed("sam", "csb"), "");
    }

    #[test]
    fn neighbours_share_a_border() {
        let calculus = calculus();
        let has = |a: &str, b: &str| {
            let at = |name| calculus.index(name).expect("it exists");
            assert_eq!(calculus.neighbours(at(a)).has(at(b)), calculus.neighbours(at(b)).has(at(a)));
            calculus.neighbours(at(a)).has(at(b))
        };
        assert!(has("csb", "clb") && has("csb", "crb") && has("clb", "cbl") && has("csb", "dsb"));
        assert!(has("sam", "clb") && has("dou", "dlf") && has("tri", "sam"));
        assert!(!has("clb", "crb") && !has("csb", "csl") && !has("sam", "dlb") && !has("csb", "cbl"));
        // over the corner, which is close and of the further sector
        assert!(has("cbl", "dlb") && !has("clb", "dbl"));
    }
}
