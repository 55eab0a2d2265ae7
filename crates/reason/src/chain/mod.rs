//! Chains of what is told: offsets that add up, orders that follow, with the links that were used.
//!
//! | | links | asked | contradiction |
//! |---|---|---|---|
//! | [`steps`] | `to = from + offset` | the offset of a pair | a cycle whose offsets do not add up to nothing |
//! | [`bounds`] | `to − from ≤ most` | the greatest difference of a pair | a cycle that sums to less than nothing |
//! | [`order`] | `low < high`, `low ≤ high` | what is surely before what | a cycle with a strict link |
//!
//! Steps and order take time linear in the links, so a story of any length is answered.

pub mod bounds;
pub mod order;
pub mod steps;

pub use bounds::{Bound, Bounds, Difference, Most};
pub use order::{Order, Precedes};
pub use steps::{Chain, Step, Steps};
