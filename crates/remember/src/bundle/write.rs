//! Writing a bundle: rows are appended, a commit makes them visible.

use super::columns::Column;
use super::lock::{LOCK, Lock};
use super::manifest::{
    ChunkEntry, HISTORY, MANIFEST, Manifest, PARTS, PartEntry, RecordEntry, SourceEntry, sync_folder,
};
use super::part::{PartWriter, sync_parts};
use super::samples;
use super::tables::{self, Closes, Closing, Marks, SMALL};
use crate::error::{Error, Result};
use chronotope_world::{
    BoxPx, CHUNK_ROWS, ChunkBounds, Coverage, CoverageId, EntityId, Event, EventId, Fact, FactId, Identity,
    IdentityId, Known, Label, LabelId, Observer, ObserverId, Record, ReferenceFrame, ReferenceFrameId,
    ReferenceFrameRow, RowWriter, Sample, SampleChunk, SampleId, Scale, Source, SourceId, Span, Tables,
    Track, TrackId, Transform, TransformId, World, row_writer_by_own_methods,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Row groups in one part of samples: about four million rows.
const PART_CHUNKS: usize = 64;

/// Appends rows to a bundle. They become visible with [`Writer::commit`], all at once.
///
/// Memory is bounded: samples are written whenever 65,536 of them have come together. Ids are assigned in input order and go
/// on from what the bundle holds; the id that a row carries when it is handed in is ignored. A row of revision 0 gets the
/// revision of its commit. One writer at a time holds the bundle; a writer that goes away uncommitted leaves it as it was.
pub struct Writer {
    bundle: PathBuf,
    manifest: Manifest,
    record: Record,
    tables: Tables,
    closings: Vec<Closing>,
    marks: Marks,
    revision: u64,
    /// What the open part's row groups were checked for.
    rows: Vec<Sample>,
    part: Option<PartWriter>,
    chunks: Vec<ChunkEntry>,
    finished: Vec<PartEntry>,
    next_part: u64,
    next_sample: u64,
    next_entity: u64,
    /// This writer made the folder and has not committed yet.
    fresh: bool,
    broken: bool,
    /// Let go of last.
    _lock: Lock,
}

/// A row that can be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closable {
    /// An identity.
    Identity(IdentityId),
    /// A label.
    Label(LabelId),
    /// An event.
    Event(EventId),
    /// A fact.
    Fact(FactId),
}

/// Writes a whole World to a new bundle, chunk by chunk, as one commit. Rows keep their revisions; those of revision 0 get 1.
///
/// # Errors
/// Where there is a bundle already, a row names a row that does not exist, or the system refuses; then nothing is left behind.
pub fn write(path: impl AsRef<Path>, world: &World) -> Result<()> {
    let store = world.store();
    let mut writer = Writer::create(path, world.record().clone())?;
    writer.tables = world.tables().clone();
    writer.revision = store.revision().max(1);
    writer.check_tables()?;
    let entities = writer.tables.identities.iter().map(|row| row.entity.0.saturating_add(1));
    writer.next_entity = entities.max().unwrap_or_default();
    for n in 0..store.bounds().len() {
        let chunk = store.chunk(n)?;
        let most = chunk.id.iter().map(|id| id.saturating_add(1)).max().unwrap_or_default();
        writer.next_sample = writer.next_sample.max(most);
        if chunk.len() <= 2 * CHUNK_ROWS {
            writer.chunk(&chunk)?;
            continue;
        }
        let rows: Vec<Sample> = (0..chunk.len()).map(|i| chunk.row(i)).collect();
        for rows in rows.chunks(CHUNK_ROWS) {
            writer.chunk(&SampleChunk::from_rows(rows.to_vec()))?;
        }
    }
    writer.commit().map(|_revision| ())
}

macro_rules! adders {
    ($($(#[$doc:meta])* $name:ident $table:ident $row:ident $id:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(&mut self, mut row: $row) -> $id {
            row.id = $id(self.tables.$table.last().map_or(0, |last| last.id.0 + 1));
            let id = row.id;
            self.tables.$table.push(row);
            id
        }
    )*};
}

