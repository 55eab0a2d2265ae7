//! Networks of the rectangle algebra: one network of intervals for each axis.

use super::{Closure, Network, Verdict, consistency, explain, scenario};
use crate::calculus::{Rect, Relations, allen, rectangle};
use crate::{Error, Result};

/// A network of boxes along the axes. A constraint is a set of Allen relations for x and one for y: any of the first with any of the second.
///
/// The axes share nothing, so each is decided by itself (a set that is no such product is not expressed; a single rectangle relation is).
#[derive(Clone, Debug)]
pub struct Boxes {
    x: Network<'static>,
    y: Network<'static>,
}

impl Boxes {
    /// A network without constraints.
    ///
    /// # Errors
    /// When there are more things than a network holds.
    pub fn new(len: usize) -> Result<Boxes> {
        let axis = || Network::new(allen::algebra(), len);
        Ok(Boxes { x: axis()?, y: axis()? })
    }

    /// Adds a constraint and gives its number.
    ///
    /// # Errors
    /// As [`Network::add`].
    pub fn add(&mut self, first: usize, second: usize, x: Relations, y: Relations) -> Result<usize> {
        self.x.add(first, second, x)?;
        self.y.add(first, second, y)
    }

    /// Adds the relation of this name, such as `d,<`.
    ///
    /// # Errors
    /// When it is no relation of the algebra.
    pub fn add_named(&mut self, first: usize, second: usize, name: &str) -> Result<usize> {
        let relation = rectangle::index(name).ok_or_else(|| Error::Calculus {
            calculus: "rectangle".to_owned(),
            expected: "two Allen relations with a comma between them".to_owned(),
            found: format!("`{name}`"),
        })?;
        self.add(first, second, Relations::one(relation / 13), Relations::one(relation % 13))
    }

    /// Whether there are boxes like this; none when the budget of choices ran out.
    pub fn consistent(&self, budget: u64) -> Option<bool> {
        let (x, y) = (consistency(&self.x, budget).holds(), consistency(&self.y, budget).holds());
        match (x, y) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    /// The smallest set of constraints that cannot hold together on one of the axes; none when there are boxes like this.
    pub fn explain(&self, budget: u64) -> Option<Vec<usize>> {
        explain(&self.x, budget).or_else(|| explain(&self.y, budget))
    }

    /// What the first can be to the second, by axis, as far as the closure tells; none when it contradicts.
    pub fn closed(&self, first: usize, second: usize) -> Option<(Relations, Relations)> {
        let of = |axis: &Network<'static>| Some(Closure::new(axis).ok()?.get(first, second));
        Some((of(&self.x)?, of(&self.y)?))
    }

    /// Boxes that satisfy all constraints, on whole numbers; none when there are none or the budget ran out.
    pub fn model(&self, budget: u64) -> Option<Vec<Rect>> {
        let of = |axis: &Network<'static>| intervals(&scenario(axis, budget)?);
        let ends = |(low, high): (usize, usize)| (low as f64, high as f64);
        let boxes = of(&self.x)?.into_iter().zip(of(&self.y)?);
        Some(boxes.map(|(x, y)| Rect { x: ends(x), y: ends(y) }).collect())
    }
}

/// Intervals on whole numbers that stand in the relations of a scenario of [`allen`]; none for a closure that is none.
///
/// Ends are ranked: the place of an end is the number of different ends below it.
pub fn intervals(scenario: &Closure<'_>) -> Option<Vec<(usize, usize)>> {
    let n = scenario.len();
    let base = |i: usize, j: usize| {
        let set = scenario.get(i, j);
        set.is_base().then(|| set.0.trailing_zeros() as usize)
    };
    // end e of thing i is i * 2 + e; whether p is before or at q
    let mut below = vec![Vec::new(); 2 * n];
    let mut at = vec![Vec::new(); 2 * n];
    for i in 0..n {
        for j in 0..n {
            let signs = allen::end_signs(base(i, j)?)?;
            for (k, sign) in signs.into_iter().enumerate() {
                let (p, q) = (i * 2 + k / 2, j * 2 + k % 2);
                match sign {
                    -1 => below[q].push(p),
                    0 => at[q].push(p),
                    _ => {}
                }
            }
        }
    }
    // the rank of an end: how many classes of equal ends lie below it
    let class = |p: usize| at[p].iter().copied().min().unwrap_or(p).min(p);
    let rank = |p: usize| {
        let mut classes: Vec<usize> = below[p].iter().map(|&q| class(q)).collect();
        classes.sort_unstable();
        classes.dedup();
        classes.len()
    };
    Some((0..n).map(|i| (rank(i * 2), rank(i * 2 + 1))).collect())
}

impl Boxes {
    /// Whether each axis is decided, and how.
    pub fn verdicts(&self, budget: u64) -> (Verdict<'static>, Verdict<'static>) {
        (consistency(&self.x, budget), consistency(&self.y, budget))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_has_the_relations_that_were_asked() {
        let mut boxes = Boxes::new(3).unwrap();
        boxes.add_named(0, 1, "d,<").unwrap();
        boxes.add_named(1, 2, "m,oi").unwrap();
        assert_eq!(boxes.consistent(1000), Some(true));
        let model = boxes.model(1000).unwrap();
        assert_eq!(rectangle::name(rectangle::of(&model[0], &model[1])), "d,<");
        assert_eq!(rectangle::name(rectangle::of(&model[1], &model[2])), "m,oi");
    }

    #[test]
    fn a_contradiction_on_one_axis_is_one() {
        let mut boxes = Boxes::new(3).unwrap();
        boxes.add_named(0, 1, "=,<").unwrap();
        boxes.add_named(0, 2, "=,=").unwrap();
        boxes.add_named(1, 2, "=,<").unwrap();
        assert_eq!(boxes.consistent(1000), Some(false));
        assert_eq!(boxes.explain(1000), Some(vec![0, 1, 2]));
        assert_eq!(boxes.model(1000), None);
        assert!(boxes.add_named(0, 1, "north").is_err());
    }
}
