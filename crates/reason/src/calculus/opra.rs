//! Oriented points: where each lies as the other one faces.
//!
//! Mossakowski and Moratz, Qualitative reasoning about relative direction of oriented points, Artificial Intelligence 180-181, 2012.

use super::{Algebra, Calculus, Relations};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// OPRA with granularity 1: 16 relations `i_j` (the other lies in direction i, and this one, seen from there, in j) and 4 `s_k` at the same
/// place, the other facing direction k. Direction 0 is straight ahead, 1 to the left, 2 straight behind, 3 to the right.
///
/// No set is known to be decided by its closure: a network without contradiction there is undecided.
#[derive(Clone, Copy, Debug)]
pub struct Opra1;

/// A point that faces a direction: east and north, of any length but zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oriented {
    /// Where it is.
    pub at: (f64, f64),
    /// Where it faces.
    pub facing: (f64, f64),
}

impl Calculus for Opra1 {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "opra1",
            about: "two oriented points: where each lies for the other, ahead, left, behind or right",
            source: "reason/src/calculus/opra.rs",
            paper: Some(
                "Mossakowski and Moratz, Qualitative reasoning about relative direction of oriented points, AIJ 2012",
            ),
            example: "entailed(\"a\", \"c\", calculus: opra1, facts: [[\"a\", \"0_2\", \"b\"], [\"b\", \"0_2\", \"c\"]])",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        Some(algebra())
    }
}

/// The relation of two oriented points; none where one faces nowhere.
pub fn of(a: &Oriented, b: &Oriented) -> Option<usize> {
    let direction = |facing: (f64, f64), to: (f64, f64)| -> Option<usize> {
        let (along, across) = (facing.0 * to.0 + facing.1 * to.1, facing.0 * to.1 - facing.1 * to.0);
        (along != 0.0 || across != 0.0).then(|| match (across > 0.0, across < 0.0) {
            (true, _) => 1,
            (_, true) => 3,
            _ => 2 * usize::from(along < 0.0),
        })
    };
    let to = (b.at.0 - a.at.0, b.at.1 - a.at.1);
    if to == (0.0, 0.0) {
        return Some(16 + direction(a.facing, b.facing)?);
    }
    Some(direction(a.facing, to)? * 4 + direction(b.facing, (-to.0, -to.1))?)
}

/// The algebra, by the published condition on turns and triangles.
pub fn algebra() -> &'static Algebra {
    static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
    ALGEBRA.get_or_init(|| {
        let (m, n) = (1, 4);
        let place = |r: usize| {
            if r < 16 { Place::Apart((r / 4) as i32, (r % 4) as i32) } else { Place::Same(r as i32 - 16) }
        };
        let names: Vec<String> = (0..20)
            .map(|r| match place(r) {
                Place::Apart(i, j) => format!("{i}_{j}"),
                Place::Same(k) => format!("s_{k}"),
            })
            .collect();
        let converse = (0..20)
            .map(|r| match place(r) {
                Place::Apart(i, j) => (j * 4 + i) as usize,
                Place::Same(k) => 16 + ((n - k) % n) as usize,
            })
            .collect();
        let composition = (0..400)
            .map(|cell| {
                let (ab, bc) = (place(cell / 20), place(cell % 20));
                (0..20).filter(|&ac| composes(m, ab, bc, place(ac))).collect::<Relations>()
            })
            .collect();
        Algebra::new("opra1", names, 16, converse, composition)
            .expect("the published algorithm makes an algebra")
    })
}

#[derive(Clone, Copy)]
enum Place {
    /// The other lies in the first direction; from there, this one lies in the second.
    Apart(i32, i32),
    /// Same place, the other faces this direction.
    Same(i32),
}

/// Whether the three can occur together (Algorithm 1 of the paper).
fn composes(m: i32, ab: Place, bc: Place, ac: Place) -> bool {
    let n = 4 * m;
    match (ab, bc, ac) {
        (Place::Same(i), Place::Same(k), Place::Same(s)) => turn(m, i, k, -s),
        (Place::Same(_), Place::Same(_), _) | (Place::Same(_), Place::Apart(..), Place::Same(_)) => false,
        (Place::Apart(..), Place::Same(_), Place::Same(_)) => false,
        // b stands where a stands: c lies in one direction for both, turned
        (Place::Same(i), Place::Apart(k, l), Place::Apart(s, t)) => l == t && turn(m, i, k, -s),
        // c stands where b stands
        (Place::Apart(i, j), Place::Same(k), Place::Apart(s, t)) => i == s && turn(m, t, k, -j),
        // c stands where a stands
        (Place::Apart(i, j), Place::Apart(k, l), Place::Same(s)) => j == k && turn(m, l, s, -i),
        (Place::Apart(i, j), Place::Apart(k, l), Place::Apart(s, t)) => (0..n).any(|u| {
            turn(m, u, -i, s)
                && (0..n)
                    .any(|v| turn(m, v, -k, j) && (0..n).any(|w| turn(m, w, -t, l) && triangle(m, u, v, w)))
        }),
    }
}

/// Whether the three directions can add up to whole turns: sectors added to sectors leave room, lines do not.
fn turn(m: i32, i: i32, j: i32, k: i32) -> bool {
    let n = 4 * m;
    let sum = (i + j + k + 2 * m).rem_euclid(n) - 2 * m;
    sum.abs() <= (i.rem_euclid(2)) * (j.rem_euclid(2))
}

/// Whether the three can be the angles of a triangle: of one sense of rotation, half a turn in sum, flat ones with care.
fn triangle(m: i32, i: i32, j: i32, k: i32) -> bool {
    let sign = |i: i32| {
        let i = i.rem_euclid(4 * m);
        if i % (2 * m) == 0 {
            0
        } else if i < 2 * m {
            1
        } else {
            -1
        }
    };
    let flat = |i: i32| i.rem_euclid(4 * m) == 2 * m;
    turn(m, i, j, k - 2 * m) && !(flat(i) && flat(j) && flat(k)) && sign(i) == sign(j) && sign(j) == sign(k)
}
