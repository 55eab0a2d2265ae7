//! The World: a handle over tables and sample chunks, seen as of a revision and a record time.

use crate::atlas::{self, Atlas};
use crate::error::Error;
use crate::id::{EntityId, FactId, LabelId, ObserverId, ReferenceFrameId, SourceId, TrackId};
use crate::known::{Known, View};
use crate::reference_frame::ReferenceFrameRow;
use crate::same::{self, Honoured};
use crate::sample::{ChunkBounds, Origin, Sample, SampleChunk};
use crate::sampling::Sampling;
use crate::shape::BoxPx;
use crate::span::Span;
use crate::tables::{
    Coverage, Event, Fact, Identity, Label, Observer, Record, Source, Tables, Track, Transform,
};
use crate::time::Time;
use crate::trajectory::{How, Moment, Piece, Run, Trajectory};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// Where the rows of a World lie: in memory here, on Parquet in `remember`.
pub trait Store: Send + Sync {
    /// All rows but the samples.
    fn tables(&self) -> &Tables;

    /// Bounds of the sample chunks, for skipping them unread. Times of chunks may overlap.
    fn bounds(&self) -> &[ChunkBounds];

    /// The columns of a chunk, sorted by (track, time, id); `n` is a position in [`Store::bounds`].
    /// May be read from disk; a store keeps what it needs to stay within its memory.
    fn chunk(&self, n: usize) -> Result<Arc<SampleChunk>, Error>;

    /// At least those rows and columns of chunk `n` that the selection holds, sorted as in [`Store::chunk`]: a store on
    /// disk leaves out what it need not read. May hold more.
    fn select(&self, n: usize, selection: &Selection) -> Result<Arc<SampleChunk>, Error> {
        let _ = selection;
        self.chunk(n)
    }

    /// All chunks, where they lie in memory anyway: an index over them is then worth its making.
    fn resident(&self) -> Option<&[Arc<SampleChunk>]> {
        None
    }

    /// Some sample may say how far off it can be: a covariance, a deviation of its extent, a probability of being there.
    ///
    /// # Errors
    /// Where samples cannot be read.
    fn may_be_off(&self) -> Result<bool, Error> {
        for n in 0..self.bounds().len() {
            let chunk = self.chunk(n)?;
            if chunk.covariance.is_some() || chunk.extent_deviation.is_some() || chunk.existence.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The newest revision.
    fn revision(&self) -> u64;

    /// A name for people and for global ids `NAME/KIND/N`: the bundle's.
    fn name(&self) -> &str;

    /// The name of a row that no other bundle has: `NAME/KIND/N`.
    fn global_name(&self, kind: &str, id: u64) -> String {
        format!("{}/{kind}/{id}", self.name())
    }

    /// The row that a global name means here; none where it names another bundle. The row need not exist.
    fn local_id(&self, kind: &str, name: &str) -> Option<u64> {
        let number =
            name.strip_prefix(self.name())?.strip_prefix('/')?.strip_prefix(kind)?.strip_prefix('/')?;
        number.bytes().all(|c| c.is_ascii_digit()).then(|| number.parse().ok()).flatten()
    }
}

/// Which samples a reader wants: those within all bounds that are given, with these columns. Ids, times, origins and
/// revisions always come along.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// First and last track.
    pub tracks: Option<(TrackId, TrackId)>,
    /// The samples that hold at a moment of this span.
    pub time: Option<Span>,
    /// Positions within `[[x0, x1], [y0, y1], [z0, z1]]`, ends included, in any reference frame.
    pub space: Option<[[f64; 2]; 3]>,
    /// Boxes that touch this one, of any observer.
    pub box_px: Option<BoxPx>,
    /// Wants the boxes.
    pub boxes: bool,
    /// Wants reference frames and positions.
    pub positions: bool,
    /// Wants all else: rotations, extents, scores, visible shares, masks, covariances.
    pub rest: bool,
}

impl Selection {
    /// Every row with every column.
    pub const ALL: Selection = Selection {
        tracks: None,
        time: None,
        space: None,
        box_px: None,
        boxes: true,
        positions: true,
        rest: true,
    };
}

/// A World as somebody sees it. Cheap to clone.
#[derive(Clone)]
pub struct World {
    store: Arc<dyn Store>,
    view: View,
    index: Arc<OnceLock<Index>>,
}

/// Which rows belong to which entity or track, under one view.
#[derive(Debug, Default)]
struct Index {
    /// Positions of visible identity rows by entity.
    by_entity: BTreeMap<EntityId, Vec<usize>>,
    /// Positions of visible identity rows by track.
    by_track: BTreeMap<TrackId, Vec<usize>>,
    /// Positions of visible label rows by track.
    labels_by_track: BTreeMap<TrackId, Vec<usize>>,
    /// The visible rows where facts say that things are one; positions then are in these.
    honoured: Option<Honoured>,
    /// Where rows lie in time and space; made when first asked what is where when.
    atlas: OnceLock<Option<Atlas>>,
    /// The usual steps of what looked; read when first asked for.
    sampling: OnceLock<Sampling>,
}

impl Index {
    fn identities<'a>(&'a self, tables: &'a Tables) -> &'a [Identity] {
        self.honoured.as_ref().map_or(&tables.identities, |honoured| &honoured.identities)
    }
}

impl World {
    /// The World in a store, as of its newest revision.
    pub fn new(store: Arc<dyn Store>) -> World {
        World { store, view: View::NEWEST, index: Arc::default() }
    }

