//! Evidence: which rows a step rests on, and digests over what decides in them.

use crate::error::Error;
use chronotope_world::{
    EntityId, Evidence, EvidenceKind, Fact, FactId, Reference, ReferenceFrameId, Rows, SampleChunk, Span,
    Table, Time, TrackId, TransformKind, World,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Rows cited by one step, merged as they come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cites {
    rows: BTreeMap<(EvidenceKind, Table), BTreeSet<u64>>,
    tracks: BTreeMap<(EvidenceKind, Option<EntityId>), Cited>,
    assumed: BTreeSet<String>,
}

/// Tracks with the spans cited, and the moment that a picture should show.
type Cited = (BTreeMap<TrackId, Span>, Option<Time>);

/// Things that a step cites one by one; more are cited together.
const MOST_SINGLE: usize = 24;

impl Cites {
    pub(crate) fn rows(&mut self, kind: EvidenceKind, table: Table, ids: impl IntoIterator<Item = u64>) {
        self.rows.entry((kind, table)).or_default().extend(ids);
    }

    pub(crate) fn track(
        &mut self,
        kind: EvidenceKind,
        entity: Option<EntityId>,
        track: TrackId,
        span: Span,
        best: Option<Time>,
    ) {
        let (tracks, shown) = self.tracks.entry((kind, entity)).or_default();
        tracks.entry(track).and_modify(|known| *known = known.hull(span)).or_insert(span);
        *shown = shown.or(best);
    }

    pub(crate) fn assume(&mut self, words: &str) {
        self.assumed.insert(words.to_owned());
    }
}

/// The rows of evidence with their digests, in a fixed order.
pub(crate) fn evidence_of(world: &World, cites: Cites) -> Result<Vec<Evidence>, Error> {
    let mut out = Vec::new();
    let revision = world.revision();
    let taken_for_one = taken_for_one(world, &cites);
    let blank = |kind| Evidence { kind, revision, place: None, ..Evidence::assumption("") };
    let single = cites.tracks.len() <= MOST_SINGLE;
    let mut together: BTreeMap<EvidenceKind, BTreeMap<TrackId, Span>> = BTreeMap::new();
    for ((kind, entity), (tracks, best)) in cites.tracks {
        if !single {
            let all = together.entry(kind).or_default();
            for (track, span) in tracks {
                all.entry(track).and_modify(|known| *known = known.hull(span)).or_insert(span);
            }
            continue;
        }
        let mut row = samples(world, blank(kind), tracks)?;
        row.entity = entity;
        row.place = entity.map(|entity| super::answer::name_of(world, entity));
        show(world, &mut row, best)?;
        out.push(row);
    }
    for (kind, tracks) in together {
        out.push(samples(world, blank(kind), tracks)?);
    }
    for ((kind, table), mut ids) in cites.rows {
        if table == Table::Facts {
            for (id, fact) in sentences(world, &mut ids) {
                let rows = Rows { table, ids: vec![(id, id)], tracks: Vec::new(), span: Span::ALWAYS };
                let digest = Some(digest(world, &rows)?);
                out.push(Evidence { rows: Some(rows), digest, ..sentence(world, fact, blank(kind)) });
            }
            if ids.is_empty() {
                continue;
            }
        }
        let rows = Rows { table, ids: ranges(&ids), tracks: Vec::new(), span: Span::ALWAYS };
        let digest = digest(world, &rows)?;
        let source = ids.first().and_then(|&id| source_of(world, table, id));
        let span = span_of(world, table, &ids);
        out.push(Evidence { rows: Some(rows), digest: Some(digest), source, span, ..blank(kind) });
    }
    for fact in taken_for_one {
        let rows = Rows {
            table: Table::Facts,
            ids: vec![(fact.id.0, fact.id.0)],
            tracks: Vec::new(),
            span: Span::ALWAYS,
        };
        let digest = Some(digest(world, &rows)?);
        let place = Some(one_in_words(world, fact));
        let source = Some(fact.source);
        out.push(Evidence { rows: Some(rows), digest, source, place, ..blank(EvidenceKind::Assumption) });
    }
    out.extend(cites.assumed.into_iter().map(Evidence::assumption));
    Ok(out)
}

/// The facts that make one thing of several, for the things that are cited.
fn taken_for_one<'w>(world: &'w World, cites: &Cites) -> Vec<&'w Fact> {
    let identities: Vec<&BTreeSet<u64>> =
        cites.rows.iter().filter(|((_, table), _)| *table == Table::Identities).map(|(_, ids)| ids).collect();
    let tracks: BTreeSet<TrackId> =
        cites.tracks.values().flat_map(|(tracks, _)| tracks.keys().copied()).collect();
    let is_cited = |entity: &EntityId| {
        world
            .identities_of(*entity)
            .any(|row| tracks.contains(&row.track) || identities.iter().any(|ids| ids.contains(&row.id.0)))
    };
    let facts: BTreeSet<FactId> =
        world.taken_for_one().filter(is_cited).flat_map(|entity| world.same_as(entity)).collect();
    world.tables().facts.iter().filter(|row| facts.contains(&row.id)).collect()
}

