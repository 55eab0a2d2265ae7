//! How two moving points move for each other: towards or away, to the left or to the right.
//!
//! Van de Weghe, Cohn, De Tré and De Maeyer, A qualitative trajectory calculus as a basis for representing moving objects in geographical
//! information systems, Control and Cybernetics 35, 2006. The reading over two samples is that of QSRlib.

use super::{Calculus, Wide, WideSet, opra};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// The basic qualitative trajectory calculus: 9 relations `k,l`, each `-` towards the other, `0`, or `+` away.
#[derive(Clone, Copy, Debug)]
pub struct QtcB;

/// The double-cross one: 81 relations `k,l,side of k,side of l`, sides `-` left, `0`, `+` right of the line to the other.
#[derive(Clone, Copy, Debug)]
pub struct QtcC;

impl Calculus for QtcB {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "qtc-b",
            about: "two moving points: towards, steady or away from each other",
            source: "reason/src/calculus/qtc.rs",
            paper: Some(
                "Van de Weghe et al., A qualitative trajectory calculus, Control and Cybernetics 2006",
            ),
            example: "relations_over_time(all(\"bus\"), all(\"car\"), calculus: qtc_b)",
        }
    }

    fn wide(&self) -> Option<&'static Wide> {
        Some(basic())
    }
}

impl Calculus for QtcC {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "qtc-c",
            about: "two moving points: towards or away, and to the left or right of the line between them",
            source: "reason/src/calculus/qtc.rs",
            paper: Some(
                "Van de Weghe et al., A qualitative trajectory calculus, Control and Cybernetics 2006",
            ),
            example: "relations_over_time(all(\"bus\"), all(\"car\"), calculus: qtc_c)",
        }
    }

    fn wide(&self) -> Option<&'static Wide> {
        Some(double_cross())
    }
}

/// The tables of [`QtcB`], made once: every relation of k to l and l to m leaves every relation of k to m, except that nothing is known of
/// speeds. So networks of these relations never contradict themselves in the plane; [`super::qtc_line`] says more on a line.
///
/// # Panics
/// Never: they are the double-cross tables with the sides left out.
pub fn basic() -> &'static Wide {
    static CALCULUS: OnceLock<Wide> = OnceLock::new();
    CALCULUS.get_or_init(|| {
        let fine = double_cross();
        // the first two signs of four
        let parts: Vec<WideSet> = (0..9).map(|r| (r * 9..r * 9 + 9).collect()).collect();
        let composition = (0..81)
            .map(|cell| {
                let set = fine.compose(parts[cell / 9], parts[cell % 9]);
                (0..9).filter(|&r| !parts[r].and(set).is_empty()).collect()
            })
            .collect();
        let converse: Vec<usize> = (0..9).map(|r| r % 3 * 3 + r / 3).collect();
        Wide::pairs("qtc_b", (0..9).map(|r| name(r, 2)).collect(), None, &converse, composition)
            .expect("coarser tables of a calculus are one")
            .with_neighbours(|a, b| is_next(a, b, 2))
    })
}

