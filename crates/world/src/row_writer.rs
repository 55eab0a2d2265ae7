//! Where new rows go: a World in memory, or a bundle that grows.

use crate::builder::WorldBuilder;
use crate::id::{
    CoverageId, EntityId, EventId, FactId, IdentityId, LabelId, ObserverId, ReferenceFrameId, SampleId,
    SourceId, TrackId, TransformId,
};
use crate::reference_frame::ReferenceFrame;
use crate::sample::Sample;
use crate::tables::{Coverage, Event, Fact, Identity, Label, Observer, Source, Track, Transform};
use crate::value::Scale;
use std::convert::Infallible;

/// Takes rows and gives them their ids, in input order; the id that a row carries when it is handed in is ignored.
/// [`WorldBuilder`] keeps them in memory, the bundle's writer brings them to disk.
#[allow(missing_docs, reason = "each method adds a row of its name")]
pub trait RowWriter {
    /// What can go wrong with a sample: nothing in memory, a full disk elsewhere.
    type Error;

    fn source(&mut self, row: Source) -> SourceId;
    fn observer(&mut self, row: Observer) -> ObserverId;
    fn reference_frame(&mut self, reference_frame: ReferenceFrame, scale: Scale) -> ReferenceFrameId;
    fn track(&mut self, row: Track) -> TrackId;
    fn identity(&mut self, row: Identity) -> IdentityId;
    fn label(&mut self, row: Label) -> LabelId;
    fn coverage(&mut self, row: Coverage) -> CoverageId;
    fn transform(&mut self, row: Transform) -> TransformId;
    fn event(&mut self, row: Event) -> EventId;
    fn fact(&mut self, row: Fact) -> FactId;
    /// A new entity number.
    fn entity(&mut self) -> EntityId;
    fn sample(&mut self, row: Sample) -> Result<SampleId, Self::Error>;
}

/// Forwards [`RowWriter`] to the methods of the same names that a type has of its own.
#[macro_export]
macro_rules! row_writer_by_own_methods {
    () => {
        fn source(&mut self, row: $crate::Source) -> $crate::SourceId {
            self.source(row)
        }
        fn observer(&mut self, row: $crate::Observer) -> $crate::ObserverId {
            self.observer(row)
        }
        fn reference_frame(
            &mut self,
            reference_frame: $crate::ReferenceFrame,
            scale: $crate::Scale,
        ) -> $crate::ReferenceFrameId {
            self.reference_frame(reference_frame, scale)
        }
        fn track(&mut self, row: $crate::Track) -> $crate::TrackId {
            self.track(row)
        }
        fn identity(&mut self, row: $crate::Identity) -> $crate::IdentityId {
            self.identity(row)
        }
        fn label(&mut self, row: $crate::Label) -> $crate::LabelId {
            self.label(row)
        }
        fn coverage(&mut self, row: $crate::Coverage) -> $crate::CoverageId {
            self.coverage(row)
        }
        fn transform(&mut self, row: $crate::Transform) -> $crate::TransformId {
            self.transform(row)
        }
        fn event(&mut self, row: $crate::Event) -> $crate::EventId {
            self.event(row)
        }
        fn fact(&mut self, row: $crate::Fact) -> $crate::FactId {
            self.fact(row)
        }
        fn entity(&mut self) -> $crate::EntityId {
            self.entity()
        }
    };
}

impl RowWriter for WorldBuilder {
    type Error = Infallible;

    row_writer_by_own_methods!();

    fn sample(&mut self, row: Sample) -> Result<SampleId, Infallible> {
        Ok(self.sample(row))
    }
}
