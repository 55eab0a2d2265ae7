//! One part: an immutable Parquet file, written once, verified block by block when read.
//!
//! ```text
//!  row groups ............................ | column index, offset index, footer
//!  └ blocks of 4 KiB, XXH3-64 of each ─────┼─▶ in the footer's key `chronotope.blocks`
//!                                          └─── the tail: XXH3-64 in the manifest
//!  └──────────────── SHA-256 of all of it in the manifest, 16 digits of it in the name ────────────────┘
//! ```
//!
//! A reader that wants a few pages verifies a few blocks; `check` verifies the SHA-256 of every part.

use super::columns::{Column, Kind, Values, kind_of};
use super::manifest::{PARTS, PartEntry, sync_folder};
use super::page::Pages;
use super::{MOST_CHUNK_ROWS, PAGE_ROWS};
use crate::error::{Error, Result};
use bytes::Bytes;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::page::PageReader;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{BoolType, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::page_index::index_reader::{decode_column_index, decode_offset_index};
use parquet::file::page_index::offset_index::PageLocation;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::file::statistics::Statistics;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use twox_hash::XxHash3_64;

/// How this program calls itself in the parts that it writes, before its version.
const CREATED_BY: &str = "chronotope ";
/// Bytes that share a checksum: a few short pages. A part says its own; powers of two within [`BLOCKS`] are read.
pub(super) const BLOCK: usize = 4 << 10;
const BLOCKS: Range<usize> = (1 << 10)..(1 << 20);
/// What is read on from where the last read ended is read in stretches of this.
const AHEAD: u64 = 16 << 10;
/// The key of the footer under which the checksums stand: `BLOCK,END,HEX…`.
const BLOCKS_KEY: &str = "chronotope.blocks";
/// Indexes and footer of the largest honest part stay far below.
const MOST_TAIL: u64 = 64 << 20;
/// A page holds at most this many bytes unpacked; ours hold about 1 MiB.
const MOST_PAGE: i64 = 64 << 20;

/// A part being written.
pub(crate) struct PartWriter {
    writer: SerializedFileWriter<Hashing>,
    table: String,
    n: u64,
    partial: PathBuf,
    folder: PathBuf,
    rows: u64,
    schema: Vec<(String, Kind, bool)>,
}

impl PartWriter {
    /// Begins part `n` of a table with the columns of its first row group.
    pub(crate) fn create(bundle: &Path, table: &str, n: u64, columns: &[Column]) -> Result<PartWriter> {
        let folder = bundle.join(PARTS);
        let partial = folder.join(format!("{table}-{n}.writing"));
        let fault = |error: ParquetError| unreadable(table, &partial, &error);
        let fields =
            columns.iter().map(Column::parquet_type).collect::<Result<Vec<_>, _>>().map_err(fault)?;
        let schema = Type::group_type_builder(table).with_fields(fields).build().map_err(fault)?;
        let file = File::create(&partial).map_err(Error::io("create", &partial))?;
        let writer = SerializedFileWriter::new(Hashing::new(file), Arc::new(schema), properties(columns))
            .map_err(|error| failed(table, &partial, error))?;
        let schema = columns.iter().map(|c| (c.name.clone(), c.kind, c.levels.is_some())).collect();
        Ok(PartWriter { writer, table: table.to_owned(), n, partial, folder, rows: 0, schema })
    }

    /// The part can hold a row group of these columns.
    pub(crate) fn takes(&self, columns: &[Column]) -> bool {
        columns.iter().all(|c| self.schema.iter().any(|(name, kind, _)| *name == c.name && *kind == c.kind))
    }

    /// Number of row groups so far.
    pub(crate) fn row_groups(&self) -> usize {
        self.writer.flushed_row_groups().len()
    }

    /// Writes a row group; columns that are not given are absent from all its rows.
    pub(crate) fn row_group(&mut self, rows: usize, columns: Vec<Column>) -> Result<()> {
        let mut columns: BTreeMap<String, Column> =
            columns.into_iter().map(|c| (c.name.clone(), c)).collect();
        let schema = &self.schema;
        let mut write = || -> Result<(), ParquetError> {
            let mut group = self.writer.next_row_group()?;
            for (name, kind, _) in schema {
                let column = columns.remove(name).unwrap_or_else(|| Column::absent(name, *kind, rows));
                let Some(mut writer) = group.next_column()? else { break };
                let levels = column.levels.as_deref();
                match &column.values {
                    Values::I64(v) => writer.typed::<Int64Type>().write_batch(v, levels, None)?,
                    Values::I32(v) => writer.typed::<Int32Type>().write_batch(v, levels, None)?,
                    Values::F64(v) => writer.typed::<DoubleType>().write_batch(v, levels, None)?,
                    Values::Bool(v) => writer.typed::<BoolType>().write_batch(v, levels, None)?,
                    Values::Text(v) => writer.typed::<ByteArrayType>().write_batch(v, levels, None)?,
                };
                writer.close()?;
            }
            group.close().map(|_metadata| ())
        };
        write().map_err(|error| failed(&self.table, &self.partial, error))?;
        self.rows += rows as u64;
        Ok(())
    }

    /// Ends, syncs and names the part. The folder is synced by the commit.
    pub(crate) fn finish(mut self) -> Result<PartEntry> {
        let (table, partial) = (self.table.clone(), self.partial.clone());
        let wrong = |error: ParquetError| failed(&table, &partial, error);
        self.writer.flush().map_err(|error| Error::io("write", &partial)(error))?;
        let blocks = self.writer.inner_mut().end_of_blocks();
        self.writer.append_key_value_metadata(KeyValue { key: BLOCKS_KEY.to_owned(), value: Some(blocks) });
        let hashing = self.writer.into_inner().map_err(wrong)?;
        let (bytes, tail, sha256) = hashing.finish().map_err(Error::io("write", &partial))?;
        let file = format!("{table}-{}-{}.parquet", self.n, &sha256[..16]);
        let path = self.folder.join(&file);
        std::fs::rename(&partial, &path).map_err(Error::io("rename", &path))?;
        Ok(PartEntry {
            file,
            rows: self.rows,
            bytes,
            sha256,
            tail_bytes: tail.len() as u64,
            tail_xxh3: format!("{:016x}", XxHash3_64::oneshot(&tail)),
            chunks: Vec::new(),
        })
    }
}

/// How columns are laid out: what changes from row to row stands in short pages, so that a reader can leave out most.
fn properties(columns: &[Column]) -> Arc<WriterProperties> {
    let zstd = ZstdLevel::try_new(1).unwrap_or_default();
    let mut p = WriterProperties::builder()
        .set_created_by(format!("{CREATED_BY}{}", env!("CARGO_PKG_VERSION")))
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::ZSTD(zstd))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_write_batch_size(PAGE_ROWS)
        .set_data_page_row_count_limit(MOST_CHUNK_ROWS)
        .set_max_row_group_row_count(None);
    for column in columns {
        let path = ColumnPath::from(column.name.as_str());
        let short = super::samples::is_measured(&column.name);
        if short {
            p = p.set_column_data_page_row_count_limit(path.clone(), PAGE_ROWS);
        }
        let dictionary = matches!(column.kind, Kind::Text) || super::samples::is_repeated(&column.name);
        p = p.set_column_dictionary_enabled(path.clone(), dictionary);
        if !dictionary {
            let encoding = match column.kind {
                Kind::I64 | Kind::U64 | Kind::U32 => Encoding::DELTA_BINARY_PACKED,
                Kind::F64 => Encoding::BYTE_STREAM_SPLIT,
                Kind::Bool => Encoding::RLE,
                Kind::Text => Encoding::DELTA_LENGTH_BYTE_ARRAY,
            };
            p = p.set_column_encoding(path.clone(), encoding);
        }
        if super::samples::is_bounded(&column.name) {
            p = p.set_column_statistics_enabled(path, EnabledStatistics::Page);
        }
    }
    Arc::new(p.build())
}

