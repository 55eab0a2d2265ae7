//! The command `chronotope`: parse, call, print. What it prints comes from the rooms; here is no logic of its own.
//!
//! # Exit codes
//!
//! | code | when |
//! |--:|---|
//! | 0 | done |
//! | 2 | the command line makes no sense |
//! | 3 | bad input: the message names the file, the line or picture, and what was expected; also a `replay` or `check` that finds a difference |
//! | 4 | `ask` ended `unknown`, `ambiguous` or `unsupported` |
//! | 5 | a service that it needs failed |
//!
//! A panic is a fault of this program, never of the input's author. Should one happen all the same, it is reported in
//! one line and ends with code 3, because some input brought it about; `RUST_BACKTRACE=1` adds the standard report.

mod command;
mod fault;
mod papers;
mod session;
mod source;

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::Parser as _;

use crate::command::Command;
use crate::fault::{Fault, Outcome};
use crate::session::{Everywhere, Session};

/// See what is where and when in a video, and ask about it.
#[derive(Debug, clap::Parser)]
#[command(name = "chronotope", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Arguments {
    #[command(flatten)]
    everywhere: Everywhere,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    report_panics_in_one_line();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) => {
            // help and version go to standard output and are no error; a closed pipe is nobody's concern
            refusal.print().ok();
            return ExitCode::from(if refusal.use_stderr() { Fault::USAGE } else { Outcome::Done.code() });
        }
    };
    let session = Session::new(arguments.everywhere);
    // what a command leaves behind when it unwinds is dropped with the process
    let ended = panic::catch_unwind(AssertUnwindSafe(|| arguments.command.run(&session)));
    ExitCode::from(match ended {
        Ok(Ok(outcome)) => outcome.code(),
        Ok(Err(fault)) => {
            session.report(&fault);
            fault.code()
        }
        Err(_reported_by_the_hook) => Fault::INPUT,
    })
}

/// Replaces the standard report of a panic by one line that says where, and what to do.
fn report_panics_in_one_line() {
    let standard = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        let payload = panicked.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let message = text.unwrap_or("no message").replace('\n', " ");
        let place = panicked.location().map_or(String::new(), |at| format!(" ({}:{})", at.file(), at.line()));
        session::say(&format!(
            "error: chronotope failed: {message}{place}; this is a fault of the program, please report it"
        ));
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|wish| wish != "0") {
            standard(panicked);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
