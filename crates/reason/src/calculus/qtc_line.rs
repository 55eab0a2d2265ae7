//! How two points on a line move for each other: towards or away.
//!
//! Van de Weghe, Cohn, De Maeyer and Witlox, Representing moving objects in computer-based expert systems: the overtake event example,
//! Expert Systems with Applications 29, 2005 (QTC of one dimension).

use super::{Calculus, Wide, WideSet, qtc};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// The basic qualitative trajectory calculus on a line: 9 relations `k,l`, each `-` towards the other, `0` standing, or `+` away.
///
/// Unlike in the plane, 0 means that a point stands, so that relations compose: one that goes towards two others has both on one side.
/// Points are at different places.
#[derive(Clone, Copy, Debug)]
pub struct QtcLine;

impl Calculus for QtcLine {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "qtc-line",
            about: "two moving points on a line (a road, a queue): towards, standing or away from each other",
            source: "reason/src/calculus/qtc_line.rs",
            paper: Some(
                "Van de Weghe et al., Representing moving objects in computer-based expert systems, ESWA 2005",
            ),
            example: "entailed(\"a\", \"c\", calculus: qtc_line, facts: [[\"a\", \"-,-\", \"b\"], [\"b\", \"+,0\", \"c\"]])",
        }
    }

    fn wide(&self) -> Option<&'static Wide> {
        Some(calculus())
    }
}

/// The tables, made once.
///
/// # Panics
/// Never: the orders of three points make a calculus, as a test shows.
pub fn calculus() -> &'static Wide {
    static CALCULUS: OnceLock<Wide> = OnceLock::new();
    CALCULUS.get_or_init(|| {
        // every order of three points on a line, every way that each goes: all that the relations can tell apart
        let mut composition = vec![WideSet::NONE; 81];
        for places in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            for ways in 0..27 {
                let points = [0, 1, 2].map(|p| (places[p], [-1, 0, 1][ways / 3_usize.pow(p as u32) % 3]));
                let cell = of(points[0], points[1]) * 9 + of(points[1], points[2]);
                composition[cell] = composition[cell].or(WideSet::one(of(points[0], points[2])));
            }
        }
        let converse: Vec<usize> = (0..9).map(|r| r % 3 * 3 + r / 3).collect();
        Wide::pairs("qtc_line", (0..9).map(|r| qtc::name(r, 2)).collect(), None, &converse, composition)
            .expect("orders of points make a calculus")
            .with_neighbours(|a, b| qtc::is_next(a, b, 2))
    })
}

/// The relation of two points on a line, each with its place and the sign of its speed; they are at different places.
pub fn of(k: (i64, i8), l: (i64, i8)) -> usize {
    let side = if l.0 > k.0 { 1 } else { -1 };
    // towards the other is −1
    qtc::index(&[-side * k.1.signum(), side * l.1.signum()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed(a: &str, b: &str) -> String {
        let calculus = calculus();
        let one = |name| WideSet::one(calculus.index(name).expect("it exists"));
        calculus.text(calculus.compose(one(a), one(b)))
    }

    #[test]
    fn a_point_between_two_others_passes_on_what_they_do() {
        // l goes towards k and away from m, so it lies between them
        assert_eq!(composed("-,-", "+,0"), "-,0");
        // l goes towards both: they are on one side of it, in either order
        assert_eq!(composed("-,-", "-,+"), "-,- +,+");
        // l stands for k and goes for m: that cannot be
        assert_eq!(composed("-,0", "-,-"), "");
        assert_eq!(composed("0,0", "0,0"), "0,0");
    }
}
