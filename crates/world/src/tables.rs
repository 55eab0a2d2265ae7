//! The rows of a World, table by table. Samples, of which there may be millions, stand in [`crate::sample`].

use crate::id::{
    CoverageId, EntityId, EventId, FactId, IdentityId, LabelId, ObserverId, ReferenceFrameId, SourceId,
    TrackId, TransformId,
};
use crate::known::Known;
use crate::reference_frame::{ReferenceFrame, ReferenceFrameRow};
use crate::shape::BoxPx;
use crate::span::Span;
use crate::time::Time;
use crate::value::Scale;

/// All rows but the samples. Ids of a table ascend with the position; [`crate::WorldBuilder`] assigns them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// The record as a whole.
    pub record: Record,
    /// Where rows come from.
    pub sources: Vec<Source>,
    /// Cameras, microphones, people whose viewpoint matters.
    pub observers: Vec<Observer>,
    /// The frames in use.
    pub reference_frames: Vec<ReferenceFrameRow>,
    /// Runs of samples.
    pub tracks: Vec<Track>,
    /// Which tracks are one thing.
    pub identities: Vec<Identity>,
    /// What tracks are called.
    pub labels: Vec<Label>,
    /// Where a source would have reported something.
    pub coverage: Vec<Coverage>,
    /// Edges between reference frames.
    pub transforms: Vec<Transform>,
    /// What happened.
    pub events: Vec<Event>,
    /// Relations between any of these, also without coordinates.
    pub facts: Vec<Fact>,
}

/// The record that all times count from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// A name for people.
    pub name: String,
    /// UTC at record time 0, in nanoseconds since 1970, where known.
    pub utc_start_ns: Option<i64>,
    /// How far the UTC start may be off, either way.
    pub utc_uncertainty_ns: Option<i64>,
    /// Record time is a rank, not a duration: durations and speeds are unknown.
    pub order_only: bool,
}

/// What kind of thing a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// Pictures over time.
    Video,
    /// An annotation or detection file made by somebody else.
    Annotation,
    /// What a detector or tracker of ours said of another source.
    Perception,
    /// A simulator.
    Simulation,
    /// A text description.
    Text,
    /// A live feed of poses and detections, as a robot has them.
    Live,
}

/// A row of `sources`.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Identity.
    pub id: SourceId,
    /// What it is.
    pub kind: SourceKind,
    /// Path or address as given by the user, or the detector's name.
    pub uri: String,
    /// SHA-256 of the bytes in hexadecimal, where they were at hand.
    pub sha256: Option<String>,
    /// How its clock maps to the record's; none: only order is known.
    pub record_from_source: Option<Clock>,
    /// The source that this one was made from: the video of a detector.
    pub derived_from: Option<SourceId>,
    /// Versions and settings that make the rows repeatable, as `key=value` separated by spaces.
    pub settings: String,
    /// When the row was known.
    pub known: Known,
}

/// A linear map of clocks: `record = offset + rate · source`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// Record time of source time 0.
    pub offset: Time,
    /// Record seconds in a source second; 1 for a true clock.
    pub rate: f64,
    /// How far the mapped time may be off, either way, in nanoseconds.
    pub uncertainty_ns: i64,
}

impl Clock {
    /// The source's clock is the record's.
    pub const SAME: Clock = Clock { offset: Time(0), rate: 1.0, uncertainty_ns: 0 };
}

/// What kind of thing looks or listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObserverKind {
    /// A camera.
    Camera,
    /// A microphone.
    Microphone,
    /// A person or robot whose viewpoint matters.
    Person,
}

/// A row of `observers`.
#[derive(Clone, Debug, PartialEq)]
pub struct Observer {
    /// Identity.
    pub id: ObserverId,
    /// Its source.
    pub source: SourceId,
    /// What it is.
    pub kind: ObserverKind,
    /// A name for people: `front`, `PETS09-S2L1`.
    pub name: String,
    /// Width and height of the displayed picture in pixels, for cameras.
    pub picture_px: Option<[u32; 2]>,
    /// Lens, where known.
    pub intrinsics: Option<Intrinsics>,
    /// When the row was known.
    pub known: Known,
}