/// The tables of [`QtcC`], made once; points are at different places.
///
/// A point that moves faces where it goes, and its two signs say in which of the four quarters or on which of their borders the other
/// lies: the directions of the oriented point calculus with granularity 2, whose published composition is taken. A point that stands
/// (both signs 0) may be thought to face anywhere, but the same for all others.
///
/// # Panics
/// Never: a test checks the tables against moving points.
pub fn double_cross() -> &'static Wide {
    static CALCULUS: OnceLock<Wide> = OnceLock::new();
    CALCULUS.get_or_init(|| {
        let oriented = opra::Apart::new(2);
        // where the other lies for a point of these signs; standing ones face anywhere
        let facing = |relation: usize, along: u32, side: u32| -> (bool, Vec<usize>) {
            let sign = |k: u32| (relation / 3_usize.pow(3 - k) % 3) as i32 - 1;
            let direction = match (-sign(along), sign(side)) {
                (0, 0) => return (true, (0..8).collect()),
                (1, 0) => 0,
                (1, 1) => 1,
                (0, 1) => 2,
                (-1, 1) => 3,
                (-1, 0) => 4,
                (-1, _) => 5,
                (0, _) => 6,
                _ => 7,
            };
            (false, vec![direction])
        };
        let composition = (0..81 * 81)
            .map(|cell| {
                let (kl, lm) = (cell / 81, cell % 81);
                let ((k_stands, i), (l_stands, j)) = (facing(kl, 0, 2), facing(kl, 1, 3));
                let ((l_stood, k), (m_stands, l)) = (facing(lm, 0, 2), facing(lm, 1, 3));
                if l_stands != l_stood {
                    return WideSet::NONE;
                }
                let mut reached = [[false; 8]; 8];
                for &i in &i {
                    for &j in &j {
                        for &k in &k {
                            for &l in &l {
                                for (s, t) in oriented.compose(i, j, k, l) {
                                    reached[s][t] = true;
                                }
                            }
                        }
                    }
                }
                (0..81)
                    .filter(|&km| {
                        let ((k_stays, s), (m_stays, t)) = (facing(km, 0, 2), facing(km, 1, 3));
                        k_stays == k_stands
                            && m_stays == m_stands
                            && s.iter().any(|&s| t.iter().any(|&t| reached[s][t]))
                    })
                    .collect()
            })
            .collect();
        let converse: Vec<usize> =
            (0..81).map(|r| r / 9 % 3 * 27 + r / 27 * 9 + r % 3 * 3 + r / 3 % 3).collect();
        Wide::pairs("qtc_c", (0..81).map(|r| name(r, 4)).collect(), None, &converse, composition)
            .expect("oriented points make a calculus")
            .with_neighbours(|a, b| is_next(a, b, 4))
    })
}

/// `-,0,+,+` for a relation of 2 (B) or 4 (C) signs: base three, the first sign the highest, 0 for `-`.
pub fn name(relation: usize, signs: u32) -> String {
    let sign = |k: u32| ["-", "0", "+"][relation / 3_usize.pow(signs - 1 - k) % 3];
    (0..signs).map(sign).collect::<Vec<_>>().join(",")
}

/// The relation of these signs, -1, 0 or 1 each.
pub fn index(signs: &[i8]) -> usize {
    signs.iter().fold(0, |all, &sign| all * 3 + (sign + 1) as usize)
}

/// The four signs of one step from `(k, l)` to `(k_next, l_next)`: k and l towards (-1) or away (1), then the sides to which k and l step, -1 left.
///
/// A step of at most `still` (in the caller's unit) along or across counts as none. Points at the same place have no line between them:
/// all signs are 0 then.
pub fn step(k: [(f64, f64); 2], l: [(f64, f64); 2], still: f64) -> [i8; 4] {
    let line = (l[0].0 - k[0].0, l[0].1 - k[0].1);
    let length = (line.0 * line.0 + line.1 * line.1).sqrt();
    if length == 0.0 {
        return [0; 4];
    }
    let sign = |v: f64| i8::from(v > still * length) - i8::from(v < -still * length);
    let moved = |p: [(f64, f64); 2]| (p[1].0 - p[0].0, p[1].1 - p[0].1);
    let along = |v: (f64, f64)| v.0 * line.0 + v.1 * line.1;
    let across = |v: (f64, f64)| line.0 * v.1 - line.1 * v.0;
    let (k, l) = (moved(k), moved(l));
    // l looks the other way, so that its towards and its left are turned
    [sign(-along(k)), sign(along(l)), sign(-across(k)), sign(across(l))]
}

/// Whether the first can turn into the second without another between: signs leave 0 together or come to 0 together, never both at
/// once, since a sign is 0 for an instant before it leaves (Galton's dominance).
pub fn is_next(a: usize, b: usize, signs: u32) -> bool {
    let sign = |relation: usize, k: u32| (relation / 3_usize.pow(k) % 3) as i32 - 1;
    let all = |is: &dyn Fn(i32, i32) -> bool| {
        (0..signs).all(|k| sign(a, k) == sign(b, k) || is(sign(a, k), sign(b, k)))
    };
    a != b && (all(&|from, _| from == 0) || all(&|_, to| to == 0))
}

