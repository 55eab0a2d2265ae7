//! The room from outside.

mod random;
mod round_trip;
