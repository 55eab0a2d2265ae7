//! The small tables: between rows and columns, one pair of functions a table.
//!
//! Lists stand in tables of their own (`event_roles`, `coverage_labels`, `track_derivations`), so that every column is
//! flat. A time column is empty where a span has no end on that side, a `known_ns` where a row was always known.

use super::columns::{Cells, Column, must};
use chronotope_world::{
    BoxPx, Clock, Coverage, CoverageId, EntityId, Event, EventId, Fact, FactId, Identity, IdentityId,
    Intrinsics, Known, Label, LabelId, Observer, ObserverId, ObserverKind, Reference, ReferenceFrame,
    ReferenceFrameId, ReferenceFrameRow, Scale, Source, SourceId, SourceKind, Span, Tables, Time, Track,
    TrackId, Transform, TransformId, TransformKind,
};
use std::collections::BTreeMap;

/// The small tables, in the order in which they are written and read: a table that lists for another comes after it.
pub(crate) const SMALL: [&str; 14] = [
    "sources",
    "observers",
    "reference_frames",
    "tracks",
    "track_derivations",
    "identities",
    "labels",
    "coverage",
    "coverage_labels",
    "transforms",
    "events",
    "event_roles",
    "facts",
    "closings",
];

/// How many rows of each table there are: where the rows of a commit begin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Marks {
    pub(crate) sources: usize,
    pub(crate) observers: usize,
    pub(crate) reference_frames: usize,
    pub(crate) tracks: usize,
    pub(crate) identities: usize,
    pub(crate) labels: usize,
    pub(crate) coverage: usize,
    pub(crate) transforms: usize,
    pub(crate) events: usize,
    pub(crate) facts: usize,
    pub(crate) closings: usize,
}

impl Marks {
    pub(crate) fn of(tables: &Tables, closings: &[Closing]) -> Marks {
        Marks {
            sources: tables.sources.len(),
            observers: tables.observers.len(),
            reference_frames: tables.reference_frames.len(),
            tracks: tables.tracks.len(),
            identities: tables.identities.len(),
            labels: tables.labels.len(),
            coverage: tables.coverage.len(),
            transforms: tables.transforms.len(),
            events: tables.events.len(),
            facts: tables.facts.len(),
            closings: closings.len(),
        }
    }
}

/// A row of `closings`: from this revision on, a row of another table no longer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Closing {
    pub(crate) table: Closes,
    pub(crate) row: u64,
    pub(crate) revision: u64,
}

/// A table whose rows can be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Closes {
    Identities,
    Labels,
    Events,
    Facts,
}

impl Closes {
    const ALL: [Closes; 4] = [Closes::Identities, Closes::Labels, Closes::Events, Closes::Facts];

    fn name(self) -> &'static str {
        match self {
            Closes::Identities => "identities",
            Closes::Labels => "labels",
            Closes::Events => "events",
            Closes::Facts => "facts",
        }
    }
}

/// Columns of the rows of a table from `from` on, with their number; revision 0 becomes `revision`.
pub(crate) fn columns_of(
    table: &str,
    tables: &Tables,
    closings: &[Closing],
    from: &Marks,
    revision: u64,
) -> (usize, Vec<Column>) {
    match table {
        "sources" => sources(&tables.sources[from.sources..], revision),
        "observers" => observers(&tables.observers[from.observers..], revision),
        "reference_frames" => reference_frames(&tables.reference_frames[from.reference_frames..]),
        "tracks" => tracks(&tables.tracks[from.tracks..], revision),
        "track_derivations" => track_derivations(&tables.tracks[from.tracks..]),
        "identities" => identities(&tables.identities[from.identities..], revision),
        "labels" => labels(&tables.labels[from.labels..], revision),
        "coverage" => coverage(&tables.coverage[from.coverage..], revision),
        "coverage_labels" => coverage_labels(&tables.coverage[from.coverage..]),
        "transforms" => transforms(&tables.transforms[from.transforms..], revision),
        "events" => events(&tables.events[from.events..], revision),
        "event_roles" => event_roles(&tables.events[from.events..]),
        "facts" => facts(&tables.facts[from.facts..], revision),
        "closings" => closing_columns(&closings[from.closings..]),
        _ => (0, Vec::new()),
    }
}

/// Adds the rows of one row group to the tables. Faults are texts: the caller knows the part.
pub(crate) fn add_rows(
    table: &str,
    cells: &mut Cells,
    tables: &mut Tables,
    closings: &mut Vec<Closing>,
) -> Result<(), String> {
    match table {
        "sources" => tables.sources.extend(read_sources(cells)?),
        "observers" => tables.observers.extend(read_observers(cells)?),
        "reference_frames" => tables.reference_frames.extend(read_reference_frames(cells)?),
        "tracks" => tables.tracks.extend(read_tracks(cells)?),
        "track_derivations" => read_track_derivations(cells, &mut tables.tracks)?,
        "identities" => tables.identities.extend(read_identities(cells)?),
        "labels" => tables.labels.extend(read_labels(cells)?),
        "coverage" => tables.coverage.extend(read_coverage(cells)?),
        "coverage_labels" => read_coverage_labels(cells, &mut tables.coverage)?,
        "transforms" => tables.transforms.extend(read_transforms(cells)?),
        "events" => tables.events.extend(read_events(cells)?),
        "event_roles" => read_event_roles(cells, &mut tables.events)?,
        "facts" => tables.facts.extend(read_facts(cells)?),
        "closings" => closings.extend(read_closings(cells)?),
        _ => {}
    }
    Ok(())
}

