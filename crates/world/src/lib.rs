//! What is: time, spans, reference frames, poses, cameras, shapes, entities, tracks, events, facts, evidence, values.
//!
//! ```text
//!  Source ── says ──▶ Sample ── belongs to ──▶ Track ◀── shown by ── Identity ──▶ Entity
//!  Observer ─ sees ─▶   │ box_px, pose           ▲ Label
//!                       ▼
//!               ReferenceFrame ── Transform ── ReferenceFrame
//! ```
//!
//! The World is a handle ([`World`]) over the rows of a [`Store`]: small [`Tables`] in memory, and samples in columnar
//! chunks ([`SampleChunk`]) with bounds. Every read sees one [`View`]: as of a revision, asked at a record time.
//! This room knows no file format, no question and no pixel.

mod answer;
mod atlas;
mod builder;
pub mod catalogue;
mod check;
mod error;
mod evidence;
mod id;
mod join;
mod known;
mod mapping;
mod mask;
mod pictures;
mod presence;
mod reference_frame;
mod row_writer;
mod same;
mod sample;
mod sampling;
pub mod shape;
pub mod span;
mod summary;
mod tables;
pub mod text;
pub mod time;
mod trajectory;
mod value;
mod whereabouts;
mod world;

pub use answer::{Answer, Missing, MissingKind, Status};
pub use builder::{CHUNK_ROWS, WorldBuilder};
pub use check::{MOST_ID, check};
pub use error::Error;
pub use evidence::{Evidence, EvidenceKind, Rows, Table};
pub use id::{
    CoverageId, EntityId, EventId, FactId, IdentityId, LabelId, ObserverId, ReferenceFrameId, SampleId,
    SourceId, TrackId, TransformId,
};
pub use join::{are_related, join};
pub use known::{Known, View};
pub use mapping::Mapping;
pub use mask::Mask;
pub use pictures::{Picture, Pictures};
pub use presence::{Disc, Presence, Reach};
pub use reference_frame::{ReferenceFrame, ReferenceFrameRow};
pub use row_writer::RowWriter;
pub use same::{DIFFERENT_FROM, SAME_AS};
pub use sample::{BoxColumns, ChunkBounds, Origin, Pose, PoseColumns, Sample, SampleChunk};
pub use sampling::linked_within_ns;
pub use shape::{Box3, BoxPx};
pub use span::{Span, Spans};
pub use summary::{CoverageSummary, EventSummary, LabelSummary, Summary, summary};
pub use tables::{
    Clock, Coverage, Event, Fact, Identity, Intrinsics, Label, Observer, ObserverKind, Record, Reference,
    Source, SourceKind, Tables, Track, Transform, TransformKind,
};
pub use time::Time;
pub use trajectory::{How, Moment, Run, Trajectory, slerp, unit_quaternion};
pub use value::{Quantity, Scale, Spread, Truth, Unit, Value, When};
pub use world::{MemoryStore, Selection, Store, World};
