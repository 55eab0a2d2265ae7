//! Constraint networks over a calculus: what follows, whether there is a model, and why not.
//!
//! ```text
//! Network (things, constraints) ──Closure──▶ tighter relations of every pair, or a contradiction
//!                               ──search───▶ consistent with a scenario, inconsistent, or undecided
//!                               ──explain──▶ a smallest set of constraints that cannot hold together
//! WideNetwork (over many relations, or of triples) ──closed, entailed, explain──▶ what the closure leaves
//! ```

mod boxes;
mod closure;
mod explain;
mod network;
mod search;
mod timing;
mod wide;

pub use boxes::{Boxes, intervals};
pub use closure::{Closure, Contradiction};
pub use explain::{explain, inferred, why};
pub use network::{Constraint, Network};
pub use search::{Verdict, consistency, entailed, scenario};
pub use timing::{End, LONGEST_NS, Schedule, Timing};
pub use wide::{WideClosure, WideNetwork};

#[cfg(test)]
mod tests;
