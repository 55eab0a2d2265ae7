//! What was wrong with a video whose good pictures were kept.

use chronotope_world::Time;
use std::fmt;

/// Faults beyond this many are counted, not kept.
const MAX_KEPT: usize = 1000;

/// One fault in a video.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Number of the picture concerned, or of the next one.
    pub frame_index: u32,
    /// Its time, where known.
    pub t: Option<Time>,
    /// What was wrong.
    pub kind: FaultKind,
}

/// What can be wrong with a video that still has good pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FaultKind {
    /// The picture is missing: its data could not be decoded.
    Lost,
    /// The decoder made up parts of the picture.
    Damaged,
    /// Data of the container could not be read.
    Unreadable,
    /// Data could not be decoded and belongs to no known picture.
    Undecodable,
    /// The picture's time is not after that of the picture before; it was left out.
    OutOfOrder,
    /// Time jumps back (two recordings joined): it is continued in the order of the file.
    JumpsBack,
    /// The picture has no time of its own: it is put one picture's length after the one before.
    NoTime,
    /// The picture refers to pictures before the start of the file; it was left out.
    BeforeKey,
    /// The size of the pictures changes: they are scaled to that of the first.
    SizeChanges,
    /// The file ends before the number of pictures that it states.
    Truncated,
    /// The rotation is not a multiple of 90 degrees: the nearest is used.
    OddRotation,
    /// The stated shape of a pixel cannot be true: pixels are taken to be square.
    OddPixelAspect,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FaultKind::Lost => "lost: its data cannot be decoded",
            FaultKind::Damaged => "damaged: parts are made up by the decoder",
            FaultKind::Unreadable => "the container cannot be read here",
            FaultKind::Undecodable => "data that cannot be decoded",
            FaultKind::OutOfOrder => "left out: its time is not after that of the picture before",
            FaultKind::JumpsBack => "time jumps back: continued in the order of the file",
            FaultKind::NoTime => "without a time: put one picture after the one before",
            FaultKind::BeforeKey => "left out: it refers to pictures before the start of the file",
            FaultKind::SizeChanges => "the size changes: scaled to that of the first picture",
            FaultKind::Truncated => "the file ends before the number of pictures that it states",
            FaultKind::OddRotation => "the rotation is not a multiple of 90 degrees: the nearest is used",
            FaultKind::OddPixelAspect => "the stated shape of a pixel cannot be true: taken to be square",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "picture {}", self.frame_index)?;
        if let Some(t) = self.t {
            write!(f, " at {t} s")?;
        }
        write!(f, ": {}", self.kind)
    }
}

/// The faults of one reading of a video.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    kept: Vec<Fault>,
    n: u64,
}

impl Faults {
    /// The first faults in the order found, at most 1,000.
    pub fn as_slice(&self) -> &[Fault] {
        &self.kept
    }

    /// All faults, those not kept included.
    pub fn count(&self) -> u64 {
        self.n
    }

    /// Nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    pub(super) fn add(&mut self, frame_index: u32, t: Option<Time>, kind: FaultKind) {
        self.n += 1;
        if self.kept.len() < MAX_KEPT {
            self.kept.push(Fault { frame_index, t, kind });
        }
    }
}
