//! World on disk: the bundle; its revisions; retrieval from it.
//!
//! ```text
//!  World ──write──▶ NAME.world/ ──open──▶ World (row groups are read as they are asked for)
//!                      ▲    │
//!      Writer, revise ─┘    └─ check, compact, open_corpus
//! ```
//!
//! This room knows no pixel, no question and no network.

pub mod bundle;
mod corpus;
mod error;
mod note;
pub mod retrieve;
mod revise;

pub use corpus::{expect_vacant, list_corpus, open_corpus, write_corpus};
pub use error::{Error, Result};
pub use note::{Note, note};
pub use revise::{Part, Revision, revise};
