//! Detections become tracks: which of them are one thing seen again.
//!
//! ```text
//! picture's detections ──▶ predict ──▶ cost ──▶ assign ──▶ update ──▶ links, decisions
//!                            ▲ kalman    cost     assign     │ kalman
//!                            └───────────── tracks ──────────┘
//! ```
//!
//! A tracker is called once per picture, in the order of time, and never looks ahead. It says for every
//! detection which track it belongs to, and why, as a list of [`Decision`]s. What may only be known later
//! (gaps, tracks too short to be believed) is the work of [`refine`].
//!
//! # Time
//! The published algorithms count pictures. Here everything that is a duration is in seconds and the motion
//! model takes the time that really passed, so that skipped pictures and variable rates work. The published
//! noise constants hold for one *nominal step* (`step_s`); [`kalman`] says how they scale.
//!
//! # Adding a tracker
//! 1. Write `track/NAME.rs` with one public type that implements [`Tracker`]; its first lines name the paper.
//! 2. Enter it in [`catalogue`].

pub mod ab3dmot;
pub mod assign;
mod associate;
pub mod byte_track;
pub mod catalogue;
pub mod cost;
pub mod cost_3d;
mod error;
pub mod kalman;
pub mod oc_sort;
mod pace;
#[cfg(test)]
mod reference;
pub mod refine;
#[cfg(test)]
mod scene;
pub mod smooth;
pub mod sort;

pub use ab3dmot::Ab3dmot;
pub use byte_track::ByteTrack;
pub use error::Error;
pub use oc_sort::OcSort;
pub use refine::TrackPx;
pub use sort::Sort;

use crate::detect::DetectedPicture;
use chronotope_world::{Box3, BoxPx, Time};

/// An online tracker: one call per picture, no look ahead.
///
/// `Picture` is [`DetectedPicture`] for boxes in pictures and [`DetectedSpace`] for boxes in space.
pub trait Tracker<Picture: Observation = DetectedPicture> {
    /// Its name as the user types it, in kebab-case.
    fn name(&self) -> &'static str;

    /// Takes the detections of the next picture and fills `tracked` with what they mean.
    ///
    /// Detections are compared only with tracks of the same label. A picture without detections must be given
    /// too: it is how a track is known to be lost. A detection without a score counts as certain; one without
    /// area belongs to no track.
    ///
    /// # Errors
    /// [`Error::NotLater`] where the picture's time is not after the last one's; nothing has changed then.
    /// [`Error::TooManyPairs`] where boxes overlap so much that an answer would take unbounded time or memory;
    /// the picture then counts as one in which nothing could be seen.
    fn update(&mut self, picture: &Picture, tracked: &mut Tracked<Picture::Shape>) -> Result<(), Error>;

    /// All that it knows but its settings, to go on from later; none where it cannot say.
    fn save(&self) -> Option<Vec<u8>> {
        None
    }

    /// Goes on from what a tracker of the same kind and settings has saved, as if it had never stopped; false, and nothing
    /// has changed, where these bytes are not that.
    fn restore(&mut self, saved: &[u8]) -> bool {
        let _ = saved;
        false
    }
}

/// What a detector says at one moment.
pub trait Observation {
    /// What it says of where a thing is.
    type Shape: Copy;
}

impl Observation for DetectedPicture {
    type Shape = BoxPx;
}

/// One thing seen in space.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection3 {
    /// Where, in the reference frame in which the tracker works; lengths in metres.
    pub box3: Box3,
    /// The detector's own score; none where it gives none.
    pub score: Option<f64>,
    /// What, in the detector's vocabulary.
    pub label: String,
}

/// All that a detector in space said at one moment; an empty list is an observation too.
#[derive(Clone, Debug, PartialEq)]
pub struct DetectedSpace {
    /// Time of the observation.
    pub t: Time,
    /// Number of the picture or sweep in its source, from 0.
    pub frame_index: u32,
    /// What was seen, in the detector's order.
    pub detections: Vec<Detection3>,
}

impl Observation for DetectedSpace {
    type Shape = Box3;
}

