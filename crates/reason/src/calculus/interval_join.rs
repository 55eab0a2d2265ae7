//! Pairs of intervals of two lists that stand in given relations of Allen.
//!
//! Bouros and Mamoulis, A forward scan based plane sweep algorithm for parallel interval joins, PVLDB 10(11), 2017.

use super::{Relations, allen};

/// All pairs `(index in a, index in b)` where a's interval is to b's one of `relations`, sorted.
///
/// Intervals are `(start, end)` with `start < end`, in any unit. Pairs of `<` and `>` are given where the gap is at most `most_apart` only.
/// Time is that of sorting plus that of the pairs that overlap, touch or are that near.
pub fn join(a: &[(i64, i64)], b: &[(i64, i64)], relations: Relations, most_apart: i64) -> Vec<(u32, u32)> {
    let is_apart = relations.has(0) || relations.has(12);
    let gap = if is_apart { most_apart.max(0) } else { 0 };
    let order = |list: &[(i64, i64)]| {
        let mut order: Vec<(i64, i64, u32)> =
            list.iter().enumerate().map(|(i, &(start, end))| (start, end, i as u32)).collect();
        order.sort_unstable();
        order
    };
    let (left, right) = (order(a), order(b));
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        // whoever starts first meets all of the other list that start before it is over
        if left[i].0 <= right[j].0 {
            let (start, end, index) = left[i];
            let reach = end.saturating_add(gap);
            for &(s, e, other) in right[j..].iter().take_while(|other| other.0 <= reach) {
                if relations.has(allen::of(start, end, s, e)) {
                    pairs.push((index, other));
                }
            }
            i += 1;
        } else {
            let (start, end, index) = right[j];
            let reach = end.saturating_add(gap);
            for &(s, e, other) in left[i..].iter().take_while(|other| other.0 <= reach) {
                if relations.has(allen::of(s, e, start, end)) {
                    pairs.push((other, index));
                }
            }
            j += 1;
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Random;

    #[test]
    fn the_join_finds_what_comparing_all_finds() {
        let mut random = Random::new(12);
        for _ in 0..200 {
            let mut list = || -> Vec<(i64, i64)> {
                (0..30)
                    .map(|_| {
                        let start = random.below(60) as i64;
                        (start, start + 1 + random.below(12) as i64)
                    })
                    .collect()
            };
            let (a, b) = (list(), list());
            let relations = Relations(random.next() as u32 & 0x1fff);
            let gap = random.below(8) as i64;
            let mut expected = Vec::new();
            for (i, p) in a.iter().enumerate() {
                for (j, q) in b.iter().enumerate() {
                    let apart = (q.0 - p.1).max(p.0 - q.1);
                    if relations.has(allen::of(p.0, p.1, q.0, q.1)) && apart <= gap {
                        expected.push((i as u32, j as u32));
                    }
                }
            }
            assert_eq!(join(&a, &b, relations, gap), expected);
        }
    }
}
