//! A calculus as data: names, converses, compositions, neighbourhoods and what is known to be tractable.

use super::Relations;
use crate::{Error, Result};

/// The relation algebra of a binary calculus with at most 32 base relations.
///
/// Base relations are jointly exhaustive and pairwise disjoint: of two things exactly one holds. Composition is *weak* composition: the
/// smallest set of base relations that holds what can follow (Renz and Ligozat, Weak composition for qualitative spatial and temporal
/// reasoning, CP 2005).
#[derive(Clone, Debug)]
pub struct Algebra {
    name: &'static str,
    names: Vec<String>,
    aliases: Vec<(&'static str, usize)>,
    identity: usize,
    converse: Vec<usize>,
    composition: Vec<Relations>,
    neighbours: Vec<Relations>,
    tractable: Tractable,
    pub(crate) tables: Tables,
}

/// For which networks an algebraic closure that is free of contradictions proves that there is a model.
#[derive(Clone, Debug)]
pub enum Tractable {
    /// For all of them.
    All,
    /// For networks of these sets: bit `set.0` of the map. Only for calculi with at most 16 base relations.
    Sets(Vec<u64>),
    /// For networks of single base relations.
    Base,
    /// For none that is known: a closure without contradiction proves nothing.
    Unknown,
}

/// Composition of sets, looked up in pieces: a set is cut into pieces of `bits` bits.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    /// Bits of one piece.
    pub(crate) bits: u32,
    /// Pieces of a set: 1, 2 or more.
    pub(crate) pieces: usize,
    /// `[piece of a][bits of a][piece of b][bits of b]`, so that one row holds all of what a piece of `a` composes to.
    pub(crate) rows: Vec<u32>,
    /// The converse of a piece: `[piece][bits]`.
    pub(crate) converse: Vec<u32>,
}

impl Algebra {
    /// An algebra from its tables; `composition[a * n + b]` is what `a` then `b` can amount to.
    ///
    /// # Errors
    /// When there are no base relations or more than 32, when a table has the wrong length or points outside of the relations, when the
    /// converse is no involution, or when the composition disagrees with the identity or with the converse: `(a ∘ b)˘ = b˘ ∘ a˘`.
    pub fn new(
        name: &'static str,
        names: Vec<String>,
        identity: usize,
        converse: Vec<usize>,
        composition: Vec<Relations>,
    ) -> Result<Algebra> {
        let n = names.len();
        let wrong = |expected: &str, found: String| {
            Err(Error::Calculus { calculus: name.to_owned(), expected: expected.to_owned(), found })
        };
        if n == 0 || n > 32 {
            return wrong("1 to 32 base relations", format!("{n}"));
        }
        if identity >= n || converse.len() != n || composition.len() != n * n {
            return wrong(
                &format!("{n} converses and {} compositions", n * n),
                format!("{} and {}", converse.len(), composition.len()),
            );
        }
        for a in 0..n {
            if converse[a] >= n || converse[converse[a]] != a {
                return wrong("converses that lead back", format!("the converse of `{}` does not", names[a]));
            }
            if composition[a * n + identity] != Relations::one(a)
                || composition[identity * n + a] != Relations::one(a)
            {
                return wrong(
                    "an identity that changes nothing",
                    format!("`{}` with it is something else", names[a]),
                );
            }
        }
        let turned = |set: Relations| set.iter().map(|r| converse[r]).collect::<Relations>();
        for a in 0..n {
            for b in 0..n {
                let set = composition[a * n + b];
                if set.is_empty() || !set.within(Relations::all(n)) {
                    return wrong(
                        "compositions within the relations",
                        format!("`{} ∘ {}` has none of them or others", names[a], names[b]),
                    );
                }
                if turned(set) != composition[converse[b] * n + converse[a]] {
                    return wrong("(a ∘ b)˘ = b˘ ∘ a˘", format!("`{} ∘ {}` breaks it", names[a], names[b]));
                }
            }
        }
        let tables = Tables::new(n, &converse, &composition);
        Ok(Algebra {
            name,
            names,
            aliases: Vec::new(),
            identity,
            converse,
            composition,
            neighbours: vec![Relations::NONE; n],
            tractable: Tractable::Unknown,
            tables,
        })
    }

