//! Small tasks: facts, actions with preconditions and effects (STRIPS), and a plan with the fewest actions.
//!
//! Fikes and Nilsson, STRIPS, 1971. A* with h-max (Bonet and Geffner, Planning as Heuristic Search, 2001), which never estimates
//! too much: the plan has the fewest actions.

use super::{at_most, wrong};
use crate::Error;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

/// Something that can be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Action {
    /// How it is told.
    pub name: String,
    /// What must hold before.
    pub needs: Vec<String>,
    /// What holds afterwards.
    pub adds: Vec<String>,
    /// What does not hold any more; what is also added holds.
    pub deletes: Vec<String>,
}

/// A task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// What holds; everything else does not.
    pub start: Vec<String>,
    /// What shall hold.
    pub goal: Vec<String>,
    /// What can be done.
    pub actions: Vec<Action>,
}

/// A precondition that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Before this step, counted from 0, that fact does not hold.
    Needs(usize, String),
    /// There is no such action.
    NoAction(usize, String),
    /// At the end, that fact of the goal does not hold.
    Goal(String),
}

/// Most facts and actions.
const MAX_ITEMS: usize = 20_000;

impl Task {
    /// The names of a plan with the fewest actions; none where the goal cannot be reached.
    ///
    /// Of several shortest plans it is always the same: actions that stand first go first.
    ///
    /// # Errors
    /// Too many facts or actions; more than `most_states` states looked at.
    pub fn plan(&self, most_states: usize) -> Result<Option<Vec<String>>, Error> {
        let grounded = Grounded::of(self)?;
        let mut states = vec![(grounded.start.clone(), 0u32, None::<(usize, usize)>)];
        let mut known: HashMap<Vec<u64>, usize> = HashMap::from([(grounded.start.clone(), 0)]);
        let mut open = BinaryHeap::new();
        if let Some(least) = grounded.least(&grounded.start) {
            open.push(Reverse((least, u32::MAX, 0usize)));
        }
        while let Some(Reverse((_, behind, at))) = open.pop() {
            let (state, done, _) = states[at].clone();
            if u32::MAX - behind != done {
                continue; // reached in fewer since
            }
            if holds(&state, &grounded.goal) {
                let (mut out, mut at) = (Vec::new(), at);
                while let Some((parent, action)) = states[at].2 {
                    out.push(self.actions[action].name.clone());
                    at = parent;
                }
                out.reverse();
                return Ok(Some(out));
            }
            for (number, action) in grounded.actions.iter().enumerate() {
                if !holds(&state, &action.needs) {
                    continue;
                }
                let next: Vec<u64> = state
                    .iter()
                    .zip(&action.deletes)
                    .zip(&action.adds)
                    .map(|((s, d), a)| s & !d | a)
                    .collect();
                let n = match known.get(&next) {
                    Some(&n) if states[n].1 <= done + 1 => continue,
                    Some(&n) => n,
                    None => {
                        if states.len() >= most_states {
                            return Err(wrong(
                                "task",
                                format!("a plan within {most_states} states"),
                                "none yet",
                            ));
                        }
                        known.insert(next.clone(), states.len());
                        states.push((next.clone(), 0, None));
                        states.len() - 1
                    }
                };
                (states[n].1, states[n].2) = (done + 1, Some((at, number)));
                if let Some(least) = grounded.least(&next) {
                    open.push(Reverse((done + 1 + least, u32::MAX - (done + 1), n)));
                }
            }
        }
        Ok(None)
    }

    /// The first thing wrong with a plan, by the names of its actions.
    pub fn fault(&self, plan: &[String]) -> Option<Fault> {
        let mut now: std::collections::BTreeSet<&str> = self.start.iter().map(String::as_str).collect();
        for (step, name) in plan.iter().enumerate() {
            let Some(action) = self.actions.iter().find(|action| action.name == *name) else {
                return Some(Fault::NoAction(step, name.clone()));
            };
            if let Some(need) = action.needs.iter().find(|need| !now.contains(need.as_str())) {
                return Some(Fault::Needs(step, need.clone()));
            }
            now.retain(|fact| !action.deletes.iter().any(|gone| gone == fact));
            now.extend(action.adds.iter().map(String::as_str));
        }
        self.goal.iter().find(|fact| !now.contains(fact.as_str())).map(|fact| Fault::Goal(fact.clone()))
    }
}

