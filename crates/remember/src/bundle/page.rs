//! Pages of a column chunk that this program wrote, read where the offset index says that they lie.
//!
//! Parquet's own reader makes a decompressor, and a compressor, for every column of every row group; a query that reads a few
//! pages of each spends most of its time on that. Here one decompressor a thread serves all. Pages are of version 1, packed by
//! Zstandard (Apache Parquet format, `PageHeader` in Thrift's compact protocol).

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::page_index::offset_index::PageLocation;
use parquet::file::reader::ChunkReader;
use std::cell::RefCell;
use std::sync::Arc;

/// The pages of one column chunk, one after another.
pub(crate) struct Pages<R> {
    bytes: Arc<R>,
    /// Where the dictionary lies, until it was given.
    dictionary: Option<(u64, usize)>,
    locations: Arc<[PageLocation]>,
    next: usize,
    rows: usize,
    most_unpacked: i64,
}

impl<R: ChunkReader> Pages<R> {
    /// Pages of a chunk of `rows` rows that begins at `start`; each has at most `most_unpacked` bytes once unpacked.
    pub(crate) fn new(
        bytes: Arc<R>,
        start: u64,
        locations: Arc<[PageLocation]>,
        rows: usize,
        most_unpacked: i64,
    ) -> Pages<R> {
        // what lies before the first page is the dictionary
        let first = locations.first().and_then(|page| u64::try_from(page.offset).ok());
        let length = first.and_then(|first| first.checked_sub(start)).unwrap_or_default();
        let dictionary = (length > 0).then_some((start, length as usize));
        Pages { bytes, dictionary, locations, next: 0, rows, most_unpacked }
    }

    fn page(&self, at: u64, length: usize) -> Result<(Header, Bytes)> {
        let page = self.bytes.get_bytes(at, length)?;
        let (header, length) = Header::parse(&page).ok_or_else(|| wrong("a page header"))?;
        let packed = page.slice(length..);
        if i64::from(header.packed) != packed.len() as i64 {
            return Err(wrong("a page as long as its header says"));
        }
        if !(0..=self.most_unpacked).contains(&i64::from(header.unpacked)) {
            return Err(wrong("a page that is not too large once unpacked"));
        }
        Ok((header, unpacked(&packed, header.unpacked as usize)?))
    }
}

impl<R: ChunkReader> PageReader for Pages<R> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        if let Some((at, length)) = self.dictionary.take() {
            let (header, buf) = self.page(at, length)?;
            if header.kind != DICTIONARY_PAGE {
                return Err(wrong("a dictionary before the first page"));
            }
            let encoding = encoding(header.encoding)?;
            let page = Page::DictionaryPage {
                buf,
                num_values: header.values,
                encoding,
                is_sorted: header.is_sorted,
            };
            return Ok(Some(page));
        }
        let Some(location) = self.locations.get(self.next) else { return Ok(None) };
        self.next += 1;
        let (Ok(at), Ok(length)) =
            (u64::try_from(location.offset), usize::try_from(location.compressed_page_size))
        else {
            return Err(wrong("a page within the file"));
        };
        let (header, buf) = self.page(at, length)?;
        if header.kind != DATA_PAGE {
            return Err(wrong("a page of data"));
        }
        Ok(Some(Page::DataPage {
            buf,
            num_values: header.values,
            encoding: encoding(header.encoding)?,
            def_level_encoding: encoding(header.definition)?,
            rep_level_encoding: encoding(header.repetition)?,
            statistics: None,
        }))
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        if self.dictionary.is_some() {
            return Ok(Some(PageMetadata { num_rows: None, num_levels: None, is_dict: true }));
        }
        let Some(page) = self.locations.get(self.next) else { return Ok(None) };
        let end = self.locations.get(self.next + 1).map_or(self.rows, |next| next.first_row_index as usize);
        let num_rows = Some(end.saturating_sub(page.first_row_index as usize));
        Ok(Some(PageMetadata { num_rows, num_levels: None, is_dict: false }))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        if self.dictionary.take().is_none() {
            self.next += 1;
        }
        Ok(())
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        Ok(true)
    }
}

impl<R: ChunkReader> Iterator for Pages<R> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.get_next_page().transpose()
    }
}

const DATA_PAGE: i32 = 0;
const DICTIONARY_PAGE: i32 = 2;

fn wrong(expected: &str) -> ParquetError {
    ParquetError::General(format!("expected {expected}, found something else"))
}

fn encoding(number: i32) -> Result<Encoding> {
    Ok(match number {
        0 => Encoding::PLAIN,
        2 => Encoding::PLAIN_DICTIONARY,
        3 => Encoding::RLE,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        8 => Encoding::RLE_DICTIONARY,
        9 => Encoding::BYTE_STREAM_SPLIT,
        _ => return Err(wrong("an encoding of Parquet")),
    })
}

