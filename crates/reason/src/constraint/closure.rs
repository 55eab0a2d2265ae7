//! Algebraic closure (path consistency), incremental and with a way back.
//!
//! Allen 1983; Mackworth's PC-2 (1977) with the most constrained pairs first (van Beek and Manchak, The design and experimental analysis of
//! algorithms for temporal reasoning, JAIR 1996).

use super::Network;
use crate::calculus::{Algebra, Relations};

/// The relations of all pairs, closed under composition: `r(i, j) ⊆ r(i, k) ∘ r(k, j)` for all three.
///
/// Memory is four bytes for each ordered pair. Time for `n` things is O(n³) compositions at worst, each a table look-up.
#[derive(Clone, Debug)]
pub struct Closure<'a> {
    algebra: &'a Algebra,
    len: usize,
    /// Row by row; both directions are kept.
    matrix: Vec<u32>,
    /// Pairs whose change is not followed up yet, by the number of their relations.
    queue: Vec<Vec<u32>>,
    /// For each ordered pair with `i < j`, the bucket in which it waits plus one; 0 when it does not.
    waits: Vec<u8>,
    /// What was there before, while there is a way back.
    trail: Vec<(u32, u32)>,
    has_trail: bool,
    /// What the row of one pair composes to, piece by piece.
    row: Vec<u32>,
}

/// Some pair has no relation left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Index of the first thing.
    pub first: usize,
    /// Index of the second thing.
    pub second: usize,
}

impl<'a> Closure<'a> {
    /// The closure of a network, or the pair at which it failed.
    ///
    /// # Errors
    /// When some pair has no relation left: the network has no model.
    pub fn new(network: &Network<'a>) -> std::result::Result<Closure<'a>, Contradiction> {
        let (algebra, len) = (network.algebra(), network.len());
        let mut closure = Closure {
            algebra,
            len,
            matrix: vec![algebra.universal().0; len * len],
            queue: vec![Vec::new(); algebra.len() + 1],
            waits: vec![0; len * len],
            trail: Vec::new(),
            has_trail: false,
            row: vec![0; algebra.tables.pieces << algebra.tables.bits],
        };
        for i in 0..len {
            closure.matrix[i * len + i] = Relations::one(algebra.identity()).0;
        }
        for constraint in network.constraints() {
            closure.tighten(constraint.first, constraint.second, constraint.relations)?;
        }
        closure.follow()?;
        Ok(closure)
    }

    /// How many things there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no thing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The calculus.
    pub fn algebra(&self) -> &'a Algebra {
        self.algebra
    }

    /// What the first can be to the second; both below [`Closure::len`].
    #[inline]
    pub fn get(&self, first: usize, second: usize) -> Relations {
        Relations(self.matrix[first * self.len + second])
    }

    /// Adds what is said of one pair and closes again.
    ///
    /// # Errors
    /// When some pair has no relation left. The closure is then only good for [`Closure::back_to`] a mark.
    pub fn constrain(
        &mut self,
        first: usize,
        second: usize,
        relations: Relations,
    ) -> std::result::Result<(), Contradiction> {
        self.tighten(first, second, relations)?;
        self.follow()
    }

    /// A mark to come [`back_to`](Closure::back_to); changes are recorded from the first mark on.
    pub fn mark(&mut self) -> usize {
        self.has_trail = true;
        self.trail.len()
    }

