//! Finding rows without reading all of them.

mod by_box;

pub use by_box::{Found, Region, in_box};
