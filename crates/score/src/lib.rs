//! Prediction and truth become numbers: the field's measures, each with its source.
//!
//! ```text
//! rows (id, group, truth, prediction) ──Tally──▶ mark of each row, Report (overall, by group, n, missing, unparsable)
//! ```
//!
//! Rows stream through a [`Tally`]: a million of them need the memory of one. What is missing or cannot be read scores 0
//! and stays in the denominator. Knows no file, no benchmark's items and no engine: it is given pairs.
//!
//! What a reply is worth to a trainer, by rules that can be checked, is in [`reward`].
//!
//! # Adding a metric
//!
//! 1. A file in `metric/` with one public unit struct that implements [`Metric`], headed by its source.
//! 2. A line in [`METRICS`].

pub mod advantage;
mod assign;
mod boundary;
pub mod catalogue;
mod datum;
mod distractors;
mod error;
pub mod extract;
mod judge;
pub mod metric;
mod objects;
mod paired;
mod path;
mod report;
pub mod reward;
mod row;
mod shapes;
pub mod text;
mod tracking;
mod tracks;
pub mod trajectory;

pub use boundary::{MOST_PIXELS, boundary_f};
pub use datum::Datum;
pub use distractors::{ClassedBox, without_distractors};
pub use error::Error;
pub use judge::{Asked, Judge, Question, Recorded, SharedJudge};
pub use metric::{METRICS, Metric, Takes, Tally, by_name};
pub use objects::{Object, Region};
pub use paired::{Paired, paired};
pub use path::{Path, Posed};
pub use report::{Group, Interval, Left, Mark, Report};
pub use row::Row;
pub use shapes::{Corners, Interval as TimeInterval, interval_sets_iou};
pub use tracks::{TrackedBox, Tracks, Twice};
