//! Evidence: which rows decide an answer, and a digest that breaks when one of them changes.

use crate::id::{EntityId, SourceId};
use crate::shape::BoxPx;
use crate::span::Span;

/// What a row of evidence does for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// Speaks for it.
    Supports,
    /// Speaks against it.
    Refutes,
    /// Says that something would have been seen.
    Coverage,
    /// Was taken for granted.
    Assumption,
}

/// A table of the World.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// [`crate::sample::Sample`].
    Samples,
    /// [`crate::tables::Track`].
    Tracks,
    /// [`crate::tables::Identity`].
    Identities,
    /// [`crate::tables::Label`].
    Labels,
    /// [`crate::tables::Coverage`].
    Coverage,
    /// [`crate::tables::Transform`].
    Transforms,
    /// [`crate::tables::Event`].
    Events,
    /// [`crate::tables::Fact`].
    Facts,
    /// [`crate::tables::Observer`].
    Observers,
    /// [`crate::tables::Source`].
    Sources,
}

impl Table {
    /// The table's name on disk and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Table::Samples => "samples",
            Table::Tracks => "tracks",
            Table::Identities => "identities",
            Table::Labels => "labels",
            Table::Coverage => "coverage",
            Table::Transforms => "transforms",
            Table::Events => "events",
            Table::Facts => "facts",
            Table::Observers => "observers",
            Table::Sources => "sources",
        }
    }
}

/// Rows that are cited: by id, within a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The table.
    pub table: Table,
    /// Ranges of ids, both ends included, ascending. For samples of whole tracks: the ids of the *tracks*
    /// stand in `tracks` and `ids` is empty.
    pub ids: Vec<(u64, u64)>,
    /// Tracks whose samples within the span are all cited.
    pub tracks: Vec<u64>,
    /// The span of the cited samples; [`Span::ALWAYS`] for whole tables.
    pub span: Span,
}

/// One row of evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What it does.
    pub kind: EvidenceKind,
    /// Which source says so.
    pub source: Option<SourceId>,
    /// The revision at which it was read.
    pub revision: u64,
    /// The rows; none for an assumption.
    pub rows: Option<Rows>,
    /// SHA-256 over the deciding columns of the rows in (id, time) order, in hexadecimal.
    pub digest: Option<String>,
    /// When, where it has a time.
    pub span: Option<Span>,
    /// The picture that shows it best.
    pub frame_index: Option<u32>,
    /// Where in that picture.
    pub box_px: Option<BoxPx>,
    /// The stretch of text, as byte offsets, where the source is a text.
    pub text: Option<(usize, usize)>,
    /// The thing that it is about.
    pub entity: Option<EntityId>,
    /// In words: `assumes that the ground is flat`, `car 3`.
    pub place: Option<String>,
}

impl Evidence {
    /// Evidence without rows: something taken for granted, in words.
    pub fn assumption(words: impl Into<String>) -> Evidence {
        Evidence {
            kind: EvidenceKind::Assumption,
            source: None,
            revision: 0,
            rows: None,
            digest: None,
            span: None,
            frame_index: None,
            box_px: None,
            text: None,
            entity: None,
            place: Some(words.into()),
        }
    }
}
