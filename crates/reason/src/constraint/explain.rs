//! Why there is no model: a smallest set of constraints that cannot hold together.
//!
//! Junker, QuickXplain: preferred explanations and relaxations for over-constrained problems, AAAI 2004; the start is the trace of the
//! closure's own contradiction.

use super::search::{Verdict, consistency};
use super::{Closure, Network};
use crate::calculus::Relations;
use std::collections::BTreeSet;

/// Numbers of constraints that have no model together, while every proper subset has one; ascending. None when the network has a model, or
/// when `budget` choices did not decide it.
///
/// Of several such sets, the one that is found depends on the order of the constraints only. A set is smallest in the sense that nothing
/// can be left out; another one may be shorter. Where a subset could not be decided within the budget, a constraint may be kept too many.
pub fn explain(network: &Network<'_>, budget: u64) -> Option<Vec<usize>> {
    if let Some(traced) = trace(network) {
        // a contradiction of the closure stays one under the closure, which is quick
        let is_broken = |numbers: &[usize]| Closure::new(&network.only(numbers)).is_err();
        let core = shrink(&traced, &is_broken);
        // a search may need even fewer
        let is_broken =
            |numbers: &[usize]| matches!(consistency(&network.only(numbers), budget), Verdict::Inconsistent);
        return Some(shrink(&core, &is_broken));
    }
    if !matches!(consistency(network, budget), Verdict::Inconsistent) {
        return None;
    }
    let all: Vec<usize> = (0..network.constraints().len()).collect();
    let is_broken =
        |numbers: &[usize]| matches!(consistency(&network.only(numbers), budget), Verdict::Inconsistent);
    Some(shrink(&all, &is_broken))
}

/// A smallest set of constraints from which it follows that the first is to the second one of `relations`; none when it does not follow.
pub fn why(
    network: &Network<'_>,
    first: usize,
    second: usize,
    relations: Relations,
    budget: u64,
) -> Option<Vec<usize>> {
    let mut against = network.clone();
    let number = against.add(first, second, network.algebra().universal().without(relations)).ok()?;
    let core = explain(&against, budget)?;
    Some(core.into_iter().filter(|&c| c != number).collect())
}

/// What each constraint's pair can be by the other constraints alone, those of the same pair left out, as far as the closure tells.
///
/// In the order of the constraints; the empty set where the others contradict each other.
pub fn inferred(network: &Network<'_>) -> Vec<Relations> {
    let pair = |c: &super::Constraint| (c.first.min(c.second), c.first.max(c.second));
    let constraints = network.constraints();
    constraints
        .iter()
        .map(|held| {
            let others: Vec<usize> =
                (0..constraints.len()).filter(|&c| pair(&constraints[c]) != pair(held)).collect();
            Closure::new(&network.only(&others))
                .map_or(Relations::NONE, |closure| closure.get(held.first, held.second))
        })
        .collect()
}

/// QuickXplain: what of `numbers`, broken as a whole, is needed to be broken.
pub(super) fn shrink(numbers: &[usize], is_broken: &dyn Fn(&[usize]) -> bool) -> Vec<usize> {
    fn needed(
        background: &[usize],
        is_grown: bool,
        rest: &[usize],
        is_broken: &dyn Fn(&[usize]) -> bool,
    ) -> Vec<usize> {
        if is_grown && is_broken(background) {
            return Vec::new();
        }
        if rest.len() <= 1 {
            return rest.to_vec();
        }
        let (left, right) = rest.split_at(rest.len() / 2);
        let in_right = needed(&[background, left].concat(), true, right, is_broken);
        let in_left = needed(&[background, &in_right].concat(), !in_right.is_empty(), left, is_broken);
        [in_left, in_right].concat()
    }
    let mut found = needed(&[], false, numbers, is_broken);
    found.sort_unstable();
    found
}

/// The constraints behind the closure's first contradiction; none where the closure finds none.
///
/// Every tightening remembers the two pairs that it came from, as they were then; the contradiction is followed back to what was given.
fn trace(network: &Network<'_>) -> Option<Vec<usize>> {
    let (algebra, n) = (network.algebra(), network.len());
    let mut steps: Vec<Step> = Vec::new();
    // the newest step of each pair (i < j), and what is left of it
    let mut newest: Vec<Option<usize>> = vec![None; n * n];
    let mut matrix = vec![algebra.universal(); n * n];
    let mut queue = std::collections::VecDeque::new();
    let mut waits = vec![false; n * n];
    let key = |i: usize, j: usize| if i <= j { i * n + j } else { j * n + i };
    for i in 0..n {
        matrix[i * n + i] = Relations::one(algebra.identity());
    }
    for (number, constraint) in network.constraints().iter().enumerate() {
        let (i, j) = (constraint.first, constraint.second);
        let old = matrix[i * n + j];
        let new = old.and(constraint.relations);
        if new == old {
            continue;
        }
        steps.push(Step { before: newest[key(i, j)], from: From::Given(number) });
        newest[key(i, j)] = Some(steps.len() - 1);
        matrix[i * n + j] = new;
        matrix[j * n + i] = algebra.tables.turn(new);
        if new.is_empty() || (i == j && new != old) {
            return Some(given(&steps, steps.len() - 1));
        }
        if !waits[key(i, j)] {
            waits[key(i, j)] = true;
            queue.push_back((i.min(j), i.max(j)));
        }
    }
    while let Some((a, b)) = queue.pop_front() {
        waits[key(a, b)] = false;
        for (i, j) in [(a, b), (b, a)] {
            for k in (0..n).filter(|&k| k != i && k != j) {
                let old = matrix[i * n + k];
                let new = old.and(algebra.tables.compose(matrix[i * n + j], matrix[j * n + k]));
                if new == old {
                    continue;
                }
                let from = From::Composed(newest[key(i, j)], newest[key(j, k)]);
                steps.push(Step { before: newest[key(i, k)], from });
                newest[key(i, k)] = Some(steps.len() - 1);
                matrix[i * n + k] = new;
                matrix[k * n + i] = algebra.tables.turn(new);
                if new.is_empty() {
                    return Some(given(&steps, steps.len() - 1));
                }
                if !waits[key(i, k)] {
                    waits[key(i, k)] = true;
                    queue.push_back((i.min(k), i.max(k)));
                }
            }
        }
    }
    None
}

struct Step {
    /// The step that tightened the same pair before.
    before: Option<usize>,
    from: From,
}

enum From {
    Given(usize),
    Composed(Option<usize>, Option<usize>),
}

/// All given constraints above a step.
fn given(steps: &[Step], last: usize) -> Vec<usize> {
    let mut found = BTreeSet::new();
    let mut seen = vec![false; steps.len()];
    let mut open = vec![last];
    while let Some(step) = open.pop() {
        if std::mem::replace(&mut seen[step], true) {
            continue;
        }
        open.extend(steps[step].before);
        match steps[step].from {
            From::Given(number) => {
                found.insert(number);
            }
            From::Composed(one, other) => open.extend(one.into_iter().chain(other)),
        }
    }
    found.into_iter().collect()
}