    /// Undoes every change since the mark.
    pub fn back_to(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((cell, old)) = self.trail.pop() {
                let (i, j) = (cell as usize / self.len, cell as usize % self.len);
                self.matrix[cell as usize] = old;
                self.matrix[j * self.len + i] = self.algebra.tables.turn(Relations(old)).0;
            }
        }
        for bucket in &mut self.queue {
            for cell in bucket.drain(..) {
                self.waits[cell as usize] = 0;
            }
        }
    }

    /// Intersects one pair, without following up.
    fn tighten(
        &mut self,
        first: usize,
        second: usize,
        relations: Relations,
    ) -> std::result::Result<(), Contradiction> {
        let old = self.get(first, second);
        let new = old.and(relations);
        if new != old {
            self.set(first, second, new);
        }
        if new.is_empty() { Err(Contradiction { first, second }) } else { Ok(()) }
    }

    #[inline]
    fn set(&mut self, i: usize, j: usize, new: Relations) {
        let (cell, mirror) = (i * self.len + j, j * self.len + i);
        if self.has_trail {
            self.trail.push((cell as u32, self.matrix[cell]));
        }
        self.matrix[cell] = new.0;
        if i != j {
            self.matrix[mirror] = self.algebra.tables.turn(new).0;
            let waiting = cell.min(mirror);
            let bucket = new.count() as u8;
            // a pair that got tighter waits in a nearer bucket; the older entry is passed over
            if self.waits[waiting] == 0 || bucket + 1 < self.waits[waiting] {
                self.waits[waiting] = bucket + 1;
                self.queue[bucket as usize].push(waiting as u32);
            }
        }
    }

    /// Follows up all changes.
    fn follow(&mut self) -> std::result::Result<(), Contradiction> {
        let mut bucket = 0;
        while bucket < self.queue.len() {
            let Some(cell) = self.queue[bucket].pop() else {
                bucket += 1;
                continue;
            };
            let cell = cell as usize;
            if usize::from(self.waits[cell]) != bucket + 1 {
                continue;
            }
            self.waits[cell] = 0;
            let (i, j) = (cell / self.len, cell % self.len);
            let least = self.spread(i, j)?.min(self.spread(j, i)?);
            bucket = bucket.min(least);
        }
        Ok(())
    }

    /// Tightens every `(i, k)` by `(i, j) ∘ (j, k)`; the fewest relations of what was changed.
    fn spread(&mut self, i: usize, j: usize) -> std::result::Result<usize, Contradiction> {
        let n = self.len;
        let tables = &self.algebra.tables;
        let size = 1_usize << tables.bits;
        let width = tables.pieces * size;
        let known = self.matrix[i * n + j];
        // what `known` composes to with every piece of a set
        let mut row = std::mem::take(&mut self.row);
        let mut is_first = true;
        for p in 0..tables.pieces {
            let piece = (known >> (p as u32 * tables.bits)) as usize & (size - 1);
            if piece != 0 {
                let from = &tables.rows[(p * size + piece) * width..][..width];
                if is_first {
                    row.copy_from_slice(from);
                    is_first = false;
                } else {
                    for (to, from) in row.iter_mut().zip(from) {
                        *to |= from;
                    }
                }
            }
        }
        let result = match tables.pieces {
            1 => self.spread_row(i, j, |set| row[set as usize]),
            2 => {
                let (low, high) = row.split_at(size);
                let (bits, mask) = (tables.bits, size - 1);
                self.spread_row(i, j, |set| low[set as usize & mask] | high[set as usize >> bits & mask])
            }
            pieces => {
                let (bits, mask) = (tables.bits, size - 1);
                self.spread_row(i, j, |set| {
                    (0..pieces)
                        .fold(0, |all, p| all | row[p * size + ((set >> (p as u32 * bits)) as usize & mask)])
                })
            }
        };
        self.row = row;
        result
    }

    #[inline]
    fn spread_row(
        &mut self,
        i: usize,
        j: usize,
        compose: impl Fn(u32) -> u32,
    ) -> std::result::Result<usize, Contradiction> {
        let n = self.len;
        let all = self.algebra.universal().0;
        let is_idle = compose(all) == all && self.algebra.len() > 1;
        let mut least = usize::MAX;
        for k in 0..n {
            let via = self.matrix[j * n + k];
            // what is unknown stays unknown, whatever it is composed with, unless the row says otherwise
            if is_idle && via == all {
                continue;
            }
            let old = self.matrix[i * n + k];
            let new = old & compose(via);
            if new != old {
                self.set(i, k, Relations(new));
                if new == 0 {
                    return Err(Contradiction { first: i, second: k });
                }
                least = least.min(new.count_ones() as usize);
            }
        }
        Ok(least)
    }
}
