//! Things and what is said of pairs of them.

use crate::calculus::{Algebra, Relations};
use crate::{Error, Result};

/// A constraint network: `len` things, and for some pairs the set of relations that one may have to the other.
#[derive(Clone, Debug)]
pub struct Network<'a> {
    algebra: &'a Algebra,
    len: usize,
    constraints: Vec<Constraint>,
}

/// One constraint: `first` is to `second` one of `relations`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Index of the first thing.
    pub first: usize,
    /// Index of the second thing.
    pub second: usize,
    /// What the first may be to the second.
    pub relations: Relations,
}

/// The most things in one network: its matrix takes 64 MB then.
const MOST_THINGS: usize = 4096;

impl<'a> Network<'a> {
    /// A network without constraints.
    ///
    /// # Errors
    /// When there are more than 4,096 things.
    pub fn new(algebra: &'a Algebra, len: usize) -> Result<Network<'a>> {
        if len > MOST_THINGS {
            return Err(Error::Constraint {
                constraint: "the network".to_owned(),
                expected: format!("at most {MOST_THINGS} things"),
                found: format!("{len}"),
            });
        }
        Ok(Network { algebra, len, constraints: Vec::new() })
    }

    /// Adds a constraint and gives its number. A pair may be constrained several times, in both directions, and a thing to itself.
    ///
    /// # Errors
    /// When a thing is not there or a relation is none of the calculus.
    pub fn add(&mut self, first: usize, second: usize, relations: Relations) -> Result<usize> {
        let wrong = |expected: String, found: String| {
            Err(Error::Constraint { constraint: format!("{}", self.constraints.len()), expected, found })
        };
        if first >= self.len || second >= self.len {
            return wrong(format!("things below {}", self.len), format!("{first} and {second}"));
        }
        if !relations.within(self.algebra.universal()) {
            return wrong(format!("relations of {}", self.algebra.name()), format!("{:#x}", relations.0));
        }
        self.constraints.push(Constraint { first, second, relations });
        Ok(self.constraints.len() - 1)
    }

    /// The calculus.
    pub fn algebra(&self) -> &'a Algebra {
        self.algebra
    }

    /// How many things there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no thing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The constraints in the order in which they were added.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// The same things under some of the constraints, by number.
    pub fn only(&self, numbers: &[usize]) -> Network<'a> {
        let constraints = numbers.iter().filter_map(|&c| self.constraints.get(c)).copied().collect();
        Network { algebra: self.algebra, len: self.len, constraints }
    }
}