    /// An algebra whose composition is read off models: every `(a to b, b to c, a to c)` that occurs.
    ///
    /// # Errors
    /// As [`Algebra::new`]: where the models are too few, a composition is empty or lopsided.
    pub fn from_models(
        name: &'static str,
        names: &[&str],
        identity: usize,
        converse: Vec<usize>,
        models: impl IntoIterator<Item = (usize, usize, usize)>,
    ) -> Result<Algebra> {
        let n = names.len();
        let mut composition = vec![Relations::NONE; n * n];
        for (ab, bc, ac) in models {
            if let Some(set) = composition.get_mut(ab * n + bc) {
                *set = set.or(Relations::one(ac));
            }
        }
        Algebra::new(name, names.iter().map(|&s| s.to_owned()).collect(), identity, converse, composition)
    }

    /// The product of two algebras: things with two independent sides, such as shadows on two axes. `names[a * n2 + b]` names the pair.
    ///
    /// # Errors
    /// As [`Algebra::new`].
    pub fn product(name: &'static str, names: &[&str], first: &Algebra, second: &Algebra) -> Result<Algebra> {
        let (n, m) = (first.len(), second.len());
        let pairs = |a: Relations, b: Relations| {
            a.iter().flat_map(move |x| b.iter().map(move |y| x * m + y)).collect()
        };
        let converse = (0..n * m).map(|r| first.converse[r / m] * m + second.converse[r % m]).collect();
        let composition = (0..n * m)
            .flat_map(|a| (0..n * m).map(move |b| (a, b)))
            .map(|(a, b)| pairs(first.base(a / m, b / m), second.base(a % m, b % m)))
            .collect();
        let mut both = Algebra::new(
            name,
            names.iter().map(|&s| s.to_owned()).collect(),
            first.identity * m + second.identity,
            converse,
            composition,
        )?;
        let stay = |algebra: &Algebra, r: usize| algebra.neighbours[r].or(Relations::one(r));
        both.neighbours = (0..n * m)
            .map(|r| {
                let set: Relations = pairs(stay(first, r / m), stay(second, r % m));
                set.without(Relations::one(r))
            })
            .collect();
        Ok(both)
    }

    /// A coarser algebra: every base relation is a set of base relations of `fine`.
    ///
    /// # Errors
    /// As [`Algebra::new`].
    pub fn coarser(
        name: &'static str,
        fine: &Algebra,
        parts: &[(&str, Relations)],
        identity: usize,
    ) -> Result<Algebra> {
        let coarse = |set: Relations| {
            (0..parts.len()).filter(|&i| !parts[i].1.and(set).is_empty()).collect::<Relations>()
        };
        let one = |set: Relations| coarse(set).iter().next().unwrap_or(usize::MAX);
        let converse = parts.iter().map(|(_, part)| one(fine.converse(*part))).collect();
        let composition = parts
            .iter()
            .flat_map(|(_, a)| parts.iter().map(move |(_, b)| (a, b)))
            .map(|(a, b)| coarse(fine.compose(*a, *b)))
            .collect();
        let names = parts.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mut algebra = Algebra::new(name, names, identity, converse, composition)?;
        algebra.neighbours = (0..parts.len())
            .map(|i| {
                let beside: Relations = parts[i].1.iter().flat_map(|r| fine.neighbours[r].iter()).collect();
                coarse(beside).without(Relations::one(i))
            })
            .collect();
        Ok(algebra)
    }

    /// The same algebra with its conceptual neighbourhood: which relation may follow when things change continuously. Pairs of names, both ways.
    pub(crate) fn with_neighbours(mut self, pairs: &[(&str, &str)]) -> Algebra {
        for (a, b) in pairs {
            if let (Some(a), Some(b)) = (self.index(a), self.index(b)) {
                self.neighbours[a] = self.neighbours[a].or(Relations::one(b));
                self.neighbours[b] = self.neighbours[b].or(Relations::one(a));
            }
        }
        self
    }

    /// The same algebra with the neighbourhood of every pair that `beside` names, one way or the other.
    pub(crate) fn with_neighbours_where(mut self, beside: impl Fn(usize, usize) -> bool) -> Algebra {
        let n = self.len();
        self.neighbours =
            (0..n).map(|a| (0..n).filter(|&b| a != b && (beside(a, b) || beside(b, a))).collect()).collect();
        self
    }

