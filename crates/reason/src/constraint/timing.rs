//! Bounds in nanoseconds together with Allen's relations.
//!
//! Dechter, Meiri and Pearl, Temporal constraint networks, Artificial Intelligence 49, 1991; Meiri, Combining qualitative and quantitative
//! constraints in temporal reasoning, Artificial Intelligence 87, 1996.

use super::network::Constraint;
use crate::calculus::{Relations, allen};
use crate::chain::{self, Difference};
use crate::{Error, Result};

/// Intervals of whole nanoseconds with bounds between their ends and sets of Allen relations between them.
///
/// Time is the record's: whole nanoseconds, so that "before" is at least one nanosecond. Every interval is at least one nanosecond long.
#[derive(Clone, Debug)]
pub struct Timing {
    len: usize,
    said: Vec<Said>,
}

/// One end of an interval, or the origin of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Time 0.
    Origin,
    /// The start of the interval at this index.
    Start(usize),
    /// The end of the interval at this index.
    Stop(usize),
}

#[derive(Clone, Copy, Debug)]
enum Said {
    /// `low <= to - from <= high`.
    Bound {
        from: usize,
        to: usize,
        low: i64,
        high: i64,
    },
    Relation(Constraint),
}

/// What a decided network is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Possible: `(start, end)` of each interval in nanoseconds, one of the solutions.
    Possible(Vec<(i64, i64)>),
    /// Impossible.
    Impossible,
    /// The budget of choices ran out.
    Undecided,
}

/// No bound.
const FREE: i64 = i64::MAX / 4;
/// The longest bound, 73 years: sums of bounds over many steps stay within 64 bits.
pub const LONGEST_NS: i64 = FREE / 1000;

impl Timing {
    /// Intervals without constraints.
    ///
    /// # Errors
    /// When there are more than 1,000: closing takes cubic time in their ends.
    pub fn new(len: usize) -> Result<Timing> {
        if len > 1000 {
            return Err(Error::Constraint {
                constraint: "the schedule".to_owned(),
                expected: "at most 1,000 intervals".to_owned(),
                found: format!("{len}"),
            });
        }
        Ok(Timing { len, said: Vec::new() })
    }

    /// `to` comes at least `low_ns` and at most `high_ns` after `from`; gives the constraint's number.
    ///
    /// # Errors
    /// When an interval is not there or a bound is longer than [`LONGEST_NS`]; `i64::MIN` and `i64::MAX` stand for none.
    pub fn bound(&mut self, from: End, to: End, low_ns: i64, high_ns: i64) -> Result<usize> {
        let (a, b) = (self.point(from)?, self.point(to)?);
        let low = if low_ns == i64::MIN { -FREE } else { low_ns };
        let high = if high_ns == i64::MAX { FREE } else { high_ns };
        for value in [low, high] {
            if value.abs() > LONGEST_NS && value.abs() != FREE {
                return self.wrong("bounds of at most 73 years", format!("{value} ns"));
            }
        }
        self.said.push(Said::Bound { from: a, to: b, low, high });
        Ok(self.said.len() - 1)
    }

    /// The first interval is to the second one of `relations`; gives the constraint's number.
    ///
    /// # Errors
    /// When an interval is not there or a relation is none of Allen's.
    pub fn relate(&mut self, first: usize, second: usize, relations: Relations) -> Result<usize> {
        if first >= self.len || second >= self.len || !relations.within(Relations::all(13)) {
            return self.wrong(
                &format!("intervals below {} and relations of Allen", self.len),
                format!("{first}, {second}, {:#x}", relations.0),
            );
        }
        self.said.push(Said::Relation(Constraint { first, second, relations }));
        Ok(self.said.len() - 1)
    }

    /// Decides with at most `budget` choices. Relations that can be said as bounds (convex ones) need no choice, so that their closure
    /// decides.
    pub fn solve(&self, budget: u64) -> Schedule {
        let all: Vec<usize> = (0..self.said.len()).collect();
        self.solve_only(&all, budget)
    }

