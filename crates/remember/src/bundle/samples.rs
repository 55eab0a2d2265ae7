//! Samples: between the columns in memory and the columns of a part.
//!
//! Positions and sizes carry their unit in the column's name, by the scale of the row's reference frame: `x_m`, `x_px`
//! (a stage), `x_unit` (a world of unknown scale), `x_deg` (longitude); a row has a value in one of them.

use super::columns::{Column, Kind, Values};
use super::part::Part;
use crate::error::{Error, Result};
use chronotope_world::{BoxColumns, Origin, PoseColumns, ReferenceFrame, SampleChunk, Scale, Tables};
use parquet::data_type::ByteArray;
use std::collections::BTreeMap;
use std::ops::Range;

/// Which unit a frame's coordinates have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Metre,
    Pixel,
    Geo,
    Own,
}

const GROUPS: [Group; 4] = [Group::Metre, Group::Pixel, Group::Geo, Group::Own];

impl Group {
    fn of(tables: &Tables, reference_frame: u32) -> Group {
        let rows = &tables.reference_frames;
        let row = match rows.get(reference_frame as usize) {
            Some(row) if row.id.0 == reference_frame as u64 => Some(row),
            _ => rows.iter().find(|row| row.id.0 == reference_frame as u64),
        };
        match row {
            Some(row) if row.reference_frame == ReferenceFrame::Geo => Group::Geo,
            Some(row) => match row.scale {
                Scale::Metre => Group::Metre,
                Scale::Pixel => Group::Pixel,
                Scale::Own(_) => Group::Own,
            },
            None => Group::Own,
        }
    }

    fn position(self) -> [&'static str; 3] {
        match self {
            Group::Metre => ["x_m", "y_m", "z_m"],
            Group::Pixel => ["x_px", "y_px", "z_px"],
            Group::Geo => ["x_deg", "y_deg", "z_m"],
            Group::Own => ["x_unit", "y_unit", "z_unit"],
        }
    }

    fn extent(self) -> [&'static str; 3] {
        match self {
            Group::Metre | Group::Geo => ["extent_x_m", "extent_y_m", "extent_z_m"],
            Group::Pixel => ["extent_x_px", "extent_y_px", "extent_z_px"],
            Group::Own => ["extent_x_unit", "extent_y_unit", "extent_z_unit"],
        }
    }

    fn extent_deviation(self) -> [&'static str; 3] {
        match self {
            Group::Metre | Group::Geo => ["extent_sd_x_m", "extent_sd_y_m", "extent_sd_z_m"],
            Group::Pixel => ["extent_sd_x_px", "extent_sd_y_px", "extent_sd_z_px"],
            Group::Own => ["extent_sd_x_unit", "extent_sd_y_unit", "extent_sd_z_unit"],
        }
    }

    fn covariance(self) -> [String; 6] {
        let end = match self {
            Group::Metre => "m2",
            Group::Pixel => "px2",
            Group::Geo => "geo",
            Group::Own => "unit2",
        };
        ["xx", "xy", "xz", "yy", "yz", "zz"].map(|pair| format!("covariance_{pair}_{end}"))
    }
}

/// Columns that differ from row to row: they stand in short pages.
pub(crate) fn is_measured(name: &str) -> bool {
    matches!(name, "id" | "frame_index" | "score") || is_bounded(name)
}

/// Columns whose pages have bounds.
pub(crate) fn is_bounded(name: &str) -> bool {
    matches!(name, "track" | "t_ns" | "end_ns" | "left_px" | "top_px" | "width_px" | "height_px")
        || GROUPS.iter().any(|group| group.position().contains(&name))
}

/// Columns of few values.
pub(crate) fn is_repeated(name: &str) -> bool {
    matches!(name, "source" | "observer" | "reference_frame" | "revision" | "visibility")
        || name.starts_with("extent_") // sizes and their deviations
}