    /// The same World as another reader sees it.
    pub fn seen(&self, view: View) -> World {
        World { store: Arc::clone(&self.store), view, index: Arc::default() }
    }

    /// What this reader sees.
    pub fn view(&self) -> View {
        self.view
    }

    /// Where the rows lie.
    pub fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// The World as it is after its first commit: rows of revision 0 get revision 1, as the writer of a bundle stamps them. What is cited from it
    /// is cited as it will lie on disk.
    ///
    /// # Errors
    /// Where rows cannot be read.
    pub fn committed(&self) -> Result<World, Error> {
        let mut tables = self.tables().clone();
        tables.commit();
        let commit = |n| -> Result<Arc<SampleChunk>, Error> {
            let mut chunk = SampleChunk::clone(&*self.store.chunk(n)?);
            chunk.revision.iter_mut().filter(|revision| **revision == 0).for_each(|revision| *revision = 1);
            Ok(Arc::new(chunk))
        };
        let chunks = (0..self.store.bounds().len()).map(commit).collect::<Result<_, _>>()?;
        let revision = self.store.revision().max(1);
        let store = MemoryStore::new(self.store.name().to_owned(), revision, tables, chunks);
        Ok(World::new(Arc::new(store)).seen(self.view))
    }

    /// The newest revision that this reader sees.
    pub fn revision(&self) -> u64 {
        self.view.as_of.min(self.store.revision())
    }

    /// All rows but the samples, visible or not. Prefer the readers below, which see only what is visible.
    pub fn tables(&self) -> &Tables {
        self.store.tables()
    }

    /// The record as a whole.
    pub fn record(&self) -> &Record {
        &self.tables().record
    }

    /// A source by id.
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        row(&self.tables().sources, id.0, |r| r.id.0)
    }

    /// An observer by id.
    pub fn observer(&self, id: ObserverId) -> Option<&Observer> {
        row(&self.tables().observers, id.0, |r| r.id.0)
    }

    /// A track by id.
    pub fn track(&self, id: TrackId) -> Option<&Track> {
        row(&self.tables().tracks, id.0, |r| r.id.0).filter(|t| self.view.sees(t.known))
    }

    /// A frame by id.
    pub fn reference_frame(&self, id: ReferenceFrameId) -> Option<&ReferenceFrameRow> {
        row(&self.tables().reference_frames, id.0, |r| r.id.0)
    }

    /// Visible entities, ascending.
    pub fn entities(&self) -> impl Iterator<Item = EntityId> {
        self.index().by_entity.keys().copied()
    }

    /// Visible identity rows of an entity. Where visible facts of [`crate::SAME_AS`] say that things are one, the rows of all
    /// of them, cut to when they are; [`World::tables`] has the rows as they were written.
    pub fn identities_of(&self, entity: EntityId) -> impl Iterator<Item = &Identity> {
        let index = self.index();
        let rows = index.identities(self.tables());
        positions(&index.by_entity, entity).map(|i| &rows[i])
    }

    /// Visible identity rows of a track: which entities it shows, when. Things that are one count as in
    /// [`World::identities_of`].
    pub fn entities_of(&self, track: TrackId) -> impl Iterator<Item = &Identity> {
        let index = self.index();
        let rows = index.identities(self.tables());
        positions(&index.by_track, track).map(|i| &rows[i])
    }

