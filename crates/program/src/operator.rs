//! What every operator is: one file each under `ops/`, listed in [`crate::ops::OPERATORS`].

use crate::run::{Args, Outcome, Run};
use crate::types::Signature;
use chronotope_world::catalogue::Entry;

/// An operator of the program language. Its meaning never changes under its name.
pub trait Operator: Sync {
    /// Its line in the catalogue; the name in kebab-case, written with underscores in programs.
    fn entry(&self) -> Entry;

    /// What it takes and gives.
    fn signature(&self) -> Signature;

    /// How many elementary steps it takes.
    fn cost(&self) -> Cost {
        Cost::Things
    }

    /// Gives its value, citing the rows that decide it.
    ///
    /// # Errors
    /// [`crate::run::Stop`]: what is missing, or a store that cannot be read.
    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome;

    /// Its name in programs.
    fn word(&self) -> String {
        self.entry().name.replace('-', "_")
    }
}

/// How an operator's work grows with the World.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Not at all.
    Constant,
    /// With the number of things.
    Things,
    /// With the number of samples.
    Samples,
    /// With the number of things times samples.
    Pairs,
}

impl Cost {
    /// A bound; `one`: the first argument is one thing.
    pub fn steps(self, things: u64, rows: u64, one: bool) -> u64 {
        let things = things.max(1);
        let all = rows.saturating_add(things);
        let of_one = all / things + 1;
        match (self, one) {
            (Cost::Constant, _) | (Cost::Things, true) => 1,
            (Cost::Things, false) => things,
            (Cost::Samples, true) => of_one,
            (Cost::Samples, false) | (Cost::Pairs, true) => all,
            (Cost::Pairs, false) => things.saturating_mul(all) / 2 + 1,
        }
    }
}
