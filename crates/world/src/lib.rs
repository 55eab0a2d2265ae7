//! What is: time, spans, reference frames, poses, cameras, shapes, entities, tracks, events, facts, evidence, values.

pub mod catalogue;
pub mod shape;
pub mod span;
pub mod time;

pub use shape::{Box3, BoxPx};
pub use span::{Span, Spans};
pub use time::Time;
