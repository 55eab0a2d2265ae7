//! Chronotope: the rooms under one roof. This crate re-exports them and holds nothing else.

#[cfg(feature = "perceive")]
pub use chronotope_perceive as perceive;
#[cfg(feature = "reason")]
pub use chronotope_reason as reason;
#[cfg(feature = "remember")]
pub use chronotope_remember as remember;
pub use chronotope_world as world;
