//! Bounds on differences: links `to − from ≤ most`, what follows from them, and the links that say so.
//!
//! A simple temporal network (Dechter, Meiri and Pearl 1991) asked for one pair: shortest paths from one node (Bellman and
//! Ford). [`crate::constraint::Timing`], which takes Allen's relations too and closes all pairs while it searches, takes its proofs from here. Strict bounds (`<`) are kept
//! apart from the numbers, so that "before" adds nothing to a duration.

use std::collections::VecDeque;

/// A link: `to − from ≤ most`, or `<`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Counted from here.
    pub from: u32,
    /// To here.
    pub to: u32,
    /// At most, in the caller's unit.
    pub most: i64,
    /// Less, not equal.
    pub strict: bool,
}

/// The greatest difference that the links allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Most {
    /// `to − from` is at most this.
    pub most: i64,
    /// And never equal to it.
    pub strict: bool,
    /// The links that say so, in the order of the chain.
    pub links: Vec<usize>,
}

/// What the links say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// No chain bounds it.
    Free,
    /// Bounded.
    Most(Most),
    /// The links contradict each other: a cycle, none of whose links can be left out.
    Torn(Vec<usize>),
}

/// A graph of bounds over nodes `0..n`.
#[derive(Clone, Debug)]
pub struct Bounds {
    n: usize,
    links: Vec<Bound>,
    outgoing: Vec<Vec<usize>>,
}

/// A length of a chain: the sum, and minus the number of strict links.
type Length = (i64, i64);

impl Bounds {
    /// A graph of `n` nodes. Links that name other nodes are dropped.
    pub fn new(n: usize, links: &[Bound]) -> Bounds {
        let inside = |l: &&Bound| (l.from as usize) < n && (l.to as usize) < n;
        let links: Vec<Bound> = links.iter().filter(inside).copied().collect();
        let mut outgoing = vec![Vec::new(); n];
        for (i, link) in links.iter().enumerate() {
            outgoing[link.from as usize].push(i);
        }
        Bounds { n, links, outgoing }
    }

    /// The greatest `to − from`. Takes time linear in nodes times links, at worst.
    pub fn most(&self, from: u32, to: u32) -> Difference {
        if from as usize >= self.n || to as usize >= self.n {
            return Difference::Free;
        }
        match self.lengths(&[from]) {
            Err(cycle) => Difference::Torn(cycle),
            Ok(found) => match found[to as usize] {
                None => Difference::Free,
                Some((length, _)) => {
                    let mut links = Vec::new();
                    let mut at = to;
                    while let Some((_, Some(link))) = found[at as usize] {
                        links.push(link);
                        at = self.links[link].from;
                        if links.len() > self.n {
                            break;
                        }
                    }
                    links.reverse();
                    Difference::Most(Most { most: length.0, strict: length.1 < 0, links })
                }
            },
        }
    }

    /// The links of a contradiction: a cycle that sums to less than nothing, or to nothing with a strict link.
    pub fn contradiction(&self) -> Option<Vec<usize>> {
        let all: Vec<u32> = (0..self.n as u32).collect();
        self.lengths(&all).err()
    }

    /// Lengths of shortest chains from any of the roots, each with its last link; or a cycle that has no shortest.
    #[allow(clippy::type_complexity)] // a length and the link that it came by
    fn lengths(&self, roots: &[u32]) -> Result<Vec<Option<(Length, Option<usize>)>>, Vec<usize>> {
        let mut found: Vec<Option<(Length, Option<usize>)>> = vec![None; self.n];
        let mut hops = vec![0usize; self.n];
        let mut waiting = vec![false; self.n];
        let mut queue = VecDeque::new();
        for &root in roots {
            found[root as usize] = Some(((0, 0), None));
            waiting[root as usize] = true;
            queue.push_back(root);
        }
        while let Some(node) = queue.pop_front() {
            waiting[node as usize] = false;
            let Some((here, _)) = found[node as usize] else { continue };
            for &link in &self.outgoing[node as usize] {
                let bound = self.links[link];
                let next = (here.0.saturating_add(bound.most), here.1 - i64::from(bound.strict));
                let to = bound.to as usize;
                if found[to].is_some_and(|(known, _)| known <= next) {
                    continue;
                }
                found[to] = Some((next, Some(link)));
                hops[to] = hops[node as usize] + 1;
                if hops[to] > self.n {
                    return Err(self.cycle(&found, bound.to));
                }
                if !waiting[to] {
                    waiting[to] = true;
                    queue.push_back(bound.to);
                }
            }
        }
        Ok(found)
    }

