//! From pictures or detections to a World, segment by segment.
//!
//! ```text
//!  Video ──▶ MotionDetector ─┐
//!  detections in a file ─────┼─▶ Recorder (Tracker, refine, ground) ──▶ WorldBuilder ──▶ bundle, a revision a segment
//!  a robot, live ────────────┘
//! ```

mod recorder;

pub use recorder::{Recorder, RecorderSettings, Summary};