/// `assumes that a/entity/0 and b/entity/1 are one thing: TEXT`.
fn one_in_words(world: &World, fact: &Fact) -> String {
    let name = |reference: &Reference| match reference {
        Reference::Entity(id) => world.store().global_name(EntityId::KIND, id.0),
        Reference::Text(name) => name.clone(),
        _ => String::new(),
    };
    let why = world.source(fact.source).map(|source| format!(": {}", source.uri)).unwrap_or_default();
    format!("assumes that {} and {} are one thing{why}", name(&fact.subject), name(&fact.object))
}

fn samples(world: &World, blank: Evidence, tracks: BTreeMap<TrackId, Span>) -> Result<Evidence, Error> {
    let span = tracks.values().copied().reduce(Span::hull).unwrap_or(Span::ALWAYS);
    let source = tracks.keys().next().and_then(|&t| world.track(t)).map(|t| t.source);
    let tracks = tracks.keys().map(|t| t.0).collect();
    let rows = Rows { table: Table::Samples, ids: Vec::new(), tracks, span };
    let digest = digest(world, &rows)?;
    let bounded = span.start() != Time::MIN && span.end() != Time::MAX;
    Ok(Evidence { rows: Some(rows), digest: Some(digest), source, span: bounded.then_some(span), ..blank })
}

/// The picture that shows a cited thing: the sample at or next to the best moment, else the middle one.
fn show(world: &World, row: &mut Evidence, best: Option<Time>) -> Result<(), Error> {
    let Some(rows) = &row.rows else { return Ok(()) };
    for &track in &rows.tracks {
        let run = world.run(TrackId(track), rows.span)?;
        let pictured = |s: &chronotope_world::Sample| s.frame_index.is_some() && s.box_px.is_some();
        let found = match best {
            Some(best) => run.samples().filter(pictured).min_by_key(|s| ((s.t - best).saturating_abs(), s.t)),
            None => run.samples().filter(pictured).nth(run.len() / 2),
        };
        if let Some(sample) = found {
            row.frame_index = sample.frame_index;
            row.box_px = sample.box_px;
            return Ok(());
        }
    }
    Ok(())
}

/// Takes the facts out that hold the words of a story's sentences: each is a row of its own, with its place in the text.
fn sentences<'w>(world: &'w World, ids: &mut BTreeSet<u64>) -> Vec<(u64, &'w Fact)> {
    let says = |fact: &&Fact| fact.predicate == chronotope_story::SAYS && ids.contains(&fact.id.0);
    let found: Vec<(u64, &Fact)> = world.tables().facts.iter().filter(says).map(|f| (f.id.0, f)).collect();
    for (id, _) in &found {
        ids.remove(id);
    }
    found
}

