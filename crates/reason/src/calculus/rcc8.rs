//! Regions: disconnected, touching, overlapping, inside.
//!
//! Randell, Cui and Cohn, A spatial logic based on regions and connection, KR 1992. Tractable sets: Renz and Nebel, On the complexity of
//! qualitative spatial reasoning, Artificial Intelligence 108, 1999.

use super::{Algebra, Calculus, Rect, Relations, Tractable};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// RCC-8; closure decides networks of the 148 sets of Ĥ8.
#[derive(Clone, Copy, Debug)]
pub struct Rcc8;

/// Disconnected, externally connected, partially overlapping, tangential and non-tangential proper part, their converses, equal.
pub const NAMES: [&str; 8] = ["dc", "ec", "po", "tpp", "ntpp", "tppi", "ntppi", "eq"];

/// Position of disconnected.
pub const DC: usize = 0;
/// Position of externally connected: only boundaries are shared.
pub const EC: usize = 1;
/// Position of partially overlapping.
pub const PO: usize = 2;
/// Position of tangential proper part.
pub const TPP: usize = 3;
/// Position of non-tangential proper part.
pub const NTPP: usize = 4;
/// Position of the converse of [`TPP`].
pub const TPPI: usize = 5;
/// Position of the converse of [`NTPP`].
pub const NTPPI: usize = 6;
/// Position of equal.
pub const EQ: usize = 7;

impl Calculus for Rcc8 {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "rcc8",
            about: "two regions: disconnected, touching, overlapping, inside with and without touching, equal",
            source: "reason/src/calculus/rcc8.rs",
            paper: Some("Randell, Cui and Cohn, A spatial logic based on regions and connection, KR 1992"),
            example: "when_related(all(\"bus\"), all(\"car\"), [\"tpp\", \"ntpp\"], calculus: rcc8)",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        Some(algebra())
    }
}

/// The algebra, made from the canonical models of RCC-8: a point and two open pieces beside it, each in any of three regions
/// (Renz, A canonical model of the region connection calculus, KR 1998).
pub fn algebra() -> &'static Algebra {
    static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
    ALGEBRA.get_or_init(|| {
        let demands: Vec<[Demand; 3]> =
            [(0, 1), (1, 2), (0, 2)].iter().fold(vec![[Demand::default(); 3]; 8], |mut all, &(x, y)| {
                let pair = [(0, 1), (1, 2), (0, 2)].iter().position(|&p| p == (x, y)).unwrap_or(0);
                for (relation, demand) in all.iter_mut().enumerate() {
                    demand[pair] = Demand::of(relation, x, y);
                }
                all
            });
        let mut models = Vec::new();
        for ab in 0..8 {
            for bc in 0..8 {
                for ac in 0..8 {
                    let all = [demands[ab][0], demands[bc][1], demands[ac][2]];
                    let allowed = !all.iter().fold(0, |forks, demand| forks | demand.never);
                    if all.iter().flat_map(|demand| demand.some).all(|some| some & allowed != 0) {
                        models.push((ab, bc, ac));
                    }
                }
            }
        }
        Algebra::from_models("rcc8", &NAMES, EQ, vec![DC, EC, PO, TPPI, NTPPI, TPP, NTPP, EQ], models)
            .expect("forks make all cases")
            .with_neighbours(&[
                ("dc", "ec"),
                ("ec", "po"),
                ("po", "tpp"),
                ("po", "tppi"),
                ("po", "eq"),
                ("tpp", "ntpp"),
                ("tppi", "ntppi"),
                ("tpp", "eq"),
                ("tppi", "eq"),
                ("ntpp", "eq"),
                ("ntppi", "eq"),
            ])
            .with_tractable(Tractable::where_(8, is_h8))
    })
}

/// The relation of two closed boxes. Touching boundaries are `ec` from outside, `tpp` from inside.
pub fn of(a: &Rect, b: &Rect) -> usize {
    quantised(a, b, 0.0)
}

/// The relation of two closed boxes when lengths up to `slack` (in the caller's unit) count as none, as QSRlib's quantisation factor has it:
/// gaps of more than two slacks are `dc`, of one to two `ec`; a part whose boundary comes within one slack is tangential.
pub fn quantised(a: &Rect, b: &Rect, slack: f64) -> usize {
    if a == b {
        return EQ;
    }
    let gaps = [b.x.0 - a.x.1, a.x.0 - b.x.1, b.y.0 - a.y.1, a.y.0 - b.y.1];
    if gaps.iter().any(|&gap| gap > 2.0 * slack) {
        return DC;
    }
    let inside = |p: &Rect, q: &Rect| p.x.0 >= q.x.0 && p.x.1 <= q.x.1 && p.y.0 >= q.y.0 && p.y.1 <= q.y.1;
    let near = |p: (f64, f64), q: (f64, f64)| {
        [p.0 - q.0, p.0 - q.1, p.1 - q.0, p.1 - q.1].iter().any(|d| d.abs() <= slack)
    };
    let is_tangential = near(a.x, b.x) || near(a.y, b.y);
    if inside(a, b) {
        return if is_tangential { TPP } else { NTPP };
    }
    if inside(b, a) {
        return if is_tangential { TPPI } else { NTPPI };
    }
    if gaps.iter().any(|&gap| gap >= slack) { EC } else { PO }
}