    /// The cycle that the last links lead back into.
    fn cycle(&self, found: &[Option<(Length, Option<usize>)>], from: u32) -> Vec<usize> {
        let before = |node: u32| found[node as usize].and_then(|(_, link)| link);
        let mut seen = vec![false; self.n];
        let mut at = from;
        while !std::mem::replace(&mut seen[at as usize], true) {
            let Some(link) = before(at) else { return Vec::new() };
            at = self.links[link].from;
        }
        let (begin, mut cycle) = (at, Vec::new());
        while let Some(link) = before(at) {
            cycle.push(link);
            at = self.links[link].from;
            if at == begin {
                break;
            }
        }
        cycle.sort_unstable();
        cycle
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraint::{End, Timing};

    fn bound(from: u32, to: u32, most: i64) -> Bound {
        Bound { from, to, most, strict: false }
    }

    #[test]
    fn bounds_add_up_along_the_tightest_chain() {
        let bounds = Bounds::new(3, &[bound(0, 1, 5), bound(1, 2, 3), bound(0, 2, 20)]);
        let Difference::Most(most) = bounds.most(0, 2) else { panic!("bounded") };
        assert_eq!((most.most, most.strict, most.links), (8, false, vec![0, 1]));
        assert_eq!(bounds.most(2, 0), Difference::Free);
    }

    #[test]
    fn strict_links_add_no_time_but_contradict_equality() {
        let before = Bound { from: 1, to: 0, most: 0, strict: true }; // 0 < 1
        let bounds = Bounds::new(2, &[before, bound(0, 1, 0)]);
        assert_eq!(bounds.contradiction(), Some(vec![0, 1]));
        let Difference::Most(most) = Bounds::new(2, &[before]).most(1, 0) else { panic!("bounded") };
        assert_eq!((most.most, most.strict), (0, true));
    }

    #[test]
    fn it_agrees_with_the_closure_of_all_pairs() {
        let mut seed = 7u64;
        let mut draw = move |n: u64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) % n
        };
        for _ in 0..300 {
            let n = 5;
            let mut timing = Timing::new(n).expect("few");
            let mut links = Vec::new();
            for _ in 0..8 {
                let (a, b, low) = (draw(n as u64) as u32, draw(n as u64) as u32, draw(20) as i64 - 10);
                let high = low + draw(10) as i64;
                timing.bound(End::Start(a as usize), End::Start(b as usize), low, high).expect("in range");
                links.push(bound(a, b, high));
                links.push(bound(b, a, -low));
            }
            let bounds = Bounds::new(n, &links);
            let closed = timing.between(End::Start(0), End::Start(1), 1000).expect("in range");
            match closed {
                None => {
                    let cycle = bounds.contradiction().expect("contradiction");
                    // none of its links can be left out
                    for left_out in &cycle {
                        let kept: Vec<Bound> =
                            cycle.iter().filter(|l| *l != left_out).map(|l| links[*l]).collect();
                        assert_eq!(Bounds::new(n, &kept).contradiction(), None);
                    }
                }
                Some((low, high)) => {
                    assert_eq!(bounds.contradiction(), None);
                    let most = |from, to| match bounds.most(from, to) {
                        Difference::Most(most) => most.most,
                        _ => i64::MAX,
                    };
                    assert_eq!(most(0, 1), high);
                    assert_eq!(if most(1, 0) == i64::MAX { i64::MIN } else { -most(1, 0) }, low);
                }
            }
        }
    }
}
