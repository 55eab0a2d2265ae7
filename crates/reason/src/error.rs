//! What this room refuses.

/// Something from outside that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A calculus' tables, or a relation that is none of it.
    #[error("calculus {calculus}: expected {expected}, found {found}")]
    Calculus {
        /// Its name.
        calculus: String,
        /// What would fit.
        expected: String,
        /// What came.
        found: String,
    },
    /// A constraint of a network.
    #[error("constraint {constraint}: expected {expected}, found {found}")]
    Constraint {
        /// Its name or number.
        constraint: String,
        /// What would fit.
        expected: String,
        /// What came.
        found: String,
    },
    /// A map, a floor, a puzzle or a task.
    #[error("{input}: expected {expected}, found {found}")]
    Plan {
        /// Which, and where in it.
        input: String,
        /// What would fit.
        expected: String,
        /// What came.
        found: String,
    },
}

/// The result of what can be refused.
pub type Result<T> = std::result::Result<T, Error>;
