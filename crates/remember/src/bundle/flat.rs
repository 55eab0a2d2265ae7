//! The tables of a World as flat columns in memory, named and typed as in a bundle's parts: what another library's tables are made of,
//! and what its tables become a World by.

use super::columns::{Cells, Column, Kind, Values};
use super::samples::{self, ColumnSource, Want};
use super::tables::{self, Marks, SMALL};
use crate::error::{Error, Result};
use chronotope_world::{MemoryStore, Record, SampleChunk, Tables, View, World};
use parquet::data_type::ByteArray;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The cells of a column, one for each row; what stands in a row without a value means nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum FlatValues {
    /// Times in nanoseconds, other signed numbers.
    I64(Vec<i64>),
    /// Ids, counts, revisions.
    U64(Vec<u64>),
    /// Small ids, numbers of pictures.
    U32(Vec<u32>),
    /// Measured numbers, in the unit that the name ends in.
    F64(Vec<f64>),
    /// Truths.
    Bool(Vec<bool>),
    /// Texts.
    Text(Vec<String>),
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct FlatColumn {
    /// As in a bundle's part: `t_ns`, `left_px`, `x_m`.
    pub name: String,
    /// The cells.
    pub values: FlatValues,
    /// Which rows have a value; none: all.
    pub present: Option<Vec<bool>>,
}

/// The tables by name, in the order of a bundle; `record` is one row with what holds for all, `closings` is told by the rows that are left out.
pub const TABLES: [&str; 15] = [
    "record",
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
    "samples",
];

/// Rows of a table that a World may be made of: so many, in these columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlatTable {
    /// How many rows.
    pub rows: usize,
    /// Their columns, each with a cell a row.
    pub columns: Vec<FlatColumn>,
}

/// The rows of a table that a World's view shows; none where there is no such table, or where it is that of the samples, which are read chunk
/// by chunk ([`sample_columns`]).
pub fn columns(world: &World, table: &str) -> Option<FlatTable> {
    if table == "record" {
        return Some(record(world.record()));
    }
    if !SMALL.contains(&table) || table == "closings" {
        return None;
    }
    let shown = shown(world.tables(), world.view());
    let (rows, columns) = tables::columns_of(table, &shown, &[], &Marks::default(), 0);
    Some(FlatTable { rows, columns: columns.into_iter().map(|column| flat(column, rows)).collect() })
}

/// The columns of a chunk of samples; optional ones only where a row has a value.
pub fn sample_columns(chunk: &SampleChunk, tables: &Tables) -> Vec<FlatColumn> {
    let columns = samples::columns_of(chunk, tables, 0);
    columns.into_iter().map(|column| flat(column, chunk.len())).collect()
}

/// How each sample of a chunk came about, as a bundle writes it.
pub fn origin_texts(chunk: &SampleChunk) -> impl Iterator<Item = &'static str> {
    chunk.origin.iter().map(|&origin| samples::origin_text(origin))
}

/// What the names of positions and sizes end in where it is the same for every row of a chunk: `m`, `px`, `unit`. None where rows differ,
/// or where places are degrees of longitude and latitude.
pub fn unit_of(chunk: &SampleChunk, tables: &Tables) -> Option<&'static str> {
    samples::unit_of(chunk, tables)
}

