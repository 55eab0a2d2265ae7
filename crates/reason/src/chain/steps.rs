//! Offsets along chains of links: a graph whose links say `to = from + offset`.
//!
//! Such a graph is a *gain graph* (Zaslavsky, "Biased graphs I", 1989). It contradicts itself where a cycle does not add
//! up to nothing, and a contradiction reaches exactly the pairs whose chain runs through the same block (2-connected
//! part): within one block that holds an unbalanced cycle, Menger gives two simple chains of different sums for any pair.

use std::collections::VecDeque;

/// Axes of an offset.
pub const AXES: usize = 3;

/// A link: `to = from + offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The node that the offset starts from.
    pub from: u32,
    /// The node that it leads to.
    pub to: u32,
    /// How far, per axis, in steps.
    pub offset: [i64; AXES],
}

/// What the links say of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    /// No chain of links leads from one to the other.
    Apart,
    /// All chains agree.
    Sum {
        /// Where the second is from the first.
        offset: [i64; AXES],
        /// Positions of the links of a shortest chain, in its order.
        links: Vec<usize>,
    },
    /// Two chains disagree.
    Contradicted {
        /// The offset along a shortest chain.
        offset: [i64; AXES],
        /// The links of that chain.
        links: Vec<usize>,
        /// A cycle that does not add up, none of whose links can be left out.
        cycle: Vec<usize>,
    },
}

/// A graph of links over nodes `0..n`.
#[derive(Clone, Debug)]
pub struct Steps {
    links: Vec<Step>,
    /// Per node where its links begin in `incident`; one more at the end.
    starts: Vec<usize>,
    /// Links by node, in input order.
    incident: Vec<usize>,
}

