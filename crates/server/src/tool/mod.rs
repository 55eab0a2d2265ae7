//! The tools: one file each, listed in [`catalogue::TOOLS`].
//!
//! A tool is a name, a description that a model reads, a JSON schema of its arguments, and `run`. What it computes is a program or a question
//! that the engine answers; so its result is the object that `ask --json` prints, and replays.

mod args;
mod ask;
pub mod catalogue;
mod events;
mod facts;
mod list_sources;
#[cfg(feature = "video")]
mod look;
mod measure;
mod note;
mod operators;
mod program;
mod questions;
mod relate;
mod replay;
mod route;
mod run_program;
mod schema;
#[cfg(test)]
pub(crate) mod scratch;
mod show;
mod track;
mod verify;
#[cfg(feature = "video")]
mod watch;
mod when;
mod r#where;

pub use args::Args;
pub use catalogue::TOOLS;

use serde_json::{Map, Value as Json};

use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// A function that an agent can call.
pub trait Tool: Sync {
    /// Its name: lower case with underscores.
    fn name(&self) -> &'static str;

    /// What it does and when to use it, for the model that chooses.
    fn about(&self) -> &'static str;

    /// The JSON schema of its arguments, an object.
    fn input(&self) -> Json;

    /// Whether it writes into a World; such tools exist only where that is allowed.
    fn writes(&self) -> bool {
        false
    }

    /// Does it.
    ///
    /// # Errors
    /// What the caller can mend. What a World does not tell is no error but an answer.
    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error>;
}

/// The tool of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Tool> {
    TOOLS.iter().copied().find(|tool| tool.name() == name)
}

/// The tools that a desk offers.
pub fn offered(desk: &Desk) -> impl Iterator<Item = &'static dyn Tool> + use<> {
    let write = desk.write;
    TOOLS.iter().copied().filter(move |tool| write || !tool.writes())
}

/// Runs a tool on arguments that are looked at first: no unknown name, no text beyond the limit.
///
/// # Errors
/// As [`Tool::run`].
pub fn checked(
    tool: &dyn Tool,
    desk: &Desk,
    arguments: &Map<String, Json>,
    control: &Control,
) -> Result<Reply, Error> {
    let input = tool.input();
    let known: Vec<&str> =
        input["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    for (name, value) in arguments {
        if !known.contains(&name.as_str()) {
            let name: String = name.chars().take(60).collect();
            let expected = format!("one of the arguments {}", known.join(", "));
            return Err(Error::argument(tool.name(), expected, format!("`{name}`")));
        }
        if value.as_str().is_some_and(|text| text.len() > desk.limits.text_bytes) {
            let most = format!("{} bytes", desk.limits.text_bytes);
            return Err(Error::Limit { what: "text of an argument", most });
        }
    }
    tool.run(desk, &Args::new(arguments), control)
}
