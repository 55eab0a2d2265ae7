//! From pictures or detections to a World, segment by segment.
//!
//! ```text
//!  Video ──▶ MotionDetector ─┐
//!  detections in a file ─────┼─▶ Recorder (Tracker, refine, ground) ──▶ WorldBuilder ──▶ bundle, a revision a segment
//!  a robot, live ────────────┘
//! ```

#[cfg(feature = "video")]
mod camera_rows;
mod paths;
mod recorder;
#[cfg(feature = "video")]
mod resume;
#[cfg(all(test, feature = "video"))]
mod tests;
#[cfg(feature = "video")]
mod watch;

pub use recorder::{Recorder, RecorderSettings, Segment, Summary};
#[cfg(feature = "video")]
pub use resume::{Resume, resume};
#[cfg(feature = "video")]
pub use watch::{
    Detector, Keep, Progress, WatchError, WatchSettings, Watched, Watching, other_settings, watch,
};

/// SHA-256 of a file in hexadecimal, read in a stream.
///
/// # Errors
/// Where it cannot be read.
pub fn sha256_of(path: &std::path::Path) -> std::io::Result<String> {
    use sha2::{Digest, Sha256};
    use std::fmt::Write;
    use std::io::Read;
    let mut file = std::fs::File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(hash.finalize().iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            }));
        }
        hash.update(&buffer[..n]);
    }
}