/// Enters the closings into the rows that they close.
pub(crate) fn apply(closings: &[Closing], tables: &mut Tables) -> Result<(), String> {
    for closing in closings {
        let closed = match closing.table {
            Closes::Identities => {
                find(&mut tables.identities, closing.row, |r| r.id.0).map(|r| &mut r.closed)
            }
            Closes::Labels => find(&mut tables.labels, closing.row, |r| r.id.0).map(|r| &mut r.closed),
            Closes::Events => find(&mut tables.events, closing.row, |r| r.id.0).map(|r| &mut r.closed),
            Closes::Facts => find(&mut tables.facts, closing.row, |r| r.id.0).map(|r| &mut r.closed),
        };
        let closed = closed.ok_or_else(|| {
            format!("expected a row of {} to close, found {}", closing.table.name(), closing.row)
        })?;
        // the first closing decides
        *closed = Some(closed.map_or(closing.revision, |before| before.min(closing.revision)));
    }
    Ok(())
}

fn find<R>(rows: &mut [R], id: u64, id_of: fn(&R) -> u64) -> Option<&mut R> {
    rows.binary_search_by_key(&id, id_of).ok().map(|i| &mut rows[i])
}

/// Columns of a table, written row by row through closures.
struct Rows<'a, R> {
    rows: &'a [R],
    columns: Vec<Column>,
}