impl Writer {
    /// Makes a new bundle of this record. Until the first commit there is no manifest, and nobody can open it.
    ///
    /// # Errors
    /// Where there is a bundle already, or another writer.
    pub fn create(path: impl AsRef<Path>, record: Record) -> Result<Writer> {
        let bundle = path.as_ref().to_owned();
        let existed = bundle.exists();
        std::fs::create_dir_all(&bundle).map_err(Error::io("create", &bundle))?;
        let lock = Lock::take(&bundle)?;
        if bundle.join(MANIFEST).exists() {
            return Err(Error::Exists { path: bundle });
        }
        let manifest = Manifest::new(&record);
        let tables = Tables { record: record.clone(), ..Tables::default() };
        let writer = Writer::new(bundle, lock, manifest, tables, Vec::new(), true);
        for folder in [PARTS, HISTORY] {
            let folder = writer.bundle.join(folder);
            std::fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        }
        if !existed && let Some(parent) = writer.bundle.parent().filter(|p| !p.as_os_str().is_empty()) {
            sync_folder(parent)?;
        }
        Ok(writer)
    }

    /// Opens a bundle to append to it. Sweeps the parts that no manifest names.
    pub fn open(path: impl AsRef<Path>) -> Result<Writer> {
        let bundle = path.as_ref().to_owned();
        Manifest::read(&bundle)?; // a folder that is no bundle stays without a lock
        let lock = Lock::take(&bundle)?;
        let manifest = Manifest::read(&bundle)?;
        sweep(&bundle);
        let (tables, closings) = super::read::read_tables(&bundle, &manifest)?;
        Ok(Writer::new(bundle, lock, manifest, tables, closings, false))
    }

    fn new(
        bundle: PathBuf,
        lock: Lock,
        manifest: Manifest,
        tables: Tables,
        closings: Vec<Closing>,
        fresh: bool,
    ) -> Writer {
        Writer {
            record: tables.record.clone(),
            marks: if fresh { Marks::default() } else { Marks::of(&tables, &closings) },
            revision: manifest.revision + 1,
            next_part: manifest.tables.get("samples").map_or(0, |table| table.next_part),
            next_sample: manifest.next_sample,
            next_entity: manifest.next_entity,
            rows: Vec::new(),
            part: None,
            chunks: Vec::new(),
            finished: Vec::new(),
            broken: false,
            bundle,
            manifest,
            tables,
            closings,
            fresh,
            _lock: lock,
        }
    }

    /// The record row, to fill in; written with the next commit.
    pub fn record(&mut self) -> &mut Record {
        &mut self.record
    }

    /// All rows but the samples, with those that are not committed yet.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The newest revision that others see; 0 before the first commit.
    pub fn revision(&self) -> u64 {
        self.manifest.revision
    }

    adders! {
        /// Adds a source.
        source sources Source SourceId;
        /// Adds an observer.
        observer observers Observer ObserverId;
        /// Adds a track.
        track tracks Track TrackId;
        /// Adds an identity row. Entities are numbered by [`Writer::entity`].
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
        let id = ReferenceFrameId(self.tables.reference_frames.last().map_or(0, |last| last.id.0 + 1));
        self.tables.reference_frames.push(ReferenceFrameRow { id, reference_frame, scale });
        id
    }