/// The relation of two boxes from Allen's relation on each axis.
pub fn of_axes(x: usize, y: usize) -> usize {
    // 0 apart, 1 touching, 2 sharing an inner point
    let meets = |r: usize| match r {
        0 | 12 => 0,
        1 | 11 => 1,
        _ => 2,
    };
    match meets(x).min(meets(y)) {
        0 => return DC,
        1 => return EC,
        _ => {}
    }
    // s = d f lie within, fi di si = around
    let within = |r: usize| matches!(r, 5 | 6 | 8 | 9);
    let around = |r: usize| matches!(r, 3 | 4 | 6 | 7);
    match (within(x) && within(y), around(x) && around(y)) {
        (true, true) => EQ,
        (true, _) => {
            if x == 8 && y == 8 {
                NTPP
            } else {
                TPP
            }
        }
        (_, true) => {
            if x == 4 && y == 4 {
                NTPPI
            } else {
                TPPI
            }
        }
        _ => PO,
    }
}

/// What a relation asks of the forks of a model: those that must not occur, and groups of which one must.
#[derive(Clone, Copy, Debug, Default)]
struct Demand {
    never: u64,
    some: [u64; 5],
}

impl Demand {
    fn of(relation: usize, x: usize, y: usize) -> Demand {
        let meets =
            forks(|p, q, r| (has(p, x) && has(p, y)) || (has(q, x) && has(q, y)) || (has(r, x) && has(r, y)));
        let overlaps = forks(|p, q, _| (has(p, x) && has(p, y)) || (has(q, x) && has(q, y)));
        let beyond = |x, y| forks(move |p, q, _| (has(p, x) && !has(p, y)) || (has(q, x) && !has(q, y)));
        // a point of x that is not an inner point of y
        let at_edge = |x, y| {
            forks(move |p, q, r| {
                (has(p, x) && !has(p, y))
                    || (has(q, x) && !has(q, y))
                    || (has(r, x) && !(has(p, y) && has(q, y)))
            })
        };
        let (x_beyond, y_beyond) = (beyond(x, y), beyond(y, x));
        let (x_edge, y_edge) = (at_edge(x, y), at_edge(y, x));
        // both are there, and neither is everything
        let any = u64::MAX;
        let (x_there, y_there) = (forks(|_, _, r| has(r, x)), forks(|_, _, r| has(r, y)));
        let (never, one, two) = match relation {
            DC => (meets, any, any),
            EC => (overlaps, meets, any),
            PO => (0, x_beyond, y_beyond),
            TPP => (x_beyond, y_beyond, x_edge),
            NTPP => (x_edge, y_beyond, any),
            TPPI => (y_beyond, x_beyond, y_edge),
            NTPPI => (y_edge, x_beyond, any),
            _ => (x_beyond | y_beyond, any, any),
        };
        let three = if relation == PO { overlaps } else { any };
        Demand { never, some: [one, two, three, x_there, y_there] }
    }
}

/// Whether a piece, given as the bits of the regions that hold it, is in region `x`.
fn has(piece: usize, x: usize) -> bool {
    piece >> x & 1 == 1
}

/// The forks (two open pieces `p`, `q`, and the point between them, which is in the union of both) for which `is` holds.
/// A fork is bit `p * 8 + q` of 64.
fn forks(is: impl Fn(usize, usize, usize) -> bool) -> u64 {
    (0..64)
        .filter(|&fork| is(fork / 8, fork % 8, (fork / 8) | (fork % 8)))
        .fold(0, |set, fork| set | 1 << fork)
}

/// The maximal tractable set Ĥ8 (Renz and Nebel 1999, section 4): all sets without those that are hard.
fn is_h8(set: Relations) -> bool {
    let has = |r| set.has(r);
    let hard = !has(PO) && (has(TPP) || has(NTPP)) && (has(TPPI) || has(NTPPI));
    let odd = |part, tangential| has(EQ) && has(part) && !has(tangential);
    !hard && !odd(NTPP, TPP) && !odd(NTPPI, TPPI)
}
