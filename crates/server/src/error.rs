//! Why a call cannot be served: a text that names the input, and what to do about it.

/// Why a call cannot be served. What a World does not tell is no error but an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument that is missing or of the wrong kind.
    #[error("{field}: expected {expected}, found {found}")]
    Argument {
        /// The argument.
        field: String,
        /// What it takes.
        expected: String,
        /// What was given.
        found: String,
    },
    /// A source or a folder that may not be reached.
    #[error("{source_name}: refused, {why}")]
    Refused {
        /// The source as it was given.
        source_name: String,
        /// The rule that it breaks.
        why: &'static str,
    },
    /// A source, program or file that the rooms below refuse.
    #[error("{text}")]
    Input {
        /// What they say.
        text: String,
        /// What would help.
        remedy: Option<String>,
    },
    /// More than is allowed at once.
    #[error("{what}: expected at most {most}, found more")]
    Limit {
        /// Of what.
        what: &'static str,
        /// The limit with its unit.
        most: String,
    },
    /// A tool, a rule or a page of that name does not exist.
    #[error("expected {expected}, found `{found}`")]
    Unknown {
        /// What there is.
        expected: String,
        /// What was asked for.
        found: String,
    },
    /// The caller went away.
    #[error("cancelled by the caller")]
    Cancelled,
}

impl Error {
    /// What a room below says.
    pub fn input(error: impl std::fmt::Display) -> Error {
        Error::Input { text: error.to_string(), remedy: None }
    }

    /// An argument that is not as it should be.
    pub fn argument(field: &str, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error::Argument { field: field.to_owned(), expected: expected.into(), found: found.into() }
    }

    /// The same with what would help.
    #[must_use]
    pub fn remedy(self, remedy: impl Into<String>) -> Error {
        match self {
            Error::Input { text, remedy: None } => Error::Input { text, remedy: Some(remedy.into()) },
            other => other,
        }
    }

    /// What would help, for people and models.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Argument { .. } | Error::Cancelled => None,
            Error::Refused { .. } => Some("list_sources names what can be reached".to_owned()),
            Error::Input { remedy, .. } => remedy.clone(),
            Error::Limit { .. } => Some("ask for less at once".to_owned()),
            Error::Unknown { .. } => None,
        }
    }

    /// A word for programs: `argument`, `refused`, `input`, `limit`, `unknown`, `cancelled`.
    pub fn kind(&self) -> &'static str {
        match self {
            Error::Argument { .. } => "argument",
            Error::Refused { .. } => "refused",
            Error::Input { .. } => "input",
            Error::Limit { .. } => "limit",
            Error::Unknown { .. } => "unknown",
            Error::Cancelled => "cancelled",
        }
    }

    /// `{error: {kind, text, hint}}`.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({ "error": { "kind": self.kind(), "text": self.to_string(), "hint": self.hint() } })
    }
}
