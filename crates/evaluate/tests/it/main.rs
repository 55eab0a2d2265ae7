//! Benchmarks on their real files, answered by the engine alone: no score may fall below what was reached.

#![expect(clippy::print_stderr, reason = "data tests say whether they ran")]

mod benchmarks;
mod files;
mod hostile;
mod kept;
mod official;
mod physics;