impl Steps {
    /// A graph of `n` nodes. Links that name other nodes are dropped.
    pub fn new(n: usize, links: &[Step]) -> Steps {
        let inside = |s: &&Step| (s.from as usize) < n && (s.to as usize) < n;
        let links: Vec<Step> = links.iter().filter(inside).copied().collect();
        let mut starts = vec![0; n + 1];
        for step in &links {
            starts[step.from as usize + 1] += 1;
            if step.to != step.from {
                starts[step.to as usize + 1] += 1;
            }
        }
        for i in 0..n {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut incident = vec![0; starts[n]];
        for (i, step) in links.iter().enumerate() {
            incident[next[step.from as usize]] = i;
            next[step.from as usize] += 1;
            if step.to != step.from {
                incident[next[step.to as usize]] = i;
                next[step.to as usize] += 1;
            }
        }
        Steps { links, starts, incident }
    }

    /// Where `to` is from `from`: the sum along a shortest chain, and whether other chains agree.
    ///
    /// A node is at no offset from itself, whatever the links say. Linear in the links of the part that is connected.
    pub fn between(&self, from: u32, to: u32) -> Chain {
        let n = self.starts.len() - 1;
        if from as usize >= n || to as usize >= n {
            return Chain::Apart;
        }
        let tree = self.tree(from, &|_| true);
        let Some(offset) = tree.offset[to as usize] else { return Chain::Apart };
        let links = self.up(&tree, to);
        if !self.broken(&tree, &|_| true) {
            return Chain::Sum { offset, links };
        }
        let blocks = self.blocks(from);
        for &link in &links {
            let block = blocks[link];
            if let Some(cycle) = self.unbalanced(self.links[link].from, &|l| blocks[l] == block) {
                return Chain::Contradicted { offset, links, cycle };
            }
        }
        Chain::Sum { offset, links }
    }

    /// The offset of every node from one, along shortest chains; none for nodes that no chain reaches.
    pub fn offsets(&self, from: u32) -> Vec<Option<[i64; AXES]>> {
        let n = self.starts.len() - 1;
        if from as usize >= n {
            return vec![None; n];
        }
        self.tree(from, &|_| true).offset
    }

    /// The first contradiction: a cycle that does not add up, none of whose links can be left out.
    pub fn contradiction(&self) -> Option<Vec<usize>> {
        let n = self.starts.len() - 1;
        let mut seen = vec![false; n];
        for node in 0..n {
            if seen[node] {
                continue;
            }
            let tree = self.tree(node as u32, &|_| true);
            for &v in &tree.order {
                seen[v as usize] = true;
            }
            if let Some(cycle) = self.cycle_in(&tree, &|_| true) {
                return Some(cycle);
            }
        }
        None
    }

    fn around(&self, node: u32) -> &[usize] {
        &self.incident[self.starts[node as usize]..self.starts[node as usize + 1]]
    }

    /// The other end of a link, and the offset on the way there.
    fn across(&self, link: usize, node: u32) -> (u32, [i64; AXES]) {
        let step = self.links[link];
        if step.from == node { (step.to, step.offset) } else { (step.from, step.offset.map(|o| -o)) }
    }

    fn tree(&self, root: u32, used: &dyn Fn(usize) -> bool) -> Tree {
        let n = self.starts.len() - 1;
        let mut tree = Tree { offset: vec![None; n], by: vec![usize::MAX; n], order: vec![root] };
        tree.offset[root as usize] = Some([0; AXES]);
        let mut queue = VecDeque::from([root]);
        while let Some(node) = queue.pop_front() {
            let here = tree.offset[node as usize].unwrap_or_default();
            for &link in self.around(node).iter().filter(|&&l| used(l)) {
                let (other, by) = self.across(link, node);
                if tree.offset[other as usize].is_none() {
                    tree.offset[other as usize] = Some(plus(here, by));
                    tree.by[other as usize] = link;
                    tree.order.push(other);
                    queue.push_back(other);
                }
            }
        }
        tree
    }

    /// The links from the root of a tree down to a node.
    fn up(&self, tree: &Tree, mut node: u32) -> Vec<usize> {
        let mut links = Vec::new();
        while tree.by[node as usize] != usize::MAX {
            let link = tree.by[node as usize];
            links.push(link);
            node = self.across(link, node).0;
        }
        links.reverse();
        links
    }

    fn disagrees(&self, tree: &Tree, link: usize) -> bool {
        let step = self.links[link];
        match (tree.offset[step.from as usize], tree.offset[step.to as usize]) {
            (Some(a), Some(b)) => plus(a, step.offset) != b,
            _ => false,
        }
    }

    fn broken(&self, tree: &Tree, used: &dyn Fn(usize) -> bool) -> bool {
        tree.order.iter().any(|&node| self.around(node).iter().any(|&l| used(l) && self.disagrees(tree, l)))
    }

    fn unbalanced(&self, root: u32, used: &dyn Fn(usize) -> bool) -> Option<Vec<usize>> {
        self.cycle_in(&self.tree(root, used), used)
    }

    /// The shortest cycle of one link beside the tree that does not add up.
    fn cycle_in(&self, tree: &Tree, used: &dyn Fn(usize) -> bool) -> Option<Vec<usize>> {
        const MOST_TRIED: usize = 64;
        let mut wrong: Vec<usize> = tree
            .order
            .iter()
            .flat_map(|&node| self.around(node))
            .copied()
            .filter(|&l| used(l) && self.disagrees(tree, l))
            .collect();
        wrong.sort_unstable();
        wrong.dedup();
        let cycle = |link: usize| {
            let (a, b) = (self.up(tree, self.links[link].from), self.up(tree, self.links[link].to));
            let shared = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
            let mut cycle = vec![link];
            cycle.extend(&a[shared..]);
            cycle.extend(&b[shared..]);
            cycle.sort_unstable();
            cycle
        };
        wrong.into_iter().take(MOST_TRIED).map(cycle).min_by_key(Vec::len)
    }

    /// The block of every link in the part connected with `root` (Hopcroft and Tarjan 1973, without recursion).
    fn blocks(&self, root: u32) -> Vec<usize> {
        let n = self.starts.len() - 1;
        let mut block = vec![usize::MAX; self.links.len()];
        let (mut found, mut low) = (vec![0usize; n], vec![0usize; n]);
        let (mut clock, mut next_block) = (1, 0);
        let mut pending: Vec<usize> = Vec::new();
        let mut stack: Vec<(u32, usize, usize)> = vec![(root, usize::MAX, 0)]; // node, link from its parent, position
        found[root as usize] = clock;
        low[root as usize] = clock;
        while let Some(&mut (node, parent, ref mut at)) = stack.last_mut() {
            if let Some(&link) = self.around(node).get(*at) {
                *at += 1;
                if link == parent {
                    continue;
                }
                let other = self.across(link, node).0;
                if other == node {
                    block[link] = usize::MAX - 1; // a loop is a block of its own
                } else if found[other as usize] == 0 {
                    clock += 1;
                    found[other as usize] = clock;
                    low[other as usize] = clock;
                    pending.push(link);
                    stack.push((other, link, 0));
                } else if found[other as usize] < found[node as usize] {
                    pending.push(link);
                    low[node as usize] = low[node as usize].min(found[other as usize]);
                }
                continue;
            }
            stack.pop();
            let Some(&(above, _, _)) = stack.last() else { break };
            low[above as usize] = low[above as usize].min(low[node as usize]);
            if low[node as usize] >= found[above as usize] {
                while let Some(link) = pending.pop() {
                    block[link] = next_block;
                    if link == parent {
                        break;
                    }
                }
                next_block += 1;
            }
        }
        block
    }
}

fn plus(a: [i64; AXES], b: [i64; AXES]) -> [i64; AXES] {
    [a[0].saturating_add(b[0]), a[1].saturating_add(b[1]), a[2].saturating_add(b[2])]
}

/// A tree of shortest chains.
struct Tree {
    offset: Vec<Option<[i64; AXES]>>,
    by: Vec<usize>,
    order: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(from: u32, to: u32, x: i64, y: i64) -> Step {
        Step { from, to, offset: [x, y, 0] }
    }