/// This version writes a column of this name.
pub(crate) fn is_known(name: &str) -> bool {
    const PLAIN: [&str; 10] =
        ["existence", "origin", "known_ns", "mask", "qw", "qx", "qy", "qz", "id", "track"];
    is_measured(name)
        || PLAIN.contains(&name)
        || matches!(name, "source" | "observer" | "reference_frame" | "revision" | "visibility")
        || GROUPS.iter().any(|g| g.extent().contains(&name) || g.covariance().iter().any(|c| c == name))
        || GROUPS.iter().any(|g| g.extent_deviation().contains(&name))
}

/// Columns that say how far off a sample may be.
pub(crate) fn is_doubt(name: &str) -> bool {
    name == "existence" || name.starts_with("covariance_") || name.starts_with("extent_sd_")
}

/// What each column of samples holds, by its name.
pub(crate) fn kinds() -> BTreeMap<String, Kind> {
    let mut kinds: BTreeMap<String, Kind> = [
        ("id", Kind::U64),
        ("track", Kind::U64),
        ("source", Kind::U32),
        ("observer", Kind::U32),
        ("t_ns", Kind::I64),
        ("end_ns", Kind::I64),
        ("frame_index", Kind::U32),
        ("reference_frame", Kind::U32),
        ("origin", Kind::Text),
        ("mask", Kind::Text),
        ("revision", Kind::U64),
        ("known_ns", Kind::I64),
    ]
    .map(|(name, kind)| (name.to_owned(), kind))
    .into();
    let plain = [
        "left_px",
        "top_px",
        "width_px",
        "height_px",
        "qw",
        "qx",
        "qy",
        "qz",
        "score",
        "visibility",
        "existence",
    ];
    let mut numbers: Vec<String> = plain.map(str::to_owned).to_vec();
    for group in GROUPS {
        for names in [group.position(), group.extent(), group.extent_deviation()] {
            numbers.extend(names.map(str::to_owned));
        }
        numbers.extend(group.covariance());
    }
    kinds.extend(numbers.into_iter().map(|name| (name, Kind::F64)));
    kinds
}

/// What the names of positions and sizes end in, where all rows with a place agree and it is not degrees; `unit` where no row has one.
pub(crate) fn unit_of(chunk: &SampleChunk, tables: &Tables) -> Option<&'static str> {
    let mut found = None;
    let mut last = u32::MAX;
    for &frame in chunk.poses.iter().flat_map(|poses| &poses.reference_frame) {
        if frame != last && frame != u32::MAX {
            last = frame;
            let group = Group::of(tables, frame);
            if found.is_some_and(|found| found != group) || group == Group::Geo {
                return None;
            }
            found = Some(group);
        }
    }
    Some(match found {
        Some(Group::Metre) => "m",
        Some(Group::Pixel) => "px",
        _ => "unit",
    })
}