impl<'a, R> Rows<'a, R> {
    fn new(rows: &'a [R]) -> Rows<'a, R> {
        Rows { rows, columns: Vec::new() }
    }

    fn u64(mut self, name: &str, cell: impl Fn(&'a R) -> Option<u64>) -> Self {
        self.columns.push(Column::u64(name, self.rows.iter().map(cell)));
        self
    }

    fn u32(mut self, name: &str, cell: impl Fn(&'a R) -> Option<u32>) -> Self {
        self.columns.push(Column::u32(name, self.rows.iter().map(cell)));
        self
    }

    fn i64(mut self, name: &str, cell: impl Fn(&'a R) -> Option<i64>) -> Self {
        self.columns.push(Column::i64(name, self.rows.iter().map(cell)));
        self
    }

    fn f64(mut self, name: &str, cell: impl Fn(&'a R) -> Option<f64>) -> Self {
        self.columns.push(Column::f64(name, self.rows.iter().map(cell)));
        self
    }

    fn bool(mut self, name: &str, cell: impl Fn(&'a R) -> bool) -> Self {
        self.columns.push(Column::bool(name, self.rows.iter().map(|r| Some(cell(r)))));
        self
    }

    fn text(mut self, name: &str, cell: impl Fn(&'a R) -> Option<&'a str>) -> Self {
        self.columns.push(Column::text(name, self.rows.iter().map(cell)));
        self
    }

    fn span(self, start: &str, end: &str, span: impl Fn(&'a R) -> Span) -> Self {
        self.i64(start, |r| Some(span(r).start().0).filter(|&t| t != i64::MIN))
            .i64(end, |r| Some(span(r).end().0).filter(|&t| t != i64::MAX))
    }

    fn known(self, revision: u64, known: impl Fn(&'a R) -> Known) -> Self {
        let stamped = move |r: u64| if r == 0 { revision } else { r };
        self.u64("revision", |r| Some(stamped(known(r).revision)))
            .i64("known_ns", |r| Some(known(r).at.0).filter(|&t| t != i64::MIN))
    }

    fn reference(self, prefix: &str, reference: impl Fn(&'a R) -> &'a Reference) -> Self {
        let name = |end: &str| format!("{prefix}_{end}");
        self.text(&name("kind"), |r| {
            Some(match reference(r) {
                Reference::Entity(_) => "entity",
                Reference::Event(_) => "event",
                Reference::Observer(_) => "observer",
                Reference::Text(_) => "text",
                Reference::Number(..) => "number",
            })
        })
        .u64(&name("id"), |r| match reference(r) {
            Reference::Entity(id) => Some(id.0),
            Reference::Event(id) => Some(id.0),
            Reference::Observer(id) => Some(id.0),
            _ => None,
        })
        .text(&name("text"), |r| if let Reference::Text(text) = reference(r) { Some(text) } else { None })
        .f64(&name("number"), |r| if let Reference::Number(v, _) = reference(r) { Some(*v) } else { None })
        .text(&name("unit"), |r| {
            if let Reference::Number(_, unit) = reference(r) { Some(unit) } else { None }
        })
    }

    fn done(self) -> (usize, Vec<Column>) {
        (self.rows.len(), self.columns)
    }
}

/// Cells of all the columns of a span.
struct SpanCells(Vec<Option<i64>>, Vec<Option<i64>>);

impl SpanCells {
    fn read(cells: &mut Cells, start: &str, end: &str) -> Result<SpanCells, String> {
        Ok(SpanCells(cells.i64(start)?, cells.i64(end)?))
    }

    fn at(&self, i: usize) -> Result<Span, String> {
        let (start, end) = (self.0[i].unwrap_or(i64::MIN), self.1[i].unwrap_or(i64::MAX));
        Span::new(Time(start), Time(end))
            .ok_or_else(|| format!("row {i}: expected a span that ascends, found {start} to {end} ns"))
    }
}

struct KnownCells(Vec<Option<u64>>, Vec<Option<i64>>);

impl KnownCells {
    fn read(cells: &mut Cells) -> Result<KnownCells, String> {
        Ok(KnownCells(cells.u64("revision")?, cells.i64("known_ns")?))
    }

    fn at(&self, i: usize) -> Result<Known, String> {
        let revision = must("revision", i, self.0[i])?;
        Ok(Known { revision, at: self.1[i].map_or(Time::MIN, Time) })
    }
}

struct ReferenceCells {
    name: String,
    kind: Vec<Option<String>>,
    id: Vec<Option<u64>>,
    text: Vec<Option<String>>,
    number: Vec<Option<f64>>,
    unit: Vec<Option<String>>,
}

impl ReferenceCells {
    fn read(cells: &mut Cells, prefix: &str) -> Result<ReferenceCells, String> {
        let name = |end: &str| format!("{prefix}_{end}");
        Ok(ReferenceCells {
            name: name("kind"),
            kind: cells.text(&name("kind"))?,
            id: cells.u64(&name("id"))?,
            text: cells.text(&name("text"))?,
            number: cells.f64(&name("number"))?,
            unit: cells.text(&name("unit"))?,
        })
    }

    fn take(&mut self, i: usize) -> Result<Reference, String> {
        let kind = must(&self.name, i, self.kind[i].take())?;
        let id = must(&self.name, i, self.id[i]);
        Ok(match kind.as_str() {
            "entity" => Reference::Entity(EntityId(id?)),
            "event" => Reference::Event(EventId(id?)),
            "observer" => Reference::Observer(ObserverId(id?)),
            "text" => Reference::Text(must(&self.name, i, self.text[i].take())?),
            "number" => {
                let unit = must(&self.name, i, self.unit[i].take())?;
                Reference::Number(must(&self.name, i, self.number[i])?, unit)
            }
            _ => return Err(unknown(i, &self.name, "a kind of reference", &kind)),
        })
    }
}

fn unknown(row: usize, column: &str, expected: &str, found: &str) -> String {
    let found: String = found.chars().take(40).collect();
    format!("row {row}: expected {expected} in column {column}, found {found:?}")
}

fn sources(rows: &[Source], revision: u64) -> (usize, Vec<Column>) {
    Rows::new(rows)
        .u64("id", |r| Some(r.id.0))
        .text("kind", |r| {
            Some(match r.kind {
                SourceKind::Video => "video",
                SourceKind::Annotation => "annotation",
                SourceKind::Perception => "perception",
                SourceKind::Simulation => "simulation",
                SourceKind::Text => "text",
                SourceKind::Live => "live",
            })
        })
        .text("uri", |r| Some(&r.uri))
        .text("sha256", |r| r.sha256.as_deref())
        .i64("clock_offset_ns", |r| r.record_from_source.map(|c| c.offset.0))
        .f64("clock_rate", |r| r.record_from_source.map(|c| c.rate))
        .i64("clock_uncertainty_ns", |r| r.record_from_source.map(|c| c.uncertainty_ns))
        .u64("derived_from", |r| r.derived_from.map(|s| s.0))
        .text("settings", |r| Some(&r.settings))
        .known(revision, |r| r.known)
        .done()
}

fn read_sources(cells: &mut Cells) -> Result<Vec<Source>, String> {
    let (id, mut kind, mut uri) = (cells.u64("id")?, cells.text("kind")?, cells.text("uri")?);
    let (mut sha256, offset) = (cells.text("sha256")?, cells.i64("clock_offset_ns")?);
    let (rate, uncertainty) = (cells.f64("clock_rate")?, cells.i64("clock_uncertainty_ns")?);
    let (derived_from, mut settings) = (cells.u64("derived_from")?, cells.text("settings")?);
    let known = KnownCells::read(cells)?;
    let row = |i: usize| {
        let kind = must("kind", i, kind[i].take())?;
        let clock = offset[i].zip(rate[i]).map(|(offset, rate)| Clock {
            offset: Time(offset),
            rate,
            uncertainty_ns: uncertainty[i].unwrap_or_default(),
        });
        Ok(Source {
            id: SourceId(must("id", i, id[i])?),
            kind: match kind.as_str() {
                "video" => SourceKind::Video,
                "annotation" => SourceKind::Annotation,
                "perception" => SourceKind::Perception,
                "simulation" => SourceKind::Simulation,
                "text" => SourceKind::Text,
                "live" => SourceKind::Live,
                _ => return Err(unknown(i, "kind", "a kind of source", &kind)),
            },
            uri: uri[i].take().unwrap_or_default(),
            sha256: sha256[i].take(),
            record_from_source: clock,
            derived_from: derived_from[i].map(SourceId),
            settings: settings[i].take().unwrap_or_default(),
            known: known.at(i)?,
        })
    };
    (0..cells.rows).map(row).collect()
}

fn observers(rows: &[Observer], revision: u64) -> (usize, Vec<Column>) {
    fn lens(r: &Observer) -> Option<&Intrinsics> {
        r.intrinsics.as_ref()
    }
    let mut out = Rows::new(rows)
        .u64("id", |r| Some(r.id.0))
        .u64("source", |r| Some(r.source.0))
        .text("kind", |r| {
            Some(match r.kind {
                ObserverKind::Camera => "camera",
                ObserverKind::Microphone => "microphone",
                ObserverKind::Person => "person",
            })
        })
        .text("name", |r| Some(&r.name))
        .u32("picture_width_px", |r| r.picture_px.map(|p| p[0]))
        .u32("picture_height_px", |r| r.picture_px.map(|p| p[1]))
        .f64("fx_px", |r| lens(r).map(|l| l.fx))
        .f64("fy_px", |r| lens(r).map(|l| l.fy))
        .f64("cx_px", |r| lens(r).map(|l| l.cx))
        .f64("cy_px", |r| lens(r).map(|l| l.cy));
    for (k, name) in DISTORTION.into_iter().enumerate() {
        out = out.f64(name, |r| lens(r).and_then(|l| l.distortion.get(k).copied()));
    }
    out.known(revision, |r| r.known).done()
}

/// OpenCV's order, with its longer models.
const DISTORTION: [&str; 14] =
    ["k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6", "s1", "s2", "s3", "s4", "tau_x", "tau_y"];

/// More distortion coefficients than the table has columns for.
pub(crate) fn too_long(observer: &Observer) -> bool {
    observer.intrinsics.as_ref().is_some_and(|lens| lens.distortion.len() > DISTORTION.len())
}

fn read_observers(cells: &mut Cells) -> Result<Vec<Observer>, String> {
    let (id, source, mut kind) = (cells.u64("id")?, cells.u64("source")?, cells.text("kind")?);
    let (mut name, width) = (cells.text("name")?, cells.u32("picture_width_px")?);
    let (height, fx, fy) = (cells.u32("picture_height_px")?, cells.f64("fx_px")?, cells.f64("fy_px")?);
    let (cx, cy) = (cells.f64("cx_px")?, cells.f64("cy_px")?);
    let distortion = DISTORTION.into_iter().map(|name| cells.f64(name)).collect::<Result<Vec<_>, _>>()?;
    let known = KnownCells::read(cells)?;
    let row = |i: usize| {
        let kind = must("kind", i, kind[i].take())?;
        let intrinsics = match (fx[i], fy[i], cx[i], cy[i]) {
            (Some(fx), Some(fy), Some(cx), Some(cy)) => Some(Intrinsics {
                fx,
                fy,
                cx,
                cy,
                distortion: distortion.iter().map_while(|column| column[i]).collect(),
            }),
            _ => None,
        };
        Ok(Observer {
            id: ObserverId(must("id", i, id[i])?),
            source: SourceId(must("source", i, source[i])?),
            kind: match kind.as_str() {
                "camera" => ObserverKind::Camera,
                "microphone" => ObserverKind::Microphone,
                "person" => ObserverKind::Person,
                _ => return Err(unknown(i, "kind", "a kind of observer", &kind)),
            },
            name: name[i].take().unwrap_or_default(),
            picture_px: width[i].zip(height[i]).map(|(w, h)| [w, h]),
            intrinsics,
            known: known.at(i)?,
        })
    };
    (0..cells.rows).map(row).collect()
}

fn reference_frames(rows: &[ReferenceFrameRow]) -> (usize, Vec<Column>) {
    Rows::new(rows)
        .u64("id", |r| Some(r.id.0))
        .text("kind", |r| {
            Some(match r.reference_frame {
                ReferenceFrame::World(_) => "world",
                ReferenceFrame::Camera(_) => "camera",
                ReferenceFrame::Image(_) => "image",
                ReferenceFrame::Stage(..) => "stage",
                ReferenceFrame::Object(_) => "object",
                ReferenceFrame::Geo => "geo",
            })
        })
        .text(
            "name",
            |r| if let ReferenceFrame::World(name) = &r.reference_frame { Some(name) } else { None },
        )
        .u64("observer", |r| match r.reference_frame {
            ReferenceFrame::Camera(o) | ReferenceFrame::Image(o) | ReferenceFrame::Stage(o, _) => Some(o.0),
            _ => None,
        })
        .u32(
            "shot",
            |r| if let ReferenceFrame::Stage(_, shot) = r.reference_frame { Some(shot) } else { None },
        )
        .u64("entity", |r| if let ReferenceFrame::Object(e) = r.reference_frame { Some(e.0) } else { None })
        .text("scale", |r| {
            Some(match r.scale {
                Scale::Metre => "m",
                Scale::Pixel => "px",
                Scale::Own(_) => "unit",
            })
        })
        .text("scale_name", |r| if let Scale::Own(name) = &r.scale { Some(name) } else { None })
        .done()
}

fn read_reference_frames(cells: &mut Cells) -> Result<Vec<ReferenceFrameRow>, String> {
    let (id, mut kind, mut name) = (cells.u64("id")?, cells.text("kind")?, cells.text("name")?);
    let (observer, shot, entity) = (cells.u64("observer")?, cells.u32("shot")?, cells.u64("entity")?);
    let (mut scale, mut scale_name) = (cells.text("scale")?, cells.text("scale_name")?);
    let row = |i: usize| {
        let kind = must("kind", i, kind[i].take())?;
        let seen_by = must("observer", i, observer[i].map(ObserverId));
        let scale = must("scale", i, scale[i].take())?;
        Ok(ReferenceFrameRow {
            id: ReferenceFrameId(must("id", i, id[i])?),
            reference_frame: match kind.as_str() {
                "world" => ReferenceFrame::World(name[i].take().unwrap_or_default()),
                "camera" => ReferenceFrame::Camera(seen_by?),
                "image" => ReferenceFrame::Image(seen_by?),
                "stage" => ReferenceFrame::Stage(seen_by?, must("shot", i, shot[i])?),
                "object" => ReferenceFrame::Object(EntityId(must("entity", i, entity[i])?)),
                "geo" => ReferenceFrame::Geo,
                _ => return Err(unknown(i, "kind", "a kind of reference frame", &kind)),
            },
            scale: match scale.as_str() {
                "m" => Scale::Metre,
                "px" => Scale::Pixel,
                "unit" => Scale::Own(scale_name[i].take().unwrap_or_default()),
                _ => return Err(unknown(i, "scale", "m, px or unit", &scale)),
            },
        })
    };
    (0..cells.rows).map(row).collect()
}

fn tracks(rows: &[Track], revision: u64) -> (usize, Vec<Column>) {
    Rows::new(rows)
        .u64("id", |r| Some(r.id.0))
        .u64("source", |r| Some(r.source.0))
        .u64("observer", |r| r.observer.map(|o| o.0))
        .text("source_key", |r| Some(&r.source_key))
        .i64("tolerance_ns", |r| r.tolerance_ns)
        .f64("max_speed", |r| r.max_speed)
        .f64("error_correlation_s", |r| r.error_correlation_s)
        .u64("carries", |r| r.carries.map(|o| o.0))
        .bool("ignored", |r| r.ignored)
        .known(revision, |r| r.known)
        .done()
}

fn read_tracks(cells: &mut Cells) -> Result<Vec<Track>, String> {
    let (id, source, observer) = (cells.u64("id")?, cells.u64("source")?, cells.u64("observer")?);
    let (mut source_key, tolerance_ns) = (cells.text("source_key")?, cells.i64("tolerance_ns")?);
    let (max_speed, carries, ignored) =
        (cells.f64("max_speed")?, cells.u64("carries")?, cells.bool("ignored")?);
    let error_correlation_s = cells.f64("error_correlation_s")?;
    let known = KnownCells::read(cells)?;
    let row = |i: usize| {
        Ok(Track {
            id: TrackId(must("id", i, id[i])?),
            source: SourceId(must("source", i, source[i])?),
            observer: observer[i].map(ObserverId),
            source_key: source_key[i].take().unwrap_or_default(),
            tolerance_ns: tolerance_ns[i],
            max_speed: max_speed[i],
            error_correlation_s: error_correlation_s[i],
            derived_from: Vec::new(),
            carries: carries[i].map(ObserverId),
            ignored: ignored[i].unwrap_or_default(),
            known: known.at(i)?,
        })
    };
    (0..cells.rows).map(row).collect()
}

fn track_derivations(rows: &[Track]) -> (usize, Vec<Column>) {
    let pairs: Vec<(u64, u64)> =
        rows.iter().flat_map(|r| r.derived_from.iter().map(|from| (r.id.0, from.0))).collect();
    Rows::new(&pairs).u64("track", |r| Some(r.0)).u64("derived_from", |r| Some(r.1)).done()
}

fn read_track_derivations(cells: &mut Cells, tracks: &mut [Track]) -> Result<(), String> {
    let (track, from) = (cells.u64("track")?, cells.u64("derived_from")?);
    for (i, (track, from)) in track.into_iter().zip(from).enumerate() {
        let (track, from) = (must("track", i, track)?, must("derived_from", i, from)?);
        let row = find(tracks, track, |r| r.id.0);
        let row = row.ok_or_else(|| format!("row {i}: expected an existing track, found track/{track}"))?;
        row.derived_from.push(TrackId(from));
    }
    Ok(())
}

fn identities(rows: &[Identity], revision: u64) -> (usize, Vec<Column>) {
    Rows::new(rows)
        .u64("id", |r| Some(r.id.0))
        .u64("track", |r| Some(r.track.0))
        .u64("entity", |r| Some(r.entity.0))
        .span("start_ns", "end_ns", |r| r.span)
        .f64("confidence", |r| r.confidence)
        .text("reason", |r| Some(&r.reason))
        .known(revision, |r| r.known)
        .u64("closed_revision", |r| r.closed)
        .done()
}

fn read_identities(cells: &mut Cells) -> Result<Vec<Identity>, String> {
    let (id, track, entity) = (cells.u64("id")?, cells.u64("track")?, cells.u64("entity")?);
    let span = SpanCells::read(cells, "start_ns", "end_ns")?;
    let (confidence, mut reason) = (cells.f64("confidence")?, cells.text("reason")?);
    let (known, closed) = (KnownCells::read(cells)?, cells.u64("closed_revision")?);
    let row = |i: usize| {
        Ok(Identity {
            id: IdentityId(must("id", i, id[i])?),
            track: TrackId(must("track", i, track[i])?),
            span: span.at(i)?,
            entity: EntityId(must("entity", i, entity[i])?),
            confidence: confidence[i],
            reason: reason[i].take().unwrap_or_default(),
            known: known.at(i)?,
            closed: closed[i],
        })
    };
    (0..cells.rows).map(row).collect()
}

fn labels(rows: &[Label], revision: u64) -> (usize, Vec<Column>) {
    Rows::new(rows)
        .u64("id", |r| Some(r.id.0))
        .u64("track", |r| Some(r.track.0))
        .text("text", |r| Some(&r.text))
        .text("vocabulary", |r| Some(&r.vocabulary))
        .f64("score", |r| r.score)
        .span("start_ns", "end_ns", |r| r.span)
        .known(revision, |r| r.known)
        .u64("closed_revision", |r| r.closed)
        .done()
}

fn read_labels(cells: &mut Cells) -> Result<Vec<Label>, String> {
    let (id, track, mut text) = (cells.u64("id")?, cells.u64("track")?, cells.text("text")?);
    let (mut vocabulary, score) = (cells.text("vocabulary")?, cells.f64("score")?);
    let span = SpanCells::read(cells, "start_ns", "end_ns")?;
    let (known, closed) = (KnownCells::read(cells)?, cells.u64("closed_revision")?);
    let row = |i: usize| {
        Ok(Label {
            id: LabelId(must("id", i, id[i])?),
            track: TrackId(must("track", i, track[i])?),
            text: must("text", i, text[i].take())?,
            vocabulary: vocabulary[i].take().unwrap_or_default(),
            score: score[i],
            span: span.at(i)?,
            known: known.at(i)?,
            closed: closed[i],
        })
    };
    (0..cells.rows).map(row).collect()
}

fn coverage(rows: &[Coverage], revision: u64) -> (usize, Vec<Column>) {
    Rows::new(rows)
        .u64("id", |r| Some(r.id.0))
        .u64("source", |r| Some(r.source.0))
        .u64("observer", |r| r.observer.map(|o| o.0))
        .span("start_ns", "end_ns", |r| r.span)
        .f64("left_px", |r| r.region_px.map(|b| b.left))
        .f64("top_px", |r| r.region_px.map(|b| b.top))
        .f64("width_px", |r| r.region_px.map(|b| b.width))
        .f64("height_px", |r| r.region_px.map(|b| b.height))
        .f64("smallest_px", |r| r.smallest_px)
        .f64("recall", |r| r.recall)
        .bool("complete", |r| r.complete)
        .known(revision, |r| r.known)
        .done()
}

fn read_coverage(cells: &mut Cells) -> Result<Vec<Coverage>, String> {
    let (id, source, observer) = (cells.u64("id")?, cells.u64("source")?, cells.u64("observer")?);
    let span = SpanCells::read(cells, "start_ns", "end_ns")?;
    let (left, top) = (cells.f64("left_px")?, cells.f64("top_px")?);
    let (width, height) = (cells.f64("width_px")?, cells.f64("height_px")?);
    let (smallest_px, recall) = (cells.f64("smallest_px")?, cells.f64("recall")?);
    let (complete, known) = (cells.bool("complete")?, KnownCells::read(cells)?);
    let row = |i: usize| {
        let region_px = match (left[i], top[i], width[i], height[i]) {
            (Some(left), Some(top), Some(width), Some(height)) => Some(BoxPx { left, top, width, height }),
            _ => None,
        };
        Ok(Coverage {
            id: CoverageId(must("id", i, id[i])?),
            source: SourceId(must("source", i, source[i])?),
            observer: observer[i].map(ObserverId),
            span: span.at(i)?,
            region_px,
            labels: Vec::new(),
            smallest_px: smallest_px[i],
            recall: recall[i],
            complete: complete[i].unwrap_or_default(),
            known: known.at(i)?,
        })
    };
    (0..cells.rows).map(row).collect()
}

fn coverage_labels(rows: &[Coverage]) -> (usize, Vec<Column>) {
    let pairs: Vec<(u64, &str)> =
        rows.iter().flat_map(|r| r.labels.iter().map(|label| (r.id.0, label.as_str()))).collect();
    Rows::new(&pairs).u64("coverage", |r| Some(r.0)).text("label", |r| Some(r.1)).done()
}

fn read_coverage_labels(cells: &mut Cells, rows: &mut [Coverage]) -> Result<(), String> {
    let (coverage, label) = (cells.u64("coverage")?, cells.text("label")?);
    for (i, (coverage, label)) in coverage.into_iter().zip(label).enumerate() {
        let (coverage, label) = (must("coverage", i, coverage)?, must("label", i, label)?);
        let row = find(rows, coverage, |r| r.id.0);
        let row =
            row.ok_or_else(|| format!("row {i}: expected an existing coverage row, found {coverage}"))?;
        row.labels.push(label);
    }
    Ok(())
}

const MATRIX: [&str; 9] = ["h00", "h01", "h02", "h10", "h11", "h12", "h20", "h21", "h22"];

fn transforms(rows: &[Transform], revision: u64) -> (usize, Vec<Column>) {
    fn turn(r: &Transform, k: usize) -> Option<f64> {
        if let TransformKind::Similarity { rotation, .. } = r.kind { Some(rotation[k]) } else { None }
    }
    fn shift(r: &Transform, k: usize) -> Option<f64> {
        if let TransformKind::Similarity { translation, .. } = r.kind { Some(translation[k]) } else { None }
    }
    fn anchor(r: &Transform) -> Option<[f64; 4]> {
        match r.kind {
            TransformKind::GeoAnchor { longitude, latitude, height, bearing } => {
                Some([longitude, latitude, height, bearing])
            }
            _ => None,
        }
    }
    let mut out = Rows::new(rows)
        .u64("id", |r| Some(r.id.0))
        .u64("target", |r| Some(r.target.0))
        .u64("source", |r| Some(r.source.0))
        .span("start_ns", "end_ns", |r| r.span)
        .text("kind", |r| {
            Some(match r.kind {
                TransformKind::Similarity { .. } => "similarity",
                TransformKind::Homography(_) => "homography",
                TransformKind::GeoAnchor { .. } => "geo_anchor",
            })
        })
        .f64("translation_x", |r| shift(r, 0))
        .f64("translation_y", |r| shift(r, 1))
        .f64("translation_z", |r| shift(r, 2))
        .f64("qw", |r| turn(r, 0))
        .f64("qx", |r| turn(r, 1))
        .f64("qy", |r| turn(r, 2))
        .f64("qz", |r| turn(r, 3))
        .f64(
            "scale",
            |r| if let TransformKind::Similarity { scale, .. } = r.kind { Some(scale) } else { None },
        );
    for (k, name) in MATRIX.into_iter().enumerate() {
        out =
            out.f64(name, move |r| if let TransformKind::Homography(h) = r.kind { Some(h[k]) } else { None });
    }
    out.f64("longitude_deg", |r| anchor(r).map(|a| a[0]))
        .f64("latitude_deg", |r| anchor(r).map(|a| a[1]))
        .f64("height_m", |r| anchor(r).map(|a| a[2]))
        .f64("bearing_deg", |r| anchor(r).map(|a| a[3]))
        .f64("deviation", |r| r.deviation)
        .known(revision, |r| r.known)
        .done()
}

fn read_transforms(cells: &mut Cells) -> Result<Vec<Transform>, String> {
    let (id, target, source) = (cells.u64("id")?, cells.u64("target")?, cells.u64("source")?);
    let span = SpanCells::read(cells, "start_ns", "end_ns")?;
    let mut kind = cells.text("kind")?;
    let mut numbers: BTreeMap<&str, Vec<Option<f64>>> = BTreeMap::new();
    let plain = ["translation_x", "translation_y", "translation_z", "qw", "qx", "qy", "qz", "scale"];
    let geo = ["longitude_deg", "latitude_deg", "height_m", "bearing_deg", "deviation"];
    for name in plain.into_iter().chain(MATRIX).chain(geo) {
        numbers.insert(name, cells.f64(name)?);
    }
    let known = KnownCells::read(cells)?;
    let row = |i: usize| {
        let number = |name: &str| must(name, i, numbers.get(name).and_then(|column| column[i]));
        let kind = must("kind", i, kind[i].take())?;
        Ok(Transform {
            id: TransformId(must("id", i, id[i])?),
            target: ReferenceFrameId(must("target", i, target[i])?),
            source: ReferenceFrameId(must("source", i, source[i])?),
            span: span.at(i)?,
            kind: match kind.as_str() {
                "similarity" => TransformKind::Similarity {
                    translation: [
                        number("translation_x")?,
                        number("translation_y")?,
                        number("translation_z")?,
                    ],
                    rotation: [number("qw")?, number("qx")?, number("qy")?, number("qz")?],
                    scale: number("scale")?,
                },
                "homography" => {
                    let mut matrix = [0.0; 9];
                    for (cell, name) in matrix.iter_mut().zip(MATRIX) {
                        *cell = number(name)?;
                    }
                    TransformKind::Homography(matrix)
                }
                "geo_anchor" => TransformKind::GeoAnchor {
                    longitude: number("longitude_deg")?,
                    latitude: number("latitude_deg")?,
                    height: number("height_m")?,
                    bearing: number("bearing_deg")?,
                },
                _ => return Err(unknown(i, "kind", "a kind of transform", &kind)),
            },
            deviation: number("deviation").ok(), // may be absent
            known: known.at(i)?,
        })
    };
    (0..cells.rows).map(row).collect()
}

fn events(rows: &[Event], revision: u64) -> (usize, Vec<Column>) {
    Rows::new(rows)
        .u64("id", |r| Some(r.id.0))
        .text("kind", |r| Some(&r.kind))
        .span("start_ns", "end_ns", |r| r.span)
        .u64("parent", |r| r.parent.map(|e| e.0))
        .f64("confidence", |r| r.confidence)
        .u64("source", |r| Some(r.source.0))
        .known(revision, |r| r.known)
        .u64("closed_revision", |r| r.closed)
        .done()
}

fn read_events(cells: &mut Cells) -> Result<Vec<Event>, String> {
    let (id, mut kind) = (cells.u64("id")?, cells.text("kind")?);
    let span = SpanCells::read(cells, "start_ns", "end_ns")?;
    let (parent, confidence, source) = (cells.u64("parent")?, cells.f64("confidence")?, cells.u64("source")?);
    let (known, closed) = (KnownCells::read(cells)?, cells.u64("closed_revision")?);
    let row = |i: usize| {
        Ok(Event {
            id: EventId(must("id", i, id[i])?),
            kind: must("kind", i, kind[i].take())?,
            span: span.at(i)?,
            parent: parent[i].map(EventId),
            roles: Vec::new(),
            confidence: confidence[i],
            source: SourceId(must("source", i, source[i])?),
            known: known.at(i)?,
            closed: closed[i],
        })
    };
    (0..cells.rows).map(row).collect()
}

fn event_roles(rows: &[Event]) -> (usize, Vec<Column>) {
    let roles: Vec<(u64, &str, &Reference)> =
        rows.iter().flat_map(|r| r.roles.iter().map(|(role, who)| (r.id.0, role.as_str(), who))).collect();
    Rows::new(&roles)
        .u64("event", |r| Some(r.0))
        .text("role", |r| Some(r.1))
        .reference("player", |r| r.2)
        .done()
}

fn read_event_roles(cells: &mut Cells, events: &mut [Event]) -> Result<(), String> {
    let (event, role) = (cells.u64("event")?, cells.text("role")?);
    let mut player = ReferenceCells::read(cells, "player")?;
    for (i, (event, role)) in event.into_iter().zip(role).enumerate() {
        let (event, role) = (must("event", i, event)?, must("role", i, role)?);
        let row = find(events, event, |r| r.id.0);
        let row = row.ok_or_else(|| format!("row {i}: expected an existing event, found event/{event}"))?;
        row.roles.push((role, player.take(i)?));
    }
    Ok(())
}

fn facts(rows: &[Fact], revision: u64) -> (usize, Vec<Column>) {
    Rows::new(rows)
        .u64("id", |r| Some(r.id.0))
        .reference("subject", |r| &r.subject)
        .text("predicate", |r| Some(&r.predicate))
        .reference("object", |r| &r.object)
        .span("start_ns", "end_ns", |r| r.valid)
        .f64("confidence", |r| r.confidence)
        .u64("source", |r| Some(r.source.0))
        .known(revision, |r| r.known)
        .u64("closed_revision", |r| r.closed)
        .done()
}

fn read_facts(cells: &mut Cells) -> Result<Vec<Fact>, String> {
    let (id, mut predicate) = (cells.u64("id")?, cells.text("predicate")?);
    let mut subject = ReferenceCells::read(cells, "subject")?;
    let mut object = ReferenceCells::read(cells, "object")?;
    let valid = SpanCells::read(cells, "start_ns", "end_ns")?;
    let (confidence, source) = (cells.f64("confidence")?, cells.u64("source")?);
    let (known, closed) = (KnownCells::read(cells)?, cells.u64("closed_revision")?);
    let row = |i: usize| {
        Ok(Fact {
            id: FactId(must("id", i, id[i])?),
            subject: subject.take(i)?,
            predicate: must("predicate", i, predicate[i].take())?,
            object: object.take(i)?,
            valid: valid.at(i)?,
            confidence: confidence[i],
            source: SourceId(must("source", i, source[i])?),
            known: known.at(i)?,
            closed: closed[i],
        })
    };
    (0..cells.rows).map(row).collect()
}

fn closing_columns(rows: &[Closing]) -> (usize, Vec<Column>) {
    Rows::new(rows)
        .text("closed_table", |r| Some(r.table.name()))
        .u64("row", |r| Some(r.row))
        .u64("closed_revision", |r| Some(r.revision))
        .done()
}

fn read_closings(cells: &mut Cells) -> Result<Vec<Closing>, String> {
    let (mut table, row) = (cells.text("closed_table")?, cells.u64("row")?);
    let revision = cells.u64("closed_revision")?;
    let closing = |i: usize| {
        let name = must("closed_table", i, table[i].take())?;
        let table = Closes::ALL.into_iter().find(|table| table.name() == name);
        Ok(Closing {
            table: table.ok_or_else(|| unknown(i, "closed_table", "a table whose rows close", &name))?,
            row: must("row", i, row[i])?,
            revision: must("closed_revision", i, revision[i])?,
        })
    };
    (0..cells.rows).map(closing).collect()
}
