//! Reading a bundle: tables at once, row groups of samples as they are asked for.

use super::columns::{Cells, Kind};
use super::manifest::Manifest;
use super::part::{PageBounds, Part};
use super::samples::{Want, is_doubt, read_axis, read_chunk, read_times};
use super::tables::{self, Closing, SMALL};
use crate::error::{Error, Result};
use chronotope_world::{
    BoxPx, ChunkBounds, MOST_ID, SampleChunk, Selection, Span, Store, Tables, Time, World,
};
use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What decoded chunks may take in memory, where nothing else is said.
const CACHE_BYTES: usize = 192 << 20;

/// Opens a bundle as a World that keeps at most 192 MiB of decoded samples in memory.
///
/// # Errors
/// Where the folder is no bundle, is of a newer format, or a table is damaged. Samples are verified when they are read.
pub fn open(path: impl AsRef<Path>) -> Result<World> {
    open_with(path, CACHE_BYTES)
}

/// [`open`] with another bound on the decoded samples in memory, in bytes.
pub fn open_with(path: impl AsRef<Path>, cache_bytes: usize) -> Result<World> {
    Ok(World::new(Arc::new(Bundle::open(path, cache_bytes)?)))
}

/// A bundle as a store of rows: one revision, as it was when it was opened.
pub struct Bundle {
    path: PathBuf,
    name: String,
    manifest: Manifest,
    tables: Tables,
    bounds: Vec<ChunkBounds>,
    /// Part and row group of each chunk.
    places: Vec<(usize, usize)>,
    parts: Vec<OnceLock<Arc<Part>>>,
    /// The files of the first parts, held from the beginning: a compaction then takes nothing from under this reader.
    files: Vec<Mutex<Option<File>>>,
    cache: Mutex<Cache>,
    /// Chunk by chunk, how often a few rows were read since all were.
    narrow: Vec<AtomicU8>,
    /// Every chunk decoded fits into the cache.
    fits: bool,
}

impl Bundle {
    /// Opens a bundle; `cache_bytes` bounds the decoded samples in memory.
    pub fn open(path: impl AsRef<Path>, cache_bytes: usize) -> Result<Bundle> {
        let path = path.as_ref().to_owned();
        let mut manifest = Manifest::read(&path)?;
        for _ in 0..MOST_OVERTAKEN {
            let opened = Bundle::of(&path, &manifest, cache_bytes);
            if opened.is_ok() {
                return opened;
            }
            // a compaction may have taken the parts away after the manifest was read
            let newest = Manifest::read(&path)?;
            if newest == manifest {
                return opened;
            }
            manifest = newest;
        }
        Bundle::of(&path, &manifest, cache_bytes)
    }

