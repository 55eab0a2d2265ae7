//! Three points: where the third lies for one who came from the first to the second.
//!
//! Moratz and Ragni, Qualitative spatial reasoning about relative point position, Journal of Visual Languages and Computing 19, 2008.

use super::{Algebra, Calculus};
use crate::catalogue::Entry;

/// The ternary point configuration calculus: distance (d distant, c close), then direction: f b l r and their corners, the straight ones
/// with s.
#[derive(Clone, Copy, Debug)]
pub struct Tpcc;

/// Sectors of 45° counter-clockwise from straight back to the relatum as QSRlib names them, and with `s` on an axis.
const SECTORS: [&str; 8] = ["lb", "bl", "fl", "lf", "rf", "fr", "br", "rb"];

impl Calculus for Tpcc {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "tpcc",
            about: "three points: where the third lies for one who came from the first to the second, close or distant",
            source: "reason/src/calculus/tpcc.rs",
            paper: Some(
                "Moratz and Ragni, Qualitative spatial reasoning about relative point position, JVLC 2008",
            ),
            example: "relation(all(\"bus\"), all(\"car\"), third: all(\"dog\"), calculus: tpcc, at: 2 s)",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        None
    }

    fn names(&self) -> Vec<String> {
        let straight = ["sb", "sl", "sf", "sr"].iter();
        let mut names: Vec<String> = vec!["sam".to_owned()];
        for distance in ["c", "d"] {
            names.extend(SECTORS.iter().chain(straight.clone()).map(|s| format!("{distance}{s}")));
        }
        names
    }
}

/// The name of the relation of `referent` to `origin → relatum`, as QSRlib reads it.
///
/// The angle runs counter-clockwise from the direction of the walk to that of the referent, seen from the relatum.
/// A direction whose sine is within 1e-5 of 0 or of ±1 counts as on the axis.
pub fn of(origin: (f64, f64), relatum: (f64, f64), referent: (f64, f64)) -> String {
    if referent == relatum {
        return "sam".to_owned();
    }
    let walk = (relatum.0 - origin.0, relatum.1 - origin.1);
    let look = (referent.0 - relatum.0, referent.1 - relatum.1);
    let square = |v: (f64, f64)| v.0 * v.0 + v.1 * v.1;
    let distance = if square(look) > square(walk) { 'd' } else { 'c' };
    // who did not walk faces along x
    let walk = if square(walk) == 0.0 { (1.0, 0.0) } else { walk };
    let along = walk.0 * look.0 + walk.1 * look.1;
    let across = walk.0 * look.1 - walk.1 * look.0;
    // sectors of 45° by signs, from 0 counter-clockwise
    let sector = match (along >= 0.0, across >= 0.0) {
        (true, true) => usize::from(across >= along),
        (false, true) => 2 + usize::from(-along >= across),
        (false, false) => 4 + usize::from(-across >= -along),
        (true, false) => 6 + usize::from(along >= -across),
    };
    let sine = across / (square(walk) * square(look)).sqrt();
    let name = SECTORS[sector % 8];
    if sine.abs() < 1e-5 || sine.abs() > 0.99999 {
        // the letter of the axis stays, the other one says straight
        return format!("{distance}s{}", &name[1..]);
    }
    format!("{distance}{name}")
}