/// The World of tables by name, which [`TABLES`] lists; of the samples each element is a chunk. Integers and numbers of another width are
/// taken where they fit.
///
/// # Errors
/// A table or column that there is not, a cell that is missing or of another type, a row that names one that does not exist.
pub fn world(name: &str, given: BTreeMap<String, Vec<FlatTable>>) -> Result<World> {
    let wrong = |table: &str, fault: String| Error::Part {
        table: table.to_owned(),
        fault,
        path: PathBuf::from(name),
    };
    if let Some(table) = given.keys().find(|table| !TABLES.contains(&table.as_str())) {
        return Err(wrong(table, format!("expected a table ({}), found this one", TABLES.join(", "))));
    }
    let mut all =
        Tables { record: Record { name: name.to_owned(), ..Record::default() }, ..Tables::default() };
    let mut closings = Vec::new();
    for table in TABLES.into_iter().filter(|table| *table != "samples") {
        for part in given.get(table).into_iter().flatten() {
            let told = |fault| wrong(table, fault);
            let mut cells = cells(table, part).map_err(told)?;
            if table == "record" {
                all.record = read_record(&mut cells, &all.record).map_err(told)?;
            } else {
                tables::add_rows(table, &mut cells, &mut all, &mut closings).map_err(told)?;
            }
        }
    }
    super::read::check_ids(Path::new(name), &all)?;
    let mut chunks = Vec::new();
    for (n, part) in given.get("samples").into_iter().flatten().enumerate() {
        let told = |fault| wrong("samples", format!("batch {n}: {fault}"));
        let columns = typed("samples", part).map_err(told)?;
        let source = InMemory { rows: part.rows, columns, name };
        let chunk = samples::chunk_of(&source, Want::ALL)?;
        if let Some((row, fault)) = samples::fault_of(&chunk) {
            return Err(told(format!("row {row}: {fault}")));
        }
        let sorted = (1..chunk.len()).all(|i| {
            let key = |i: usize| (chunk.track[i], chunk.t_ns[i], chunk.id[i]);
            key(i - 1) <= key(i)
        });
        let rows = || (0..chunk.len()).map(|i| chunk.row(i)).collect();
        chunks.push(Arc::new(if sorted { chunk } else { SampleChunk::from_rows(rows()) }));
    }
    chunks.retain(|chunk| !chunk.is_empty());
    chronotope_world::check(&all, &chunks)?;
    let revision =
        given.values().flatten().flat_map(|part| &part.columns).filter_map(newest).max().unwrap_or(0);
    let name = all.record.name.clone();
    Ok(World::new(Arc::new(MemoryStore::new(name, revision, all, chunks))))
}

/// The greatest revision of a column of revisions.
fn newest(column: &FlatColumn) -> Option<u64> {
    let has = |row: usize| column.present.as_ref().is_none_or(|present| present[row]);
    let (FlatValues::U64(rows), "revision") = (&column.values, column.name.as_str()) else { return None };
    rows.iter().enumerate().filter(|(row, _)| has(*row)).map(|(_, revision)| *revision).max()
}

/// The rows of the small tables that a view shows.
fn shown(tables: &Tables, view: View) -> Tables {
    let mut shown = tables.clone();
    shown.sources.retain(|row| view.sees(row.known));
    shown.observers.retain(|row| view.sees(row.known));
    shown.tracks.retain(|row| view.sees(row.known));
    shown.identities.retain(|row| view.sees_open(row.known, row.closed));
    shown.labels.retain(|row| view.sees_open(row.known, row.closed));
    shown.coverage.retain(|row| view.sees(row.known));
    shown.transforms.retain(|row| view.sees(row.known));
    shown.events.retain(|row| view.sees_open(row.known, row.closed));
    shown.facts.retain(|row| view.sees_open(row.known, row.closed));
    shown
}

fn record(record: &Record) -> FlatTable {
    let columns = vec![
        Column::text("name", std::iter::once(Some(record.name.as_str()))),
        Column::i64("utc_start_ns", std::iter::once(record.utc_start_ns)),
        Column::i64("utc_uncertainty_ns", std::iter::once(record.utc_uncertainty_ns)),
        Column::bool("order_only", std::iter::once(Some(record.order_only))),
    ];
    FlatTable { rows: 1, columns: columns.into_iter().map(|column| flat(column, 1)).collect() }
}

