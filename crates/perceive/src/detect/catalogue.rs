//! All detectors: what `chronotope list detectors` shows.
//!
//! # Adding a detector
//! Write `detect/NAME.rs`, make it known in `detect/mod.rs`, and enter it here; the order is that of the names.

use chronotope_world::catalogue::Entry;

/// All detectors, by name.
pub const DETECTORS: &[Entry] = &[
    super::file::ENTRY,
    Entry {
        kind: "detectors",
        name: "motion",
        about: "whatever moves before a camera that stands, shakes or turns; needs no model",
        source: "perceive/src/detect/motion.rs",
        paper: Some("Piccardi, Background subtraction techniques: a review, SMC 2004"),
        example: "chronotope watch street.mp4 --detector motion",
    },
    Entry {
        kind: "detectors",
        name: "vlm",
        about: "a chat model asked where named things are in chosen pictures, followed by optical flow between them",
        source: "perceive/src/detect/vlm/mod.rs",
        paper: Some(
            "Kalal et al., Forward-Backward Error: Automatic Detection of Tracking Failures, ICPR 2010",
        ),
        example: "chronotope watch room.mp4 --detector vlm --model http://127.0.0.1:8000/v1 --find \"door, chair\"",
    },
];

/// The entries, for the room's catalogue.
pub fn entries() -> Vec<Entry> {
    DETECTORS.to_vec()
}