/// A file that hashes what is written to it.
struct Hashing {
    file: BufWriter<File>,
    sha256: Sha256,
    bytes: u64,
    block: Vec<u8>,
    hashes: String,
    /// What was written after the blocks.
    tail: Option<Vec<u8>>,
}

impl Hashing {
    fn new(file: File) -> Hashing {
        Hashing {
            file: BufWriter::with_capacity(1 << 20, file),
            sha256: Sha256::new(),
            bytes: 0,
            block: Vec::with_capacity(BLOCK),
            hashes: String::new(),
            tail: None,
        }
    }

    fn end_of_blocks(&mut self) -> String {
        if !self.block.is_empty() {
            self.hashes.push_str(&format!("{:016x}", XxHash3_64::oneshot(&self.block)));
            self.block.clear();
        }
        self.tail = Some(Vec::new());
        format!("{BLOCK},{},{}", self.bytes, self.hashes)
    }

    fn finish(self) -> std::io::Result<(u64, Vec<u8>, String)> {
        let file = self.file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok((self.bytes, self.tail.unwrap_or_default(), hexadecimal(&self.sha256.finalize())))
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write_all(bytes)?;
        self.sha256.update(bytes);
        self.bytes += bytes.len() as u64;
        if let Some(tail) = &mut self.tail {
            tail.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(BLOCK - self.block.len()));
            self.block.extend_from_slice(now);
            if self.block.len() == BLOCK {
                self.hashes.push_str(&format!("{:016x}", XxHash3_64::oneshot(&self.block)));
                self.block.clear();
            }
            rest = later;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0'); // a nibble is below 16
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

/// Values that are present, and which rows have one.
type Decoded<T> = (Vec<T>, Option<Vec<i16>>);

/// A part open for reading.
pub(crate) struct Part {
    table: String,
    path: PathBuf,
    blocks: Arc<Blocks>,
    metadata: ParquetMetaData,
    /// Position and kind of each column that a table can have; others are left alone.
    columns: BTreeMap<String, (usize, Kind)>,
    /// Names of columns that are nested or of another type.
    strange: Vec<String>,
    /// Written by this program: pages are laid out as [`Pages`] reads them.
    ours: bool,
    /// Where the pages of the columns read last lie, by where that is written.
    located: Mutex<BTreeMap<i64, Arc<[PageLocation]>>>,
}

/// Columns of row groups of which a part remembers where the pages lie: 3 MB at most.
const MOST_LOCATED: usize = 256;

impl Part {
    /// Opens a part that the manifest names, and verifies its tail.
    pub(crate) fn open(bundle: &Path, table: &str, entry: &PartEntry) -> Result<Part> {
        let file = open_plain(&bundle.join(PARTS).join(&entry.file), table, entry)?;
        Part::of(file, bundle, table, entry)
    }

    /// The file of a part, open, for [`Part::of`]; nothing is read.
    pub(crate) fn file(bundle: &Path, table: &str, entry: &PartEntry) -> Result<File> {
        open_plain(&bundle.join(PARTS).join(&entry.file), table, entry)
    }

    /// [`Part::open`] with a file that is open.
    pub(crate) fn of(file: File, bundle: &Path, table: &str, entry: &PartEntry) -> Result<Part> {
        let path = bundle.join(PARTS).join(&entry.file);
        let fault = |fault: String| Error::Part { table: table.to_owned(), fault, path: path.clone() };
        let tail = tail_of(&file, &path, table, entry)?;
        let footer = footer_of(&tail).ok_or_else(|| {
            fault("expected a Parquet footer at the end of the file, found none".to_owned())
        })?;
        let metadata = guarded(|| ParquetMetaDataReader::decode_metadata(footer)).map_err(fault)?;
        let file_metadata = metadata.file_metadata();
        if u64::try_from(file_metadata.num_rows()).ok() != Some(entry.rows) {
            return Err(fault(format!("expected {} rows, found {}", entry.rows, file_metadata.num_rows())));
        }
        let mut sum = 0i64;
        for group in metadata.row_groups() {
            if group.num_rows() < 0 || group.num_rows() > MOST_CHUNK_ROWS as i64 {
                return Err(fault(format!(
                    "expected 0 to {MOST_CHUNK_ROWS} rows in a row group, found {}",
                    group.num_rows()
                )));
            }
            sum = sum.saturating_add(group.num_rows());
        }
        if sum != file_metadata.num_rows() {
            return Err(fault(format!(
                "expected {} rows in row groups, found {sum}",
                file_metadata.num_rows()
            )));
        }
        let text = file_metadata
            .key_value_metadata()
            .and_then(|pairs| pairs.iter().find(|pair| pair.key == BLOCKS_KEY))
            .and_then(|pair| pair.value.as_deref());
        let data_end = entry.bytes - entry.tail_bytes;
        let (block, hashes) = text.and_then(|text| block_hashes(text, data_end)).ok_or_else(|| {
            fault("expected checksums of the blocks in the footer, found none that fit".to_owned())
        })?;
        let blocks = Blocks {
            verified: hashes.iter().map(|_hash| AtomicU8::new(0)).collect(),
            block,
            hashes,
            file,
            last_read: Mutex::default(),
            data_end,
            len: entry.bytes,
            tail,
        };
        let (mut columns, mut strange) = (BTreeMap::new(), Vec::new());
        for (i, column) in file_metadata.schema_descr().columns().iter().enumerate() {
            match kind_of(column) {
                Some(kind) => {
                    columns.insert(column.name().to_owned(), (i, kind));
                }
                None => strange.push(column.path().string()),
            }
        }
        let ours = file_metadata.created_by().is_some_and(|writer| writer.starts_with(CREATED_BY));
        Ok(Part {
            table: table.to_owned(),
            path,
            blocks: Arc::new(blocks),
            metadata,
            columns,
            strange,
            ours,
            located: Mutex::default(),
        })
    }

    /// Number of row groups.
    pub(crate) fn n_row_groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Rows of a row group.
    pub(crate) fn rows(&self, group: usize) -> Result<usize> {
        Ok(self.group(group)?.num_rows() as usize)
    }

    /// Names and kinds of the columns that can be read, and the names of others.
    pub(crate) fn columns(&self) -> (impl Iterator<Item = (&str, Kind)>, &[String]) {
        (self.columns.iter().map(|(name, (_, kind))| (name.as_str(), *kind)), &self.strange)
    }

    /// An error that names this part.
    pub(crate) fn fault(&self, fault: impl Into<String>) -> Error {
        Error::Part { table: self.table.clone(), fault: fault.into(), path: self.path.clone() }
    }

    /// Reads a column of a row group, only these rows where given (ascending, disjoint). None where the part lacks it.
    pub(crate) fn read(
        &self,
        group: usize,
        name: &str,
        rows: Option<&[Range<usize>]>,
    ) -> Result<Option<Column>> {
        let Some(&(index, kind)) = self.columns.get(name) else { return Ok(None) };
        let all = 0..self.rows(group)?;
        let ranges = rows.unwrap_or(std::slice::from_ref(&all));
        let n: usize = ranges.iter().map(ExactSizeIterator::len).sum();
        let row_group = self.group(group)?;
        if let Some(constant) = constant(row_group, index, kind, n) {
            return Ok(Some(Column { name: name.to_owned(), ..constant }));
        }
        let read = || -> Result<Column, ParquetError> {
            let (values, levels) = match kind {
                Kind::I64 | Kind::U64 => {
                    let (values, levels) = self.read_typed::<Int64Type>(row_group, index, ranges, n)?;
                    (Values::I64(values), levels)
                }
                Kind::U32 => {
                    let (values, levels) = self.read_typed::<Int32Type>(row_group, index, ranges, n)?;
                    (Values::I32(values), levels)
                }
                Kind::F64 => {
                    let (values, levels) = self.read_typed::<DoubleType>(row_group, index, ranges, n)?;
                    (Values::F64(values), levels)
                }
                Kind::Bool => {
                    let (values, levels) = self.read_typed::<BoolType>(row_group, index, ranges, n)?;
                    (Values::Bool(values), levels)
                }
                Kind::Text => {
                    let (values, levels) = self.read_typed::<ByteArrayType>(row_group, index, ranges, n)?;
                    (Values::Text(values), levels)
                }
            };
            Ok(Column { name: name.to_owned(), kind, values, levels })
        };
        guarded(read).map(Some).map_err(|fault| self.fault(format!("column {name}: {fault}")))
    }

    fn read_typed<T: DataType>(
        &self,
        group: &RowGroupMetaData,
        index: usize,
        ranges: &[Range<usize>],
        n: usize,
    ) -> Result<Decoded<T::T>, ParquetError> {
        let column = group.column(index);
        let pages = self.pages(group, index)?;
        let (blocks, rows) = (Arc::clone(&self.blocks), group.num_rows() as usize);
        let reader: Box<dyn PageReader> = match column.compression() {
            Compression::ZSTD(_) if self.ours => {
                Box::new(Pages::new(blocks, column.byte_range().0, pages, rows, MOST_PAGE))
            }
            _ => Box::new(SerializedPageReader::new(blocks, column, rows, Some(pages.to_vec()))?),
        };
        let mut reader = ColumnReaderImpl::<T>::new(column.column_descr_ptr(), reader);
        let mut values = Vec::with_capacity(n);
        let mut levels = (column.column_descr().max_def_level() > 0).then(|| Vec::with_capacity(n));
        let mut at = 0;
        for range in ranges {
            let skipped = reader.skip_records(range.start.saturating_sub(at))?;
            let (records, _, _) = reader.read_records(range.len(), levels.as_mut(), None, &mut values)?;
            if skipped != range.start.saturating_sub(at) || records != range.len() {
                return Err(ParquetError::General(format!(
                    "expected rows {} to {}, found fewer",
                    range.start, range.end
                )));
            }
            at = range.end;
        }
        Ok((values, levels))
    }

    /// Where the pages of a column lie.
    fn pages(&self, group: &RowGroupMetaData, index: usize) -> Result<Arc<[PageLocation]>, ParquetError> {
        let column = group.column(index);
        let wrong = |what: &str| ParquetError::General(format!("expected {what}, found none that fits"));
        let offset = column.offset_index_offset().ok_or_else(|| wrong("an offset index"))?;
        let mut located = self.located.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pages) = located.get(&offset) {
            return Ok(Arc::clone(pages));
        }
        let length = column.offset_index_length().ok_or_else(|| wrong("an offset index"))?;
        let bytes = self.blocks.tail_at(offset, length).ok_or_else(|| wrong("an offset index"))?;
        let pages: Arc<[PageLocation]> = decode_offset_index(&bytes)?.page_locations().as_slice().into();
        let ascending = pages.windows(2).all(|pair| pair[0].first_row_index < pair[1].first_row_index);
        let first = pages.first().is_none_or(|page| page.first_row_index == 0);
        let last = pages.last().is_none_or(|page| page.first_row_index < group.num_rows().max(1));
        let sizes = pages.iter().all(|page| page.compressed_page_size > 0 && page.offset >= 0);
        if !(ascending && first && last && sizes) {
            return Err(wrong("page locations that ascend"));
        }
        if located.len() >= MOST_LOCATED {
            located.clear();
        }
        located.insert(offset, Arc::clone(&pages));
        Ok(pages)
    }

    /// For each page of a number column: its first row, and the smallest and largest value (none: no value). None
    /// where the part has no such column or no index of it.
    pub(crate) fn page_bounds(&self, group: usize, name: &str) -> Result<Option<Vec<PageBounds>>> {
        let Some(&(index, kind)) = self.columns.get(name) else { return Ok(None) };
        let row_group = self.group(group)?;
        let column = row_group.column(index);
        let range = column.column_index_offset().zip(column.column_index_length());
        let Some((offset, length)) = range else { return Ok(None) };
        let read = || -> Result<Option<Vec<PageBounds>>, ParquetError> {
            let Some(bytes) = self.blocks.tail_at(offset, length) else { return Ok(None) };
            let pages = self.pages(row_group, index)?;
            let index = decode_column_index(&bytes, column.column_type())?;
            if index.num_pages() != pages.len() as u64 {
                return Ok(None);
            }
            let bounds = |k: usize| -> Option<[f64; 2]> {
                // u64 has its own order, which INT64's statistics follow by its logical type
                let wide = |v: i64| if kind == Kind::U64 { v.cast_unsigned() as f64 } else { v as f64 };
                match &index {
                    ColumnIndexMetaData::DOUBLE(i) => Some([*i.min_value(k)?, *i.max_value(k)?]),
                    // one step out: a nanosecond of 2026 does not fit f64
                    ColumnIndexMetaData::INT64(i) => {
                        Some([wide(*i.min_value(k)?).next_down(), wide(*i.max_value(k)?).next_up()])
                    }
                    _ => Some([f64::NEG_INFINITY, f64::INFINITY]),
                }
            };
            let starts = pages.iter().map(|page| page.first_row_index as usize);
            Ok(Some(
                starts
                    .enumerate()
                    .map(|(k, first_row)| PageBounds { first_row, bounds: bounds(k) })
                    .collect(),
            ))
        };
        guarded(read).map_err(|fault| self.fault(format!("column {name}: {fault}")))
    }

    /// The text that all rows of a column have, by its statistics; none where they may differ.
    pub(crate) fn constant_text(&self, group: usize, name: &str) -> Result<Option<String>> {
        let Some(&(index, Kind::Text)) = self.columns.get(name) else { return Ok(None) };
        let statistics = self.group(group)?.column(index).statistics();
        Ok(statistics.and_then(|statistics| match statistics {
            Statistics::ByteArray(s)
                if s.null_count_opt() == Some(0) && s.min_is_exact() && s.max_is_exact() =>
            {
                let (min, max) = s.min_opt().zip(s.max_opt())?;
                (min == max).then(|| String::from_utf8_lossy(min.data()).into_owned())
            }
            _ => None,
        }))
    }

    fn group(&self, group: usize) -> Result<&RowGroupMetaData> {
        let n = self.metadata.num_row_groups();
        self.metadata
            .row_groups()
            .get(group)
            .ok_or_else(|| self.fault(format!("expected row group {group}, found {n} row groups")))
    }
}

/// What the column index says of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageBounds {
    pub(crate) first_row: usize,
    pub(crate) bounds: Option<[f64; 2]>,
}

