//! One file per command: its arguments as a struct, and `run`, which calls the rooms and prints.
//!
//! # Adding a command
//!
//! 1. `command/NAME.rs`: `Arguments` with `#[derive(clap::Args)]` and `run(self, &Session) -> Result<Outcome, Fault>`.
//! 2. A `mod` line, a variant and an arm below.

mod list;

use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// The commands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List what there is: trackers, operators, metrics …, and the papers with what has been shown of each
    List(list::Arguments),
}

impl Command {
    /// Does what was asked.
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        match self {
            Command::List(arguments) => arguments.run(session),
        }
    }
}