fn sentence(world: &World, fact: &Fact, blank: Evidence) -> Evidence {
    let word = |reference: &Reference| match reference {
        Reference::Text(text) => text.clone(),
        _ => String::new(),
    };
    Evidence {
        source: Some(fact.source),
        text: world.source(fact.source).and_then(|s| chronotope_story::place_of(&s.settings)),
        place: Some(format!("{}: {}", word(&fact.subject), word(&fact.object))),
        ..blank
    }
}

fn ranges(ids: &BTreeSet<u64>) -> Vec<(u64, u64)> {
    let mut out: Vec<(u64, u64)> = Vec::new();
    for &id in ids {
        match out.last_mut() {
            Some(last) if last.1 + 1 == id => last.1 = id,
            _ => out.push((id, id)),
        }
    }
    out
}

/// Ranges in any order, overlapping or turned, as ascending ones that do not overlap.
fn merged(ranges: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let mut sorted: Vec<(u64, u64)> = ranges.iter().copied().filter(|(low, high)| low <= high).collect();
    sorted.sort_unstable();
    let mut out: Vec<(u64, u64)> = Vec::with_capacity(sorted.len());
    for (low, high) in sorted {
        match out.last_mut() {
            Some(last) if low <= last.1 => last.1 = last.1.max(high),
            _ => out.push((low, high)),
        }
    }
    out
}

fn source_of(world: &World, table: Table, id: u64) -> Option<chronotope_world::SourceId> {
    let tables = world.tables();
    match table {
        Table::Coverage => tables.coverage.iter().find(|r| r.id.0 == id).map(|r| r.source),
        Table::Events => tables.events.iter().find(|r| r.id.0 == id).map(|r| r.source),
        Table::Facts => tables.facts.iter().find(|r| r.id.0 == id).map(|r| r.source),
        Table::Labels => {
            let label = tables.labels.iter().find(|r| r.id.0 == id)?;
            world.track(label.track).map(|t| t.source)
        }
        Table::Identities => {
            let identity = tables.identities.iter().find(|r| r.id.0 == id)?;
            world.track(identity.track).map(|t| t.source)
        }
        Table::Tracks => world.track(TrackId(id)).map(|t| t.source),
        _ => None,
    }
}

fn span_of(world: &World, table: Table, ids: &BTreeSet<u64>) -> Option<Span> {
    let tables = world.tables();
    let hull = match table {
        Table::Coverage => {
            tables.coverage.iter().filter(|r| ids.contains(&r.id.0)).map(|r| r.span).reduce(Span::hull)
        }
        Table::Events => {
            tables.events.iter().filter(|r| ids.contains(&r.id.0)).map(|r| r.span).reduce(Span::hull)
        }
        Table::Facts => {
            tables.facts.iter().filter(|r| ids.contains(&r.id.0)).map(|r| r.valid).reduce(Span::hull)
        }
        _ => None,
    };
    hull.filter(|span| span.start() != Time::MIN && span.end() != Time::MAX)
}

