//! A set of base relations as bits.

/// A set of at most 32 base relations of one calculus: a disjunction ("before or meets").
///
/// Which relation a bit stands for is known to the [`Algebra`](super::Algebra) only; sets of two calculi must not be mixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relations(pub u32);

impl Relations {
    /// No relation: a contradiction.
    pub const NONE: Relations = Relations(0);

    /// The single relation at `index` (below 32).
    #[inline]
    pub const fn one(index: usize) -> Relations {
        Relations(1 << index)
    }

    /// All of the first `count` relations (at most 32).
    #[inline]
    pub const fn all(count: usize) -> Relations {
        Relations(if count >= 32 { u32::MAX } else { (1 << count) - 1 })
    }

    /// Whether nothing is left.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many base relations it holds.
    #[inline]
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether it is exactly one base relation.
    #[inline]
    pub const fn is_base(self) -> bool {
        self.0.is_power_of_two()
    }

    /// Whether the relation at `index` is in it.
    #[inline]
    pub const fn has(self, index: usize) -> bool {
        index < 32 && self.0 >> index & 1 == 1
    }

    /// Whether all of it is in `other`.
    #[inline]
    pub const fn within(self, other: Relations) -> bool {
        self.0 & !other.0 == 0
    }

    /// What is in both.
    #[inline]
    pub const fn and(self, other: Relations) -> Relations {
        Relations(self.0 & other.0)
    }

    /// What is in one of them.
    #[inline]
    pub const fn or(self, other: Relations) -> Relations {
        Relations(self.0 | other.0)
    }

    /// What is in it and not in `other`.
    #[inline]
    pub const fn without(self, other: Relations) -> Relations {
        Relations(self.0 & !other.0)
    }

    /// The positions of its base relations, ascending.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            (rest != 0).then(|| {
                let index = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                index
            })
        })
    }
}

impl FromIterator<usize> for Relations {
    fn from_iter<I: IntoIterator<Item = usize>>(indices: I) -> Relations {
        Relations(indices.into_iter().fold(0, |bits, index| bits | 1 << index))
    }
}
