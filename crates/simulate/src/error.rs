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
    /// A puzzle's text that is none.
    #[error("{kind}, line {line}: expected {expected}, found {found}")]
    Text {
        /// What was read.
        kind: &'static str,
        /// Line, from 1.
        line: usize,
        /// What must stand there.
        expected: String,
        /// What stood there.
        found: String,
    },
}

/// Refuses a number outside of a range, by the setting's name.
pub(crate) fn range<T: PartialOrd + std::fmt::Display>(
    name: &'static str,
    found: T,
    range: std::ops::RangeInclusive<T>,
) -> Result<(), Error> {
    if range.contains(&found) {
        return Ok(());
    }
    Err(Error::Setting {
        name,
        expected: format!("{} to {}", range.start(), range.end()),
        found: found.to_string(),
    })
}

/// As [`range`], for numbers that may be none.
pub(crate) fn range_f64(name: &'static str, found: f64, low: f64, high: f64) -> Result<(), Error> {
    range(name, found, low..=high)
}