    /// The visible facts that make an entity one thing of several; none for most.
    pub fn same_as(&self, entity: EntityId) -> impl Iterator<Item = FactId> {
        let honoured = self.index().honoured.as_ref();
        honoured.and_then(|honoured| honoured.by.get(&entity)).into_iter().flatten().copied()
    }

    /// The entities that visible facts make of several, ascending.
    pub fn taken_for_one(&self) -> impl Iterator<Item = EntityId> {
        self.index().honoured.as_ref().into_iter().flat_map(|honoured| honoured.by.keys().copied())
    }

    /// Visible labels of an entity: those of its tracks that hold at a moment at which the track shows it.
    pub fn labels_of(&self, entity: EntityId) -> impl Iterator<Item = &Label> {
        let mut shown: BTreeMap<TrackId, Vec<Span>> = BTreeMap::new();
        self.identities_of(entity).for_each(|row| shown.entry(row.track).or_default().push(row.span));
        shown.into_iter().flat_map(|(track, spans)| {
            let holds = move |label: &&Label| spans.iter().any(|span| shares(*span, label.span));
            self.labels_of_track(track).filter(holds)
        })
    }

    /// Visible labels of an entity as they are most likely: those of [`World::labels_of`] without alternatives to which their source gives
    /// another a greater score for the same span in the same words.
    pub fn likely_labels_of(&self, entity: EntityId) -> impl Iterator<Item = &Label> {
        self.labels_of(entity).filter(|row| row.score.is_none() || !self.is_outdone(row))
    }

    fn is_outdone(&self, row: &Label) -> bool {
        let rivals = self.labels_of_track(row.track).filter(|other| {
            other.vocabulary == row.vocabulary && other.span == row.span && row.vocabulary != "name"
        });
        rivals
            .into_iter()
            .any(|other| other.score > row.score || (other.score == row.score && other.id < row.id))
    }

    /// Visible labels of a track.
    pub fn labels_of_track(&self, track: TrackId) -> impl Iterator<Item = &Label> {
        positions(&self.index().labels_by_track, track).map(|i| &self.tables().labels[i])
    }

