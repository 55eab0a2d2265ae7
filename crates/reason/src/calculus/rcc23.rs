//! Regions and their convex hulls: RCC-8 where they overlap; outside, inside of the other's hull where they do not.
//!
//! Cohn, Bennett, Gooday and Gotts, Qualitative spatial representation and reasoning with the region connection calculus, GeoInformatica 1,
//! 1997; the names are those of GQR's tables.

use super::{Algebra, Calculus, Relations, rcc8};
use crate::catalogue::Entry;
use crate::constraint::{Closure, Network};
use std::sync::OnceLock;

/// RCC-23: `EQ PO TPP NTPP TPPI NTPPI` of regions that overlap, and 17 names of three letters for others: how far the first lies in the
/// hull of the second (`I` inside, `P` partly, `O` outside), the second in that of the first, and whether they touch (`E`) or not (`D`).
#[derive(Clone, Copy, Debug)]
pub struct Rcc23;

/// In the order of the published table of converses.
pub const NAMES: [&str; 23] = [
    "EQ", "PO", "TPP", "NTPP", "TPPI", "NTPPI", "OOE", "OOD", "IIE", "IPE", "IPD", "IOE", "IOD", "PIE",
    "PID", "PPE", "PPD", "POE", "POD", "OIE", "OID", "OPE", "OPD",
];

impl Calculus for Rcc23 {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "rcc23",
            about: "regions and their convex hulls: RCC-8, and how far one lies in the hull of the other",
            source: "reason/src/calculus/rcc23.rs",
            paper: Some(
                "Cohn et al., Qualitative spatial representation and reasoning with RCC, GeoInformatica 1997",
            ),
            example: "entailed(\"a\", \"c\", calculus: rcc23, facts: [[\"a\", \"NTPP\", \"b\"], [\"b\", \"OOE\", \"c\"]])",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        Some(algebra())
    }
}

/// The algebra, made once: a composition holds what the closure over three regions and their hulls does not refute, where a hull shares
/// the border of its region (`EQ` or `TPP`) and what lies in a hull has its own hull there. A test shows that this is the published table.
///
/// # Panics
/// Never: a test checks the tables.
pub fn algebra() -> &'static Algebra {
    static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
    ALGEBRA.get_or_init(|| {
        let composition = (0..23 * 23)
            .map(|cell| {
                (0..23)
                    .filter(|&ac| is_possible([(0, 2, cell / 23), (2, 4, cell % 23), (0, 4, ac)]))
                    .collect()
            })
            .collect();
        let converse = NAMES
            .iter()
            .map(|name| {
                let turned = match name.as_bytes() {
                    b"EQ" | b"PO" => (*name).to_owned(),
                    b"TPP" | b"NTPP" => format!("{name}I"),
                    b"TPPI" | b"NTPPI" => name[..name.len() - 1].to_owned(),
                    _ => format!("{}{}{}", &name[1..2], &name[..1], &name[2..]),
                };
                NAMES.iter().position(|n| *n == turned).unwrap_or(0)
            })
            .collect();
        Algebra::new("rcc23", NAMES.map(str::to_owned).to_vec(), 0, converse, composition)
            .expect("hulls make an algebra")
            .with_neighbours_where(is_next)
    })
}

/// Whether one relation can turn into another by one step of one of its sides: those of RCC-8 where regions overlap; from touching to
/// overlapping; between touching and apart; and into the hull by steps, outside, partly, inside.
fn is_next(a: usize, b: usize) -> bool {
    let coarse = |r: usize| match NAMES[r].as_bytes() {
        [_, _, b'E'] => "ec",
        [_, _, b'D'] => "dc",
        _ => NAMES[r],
    };
    if a < 6 || b < 6 {
        let algebra = rcc8::algebra();
        let at = |r: usize| algebra.index(coarse(r)).unwrap_or(0);
        return algebra.neighbours(at(a)).has(at(b));
    }
    let steps = |k: usize| {
        let at =
            |r: usize| if k == 2 { "ED" } else { "IPO" }.bytes().position(|l| l == NAMES[r].as_bytes()[k]);
        at(a).zip(at(b)).map_or(3, |(p, q)| p.abs_diff(q))
    };
    steps(0) + steps(1) + steps(2) == 1
}

/// Whether the three relations of regions (even numbers; each one's hull follows it) contradict what is known of hulls.
fn is_possible(relations: [(usize, usize, usize); 3]) -> bool {
    let rcc8 = rcc8::algebra();
    let set = |names: &[&str]| rcc8.set(names.iter().copied()).unwrap_or_default();
    let part = set(&["eq", "tpp", "ntpp"]);
    let Ok(mut network) = Network::new(rcc8, 6) else { return false };
    let mut said: Vec<(usize, usize, Relations)> =
        (0..3).map(|i| (2 * i, 2 * i + 1, set(&["eq", "tpp"]))).collect();
    for (a, b, r) in relations {
        let name = NAMES[r];
        if r < 6 {
            said.push((a, b, set(&[name])));
            continue;
        }
        let letters = name.as_bytes();
        let lies = |letter: u8| match letter {
            b'I' => set(&["tpp", "ntpp"]),
            b'P' => set(&["po"]),
            _ => set(&["dc", "ec"]),
        };
        said.push((a, b + 1, lies(letters[0])));
        said.push((b, a + 1, lies(letters[1])));
        said.push((a, b, set(if letters[2] == b'E' { &["ec"] } else { &["dc"] })));
    }
    for (a, b, set) in said {
        if network.add(a, b, set).is_err() {
            return false;
        }
    }
    let Ok(mut closure) = Closure::new(&network) else { return false };
    loop {
        let mut changed = false;
        for x in [0, 2, 4] {
            for y in [1, 3, 5] {
                // what lies in a convex region has its hull there
                let (region, hull) = (closure.get(x, y), closure.get(x + 1, y));
                let mut tighten = |i: usize, j: usize, set: Relations| {
                    let old = closure.get(i, j);
                    if old.within(set) {
                        return true;
                    }
                    changed = true;
                    closure.constrain(i, j, set).is_ok()
                };
                let fits = (!region.within(part) || tighten(x + 1, y, part))
                    && (!hull.and(part).is_empty() || tighten(x, y, rcc8.universal().without(part)));
                if !fits {
                    return false;
                }
            }
        }
        if !changed {
            return true;
        }
    }
}
