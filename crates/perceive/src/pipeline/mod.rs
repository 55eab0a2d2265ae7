//! From pictures or detections to a World, segment by segment.
//!
//! ```text
//!  Video ──▶ MotionDetector ─┐
//!  detections in a file ─────┼─▶ Recorder (Tracker, refine, ground) ──▶ WorldBuilder ──▶ bundle, a revision a segment
//!  a robot, live ────────────┘
//! ```

mod recorder;
#[cfg(feature = "video")]
mod watch;

pub use recorder::{Recorder, RecorderSettings, Summary};
#[cfg(feature = "video")]
pub use watch::{Detector, Progress, Resume, WatchError, WatchSettings, Watched, Watching, watch};