    /// A smallest set of constraints that cannot hold together, by number, ascending; none where there is a schedule or the budget ran out.
    ///
    /// Where bounds alone contradict each other, the links of one cycle are looked at only; else all constraints are.
    pub fn explain(&self, budget: u64) -> Option<Vec<usize>> {
        let all: Vec<usize> = (0..self.said.len()).collect();
        let is_broken = |numbers: &[usize]| self.solve_only(numbers, budget) == Schedule::Impossible;
        let (links, tellers) = self.links();
        let cycle = links.contradiction().map(|cycle| tellers_of(&tellers, &cycle));
        if let Some(told) = cycle.filter(|told| is_broken(told)) {
            return Some(super::explain::shrink(&told, &is_broken));
        }
        is_broken(&all).then(|| super::explain::shrink(&all, &is_broken))
    }

    /// A smallest set of constraints from which it follows that `to` comes at least `low_ns` and at most `high_ns` after `from`
    /// (`i64::MIN` and `i64::MAX`: no bound), by number, ascending; none where it does not follow or the budget ran out.
    ///
    /// # Errors
    /// When an interval is not there.
    pub fn why(
        &self,
        from: End,
        to: End,
        low_ns: i64,
        high_ns: i64,
        budget: u64,
    ) -> Result<Option<Vec<usize>>> {
        let (a, b) = (self.point(from)?, self.point(to)?);
        let (links, tellers) = self.links();
        let mut told = Vec::new();
        // later than the greatest, and sooner than the least: neither can be
        for (p, q, most) in [(a, b, high_ns), (b, a, low_ns.checked_neg().unwrap_or(i64::MAX))] {
            if most == i64::MAX {
                continue;
            }
            let mut against = self.clone();
            against.said.push(Said::Bound { from: p, to: q, low: most.saturating_add(1), high: FREE });
            let is_broken = |numbers: &[usize]| {
                let numbers = [numbers, &[self.said.len()]].concat();
                against.solve_only(&numbers, budget) == Schedule::Impossible
            };
            let chain = match links.most(p as u32, q as u32) {
                Difference::Most(found) => tellers_of(&tellers, &found.links),
                Difference::Torn(cycle) => tellers_of(&tellers, &cycle),
                Difference::Free => Vec::new(),
            };
            let all: Vec<usize> = (0..self.said.len()).collect();
            let Some(enough) = [chain, all].into_iter().find(|numbers| is_broken(numbers)) else {
                return Ok(None);
            };
            told.extend(super::explain::shrink(&enough, &is_broken));
        }
        told.sort_unstable();
        told.dedup();
        Ok(Some(told))
    }

    /// All that bounds alone can say, as links with proofs, and the constraint that each link is from (none: an interval has a length).
    /// What a set of relations says beyond its convex hull is left out.
    fn links(&self) -> (chain::Bounds, Vec<Option<usize>>) {
        let (mut links, mut tellers) = (Vec::new(), Vec::new());
        let mut link = |from: usize, to: usize, most: i64, teller: Option<usize>| {
            if most < FREE {
                links.push(chain::Bound { from: from as u32, to: to as u32, most, strict: false });
                tellers.push(teller);
            }
        };
        for i in 0..self.len {
            link(2 * i + 2, 2 * i + 1, -1, None);
        }
        for (number, said) in self.said.iter().enumerate() {
            match *said {
                Said::Bound { from, to, low, high } => {
                    link(from, to, high, Some(number));
                    link(to, from, if low == -FREE { FREE } else { -low }, Some(number));
                }
                Said::Relation(c) => {
                    hull(c.first, c.second, c.relations, &mut |p, q, most| link(p, q, most, Some(number)));
                }
            }
        }
        (chain::Bounds::new(2 * self.len + 1, &links), tellers)
    }

    /// The least and greatest time from one end to another over all schedules, in nanoseconds; `i64::MIN` or `i64::MAX` where there is no
    /// bound. None where there is no schedule or the budget ran out.
    ///
    /// # Errors
    /// When an interval is not there.
    pub fn between(&self, from: End, to: End, budget: u64) -> Result<Option<(i64, i64)>> {
        let (a, b) = (self.point(from)?, self.point(to)?);
        let mut found: Option<(i64, i64)> = None;
        let mut left = budget;
        let all: Vec<usize> = (0..self.said.len()).collect();
        let Some((bounds, open)) = self.start(&all) else { return Ok(None) };
        let is_done = self.branch(bounds, open, &mut left, &mut |bounds| {
            let (low, high) = (-bounds.get(b, a), bounds.get(a, b));
            found = Some(found.map_or((low, high), |(l, h)| (l.min(low), h.max(high))));
            false
        });
        let limit = |v: i64| match v {
            v if v >= FREE / 2 => i64::MAX,
            v if v <= -FREE / 2 => i64::MIN,
            v => v,
        };
        Ok(found.filter(|_| is_done.is_some()).map(|(low, high)| (limit(low), limit(high))))
    }

