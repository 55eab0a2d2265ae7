//! Chronotope: the rooms under one roof. This crate re-exports them and joins their catalogues; it holds nothing else.

#[cfg(feature = "perceive")]
pub use chronotope_perceive as perceive;
#[cfg(feature = "reason")]
pub use chronotope_reason as reason;
#[cfg(feature = "remember")]
pub use chronotope_remember as remember;
pub use chronotope_world as world;

use world::catalogue::Entry;

/// Every item of every room that is built in: what `chronotope list` shows.
///
/// A room with a `catalogue.rs` has one line here; a test fails when it is forgotten.
pub fn entries() -> Vec<Entry> {
    let rooms: &[Vec<Entry>] = &[
        #[cfg(feature = "perceive")]
        perceive::catalogue::entries(),
        #[cfg(feature = "reason")]
        reason::catalogue::entries(),
    ];
    rooms.concat()
}