fn read_record(cells: &mut Cells, before: &Record) -> std::result::Result<Record, String> {
    if cells.rows != 1 {
        return Err(format!("expected one row, found {}", cells.rows));
    }
    let name = cells.text("name")?.pop().flatten();
    Ok(Record {
        name: name.unwrap_or_else(|| before.name.clone()),
        utc_start_ns: cells.i64("utc_start_ns")?.pop().flatten(),
        utc_uncertainty_ns: cells.i64("utc_uncertainty_ns")?.pop().flatten(),
        order_only: cells.bool("order_only")?.pop().flatten().unwrap_or(false),
    })
}

/// With a cell in every row.
fn flat(column: Column, rows: usize) -> FlatColumn {
    let present: Option<Vec<bool>> =
        column.levels.as_ref().map(|levels| levels.iter().map(|&level| level > 0).collect());
    fn spread<T: Default>(values: Vec<T>, present: Option<&Vec<bool>>, rows: usize) -> Vec<T> {
        let Some(present) = present.filter(|_| values.len() < rows) else { return values };
        let mut values = values.into_iter();
        let cell = |has: &bool| if *has { values.next() } else { None }.unwrap_or_default();
        present.iter().map(cell).collect()
    }
    let given = present.as_ref();
    let values = match (column.values, column.kind) {
        (Values::I64(v), Kind::U64) => {
            FlatValues::U64(spread(v.into_iter().map(i64::cast_unsigned).collect(), given, rows))
        }
        (Values::I64(v), _) => FlatValues::I64(spread(v, given, rows)),
        (Values::I32(v), _) => {
            FlatValues::U32(spread(v.into_iter().map(i32::cast_unsigned).collect(), given, rows))
        }
        (Values::F64(v), _) => FlatValues::F64(spread(v, given, rows)),
        (Values::Bool(v), _) => FlatValues::Bool(spread(v, given, rows)),
        (Values::Text(v), _) => {
            let text = |bytes: ByteArray| String::from_utf8_lossy(bytes.data()).into_owned();
            FlatValues::Text(spread(v.into_iter().map(text).collect(), given, rows))
        }
    };
    FlatColumn { name: column.name, values, present: present.filter(|p| p.contains(&false)) }
}

/// What the columns of a table hold, by name.
fn kinds(table: &str) -> BTreeMap<String, Kind> {
    let columns = match table {
        "samples" => return samples::kinds(),
        "record" => {
            return [
                ("name", Kind::Text),
                ("utc_start_ns", Kind::I64),
                ("utc_uncertainty_ns", Kind::I64),
                ("order_only", Kind::Bool),
            ]
            .map(|(name, kind)| (name.to_owned(), kind))
            .into();
        }
        _ => tables::columns_of(table, &Tables::default(), &[], &Marks::default(), 0).1,
    };
    columns.into_iter().map(|column| (column.name, column.kind)).collect()
}

fn cells(table: &str, given: &FlatTable) -> std::result::Result<Cells, String> {
    Ok(Cells::new(given.rows, typed(table, given)?))
}

/// The columns with the types of the table, values only where there are any.
fn typed(table: &str, given: &FlatTable) -> std::result::Result<Vec<Column>, String> {
    let kinds = kinds(table);
    let mut typed: Vec<Column> = Vec::new();
    for column in &given.columns {
        let kind = *kinds.get(&column.name).ok_or_else(|| {
            let names: Vec<&str> = kinds.keys().map(String::as_str).collect();
            format!("expected columns of {}, found `{}`", names.join(", "), column.name)
        })?;
        if typed.iter().any(|other| other.name == column.name) {
            return Err(format!("expected each column once, found `{}` twice", column.name));
        }
        let n = column.values.len();
        if n != given.rows || column.present.as_ref().is_some_and(|present| present.len() != n) {
            return Err(format!("column {}: expected {} cells, found {n}", column.name, given.rows));
        }
        let values = dense(column, kind).map_err(|fault| format!("column {}, {fault}", column.name))?;
        let levels = column.present.as_ref();
        let levels = levels.map(|present| present.iter().map(|&has| i16::from(has)).collect());
        typed.push(Column { name: column.name.clone(), kind, values, levels });
    }
    Ok(typed)
}