/// The task in numbers and bits.
struct Grounded {
    start: Vec<u64>,
    goal: Vec<u64>,
    actions: Vec<Bits>,
    n_facts: usize,
}

struct Bits {
    needs: Vec<u64>,
    adds: Vec<u64>,
    deletes: Vec<u64>,
    /// The same as numbers.
    need_list: Vec<usize>,
    add_list: Vec<usize>,
}

fn holds(state: &[u64], all: &[u64]) -> bool {
    state.iter().zip(all).all(|(s, a)| s & a == *a)
}

impl Grounded {
    fn of(task: &Task) -> Result<Grounded, Error> {
        at_most("actions of the task", MAX_ITEMS, task.actions.len())?;
        let mut facts: BTreeMap<&str, usize> = BTreeMap::new();
        let of_actions = task.actions.iter().flat_map(|a| [&a.needs, &a.adds, &a.deletes]);
        for fact in [&task.start, &task.goal].into_iter().chain(of_actions).flatten() {
            let n = facts.len();
            facts.entry(fact).or_insert(n);
        }
        at_most("facts of the task", MAX_ITEMS, facts.len())?;
        let list = |of: &[String]| of.iter().map(|fact| facts[fact.as_str()]).collect::<Vec<usize>>();
        let bits = |of: &[String]| {
            let mut out = vec![0u64; facts.len().div_ceil(64)];
            for n in list(of) {
                out[n / 64] |= 1 << (n % 64);
            }
            out
        };
        let actions = task
            .actions
            .iter()
            .map(|a| Bits {
                needs: bits(&a.needs),
                adds: bits(&a.adds),
                deletes: bits(&a.deletes),
                need_list: list(&a.needs),
                add_list: list(&a.adds),
            })
            .collect();
        Ok(Grounded { start: bits(&task.start), goal: bits(&task.goal), actions, n_facts: facts.len() })
    }

