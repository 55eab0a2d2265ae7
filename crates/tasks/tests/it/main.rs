//! The room from outside.

mod make;
