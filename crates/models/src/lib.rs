//! Clients of outside models: one trait per ability, HTTP clients where a protocol is common, replies recorded once and replayed for
//! ever, a cache by content, a budget. Uses `world` only; knows no video, no detector, no question.
//!
//! ```text
//!  Request ──▶ Metered (budget) ──▶ Cached (folder) ──▶ Recorded / Replayed (file) ──▶ HttpChat ──▶ address
//!              checked before        never paid twice     once, then for ever            retries, time-outs, caps
//!
//!  Reply ──▶ boxes::read: any box convention of the field ──▶ boxes in pixels of the shown picture
//! ```
//!
//! The clients stand behind the feature `http`, so that who only reads recordings, or brings a [`Chat`] of his own, compiles none. Nothing here opens a connection unless the caller gives an address.
//!
//! # Adding an ability
//! Write `ability/NAME.rs` with a small trait and its plain types, and at least one client that works (`http/NAME.rs`).

pub mod ability;
#[cfg(feature = "http")]
mod address;
pub mod boxes;
mod budget;
mod cache;
mod error;
#[cfg(feature = "http")]
pub mod http;
mod key;
mod recorded;
#[cfg(feature = "scripted")]
pub mod scripted;
#[cfg_attr(not(feature = "http"), allow(dead_code, reason = "what replies look like, only servers tell"))]
mod wire;

pub use ability::chat::{
    Chat, Finish, Image, Message, Part, Reply, Request, Role, Schema, Token, Tool, ToolCall, Usage,
};
pub use ability::embed::{Embed, Embeddings};
pub use ability::transcribe::{Spoken, Transcribe, Transcript};
#[cfg(feature = "http")]
pub use address::Address;
pub use budget::{Limits, Meter, Metered, Price, Prices, Spent};
pub use cache::Cached;
pub use error::Error;
#[cfg(feature = "http")]
pub use http::{Cancel, HttpChat, HttpEmbed, HttpTranscribe, Settings};
pub use key::request_key;
pub use recorded::{Recorded, Replayed};