/// The values that are there, as this kind.
fn dense(column: &FlatColumn, kind: Kind) -> std::result::Result<Values, String> {
    let has = |row: usize| column.present.as_ref().is_none_or(|present| present[row]);
    fn all<T, V>(
        cells: &[T],
        has: impl Fn(usize) -> bool,
        value: impl Fn(&T) -> Option<V>,
        fault: impl Fn(&T) -> String,
    ) -> std::result::Result<Vec<V>, String> {
        let there = cells.iter().enumerate().filter(|(row, _)| has(*row));
        there.map(|(row, cell)| value(cell).ok_or_else(|| format!("row {row}: {}", fault(cell)))).collect()
    }
    let other = || {
        let found = match &column.values {
            FlatValues::I64(_) | FlatValues::U64(_) | FlatValues::U32(_) => "whole numbers",
            FlatValues::F64(_) => "numbers",
            FlatValues::Bool(_) => "truths",
            FlatValues::Text(_) => "texts",
        };
        format!("row 0: expected {}, found {found}", named(kind))
    };
    let misfit = |cell: &i128| format!("expected {}, found {cell}", named(kind));
    let whole: Option<Vec<i128>> = match &column.values {
        FlatValues::I64(v) => Some(v.iter().map(|&v| v.into()).collect()),
        FlatValues::U64(v) => Some(v.iter().map(|&v| v.into()).collect()),
        FlatValues::U32(v) => Some(v.iter().map(|&v| v.into()).collect()),
        _ => None,
    };
    Ok(match (kind, &column.values, whole) {
        (Kind::I64, _, Some(v)) => Values::I64(all(&v, has, |&v| i64::try_from(v).ok(), misfit)?),
        (Kind::U64, _, Some(v)) => {
            Values::I64(all(&v, has, |&v| u64::try_from(v).ok().map(u64::cast_signed), misfit)?)
        }
        (Kind::U32, _, Some(v)) => {
            Values::I32(all(&v, has, |&v| u32::try_from(v).ok().map(u32::cast_signed), misfit)?)
        }
        (Kind::F64, _, Some(v)) => Values::F64(all(&v, has, |&v| Some(v as f64), misfit)?),
        (Kind::F64, FlatValues::F64(v), _) => Values::F64(all(v, has, |&v| Some(v), |_| String::new())?),
        (Kind::Bool, FlatValues::Bool(v), _) => Values::Bool(all(v, has, |&v| Some(v), |_| String::new())?),
        (Kind::Text, FlatValues::Text(v), _) => {
            Values::Text(all(v, has, |v| Some(ByteArray::from(v.as_str())), |_| String::new())?)
        }
        // a column without a value may come with any type
        _ if (0..column.values.len()).all(|row| !has(row)) => Column::absent("", kind, 0).values,
        _ => return Err(other()),
    })
}

fn named(kind: Kind) -> &'static str {
    match kind {
        Kind::I64 => "whole numbers of 64 bits",
        Kind::U64 => "whole numbers from 0 on",
        Kind::U32 => "whole numbers from 0 on, of 32 bits",
        Kind::F64 => "numbers",
        Kind::Bool => "truths",
        Kind::Text => "texts",
    }
}

impl FlatValues {
    /// How many cells.
    pub fn len(&self) -> usize {
        match self {
            FlatValues::I64(v) => v.len(),
            FlatValues::U64(v) => v.len(),
            FlatValues::U32(v) => v.len(),
            FlatValues::F64(v) => v.len(),
            FlatValues::Bool(v) => v.len(),
            FlatValues::Text(v) => v.len(),
        }
    }

    /// Has no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Columns of samples in memory.
struct InMemory<'a> {
    rows: usize,
    columns: Vec<Column>,
    name: &'a str,
}