/// How many signs change by how much between two relations: 0 for the same; neighbours change one sign by one, or several that were or become 0.
pub fn changes(a: usize, b: usize, signs: u32) -> usize {
    (0..signs).map(|k| (a / 3_usize.pow(k) % 3).abs_diff(b / 3_usize.pow(k) % 3)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Random;

    /// Three points that stand or go to one of the eight neighbours on a grid.
    fn models(seed: u64, count: usize) -> impl Iterator<Item = [usize; 3]> {
        let mut random = Random::new(seed);
        let mut models = 0;
        std::iter::from_fn(move || {
            while models < count {
                models += 1;
                let mut place = || (random.below(9) as f64, random.below(9) as f64);
                let at = [place(), place(), place()];
                let go = [0, 1, 2].map(|_| (random.below(5) as f64 - 2.0, random.below(5) as f64 - 2.0));
                if at[0] == at[1] || at[1] == at[2] || at[0] == at[2] {
                    continue;
                }
                let of = |k: usize, l: usize| {
                    let path = |p: usize| [at[p], (at[p].0 + go[p].0, at[p].1 + go[p].1)];
                    index(&step(path(k), path(l), 0.0))
                };
                return Some([of(0, 1), of(1, 2), of(0, 2)]);
            }
            None
        })
    }

    #[test]
    fn double_cross_composition_holds_for_moving_points() {
        let calculus = double_cross();
        for [kl, lm, km] in models(3, 30_000) {
            let set = calculus.compose(WideSet::one(kl), WideSet::one(lm));
            assert!(set.has(km), "{} ∘ {} has no {}", name(kl, 4), name(lm, 4), name(km, 4));
        }
    }

    /// Nothing is too many among the relations without a 0: what composition leaves there does occur.
    #[test]
    fn double_cross_composition_leaves_what_occurs() {
        let calculus = double_cross();
        let mut seen = vec![WideSet::NONE; 81 * 81];
        let mut random = Random::new(4);
        for _ in 0..1_000_000 {
            let mut anywhere = || (random.unit() - 0.5, random.unit() - 0.5);
            let at = [anywhere(), anywhere(), anywhere()];
            let go = [anywhere(), anywhere(), anywhere()];
            let path = |p: usize| [at[p], (at[p].0 + go[p].0, at[p].1 + go[p].1)];
            let of = |k: usize, l: usize| index(&step(path(k), path(l), 0.0));
            let cell = &mut seen[of(0, 1) * 81 + of(1, 2)];
            *cell = cell.or(WideSet::one(of(0, 2)));
        }
        let open = |r: usize| (0..4).all(|k| r / 3_usize.pow(k) % 3 != 1);
        for (kl, lm) in (0..81 * 81).map(|cell| (cell / 81, cell % 81)).filter(|&(a, b)| open(a) && open(b)) {
            let set = calculus.compose(WideSet::one(kl), WideSet::one(lm));
            let set: WideSet = set.iter().filter(|&r| open(r)).collect();
            let (first, second) = (name(kl, 4), name(lm, 4));
            assert_eq!(calculus.text(set), calculus.text(seen[kl * 81 + lm]), "{first} ∘ {second}");
        }
    }

    #[test]
    fn in_the_plane_the_basic_calculus_composes_to_everything() {
        let calculus = basic();
        for cell in 0..81 {
            let set = calculus.compose(WideSet::one(cell / 9), WideSet::one(cell % 9));
            assert_eq!(set, calculus.universal());
        }
    }

    #[test]
    fn who_stands_for_one_stands_for_all() {
        let calculus = double_cross();
        let one = |name| WideSet::one(calculus.index(name).expect("it exists"));
        assert!(calculus.compose(one("-,0,0,0"), one("-,-,0,0")).is_empty());
        // k goes straight to l that goes straight on to m: m lies straight ahead of k
        assert_eq!(calculus.text(calculus.compose(one("-,+,0,0"), one("-,0,0,0"))), "-,0,0,0");
    }

    #[test]
    fn signs_pass_through_nothing() {
        let at = |name: &str| (0..9).find(|&r| super::name(r, 2) == name).expect("it exists");
        assert!(is_next(at("-,-"), at("0,0"), 2) && is_next(at("0,0"), at("-,-"), 2));
        assert!(!is_next(at("-,0"), at("0,-"), 2) && !is_next(at("-,-"), at("+,-"), 2));
    }
}