/// A column of one value, or of none, by its statistics: no page is read.
fn constant(group: &RowGroupMetaData, index: usize, kind: Kind, n: usize) -> Option<Column> {
    let column = group.column(index);
    let statistics = column.statistics()?;
    let nulls = statistics.null_count_opt()?;
    if nulls == group.num_rows() as u64 && column.column_descr().max_def_level() == 1 {
        return Some(Column::absent("", kind, n));
    }
    if nulls != 0 || !statistics.min_is_exact() || !statistics.max_is_exact() {
        return None;
    }
    let values = match statistics {
        Statistics::Int64(s) if s.min_opt()? == s.max_opt()? => Values::I64(vec![*s.min_opt()?; n]),
        Statistics::Int32(s) if s.min_opt()? == s.max_opt()? => Values::I32(vec![*s.min_opt()?; n]),
        // bits must be equal, and ±0 is widened by writers
        Statistics::Double(s) if s.min_opt()?.to_bits() == s.max_opt()?.to_bits() => {
            Values::F64(vec![*s.min_opt()?; n])
        }
        _ => return None,
    };
    let levels = (column.column_descr().max_def_level() > 0).then(|| vec![1; n]);
    Some(Column { name: String::new(), kind, values, levels })
}

/// Verifies the SHA-256 of a whole part.
pub(crate) fn verify(bundle: &Path, table: &str, entry: &PartEntry) -> Result<()> {
    let path = bundle.join(PARTS).join(&entry.file);
    let fault = |fault: String| Error::Part { table: table.to_owned(), fault, path: path.clone() };
    let mut file = open_plain(&path, table, entry)?;
    let mut hash = Sha256::new();
    std::io::copy(&mut file, &mut hash).map_err(Error::io("read", &path))?;
    let found = hexadecimal(&hash.finalize());
    if found != entry.sha256 {
        return Err(fault(format!("expected SHA-256 {}, found {found}", entry.sha256)));
    }
    if !entry.file.ends_with(&format!("-{}.parquet", &found[..16])) {
        return Err(fault(format!("expected a name that ends in {}, as the SHA-256 begins", &found[..16])));
    }
    Ok(())
}

