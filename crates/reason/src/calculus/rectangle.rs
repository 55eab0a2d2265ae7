//! Boxes along the axes: Allen's relation on each axis.
//!
//! Balbiani, Condotta and Fariñas del Cerro, A tractable subclass of the block algebra, IJCAI 1999; Güsgen, Spatial reasoning based on
//! Allen's temporal logic, 1989.

use super::{Algebra, Calculus, Rect, Relations, allen};
use crate::catalogue::Entry;

/// The rectangle algebra: 169 pairs of Allen relations, written `d,<`. Both axes are independent, so networks of pairs are two networks of
/// intervals: see [`crate::constraint::Boxes`].
#[derive(Clone, Copy, Debug)]
pub struct Rectangle;

impl Calculus for Rectangle {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "rectangle",
            about: "two boxes along the axes: Allen's relation on each axis, such as d,<",
            source: "reason/src/calculus/rectangle.rs",
            paper: Some(
                "Balbiani, Condotta and Farinas del Cerro, A tractable subclass of the block algebra, IJCAI 1999",
            ),
            example: "relation(all(\"bus\"), all(\"car\"), calculus: rectangle, at: 2 s)",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        None
    }

    fn names(&self) -> Vec<String> {
        (0..169).map(name).collect()
    }
}

/// `x * 13 + y`, each as in [`allen::NAMES`].
pub fn of(a: &Rect, b: &Rect) -> usize {
    allen::of(a.x.0, a.x.1, b.x.0, b.x.1) * 13 + allen::of(a.y.0, a.y.1, b.y.0, b.y.1)
}

/// `d,<` for a relation.
pub fn name(relation: usize) -> String {
    let part = |r: usize| allen::NAMES.get(r).copied().unwrap_or("?");
    format!("{},{}", part(relation / 13), part(relation % 13))
}

/// The relation of this name.
pub fn index(name: &str) -> Option<usize> {
    let (x, y) = name.split_once(',')?;
    let part = |s: &str| allen::algebra().index(s.trim());
    Some(part(x)? * 13 + part(y)?)
}

/// What two relations can amount to, axis by axis: every pair of the two sets.
pub fn compose(ab: usize, bc: usize) -> (Relations, Relations) {
    let part = |a: usize, b: usize| allen::algebra().compose(Relations::one(a), Relations::one(b));
    (part(ab / 13, bc / 13), part(ab % 13, bc % 13))
}
