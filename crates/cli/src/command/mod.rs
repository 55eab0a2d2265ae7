//! One file per command: its arguments as a struct, and `run`, which calls the rooms and prints.
//!
//! # Adding a command
//!
//! 1. `command/NAME.rs`: `Arguments` with `#[derive(clap::Args)]` and `run(self, &Session) -> Result<Outcome, Fault>`.
//! 2. A `mod` line, a variant and an arm below.

mod ask;
mod check;
mod compact;
mod diagnose;
pub(crate) mod eval;
mod export;
pub(crate) mod import;
mod list;
mod make;
mod merge;
mod model;
mod replay;
mod revise;
mod reward;
mod score;
mod serve;
mod show;
mod verify;
#[cfg(feature = "video")]
pub(crate) mod watch;

use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// The commands.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one, for as long as the program runs")]
pub(crate) enum Command {
    /// Watch a video: find what moves, follow it, write a World
    #[cfg(feature = "video")]
    Watch(watch::Arguments),
    /// Ask a question about a World, a video or annotations
    Ask(ask::Arguments),
    /// Turn annotations that somebody else made into a World
    Import(import::Arguments),
    /// Write a World in a format of others
    Export(export::Arguments),
    /// Say what a World, a video or an annotation file holds
    Show(show::Arguments),
    /// Find everything that is wrong with a World on disk
    Check(check::Arguments),
    /// Make a World on disk small again; every answer stays
    Compact(compact::Arguments),
    /// Make one World of several
    Merge(merge::Arguments),
    /// Correct which things are one, or what one is called; nothing is lost
    Revise(revise::Arguments),
    /// Compute a saved answer again and compare it with its evidence
    Replay(replay::Arguments),
    /// Hold sentences against a World: supported, contradicted or undecidable
    Verify(verify::Arguments),
    /// Answer a benchmark's items and score the answers
    Eval(eval::Arguments),
    /// Find out where a model loses: by seeing or by computing
    Diagnose(diagnose::Arguments),
    /// Score predictions against truths
    Score(score::Arguments),
    /// Say what completions are worth to a trainer, by a rule
    Reward(reward::Arguments),
    Make(make::Arguments),
    /// Serve Worlds and videos to agents (MCP) and programs (HTTP)
    Serve(serve::Arguments),
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
            Command::Import(arguments) => arguments.run(session),
            Command::Export(arguments) => arguments.run(session),
            Command::Show(arguments) => arguments.run(session),
            Command::Check(arguments) => arguments.run(session),
            Command::Compact(arguments) => arguments.run(session),
            Command::Merge(arguments) => arguments.run(session),
            Command::Revise(arguments) => arguments.run(session),
            Command::Replay(arguments) => arguments.run(session),
            Command::Verify(arguments) => arguments.run(session),
            Command::Eval(arguments) => arguments.run(session),
            Command::Diagnose(arguments) => arguments.run(session),
            Command::Score(arguments) => arguments.run(session),
            Command::Reward(arguments) => arguments.run(session),
            Command::Make(arguments) => arguments.run(session),
            Command::Serve(arguments) => arguments.run(session),
            Command::List(arguments) => arguments.run(session),
        }
    }
}
