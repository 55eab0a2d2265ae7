//! Networks over calculi of many relations or of three things.
//!
//! Algebraic closure by a queue of what changed; for triples over all ways to turn them and compose them (Dylla and Moratz, Empirical
//! complexity issues of practical qualitative spatial reasoning about relative position, ECAI workshop 2004).

use super::explain::shrink;
use crate::calculus::{TURNS, Wide, WideSet};
use crate::{Error, Result};
use std::collections::VecDeque;

/// Things and what is said of pairs or triples of them.
#[derive(Clone, Debug)]
pub struct WideNetwork<'a> {
    calculus: &'a Wide,
    len: usize,
    said: Vec<(Vec<usize>, WideSet)>,
}

/// What the closure leaves: none of these calculi is known to be decided by it, so what is left is possible as far as composition tells.
#[derive(Clone, Debug)]
pub struct WideClosure<'a> {
    calculus: &'a Wide,
    len: usize,
    /// Row by row over pairs or triples of things; those that name a thing twice stay open.
    cells: Vec<WideSet>,
    /// Cells whose change is not followed up yet.
    waits: Vec<bool>,
}

/// The most cells of a closure: 60 things in pairs, 15 in triples. A closure takes up to a second then, and explaining takes many.
const MOST_CELLS: usize = 3_600;
/// Up to how many cells each relation is tried.
const MOST_TRIED: usize = 1_600;

impl<'a> WideNetwork<'a> {
    /// A network without constraints.
    ///
    /// # Errors
    /// When there are more than 60 things, or 15 for a calculus of triples.
    pub fn new(calculus: &'a Wide, len: usize) -> Result<WideNetwork<'a>> {
        if len.checked_pow(calculus.arity() as u32).is_none_or(|cells| cells > MOST_CELLS) {
            let most = if calculus.arity() == 2 { 60 } else { 15 };
            return Err(Error::Constraint {
                constraint: "the network".to_owned(),
                expected: format!("at most {most} things"),
                found: format!("{len}"),
            });
        }
        Ok(WideNetwork { calculus, len, said: Vec::new() })
    }

    /// Adds that the things stand in one of the relations, and gives the constraint's number.
    ///
    /// # Errors
    /// When there are not as many things as the calculus relates, one is not there, one is named twice in a calculus without an identity,
    /// or a relation is none of the calculus.
    pub fn add(&mut self, things: &[usize], relations: WideSet) -> Result<usize> {
        let wrong = |expected: String, found: String| {
            Err(Error::Constraint { constraint: format!("{}", self.said.len()), expected, found })
        };
        if things.len() != self.calculus.arity() || things.iter().any(|&t| t >= self.len) {
            return wrong(
                format!("{} things below {}", self.calculus.arity(), self.len),
                format!("{things:?}"),
            );
        }
        if self.calculus.identity().is_none() && is_repeated(things) {
            return wrong("different things".to_owned(), format!("{things:?}"));
        }
        if !relations.within(self.calculus.universal()) {
            return wrong(format!("relations of {}", self.calculus.name()), "others".to_owned());
        }
        self.said.push((things.to_vec(), relations));
        Ok(self.said.len() - 1)
    }

    /// The calculus.
    pub fn calculus(&self) -> &'a Wide {
        self.calculus
    }