/// The columns of a chunk; optional ones only where a row has a value. Rows of revision 0 get `revision`.
pub(crate) fn columns_of(chunk: &SampleChunk, tables: &Tables, revision: u64) -> Vec<Column> {
    let n = chunk.len();
    let number = |name: &str, column: &[f64]| {
        Column::f64(name, column.iter().map(|v| Some(*v).filter(|v| !v.is_nan())))
    };
    let bits = |column: &[u64]| Values::I64(column.iter().map(|v| v.cast_signed()).collect());
    let origin = |o: &Origin| ByteArray::from(origin_text(*o));
    let mut columns = vec![
        Column::required("id", Kind::U64, bits(&chunk.id)),
        Column::u64("track", chunk.track.iter().map(|&t| (t != u64::MAX).then_some(t))),
        Column::required(
            "source",
            Kind::U32,
            Values::I32(chunk.source.iter().map(|s| s.cast_signed()).collect()),
        ),
        Column::u32("observer", chunk.observer.iter().map(|&o| (o != u32::MAX).then_some(o))),
        Column::required("t_ns", Kind::I64, Values::I64(chunk.t_ns.clone())),
        Column::u32("frame_index", chunk.frame_index.iter().map(|&i| (i != u32::MAX).then_some(i))),
        Column::required("origin", Kind::Text, Values::Text(chunk.origin.iter().map(origin).collect())),
        Column::required(
            "revision",
            Kind::U64,
            Values::I64(
                chunk.revision.iter().map(|&r| if r == 0 { revision } else { r }.cast_signed()).collect(),
            ),
        ),
    ];
    if let Some(end) = &chunk.end_ns {
        columns.push(Column::i64("end_ns", end.iter().map(|&e| (e != i64::MIN).then_some(e))));
    }
    if let Some(b) = &chunk.boxes {
        columns.push(number("left_px", &b.left_px));
        columns.push(number("top_px", &b.top_px));
        columns.push(number("width_px", &b.width_px));
        columns.push(number("height_px", &b.height_px));
    }
    let mut groups = vec![Group::Own; n];
    if let Some(p) = &chunk.poses {
        let mut last = (u32::MAX, Group::Own);
        for (group, &frame) in groups.iter_mut().zip(&p.reference_frame) {
            if frame != u32::MAX {
                if frame != last.0 {
                    last = (frame, Group::of(tables, frame));
                }
                *group = last.1;
            }
        }
        let frame = |&f: &u32| (f != u32::MAX).then_some(f);
        columns.push(Column::u32("reference_frame", p.reference_frame.iter().map(frame)));
        type Name = fn(Group) -> &'static str;
        let placed: [(&[f64], Name); 6] = [
            (&p.x, |g| g.position()[0]),
            (&p.y, |g| g.position()[1]),
            (&p.z, |g| g.position()[2]),
            (&p.length, |g| g.extent()[0]),
            (&p.width, |g| g.extent()[1]),
            (&p.height, |g| g.extent()[2]),
        ];
        for (values, name_of) in placed {
            let mut names = GROUPS.map(name_of).to_vec();
            names.sort_unstable();
            names.dedup();
            for name in names {
                let cells = values.iter().zip(&groups);
                columns.push(Column::f64(
                    name,
                    cells.map(|(v, &g)| (!v.is_nan() && name_of(g) == name).then_some(*v)),
                ));
            }
        }
        for (name, values) in [("qw", &p.qw), ("qx", &p.qx), ("qy", &p.qy), ("qz", &p.qz)] {
            columns.push(number(name, values));
        }
    }
    if let Some(score) = &chunk.score {
        columns.push(number("score", score));
    }
    if let Some(visibility) = &chunk.visibility {
        columns.push(number("visibility", visibility));
    }
    if let Some(mask) = &chunk.mask {
        columns.push(Column::text("mask", mask.iter().map(Option::as_deref)));
    }
    if let Some(covariance) = &chunk.covariance {
        for group in GROUPS {
            for (k, name) in group.covariance().iter().enumerate() {
                let cells = covariance.iter().zip(&groups);
                columns.push(Column::f64(
                    name,
                    cells.map(|(c, &g)| c.filter(|_values| g == group).map(|c| c[k])),
                ));
            }
        }
    }
    if let Some(deviations) = &chunk.extent_deviation {
        // metres and degrees share the names of a length
        for group in [Group::Metre, Group::Pixel, Group::Own] {
            for (k, name) in group.extent_deviation().into_iter().enumerate() {
                let cells = deviations.iter().zip(&groups);
                let is_of = |g: Group| g.extent_deviation()[k] == name;
                columns.push(Column::f64(name, cells.map(|(d, &g)| d.filter(|_| is_of(g)).map(|d| d[k]))));
            }
        }
    }
    if let Some(existence) = &chunk.existence {
        columns.push(number("existence", existence));
    }
    if let Some(known) = &chunk.known_ns {
        let cells = known.iter().zip(&chunk.t_ns);
        columns.push(Column::i64("known_ns", cells.map(|(&known, &t)| (known != t).then_some(known))));
    }
    const ALWAYS: [&str; 4] = ["track", "observer", "frame_index", "known_ns"];
    columns.retain(|c| !c.is_absent() || ALWAYS.contains(&c.name.as_str()));
    columns
}