/// A pinhole camera with Brown–Conrady distortion.
///
/// # Units
/// Pixels of the displayed picture at source size; `distortion` is k1, k2, p1, p2, k3 (OpenCV's order), may be empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Intrinsics {
    /// Focal length along x.
    pub fx: f64,
    /// Focal length along y.
    pub fy: f64,
    /// Principal point x.
    pub cx: f64,
    /// Principal point y.
    pub cy: f64,
    /// k1, k2, p1, p2, k3 as far as given.
    pub distortion: Vec<f64>,
}

/// A row of `tracks`: a run of samples from one source, or derived from others.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Identity.
    pub id: TrackId,
    /// Who says so.
    pub source: SourceId,
    /// Through which camera or sensor.
    pub observer: Option<ObserverId>,
    /// The source's own number for it (`7` in a MOT file), for people and exporters.
    pub source_key: String,
    /// Longest gap between samples across which a pose may be interpolated, in nanoseconds; none: as far as the record's own step
    /// ([`World::tolerance_ns`](crate::World::tolerance_ns)).
    pub tolerance_ns: Option<i64>,
    /// Bound on how fast it can move, in units of its reference frame per second, where one is stated.
    pub max_speed: Option<f64>,
    /// How long an error of its positions lasts, in seconds: errors at two samples that are further apart are independent.
    /// None: every sample errs on its own.
    pub error_correlation_s: Option<f64>,
    /// The tracks that it was fused or smoothed from.
    pub derived_from: Vec<TrackId>,
    /// Its poses are this observer's own: a camera's trajectory. For a camera, the rotation turns the camera's axes
    /// (x right, y down, z forward) into the frame's, not the body axes of other things.
    pub carries: Option<ObserverId>,
    /// The annotator says to leave it out of scores and counts (MOTChallenge's consider flag).
    pub ignored: bool,
    /// When the row was known.
    pub known: Known,
}

/// A row of `identities`: during this span, this track shows this entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Identity of the row.
    pub id: IdentityId,
    /// The track.
    pub track: TrackId,
    /// During.
    pub span: Span,
    /// The thing.
    pub entity: EntityId,
    /// Probability of being right; none where nothing calibrates it.
    pub confidence: Option<f64>,
    /// Why: `tracked`, `annotated`, `revised: merge`, `re-identified after 2.1 s`.
    pub reason: String,
    /// When the row was known.
    pub known: Known,
    /// The revision from which the row no longer holds.
    pub closed: Option<u64>,
}

/// A row of `labels`: what a track is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Identity.
    pub id: LabelId,
    /// The track.
    pub track: TrackId,
    /// The text as given by the source.
    pub text: String,
    /// Whose words: `motchallenge`, `kitti`, `name` for proper names.
    pub vocabulary: String,
    /// The source's score for the label. Within 0..1 it is the probability that the label is right; scored labels of one track, vocabulary and
    /// span are alternatives.
    pub score: Option<f64>,
    /// During.
    pub span: Span,
    /// When the row was known.
    pub known: Known,
    /// The revision from which the row no longer holds.
    pub closed: Option<u64>,
}

/// A row of `coverage`: where and for which labels a source would have reported something.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// Identity.
    pub id: CoverageId,
    /// Who looked.
    pub source: SourceId,
    /// Through which camera; none for a whole scene.
    pub observer: Option<ObserverId>,
    /// During.
    pub span: Span,
    /// Which part of the picture; none: all of it.
    pub region_px: Option<BoxPx>,
    /// The labels that would have been reported; empty: every label (an exhaustive annotation).
    pub labels: Vec<String>,
    /// Smallest side that would have been reported, in pixels.
    pub smallest_px: Option<f64>,
    /// Share of things that are reported, where measured.
    pub recall: Option<f64>,
    /// Looked all the time; otherwise only at the moments that have samples.
    pub complete: bool,
    /// When the row was known.
    pub known: Known,
}

/// How points of one frame become points of another.
#[derive(Clone, Debug, PartialEq)]
pub enum TransformKind {
    /// `target = scale · (rotation · source) + translation`. `rotation` is a unit quaternion w, x, y, z.
    Similarity {
        /// Where the source's origin lies in the target.
        translation: [f64; 3],
        /// w, x, y, z.
        rotation: [f64; 4],
        /// Target units in one source unit; 1 for a rigid motion.
        scale: f64,
    },
    /// A row-major 3×3 matrix on homogeneous picture points. Into another picture frame it maps points; into a
    /// world it maps points of the plane z = 0 (a ground calibration).
    Homography([f64; 9]),
    /// Adds the longitude and latitude (degrees) and height (metres) of the source's origin; `bearing` is the direction of its x axis,
    /// degrees clockwise from north.
    GeoAnchor {
        /// Degrees east.
        longitude: f64,
        /// Degrees north.
        latitude: f64,
        /// Metres above the ellipsoid.
        height: f64,
        /// Degrees clockwise from north.
        bearing: f64,
    },
}