/// Syncs the folder of the parts.
pub(crate) fn sync_parts(bundle: &Path) -> Result<()> {
    sync_folder(&bundle.join(PARTS))
}

fn open_plain(path: &Path, table: &str, entry: &PartEntry) -> Result<File> {
    let fault = |fault: String| Error::Part { table: table.to_owned(), fault, path: path.to_owned() };
    let folder = path.parent().unwrap_or(path);
    let plain_folder = std::fs::symlink_metadata(folder).is_ok_and(|m| m.is_dir());
    let metadata = std::fs::symlink_metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            fault("expected the part that the manifest names, found no file".to_owned())
        }
        _ => Error::io("read", path)(error),
    })?;
    if !plain_folder || !metadata.is_file() {
        return Err(fault(
            "expected a plain file in a plain folder, found a link or something else".to_owned(),
        ));
    }
    if metadata.len() != entry.bytes {
        return Err(fault(format!("expected {} bytes, found {}", entry.bytes, metadata.len())));
    }
    File::open(path).map_err(Error::io("open", path))
}

/// Indexes and footer, verified.
fn tail_of(file: &File, path: &Path, table: &str, entry: &PartEntry) -> Result<Bytes> {
    let fault = |fault: String| Error::Part { table: table.to_owned(), fault, path: path.to_owned() };
    if entry.tail_bytes > entry.bytes.min(MOST_TAIL) || entry.tail_bytes < 8 {
        return Err(fault(format!("expected a tail of 8 to {MOST_TAIL} bytes, found {}", entry.tail_bytes)));
    }
    let mut tail = vec![0; entry.tail_bytes as usize];
    read_at(file, &mut tail, entry.bytes - entry.tail_bytes).map_err(Error::io("read", path))?;
    if format!("{:016x}", XxHash3_64::oneshot(&tail)) != entry.tail_xxh3 {
        return Err(fault(
            "expected the checksum of the manifest at the end of the file, found another".to_owned(),
        ));
    }
    Ok(Bytes::from(tail))
}