    fn solve_only(&self, numbers: &[usize], budget: u64) -> Schedule {
        let Some((bounds, open)) = self.start(numbers) else { return Schedule::Impossible };
        let mut left = budget;
        let mut found = None;
        let outcome = self.branch(bounds, open, &mut left, &mut |bounds| {
            found = Some(bounds.earliest());
            true
        });
        match (found, outcome) {
            (Some(points), _) => {
                Schedule::Possible((0..self.len).map(|i| (points[2 * i + 1], points[2 * i + 2])).collect())
            }
            (None, Some(_)) => Schedule::Impossible,
            (None, None) => Schedule::Undecided,
        }
    }

    /// The bounds of these constraints and the relations that need a choice; none where they contradict already.
    fn start(&self, numbers: &[usize]) -> Option<(Bounds, Vec<Constraint>)> {
        let mut bounds = Bounds::new(2 * self.len + 1);
        let mut open = Vec::new();
        for i in 0..self.len {
            bounds.at_most(2 * i + 2, 2 * i + 1, -1);
        }
        for &number in numbers {
            match self.said[number] {
                Said::Bound { from, to, low, high } => {
                    bounds.at_most(from, to, high);
                    bounds.at_most(to, from, if low == -FREE { FREE } else { -low });
                }
                Said::Relation(c) => {
                    relate(&mut bounds, c.first, c.second, c.relations)?;
                    if allen::convex_hull(c.relations) != c.relations {
                        open.push(c);
                    }
                }
            }
        }
        bounds.close().then_some((bounds, open))
    }

    /// Visits closed bounds in which every open relation is convex, until `visit` says to stop: some(true). Some(false) after all, none when
    /// the budget ran out.
    fn branch(
        &self,
        bounds: Bounds,
        open: Vec<Constraint>,
        left: &mut u64,
        visit: &mut dyn FnMut(&Bounds) -> bool,
    ) -> Option<bool> {
        let mut levels = vec![(bounds, open)];
        while let Some((bounds, mut open)) = levels.pop() {
            // what the bounds leave of each relation; those that became convex hold by bounds alone
            let mut bounds = bounds;
            let mut is_dead = false;
            loop {
                let mut has_changed = false;
                let mut still = Vec::new();
                for c in &open {
                    let set = c.relations.and(bounds.relations(c.first, c.second));
                    if set.is_empty() {
                        is_dead = true;
                        break;
                    }
                    if set != c.relations {
                        has_changed = true;
                        if relate(&mut bounds, c.first, c.second, set).is_none() {
                            is_dead = true;
                            break;
                        }
                    }
                    if allen::convex_hull(set) != set {
                        still.push(Constraint { relations: set, ..*c });
                    }
                }
                open = still;
                if is_dead || !has_changed {
                    break;
                }
                if !bounds.close() {
                    is_dead = true;
                    break;
                }
            }
            if is_dead {
                continue;
            }
            // the fewest convex pieces first
            let Some(next) = (0..open.len()).min_by_key(|&i| (pieces(open[i].relations).len(), i)) else {
                if visit(&bounds) {
                    return Some(true);
                }
                continue;
            };
            let c = open.swap_remove(next);
            for piece in pieces(c.relations).into_iter().rev() {
                if *left == 0 {
                    return None;
                }
                *left -= 1;
                let mut under = bounds.clone();
                if relate(&mut under, c.first, c.second, piece).is_some() && under.close() {
                    levels.push((under, open.clone()));
                }
            }
        }
        Some(false)
    }

    fn point(&self, end: End) -> Result<usize> {
        match end {
            End::Origin => Ok(0),
            End::Start(i) if i < self.len => Ok(2 * i + 1),
            End::Stop(i) if i < self.len => Ok(2 * i + 2),
            End::Start(i) | End::Stop(i) => {
                self.wrong(&format!("an interval below {}", self.len), format!("{i}")).map(|_| 0)
            }
        }
    }