    /// h-max with unit costs: after how many rounds, in which nothing is deleted, the goal holds; none: never.
    fn least(&self, state: &[u64]) -> Option<u32> {
        let mut now = state.to_vec();
        let mut waiting: Vec<usize> = self.actions.iter().map(|a| a.need_list.len()).collect();
        let mut users: Vec<Vec<u32>> = vec![Vec::new(); self.n_facts];
        let mut ready = Vec::new();
        for (n, action) in self.actions.iter().enumerate() {
            action.need_list.iter().for_each(|&fact| users[fact].push(n as u32));
            if action.need_list.is_empty() {
                ready.push(n);
            }
        }
        let mut fresh: Vec<usize> =
            (0..self.n_facts).filter(|&n| state[n / 64] >> (n % 64) & 1 == 1).collect();
        for round in 0.. {
            if holds(&now, &self.goal) {
                return Some(round);
            }
            for fact in fresh.drain(..) {
                for &user in &users[fact] {
                    waiting[user as usize] -= 1;
                    if waiting[user as usize] == 0 {
                        ready.push(user as usize);
                    }
                }
            }
            for action in ready.drain(..) {
                for &fact in &self.actions[action].add_list {
                    if now[fact / 64] >> (fact % 64) & 1 == 0 {
                        now[fact / 64] |= 1 << (fact % 64);
                        fresh.push(fact);
                    }
                }
            }
            if fresh.is_empty() {
                return None;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    /// Blocks world: move the block x from y to z (`table` included).
    fn blocks(names: &[&str]) -> Vec<Action> {
        let mut out = Vec::new();
        for &x in names {
            for &y in names.iter().chain(&["table"]) {
                for &z in names.iter().chain(&["table"]) {
                    if x == y || x == z || y == z {
                        continue;
                    }
                    let mut action = Action {
                        name: format!("{x} from {y} to {z}"),
                        needs: vec![format!("on {x} {y}"), format!("clear {x}")],
                        adds: vec![format!("on {x} {z}")],
                        deletes: vec![format!("on {x} {y}")],
                    };
                    if z != "table" {
                        action.needs.push(format!("clear {z}"));
                        action.deletes.push(format!("clear {z}"));
                    }
                    if y != "table" {
                        action.adds.push(format!("clear {y}"));
                    }
                    out.push(action);
                }
            }
        }
        out
    }

    /// The Sussman anomaly (1975): three moves, though each goal alone would undo the other.
    #[test]
    fn sussman() {
        let task = Task {
            start: strings(&["on c a", "on a table", "on b table", "clear c", "clear b"]),
            goal: strings(&["on a b", "on b c"]),
            actions: blocks(&["a", "b", "c"]),
        };
        let plan = task.plan(10_000).expect("planned").expect("a plan");
        assert_eq!(plan, ["c from a to table", "b from table to c", "a from table to b"]);
        assert_eq!(task.fault(&plan), None);
        assert_eq!(task.fault(&plan[..2]), Some(Fault::Goal("on a b".into())));
        assert_eq!(task.fault(&strings(&["a from table to b"])), Some(Fault::Needs(0, "clear a".into())));
        assert_eq!(task.fault(&strings(&["fly"])), Some(Fault::NoAction(0, "fly".into())));
    }

    /// Towers of Hanoi take 2ⁿ − 1 moves.
    #[test]
    fn hanoi() {
        for n in 1..=5usize {
            let pegs = ["p", "q", "r"];
            let mut actions = Vec::new();
            for disk in 0..n {
                for from in pegs {
                    for to in pegs.into_iter().filter(|&to| to != from) {
                        // no smaller disk on either peg: where a smaller one is, it is on the third
                        let third = pegs.into_iter().find(|&p| p != from && p != to).expect("a third");
                        let mut needs = vec![format!("{disk} {from}")];
                        needs.extend((0..disk).map(|small| format!("{small} {third}")));
                        actions.push(Action {
                            name: format!("{disk} {from} {to}"),
                            needs,
                            adds: vec![format!("{disk} {to}")],
                            deletes: vec![format!("{disk} {from}")],
                        });
                    }
                }
            }
            let at = |peg: &str| (0..n).map(|disk| format!("{disk} {peg}")).collect::<Vec<_>>();
            let task = Task { start: at("p"), goal: at("r"), actions };
            assert_eq!(task.plan(100_000).expect("planned").map(|p| p.len()), Some((1 << n) - 1));
        }
    }

    #[test]
    fn what_cannot_be_reached_has_no_plan() {
        let task = Task { goal: strings(&["rich"]), ..Task::default() };
        assert_eq!(task.plan(10), Ok(None));
        assert_eq!(Task::default().plan(10), Ok(Some(vec![])));
        let big = Task { actions: vec![Action::default(); 20_001], ..Task::default() };
        assert!(big.plan(10).is_err());
    }

    /// Fewest actions: against breadth-first search over random tasks.
    #[test]
    fn never_longer_than_breadth_first() {
        let mut random = crate::scratch::Random::new(11);
        for _ in 0..200 {
            let n = 8;
            let some = |random: &mut crate::scratch::Random, k: usize| -> Vec<String> {
                (0..k).map(|_| random.below(n).to_string()).collect()
            };
            let actions: Vec<Action> = (0..12)
                .map(|i| Action {
                    name: i.to_string(),
                    needs: some(&mut random, 2),
                    adds: some(&mut random, 1),
                    deletes: some(&mut random, 2),
                })
                .collect();
            let task = Task { start: some(&mut random, 2), goal: some(&mut random, 3), actions };
            let mut layer = vec![task.start.iter().cloned().collect::<std::collections::BTreeSet<_>>()];
            let mut seen: std::collections::BTreeSet<_> = layer.iter().cloned().collect();
            let mut least = None;
            for depth in 0.. {
                if layer.iter().any(|s| task.goal.iter().all(|g| s.contains(g))) {
                    least = Some(depth);
                    break;
                }
                let mut next = Vec::new();
                for state in &layer {
                    for a in task.actions.iter().filter(|a| a.needs.iter().all(|n| state.contains(n))) {
                        let mut to = state.clone();
                        to.retain(|fact| !a.deletes.contains(fact));
                        to.extend(a.adds.iter().cloned());
                        if seen.insert(to.clone()) {
                            next.push(to);
                        }
                    }
                }
                if next.is_empty() {
                    break;
                }
                layer = next;
            }
            let plan = task.plan(100_000).expect("planned");
            assert_eq!(plan.as_ref().map(Vec::len), least);
            if let Some(plan) = plan {
                assert_eq!(task.fault(&plan), None);
            }
        }
    }
}