/// Length and checksums of the blocks before `data_end`; none where the text does not fit.
fn block_hashes(text: &str, data_end: u64) -> Option<(usize, Vec<u64>)> {
    let mut parts = text.splitn(3, ',');
    let (block, end, hashes) = (parts.next()?, parts.next()?, parts.next()?);
    let block =
        block.parse().ok().filter(|block: &usize| BLOCKS.contains(block) && block.is_power_of_two())?;
    let expected = data_end.div_ceil(block as u64);
    let fits = end.parse() == Ok(data_end) && hashes.is_ascii();
    if !fits || hashes.len() as u64 != expected * 16 {
        return None;
    }
    let hashes: Option<Vec<u64>> =
        (0..hashes.len()).step_by(16).map(|i| u64::from_str_radix(&hashes[i..i + 16], 16).ok()).collect();
    Some((block, hashes?))
}

/// The bytes of a part, each block verified when it is first read.
struct Blocks {
    file: File,
    len: u64,
    data_end: u64,
    tail: Bytes,
    block: usize,
    hashes: Vec<u64>,
    verified: Vec<AtomicU8>,
    /// Where the blocks that were read last begin, and their bytes.
    last_read: Mutex<(u64, Bytes)>,
}

impl Blocks {
    fn tail_at(&self, offset: i64, length: i32) -> Option<Bytes> {
        let from = u64::try_from(offset).ok()?.checked_sub(self.data_end)? as usize;
        let to = from.checked_add(usize::try_from(length).ok()?)?;
        (to <= self.tail.len()).then(|| self.tail.slice(from..to))
    }