/// The first row that no reader could use: a position that is not finite, a span that runs backwards.
pub(crate) fn fault_of(chunk: &SampleChunk) -> Option<(usize, String)> {
    if let Some(p) = &chunk.poses {
        let placed = |i: usize| p.x[i].is_finite() && p.y[i].is_finite() && p.z[i].is_finite();
        if let Some(i) = (0..chunk.len()).find(|&i| p.reference_frame[i] != u32::MAX && !placed(i)) {
            return Some((i, "expected a finite position in a reference frame, found none".to_owned()));
        }
    }
    let ends = chunk.end_ns.as_ref()?;
    let backwards = (0..chunk.len()).find(|&i| ends[i] != i64::MIN && ends[i] < chunk.t_ns[i])?;
    let (t, end) = (chunk.t_ns[backwards], ends[backwards]);
    Some((backwards, format!("expected an end at {t} ns or later, found {end} ns")))
}

/// What a reader of samples wants beside ids, times and revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Want {
    pub(crate) boxes: bool,
    pub(crate) positions: bool,
    /// Rotations, extents, scores, masks and all else.
    pub(crate) rest: bool,
}

impl Want {
    pub(crate) const ALL: Want = Want { boxes: true, positions: true, rest: true };
}

/// Reads rows of a row group as a chunk; all where `rows` is none.
pub(crate) fn read_chunk(
    part: &Part,
    group: usize,
    rows: Option<&[Range<usize>]>,
    want: Want,
) -> Result<SampleChunk> {
    let n = match rows {
        Some(ranges) => ranges.iter().map(ExactSizeIterator::len).sum(),
        None => part.rows(group)?,
    };
    let chunk = chunk_of(&Stored { part, group, rows, n }, want)?;
    if let Some((row, fault)) = fault_of(&chunk) {
        return Err(part.fault(format!("row {row} of row group {group}: {fault}")));
    }
    let key = |i: usize| (chunk.track[i], chunk.t_ns[i], chunk.id[i]);
    if let Some(i) = (1..n).find(|&i| key(i - 1) > key(i)) {
        return Err(
            part.fault(format!("row {i} of row group {group}: expected rows sorted by track, time and id"))
        );
    }
    Ok(chunk)
}

/// The chunk that columns make, in the order of their rows. What [`fault_of`] finds is not looked for.
pub(crate) fn chunk_of(source: &dyn ColumnSource, want: Want) -> Result<SampleChunk> {
    let reader = Reader { source, n: source.rows() };
    let nan = f64::NAN;
    let boxes = if want.boxes && reader.any(&["left_px"]) {
        let column = |name| reader.f64(&[name], nan);
        let boxes = BoxColumns {
            left_px: column("left_px")?,
            top_px: column("top_px")?,
            width_px: column("width_px")?,
            height_px: column("height_px")?,
        };
        boxes.left_px.iter().any(|v| !v.is_nan()).then_some(boxes)
    } else {
        None
    };
    let poses = if want.positions { reader.poses(want.rest)? } else { None };
    let optional = |name: &str| -> Result<Option<Vec<f64>>> {
        if !want.rest || !reader.any(&[name]) {
            return Ok(None);
        }
        let column = reader.f64(&[name], nan)?;
        Ok(column.iter().any(|v| !v.is_nan()).then_some(column))
    };
    let t_ns = reader.i64("t_ns", None)?;
    let end_ns = Some(reader.i64("end_ns", Some(i64::MIN))?).filter(|c| c.iter().any(|&e| e != i64::MIN));
    let known_ns = match reader.column("known_ns", Kind::I64)? {
        Some(column) if !column.is_absent() => {
            let mut known = t_ns.clone();
            fill(&mut known, column, |values| if let Values::I64(v) = values { Some(v) } else { None });
            Some(known)
        }
        _ => None,
    };
    let chunk = SampleChunk {
        id: reader.u64("id", None)?,
        track: reader.u64("track", Some(u64::MAX))?,
        source: reader.u32("source", None)?,
        observer: reader.u32("observer", Some(u32::MAX))?,
        end_ns,
        frame_index: reader.u32("frame_index", Some(u32::MAX))?,
        boxes,
        poses,
        score: optional("score")?,
        visibility: optional("visibility")?,
        mask: if want.rest { reader.masks()? } else { None },
        covariance: if want.rest { reader.covariances()? } else { None },
        extent_deviation: if want.rest { reader.extent_deviations()? } else { None },
        existence: optional("existence")?,
        origin: reader.origins()?,
        revision: reader.u64("revision", None)?,
        known_ns,
        t_ns,
    };
    Ok(chunk)
}

