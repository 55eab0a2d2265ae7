//! Rows handed in one by one become a World.

use std::collections::HashSet;
use std::sync::Arc;

use crate::check::check;
use crate::error::Error;
use crate::id::{
    CoverageId, EntityId, EventId, FactId, IdentityId, LabelId, ObserverId, ReferenceFrameId, SampleId,
    SourceId, TrackId, TransformId,
};
use crate::known::Known;
use crate::reference_frame::ReferenceFrame;
use crate::reference_frame::ReferenceFrameRow;
use crate::sample::{Sample, SampleChunk};
use crate::span::Span;
use crate::tables::{
    Coverage, Event, Fact, Identity, Label, Observer, Record, Source, Tables, Track, Transform,
};
use crate::value::Scale;
use crate::world::{MemoryStore, World};

/// Rows in one chunk: enough to scan fast, few enough to keep several in memory.
pub const CHUNK_ROWS: usize = 65_536;

/// Collects rows, assigns their ids in input order, checks them, and makes a World in memory or hands the rows on to a bundle.
///
/// The id that a row carries when it is handed in is ignored.
#[derive(Debug, Default)]
pub struct WorldBuilder {
    pub(crate) tables: Tables,
    rows: Vec<Sample>,
    chunks: Vec<Arc<SampleChunk>>,
    n_samples: u64,
    next_entity: u64,
    numbered: HashSet<u64>,
}

macro_rules! adders {
    ($($(#[$doc:meta])* $name:ident $table:ident $row:ident $id:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(&mut self, mut row: $row) -> $id {
            row.id = $id(self.tables.$table.len() as u64);
            self.tables.$table.push(row);
            $id(self.tables.$table.len() as u64 - 1)
        }
    )*};
}

impl WorldBuilder {
    /// An empty record of this name.
    pub fn new(name: impl Into<String>) -> WorldBuilder {
        let tables =
            Tables { record: Record { name: name.into(), ..Record::default() }, ..Tables::default() };
        WorldBuilder { tables, ..WorldBuilder::default() }
    }

    /// The record row, to fill in.
    pub fn record(&mut self) -> &mut Record {
        &mut self.tables.record
    }

    /// The rows so far.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    adders! {
        /// Adds a source.
        source sources Source SourceId;
        /// Adds an observer.
        observer observers Observer ObserverId;
        /// Adds a track.
        track tracks Track TrackId;
        /// Adds an identity row. Entities are numbered by [`WorldBuilder::entity`].
        identity identities Identity IdentityId;
        /// Adds a label.
        label labels Label LabelId;
        /// Adds a coverage row.
        coverage coverage Coverage CoverageId;
        /// Adds a transform.
        transform transforms Transform TransformId;
        /// Adds an event.
        event events Event EventId;
        /// Adds a fact.
        fact facts Fact FactId;
    }

    /// The row of a frame, added where it is new. A frame keeps the scale that it was first added with.
    pub fn reference_frame(&mut self, reference_frame: ReferenceFrame, scale: Scale) -> ReferenceFrameId {
        if let Some(row) = self.tables.find_reference_frame(&reference_frame) {
            return row.id;
        }
        let id = ReferenceFrameId(self.tables.reference_frames.len() as u64);
        self.tables.reference_frames.push(ReferenceFrameRow { id, reference_frame, scale });
        id
    }

    /// A new entity number.
    pub fn entity(&mut self) -> EntityId {
        self.next_entity += 1;
        self.numbered.insert(self.next_entity - 1);
        EntityId(self.next_entity - 1)
    }

    /// A new entity with the number that its source gives it; the next free number where that one is taken or greater than 2⁵².
    pub fn entity_numbered(&mut self, number: u64) -> EntityId {
        const MOST: u64 = crate::check::MOST_ID / 2;
        if number > MOST || !self.numbered.insert(number) {
            return self.entity();
        }
        self.next_entity = self.next_entity.max(number + 1);
        EntityId(number)
    }

    /// A new entity that this track shows all the time.
    pub fn entity_of(&mut self, track: TrackId, reason: &str, known: Known) -> EntityId {
        let entity = self.entity();
        self.identity(Identity {
            id: IdentityId(0),
            track,
            span: Span::ALWAYS,
            entity,
            confidence: None,
            reason: reason.to_owned(),
            known,
            closed: None,
        });
        entity
    }

    /// Adds a sample.
    pub fn sample(&mut self, mut sample: Sample) -> SampleId {
        sample.id = SampleId(self.n_samples);
        self.n_samples += 1;
        self.rows.push(sample);
        if self.rows.len() >= CHUNK_ROWS {
            self.flush();
        }
        SampleId(self.n_samples - 1)
    }

    /// Number of samples so far.
    pub fn n_samples(&self) -> u64 {
        self.n_samples
    }

    /// Checks every reference between rows.
    ///
    /// # Errors
    /// The first row that names a row which does not exist, or a number that is not finite.
    pub fn build(mut self) -> Result<World, Error> {
        self.flush();
        check(&self.tables, &self.chunks)?;
        let name = self.tables.record.name.clone();
        let of_samples = self.chunks.iter().map(|chunk| chunk.bounds().revisions.1).max();
        let revision = self.tables.newest_revision().max(of_samples.unwrap_or_default());
        Ok(World::new(Arc::new(MemoryStore::new(name, revision, self.tables, self.chunks))))
    }

    fn flush(&mut self) {
        if !self.rows.is_empty() {
            let rows = std::mem::take(&mut self.rows);
            self.chunks.push(Arc::new(SampleChunk::from_rows(rows)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_belongs_to_one_thing() {
        let mut builder = WorldBuilder::new("a");
        let given = [Some(8), Some(2), None, Some(9), Some(8), Some(u64::MAX), Some(0)];
        let numbers = given.map(|number| match number {
            Some(number) => builder.entity_numbered(number).0,
            None => builder.entity().0,
        });
        assert_eq!(numbers, [8, 2, 9, 10, 11, 12, 0]);
    }
}