    fn of(path: &Path, manifest: &Manifest, cache_bytes: usize) -> Result<Bundle> {
        let (tables, _) = read_tables(path, manifest)?;
        let (mut bounds, mut places) = (Vec::new(), Vec::new());
        let parts = manifest.tables.get("samples").map(|table| table.parts.as_slice()).unwrap_or_default();
        for (p, part) in parts.iter().enumerate() {
            for (group, chunk) in part.chunks.iter().enumerate() {
                bounds
                    .push(chunk.bounds().map_err(|fault| Error::Manifest { fault, path: path.to_owned() })?);
                places.push((p, group));
            }
        }
        let mut files = Vec::with_capacity(parts.len());
        for (p, part) in parts.iter().enumerate() {
            // a part that cannot be opened is told of when it is read, unless it is gone because there is a newer manifest
            let file = match (p < MOST_HELD).then(|| Part::file(path, "samples", part)) {
                Some(Err(error)) if Manifest::read(path)? != *manifest => return Err(error),
                file => file.and_then(Result::ok),
            };
            files.push(Mutex::new(file));
        }
        let rows: usize = bounds.iter().map(|b| b.rows).sum();
        Ok(Bundle {
            name: name_of(path, &tables),
            parts: parts.iter().map(|_part| OnceLock::new()).collect(),
            files,
            cache: Mutex::new(Cache { limit: cache_bytes, ..Cache::default() }),
            narrow: bounds.iter().map(|_chunk| AtomicU8::new(0)).collect(),
            fits: rows.saturating_mul(USUAL_ROW_BYTES) <= cache_bytes,
            path: path.to_owned(),
            manifest: manifest.clone(),
            tables,
            bounds,
            places,
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn part(&self, p: usize) -> Result<Arc<Part>> {
        if let Some(part) = self.parts[p].get() {
            return Ok(Arc::clone(part));
        }
        let mut held = self.files[p].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = self.parts[p].get() {
            return Ok(Arc::clone(part)); // another thread was faster
        }
        let entry = &self.manifest.tables["samples"].parts[p];
        let part = match held.take() {
            Some(file) => Part::of(file, &self.path, "samples", entry)?,
            None => Part::open(&self.path, "samples", entry)?,
        };
        let part = Arc::new(part);
        if part.n_row_groups() != entry.chunks.len() {
            let fault = format!("expected {} row groups, found {}", entry.chunks.len(), part.n_row_groups());
            return Err(part.fault(fault));
        }
        for (group, chunk) in entry.chunks.iter().enumerate() {
            if part.rows(group)? as u64 != chunk.rows {
                let fault =
                    format!("expected {} rows in row group {group}, found {}", chunk.rows, part.rows(group)?);
                return Err(part.fault(fault));
            }
        }
        Ok(Arc::clone(self.parts[p].get_or_init(|| part)))
    }

    fn place(&self, n: usize) -> Result<(usize, usize)> {
        self.places.get(n).copied().ok_or_else(|| Error::Part {
            table: "samples".to_owned(),
            fault: format!("expected a chunk below {}, found {n}", self.places.len()),
            path: self.path.clone(),
        })
    }

    fn cached(&self, n: usize) -> Option<Arc<SampleChunk>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(n)
    }

    fn whole(&self, n: usize) -> Result<Arc<SampleChunk>> {
        if let Some(chunk) = self.cached(n) {
            return Ok(chunk);
        }
        let (p, group) = self.place(n)?;
        let part = self.part(p)?;
        let chunk = Arc::new(read_chunk(&part, group, None, Want::ALL)?);
        self.check(&part, &chunk)?;
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).put(n, &chunk);
        Ok(chunk)
    }

    fn selected(&self, n: usize, selection: &Selection) -> Result<Arc<SampleChunk>> {
        let anywhere = selection.space.is_none() && selection.box_px.is_none();
        if self.fits && anywhere {
            return self.whole(n);
        }
        let mut cached = self.cached(n);
        if cached.is_none() && anywhere && self.often_read(n) {
            cached = Some(self.whole(n)?);
        }
        match (cached, selection.tracks) {
            // a copy of some rows: whoever keeps them does not keep the chunk
            (Some(chunk), Some((low, high))) if !self.fits => {
                let from = chunk.track.partition_point(|&t| t < low.0);
                let to = chunk.track.partition_point(|&t| t <= high.0);
                return Ok(Arc::new(chunk.slice(from..to)));
            }
            (Some(chunk), _) => return Ok(chunk),
            (None, _) => {}
        }
        let (p, group) = self.place(n)?;
        let part = self.part(p)?;
        let mut ranges = ranges_of(&part, group, selection)?;
        if selection.space.is_some() && !ranges.is_empty() {
            ranges = narrowed(&part, group, ranges, selection)?;
        }
        if ranges.is_empty() {
            return Ok(Arc::default());
        }
        let want = Want { boxes: selection.boxes, positions: selection.positions, rest: selection.rest };
        let chunk = read_chunk(&part, group, Some(&ranges), want)?;
        self.check(&part, &chunk)?;
        Ok(Arc::new(chunk))
    }

    /// Counts a reading of a few rows of a chunk. True where so many have come that reading all would have cost no more.
    fn often_read(&self, n: usize) -> bool {
        let room = self.bounds[n].rows.saturating_mul(USUAL_ROW_BYTES) <= self.cache_bytes();
        let often = self.narrow[n].fetch_add(1, Ordering::Relaxed) >= MOST_NARROW;
        if often {
            self.narrow[n].store(0, Ordering::Relaxed);
        }
        often && room
    }

    fn cache_bytes(&self) -> usize {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).limit
    }

    /// Rows name rows that exist: whoever reads them may rely on it.
    fn check(&self, part: &Part, chunk: &SampleChunk) -> Result<()> {
        let t = &self.tables;
        let absent =
            |what: &str, id: u64| part.fault(format!("expected an existing {what}, found {what}/{id}"));
        // ids are few and repeat: the last that was found is remembered
        let check = |what: &str, ids: &mut dyn Iterator<Item = u64>, has: &dyn Fn(u64) -> bool| {
            let mut last = None;
            for id in ids {
                if last != Some(id) {
                    if !has(id) {
                        return Err(absent(what, id));
                    }
                    last = Some(id);
                }
            }
            Ok(())
        };
        let none32 = |id: &u32| *id != u32::MAX;
        check("source", &mut chunk.source.iter().map(|&id| id.into()), &|id| {
            has(&t.sources, id, |r| r.id.0)
        })?;
        let mut observers = chunk.observer.iter().copied().filter(none32).map(u64::from);
        check("observer", &mut observers, &|id| has(&t.observers, id, |r| r.id.0))?;
        let mut tracks = chunk.track.iter().copied().filter(|&id| id != u64::MAX);
        check("track", &mut tracks, &|id| has(&t.tracks, id, |r| r.id.0))?;
        if let Some(poses) = &chunk.poses {
            let mut frames = poses.reference_frame.iter().copied().filter(none32).map(u64::from);
            check("reference_frame", &mut frames, &|id| has(&t.reference_frames, id, |r| r.id.0))?;
        }
        Ok(())
    }
}