/// Columns of samples by name.
pub(crate) trait ColumnSource {
    /// How many rows there are.
    fn rows(&self) -> usize;
    /// Whether there is such a column.
    fn has(&self, name: &str) -> bool;
    /// The column.
    fn read(&self, name: &str) -> Result<Option<Column>>;
    /// The text that all rows of a column have, where that is known without reading it.
    fn constant_text(&self, name: &str) -> Result<Option<String>>;
    /// What is wrong, with its place.
    fn fault(&self, fault: String) -> Error;
}

/// Some rows of a row group.
struct Stored<'a> {
    part: &'a Part,
    group: usize,
    rows: Option<&'a [Range<usize>]>,
    n: usize,
}

impl<'a> Stored<'a> {
    fn of(part: &'a Part, group: usize, rows: &'a [Range<usize>]) -> Stored<'a> {
        Stored { part, group, rows: Some(rows), n: rows.iter().map(ExactSizeIterator::len).sum() }
    }
}

impl ColumnSource for Stored<'_> {
    fn rows(&self) -> usize {
        self.n
    }

    fn has(&self, name: &str) -> bool {
        let (mut columns, _) = self.part.columns();
        columns.any(|(other, _)| other == name)
    }

    fn read(&self, name: &str) -> Result<Option<Column>> {
        self.part.read(self.group, name, self.rows)
    }

    fn constant_text(&self, name: &str) -> Result<Option<String>> {
        self.part.constant_text(self.group, name)
    }

    fn fault(&self, fault: String) -> Error {
        self.part.fault(fault)
    }
}

/// Times of some rows of a row group, and how long static ones hold.
pub(crate) fn read_times(
    part: &Part,
    group: usize,
    rows: &[Range<usize>],
) -> Result<(Vec<i64>, Option<Vec<i64>>)> {
    let stored = Stored::of(part, group, rows);
    let reader = Reader::of(&stored);
    let end_ns = reader.any(&["end_ns"]).then(|| reader.i64("end_ns", Some(i64::MIN))).transpose()?;
    Ok((reader.i64("t_ns", None)?, end_ns))
}

/// One coordinate of the positions of some rows of a row group, NaN where a row has none.
pub(crate) fn read_axis(part: &Part, group: usize, rows: &[Range<usize>], axis: usize) -> Result<Vec<f64>> {
    Reader::of(&Stored::of(part, group, rows)).axis(axis)
}

/// Reads columns as what a chunk holds.
struct Reader<'a> {
    source: &'a dyn ColumnSource,
    n: usize,
}

