//! Constraint networks over a calculus: what follows, whether there is a model, and why not.
//!
//! ```text
//! Network (things, constraints) ──Closure──▶ tighter relations of every pair, or a contradiction
//!                               ──search───▶ consistent with a scenario, inconsistent, or undecided
//!                               ──explain──▶ a smallest set of constraints that cannot hold together
//! ```

mod closure;
mod explain;
mod network;
mod search;

pub use closure::Closure;
pub use explain::{explain, why};
pub use network::{Constraint, Network};
pub use search::{Verdict, consistency, entailed, scenario};

#[cfg(test)]
mod tests;
