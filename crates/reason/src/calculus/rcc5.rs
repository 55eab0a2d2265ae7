//! Regions whose boundaries do not count.
//!
//! Bennett, Spatial reasoning with propositional logics, KR 1994.

use super::{Algebra, Calculus, Rect, Relations, Tractable, rcc8};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// RCC-5: RCC-8 without boundaries; closure decides networks of the 28 sets of Ĥ5 (Jonsson and Drakengren 1997).
#[derive(Clone, Copy, Debug)]
pub struct Rcc5;

/// Discrete, partially overlapping, proper part, its converse, equal.
pub const NAMES: [&str; 5] = ["dr", "po", "pp", "ppi", "eq"];

impl Calculus for Rcc5 {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "rcc5",
            about: "two regions, boundaries apart: discrete, overlapping, part of, equal",
            source: "reason/src/calculus/rcc5.rs",
            paper: Some("Bennett, Spatial reasoning with propositional logics, KR 1994"),
            example: "relation(all(\"bus\"), all(\"car\"), calculus: rcc5, at: 2 s)",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        Some(algebra())
    }
}

/// The algebra, coarser than [`rcc8::algebra`].
pub fn algebra() -> &'static Algebra {
    static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
    ALGEBRA.get_or_init(|| {
        let set = |parts: &[usize]| parts.iter().copied().collect::<Relations>();
        let parts = [
            (NAMES[0], set(&[rcc8::DC, rcc8::EC])),
            (NAMES[1], set(&[rcc8::PO])),
            (NAMES[2], set(&[rcc8::TPP, rcc8::NTPP])),
            (NAMES[3], set(&[rcc8::TPPI, rcc8::NTPPI])),
            (NAMES[4], set(&[rcc8::EQ])),
        ];
        Algebra::coarser("rcc5", rcc8::algebra(), &parts, 4)
            .expect("the parts cover RCC-8")
            .with_aliases(&[("dc", "dr"), ("ppc", "ppi"), ("=", "eq")])
            // without PO, part and whole at once are hard
            .with_tractable(Tractable::where_(5, |set| set.has(1) || !(set.has(2) && set.has(3))))
    })
}

/// The relation of two closed boxes of positive size.
pub fn of(a: &Rect, b: &Rect) -> usize {
    of_rcc8(rcc8::of(a, b))
}

/// What a relation of RCC-8 is without boundaries.
pub fn of_rcc8(relation: usize) -> usize {
    [0, 0, 1, 2, 2, 3, 3, 4].get(relation).copied().unwrap_or(0)
}