/// Exactly `length` bytes out of packed ones.
fn unpacked(packed: &[u8], length: usize) -> Result<Bytes> {
    thread_local! {
        static ZSTD: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
    }
    if length == 0 {
        return Ok(Bytes::new()); // a page without a value
    }
    let bytes = ZSTD.with_borrow_mut(|zstd| -> std::io::Result<Vec<u8>> {
        let zstd = match zstd {
            Some(zstd) => zstd,
            none => none.insert(zstd::bulk::Decompressor::new()?),
        };
        let mut out = Vec::with_capacity(length);
        zstd.decompress_to_buffer(packed, &mut out)?;
        Ok(out)
    });
    match bytes {
        Ok(bytes) if bytes.len() == length => Ok(Bytes::from(bytes)),
        Ok(bytes) => Err(ParquetError::General(format!(
            "expected a page of {length} bytes unpacked, found {}",
            bytes.len()
        ))),
        Err(error) => Err(ParquetError::General(format!("expected a page packed by Zstandard: {error}"))),
    }
}

/// What the header of a page says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Header {
    kind: i32,
    unpacked: i32,
    packed: i32,
    values: u32,
    encoding: i32,
    definition: i32,
    repetition: i32,
    is_sorted: bool,
}

impl Header {
    /// The header, and how long it is; none where the bytes are no header.
    fn parse(bytes: &[u8]) -> Option<(Header, usize)> {
        let (mut thrift, mut header) = (Thrift { bytes, at: 0 }, Header::default());
        let mut needed = 0u8;
        thrift.fields(0, |thrift, field, kind| {
            match (field, kind) {
                (1, I32) => (header.kind, needed) = (thrift.i32()?, needed | 1),
                (2, I32) => (header.unpacked, needed) = (thrift.i32()?, needed | 2),
                (3, I32) => (header.packed, needed) = (thrift.i32()?, needed | 4),
                (5 | 7, STRUCT) => thrift.fields(1, |thrift, inner, kind| {
                    match (inner, kind) {
                        (1, I32) => {
                            (header.values, needed) = (u32::try_from(thrift.i32()?).ok()?, needed | 8);
                        }
                        (2, I32) => header.encoding = thrift.i32()?,
                        (3, I32) if field == 5 => header.definition = thrift.i32()?,
                        (4, I32) => header.repetition = thrift.i32()?,
                        (3, TRUE) if field == 7 => header.is_sorted = true,
                        _ => thrift.skip(kind, 2)?,
                    }
                    Some(())
                })?,
                _ => thrift.skip(kind, 1)?,
            }
            Some(())
        })?;
        (needed == 15).then_some((header, thrift.at))
    }
}

const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const STRUCT: u8 = 12;

/// Structures deeper than this are no page headers.
const DEEPEST: u8 = 8;

/// A reader of Thrift's compact protocol; none where the bytes end or make no sense.
struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Thrift<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    fn i32(&mut self) -> Option<i32> {
        i32::try_from(self.zigzag()?).ok()
    }

    fn take(&mut self, n: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(n).ok()?).filter(|&end| end <= self.bytes.len())?;
        self.at = end;
        Some(())
    }

    /// Calls `each` with the number and the type of each field of a struct; it must read the value.
    fn fields(&mut self, depth: u8, mut each: impl FnMut(&mut Self, i64, u8) -> Option<()>) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        let mut field = 0i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            field = match head >> 4 {
                0 => self.zigzag()?,
                step => field.checked_add(step.into())?,
            };
            each(self, field, head & 15)?;
        }
    }

    fn skip(&mut self, kind: u8, depth: u8) -> Option<()> {
        match kind {
            TRUE | FALSE => Some(()),
            BYTE => self.take(1),
            I16 | I32 | I64 => self.varint().map(drop),
            DOUBLE => self.take(8),
            BINARY => {
                let n = self.varint()?;
                self.take(n)
            }
            LIST | SET if depth <= DEEPEST => {
                let head = self.byte()?;
                let n = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                for _ in 0..n {
                    match head & 15 {
                        TRUE | FALSE => self.take(1)?, // an element is a byte of its own
                        kind => self.skip(kind, depth + 1)?,
                    }
                }
                Some(())
            }
            STRUCT => self.fields(depth, |thrift, _field, kind| thrift.skip(kind, depth + 1)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_and_what_is_none_is_refused() {
        // type 0, unpacked 100, packed 60, data header: 10 values, encoding 9, levels RLE, statistics with a text
        let whole = [
            0x15, 0, 0x15, 200, 1, 0x15, 120, 0x2c, 0x15, 20, 0x15, 18, 0x15, 6, 0x15, 6, 0x1c, 0x18, 2, 65,
            66, 0, 0, 0,
        ];
        let (header, length) = Header::parse(&whole).expect("a header");
        assert_eq!(length, whole.len());
        let expected = Header {
            kind: DATA_PAGE,
            unpacked: 100,
            packed: 60,
            values: 10,
            encoding: 9,
            definition: 3,
            repetition: 3,
            is_sorted: false,
        };
        assert_eq!(header, expected);
        for end in 0..whole.len() {
            assert_eq!(Header::parse(&whole[..end]), None, "cut at {end}");
        }
        // deeper than any header, and a list that claims to be longer than all bytes
        assert_eq!(Header::parse(&[0x1c; 4096]), None);
        assert_eq!(Header::parse(&[0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x0f]), None);
    }
}