impl<'a> Reader<'a> {
    fn of(source: &'a dyn ColumnSource) -> Reader<'a> {
        Reader { source, n: source.rows() }
    }

    fn axis(&self, k: usize) -> Result<Vec<f64>> {
        self.f64(&unique(GROUPS.map(|g| g.position()[k])), f64::NAN)
    }

    fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.source.has(name))
    }

    fn column(&self, name: &str, kind: Kind) -> Result<Option<Column>> {
        match self.source.read(name)? {
            Some(column) if column.kind == kind => Ok(Some(column)),
            Some(column) => {
                Err(self.source.fault(format!("column {name}: expected {kind:?}, found {:?}", column.kind)))
            }
            None => Ok(None),
        }
    }

    /// Values with `absent` where a row has none; without `absent`, every row must have one.
    fn filled<T: Copy>(
        &self,
        name: &str,
        kind: Kind,
        absent: Option<T>,
        unpack: impl Fn(Values) -> Option<Vec<T>>,
    ) -> Result<Vec<T>> {
        match (self.column(name, kind)?, absent) {
            (None, Some(absent)) => Ok(vec![absent; self.n]),
            (None, None) => Err(self.source.fault(format!("expected column {name}, found none"))),
            (Some(column), _) if column.values.len() == self.n => unpack(column.values)
                .ok_or_else(|| self.source.fault(format!("column {name}: expected {kind:?}"))),
            (Some(column), Some(absent)) => {
                let mut out = vec![absent; self.n];
                fill(&mut out, column, unpack);
                Ok(out)
            }
            (Some(_), None) => {
                Err(self.source.fault(format!("column {name}: expected a value in every row")))
            }
        }
    }

    fn i64(&self, name: &str, absent: Option<i64>) -> Result<Vec<i64>> {
        self.filled(
            name,
            Kind::I64,
            absent,
            |values| if let Values::I64(v) = values { Some(v) } else { None },
        )
    }

    fn u64(&self, name: &str, absent: Option<u64>) -> Result<Vec<u64>> {
        self.filled(name, Kind::U64, absent, |values| match values {
            Values::I64(v) => Some(v.into_iter().map(i64::cast_unsigned).collect()),
            _ => None,
        })
    }

    fn u32(&self, name: &str, absent: Option<u32>) -> Result<Vec<u32>> {
        self.filled(name, Kind::U32, absent, |values| match values {
            Values::I32(v) => Some(v.into_iter().map(i32::cast_unsigned).collect()),
            _ => None,
        })
    }

    /// The first of these columns that has a value, row by row.
    fn f64(&self, names: &[&str], absent: f64) -> Result<Vec<f64>> {
        let mut out: Option<Vec<f64>> = None;
        for name in names.iter().filter(|name| self.any(&[name])) {
            let unpack = |values| if let Values::F64(v) = values { Some(v) } else { None };
            let column = self.filled(name, Kind::F64, Some(absent), unpack)?;
            match &mut out {
                None => out = Some(column),
                Some(out) => {
                    for (cell, other) in out.iter_mut().zip(column).filter(|(cell, _)| cell.is_nan()) {
                        *cell = other;
                    }
                }
            }
        }
        Ok(out.unwrap_or_else(|| vec![absent; self.n]))
    }

    fn poses(&self, rest: bool) -> Result<Option<PoseColumns>> {
        let reference_frame = self.u32("reference_frame", Some(u32::MAX))?;
        if reference_frame.iter().all(|&f| f == u32::MAX) {
            return Ok(None);
        }
        let nan = f64::NAN;
        let (x, y, z) = (self.axis(0)?, self.axis(1)?, self.axis(2)?);
        let other = |names: &[&str]| if rest { self.f64(names, nan) } else { Ok(vec![nan; self.n]) };
        let size = |k: usize| other(&unique(GROUPS.map(|g| g.extent()[k])));
        Ok(Some(PoseColumns {
            reference_frame,
            x,
            y,
            z,
            qw: other(&["qw"])?,
            qx: other(&["qx"])?,
            qy: other(&["qy"])?,
            qz: other(&["qz"])?,
            length: size(0)?,
            width: size(1)?,
            height: size(2)?,
        }))
    }

    fn masks(&self) -> Result<Option<Vec<Option<Box<str>>>>> {
        let Some(column) = self.column("mask", Kind::Text)?.filter(|c| !c.is_absent()) else {
            return Ok(None);
        };
        let fault = |_error| self.source.fault("column mask: expected UTF-8, found other bytes".to_owned());
        let mut out = vec![None; self.n];
        for (row, text) in texts(column) {
            out[row] = Some(Box::from(std::str::from_utf8(text.data()).map_err(fault)?));
        }
        Ok(Some(out))
    }

    fn covariances(&self) -> Result<Option<Vec<Option<[f64; 6]>>>> {
        let mut out: Option<Vec<Option<[f64; 6]>>> = None;
        for group in GROUPS {
            let names = group.covariance();
            if !self.any(&[&names[0]]) {
                continue;
            }
            // NaN is a value here, so presence comes from the levels
            let Some(first) = self.column(&names[0], Kind::F64)?.filter(|c| !c.is_absent()) else { continue };
            let present = first.levels.unwrap_or_else(|| vec![1; self.n]);
            let columns = names.iter().map(|name| self.f64(&[name], f64::NAN)).collect::<Result<Vec<_>>>()?;
            let out = out.get_or_insert_with(|| vec![None; self.n]);
            for (i, cell) in out.iter_mut().enumerate().filter(|(i, _)| present[*i] > 0) {
                *cell = Some(std::array::from_fn(|k| columns[k][i]));
            }
        }
        Ok(out)
    }

    fn extent_deviations(&self) -> Result<Option<Vec<Option<[f64; 3]>>>> {
        let mut out: Option<Vec<Option<[f64; 3]>>> = None;
        for group in [Group::Metre, Group::Pixel, Group::Own] {
            let names = group.extent_deviation();
            if !self.any(&names) {
                continue;
            }
            let columns = names.iter().map(|name| self.f64(&[name], f64::NAN)).collect::<Result<Vec<_>>>()?;
            let rows = columns[0].iter().zip(&columns[1]).zip(&columns[2]);
            for (i, ((x, y), z)) in rows.enumerate() {
                let row = [*x, *y, *z];
                if row.iter().all(|v| !v.is_nan()) {
                    out.get_or_insert_with(|| vec![None; self.n])[i] = Some(row);
                }
            }
        }
        Ok(out)
    }

    fn origins(&self) -> Result<Vec<Origin>> {
        let parse = |text: &str| {
            origin_of(text).ok_or_else(|| {
                let shown: String = text.chars().take(40).collect();
                self.source.fault(format!("column origin: expected an origin, found {shown:?}"))
            })
        };
        if let Some(text) = self.source.constant_text("origin")? {
            return Ok(vec![parse(&text)?; self.n]);
        }
        let column = self.column("origin", Kind::Text)?;
        let column = column.filter(|c| c.values.len() == self.n);
        let column = column
            .ok_or_else(|| self.source.fault("column origin: expected a value in every row".to_owned()))?;
        texts(column).map(|(_, text)| parse(&String::from_utf8_lossy(text.data()))).collect()
    }
}

