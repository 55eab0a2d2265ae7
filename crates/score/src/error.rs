//! What makes scoring fail as a whole. A prediction that cannot be read is no error: it scores 0 and is counted.

/// Why a row cannot be scored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A metric whose answers a judge decides, without one.
    #[error("{metric}: expected a judge, found none; give recorded verdicts")]
    NoJudge {
        /// The metric's name.
        metric: &'static str,
    },
    /// A truth of another kind than the metric compares.
    #[error("item `{id}`: {metric} expects {expected} as the truth, found {found}")]
    Truth {
        /// The metric's name.
        metric: &'static str,
        /// The item's id.
        id: String,
        /// What the metric compares with.
        expected: &'static str,
        /// What is there.
        found: String,
    },
}
