//! How two moving points move for each other: towards or away, to the left or to the right.
//!
//! Van de Weghe, Cohn, De Tré and De Maeyer, A qualitative trajectory calculus as a basis for representing moving objects in geographical
//! information systems, Control and Cybernetics 35, 2006. The reading over two samples is that of QSRlib.

use super::{Algebra, Calculus};
use crate::catalogue::Entry;

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

    fn algebra(&self) -> Option<&'static Algebra> {
        None
    }

    fn names(&self) -> Vec<String> {
        (0..9).map(|r| name(r, 2)).collect()
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

    fn algebra(&self) -> Option<&'static Algebra> {
        None
    }

    fn names(&self) -> Vec<String> {
        (0..81).map(|r| name(r, 4)).collect()
    }
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

/// How many signs change by how much between two relations: 0 for the same; neighbours change one sign by one, or several that were or become 0.
pub fn changes(a: usize, b: usize, signs: u32) -> usize {
    (0..signs).map(|k| (a / 3_usize.pow(k) % 3).abs_diff(b / 3_usize.pow(k) % 3)).sum()
}