/// SHA-256 over the deciding columns of the rows that this reader sees, in hexadecimal.
///
/// Samples: by track, then time, then id; id, track, time, end, camera, box, place with its frame, heading, size, covariance, deviation of the
/// size and existence where stated. Other tables: by id; all columns but those that say when the row was known and closed. Texts with their length before
/// them, numbers as little-endian bits. Does not depend on how rows lie in parts or chunks.
///
/// # Errors
/// Where samples cannot be read.
pub fn digest(world: &World, rows: &Rows) -> Result<String, Error> {
    let mut hash = Hash::new();
    hash.text(rows.table.name());
    if rows.table == Table::Samples {
        let mut frame = (u32::MAX, String::new());
        for &track in &rows.tracks {
            for (chunk, rows) in world.run(TrackId(track), rows.span)?.stretches() {
                rows.for_each(|i| hash.sample(world, chunk, i, &mut frame));
            }
        }
        return Ok(hash.hex());
    }
    let ids = merged(&rows.ids);
    let wanted = |id: u64| {
        let after = ids.partition_point(|&(low, _)| low <= id);
        after > 0 && id <= ids[after - 1].1
    };
    let tables = world.tables();
    match rows.table {
        Table::Samples => {}
        Table::Tracks => {
            for row in tables.tracks.iter().filter(|r| wanted(r.id.0)) {
                hash.number(row.id.0)
                    .number(row.source.0)
                    .option(row.observer.map(|o| o.0))
                    .text(&row.source_key);
                hash.option(row.tolerance_ns.map(|t| t as u64)).option(row.max_speed.map(f64::to_bits));
                hash.number(u64::from(row.ignored));
                if let Some(seconds) = row.error_correlation_s {
                    hash.text("error correlation").floats(&[seconds]);
                }
            }
        }
        Table::Identities => {
            for row in tables.identities.iter().filter(|r| wanted(r.id.0)) {
                hash.number(row.id.0).number(row.track.0).number(row.entity.0).span(row.span);
            }
        }
        Table::Labels => {
            for row in tables.labels.iter().filter(|r| wanted(r.id.0)) {
                hash.number(row.id.0)
                    .number(row.track.0)
                    .text(&row.text)
                    .text(&row.vocabulary)
                    .span(row.span);
            }
        }
        Table::Coverage => {
            for row in tables.coverage.iter().filter(|r| wanted(r.id.0)) {
                hash.number(row.id.0).number(row.source.0).option(row.observer.map(|o| o.0)).span(row.span);
                hash.number(row.labels.len() as u64);
                for label in &row.labels {
                    hash.text(label);
                }
                let region = row.region_px.map_or([f64::NAN; 4], |b| [b.left, b.top, b.width, b.height]);
                hash.floats(&region)
                    .option(row.smallest_px.map(f64::to_bits))
                    .option(row.recall.map(f64::to_bits));
                hash.number(u64::from(row.complete));
            }
        }
        Table::Transforms => {
            for row in tables.transforms.iter().filter(|r| wanted(r.id.0)) {
                hash.number(row.id.0).frame(world, row.target).frame(world, row.source).span(row.span);
                match &row.kind {
                    TransformKind::Similarity { translation, rotation, scale } => {
                        hash.text("similarity").floats(translation).floats(rotation).floats(&[*scale]);
                    }
                    TransformKind::Homography(h) => {
                        hash.text("homography").floats(h);
                    }
                    TransformKind::GeoAnchor { longitude, latitude, height, bearing } => {
                        hash.text("geo").floats(&[*longitude, *latitude, *height, *bearing]);
                    }
                }
                hash.option(row.deviation.map(f64::to_bits));
            }
        }
        Table::Events => {
            for row in tables.events.iter().filter(|r| wanted(r.id.0)) {
                hash.number(row.id.0).text(&row.kind).span(row.span).option(row.parent.map(|e| e.0));
                hash.number(row.roles.len() as u64);
                for (role, who) in &row.roles {
                    hash.text(role).reference(who);
                }
            }
        }
        Table::Facts => {
            for row in tables.facts.iter().filter(|r| wanted(r.id.0)) {
                hash.number(row.id.0).reference(&row.subject).text(&row.predicate).reference(&row.object);
                hash.span(row.valid);
            }
        }
        Table::Observers => {
            for row in tables.observers.iter().filter(|r| wanted(r.id.0)) {
                let [width, height] = row.picture_px.unwrap_or_default();
                hash.number(row.id.0).number(row.source.0).number(u64::from(width)).number(u64::from(height));
                if let Some(lens) = &row.intrinsics {
                    hash.floats(&[lens.fx, lens.fy, lens.cx, lens.cy]).floats(&lens.distortion);
                }
            }
        }
        Table::Sources => {
            for row in tables.sources.iter().filter(|r| wanted(r.id.0)) {
                hash.number(row.id.0).text(&row.uri).text(row.sha256.as_deref().unwrap_or_default());
            }
        }
    }
    Ok(hash.hex())
}

/// SHA-256 of numbers and texts, which are gathered into blocks first: there are millions of them.
struct Hash {
    sha256: Sha256,
    block: Vec<u8>,
}

