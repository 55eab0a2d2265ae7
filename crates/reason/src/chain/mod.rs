//! Chains of what is told: offsets that add up, orders that follow, with the links that were used.
//!
//! | | links | asked | contradiction |
//! |---|---|---|---|
//! | [`steps`] | `to = from + offset` | the offset of a pair | a cycle whose offsets do not add up to nothing |
//! | [`order`] | `low < high`, `low ≤ high` | what is surely before what | a cycle with a strict link |
//!
//! All of it takes time linear in the links, so a story of any length is answered.

pub mod order;
pub mod steps;

pub use order::{Order, Precedes};
pub use steps::{Chain, Step, Steps};