fn unique(mut names: [&str; 4]) -> Vec<&str> {
    names.sort_unstable();
    let mut names = names.to_vec();
    names.dedup();
    names
}

/// Writes the values of a column over the rows that have one.
fn fill<T: Copy>(out: &mut [T], column: Column, unpack: impl Fn(Values) -> Option<Vec<T>>) {
    let values = unpack(column.values).unwrap_or_default();
    match column.levels {
        None => out.iter_mut().zip(values).for_each(|(cell, v)| *cell = v),
        Some(levels) => {
            let present = out.iter_mut().zip(&levels).filter(|(_, level)| **level > 0);
            present.zip(values).for_each(|((cell, _), v)| *cell = v);
        }
    }
}

/// Rows that have a text, with the text.
fn texts(column: Column) -> impl Iterator<Item = (usize, ByteArray)> {
    let Values::Text(values) = column.values else { return Vec::new().into_iter() };
    let rows: Vec<usize> = match column.levels {
        None => (0..values.len()).collect(),
        Some(levels) => (0..levels.len()).filter(|&i| levels[i] > 0).collect(),
    };
    rows.into_iter().zip(values).collect::<Vec<_>>().into_iter()
}

pub(crate) fn origin_text(origin: Origin) -> &'static str {
    match origin {
        Origin::Observed => "observed",
        Origin::Annotated => "annotated",
        Origin::Interpolated => "interpolated",
        Origin::Predicted => "predicted",
        Origin::Simulated => "simulated",
    }
}

fn origin_of(text: &str) -> Option<Origin> {
    const ALL: [Origin; 5] =
        [Origin::Observed, Origin::Annotated, Origin::Interpolated, Origin::Predicted, Origin::Simulated];
    ALL.into_iter().find(|&origin| origin_text(origin) == text)
}
