//! The bundle: a World in a folder `NAME.world/`.
//!
//! ```text
//!  NAME.world/world.json            the manifest: which parts make up the newest revision
//!             parts/TABLE-N-HASH.parquet   immutable; any Parquet reader opens them
//!             history/world-REV.json       earlier manifests, until compaction
//!             lock                         held by the one writer
//! ```
//!
//! A [`Writer`] appends rows and commits revisions; [`open`] gives a [`World`](chronotope_world::World) that reads row
//! groups as they are asked for. Rows are never changed: what no longer holds is named in the table `closings`.

mod check;
mod columns;
mod compact;
pub mod flat;
#[cfg(test)]
mod hostile;
mod lock;
mod manifest;
mod page;
mod part;
mod read;
mod samples;
mod tables;
mod write;

pub(crate) use manifest::sync_folder;

pub use check::check;
pub use compact::compact;
pub use read::{Bundle, open, open_with};
pub use write::{Closable, Writer, write};

/// Rows of a page of what differs from sample to sample: short, so that a query in a small box reads little.
const PAGE_ROWS: usize = 128;
/// Rows of the largest chunk that is read.
const MOST_CHUNK_ROWS: usize = 1 << 20;
