//! Points of time that branches into the future: what may still come is not ordered against what may come instead.
//!
//! Broxvall and Jonsson, Point algebras for temporal reasoning, Artificial Intelligence 149, 2003.

use super::{Algebra, Calculus, Tractable};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// The point algebra of branching time. Closure decides networks of base relations: without contradiction they are the order of a forest,
/// and every forest fits a tree.
#[derive(Clone, Copy, Debug)]
pub struct Branching;

/// Before, same, after, on another branch.
pub const NAMES: [&str; 4] = ["<", "=", ">", "|"];

impl Calculus for Branching {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "branching",
            about: "two points of time with several futures: < = > or on different branches",
            source: "reason/src/calculus/branching.rs",
            paper: Some("Broxvall and Jonsson, Point algebras for temporal reasoning, AIJ 2003"),
            example: "entailed(\"a\", \"c\", calculus: branching, facts: [[\"a\", \"|\", \"b\"], [\"b\", \"<\", \"c\"]])",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        Some(algebra())
    }
}

/// The algebra, made from the nodes of a binary tree of depth four.
pub fn algebra() -> &'static Algebra {
    static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
    ALGEBRA.get_or_init(|| {
        // node i has the children 2i and 2i + 1
        let is_above =
            |a: usize, b: usize| std::iter::successors(Some(b / 2), |&b| Some(b / 2)).take(4).any(|b| b == a);
        let relation = |a, b| {
            if a == b {
                1
            } else if is_above(a, b) {
                0
            } else if is_above(b, a) {
                2
            } else {
                3
            }
        };
        let nodes = || 1..32;
        let models = nodes()
            .flat_map(|a| nodes().flat_map(move |b| nodes().map(move |c| (a, b, c))))
            .map(|(a, b, c)| (relation(a, b), relation(b, c), relation(a, c)));
        Algebra::from_models("branching", &NAMES, 1, vec![2, 1, 0, 3], models)
            .expect("a tree of depth four makes all cases")
            .with_neighbours(&[("<", "="), ("=", ">")])
            .with_tractable(Tractable::Base)
    })
}