    #[test]
    fn offsets_add_up_in_either_direction() {
        let steps = Steps::new(4, &[step(0, 1, 1, 0), step(2, 1, 0, 1)]);
        assert_eq!(steps.between(0, 2), Chain::Sum { offset: [1, -1, 0], links: vec![0, 1] });
        assert_eq!(steps.between(2, 0), Chain::Sum { offset: [-1, 1, 0], links: vec![1, 0] });
        assert_eq!(steps.between(0, 3), Chain::Apart);
        assert_eq!(steps.between(1, 1), Chain::Sum { offset: [0; 3], links: vec![] });
        assert_eq!(steps.between(0, 9), Chain::Apart);
    }

    #[test]
    fn a_contradiction_reaches_the_pairs_of_its_block_only() {
        // 0-1-2-0 does not add up; 3 hangs on 2, 4 on 3
        let links =
            [step(0, 1, 1, 0), step(1, 2, 1, 0), step(0, 2, 1, 0), step(2, 3, 0, 1), step(3, 4, 0, 1)];
        let steps = Steps::new(5, &links);
        assert_eq!(steps.between(2, 4), Chain::Sum { offset: [0, 2, 0], links: vec![3, 4] });
        let Chain::Contradicted { cycle, .. } = steps.between(0, 4) else { panic!("runs through the block") };
        assert_eq!(cycle, [0, 1, 2]);
        assert_eq!(steps.contradiction(), Some(vec![0, 1, 2]));
    }

    #[test]
    fn a_link_to_itself_contradicts_nobody_else() {
        let steps = Steps::new(2, &[step(0, 0, 1, 0), step(0, 1, 1, 0)]);
        assert_eq!(steps.between(0, 1), Chain::Sum { offset: [1, 0, 0], links: vec![1] });
        assert_eq!(steps.contradiction(), Some(vec![0]));
    }

    #[test]
    fn a_long_chain_takes_linear_time() {
        let n = 200_000;
        let links: Vec<Step> = (0..n - 1).map(|i| step(i, i + 1, 1, 0)).collect();
        let steps = Steps::new(n as usize, &links);
        let Chain::Sum { offset, .. } = steps.between(0, n - 1) else { panic!("connected") };
        assert_eq!(offset[0], i64::from(n) - 1);
    }
}
