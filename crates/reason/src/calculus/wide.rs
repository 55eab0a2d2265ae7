//! Calculi that [`Algebra`](super::Algebra) cannot hold: more than 32 relations, no identity, impossible compositions, or three things.

use crate::{Error, Result};

/// A set of at most 320 base relations of one calculus.
///
/// Which relation a bit stands for is known to the [`Wide`] calculus only; sets of two calculi must not be mixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WideSet([u64; WORDS]);

/// A calculus of pairs (`a` to `b`, composed over `b`) or of triples (`c` for one who came from `a` to `b`, composed as
/// `(a, b, c) ∘ (b, c, d) = (a, b, d)`), as tables.
///
/// Composition is weak: the smallest set of base relations that holds what can follow. An empty one is impossible.
/// Things that are named differently are different; a thing is not related to itself unless there is an identity.
#[derive(Clone, Debug)]
pub struct Wide {
    name: &'static str,
    names: Vec<String>,
    arity: usize,
    identity: Option<usize>,
    /// Row by row for each way to turn the things around: `[way * n + relation]`.
    turned: Vec<WideSet>,
    composition: Vec<WideSet>,
    neighbours: Vec<WideSet>,
}

const WORDS: usize = 5;
/// The most relations of one calculus.
const MOST: usize = WORDS * 64;

/// The ways to turn three things around, as places of the old triple: inversion, short cut, homing, its inverse, and the short cut's.
pub const TURNS: [[usize; 3]; 5] = [[1, 0, 2], [0, 2, 1], [1, 2, 0], [2, 1, 0], [2, 0, 1]];

impl Wide {
    /// A calculus of pairs; `composition[a * n + b]` is what `a` then `b` can amount to.
    ///
    /// # Errors
    /// When there are no relations or more than 320, a table has the wrong length, the converse leads not back, the identity changes
    /// something, or `(a ∘ b)˘ = b˘ ∘ a˘` is broken.
    pub fn pairs(
        name: &'static str,
        names: Vec<String>,
        identity: Option<usize>,
        converse: &[usize],
        composition: Vec<WideSet>,
    ) -> Result<Wide> {
        let n = names.len();
        let calculus = Wide {
            name,
            names,
            arity: 2,
            identity,
            turned: converse.iter().map(|&r| WideSet::one(r)).collect(),
            composition,
            neighbours: vec![WideSet::NONE; n],
        };
        calculus.measure()?;
        for a in 0..n {
            if converse.get(converse[a]) != Some(&a) {
                return calculus
                    .wrong("converses that lead back", format!("that of `{}` does not", calculus.names[a]));
            }
            if let Some(e) = identity
                && (calculus.base(a, e) != WideSet::one(a) || calculus.base(e, a) != WideSet::one(a))
            {
                let found = format!("`{}` with it is something else", calculus.names[a]);
                return calculus.wrong("an identity that changes nothing", found);
            }
            for b in 0..n {
                if calculus.turn(0, calculus.base(a, b)) != calculus.base(converse[b], converse[a]) {
                    let found = format!("`{} ∘ {}` breaks it", calculus.names[a], calculus.names[b]);
                    return calculus.wrong("(a ∘ b)˘ = b˘ ∘ a˘", found);
                }
            }
        }
        Ok(calculus)
    }

    /// A calculus of triples; `turned[way * n + relation]` is what the relation becomes when its things are taken as in [`TURNS`].
    ///
    /// # Errors
    /// When there are no relations or more than 320, a table has the wrong length, or a relation turned twice the same way (the ways that
    /// swap two things) cannot be itself again.
    pub fn triples(
        name: &'static str,
        names: Vec<String>,
        turned: Vec<WideSet>,
        composition: Vec<WideSet>,
    ) -> Result<Wide> {
        let n = names.len();
        let calculus = Wide {
            name,
            names,
            arity: 3,
            identity: None,
            turned,
            composition,
            neighbours: vec![WideSet::NONE; n],
        };
        calculus.measure()?;
        for way in [0, 1, 3] {
            for r in 0..n {
                if !calculus.turn(way, calculus.turn(way, WideSet::one(r))).has(r) {
                    let found = format!("way {way} loses `{}`", calculus.names[r]);
                    return calculus.wrong("turns that lead back", found);
                }
            }
        }
        Ok(calculus)
    }

    /// The same calculus with its conceptual neighbourhood: which relation may follow when things move continuously.
    pub(crate) fn with_neighbours(mut self, beside: impl Fn(usize, usize) -> bool) -> Wide {
        let n = self.len();
        self.neighbours =
            (0..n).map(|a| (0..n).filter(|&b| a != b && (beside(a, b) || beside(b, a))).collect()).collect();
        self
    }

    /// What the user calls it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The names of the base relations, in their order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many base relations there are: 1 to 320.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Never: a calculus has at least one relation.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How many things a relation is of: 2 or 3.
    pub fn arity(&self) -> usize {
        self.arity
    }

    /// The relation of a thing to itself, where there is one.
    pub fn identity(&self) -> Option<usize> {
        self.identity
    }

    /// All relations: nothing is known.
    pub fn universal(&self) -> WideSet {
        WideSet::all(self.len())
    }

