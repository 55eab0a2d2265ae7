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
];

/// The entries, for the room's catalogue.
pub fn entries() -> Vec<Entry> {
    DETECTORS.to_vec()
}