/// What a tracker says of one picture. Reuse it from call to call: it keeps its memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracked<Shape = BoxPx> {
    /// For each detection, in its order, the track that it belongs to.
    pub links: Vec<Option<Link<Shape>>>,
    /// Where confirmed tracks without a detection in this picture are expected. Never observations:
    /// what is made of them has the origin `predicted`.
    pub coasting: Vec<Coasting<Shape>>,
    /// Why, in the order in which it was decided.
    pub decisions: Vec<Decision>,
}

impl<Shape> Default for Tracked<Shape> {
    fn default() -> Self {
        Tracked { links: Vec::new(), coasting: Vec::new(), decisions: Vec::new() }
    }
}

impl<Shape> Tracked<Shape> {
    /// Empty, with room for the links of `n_detections`.
    fn reset(&mut self, n_detections: usize) {
        self.links.clear();
        self.links.resize_with(n_detections, || None);
        self.coasting.clear();
        self.decisions.clear();
    }

    fn decide(&mut self, track_id: Option<u64>, detection_idx: Option<usize>, reason: Reason) {
        let detection_idx = detection_idx.map(|i| i as u32);
        self.decisions.push(Decision { track_id, detection_idx, reason });
    }
}

/// A detection belongs to a track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link<Shape = BoxPx> {
    /// Number of the track within this tracker, from 1, in the order of birth.
    pub track_id: u64,
    /// Whether the published algorithm would report this detection now. A young track, or one just found
    /// again, is held back until it has been seen often enough; offline these detections can be kept as soon
    /// as the track is confirmed at any time (see [`refine::Keep`]).
    pub confirmed: bool,
    /// Where the tracker's filter believes the thing to be, from this detection and all before: steadier than
    /// the detection, and not what was observed.
    pub filtered: Shape,
}

/// Where a track that was not seen is expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coasting<Shape = BoxPx> {
    /// Number of the track.
    pub track_id: u64,
    /// The expected box.
    pub shape: Shape,
}

/// One decision about identity, with its reason.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// The track that it is about; none where a detection got none.
    pub track_id: Option<u64>,
    /// Position of the detection in the picture's list; none where it is about a track alone.
    pub detection_idx: Option<u32>,
    /// What was decided, and why.
    pub reason: Reason,
}

/// Why a tracker decided as it did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// No track fits this detection: it begins one.
    Born,
    /// The detection continues a track that was seen in the picture before.
    Matched(Match),
    /// The detection continues a track that was lost.
    Recovered {
        /// How well it fits.
        fit: Match,
        /// Nanoseconds since it was last seen.
        unseen_ns: i64,
    },
    /// The track has now been seen often enough to be reported.
    Confirmed {
        /// How often it has been seen.
        hits: u32,
    },
    /// No detection of this picture fits the track, which was seen in the picture before.
    Lost,
    /// The track has not been seen for longer than a track may be lost.
    Ended {
        /// Nanoseconds since it was last seen.
        unseen_ns: i64,
    },
    /// The track shows the same thing as another one, which has been followed for longer.
    Duplicate {
        /// The other track.
        of: u64,
        /// Intersection over union of the two.
        iou: f32,
    },
    /// The detection fits no track, and its score is too low to begin one.
    LowScore {
        /// The detection's score.
        score: f32,
        /// What would be needed.
        needed: f32,
    },
    /// The detection has no area and belongs to no track.
    NoArea,
}

/// How well a detection fits the track that it was given to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// The round of association in which they met.
    pub stage: Stage,
    /// How alike the boxes are, in the tracker's own measure: intersection over union for boxes in pictures;
    /// in space IoU, GIoU, or the negated distance in metres.
    pub similarity: f32,
    /// What this pair contributed to the sum that was maximised over all pairs.
    pub gain: f32,
}

/// The round of association in which a detection and a track met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Against the predicted boxes of the established tracks.
    First,
    /// ByteTrack: detections of low score against the tracks left over.
    LowScore,
    /// ByteTrack: against tracks that have been seen only once.
    Tentative,
    /// OC-SORT: against the box at which a left-over track was last seen.
    LastSeen,
}