    fn wrong(&self, expected: &str, found: String) -> Result<usize> {
        let constraint = format!("{}", self.said.len());
        Err(Error::Constraint { constraint, expected: expected.to_owned(), found })
    }
}

/// The convex sets that a set is cut into, few and large ones first.
fn pieces(set: Relations) -> Vec<Relations> {
    let mut rest = set;
    let mut out = Vec::new();
    while !rest.is_empty() {
        let first = Relations(1 << rest.0.trailing_zeros());
        // grown one relation at a time as long as the hull adds nothing that is not there
        let mut piece = first;
        for r in rest.iter() {
            let hull = allen::convex_hull(piece.or(Relations::one(r)));
            if hull.within(rest) {
                piece = hull;
            }
        }
        out.push(piece);
        rest = rest.without(piece);
    }
    out
}

/// The bounds that a set of relations implies; those of a convex set say the same. None for the empty set.
fn relate(bounds: &mut Bounds, first: usize, second: usize, set: Relations) -> Option<()> {
    hull(first, second, set, &mut |from, to, most| bounds.at_most(from, to, most));
    (!set.is_empty()).then_some(())
}

/// Every `(from, to, most)` that all relations of a set share.
fn hull(first: usize, second: usize, set: Relations, found: &mut dyn FnMut(usize, usize, i64)) {
    let mut least = [2_i8; 4];
    let mut most = [-2_i8; 4];
    for signs in set.iter().filter_map(allen::end_signs) {
        for k in 0..4 {
            least[k] = least[k].min(signs[k]);
            most[k] = most[k].max(signs[k]);
        }
    }
    for k in 0..4 {
        let (p, q) = (2 * first + 1 + k / 2, 2 * second + 1 + k % 2);
        // p − q is at most −1, at most 0, or free; and the other way round
        match most[k] {
            -1 => found(q, p, -1),
            0 => found(q, p, 0),
            _ => {}
        }
        match least[k] {
            1 => found(p, q, -1),
            0 => found(p, q, 0),
            _ => {}
        }
    }
}

/// The constraints that some links are from, ascending.
fn tellers_of(tellers: &[Option<usize>], links: &[usize]) -> Vec<usize> {
    let mut told: Vec<usize> =
        links.iter().filter_map(|&link| tellers.get(link).copied().flatten()).collect();
    told.sort_unstable();
    told.dedup();
    told
}

/// The greatest time from one end to another, for all pairs (a simple temporal network).
#[derive(Clone, Debug)]
struct Bounds {
    len: usize,
    matrix: Vec<i64>,
    /// Bounds that were tightened and not followed up.
    fresh: Vec<(usize, usize)>,
}

impl Bounds {
    fn new(len: usize) -> Bounds {
        let mut matrix = vec![FREE; len * len];
        for i in 0..len {
            matrix[i * len + i] = 0;
        }
        Bounds { len, matrix, fresh: Vec::new() }
    }

    fn get(&self, from: usize, to: usize) -> i64 {
        self.matrix[from * self.len + to]
    }

    /// `to` is at most `most` after `from`.
    fn at_most(&mut self, from: usize, to: usize, most: i64) {
        let cell = &mut self.matrix[from * self.len + to];
        if most < *cell {
            *cell = most;
            self.fresh.push((from, to));
        }
    }

    /// Closes; whether there are times like this. One fresh bound costs quadratic time, many are closed together in cubic time.
    fn close(&mut self) -> bool {
        let n = self.len;
        let fresh = std::mem::take(&mut self.fresh);
        let tighten = |matrix: &mut Vec<i64>, i: usize, j: usize, via: i64| {
            if via < matrix[i * n + j] {
                matrix[i * n + j] = via;
            }
        };
        if fresh.len() > n {
            for k in 0..n {
                for i in 0..n {
                    let ik = self.matrix[i * n + k];
                    if ik < FREE / 2 {
                        for j in 0..n {
                            let kj = self.matrix[k * n + j];
                            if kj < FREE / 2 {
                                tighten(&mut self.matrix, i, j, ik + kj);
                            }
                        }
                    }
                }
                if self.matrix[k * n + k] < 0 {
                    return false;
                }
            }
            return (0..n).all(|i| self.matrix[i * n + i] >= 0);
        }
        for (a, b) in fresh {
            let ab = self.matrix[a * n + b];
            if ab + self.matrix[b * n + a] < 0 {
                return false;
            }
            for i in 0..n {
                let ia = self.matrix[i * n + a];
                // where the way over this bound is the shortest, or is this bound
                if ia < FREE / 2 && ia + ab <= self.matrix[i * n + b] {
                    for j in 0..n {
                        let bj = self.matrix[b * n + j];
                        if bj < FREE / 2 {
                            tighten(&mut self.matrix, i, j, ia + ab + bj);
                        }
                    }
                }
            }
            if (0..n).any(|i| self.matrix[i * n + i] < 0) {
                return false;
            }
        }
        true
    }