    fn read(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let end = start.checked_add(length as u64).filter(|&end| end <= self.data_end);
        let end = end.ok_or_else(|| ParquetError::General("expected a page within the file".to_owned()))?;
        // pages are asked for in order: the next one often lies in the blocks that were read last
        let mut last_read = self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, bytes) = &*last_read;
        if *at <= start && end <= *at + bytes.len() as u64 {
            let skip = (start - at) as usize;
            return Ok(bytes.slice(skip..skip + length));
        }
        let block = self.block as u64;
        let from = start / block * block;
        let goes_on = start <= *at + bytes.len() as u64 && *at <= start && !bytes.is_empty();
        let until = if goes_on { end.max(from + AHEAD) } else { end };
        let to = (until.div_ceil(block) * block).min(self.data_end);
        let first = (from / block) as usize;
        let mut bytes = vec![0; (to - from) as usize];
        read_at(&self.file, &mut bytes, from)?;
        for (k, block) in bytes.chunks(self.block).enumerate() {
            let verified = &self.verified[first + k];
            if verified.load(Ordering::Relaxed) == 1 {
                continue;
            }
            if XxHash3_64::oneshot(block) != self.hashes[first + k] {
                let at = from + (k * self.block) as u64;
                return Err(ParquetError::General(format!(
                    "expected another checksum of the bytes from {at} on"
                )));
            }
            verified.store(1, Ordering::Relaxed);
        }
        let bytes = Bytes::from(bytes);
        *last_read = (from, bytes.clone());
        let skip = (start - from) as usize;
        Ok(bytes.slice(skip..skip + length))
    }
}

