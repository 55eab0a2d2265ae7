//! What can be wrong with a request to the simulator.

/// A request that cannot be met.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A setting outside of its range.
    #[error("{name}: expected {expected}, found {found}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// What it must be.
        expected: String,
        /// What it was.
        found: String,
    },
    /// Nothing was found in the stated number of attempts.
    #[error("{what}: none found in {attempts} attempts; most failed by: {reason}")]
    Exhausted {
        /// What was looked for.
        what: &'static str,
        /// How often it was tried.
        attempts: u32,
        /// What stood in the way most often.
        reason: String,
    },
}
