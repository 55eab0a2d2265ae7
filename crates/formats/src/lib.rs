//! The field's files: read into a World, written back exactly. Any SOURCE is opened here.
//!
//! No decoder, no model: rows in, rows out.

pub mod catalogue;
pub mod detections;
pub mod export;
pub mod import;
pub mod open;
pub mod shown;
pub mod twice;