impl Length for Blocks {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Blocks {
    type T = std::io::Empty;

    fn get_read(&self, _start: u64) -> Result<Self::T, ParquetError> {
        Err(ParquetError::General("expected page locations".to_owned()))
    }

    /// With page locations, each call asks for one page with its header.
    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let page = self.read(start, length)?;
        match unpacked_size(&page) {
            Some(size) if (0..=MOST_PAGE).contains(&size) => Ok(page),
            size => Err(ParquetError::General(format!(
                "expected a page of at most {MOST_PAGE} bytes unpacked, found {size:?}"
            ))),
        }
    }
}

/// The second field of a page header (Thrift compact: type, then the unpacked size), both i32 by zigzag.
fn unpacked_size(page: &[u8]) -> Option<i64> {
    let mut at = 0;
    let mut field = || -> Option<i64> {
        if *page.get(at)? != 0x15 {
            return None;
        }
        at += 1;
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = *page.get(at)?;
            at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some((value >> 1) as i64 ^ -((value & 1) as i64));
            }
        }
        None
    };
    field()?;
    field()
}

/// The metadata of a Parquet file: before its length and the last four letters.
fn footer_of(tail: &[u8]) -> Option<&[u8]> {
    let (rest, end) = tail.split_last_chunk::<8>()?;
    let length = u32::from_le_bytes([end[0], end[1], end[2], end[3]]) as usize;
    (&end[4..] == b"PAR1").then(|| rest.len().checked_sub(length).map(|from| &rest[from..])).flatten()
}

/// Runs Parquet's reader. It is not ours: should it panic on bytes that somebody forged, that too is a fault of the part.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_panic) => Err("expected Parquet, found bytes that make no sense".to_owned()),
    }
}

fn unreadable(table: &str, path: &Path, error: &ParquetError) -> Error {
    Error::Part { table: table.to_owned(), fault: error.to_string(), path: path.to_owned() }
}

/// An error while writing: the system's where there is one.
fn failed(table: &str, path: &Path, error: ParquetError) -> Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(source) => Error::Io { what: "write", source: *source, path: path.to_owned() },
            Err(inner) => unreadable(table, path, &ParquetError::General(inner.to_string())),
        },
        error => unreadable(table, path, &error),
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let n = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if n == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[n..];
        offset += n as u64;
    }
    Ok(())
}
