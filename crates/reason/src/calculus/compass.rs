//! Where one point lies from another, in eight sectors of 45° around the compass.
//!
//! Frank, Qualitative spatial reasoning: cardinal directions as an example, IJGIS 10, 1996 (cone-based directions).

use super::{Algebra, Calculus};
use crate::catalogue::Entry;

/// Cone-based cardinal directions: `n` is the 45° around north. Read off geometry; its composition says nothing more than
/// [`cardinal`](super::cardinal)'s where sectors are wide, and has no published table.
#[derive(Clone, Copy, Debug)]
pub struct Compass;

/// From north clockwise, and at the same place.
pub const NAMES: [&str; 9] = ["n", "ne", "e", "se", "s", "sw", "w", "nw", "eq"];

/// tan 22.5°, the slope at which one sector ends.
pub(crate) const SLOPE: f64 = std::f64::consts::SQRT_2 - 1.0;

impl Calculus for Compass {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "compass",
            about: "where one point lies from another, in eight sectors of 45 degrees: n ne e se s sw w nw eq",
            source: "reason/src/calculus/compass.rs",
            paper: Some(
                "Frank, Qualitative spatial reasoning: cardinal directions as an example, IJGIS 1996",
            ),
            example: "relation(all(\"bus\"), all(\"car\"), calculus: compass, at: 2 s)",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        None
    }

    fn names(&self) -> Vec<String> {
        NAMES.map(str::to_owned).to_vec()
    }
}

/// Where `a` lies as seen from `b`: `(east, north)` each.
pub fn of(a: (f64, f64), b: (f64, f64)) -> usize {
    let (east, north) = (a.0 - b.0, a.1 - b.1);
    let sign = |v: f64| i8::from(v > 0.0) - i8::from(v < 0.0);
    of_signs(&features(east, north).map(sign))
}

/// What decides: east, north, and on which side of the four borders between sectors.
pub(crate) fn features(east: f64, north: f64) -> [f64; 6] {
    [east, north, north - SLOPE * east, north + SLOPE * east, SLOPE * north - east, SLOPE * north + east]
}

/// The sector of the signs of [`features`].
pub(crate) fn of_signs(signs: &[i8]) -> usize {
    let &[east, north, a, b, c, d] = signs else { return 8 };
    match (east, north) {
        (0, 0) => 8,
        // a border counts to the sector that begins there, clockwise
        _ if north > 0 && c > 0 && d >= 0 => 0,
        _ if north > 0 && east > 0 && a > 0 => 1,
        _ if east > 0 && a <= 0 && b > 0 => 2,
        _ if north < 0 && east > 0 && d > 0 => 3,
        _ if north < 0 && c < 0 && d <= 0 => 4,
        _ if north < 0 && east < 0 && a < 0 => 5,
        _ if east < 0 && a >= 0 && b < 0 => 6,
        _ => 7,
    }
}