impl Store for Bundle {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn bounds(&self) -> &[ChunkBounds] {
        &self.bounds
    }

    fn chunk(&self, n: usize) -> Result<Arc<SampleChunk>, chronotope_world::Error> {
        self.whole(n).map_err(|error| error.into_storage("samples"))
    }

    fn select(&self, n: usize, selection: &Selection) -> Result<Arc<SampleChunk>, chronotope_world::Error> {
        self.selected(n, selection).map_err(|error| error.into_storage("samples"))
    }

    fn may_be_off(&self) -> Result<bool, chronotope_world::Error> {
        for p in 0..self.parts.len() {
            let part = self.part(p).map_err(|error| error.into_storage("samples"))?;
            // a column that no row uses does not exist
            if part.columns().0.any(|(name, _)| is_doubt(name)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn revision(&self) -> u64 {
        self.manifest.revision
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl std::fmt::Debug for Bundle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bundle")
            .field("path", &self.path)
            .field("revision", &self.manifest.revision)
            .finish_non_exhaustive()
    }
}

/// Reads all tables but the samples, with what is closed closed.
pub(crate) fn read_tables(bundle: &Path, manifest: &Manifest) -> Result<(Tables, Vec<Closing>)> {
    let mut tables = Tables { record: manifest.record(), ..Tables::default() };
    let mut closings = Vec::new();
    for table in SMALL {
        for entry in manifest.tables.get(table).map(|t| t.parts.as_slice()).unwrap_or_default() {
            let part = Part::open(bundle, table, entry)?;
            let names: Vec<String> = part.columns().0.map(|(name, _)| name.to_owned()).collect();
            for group in 0..part.n_row_groups() {
                let mut columns = Vec::with_capacity(names.len());
                for name in &names {
                    columns.extend(part.read(group, name, None)?);
                }
                let mut cells = Cells::new(part.rows(group)?, columns);
                let added = tables::add_rows(table, &mut cells, &mut tables, &mut closings);
                added.map_err(|fault| part.fault(fault))?;
            }
        }
    }
    let whole = |fault: String| Error::Part { table: "closings".to_owned(), fault, path: bundle.to_owned() };
    check_ids(bundle, &tables)?;
    tables::apply(&closings, &mut tables).map_err(whole)?;
    chronotope_world::check(&tables, &[])?;
    Ok((tables, closings))
}

/// Ids ascend in every table, for rows are found by them, and leave room to count on.
pub(super) fn check_ids(bundle: &Path, t: &Tables) -> Result<()> {
    fn ascend<R>(rows: &[R], id_of: fn(&R) -> u64) -> bool {
        rows.windows(2).all(|pair| id_of(&pair[0]) < id_of(&pair[1]))
            && rows.last().is_none_or(|last| id_of(last) <= MOST_ID)
    }
    let tables = [
        ("identities", ascend(&t.identities, |r| r.id.0)),
        ("labels", ascend(&t.labels, |r| r.id.0)),
        ("coverage", ascend(&t.coverage, |r| r.id.0)),
        ("transforms", ascend(&t.transforms, |r| r.id.0)),
        ("events", ascend(&t.events, |r| r.id.0)),
        ("facts", ascend(&t.facts, |r| r.id.0)),
    ];
    match tables.into_iter().find(|(_, ok)| !ok) {
        None => Ok(()),
        Some((table, _)) => Err(Error::Part {
            table: table.to_owned(),
            fault: format!(
                "expected ascending ids up to {MOST_ID}, found one twice, out of order or greater"
            ),
            path: bundle.to_owned(),
        }),
    }
}

fn has<R>(rows: &[R], id: u64, id_of: fn(&R) -> u64) -> bool {
    let plain = usize::try_from(id).ok().and_then(|i| rows.get(i)).is_some_and(|row| id_of(row) == id);
    plain || rows.binary_search_by_key(&id, id_of).is_ok()
}

/// The folder's name without `.world`.
fn name_of(path: &Path, tables: &Tables) -> String {
    let folder = path.file_name().map(|name| name.to_string_lossy().into_owned());
    match folder {
        Some(name) => name.strip_suffix(".world").map_or(name.clone(), str::to_owned),
        None => tables.record.name.clone(),
    }
}

/// The rows of a row group that may be within the selection, by the bounds of its pages.
fn ranges_of(part: &Part, group: usize, selection: &Selection) -> Result<Vec<Range<usize>>> {
    let rows = part.rows(group)?;
    let mut ranges: Vec<Range<usize>> = std::iter::once(0..rows).collect();
    let names: Vec<&str> =
        part.columns().0.filter(|(_, kind)| *kind != Kind::Text).map(|(name, _)| name).collect();
    let mut keep = |columns: &[&str], test: &dyn Fn([f64; 2]) -> bool| -> Result<()> {
        let present: Vec<&str> = columns.iter().copied().filter(|name| names.contains(name)).collect();
        let mut pages = Vec::new();
        for name in &present {
            match part.page_bounds(group, name)? {
                Some(bounds) => pages.extend(matching(&bounds, rows, test)),
                None => return Ok(()), // no index: any row may match
            }
        }
        pages.sort_by_key(|range: &Range<usize>| range.start);
        ranges = common(&ranges, &pages);
        Ok(())
    };
    if let Some((low, high)) = selection.tracks {
        keep(&["track"], &|[min, max]| min <= high.0 as f64 && max >= low.0 as f64)?;
    }
    if let Some(span) = selection.time.filter(|&span| span != Span::ALWAYS) {
        let (start, end) = (span.start().0 as f64, span.end().0 as f64);
        // a static sample may hold long after its t_ns
        let is_static = names.contains(&"end_ns");
        keep(&["t_ns"], &|[min, max]| min <= end && (is_static || max >= start))?;
    }
    if let Some(space) = selection.space {
        const AXES: [[&str; 4]; 3] = [
            ["x_m", "x_px", "x_deg", "x_unit"],
            ["y_m", "y_px", "y_deg", "y_unit"],
            ["z_m", "z_px", "z_deg", "z_unit"],
        ];
        for (axis, [low, high]) in AXES.iter().zip(space) {
            if low > f64::MIN || high < f64::MAX {
                keep(axis, &|[min, max]| min <= high && max >= low)?;
            }
        }
    }
    if let Some(b) = selection.box_px {
        keep(&["left_px"], &|[min, _]| min <= b.right())?;
        keep(&["top_px"], &|[min, _]| min <= b.bottom())?;
        let far = far_pages(part, group, rows, b)?;
        ranges = common(&ranges, &far);
    }
    Ok(ranges)
}

/// Of some rows, those whose time and position are within the selection, with the rows between that cost nothing. What
/// decides is read column by column, each for what the ones before it left, and all else for what is left then.
fn narrowed(
    part: &Part,
    group: usize,
    ranges: Vec<Range<usize>>,
    selection: &Selection,
) -> Result<Vec<Range<usize>>> {
    let mut left = ranges;
    if let Some(span) = selection.time.filter(|&span| span != Span::ALWAYS) {
        let (times, ends) = read_times(part, group, &left)?;
        left = kept(&left, |i| {
            let t = Time(times[i]);
            let end = ends.as_ref().map(|ends| ends[i]).filter(|&end| end != i64::MIN);
            span.contains(t) || end.is_some_and(|end| Span::between(t, Time(end)).overlaps(span))
        });
    }
    for (axis, [low, high]) in selection.space.into_iter().flatten().enumerate() {
        if !left.is_empty() && (low > f64::MIN || high < f64::MAX) {
            let places = read_axis(part, group, &left, axis)?;
            left = kept(&left, |i| low <= places[i] && places[i] <= high);
        }
    }
    Ok(left)
}

/// Of the rows of some ranges, counted through, those that are within, with the rows between that cost nothing.
fn kept(ranges: &[Range<usize>], within: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for row in ranges.iter().cloned().flatten().enumerate().filter(|(i, _)| within(*i)).map(|(_, row)| row) {
        match out.last_mut() {
            Some(last) if row < last.end + super::PAGE_ROWS / 4 => last.end = row + 1,
            _ => out.push(row..row + 1),
        }
    }
    out
}

/// Pages whose boxes may reach as far right and down as a box begins.
fn far_pages(part: &Part, group: usize, rows: usize, b: BoxPx) -> Result<Vec<Range<usize>>> {
    let mut kept: Vec<Range<usize>> = std::iter::once(0..rows).collect();
    for (low, side, from) in [("left_px", "width_px", b.left), ("top_px", "height_px", b.top)] {
        let Some((lows, sides)) = part.page_bounds(group, low)?.zip(part.page_bounds(group, side)?) else {
            continue;
        };
        let same =
            lows.len() == sides.len() && lows.iter().zip(&sides).all(|(a, b)| a.first_row == b.first_row);
        if same {
            let reach = |a: &PageBounds, b: &PageBounds| Some([f64::MIN, a.bounds?[1] + b.bounds?[1]]);
            let pages: Vec<PageBounds> = lows
                .iter()
                .zip(&sides)
                .map(|(a, b)| PageBounds { first_row: a.first_row, bounds: reach(a, b) })
                .collect();
            kept = common(&kept, &matching(&pages, rows, &|[_, max]| max >= from));
        }
    }
    Ok(kept)
}

/// The rows of the pages that pass.
fn matching(pages: &[PageBounds], rows: usize, test: &dyn Fn([f64; 2]) -> bool) -> Vec<Range<usize>> {
    let ends = pages.iter().skip(1).map(|page| page.first_row).chain([rows]);
    let pages = pages.iter().zip(ends).filter(|(page, _)| page.bounds.is_some_and(test));
    let mut out: Vec<Range<usize>> = Vec::new();
    for (page, end) in pages {
        match out.last_mut() {
            Some(last) if last.end == page.first_row => last.end = end,
            _ => out.push(page.first_row..end),
        }
    }
    out
}

/// Rows in both; `a` ascending and disjoint, `b` ascending by start, may overlap.
fn common(a: &[Range<usize>], b: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in b {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range.clone()),
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < a.len() && j < merged.len() {
        let (start, end) = (a[i].start.max(merged[j].start), a[i].end.min(merged[j].end));
        if start < end {
            out.push(start..end);
        }
        if a[i].end < merged[j].end { i += 1 } else { j += 1 }
    }
    out
}

/// Readings of a few rows of a chunk that cost about as much as reading it whole.
const MOST_NARROW: u8 = 8;

/// Parts of samples whose files are held open from the beginning.
const MOST_HELD: usize = 128;

/// Compactions that may overtake the opening of a bundle.
const MOST_OVERTAKEN: usize = 4;

/// A decoded row with a box and a score.
const USUAL_ROW_BYTES: usize = 96;

/// Decoded chunks, the ones used last.
#[derive(Default)]
struct Cache {
    limit: usize,
    bytes: usize,
    clock: u64,
    chunks: BTreeMap<usize, (Arc<SampleChunk>, usize, u64)>,
}

impl Cache {
    fn get(&mut self, n: usize) -> Option<Arc<SampleChunk>> {
        self.clock += 1;
        let (chunk, _, used) = self.chunks.get_mut(&n)?;
        *used = self.clock;
        Some(Arc::clone(chunk))
    }

    fn put(&mut self, n: usize, chunk: &Arc<SampleChunk>) {
        let bytes = bytes_of(chunk);
        if bytes > self.limit || self.chunks.contains_key(&n) {
            return;
        }
        while self.bytes + bytes > self.limit {
            let oldest = self.chunks.iter().min_by_key(|(_, (_, _, used))| *used).map(|(&n, _)| n);
            let Some((_, freed, _)) = oldest.and_then(|n| self.chunks.remove(&n)) else { break };
            self.bytes -= freed;
        }
        self.clock += 1;
        self.bytes += bytes;
        self.chunks.insert(n, (Arc::clone(chunk), bytes, self.clock));
    }
}

/// What a chunk takes in memory.
fn bytes_of(chunk: &SampleChunk) -> usize {
    let masks = chunk
        .mask
        .iter()
        .flatten()
        .map(|mask| 16 + mask.as_ref().map_or(0, |text| text.len()))
        .sum::<usize>();
    let per_row = 8
        + 8
        + 4
        + 4
        + 8
        + 4
        + 1
        + 8
        + chunk.end_ns.as_ref().map_or(0, |_column| 8)
        + chunk.known_ns.as_ref().map_or(0, |_column| 8)
        + chunk.boxes.as_ref().map_or(0, |_columns| 32)
        + chunk.poses.as_ref().map_or(0, |_columns| 84)
        + chunk.score.as_ref().map_or(0, |_column| 8)
        + chunk.visibility.as_ref().map_or(0, |_column| 8)
        + chunk.covariance.as_ref().map_or(0, |_column| 56)
        + chunk.extent_deviation.as_ref().map_or(0, |_column| 32)
        + chunk.existence.as_ref().map_or(0, |_column| 8);
    masks + per_row * chunk.len()
}
