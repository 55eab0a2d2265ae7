//! The audit: what every step of a program took and gave.

use crate::check::Typed;
use crate::print::print_expr;
use chronotope_world::{Missing, Value};

/// One step: an operator applied once. Expressions with `it` belong to the step that tests them.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// From 1, in the order in which they were done.
    pub step: usize,
    /// The operator as written.
    pub op: String,
    /// Its arguments as text.
    pub args: Vec<String>,
    /// What it gave; none where it is unknown.
    pub value: Option<Value>,
    /// Why it is unknown.
    pub missing: Vec<Missing>,
    /// The rows that decide it, as positions in the list of evidence.
    pub evidence: Vec<usize>,
}

/// The engine that ran a program: name and version.
pub const ENGINE: &str = concat!("chronotope-reason ", env!("CARGO_PKG_VERSION"));

pub(crate) fn args_of(args: &[Option<&Typed>]) -> Vec<String> {
    args.iter().flatten().map(|arg| print_expr(&arg.expr())).collect()
}
