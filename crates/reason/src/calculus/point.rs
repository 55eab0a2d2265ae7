//! Points on a line: before, at, after.
//!
//! Vilain and Kautz, Constraint propagation algorithms for temporal reasoning, AAAI 1986.

use super::{Algebra, Calculus, Tractable};
use crate::catalogue::Entry;
use std::cmp::Ordering;
use std::sync::OnceLock;

/// The point algebra over a dense line; closure decides every network (van Beek, Reasoning about qualitative temporal information, 1992).
#[derive(Clone, Copy, Debug)]
pub struct Point;

/// `a` is earlier than (or left of) `b`.
pub const BEFORE: usize = 0;
/// Both are the same.
pub const EQUAL: usize = 1;
/// `a` is later than (or right of) `b`.
pub const AFTER: usize = 2;

impl Calculus for Point {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "point",
            about: "two points on a line: < = >",
            source: "reason/src/calculus/point.rs",
            paper: Some(
                "Vilain and Kautz, Constraint propagation algorithms for temporal reasoning, AAAI 1986",
            ),
            example: "consistent(calculus: point, facts: [[\"a\", \"<\", \"b\"], [\"b\", \"<\", \"a\"]])",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        Some(algebra())
    }
}

/// The algebra, made from three points on three places.
pub fn algebra() -> &'static Algebra {
    static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
    ALGEBRA.get_or_init(|| {
        let places = (0..27).map(|i| (i / 9, i / 3 % 3, i % 3));
        let models = places.map(|(a, b, c): (i32, i32, i32)| (of(&a, &b), of(&b, &c), of(&a, &c)));
        Algebra::from_models("point", &["<", "=", ">"], EQUAL, vec![AFTER, EQUAL, BEFORE], models)
            .expect("three points make all cases")
            .with_neighbours(&[("<", "="), ("=", ">")])
            .with_tractable(Tractable::All)
    })
}

/// The base relation of two numbers; NaN is taken as after.
pub fn of<T: PartialOrd>(a: &T, b: &T) -> usize {
    match a.partial_cmp(b) {
        Some(Ordering::Less) => BEFORE,
        Some(Ordering::Equal) => EQUAL,
        _ => AFTER,
    }
}