    /// A new entity number.
    pub fn entity(&mut self) -> EntityId {
        self.next_entity += 1;
        EntityId(self.next_entity - 1)
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

    /// From the coming revision on, a row no longer holds. It stays as it is for those who ask as of an earlier one.
    pub fn close(&mut self, row: Closable) {
        let (table, row) = match row {
            Closable::Identity(id) => (Closes::Identities, id.0),
            Closable::Label(id) => (Closes::Labels, id.0),
            Closable::Event(id) => (Closes::Events, id.0),
            Closable::Fact(id) => (Closes::Facts, id.0),
        };
        self.closings.push(Closing { table, row, revision: self.revision });
    }

    /// Adds a sample. What it names (source, track, observer, reference frame) must have been added before.
    ///
    /// # Errors
    /// Where it names a row that does not exist, its box or position is not finite, or the system refuses to take a full chunk.
    pub fn sample(&mut self, mut sample: Sample) -> Result<SampleId> {
        sample.id = SampleId(self.next_sample);
        self.check_sample(&sample)?;
        self.next_sample += 1;
        let id = sample.id;
        self.rows.push(sample);
        if self.rows.len() >= CHUNK_ROWS {
            self.flush()?;
        }
        Ok(id)
    }

    /// Makes everything since the last commit visible as one revision, which is returned. Nothing new: nothing happens.
    ///
    /// # Errors
    /// Where rows name rows that do not exist, or the system refuses. Readers then still see the revision before, and this writer
    /// takes no more.
    pub fn commit(&mut self) -> Result<u64> {
        self.usable()?;
        self.flush()?;
        let marks = Marks::of(&self.tables, &self.closings);
        let nothing = self.part.is_none() && self.finished.is_empty() && marks == self.marks;
        if nothing && !self.fresh && RecordEntry::from(&self.record) == self.manifest.record {
            return Ok(self.manifest.revision);
        }
        self.broken = true; // until it has gone well
        self.check_tables()?;
        self.end_part()?;
        let mut manifest = self.manifest.clone();
        manifest.revision = self.revision;
        manifest.record = RecordEntry::from(&self.record);
        manifest.next_sample = self.next_sample;
        manifest.next_entity = self.next_entity;
        manifest.sources = sources_of(&self.tables);
        if !self.finished.is_empty() {
            let table = manifest.tables.entry("samples".to_owned()).or_default();
            table.rows += self.finished.iter().map(|part| part.rows).sum::<u64>();
            table.next_part = self.next_part;
            table.parts.append(&mut self.finished);
        }
        for name in SMALL {
            let (rows, columns) =
                tables::columns_of(name, &self.tables, &self.closings, &self.marks, self.revision);
            if rows > 0 {
                let table = manifest.tables.entry(name.to_owned()).or_default();
                let part = write_small(&self.bundle, name, table.next_part, rows, columns)?;
                table.next_part += 1;
                table.rows += part.rows;
                table.parts.push(part);
            }
        }
        sync_parts(&self.bundle)?;
        manifest.publish(&self.bundle, true)?;
        self.stamp();
        self.manifest = manifest;
        self.marks = marks;
        self.revision += 1;
        (self.fresh, self.broken) = (false, false);
        Ok(self.manifest.revision)
    }

    /// The rows of the commit carry its revision from now on, and closings have closed.
    fn stamp(&mut self) {
        let (from, revision) = (self.marks, self.revision);
        let tables = &mut self.tables;
        let known = tables.sources[from.sources..].iter_mut().map(|r| &mut r.known);
        let known = known.chain(tables.observers[from.observers..].iter_mut().map(|r| &mut r.known));
        let known = known.chain(tables.tracks[from.tracks..].iter_mut().map(|r| &mut r.known));
        let known = known.chain(tables.identities[from.identities..].iter_mut().map(|r| &mut r.known));
        let known = known.chain(tables.labels[from.labels..].iter_mut().map(|r| &mut r.known));
        let known = known.chain(tables.coverage[from.coverage..].iter_mut().map(|r| &mut r.known));
        let known = known.chain(tables.transforms[from.transforms..].iter_mut().map(|r| &mut r.known));
        let known = known.chain(tables.events[from.events..].iter_mut().map(|r| &mut r.known));
        let known = known.chain(tables.facts[from.facts..].iter_mut().map(|r| &mut r.known));
        known.filter(|known| known.revision == 0).for_each(|known| known.revision = revision);
        // checked before the commit
        tables::apply(&self.closings[from.closings..], &mut self.tables).ok();
        self.tables.record = self.record.clone();
    }

    fn usable(&self) -> Result<()> {
        if self.broken {
            let fault = "expected a writer whose last write went well, found one that failed; open it anew";
            return Err(Error::Manifest { fault: fault.to_owned(), path: self.bundle.clone() });
        }
        Ok(())
    }

    fn check_tables(&self) -> Result<()> {
        chronotope_world::check(&self.tables, &[])?;
        let row = |table, row, fault: String| Err(chronotope_world::Error::Row { table, row, fault }.into());
        if let Some(observer) = self.tables.observers.iter().find(|o| tables::too_long(o)) {
            return row("observers", observer.id.0, "expected at most 14 distortion coefficients".to_owned());
        }
        let mut closed = Tables {
            identities: self.tables.identities.clone(),
            labels: self.tables.labels.clone(),
            events: self.tables.events.clone(),
            facts: self.tables.facts.clone(),
            ..Tables::default()
        };
        match tables::apply(&self.closings[self.marks.closings..], &mut closed) {
            Ok(()) => Ok(()),
            Err(fault) => row("closings", self.marks.closings as u64, fault),
        }
    }

    fn check_sample(&self, s: &Sample) -> Result<()> {
        let tables = &self.tables;
        let fault = |fault: String| {
            Err(Error::World(chronotope_world::Error::Row { table: "samples", row: s.id.0, fault }))
        };
        let missing = |what: &str, id: u64| fault(format!("expected an existing {what}, found {what}/{id}"));
        if !has(&tables.sources, s.source.0, |r| r.id.0) {
            return missing("source", s.source.0);
        }
        if let Some(track) = s.track.filter(|id| !has(&tables.tracks, id.0, |r| r.id.0)) {
            return missing("track", track.0);
        }
        if let Some(observer) = s.observer.filter(|id| !has(&tables.observers, id.0, |r| r.id.0)) {
            return missing("observer", observer.0);
        }
        if let Some(pose) = &s.pose {
            if !has(&tables.reference_frames, pose.reference_frame.0, |r| r.id.0) {
                return missing("reference_frame", pose.reference_frame.0);
            }
            if !pose.position.iter().all(|v| v.is_finite()) {
                return fault(format!("expected a finite position, found {:?}", pose.position));
            }
        }
        if let Some(end) = s.end.filter(|&end| end < s.t) {
            return fault(format!("expected an end at {} s or later, found {end} s", s.t));
        }
        let whole = |b: BoxPx| BoxPx::new(b.left, b.top, b.width, b.height).is_some();
        match s.box_px {
            Some(b) if !whole(b) => {
                fault(format!("expected a finite box with sides of 0 or more, found {b:?}"))
            }
            _ => Ok(()),
        }
    }

    fn flush(&mut self) -> Result<()> {
        self.usable()?;
        if self.rows.is_empty() {
            return Ok(());
        }
        let chunk = SampleChunk::from_rows(std::mem::take(&mut self.rows));
        self.chunk(&chunk)
    }

    /// Writes a chunk as a row group.
    pub(crate) fn chunk(&mut self, chunk: &SampleChunk) -> Result<()> {
        if chunk.is_empty() {
            return Ok(());
        }
        self.usable()?;
        if let Some((row, fault)) = samples::fault_of(chunk) {
            return Err(chronotope_world::Error::Row { table: "samples", row: chunk.id[row], fault }.into());
        }
        self.broken = true;
        let columns = samples::columns_of(chunk, &self.tables, self.revision);
        let full = |part: &PartWriter| part.row_groups() >= PART_CHUNKS || !part.takes(&columns);
        if self.part.as_ref().is_some_and(full) {
            self.end_part()?;
        }
        let part = match &mut self.part {
            Some(part) => part,
            none => {
                let part = PartWriter::create(&self.bundle, "samples", self.next_part, &columns)?;
                self.next_part += 1;
                none.insert(part)
            }
        };
        part.row_group(chunk.len(), columns)?;
        let mut bounds: ChunkBounds = chunk.bounds();
        let stamped = |r: u64| if r == 0 { self.revision } else { r };
        let revisions = chunk.revision.iter().map(|&r| stamped(r));
        bounds.revisions = (revisions.clone().min().unwrap_or_default(), revisions.max().unwrap_or_default());
        self.chunks.push(ChunkEntry::from(&bounds));
        self.broken = false;
        Ok(())
    }

    fn end_part(&mut self) -> Result<()> {
        if let Some(part) = self.part.take() {
            let mut entry = part.finish()?;
            entry.chunks = std::mem::take(&mut self.chunks);
            self.finished.push(entry);
        }
        Ok(())
    }

    /// Replaces every part of some tables by what this writer has written since it was opened, at the same revision, and forgets
    /// the history: the end of a compaction.
    pub(crate) fn replace(mut self, kept: &BTreeSet<String>) -> Result<()> {
        self.broken = true;
        self.end_part()?;
        let mut manifest = self.manifest.clone();
        if !kept.contains("samples")
            && let Some(table) = manifest.tables.get_mut("samples")
        {
            table.next_part = self.next_part;
            table.rows = self.finished.iter().map(|part| part.rows).sum();
            table.parts = std::mem::take(&mut self.finished);
        }
        for name in SMALL.into_iter().filter(|name| !kept.contains(*name)) {
            let Some(table) = manifest.tables.get_mut(name) else { continue };
            let (rows, columns) =
                tables::columns_of(name, &self.tables, &self.closings, &Marks::default(), manifest.revision);
            table.parts.clear();
            table.rows = rows as u64;
            if rows > 0 {
                table.parts.push(write_small(&self.bundle, name, table.next_part, rows, columns)?);
                table.next_part += 1;
            }
        }
        manifest.tables.retain(|_name, table| !table.parts.is_empty());
        sync_parts(&self.bundle)?;
        manifest.publish(&self.bundle, false)?;
        self.manifest = manifest;
        self.broken = false;
        let history = self.bundle.join(HISTORY);
        for entry in std::fs::read_dir(&history).into_iter().flatten().flatten() {
            // a manifest that stays keeps its parts: nothing is lost but space
            std::fs::remove_file(entry.path()).ok();
        }
        Ok(()) // dropped here: sweeps
    }

    /// The bundle's folder.
    pub(crate) fn bundle(&self) -> &Path {
        &self.bundle
    }

    /// The manifest as of the last commit.
    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The closings enter the rows that they close.
    pub(crate) fn fold_closings(&mut self) {
        self.closings.clear();
    }
}

impl RowWriter for Writer {
    type Error = Error;

