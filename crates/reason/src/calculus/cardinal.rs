//! Points of the plane by compass: north, north-east and so on, with strict axes.
//!
//! Ligozat, Reasoning about cardinal directions, Journal of Visual Languages and Computing 9, 1998.

use super::{Algebra, Calculus, Relations, Tractable, point};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// The projection-based cardinal directions: the point algebra on each axis. Closure decides networks whose sets are a product of one
/// set for each axis.
///
/// Its `n` is exactly north; [`sector`](crate::calculus::sector) has the reading by 45° sectors.
#[derive(Clone, Copy, Debug)]
pub struct Cardinal;

/// West to east, and within that south to north: `x * 3 + y` of the point algebra, 0 less, 1 equal, 2 greater.
pub const NAMES: [&str; 9] = ["sw", "w", "nw", "s", "eq", "n", "se", "e", "ne"];

impl Calculus for Cardinal {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "cardinal",
            about: "two points of the plane: n ne e se s sw w nw eq, n being exactly north",
            source: "reason/src/calculus/cardinal.rs",
            paper: Some("Ligozat, Reasoning about cardinal directions, JVLC 1998"),
            example: "entailed(\"a\", \"c\", calculus: cardinal, facts: [[\"a\", \"n\", \"b\"], [\"b\", \"ne\", \"c\"]])",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        Some(algebra())
    }
}

/// The algebra, the point algebra times itself.
pub fn algebra() -> &'static Algebra {
    static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
    ALGEBRA.get_or_init(|| {
        let side = point::algebra();
        let is_product = |set: Relations| {
            let east: Relations = set.iter().map(|r| r / 3).collect();
            let north: Relations = set.iter().map(|r| r % 3).collect();
            set.count() == east.count() * north.count()
        };
        Algebra::product("cardinal", &NAMES, side, side)
            .expect("a product of algebras is one")
            .with_tractable(Tractable::where_(9, is_product))
    })
}

/// Where `a` lies as seen from `b`: `(east, north)` each.
pub fn of(a: (f64, f64), b: (f64, f64)) -> usize {
    point::of(&a.0, &b.0) * 3 + point::of(&a.1, &b.1)
}