    /// Visible coverage rows, as far as somebody can have looked by the moment of asking: of a row that reaches beyond it the part before.
    /// What holds without an end stays.
    pub fn coverage(&self) -> impl Iterator<Item = Cow<'_, Coverage>> {
        let by = self.view.asked_at.plus_ns(1);
        let visible = self.tables().coverage.iter().filter(|row| self.view.sees(row.known));
        visible.filter_map(move |row| {
            if row.span.end() <= by || row.span.end() == Time::MAX {
                return Some(Cow::Borrowed(row));
            }
            let span = Span::new(row.span.start(), by)?;
            Some(Cow::Owned(Coverage { span, ..row.clone() }))
        })
    }

    /// Visible transforms.
    pub fn transforms(&self) -> impl Iterator<Item = &Transform> {
        self.tables().transforms.iter().filter(|row| self.view.sees(row.known))
    }

    /// Visible events.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        let honoured = self.index().honoured.as_ref();
        let rows = honoured.map_or(&self.tables().events, |honoured| &honoured.events);
        rows.iter().filter(|row| self.view.sees_open(row.known, row.closed))
    }

    /// Visible facts.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        let honoured = self.index().honoured.as_ref();
        let rows = honoured.map_or(&self.tables().facts, |honoured| &honoured.facts);
        rows.iter().filter(|row| self.view.sees_open(row.known, row.closed))
    }

    /// Where an entity was, by all that is visible. Reads the chunks that can hold its tracks.
    ///
    /// Where a visible track of the entity is derived (smoothed) from another of the same observer, the derived one alone
    /// answers; what it was derived from stays in the rows as what was measured.
    pub fn trajectory(&self, entity: EntityId) -> Result<Trajectory, Error> {
        let superseded: BTreeSet<TrackId> = self
            .identities_of(entity)
            .filter_map(|row| self.track(row.track))
            .flat_map(|track| {
                track
                    .derived_from
                    .iter()
                    .filter_map(|id| self.track(*id))
                    .filter_map(|from| (from.observer == track.observer).then_some(from.id))
            })
            .collect();
        let mut runs = Vec::new();
        for identity in self.identities_of(entity).filter(|row| !superseded.contains(&row.track)) {
            let run = self.run(identity.track, identity.span)?;
            if !run.is_empty() {
                runs.push(run);
            }
        }
        self.in_order(&mut runs);
        Ok(Trajectory { entity, runs })
    }

    /// What is derived from others comes first.
    fn in_order(&self, runs: &mut [Run]) {
        runs.sort_by_key(|run| {
            let derived = self.track(run.track).is_some_and(|t| !t.derived_from.is_empty());
            (!derived, run.track, run.identity_span)
        });
    }

    /// A span that no visible sample of a track reaches out of, by the bounds of the chunks that may hold it: nothing is
    /// read. None where no chunk may.
    pub fn hull_of(&self, track: TrackId) -> Option<Span> {
        let holds = |bounds: &&ChunkBounds| {
            bounds.tracks.is_some_and(|(low, high)| low <= track && track <= high)
                && bounds.revisions.0 <= self.view.as_of
        };
        self.store.bounds().iter().filter(holds).filter_map(|bounds| bounds.time).reduce(Span::hull)
    }

    /// Where an entity was then, as [`Trajectory::at`] says, by reading the samples around that time alone.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn moment(&self, entity: EntityId, t: Time) -> Result<Option<Moment>, Error> {
        if self.index().atlas.get().is_some_and(Option::is_some) {
            return Ok(self.trajectory(entity)?.at(t));
        }
        let mut runs = Vec::new();
        for identity in self.identities_of(entity) {
            let Some(track) = self.track(identity.track) else { continue };
            let most = self.tolerance_ns(track)?.unwrap_or_default().max(0);
            let near = Span::between(t.plus_ns(-most), t.plus_ns(most.saturating_add(1)));
            let Some(span) = identity.span.intersect(near) else { continue };
            let run = self.run(identity.track, span)?;
            if run.at(t).is_some_and(|moment| matches!(moment.how, How::Held(_))) {
                // what began to hold long ago: another sample may lie between
                return Ok(self.trajectory(entity)?.at(t));
            }
            runs.push(run);
        }
        self.in_order(&mut runs);
        Ok(Trajectory { entity, runs }.at(t))
    }

    /// The visible samples of a track during a span.
    pub fn run(&self, track: TrackId, span: Span) -> Result<Run, Error> {
        let row = self.track(track);
        let mut pieces = Vec::new();
        if let (Some(atlas), Some(chunks), Some(row)) =
            (self.index().atlas.get().and_then(Option::as_ref), self.store.resident(), row)
        {
            for (n, rows) in atlas.stretches(track) {
                let chunk = &chunks[*n];
                pieces.extend(match unhidden(chunk, rows, span) {
                    Some(rows) if rows.is_empty() => None,
                    Some(rows) => Some(Piece { chunk: Arc::clone(chunk), rows }),
                    None => self.visible(Arc::clone(chunk), rows.clone(), span),
                });
            }
            return Ok(Run::new(track, row.observer, self.tolerance_ns(row)?, span, pieces));
        }
        for (n, bounds) in self.store.bounds().iter().enumerate() {
            let may_hold = bounds.tracks.is_some_and(|(low, high)| low <= track && track <= high)
                && bounds.time.is_some_and(|time| time.overlaps(span))
                && bounds.revisions.0 <= self.view.as_of;
            if !may_hold || row.is_none() {
                continue;
            }
            let selection = Selection { tracks: Some((track, track)), time: Some(span), ..Selection::ALL };
            let chunk = self.store.select(n, &selection)?;
            let rows = chunk.rows_of(track);
            pieces.extend(match self.sees_all(bounds).then(|| unhidden(&chunk, &rows, span)).flatten() {
                Some(rows) if rows.is_empty() => None,
                Some(rows) => Some(Piece { chunk, rows }),
                None => self.visible(chunk, rows, span),
            });
        }
        let observer = row.and_then(|row| row.observer);
        let tolerance_ns = row.map(|row| self.tolerance_ns(row)).transpose()?.flatten();
        Ok(Run::new(track, observer, tolerance_ns, span, pieces))
    }

    /// Visible samples without a track, in time order.
    pub fn unassigned(&self) -> Result<Vec<Sample>, Error> {
        let mut out = Vec::new();
        for (n, bounds) in self.store.bounds().iter().enumerate() {
            if bounds.unassigned > 0 && bounds.revisions.0 <= self.view.as_of {
                let chunk = self.store.chunk(n)?;
                let rows = chunk.rows_of(TrackId(u64::MAX));
                if let Some(piece) = self.visible(chunk, rows, Span::ALWAYS) {
                    out.extend(piece.rows.map(|i| piece.chunk.row(i)));
                }
            }
        }
        out.sort_by_key(|s| (s.t, s.id));
        Ok(out)
    }

    /// The span of the record: the hull of coverage and samples that are not timeless; none for a timeless scene. For who asks at a
    /// moment of it, the record ends with the coverage that is known then.
    pub fn span(&self) -> Option<Span> {
        let bounded = |span: &Span| span.start() != Time::MIN && span.end() != Time::MAX;
        let asked_at = self.view.asked_at;
        let covered_until = self.coverage().map(|row| row.span.end()).filter(|end| *end != Time::MAX).max();
        let end = if asked_at == Time::MAX { Time::MAX } else { covered_until.unwrap_or(asked_at) };
        let known = Span::between(Time::MIN.min(end), end);
        let covered = self.coverage().map(|row| row.span);
        let sampled = self.store.bounds().iter().filter_map(|b| b.time.and_then(|t| t.intersect(known)));
        let facts = self.facts().map(|row| row.valid);
        let events = self.events().filter_map(|row| row.span.intersect(known));
        covered.chain(sampled).chain(facts).chain(events).filter(bounded).reduce(Span::hull)
    }

    pub(crate) fn sampling(&self) -> Result<&Sampling, Error> {
        let sampling = &self.index().sampling;
        if let Some(found) = sampling.get() {
            return Ok(found);
        }
        let found = self.sampling_from_samples()?;
        Ok(sampling.get_or_init(|| found))
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let (tables, view) = (self.tables(), self.view);
            let honoured = same::honoured(self);
            let mut index = Index::default();
            let identities = honoured.as_ref().map_or(&tables.identities, |honoured| &honoured.identities);
            for (i, identity) in identities.iter().enumerate() {
                if view.sees_open(identity.known, identity.closed) {
                    index.by_entity.entry(identity.entity).or_default().push(i);
                    index.by_track.entry(identity.track).or_default().push(i);
                }
            }
            for (i, label) in tables.labels.iter().enumerate() {
                if view.sees_open(label.known, label.closed) {
                    index.labels_by_track.entry(label.track).or_default().push(i);
                }
            }
            index.honoured = honoured;
            index
        })
    }

    /// The index over time and space, made if need be; none where rows lie on disk or some are hidden from this reader.
    pub(crate) fn atlas(&self) -> Option<&Atlas> {
        let make = || {
            let chunks = self.store.resident()?;
            let all = self.store.bounds().iter().all(|bounds| self.sees_all(bounds));
            all.then(|| Atlas::of(chunks)).flatten()
        };
        self.index().atlas.get_or_init(make).as_ref()
    }

    /// Every row of a chunk with these bounds is visible.
    fn sees_all(&self, bounds: &ChunkBounds) -> bool {
        bounds.revisions.1 <= self.view.as_of && self.view.asked_at == Time::MAX
    }

    /// The visible rows of a chunk that tell something of a span: those in it, and a static one that holds into it and is not
    /// replaced before. Copied only where some are hidden between others.
    fn visible(&self, chunk: Arc<SampleChunk>, rows: std::ops::Range<usize>, span: Span) -> Option<Piece> {
        let mut kept = Vec::new();
        let mut next: Option<i64> = None; // the time of the visible row that follows, later than this one
        let mut after: Option<i64> = None;
        for i in rows.rev().filter(|&i| self.view.sees(chunk.known(i))) {
            let t = chunk.t_ns[i];
            if after != Some(t) {
                (next, after) = (after, Some(t));
            }
            let end = chunk.end_ns.as_ref().map(|ends| ends[i]).filter(|&end| end != i64::MIN);
            let end = end.map(|end| Time(next.map_or(end, |next| next.min(end))));
            if span.contains(Time(t)) || end.is_some_and(|end| Span::between(Time(t), end).overlaps(span)) {
                kept.push(i);
            }
        }
        let (last, first) = (*kept.first()?, *kept.last()?);
        if kept.len() == last - first + 1 {
            return Some(Piece { chunk, rows: first..last + 1 });
        }
        let chunk = Arc::new(SampleChunk::from_rows(kept.into_iter().rev().map(|i| chunk.row(i)).collect()));
        Some(Piece { rows: 0..chunk.len(), chunk })
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("name", &self.store.name())
            .field("revision", &self.store.revision())
            .field("view", &self.view)
            .finish_non_exhaustive()
    }
}

