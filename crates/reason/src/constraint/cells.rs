//! Things on the cells of a square floor: which places do all constraints leave?
//!
//! Arc consistency (Mackworth, Consistency in networks of relations, Artificial Intelligence 8, 1977), then search that looks ahead and takes the
//! thing with the fewest cells left first.

use crate::{Error, Result};

/// A test of a cell, or of the way from one cell to another: east and north.
type Fits = Box<dyn Fn(i32, i32) -> bool>;

/// Things, and where they may be.
pub struct Cells {
    side: i32,
    len: usize,
    alone: Vec<(usize, Fits)>,
    pairs: Vec<(usize, usize, Fits)>,
}

/// What a search finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A cell for each thing: from the west and from the south, from 0.
    Placed(Vec<(i32, i32)>),
    /// There is none.
    Impossible,
    /// The search was cut short.
    Undecided,
}

/// Most cells of a side.
const MOST_SIDE: usize = 32;
/// Most things.
const MOST_THINGS: usize = 24;
/// Cells that are tried in one search.
const MOST_TRIED: u64 = 200_000;

impl Cells {
    /// A floor of `side` by `side` cells.
    ///
    /// # Errors
    /// When a side has no cells or more than 32, or there are more than 24 things.
    pub fn new(side: usize, len: usize) -> Result<Cells> {
        if side == 0 || side > MOST_SIDE || len > MOST_THINGS {
            return Err(Error::Constraint {
                constraint: "the floor".to_owned(),
                expected: format!("1 to {MOST_SIDE} cells a side and at most {MOST_THINGS} things"),
                found: format!("{side} and {len}"),
            });
        }
        Ok(Cells { side: side as i32, len, alone: Vec::new(), pairs: Vec::new() })
    }

    /// The thing stands on a cell that fits. A thing that is not there makes the constraint hold.
    pub fn keep(&mut self, thing: usize, fits: impl Fn(i32, i32) -> bool + 'static) {
        if thing < self.len {
            self.alone.push((thing, Box::new(fits)));
        }
    }

    /// The way from the second thing to the first fits. Two that are one, or not there, make no constraint but that of standing still.
    pub fn keep_apart(&mut self, first: usize, second: usize, fits: impl Fn(i32, i32) -> bool + 'static) {
        if first == second {
            let holds = fits(0, 0);
            self.keep(first, move |_, _| holds);
        } else if first < self.len && second < self.len {
            self.pairs.push((first, second, Box::new(fits)));
        }
    }

    /// A place for everything, or none.
    pub fn solve(&self) -> Layout {
        let cells = || (0..self.side).flat_map(|x| (0..self.side).map(move |y| (x, y)));
        let mut domains: Vec<Vec<(i32, i32)>> = (0..self.len)
            .map(|thing| {
                let all = cells();
                all.filter(|&(x, y)| self.alone.iter().all(|(t, fits)| *t != thing || fits(x, y))).collect()
            })
            .collect();
        if !self.revise(&mut domains, (0..self.pairs.len()).collect()) {
            return Layout::Impossible;
        }
        let mut tried = 0;
        match self.search(domains, &mut tried) {
            Some(placed) => Layout::Placed(placed),
            None if tried >= MOST_TRIED => Layout::Undecided,
            None => Layout::Impossible,
        }
    }

    /// Drops cells that have no partner, until nothing changes; whether every thing has a cell left.
    fn revise(&self, domains: &mut [Vec<(i32, i32)>], mut queue: Vec<usize>) -> bool {
        if domains.iter().any(Vec::is_empty) {
            return false;
        }
        while let Some(pair) = queue.pop() {
            let (a, b, fits) = &self.pairs[pair];
            for (here, there, turned) in [(*a, *b, false), (*b, *a, true)] {
                let kept: Vec<(i32, i32)> = domains[here]
                    .iter()
                    .copied()
                    .filter(|&(x, y)| {
                        domains[there]
                            .iter()
                            .any(|&(u, v)| if turned { fits(u - x, v - y) } else { fits(x - u, y - v) })
                    })
                    .collect();
                if kept.len() == domains[here].len() {
                    continue;
                }
                if kept.is_empty() {
                    return false;
                }
                domains[here] = kept;
                queue.extend((0..self.pairs.len()).filter(|&other| {
                    let (p, q, _) = &self.pairs[other];
                    *p == here || *q == here
                }));
                queue.sort_unstable();
                queue.dedup();
            }
        }
        true
    }

    fn search(&self, domains: Vec<Vec<(i32, i32)>>, tried: &mut u64) -> Option<Vec<(i32, i32)>> {
        let open = (0..self.len).filter(|&t| domains[t].len() > 1).min_by_key(|&t| (domains[t].len(), t));
        let Some(thing) = open else { return domains.iter().map(|cells| cells.first().copied()).collect() };
        for &cell in &domains[thing] {
            *tried += 1;
            if *tried >= MOST_TRIED {
                return None;
            }
            let mut next = domains.clone();
            next[thing] = vec![cell];
            let touched =
                (0..self.pairs.len()).filter(|&p| self.pairs[p].0 == thing || self.pairs[p].1 == thing);
            if self.revise(&mut next, touched.collect())
                && let Some(found) = self.search(next, tried)
            {
                return Some(found);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Random;

    #[test]
    fn what_is_found_fits_and_what_is_not_is_not_there() {
        let mut random = Random::new(3);
        let mut impossible = 0;
        for _ in 0..300 {
            let mut cells = Cells::new(3, 3).expect("a small floor");
            // the sign of the way, east and north, between each two
            let asked: Vec<(usize, usize, i32, i32)> = [(0, 1), (1, 2), (0, 2)]
                .into_iter()
                .map(|(a, b)| (a, b, random.below(3) as i32 - 1, random.below(3) as i32 - 1))
                .collect();
            for &(a, b, east, north) in &asked {
                cells.keep_apart(a, b, move |dx, dy| dx.signum() == east && dy.signum() == north);
            }
            let fits = |at: &[(i32, i32)]| {
                asked.iter().all(|&(a, b, east, north)| {
                    (at[a].0 - at[b].0).signum() == east && (at[a].1 - at[b].1).signum() == north
                })
            };
            let all = (0..9_i32.pow(3))
                .map(|code| [code % 9, code / 9 % 9, code / 81].map(|cell| (cell % 3, cell / 3)));
            let exists = all.into_iter().any(|at| fits(&at));
            match cells.solve() {
                Layout::Placed(at) => assert!(fits(&at)),
                Layout::Impossible => {
                    assert!(!exists, "{asked:?}");
                    impossible += 1;
                }
                Layout::Undecided => panic!("a small floor is decided"),
            }
        }
        assert!(impossible > 50, "{impossible}");
    }

    #[test]
    fn hard_floors_are_given_up_in_time() {
        // 24 things on 20 cells, each on its own
        let mut cells = Cells::new(32, 24).expect("a floor");
        for a in 0..24 {
            cells.keep(a, |x, y| x < 5 && y < 4);
            for b in 0..a {
                cells.keep_apart(a, b, |dx, dy| (dx, dy) != (0, 0));
            }
        }
        assert_ne!(cells.solve(), Layout::Placed(Vec::new()));
        assert!(Cells::new(0, 1).is_err() && Cells::new(33, 1).is_err() && Cells::new(2, 25).is_err());
    }
}