/// A row of `transforms`: an edge `target_from_source` of the forest, during a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Transform {
    /// Identity.
    pub id: TransformId,
    /// The frame that points come out in.
    pub target: ReferenceFrameId,
    /// The frame that points go in.
    pub source: ReferenceFrameId,
    /// During.
    pub span: Span,
    /// How.
    pub kind: TransformKind,
    /// One standard deviation of a mapped point, in target units, where known.
    pub deviation: Option<f64>,
    /// When the row was known.
    pub known: Known,
}

/// Any row that a fact or a role can speak of.
#[derive(Clone, Debug, PartialEq)]
pub enum Reference {
    /// A thing.
    Entity(EntityId),
    /// An event.
    Event(EventId),
    /// A camera, microphone or person.
    Observer(ObserverId),
    /// A word or a name: a colour, a place without geometry.
    Text(String),
    /// A number in a unit written as text (`m`, `kg`, empty).
    Number(f64, String),
}

/// A row of `events`: who did what to what, where.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Identity.
    pub id: EventId,
    /// What happened: `pan`, `cut`, `opens`.
    pub kind: String,
    /// During.
    pub span: Span,
    /// The event that it is part of.
    pub parent: Option<EventId>,
    /// Who or what took part, by role: `agent`, `patient`, `place`.
    pub roles: Vec<(String, Reference)>,
    /// Probability of being right; none where nothing calibrates it.
    pub confidence: Option<f64>,
    /// Who says so.
    pub source: SourceId,
    /// When the row was known.
    pub known: Known,
    /// The revision from which the row no longer holds.
    pub closed: Option<u64>,
}

/// A row of `facts`: a relation that holds during a span, as known then.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Identity.
    pub id: FactId,
    /// Of what.
    pub subject: Reference,
    /// Which relation or attribute: `on`, `colour`, `room size`.
    pub predicate: String,
    /// To what, or the attribute's value.
    pub object: Reference,
    /// When it is so.
    pub valid: Span,
    /// Probability of being right; none where nothing calibrates it.
    pub confidence: Option<f64>,
    /// Who says so.
    pub source: SourceId,
    /// When the row was known.
    pub known: Known,
    /// The revision from which the row no longer holds.
    pub closed: Option<u64>,
}

impl Tables {
    /// The newest revision that a row was written or closed by; 0 where there is none.
    pub(crate) fn newest_revision(&self) -> u64 {
        let mut newest = 0;
        macro_rules! look {
            ($($table:ident)*) => {$(
                newest = self.$table.iter().map(|row| row.known.revision).fold(newest, u64::max);
            )*};
        }
        macro_rules! look_at_ends {
            ($($table:ident)*) => {$(
                newest = self.$table.iter().filter_map(|row| row.closed).fold(newest, u64::max);
            )*};
        }
        look!(sources observers tracks identities labels coverage transforms events facts);
        look_at_ends!(identities labels events facts);
        newest
    }

    /// Gives the rows of revision 0 revision 1.
    pub(crate) fn commit(&mut self) {
        macro_rules! stamp {
            ($($table:ident)*) => {$(
                self.$table.iter_mut().filter(|row| row.known.revision == 0).for_each(|row| row.known.revision = 1);
            )*};
        }
        stamp!(sources observers tracks identities labels coverage transforms events facts);
    }

    /// The row of a frame that is in use.
    pub fn find_reference_frame(&self, reference_frame: &ReferenceFrame) -> Option<&ReferenceFrameRow> {
        self.reference_frames.iter().find(|row| row.reference_frame == *reference_frame)
    }

    /// The scale of a frame: as its row says; pictures are pixels, cameras and geo metres without a row.
    pub fn scale_of(&self, reference_frame: &ReferenceFrame) -> Scale {
        match self.find_reference_frame(reference_frame) {
            Some(row) => row.scale.clone(),
            None if reference_frame.is_picture() => Scale::Pixel,
            None => match reference_frame {
                ReferenceFrame::World(name) => Scale::Own(name.clone()),
                _ => Scale::Metre,
            },
        }
    }
}