    /// The same algebra with what is known to be tractable.
    pub(crate) fn with_tractable(mut self, tractable: Tractable) -> Algebra {
        self.tractable = tractable;
        self
    }

    /// The same algebra that also knows its relations by other names.
    pub(crate) fn with_aliases(mut self, aliases: &[(&'static str, &str)]) -> Algebra {
        self.aliases = aliases
            .iter()
            .filter_map(|(alias, name)| self.index(name).map(|index| (*alias, index)))
            .collect();
        self
    }

    /// What the user calls it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How many base relations there are: 1 to 32.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Never: an algebra has at least one relation.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The base relation of a thing to itself.
    pub fn identity(&self) -> usize {
        self.identity
    }

    /// All relations: nothing is known.
    pub fn universal(&self) -> Relations {
        Relations::all(self.len())
    }

    /// The names of the base relations, in their order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The position of a base relation by its name or alias; upper and lower case are the same unless both exist.
    pub fn index(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|n| n == name);
        exact.or_else(|| self.names.iter().position(|n| n.eq_ignore_ascii_case(name))).or_else(|| {
            self.aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map(|&(_, index)| index)
        })
    }

    /// The set of these names.
    ///
    /// # Errors
    /// When a name is none of the calculus.
    pub fn set<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Relations> {
        names
            .into_iter()
            .map(|name| {
                self.index(name).map(Relations::one).ok_or_else(|| Error::Calculus {
                    calculus: self.name.to_owned(),
                    expected: format!("one of {}", self.names.join(" ")),
                    found: format!("`{name}`"),
                })
            })
            .try_fold(Relations::NONE, |set, one| Ok(set.or(one?)))
    }

    /// The names of a set, with a blank between them: `< m`.
    pub fn text(&self, set: Relations) -> String {
        set.iter().filter_map(|r| self.names.get(r)).map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// What `b` is to `a` when `a` is to `b` as given.
    pub fn converse(&self, set: Relations) -> Relations {
        set.iter().map(|r| self.converse[r]).collect()
    }

    /// What `a` can be to `c` when `a` is to `b` and `b` to `c` as given.
    pub fn compose(&self, ab: Relations, bc: Relations) -> Relations {
        ab.iter().fold(Relations::NONE, |set, a| {
            bc.iter().fold(set, |set, b| set.or(self.composition[a * self.len() + b]))
        })
    }

    /// Which base relations can come before or after one without another between, as things move and change size continuously.
    /// Empty where the calculus has no known neighbourhood.
    pub fn neighbours(&self, base: usize) -> Relations {
        self.neighbours.get(base).copied().unwrap_or_default()
    }

    /// The length of a shortest walk of neighbours from one base relation to another: 0 for the same; none where none leads there.
    pub fn steps(&self, from: usize, to: usize) -> Option<u32> {
        let (mut reached, mut steps) = (Relations::one(from), 0);
        while !reached.has(to) {
            let next = reached.iter().fold(reached, |set, r| set.or(self.neighbours(r)));
            if next == reached {
                return None;
            }
            (reached, steps) = (next, steps + 1);
        }
        Some(steps)
    }

    /// For which networks the closure decides.
    pub fn tractable(&self) -> &Tractable {
        &self.tractable
    }

    /// Whether networks over this set (and others like it) are decided by their closure.
    pub fn is_tractable(&self, set: Relations) -> bool {
        match &self.tractable {
            Tractable::All => true,
            Tractable::Sets(map) => {
                map.get(set.0 as usize / 64).is_some_and(|word| word >> (set.0 % 64) & 1 == 1)
            }
            Tractable::Base | Tractable::Unknown => set.count() <= 1,
        }
    }

    /// Whether a search over this calculus can prove that there is a model.
    pub fn decides(&self) -> bool {
        !matches!(self.tractable, Tractable::Unknown)
    }

    /// The set cut into few disjoint parts that are tractable, the largest first (greedy); a base relation is always one.
    pub fn parts(&self, set: Relations) -> Vec<Relations> {
        let mut rest = set;
        let mut parts = Vec::new();
        while !rest.is_empty() {
            let part = if self.is_tractable(rest) {
                rest
            } else if matches!(self.tractable, Tractable::Sets(_)) {
                largest_part(self, rest)
            } else {
                Relations(1 << rest.0.trailing_zeros())
            };
            parts.push(part);
            rest = rest.without(part);
        }
        parts
    }

    fn base(&self, a: usize, b: usize) -> Relations {
        self.composition[a * self.len() + b]
    }
}

/// The largest tractable subset; of equals the one with the greatest bits, so that the choice is always the same.
fn largest_part(algebra: &Algebra, set: Relations) -> Relations {
    let mut best = Relations(1 << set.0.trailing_zeros());
    let mut subset = set.0;
    while subset != 0 {
        let part = Relations(subset);
        if part.count() > best.count() && algebra.is_tractable(part) {
            best = part;
        }
        subset = (subset - 1) & set.0;
    }
    best
}

impl Tractable {
    /// The map of all sets over `n` (at most 16) base relations that satisfy `is`, the empty set included.
    pub(crate) fn where_(n: usize, is: impl Fn(Relations) -> bool) -> Tractable {
        let count = 1_usize << n.min(16);
        let mut map = vec![0; count.div_ceil(64)];
        for set in 0..count {
            if set == 0 || is(Relations(set as u32)) {
                map[set / 64] |= 1_u64 << (set % 64);
            }
        }
        Tractable::Sets(map)
    }
}

impl Tables {
    /// Composition of sets by look-up.
    #[inline]
    pub(crate) fn compose(&self, a: Relations, b: Relations) -> Relations {
        let size = 1_usize << self.bits;
        let mut set = 0;
        for p in 0..self.pieces {
            let x = (a.0 >> (p as u32 * self.bits)) as usize & (size - 1);
            for q in 0..self.pieces {
                let y = (b.0 >> (q as u32 * self.bits)) as usize & (size - 1);
                set |= self.rows[((p * size + x) * self.pieces + q) * size + y];
            }
        }
        Relations(set)
    }

    /// Converse of a set by look-up.
    #[inline]
    pub(crate) fn turn(&self, a: Relations) -> Relations {
        let size = 1_usize << self.bits;
        Relations((0..self.pieces).fold(0, |set, p| {
            set | self.converse[p * size + ((a.0 >> (p as u32 * self.bits)) as usize & (size - 1))]
        }))
    }

    fn new(n: usize, converse: &[usize], composition: &[Relations]) -> Tables {
        // one piece for small calculi, two of seven bits for Allen's, bytes above
        let bits = match n {
            0..=8 => n as u32,
            9..=16 => (n as u32).div_ceil(2),
            _ => 8,
        };
        let pieces = n.div_ceil(bits as usize);
        let size = 1_usize << bits;
        let mut tables = Tables {
            bits,
            pieces,
            rows: vec![0; pieces * size * pieces * size],
            converse: vec![0; pieces * size],
        };
        let at = |p: usize, bit: u32| p * bits as usize + bit as usize;
        for p in 0..pieces {
            for a in 1..size {
                let (low, rest) = (a.trailing_zeros(), a & (a - 1));
                let turned = converse.get(at(p, low)).map_or(0, |&r| 1 << r);
                tables.converse[p * size + a] = tables.converse[p * size + rest] | turned;
                for q in 0..pieces {
                    for b in 1..size {
                        let (low_b, rest_b) = (b.trailing_zeros(), b & (b - 1));
                        let cell = |x: usize, y: usize| ((p * size + x) * pieces + q) * size + y;
                        let one = if at(p, low) < n && at(q, low_b) < n {
                            composition[at(p, low) * n + at(q, low_b)].0
                        } else {
                            0
                        };
                        // a = low + rest, b = low_b + rest_b
                        let value = one
                            | tables.rows[cell(rest, b)]
                            | if rest == 0 { tables.rows[cell(a, rest_b)] } else { 0 }
                            | if rest != 0 { tables.rows[cell(1 << low, b)] } else { 0 };
                        tables.rows[cell(a, b)] = value;
                    }
                }
            }
        }
        tables
    }
}