    /// The closure; none where it finds that the network has no model.
    pub fn closed(&self) -> Option<WideClosure<'a>> {
        let all: Vec<usize> = (0..self.said.len()).collect();
        self.closed_under(&all)
    }

    /// Numbers of constraints that cannot hold together by the closure, while it finds nothing wrong with any fewer of them; ascending.
    pub fn explain(&self) -> Option<Vec<usize>> {
        let all: Vec<usize> = (0..self.said.len()).collect();
        let is_broken = |numbers: &[usize]| self.closed_under(numbers).is_none();
        is_broken(&all).then(|| shrink(&all, &is_broken))
    }

    /// What the things can be to each other: the relations that the closure does not refute when each is tried, among more than 40 things (11 in
    /// triples) those that it leaves. Empty where the network has no model, or the things are not there.
    pub fn entailed(&self, things: &[usize]) -> WideSet {
        let Some(closure) = self.closed() else { return WideSet::NONE };
        let Some(left) = closure.get(things) else { return WideSet::NONE };
        if closure.cells.len() > MOST_TRIED {
            return left;
        }
        left.iter()
            .filter(|&r| {
                let (mut tried, mut queue) = (closure.clone(), VecDeque::new());
                tried.tighten(things, WideSet::one(r), &mut queue).is_some()
                    && tried.follow(&mut queue).is_some()
            })
            .collect()
    }

    fn closed_under(&self, numbers: &[usize]) -> Option<WideClosure<'a>> {
        let cells = vec![self.calculus.universal(); self.len.pow(self.calculus.arity() as u32)];
        let waits = vec![false; cells.len()];
        let mut closure = WideClosure { calculus: self.calculus, len: self.len, cells, waits };
        let mut queue = VecDeque::new();
        for &number in numbers {
            let (things, set) = self.said.get(number)?;
            if is_repeated(things) {
                // only with an identity
                if self.calculus.identity().is_some_and(|e| !set.has(e)) {
                    return None;
                }
            } else {
                closure.tighten(things, *set, &mut queue)?;
            }
        }
        closure.follow(&mut queue)?;
        Some(closure)
    }
}

impl WideClosure<'_> {
    /// What the things can be to each other; none when there are too many or few of them, or one is not there or named twice.
    pub fn get(&self, things: &[usize]) -> Option<WideSet> {
        let fits = things.len() == self.calculus.arity() && things.iter().all(|&t| t < self.len);
        (fits && !is_repeated(things)).then(|| self.cells[self.cell(things)])
    }

    fn cell(&self, things: &[usize]) -> usize {
        things.iter().fold(0, |cell, &thing| cell * self.len + thing)
    }

    /// Intersects one cell; its change waits. None where nothing is left.
    fn tighten(&mut self, things: &[usize], set: WideSet, queue: &mut VecDeque<Vec<usize>>) -> Option<()> {
        let cell = self.cell(things);
        let new = self.cells[cell].and(set);
        if new != self.cells[cell] {
            self.cells[cell] = new;
            if !std::mem::replace(&mut self.waits[cell], true) {
                queue.push_back(things.to_vec());
            }
        }
        (!new.is_empty()).then_some(())
    }

    /// Tightens one cell by what follows from two others.
    fn compose(
        &mut self,
        things: &[usize],
        first: WideSet,
        second: WideSet,
        queue: &mut VecDeque<Vec<usize>>,
    ) -> Option<()> {
        let old = self.cells[self.cell(things)];
        let new = self.calculus.compose_within(first, second, old);
        if new == old { Some(()) } else { self.tighten(things, new, queue) }
    }

    fn follow(&mut self, queue: &mut VecDeque<Vec<usize>>) -> Option<()> {
        while let Some(changed) = queue.pop_front() {
            let cell = self.cell(&changed);
            self.waits[cell] = false;
            let known = self.cells[cell];
            if let &[a, b] = changed.as_slice() {
                self.tighten(&[b, a], self.calculus.turn(0, known), queue)?;
                for c in (0..self.len).filter(|c| !changed.contains(c)) {
                    let via = self.cells[self.cell(&[b, c])];
                    self.compose(&[a, c], known, via, queue)?;
                    let via = self.cells[self.cell(&[c, a])];
                    self.compose(&[c, b], via, known, queue)?;
                }
            }
            if let &[a, b, c] = changed.as_slice() {
                for (way, places) in TURNS.iter().enumerate() {
                    let turned = places.map(|place| changed[place]);
                    self.tighten(&turned, self.calculus.turn(way, known), queue)?;
                }
                for d in (0..self.len).filter(|d| !changed.contains(d)) {
                    let via = self.cells[self.cell(&[b, c, d])];
                    self.compose(&[a, b, d], known, via, queue)?;
                    let via = self.cells[self.cell(&[d, a, b])];
                    self.compose(&[d, a, c], via, known, queue)?;
                }
            }
        }
        Some(())
    }
}

fn is_repeated(things: &[usize]) -> bool {
    things.iter().enumerate().any(|(i, thing)| things[..i].contains(thing))
}