/// Those rows of one track, all of them visible, that lie within a span: logarithmic. None where samples that hold over spans
/// must be looked at one by one.
fn unhidden(
    chunk: &SampleChunk,
    rows: &std::ops::Range<usize>,
    span: Span,
) -> Option<std::ops::Range<usize>> {
    if span == Span::ALWAYS {
        return Some(rows.clone());
    }
    if chunk.end_ns.is_some() {
        return None;
    }
    let times = &chunk.t_ns[rows.clone()];
    let until = |t: Time| rows.start + t.0.checked_sub(1).map_or(0, |t| atlas::until(times, t));
    Some(until(span.start())..until(span.end()))
}

/// The row with this id in a table whose ids ascend.
fn row<R>(rows: &[R], id: u64, id_of: fn(&R) -> u64) -> Option<&R> {
    // ids are positions unless rows were dropped by a compaction
    match rows.get(usize::try_from(id).ok()?) {
        Some(found) if id_of(found) == id => Some(found),
        _ => rows.binary_search_by_key(&id, id_of).ok().map(|i| &rows[i]),
    }
}

/// Shares a moment; a span that holds none is as good as the moment that it lies at.
fn shares(shown: Span, said: Span) -> bool {
    let whole = |span: Span| if span.is_empty() { Span::at(span.start()) } else { span };
    whole(shown).overlaps(whole(said))
}

