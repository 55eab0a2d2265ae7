//! Whether a network has a model: backtracking over parts that the closure decides.
//!
//! Ladkin and Reinefeld, Fast algebraic methods for interval constraint problems, 1997; Nebel, Solving hard qualitative temporal reasoning
//! problems: evaluating the efficiency of using the ORD-Horn class, Constraints 1, 1997. What failed weighs more (Boussemart and others,
//! Boosting systematic search by weighting constraints, ECAI 2004).

use super::{Closure, Network};
use crate::calculus::Relations;

/// What is known of a network.
#[derive(Clone, Debug)]
pub enum Verdict<'a> {
    /// There is a model; the closure of the parts that were chosen, which has a model in every calculus that decides.
    Consistent(Closure<'a>),
    /// There is none.
    Inconsistent,
    /// Neither was shown: the calculus has no set that its closure decides, or the search was cut short.
    Undecided {
        /// How many choices were tried.
        tried: u64,
    },
}

impl Verdict<'_> {
    /// Yes, no, or none when undecided.
    pub fn holds(&self) -> Option<bool> {
        match self {
            Verdict::Consistent(_) => Some(true),
            Verdict::Inconsistent => Some(false),
            Verdict::Undecided { .. } => None,
        }
    }
}

/// Decides a network with at most `budget` choices.
///
/// Only constrained pairs are split: what follows from tractable sets stays among them.
pub fn consistency<'a>(network: &Network<'a>, budget: u64) -> Verdict<'a> {
    let Ok(closure) = Closure::new(network) else { return Verdict::Inconsistent };
    let mut pairs: Vec<(usize, usize)> =
        network.constraints().iter().map(|c| (c.first.min(c.second), c.first.max(c.second))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    decide(closure, pairs, budget)
}

/// As [`consistency`], from a closure in which only `pairs` are constrained.
fn decide(closure: Closure<'_>, pairs: Vec<(usize, usize)>, budget: u64) -> Verdict<'_> {
    let mut search = Search { weights: vec![1; pairs.len()], closure, pairs, tried: 0, limit: 0 };
    // short runs first: what failed in one guides the next (rapid restarts)
    let mut run = 64;
    loop {
        search.limit = search.tried.saturating_add(run).min(budget);
        let mark = search.closure.mark();
        match search.descend() {
            Some(true) if search.closure.algebra().decides() => return Verdict::Consistent(search.closure),
            Some(true) => return Verdict::Undecided { tried: search.tried },
            Some(false) => return Verdict::Inconsistent,
            None if search.tried >= budget => return Verdict::Undecided { tried: search.tried },
            None => search.closure.back_to(mark),
        }
        run = run * 3 / 2;
    }
}

/// A scenario: one base relation for every pair that has a model with all the others. None when there is none or the budget ran out.
pub fn scenario<'a>(network: &Network<'a>, budget: u64) -> Option<Closure<'a>> {
    let Verdict::Consistent(mut closure) = consistency(network, budget) else { return None };
    // parts of tractable sets keep at least one base relation each, so there is no way back to take
    for i in 0..closure.len() {
        for j in i + 1..closure.len() {
            let set = closure.get(i, j);
            if set.is_base() {
                continue;
            }
            let found = set.iter().any(|r| {
                let mark = closure.mark();
                let holds = closure.constrain(i, j, Relations::one(r)).is_ok();
                if !holds {
                    closure.back_to(mark);
                }
                holds
            });
            if !found {
                return None;
            }
        }
    }
    Some(closure)
}

/// What the first can be to the second in some model: the base relations that remain possible, exact within the budget for each.
///
/// The second value says whether every one of them was decided; if not, undecided ones are kept.
pub fn entailed(network: &Network<'_>, first: usize, second: usize, budget: u64) -> (Relations, bool) {
    let Ok(closure) = Closure::new(network) else { return (Relations::NONE, true) };
    if first >= closure.len() || second >= closure.len() {
        return (Relations::NONE, true);
    }
    let mut pairs: Vec<(usize, usize)> =
        network.constraints().iter().map(|c| (c.first.min(c.second), c.first.max(c.second))).collect();
    pairs.push((first.min(second), first.max(second)));
    pairs.sort_unstable();
    pairs.dedup();
    let (mut possible, mut is_exact) = (Relations::NONE, true);
    for r in closure.get(first, second).iter() {
        let mut under = closure.clone();
        let one = Relations::one(r);
        if under.constrain(first, second, one).is_err() {
            continue;
        }
        match decide(under, pairs.clone(), budget).holds() {
            Some(false) => {}
            Some(true) => possible = possible.or(one),
            None => {
                possible = possible.or(one);
                is_exact = false;
            }
        }
    }
    (possible, is_exact)
}

struct Search<'a> {
    closure: Closure<'a>,
    pairs: Vec<(usize, usize)>,
    /// How often the choice for a pair failed.
    weights: Vec<u64>,
    tried: u64,
    limit: u64,
}

impl Search<'_> {
    /// Whether there is a model below; none when the limit was reached. On no, everything is undone.
    ///
    /// The levels are a list, not calls: a network of thousands of choices must not fill the stack.
    fn descend(&mut self) -> Option<bool> {
        struct Level {
            pair: usize,
            mark: usize,
            parts: std::vec::IntoIter<Relations>,
        }
        let mut levels: Vec<Level> = Vec::new();
        loop {
            let Some(pair) = self.choose() else { return Some(true) };
            let (i, j) = self.pairs[pair];
            let parts = self.closure.algebra().parts(self.closure.get(i, j)).into_iter();
            let mark = self.closure.mark();
            levels.push(Level { pair, mark, parts });
            // the next part of the deepest level that has one
            loop {
                let Some(level) = levels.last_mut() else { return Some(false) };
                let (i, j) = self.pairs[level.pair];
                let Some(part) = level.parts.next() else {
                    self.closure.back_to(level.mark);
                    levels.pop();
                    continue;
                };
                self.closure.back_to(level.mark);
                if self.tried >= self.limit {
                    return None;
                }
                self.tried += 1;
                if self.closure.constrain(i, j, part).is_ok() {
                    break;
                }
                self.weights[level.pair] += 1;
            }
        }
    }

    /// The pair to split next: few relations left and many failures first; none when every pair is tractable.
    fn choose(&self) -> Option<usize> {
        let algebra = self.closure.algebra();
        let mut best: Option<(usize, u64, u64)> = None;
        for (index, &(i, j)) in self.pairs.iter().enumerate() {
            let set = self.closure.get(i, j);
            if algebra.is_tractable(set) {
                continue;
            }
            // least count / weight, compared without division
            let (count, weight) = (u64::from(set.count()), self.weights[index]);
            if best.is_none_or(|(_, c, w)| count * w < c * weight) {
                best = Some((index, count, weight));
            }
        }
        best.map(|(index, ..)| index)
    }
}
