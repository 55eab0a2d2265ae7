//! Clients against a stand-in server over loopback.
#![allow(clippy::unwrap_used, reason = "a test that cannot begin has failed")]

mod faults;
mod protocol;
