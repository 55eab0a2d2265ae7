//! What surely comes before what: links `low < high` and `low ≤ high`, and what follows from them.
//!
//! The closure of the point algebra without ≠ (van Beek and Cohen 1990): `a < b` follows exactly if some chain of links
//! leads from `a` to `b` and holds a strict one; `a ≤ b` if some chain does; a cycle with a strict link contradicts itself.

use std::collections::VecDeque;

/// A link: `low` is before `high`, or not after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precedes {
    /// The lesser.
    pub low: u32,
    /// The greater.
    pub high: u32,
    /// Never equal.
    pub strict: bool,
}

/// A graph of links over nodes `0..n`.
#[derive(Clone, Debug)]
pub struct Order {
    links: Vec<Precedes>,
    starts: Vec<usize>,
    outgoing: Vec<usize>,
}

impl Order {
    /// A graph of `n` nodes. Links that name other nodes are dropped.
    pub fn new(n: usize, links: &[Precedes]) -> Order {
        let inside = |l: &&Precedes| (l.low as usize) < n && (l.high as usize) < n;
        let links: Vec<Precedes> = links.iter().filter(inside).copied().collect();
        let mut starts = vec![0; n + 1];
        for link in &links {
            starts[link.low as usize + 1] += 1;
        }
        for i in 0..n {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut outgoing = vec![0; links.len()];
        for (i, link) in links.iter().enumerate() {
            outgoing[next[link.low as usize]] = i;
            next[link.low as usize] += 1;
        }
        Order { links, starts, outgoing }
    }

    /// The links of a shortest chain that proves `low < high` (`strict`) or `low ≤ high`; none where it does not follow.
    ///
    /// A node is not after itself: an empty chain. Linear in the links.
    pub fn proof(&self, low: u32, high: u32, strict: bool) -> Option<Vec<usize>> {
        let n = self.starts.len() - 1;
        if low as usize >= n || high as usize >= n {
            return None;
        }
        // states: node, and whether a strict link was passed
        let mut by = vec![(usize::MAX, false); 2 * n];
        let mut seen = vec![false; 2 * n];
        let place = |node: u32, passed: bool| 2 * node as usize + usize::from(passed);
        seen[place(low, false)] = true;
        let mut queue = VecDeque::from([(low, false)]);
        while let Some((node, passed)) = queue.pop_front() {
            if node == high && (passed || !strict) {
                let mut links = Vec::new();
                let mut at = (node, passed);
                while by[place(at.0, at.1)].0 != usize::MAX {
                    let (link, before) = by[place(at.0, at.1)];
                    links.push(link);
                    at = (self.links[link].low, before);
                }
                links.reverse();
                return Some(links);
            }
            for &link in &self.outgoing[self.starts[node as usize]..self.starts[node as usize + 1]] {
                let next = (self.links[link].high, passed || self.links[link].strict);
                if !seen[place(next.0, next.1)] {
                    seen[place(next.0, next.1)] = true;
                    by[place(next.0, next.1)] = (link, passed);
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// All nodes that surely come after `low` (`strict`) or not before it, itself left out, ascending.
    pub fn above(&self, low: u32, strict: bool) -> Vec<u32> {
        let n = self.starts.len() - 1;
        let mut seen = vec![false; 2 * n];
        let mut stack = vec![(low, false)];
        while let Some((node, passed)) = stack.pop() {
            let place = 2 * node as usize + usize::from(passed);
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            for &link in &self.outgoing[self.starts[node as usize]..self.starts[node as usize + 1]] {
                stack.push((self.links[link].high, passed || self.links[link].strict));
            }
        }
        let found = |v: &u32| *v != low && (seen[2 * *v as usize + 1] || (!strict && seen[2 * *v as usize]));
        (0..n as u32).filter(found).collect()
    }

    /// A contradiction: the links of a cycle with a strict link, none of which can be left out.
    pub fn contradiction(&self) -> Option<Vec<usize>> {
        let part = self.parts();
        let inside = |l: &Precedes| part[l.low as usize] == part[l.high as usize];
        let at = self.links.iter().position(|l| l.strict && inside(l))?;
        let link = self.links[at];
        let mut cycle =
            if link.low == link.high { Vec::new() } else { self.proof(link.high, link.low, false)? };
        cycle.push(at);
        cycle.sort_unstable();
        cycle.dedup();
        Some(cycle)
    }

    /// The strongly connected part of each node (Tarjan 1972, without recursion).
    fn parts(&self) -> Vec<usize> {
        let n = self.starts.len() - 1;
        let (mut found, mut low) = (vec![0usize; n], vec![0usize; n]);
        let mut part = vec![usize::MAX; n];
        let (mut clock, mut next_part) = (0, 0);
        let mut pending: Vec<u32> = Vec::new();
        for root in 0..n as u32 {
            if found[root as usize] != 0 {
                continue;
            }
            let mut stack: Vec<(u32, usize)> = vec![(root, 0)];
            while let Some(&mut (node, ref mut at)) = stack.last_mut() {
                let v = node as usize;
                if found[v] == 0 {
                    clock += 1;
                    found[v] = clock;
                    low[v] = clock;
                    pending.push(node);
                }
                let out = &self.outgoing[self.starts[v]..self.starts[v + 1]];
                if let Some(&link) = out.get(*at) {
                    *at += 1;
                    let next = self.links[link].high as usize;
                    if found[next] == 0 {
                        stack.push((next as u32, 0));
                    } else if part[next] == usize::MAX {
                        low[v] = low[v].min(found[next]);
                    }
                    continue;
                }
                stack.pop();
                if let Some(&(above, _)) = stack.last() {
                    low[above as usize] = low[above as usize].min(low[v]);
                }
                if low[v] == found[v] {
                    while let Some(member) = pending.pop() {
                        part[member as usize] = next_part;
                        if member == node {
                            break;
                        }
                    }
                    next_part += 1;
                }
            }
        }
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(low: u32, high: u32) -> Precedes {
        Precedes { low, high, strict: true }
    }

    fn at_most(low: u32, high: u32) -> Precedes {
        Precedes { low, high, strict: false }
    }

    #[test]
    fn order_follows_along_chains() {
        let order = Order::new(4, &[at_most(0, 1), below(1, 2)]);
        assert_eq!(order.proof(0, 2, true), Some(vec![0, 1]));
        assert_eq!(order.proof(0, 1, true), None);
        assert_eq!(order.proof(0, 1, false), Some(vec![0]));
        assert_eq!(order.proof(2, 0, false), None);
        assert_eq!(order.proof(0, 3, false), None);
        assert_eq!(order.above(0, true), [2]);
        assert_eq!(order.above(0, false), [1, 2]);
        assert_eq!(order.contradiction(), None);
    }

    #[test]
    fn a_cycle_with_a_strict_link_contradicts_itself() {
        let order = Order::new(5, &[below(3, 4), at_most(0, 1), at_most(1, 2), at_most(2, 0), below(2, 1)]);
        // 2 < 1 and 1 ≤ 2
        assert_eq!(order.contradiction(), Some(vec![2, 4]));
    }

    #[test]
    fn a_cycle_of_equals_does_not() {
        let order = Order::new(3, &[at_most(0, 1), at_most(1, 2), at_most(2, 0)]);
        assert_eq!(order.contradiction(), None);
        assert_eq!(order.proof(0, 2, false), Some(vec![0, 1]));
    }
}
