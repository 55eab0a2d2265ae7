//! Chronotope: the rooms under one roof. This crate re-exports them and joins their catalogues; it holds nothing else.

#[cfg(feature = "act")]
pub use chronotope_act as act;
#[cfg(feature = "ask")]
pub use chronotope_ask as ask;
#[cfg(feature = "evaluate")]
pub use chronotope_evaluate as evaluate;
#[cfg(feature = "formats")]
pub use chronotope_formats as formats;
#[cfg(feature = "models")]
pub use chronotope_models as models;
#[cfg(feature = "perceive")]
pub use chronotope_perceive as perceive;
#[cfg(feature = "reason")]
pub use chronotope_reason as reason;
#[cfg(feature = "remember")]
pub use chronotope_remember as remember;
#[cfg(feature = "score")]
pub use chronotope_score as score;
#[cfg(feature = "simulate")]
pub use chronotope_simulate as simulate;
#[cfg(feature = "tasks")]
pub use chronotope_tasks as tasks;
pub use chronotope_world as world;

use world::catalogue::Entry;

/// Every item of every room that is built in: what `chronotope list` shows.
///
/// A room with a `catalogue.rs` has one line here; a test fails when it is forgotten.
pub fn entries() -> Vec<Entry> {
    let rooms: &[Vec<Entry>] = &[
        #[cfg(feature = "perceive")]
        perceive::catalogue::entries(),
        #[cfg(feature = "formats")]
        formats::catalogue::entries(),
        #[cfg(feature = "reason")]
        reason::catalogue::entries(),
        #[cfg(feature = "ask")]
        ask::catalogue::entries(),
        #[cfg(feature = "score")]
        score::catalogue::entries(),
        #[cfg(feature = "tasks")]
        tasks::catalogue::entries(),
        #[cfg(feature = "act")]
        act::catalogue::entries(),
        #[cfg(feature = "evaluate")]
        evaluate::catalogue::entries(),
    ];
    rooms.concat()
}