/// Bytes that are hashed at once.
const HASH_BLOCK: usize = 16 << 10;

impl Hash {
    fn new() -> Hash {
        Hash { sha256: Sha256::new(), block: Vec::with_capacity(HASH_BLOCK + 64) }
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Hash {
        if self.block.len() + bytes.len() > HASH_BLOCK {
            self.sha256.update(&self.block);
            self.block.clear();
        }
        match bytes.len() {
            0..HASH_BLOCK => self.block.extend_from_slice(bytes),
            _ => self.sha256.update(bytes),
        }
        self
    }

    fn number(&mut self, n: u64) -> &mut Hash {
        self.bytes(&n.to_le_bytes())
    }

    fn option(&mut self, n: Option<u64>) -> &mut Hash {
        self.bytes(&[u8::from(n.is_some())]).number(n.unwrap_or_default())
    }

    fn floats(&mut self, numbers: &[f64]) -> &mut Hash {
        for v in numbers {
            // one bit pattern for all that is not a number
            self.number(if v.is_nan() { f64::NAN } else { *v }.to_bits());
        }
        self
    }

    fn text(&mut self, text: &str) -> &mut Hash {
        self.number(text.len() as u64).bytes(text.as_bytes())
    }

    fn span(&mut self, span: Span) -> &mut Hash {
        self.number(span.start().0 as u64).number(span.end().0 as u64)
    }

    fn frame(&mut self, world: &World, id: ReferenceFrameId) -> &mut Hash {
        let name = world.reference_frame(id).map(|row| row.reference_frame.to_string());
        self.text(&name.unwrap_or_default())
    }

    fn reference(&mut self, reference: &Reference) -> &mut Hash {
        match reference {
            Reference::Entity(id) => self.text("entity").number(id.0),
            Reference::Event(id) => self.text("event").number(id.0),
            Reference::Observer(id) => self.text("observer").number(id.0),
            Reference::Text(text) => self.text("text").text(text),
            Reference::Number(value, unit) => self.text("number").floats(&[*value]).text(unit),
        }
    }

    /// A row of a chunk, as columns; `frame` is the name of the reference frame that was met last.
    fn sample(&mut self, world: &World, chunk: &SampleChunk, i: usize, frame: &mut (u32, String)) {
        let there = |absent: bool, n: u64| (!absent).then_some(n);
        self.number(chunk.id[i]).option(there(chunk.track[i] == u64::MAX, chunk.track[i]));
        let end = chunk.end_ns.as_ref().map_or(i64::MIN, |column| column[i]);
        self.number(chunk.t_ns[i] as u64).option(there(end == i64::MIN, end as u64));
        self.option(there(chunk.observer[i] == u32::MAX, u64::from(chunk.observer[i])));
        self.floats(&chunk.box_px(i).map_or([f64::NAN; 4], |b| [b.left, b.top, b.width, b.height]));
        if let Some(pose) = chunk.pose(i) {
            let id = pose.reference_frame.0 as u32;
            if frame.0 != id {
                let row = world.reference_frame(pose.reference_frame);
                *frame = (id, row.map(|row| row.reference_frame.to_string()).unwrap_or_default());
            }
            self.text(&frame.1).floats(&pose.position);
            self.floats(&pose.rotation.unwrap_or([f64::NAN; 4]))
                .floats(&pose.extent.unwrap_or([f64::NAN; 3]));
        }
        self.floats(&chunk.covariance.as_ref().and_then(|column| column[i]).unwrap_or([f64::NAN; 6]));
        // these came later: rows without them keep the digests that they had
        if let Some(deviation) = chunk.extent_deviation.as_ref().and_then(|column| column[i]) {
            self.text("extent deviation").floats(&deviation);
        }
        if let Some(column) = chunk.existence.as_ref().filter(|column| !column[i].is_nan()) {
            self.text("existence").floats(&column[i..=i]);
        }
    }

    fn hex(mut self) -> String {
        self.sha256.update(&self.block);
        self.sha256.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}"); // a String takes everything
            text
        })
    }
}
