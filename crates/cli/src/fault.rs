//! How a command ends: its outcome, or the fault that stopped it, each with its exit code.
#![allow(dead_code, reason = "the whole contract stands here; commands take it up one by one")]

use std::error::Error;
use std::fmt::{self, Display};
use std::io;

/// How a command that ran to its end left things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did what was asked.
    Done,
    /// `replay` or `check` found a difference.
    Differs,
    /// `ask` ended `unknown`, `ambiguous` or `unsupported`; its answer was printed all the same.
    Unsettled,
    /// It was interrupted before there was anything to keep; the code is that of a process that Ctrl-C ended.
    Interrupted,
}

impl Outcome {
    /// The process's exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Outcome::Done => 0,
            Outcome::Differs => 3,
            Outcome::Unsettled => 4,
            Outcome::Interrupted => 130,
        }
    }
}

/// Why a command stopped. The text names the input, what was expected and what was found, without a full stop.
#[derive(Debug)]
pub(crate) struct Fault {
    code: u8,
    text: String,
    hint: Option<String>,
}

impl Fault {
    /// Exit code of a command line that makes no sense.
    pub(crate) const USAGE: u8 = 2;
    /// Exit code of bad input.
    pub(crate) const INPUT: u8 = 3;
    /// Exit code when an outside service failed.
    pub(crate) const SERVICE: u8 = 5;

    /// The arguments are well-formed one by one, but not together.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { code: Self::USAGE, text: text.into(), hint: None }
    }

    /// Bad input: the error's own text, then that of each of its causes.
    pub(crate) fn input(error: impl Error) -> Self {
        Self { code: Self::INPUT, text: with_causes(&error), hint: None }
    }

    /// Bad input that no room has an error for.
    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self { code: Self::INPUT, text: text.into(), hint: None }
    }

    /// An output that cannot be written; `name` is a path or says which output.
    pub(crate) fn output(name: &str, error: io::Error) -> Self {
        Self { code: Self::INPUT, text: format!("cannot write {name}: {error}"), hint: None }
    }

    /// A service that the command needs (a model's address, a video stream) failed.
    pub(crate) fn service(error: impl Error) -> Self {
        Self { code: Self::SERVICE, text: with_causes(&error), hint: None }
    }

    /// Adds the command or field that would repair it.
    #[must_use]
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Names the file that it is about, where the text does not do so yet.
    #[must_use]
    pub(crate) fn at(self, path: &std::path::Path) -> Self {
        let name = path.display().to_string();
        if self.text.contains(&name) { self } else { Self { text: format!("{}: {name}", self.text), ..self } }
    }

    /// The process's exit code.
    pub(crate) fn code(&self) -> u8 {
        self.code
    }
}

impl Display for Fault {
    /// One line for the fault; where there is a hint, a second one for it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.text)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\nhint: {hint}"))
    }
}

/// The error's text and its causes', joined by `: `; a cause that has been quoted already is not said again.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Wrapped(&'static str, io::Error);

    impl Display for Wrapped {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Wrapped {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.1)
        }
    }

    #[test]
    fn a_fault_says_its_causes_once_and_then_the_hint() {
        let cause = || io::Error::other("no such folder");
        let fault = Fault::input(Wrapped("cannot write out.world", cause())).hint("make the folder first");
        assert_eq!(
            fault.to_string(),
            "error: cannot write out.world: no such folder\nhint: make the folder first"
        );
        let fault = Fault::input(Wrapped("cannot write (no such folder)", cause()));
        assert_eq!(fault.to_string(), "error: cannot write (no such folder)");
    }

    #[test]
    fn exit_codes_are_those_of_the_contract() {
        assert_eq!([Outcome::Done, Outcome::Differs, Outcome::Unsettled].map(Outcome::code), [0, 3, 4]);
        assert_eq!(Fault::usage("x").code(), 2);
        assert_eq!(Fault::input(io::Error::other("x")).code(), 3);
        assert_eq!(Fault::service(io::Error::other("x")).code(), 5);
    }
}
