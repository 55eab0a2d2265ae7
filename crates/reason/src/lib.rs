//! A World and a program become an answer with its audit.

pub mod catalogue;
pub mod question;
pub mod report;
