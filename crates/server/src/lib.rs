//! Chronotope for agents and programs: tools over the Model Context Protocol (stdio, streamable HTTP) and the same functions as JSON.
//!
//! ```text
//! agent ──MCP──▶ mcp ──┐                        ┌─ Allowed   which folders can be reached
//!                      ├─▶ Desk::call(tool) ──▶ ├─ Library   Worlds, opened once and kept
//! program ─HTTP▶ http ─┘      limits            └─ tool/*    one file per tool: arguments → a program → the engine's answer
//! ```
//!
//! A surface: nothing is computed here. A tool reads its arguments, writes a program or a question, and hands back what the engine says.
//! A doubt is an answer (`unknown` with `missing`); a mistake of the caller is a tool result that names the remedy.

mod allow;
mod control;
mod definition;
mod desk;
mod error;
pub mod http;
mod library;
pub mod mcp;
mod reply;
mod run;
pub mod tool;
#[cfg(feature = "video")]
mod video;

pub use allow::Allowed;
pub use control::{Control, Done};
pub use definition::{Style, definitions};
pub use desk::{Desk, Limits, Settings};
pub use error::Error;
pub use library::Library;
pub use reply::{Image, Reply};
pub use run::Calls;