    /// Which relations are possible between two intervals.
    fn relations(&self, first: usize, second: usize) -> Relations {
        (0..13)
            .filter(|&r| {
                allen::end_signs(r).is_some_and(|signs| {
                    (0..4).all(|k| {
                        let (p, q) = (2 * first + 1 + k / 2, 2 * second + 1 + k % 2);
                        match signs[k] {
                            // p before q: q − p can be 1
                            -1 => self.get(p, q) >= 1,
                            0 => self.get(p, q) >= 0 && self.get(q, p) >= 0,
                            _ => self.get(q, p) >= 1,
                        }
                    })
                })
            })
            .collect()
    }

    /// Each point as early as the bounds allow after time 0; where nothing bounds it from below, as late as they allow, or at the earliest
    /// that the others leave.
    fn earliest(&self) -> Vec<i64> {
        let n = self.len;
        let mut bounds = self.clone();
        let mut points = vec![0];
        for p in 1..n {
            let (low, high) = (bounds.get(p, 0), bounds.get(0, p));
            let at = if low < FREE / 2 {
                -low
            } else if high < FREE / 2 {
                high.min(0)
            } else {
                0
            };
            points.push(at);
            bounds.at_most(0, p, at);
            bounds.at_most(p, 0, -at);
            bounds.close();
        }
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Random;

    const S: i64 = 1_000_000_000;

    fn set(names: &str) -> Relations {
        allen::algebra().set(names.split(' ')).unwrap()
    }

    #[test]
    fn a_bound_names_what_it_follows_from() {
        let s = 1_000_000_000;
        let mut timing = Timing::new(4).unwrap();
        let meets = Relations::one(allen::algebra().index("m").unwrap());
        timing.bound(End::Start(3), End::Stop(3), 7 * s, 7 * s).unwrap();
        timing.relate(0, 1, meets).unwrap();
        timing.bound(End::Start(0), End::Stop(0), 2 * s, 3 * s).unwrap();
        timing.bound(End::Start(1), End::Stop(1), 5 * s, i64::MAX).unwrap();
        let ends = (End::Start(0), End::Stop(1));
        assert_eq!(timing.between(ends.0, ends.1, 100).unwrap(), Some((7 * s, i64::MAX)));
        assert_eq!(timing.why(ends.0, ends.1, 7 * s, i64::MAX, 100).unwrap(), Some(vec![1, 2, 3]));
        assert_eq!(timing.why(ends.0, End::Start(1), 2 * s, 3 * s, 100).unwrap(), Some(vec![1, 2]));
        assert_eq!(timing.why(ends.0, ends.1, 8 * s, i64::MAX, 100).unwrap(), None);
        // a disjunction that no bound says: before or after, and too close for either
        let apart = allen::algebra().set(["<", ">"]).unwrap();
        timing.relate(3, 0, apart).unwrap();
        timing.bound(End::Start(3), End::Start(0), -s, s).unwrap();
        assert_eq!(timing.explain(100), Some(vec![0, 2, 4, 5]));
    }

    #[test]
    fn bounds_and_relations_decide_together() {
        let mut timing = Timing::new(2).unwrap();
        let long = timing.bound(End::Start(0), End::Stop(0), 5 * S, 6 * S).unwrap();
        let short = timing.bound(End::Start(1), End::Stop(1), 0, 3 * S).unwrap();
        assert!(matches!(timing.solve(1000), Schedule::Possible(_)));
        let within = timing.relate(0, 1, set("d s f =")).unwrap();
        assert_eq!(timing.solve(1000), Schedule::Impossible);
        assert_eq!(timing.explain(1000), Some(vec![long, short, within]));
    }

    #[test]
    fn time_between_ends_is_bounded_by_both_kinds() {
        let mut timing = Timing::new(2).unwrap();
        timing.bound(End::Origin, End::Start(0), 2 * S, 2 * S).unwrap();
        timing.bound(End::Start(0), End::Stop(0), 3 * S, 3 * S).unwrap();
        timing.bound(End::Start(1), End::Stop(1), S, 4 * S).unwrap();
        timing.relate(0, 1, set("m mi")).unwrap();
        let found = timing.between(End::Origin, End::Start(1), 1000).unwrap();
        assert_eq!(found, Some((-2 * S, 5 * S)));
        let Schedule::Possible(times) = timing.solve(1000) else { panic!("possible") };
        assert_eq!(times[0], (2 * S, 5 * S));
    }

    #[test]
    fn schedules_satisfy_what_was_said() {
        let mut random = Random::new(11);
        let mut kinds = [0, 0];
        for _ in 0..400 {
            let n = 2 + random.below(4);
            let mut timing = Timing::new(n).unwrap();
            let mut said: Vec<Constraint> = Vec::new();
            let mut lengths = Vec::new();
            for i in 0..n {
                let low = random.below(4) as i64;
                let high = low + random.below(4) as i64;
                timing.bound(End::Start(i), End::Stop(i), low, high).unwrap();
                lengths.push((low, high));
                for j in 0..i {
                    let relations = Relations(random.next() as u32 & random.next() as u32 & 0x1fff);
                    let relations = relations.or(Relations::one(random.below(13)));
                    timing.relate(i, j, relations).unwrap();
                    said.push(Constraint { first: i, second: j, relations });
                }
            }
            // all intervals on few places
            let expected = any_schedule(&said, &lengths, 14, &mut Vec::new());
            match timing.solve(100_000) {
                Schedule::Possible(times) => {
                    for c in &said {
                        let ((a, b), (u, v)) = (times[c.first], times[c.second]);
                        assert!(c.relations.has(allen::of(a, b, u, v)), "{times:?} {said:?}");
                    }
                    for (time, (low, high)) in times.iter().zip(&lengths) {
                        assert!((*low..=*high).contains(&(time.1 - time.0)) && time.1 > time.0);
                    }
                    kinds[0] += 1;
                }
                Schedule::Impossible => {
                    assert!(!expected, "{said:?} {lengths:?}");
                    let core = timing.explain(100_000).unwrap();
                    assert_eq!(timing.solve_only(&core, 100_000), Schedule::Impossible);
                    for i in 0..core.len() {
                        let mut fewer = core.clone();
                        fewer.remove(i);
                        assert!(matches!(timing.solve_only(&fewer, 100_000), Schedule::Possible(_)));
                    }
                    kinds[1] += 1;
                }
                Schedule::Undecided => panic!("too little"),
            }
        }
        assert!(kinds[0] > 50 && kinds[1] > 50, "{kinds:?}");
    }

    /// Tries all intervals within `0..most`.
    fn any_schedule(
        said: &[Constraint],
        lengths: &[(i64, i64)],
        most: i64,
        times: &mut Vec<(i64, i64)>,
    ) -> bool {
        let i = times.len();
        if i == lengths.len() {
            return true;
        }
        (0..most).any(|start| {
            (lengths[i].0.max(1)..=lengths[i].1).any(|length| {
                times.push((start, start + length));
                let holds = said
                    .iter()
                    .filter(|c| c.first == i && c.second < i || c.second == i && c.first < i)
                    .all(|c| {
                        let ((a, b), (u, v)) = (times[c.first], times[c.second]);
                        c.relations.has(allen::of(a, b, u, v))
                    });
                let found = holds && any_schedule(said, lengths, most, times);
                times.pop();
                found
            })
        })
    }

    #[test]
    fn wrong_bounds_are_refused() {
        let mut timing = Timing::new(1).unwrap();
        assert!(timing.bound(End::Start(1), End::Stop(0), 0, 1).is_err());
        assert!(timing.bound(End::Start(0), End::Stop(0), 0, i64::MAX - 1).is_err());
        assert!(timing.relate(0, 1, Relations(1)).is_err());
        assert!(Timing::new(2000).is_err());
    }
}