    /// The position of a base relation by its name; upper and lower case are the same unless both exist.
    pub fn index(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|n| n == name);
        exact.or_else(|| self.names.iter().position(|n| n.eq_ignore_ascii_case(name)))
    }

    /// The names of a set, with a blank between them.
    pub fn text(&self, set: WideSet) -> String {
        set.iter().filter_map(|r| self.names.get(r)).map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// What a set becomes when its things are turned around: way 0 of pairs is the converse, those of triples are [`TURNS`].
    pub fn turn(&self, way: usize, set: WideSet) -> WideSet {
        set.iter().fold(WideSet::NONE, |all, r| all.or(self.turned[way * self.len() + r]))
    }

    /// What can follow: `(a, c)` from `(a, b)` and `(b, c)`, or `(a, b, d)` from `(a, b, c)` and `(b, c, d)`.
    pub fn compose(&self, first: WideSet, second: WideSet) -> WideSet {
        first.iter().fold(WideSet::NONE, |all, a| second.iter().fold(all, |all, b| all.or(self.base(a, b))))
    }

    /// What of a set can follow: [`Wide::compose`] within `asked`, ended as soon as all of it is reached.
    pub(crate) fn compose_within(&self, first: WideSet, second: WideSet, asked: WideSet) -> WideSet {
        let mut left = asked;
        for a in first.iter() {
            for b in second.iter() {
                left = left.without(self.base(a, b));
            }
            if left.is_empty() {
                return asked;
            }
        }
        asked.without(left)
    }

    /// Which base relations can come before or after one without another between, as things move continuously.
    /// Empty where the calculus has no known neighbourhood.
    pub fn neighbours(&self, base: usize) -> WideSet {
        self.neighbours.get(base).copied().unwrap_or_default()
    }

    fn base(&self, a: usize, b: usize) -> WideSet {
        self.composition[a * self.len() + b]
    }

    fn measure(&self) -> Result<()> {
        let n = self.len();
        if n == 0 || n > MOST {
            return self.wrong(&format!("1 to {MOST} base relations"), format!("{n}")).map(|_| ());
        }
        let ways = if self.arity == 2 { 1 } else { TURNS.len() };
        let inside = |set: &WideSet| set.within(WideSet::all(n));
        if self.turned.len() != ways * n
            || self.composition.len() != n * n
            || !self.turned.iter().chain(&self.composition).all(inside)
            || self.identity.is_some_and(|e| e >= n)
        {
            let found = format!("{} and {}", self.turned.len(), self.composition.len());
            let expected = format!("{} turns and {} compositions within the relations", ways * n, n * n);
            return self.wrong(&expected, found).map(|_| ());
        }
        Ok(())
    }

    fn wrong(&self, expected: &str, found: String) -> Result<Wide> {
        Err(Error::Calculus { calculus: self.name.to_owned(), expected: expected.to_owned(), found })
    }
}

impl WideSet {
    /// No relation: a contradiction.
    pub const NONE: WideSet = WideSet([0; WORDS]);

    /// The single relation at `index` (below 320; none above).
    pub fn one(index: usize) -> WideSet {
        std::iter::once(index).collect()
    }

    /// All of the first `count` relations.
    pub fn all(count: usize) -> WideSet {
        (0..count.min(MOST)).collect()
    }

    /// Whether nothing is left.
    pub fn is_empty(self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// How many base relations it holds.
    pub fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Whether the relation at `index` is in it.
    pub fn has(self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// Whether all of it is in `other`.
    pub fn within(self, other: WideSet) -> bool {
        self.without(other).is_empty()
    }

    /// What is in both.
    pub fn and(self, other: WideSet) -> WideSet {
        WideSet(std::array::from_fn(|w| self.0[w] & other.0[w]))
    }

    /// What is in one of them.
    pub fn or(self, other: WideSet) -> WideSet {
        WideSet(std::array::from_fn(|w| self.0[w] | other.0[w]))
    }

    /// What is in it and not in `other`.
    pub fn without(self, other: WideSet) -> WideSet {
        WideSet(std::array::from_fn(|w| self.0[w] & !other.0[w]))
    }

    /// The positions of its base relations, ascending.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..WORDS).flat_map(move |w| {
            let mut rest = self.0[w];
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let index = w * 64 + rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    index
                })
            })
        })
    }
}

impl FromIterator<usize> for WideSet {
    fn from_iter<I: IntoIterator<Item = usize>>(indices: I) -> WideSet {
        let mut set = WideSet::NONE;
        for index in indices.into_iter().filter(|&index| index < MOST) {
            set.0[index / 64] |= 1 << (index % 64);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_is_put_in() {
        let set: WideSet = [3, 64, 319, 400].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [3, 64, 319]);
        assert_eq!(set.count(), 3);
        assert!(set.has(64) && !set.has(65) && !set.has(400));
        assert!(WideSet::one(64).within(set) && !set.within(WideSet::one(64)));
        assert_eq!(set.without(WideSet::one(3)).or(WideSet::one(3)), set);
        assert_eq!(WideSet::all(66).count(), 66);
    }

    #[test]
    fn lopsided_tables_are_refused() {
        let names = || vec!["<".to_owned(), ">".to_owned()];
        let all = WideSet::all(2);
        let error = |converse: &[usize], composition: Vec<WideSet>| {
            Wide::pairs("line", names(), None, converse, composition).expect_err("refused").to_string()
        };
        assert!(error(&[1, 1], vec![all; 4]).contains("lead back"));
        assert!(error(&[1, 0], vec![all; 3]).contains("4 compositions"));
        assert!(error(&[1, 0], vec![WideSet::one(0), all, all, all]).contains("breaks it"));
        let right = vec![WideSet::one(0), all, all, WideSet::one(1)];
        assert!(Wide::pairs("line", names(), None, &[1, 0], right).is_ok());
        assert!(Wide::triples("three", names(), vec![all; 9], vec![all; 4]).is_err());
        assert!(Wide::pairs("none", Vec::new(), None, &[], Vec::new()).is_err());
    }
}