impl ColumnSource for InMemory<'_> {
    fn rows(&self) -> usize {
        self.rows
    }

    fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    fn read(&self, name: &str) -> Result<Option<Column>> {
        Ok(self.columns.iter().find(|column| column.name == name).cloned())
    }

    fn constant_text(&self, _name: &str) -> Result<Option<String>> {
        Ok(None)
    }

    fn fault(&self, fault: String) -> Error {
        Error::Part { table: "samples".to_owned(), fault, path: PathBuf::from(self.name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::text;

    const STREET: &str = "record \"corner\"\nsource video \"corner.mp4\"\ncamera cam 640x360\ncoverage cam [0, 6) car\n\
        car 1 through cam gap 0.5\n  0: box (10, 100, 60, 40)\n  0.5: box (60, 100, 60, 40)\n\
        car 2 through cam gap 0.5\n  0: box (200, 100, 60, 40)\n";

    fn tables_of(world: &World) -> BTreeMap<String, Vec<FlatTable>> {
        let mut all: BTreeMap<String, Vec<FlatTable>> = TABLES
            .into_iter()
            .filter_map(|table| Some((table.to_owned(), vec![columns(world, table)?])))
            .collect();
        let chunks = (0..world.store().bounds().len()).map(|n| {
            let chunk = world.store().chunk(n).expect("a chunk");
            let columns = sample_columns(&chunk, world.tables());
            FlatTable { rows: chunk.len(), columns }
        });
        all.insert("samples".to_owned(), chunks.collect());
        all
    }

    #[test]
    fn a_world_is_the_same_after_its_tables() {
        let street = text::parse(STREET).expect("a World");
        let again = world("other", tables_of(&street)).expect("the same World");
        assert_eq!(text::print(&again).expect("text"), text::print(&street).expect("text"));
        assert_eq!(again.store().name(), street.store().name());
    }

    #[test]
    fn whole_numbers_fit_or_are_told_with_their_row() {
        let street = text::parse(STREET).expect("a World");
        let mut tables = tables_of(&street);
        let ids = &mut tables.get_mut("tracks").expect("tracks")[0].columns[0];
        ids.values = FlatValues::I64(vec![0, 1]);
        assert!(world("w", tables.clone()).is_ok());
        tables.get_mut("tracks").expect("tracks")[0].columns[0].values = FlatValues::I64(vec![0, -1]);
        let told = world("w", tables.clone()).expect_err("a negative id").to_string();
        assert!(told.contains("row 1") && told.contains("found -1"), "{told}");
        tables.get_mut("tracks").expect("tracks")[0].columns[0].name = "number".to_owned();
        assert!(world("w", tables).expect_err("no such column").to_string().contains("`number`"));
    }

    #[test]
    fn samples_in_any_order_are_sorted_and_unknown_tracks_are_refused() {
        let street = text::parse(STREET).expect("a World");
        let mut tables = tables_of(&street);
        for column in &mut tables.get_mut("samples").expect("samples")[0].columns {
            column.present.iter_mut().for_each(|present| present.reverse());
            match &mut column.values {
                FlatValues::I64(v) => v.reverse(),
                FlatValues::U64(v) => v.reverse(),
                FlatValues::U32(v) => v.reverse(),
                FlatValues::F64(v) => v.reverse(),
                FlatValues::Bool(v) => v.reverse(),
                FlatValues::Text(v) => v.reverse(),
            }
        }
        let sorted = world("w", tables.clone()).expect("sorted");
        assert_eq!(text::print(&sorted).expect("text"), text::print(&street).expect("text"));
        let track =
            tables.get_mut("samples").expect("samples")[0].columns.iter_mut().find(|c| c.name == "track");
        track.expect("a column").values = FlatValues::U64(vec![0, 1, 9]);
        assert!(world("w", tables).is_err());
    }
}