fn positions<K: Ord>(map: &BTreeMap<K, Vec<usize>>, key: K) -> impl Iterator<Item = usize> {
    map.get(&key).into_iter().flatten().copied()
}

/// A store in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    name: String,
    revision: u64,
    tables: Tables,
    bounds: Vec<ChunkBounds>,
    chunks: Vec<Arc<SampleChunk>>,
}

impl MemoryStore {
    /// A store over rows that were checked before; chunks must be sorted by (track, time, id).
    pub fn new(name: String, revision: u64, tables: Tables, chunks: Vec<Arc<SampleChunk>>) -> MemoryStore {
        let bounds = chunks.iter().map(|c| c.bounds()).collect();
        MemoryStore { name, revision, tables, bounds, chunks }
    }
}

impl Store for MemoryStore {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn bounds(&self) -> &[ChunkBounds] {
        &self.bounds
    }

    fn chunk(&self, n: usize) -> Result<Arc<SampleChunk>, Error> {
        self.chunks.get(n).cloned().ok_or_else(|| Error::Row {
            table: "samples",
            row: n as u64,
            fault: format!("expected a chunk below {}, found none", self.chunks.len()),
        })
    }

    fn resident(&self) -> Option<&[Arc<SampleChunk>]> {
        Some(&self.chunks)
    }

