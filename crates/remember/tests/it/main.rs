//! The room from outside.

#![allow(clippy::wildcard_imports)] // tests of Worlds use most of their types

mod crash;
mod damage;
mod random;
mod revise;
mod round_trip;
