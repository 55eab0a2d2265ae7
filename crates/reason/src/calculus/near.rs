//! How far, in classes.
//!
//! Clementini, Di Felice and Hernández, Qualitative representation of positional information, Artificial Intelligence 95, 1997.

use super::{Algebra, Calculus};
use crate::catalogue::Entry;

/// Distance classes with stated limits; the default ones are those of QSRlib's tests.
#[derive(Clone, Copy, Debug)]
pub struct Near;

/// From the nearest.
pub const NAMES: [&str; 4] = ["close", "near", "far", "veryfar"];

/// The greatest distance of each class but the last, in the caller's unit.
pub const LIMITS: [f64; 3] = [10.0, 20.0, 30.0];

impl Calculus for Near {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "near",
            about: "distance in classes with stated limits: close, near, far, veryfar",
            source: "reason/src/calculus/near.rs",
            paper: Some(
                "Clementini, Di Felice and Hernandez, Qualitative representation of positional information, AIJ 1997",
            ),
            example: "relation(all(\"bus\"), all(\"car\"), calculus: near, limits: [20, 60, 200], at: 2 s)",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        None
    }

    fn names(&self) -> Vec<String> {
        NAMES.map(str::to_owned).to_vec()
    }
}

/// The class of the distance between two points: at a limit, the nearer one.
pub fn of(a: (f64, f64), b: (f64, f64), limits: &[f64; 3]) -> usize {
    let square = (a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1);
    limits.iter().filter(|&&limit| square > limit * limit).count()
}