    row_writer_by_own_methods!();

    fn sample(&mut self, row: Sample) -> Result<SampleId> {
        self.sample(row)
    }
}

impl Drop for Writer {
    /// What was not committed is removed; so is a bundle that never had a commit.
    fn drop(&mut self) {
        drop(self.part.take());
        sweep(&self.bundle);
        if self.fresh {
            // not empty (somebody else's files): it stays
            std::fs::remove_file(self.bundle.join(LOCK)).ok();
            for folder in [self.bundle.join(PARTS), self.bundle.join(HISTORY), self.bundle.clone()] {
                std::fs::remove_dir(folder).ok();
            }
        }
    }
}

fn has<R>(rows: &[R], id: u64, id_of: fn(&R) -> u64) -> bool {
    let plain = usize::try_from(id).ok().and_then(|i| rows.get(i)).is_some_and(|row| id_of(row) == id);
    plain || rows.binary_search_by_key(&id, id_of).is_ok()
}

fn sources_of(tables: &Tables) -> Vec<SourceEntry> {
    let entry = |s: &Source| SourceEntry { id: s.id.0, uri: s.uri.clone(), sha256: s.sha256.clone() };
    tables.sources.iter().map(entry).collect()
}

/// Writes the rows of a small table as one part.
fn write_small(bundle: &Path, table: &str, n: u64, rows: usize, columns: Vec<Column>) -> Result<PartEntry> {
    let mut part = PartWriter::create(bundle, table, n, &columns)?;
    let mut rest = columns;
    let mut left = rows;
    while left > 0 {
        let now = left.min(CHUNK_ROWS);
        let front = rest.iter_mut().map(|column| column.take_front(now)).collect();
        part.row_group(now, front)?;
        left -= now;
    }
    part.finish()
}

/// Removes parts that no manifest names, now or in history. Only the holder of the lock may. What is not ours stays.
fn sweep(bundle: &Path) {
    let mut named = BTreeSet::new();
    let current = bundle.join(MANIFEST);
    let history =
        std::fs::read_dir(bundle.join(HISTORY)).into_iter().flatten().flatten().map(|entry| entry.path());
    let manifests = history.filter(|path| path.extension().is_some_and(|end| end == "json"));
    for path in manifests.chain(current.exists().then_some(current)) {
        // a manifest that cannot be read may name any part
        let Ok(manifest) = Manifest::read_file(&path) else { return };
        named.extend(manifest.tables.into_values().flat_map(|table| table.parts).map(|part| part.file));
    }
    for entry in std::fs::read_dir(bundle.join(PARTS)).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = name.ends_with(".writing")
            || name.split_once('-').is_some_and(|(table, _)| super::manifest::is_part_name(table, &name));
        if ours && !named.contains(&name) {
            std::fs::remove_file(entry.path()).ok(); // the next writer tries again
        }
    }
}
