//! Chronotope for Python: Worlds, questions in English, programs, metrics, rewards.
//!
//! ```text
//! Python value ──convert──▶ Rust type ──a room, without the GIL──▶ Rust type ──convert──▶ Python value
//! ```
//!
//! Holds no logic: every function reads its arguments, lets go of the interpreter, calls one function of a room and hands
//! back what came. The package's Python files stand beside it in `python/chronotope`; they add the forms that trainers and
//! harnesses call.

mod answer;
mod arrow;
mod convert;
mod error;
mod judge;
mod mask;
mod open;
mod record;
mod reward;
mod score;
mod world;

use pyo3::pymodule;

/// The native half of the package `chronotope`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::answer::Answer;
    #[pymodule_export]
    use crate::arrow::Table;
    #[pymodule_export]
    use crate::error::Error;
    #[pymodule_export]
    use crate::mask::{decode_mask, encode_mask};
    #[pymodule_export]
    use crate::open::{catalogue, evaluate, open_all};
    #[pymodule_export]
    use crate::reward::{advantage_methods, advantages, reward_rows, rewards};
    #[pymodule_export]
    use crate::score::{Metric, fitting, score_files};
    #[pymodule_export]
    use crate::world::{Column, World};
}
