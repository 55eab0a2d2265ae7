//! What can be wrong with a program, a saved answer, or the World that they meet.

/// Errors of programs and of questions. What a World cannot tell is no error: it is an answer that is `unknown`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program that does not parse.
    #[error("program, line {line}, column {column}, byte {byte}: expected {expected}, found {found}")]
    Syntax {
        /// From 0.
        byte: usize,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What was expected.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// An argument of another type, an unknown name, an argument too few or too many.
    #[error("program, {place}: expected {expected}, found {found}, at byte {byte}")]
    Type {
        /// From 0.
        byte: usize,
        /// The operator and its argument.
        place: String,
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// Two units that do not go together.
    #[error("program, {place}: expected like units, found {left} against {right}, at byte {byte}")]
    Units {
        /// From 0.
        byte: usize,
        /// The operator.
        place: String,
        /// Unit on the left.
        left: String,
        /// Unit on the right.
        right: String,
    },
    /// Relations that are none of their calculus, or too many of them.
    #[error(transparent)]
    Reason(#[from] chronotope_reason::Error),
    /// A program that would take too long on this World.
    #[error("program: expected a cost of at most {limit} steps on this World, found {cost}")]
    Cost {
        /// Bound on the number of elementary steps.
        cost: u64,
        /// The most that is allowed.
        limit: u64,
    },
    /// A program or an answer in JSON that is no such thing.
    #[error("JSON, {path}: expected {expected}, found {found}")]
    Json {
        /// Where: `/program/args/0`.
        path: String,
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// The rows could not be read.
    #[error(transparent)]
    World(#[from] chronotope_world::Error),
}

impl Error {
    /// Whether the program is at fault, and another one might run; else the rows are, which could not be read.
    pub fn is_of_the_program(&self) -> bool {
        !matches!(self, Error::World(_))
    }
}