    fn revision(&self) -> u64 {
        self.revision
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// A track with the usual defaults: no interpolation, known at a time.
impl Track {
    /// A track of a source with nothing else stated.
    pub fn new(source: SourceId, source_key: impl Into<String>, known: Known) -> Track {
        Track {
            id: TrackId(0),
            source,
            observer: None,
            source_key: source_key.into(),
            tolerance_ns: None,
            max_speed: None,
            error_correlation_s: None,
            derived_from: Vec::new(),
            carries: None,
            ignored: false,
            known,
        }
    }
}

impl Label {
    /// A label that holds always, with no score.
    pub fn new(
        track: TrackId,
        text: impl Into<String>,
        vocabulary: impl Into<String>,
        known: Known,
    ) -> Label {
        Label {
            id: LabelId(0),
            track,
            text: text.into(),
            vocabulary: vocabulary.into(),
            score: None,
            span: Span::ALWAYS,
            known,
            closed: None,
        }
    }
}

/// True where samples of this origin count as seen rather than reasoned.
impl Origin {
    /// Measured, stated or simulated, not filled in.
    pub fn is_evidence(self) -> bool {
        matches!(self, Origin::Observed | Origin::Annotated | Origin::Simulated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WorldBuilder;
    use crate::id::IdentityId;
    use crate::tables::{Clock, SourceKind};

    fn source() -> Source {
        Source {
            id: SourceId(0),
            kind: SourceKind::Annotation,
            uri: "a.txt".into(),
            sha256: None,
            record_from_source: Some(Clock::SAME),
            derived_from: None,
            settings: String::new(),
            known: Known::ALWAYS,
        }
    }

    fn two_sightings() -> (WorldBuilder, TrackId) {
        let mut b = WorldBuilder::new("test");
        let s = b.source(source());
        let mut row = Track::new(s, "7", Known::ALWAYS);
        row.tolerance_ns = Some(100);
        let track = b.track(row);
        b.entity_of(track, "annotated", Known::ALWAYS);
        for t in [0, 100] {
            let mut sample = Sample::new(s, Some(track), Time(t), Origin::Annotated);
            sample.box_px = BoxPx::new(t as f64, 0.0, 10.0, 10.0);
            b.sample(sample);
        }
        (b, track)
    }

    #[test]
    fn the_future_does_not_change_an_answer() {
        let (b, _) = two_sightings();
        let world = b.build().expect("valid");
        let then = world.seen(View { as_of: u64::MAX, asked_at: Time(50) });
        let at = |w: &World| w.trajectory(EntityId(0)).expect("in memory").at(Time(50));
        assert_eq!(at(&world).and_then(|m| m.box_px).map(|b| b.left), Some(50.0));
        assert_eq!(at(&then), None);
    }

    #[test]
    fn an_identity_that_was_closed_is_visible_before() {
        let (mut b, track) = two_sightings();
        b.identity(Identity {
            id: IdentityId(0),
            track,
            span: Span::ALWAYS,
            entity: EntityId(9),
            confidence: None,
            reason: "revised: merge".into(),
            known: Known { revision: 2, at: Time::MIN },
            closed: None,
        });
        b.tables.identities[0].closed = Some(2);
        let world = b.build().expect("valid");
        let seen =
            |as_of| world.seen(View { as_of, ..View::NEWEST }).entities().map(|e| e.0).collect::<Vec<_>>();
        assert_eq!((seen(1), seen(2)), (vec![0], vec![9]));
    }

    #[test]
    fn a_derived_track_answers_for_what_it_was_derived_from_as_soon_as_it_is_known() {
        let (mut b, raw) = two_sightings();
        let mut row = Track::new(SourceId(0), "7", Known::at(Time(100)));
        row.tolerance_ns = Some(100);
        row.derived_from.push(raw);
        let smooth = b.track(row);
        let mut identity = b.tables.identities[0].clone();
        (identity.track, identity.known) = (smooth, Known::at(Time(100)));
        b.identity(identity);
        let mut sample = Sample::new(SourceId(0), Some(smooth), Time(0), Origin::Observed);
        sample.box_px = BoxPx::new(5.0, 0.0, 10.0, 10.0);
        sample.known = Known::at(Time(100));
        b.sample(sample);
        let world = b.build().expect("valid");
        let left = |w: &World, t: i64| {
            w.trajectory(EntityId(0)).expect("in memory").at(Time(t)).and_then(|m| m.box_px).map(|b| b.left)
        };
        assert_eq!((left(&world, 0), left(&world, 100)), (Some(5.0), None));
        assert_eq!(world.entities().count(), 1);
        let before = world.seen(View { as_of: u64::MAX, asked_at: Time(99) });
        assert_eq!(left(&before, 0), Some(0.0));
    }

    #[test]
    fn ids_that_leave_no_room_to_count_on_are_refused() {
        let (mut b, _) = two_sightings();
        b.tables.identities[0].entity = EntityId(u64::MAX);
        let error = b.build().expect_err("the last number").to_string();
        assert!(
            error.starts_with("table identities, row 0: expected an entity up to 9007199254740992"),
            "{error}"
        );
        let (mut b, _) = two_sightings();
        b.tables.sources[0].id = SourceId(u64::from(u32::MAX));
        let error = b.build().expect_err("no sample could name it").to_string();
        assert!(error.starts_with("table sources, row 4294967295: expected ids up to"), "{error}");
    }

    #[test]
    fn a_row_that_names_nothing_is_refused() {
        let (mut b, _) = two_sightings();
        b.label(Label::new(TrackId(5), "car", "test", Known::ALWAYS));
        let error = b.build().expect_err("track 5 does not exist");
        assert_eq!(error.to_string(), "table labels, row 0: expected an existing track, found track/5");
    }
}
