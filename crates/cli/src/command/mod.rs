//! One file per command: its arguments as a struct, and `run`, which calls the rooms and prints.
//!
//! # Adding a command
//!
//! 1. `command/NAME.rs`: `Arguments` with `#[derive(clap::Args)]` and `run(self, &Session) -> Result<Outcome, Fault>`.
//! 2. A `mod` line, a variant and an arm below.

mod ask;
mod list;
#[cfg(feature = "video")]
pub(crate) mod watch;

use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// The commands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Watch a video: find what moves, follow it, write a World
    #[cfg(feature = "video")]
    Watch(watch::Arguments),
    /// Ask a question about a World, a video or annotations
    Ask(ask::Arguments),
    /// List what there is: trackers, operators, metrics …, and the papers with what has been shown of each
    List(list::Arguments),
}

impl Command {
    /// Does what was asked.
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        match self {
            #[cfg(feature = "video")]
            Command::Watch(arguments) => arguments.run(session),
            Command::Ask(arguments) => arguments.run(session),
            Command::List(arguments) => arguments.run(session),
        }
    }
}
