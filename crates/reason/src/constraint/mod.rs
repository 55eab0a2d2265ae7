//! Constraint networks over a calculus: what follows, whether there is a model, and why not.
//!
//! ```text
//! Network (things, constraints) ──Closure──▶ tighter relations of every pair, or a contradiction
//!                               ──search───▶ consistent with a scenario, inconsistent, or undecided
//!                               ──explain──▶ a smallest set of constraints that cannot hold together
//! WideNetwork (over many relations, or of triples) ──closed, entailed, explain──▶ what the closure leaves
//!                               ──witness───▶ an example on whole numbers, where nothing is known to decide
//! ```

mod boxes;
mod cells;
mod closure;
mod explain;
mod network;
mod search;
mod timing;
mod wide;
mod witness;

pub use boxes::{Boxes, intervals};
pub use cells::{Cells, Layout};
pub use closure::{Closure, Contradiction};
pub use explain::{explain, inferred, why};
pub use network::{Constraint, Network};
pub use search::{Verdict, consistency, entailed, scenario};
pub use timing::{End, LONGEST_NS, Schedule, Timing};
pub use wide::{WideClosure, WideNetwork};
pub use witness::{Demand, Placed, Space, USUAL_READS, witness};

#[cfg(test)]
mod tests;
