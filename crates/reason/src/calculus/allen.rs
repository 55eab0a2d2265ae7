//! Intervals on a line: Allen's thirteen relations.
//!
//! Allen, Maintaining knowledge about temporal intervals, CACM 26(11), 1983.

use super::{Algebra, Calculus, Relations, Tractable};
use crate::catalogue::Entry;
use std::sync::OnceLock;

/// Allen's interval algebra; closure decides networks of ORD-Horn sets (Nebel and Bürckert, Reasoning about temporal relations, JACM 1995).
#[derive(Clone, Copy, Debug)]
pub struct Allen;

/// The names: before, meets, overlaps, finished by, contains, starts, equals, started by, during, finishes, overlapped by, met by, after.
pub const NAMES: [&str; 13] = ["<", "m", "o", "fi", "di", "s", "=", "si", "d", "f", "oi", "mi", ">"];

/// Where the ends of the first interval lie against the second: 0 before its start, 1 at it, 2 inside, 3 at its end, 4 after.
const PLACES: [(u8, u8); 13] =
    [(0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4), (2, 2), (2, 3), (2, 4), (3, 4), (4, 4)];

/// Position of `=`.
pub const EQUAL: usize = 6;

impl Calculus for Allen {
    fn entry(&self) -> Entry {
        Entry {
            kind: "calculi",
            name: "allen",
            about: "two intervals of time or of a line: before, meets, overlaps, during and so on, 13 in all",
            source: "reason/src/calculus/allen.rs",
            paper: Some("Allen, Maintaining knowledge about temporal intervals, CACM 1983"),
            example: "relation(all(\"bus\"), all(\"car\"), calculus: allen)",
        }
    }

    fn algebra(&self) -> Option<&'static Algebra> {
        Some(algebra())
    }
}

/// The algebra, made from all intervals between six places.
pub fn algebra() -> &'static Algebra {
    static ALGEBRA: OnceLock<Algebra> = OnceLock::new();
    ALGEBRA.get_or_init(|| {
        let intervals: Vec<(i32, i32)> = (0..6).flat_map(|s| (s + 1..6).map(move |e| (s, e))).collect();
        let relation = |a: (i32, i32), b: (i32, i32)| of(a.0, a.1, b.0, b.1);
        let mut models = Vec::new();
        for &a in &intervals {
            for &b in &intervals {
                for &c in &intervals {
                    models.push((relation(a, b), relation(b, c), relation(a, c)));
                }
            }
        }
        // the order of the names is symmetric: the converse of the first is the last
        let converse = NAMES.iter().map(|name| converse_of(name)).collect();
        let beside = |a: usize, b: usize| {
            let ((s, e), (u, v)) = (PLACES[a], PLACES[b]);
            s.abs_diff(u) + e.abs_diff(v) == 1
        };
        let pairs: Vec<(&str, &str)> = (0..13)
            .flat_map(|a| (0..13).map(move |b| (a, b)))
            .filter(|&(a, b)| beside(a, b))
            .map(|(a, b)| (NAMES[a], NAMES[b]))
            .collect();
        Algebra::from_models("allen", &NAMES, EQUAL, converse, models)
            .expect("six places make all cases")
            .with_neighbours(&pairs)
            .with_aliases(&[
                ("before", "<"),
                ("after", ">"),
                ("meets", "m"),
                ("met_by", "mi"),
                ("overlaps", "o"),
                ("overlapped_by", "oi"),
                ("starts", "s"),
                ("started_by", "si"),
                ("during", "d"),
                ("contains", "di"),
                ("finishes", "f"),
                ("finished_by", "fi"),
                ("equals", "="),
            ])
            .with_tractable(Tractable::where_(13, is_pre_convex))
    })
}

/// The base relation of `[a_start, a_end)` to `[b_start, b_end)`, both of positive length.
///
/// A point (start equal to end) is placed by its start, so that it starts, finishes or lies during what it touches; two equal points are equal.
pub fn of<T: PartialOrd>(a_start: T, a_end: T, b_start: T, b_end: T) -> usize {
    if a_start == b_start && a_end == b_end {
        EQUAL
    } else if a_start == b_start {
        if a_end < b_end { 5 } else { 7 }
    } else if a_end == b_end {
        if a_start > b_start { 9 } else { 3 }
    } else if a_end < b_start {
        0
    } else if a_end == b_start {
        1
    } else if a_start > b_end {
        12
    } else if a_start == b_end {
        11
    } else if a_start > b_start {
        if a_end < b_end { 8 } else { 10 }
    } else if a_end > b_end {
        4
    } else {
        2
    }
}

/// The relations whose endpoints can be said without "or": those between the least and the greatest place of each end.
pub fn convex_hull(set: Relations) -> Relations {
    let places = || set.iter().filter_map(|r| PLACES.get(r));
    let range = |end: fn(&(u8, u8)) -> u8| {
        (places().map(end).min().unwrap_or(5), places().map(end).max().unwrap_or(0))
    };
    let ((s0, s1), (e0, e1)) = (range(|p| p.0), range(|p| p.1));
    (0..13).filter(|&r| (s0..=s1).contains(&PLACES[r].0) && (e0..=e1).contains(&PLACES[r].1)).collect()
}

/// How start to start, start to end, end to start and end to end compare: -1 before, 0 at, 1 after. None above 12.
pub fn end_signs(relation: usize) -> Option<[i8; 4]> {
    let &(start, end) = PLACES.get(relation)?;
    let against = |place: u8, mark: u8| i8::from(place > mark) - i8::from(place < mark);
    Some([against(start, 1), against(start, 3), against(end, 1), against(end, 3)])
}

/// Whether what the convex hull adds is thinner than the set itself: exactly the 868 sets of ORD-Horn
/// (Ligozat, A new proof of tractability for ORD-Horn relations, AAAI 1996).
fn is_pre_convex(set: Relations) -> bool {
    // an end that lies inside or outside can move freely, one that lies at an end cannot
    let dimension = |r: usize| {
        let (s, e) = PLACES[r];
        2 - i32::from(s % 2 == 1) - i32::from(e % 2 == 1)
    };
    let greatest = |set: Relations| set.iter().map(dimension).max().unwrap_or(-1);
    greatest(convex_hull(set).without(set)) < greatest(set)
}

fn converse_of(name: &str) -> usize {
    let other = match name {
        "<" => ">",
        ">" => "<",
        "=" => "=",
        _ => {
            let other = name.strip_suffix('i').map_or_else(|| format!("{name}i"), str::to_owned);
            return NAMES.iter().position(|n| *n == other).unwrap_or(EQUAL);
        }
    };
    NAMES.iter().position(|n| *n == other).unwrap_or(EQUAL)
}
