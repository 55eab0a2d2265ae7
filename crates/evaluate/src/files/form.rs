//! What kind of file it is, by its first bytes.

use crate::error::Error;
use flate2::bufread::MultiGzDecoder;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Most bytes of a file that is held as a whole.
pub(super) const MOST_BYTES: u64 = 1 << 30;

/// Bytes that a form is told by.
const HEAD: u64 = 1 << 16;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Boxes with identities.
    Tracks,
    /// Poses over time.
    Path,
    /// Rows with ids.
    Table,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableForm {
    /// A JSON object a line.
    Lines,
    /// Comma- or tab-separated values with a head.
    Csv(u8),
    /// One JSON value.
    Whole,
}

/// What a source holds; a folder or a bundle holds sequences, of which the metric says what they are.
pub(super) fn of(path: &Path) -> Result<Option<Form>, Error> {
    if path.is_dir() {
        return Ok(None);
    }
    let head = head(path)?;
    let text = String::from_utf8_lossy(&head);
    let first =
        text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or("");
    let numbers = |line: &str, comma: bool| {
        let cells: Vec<&str> =
            if comma { line.split(',').collect() } else { line.split_ascii_whitespace().collect() };
        cells.iter().all(|cell| cell.trim().parse::<f64>().is_ok()).then_some(cells.len())
    };
    Ok(Some(match (numbers(first, true), numbers(first, false)) {
        (Some(6..=10), _) => Form::Tracks,
        (_, Some(8 | 12)) => Form::Path,
        (_, Some(6 | 7 | 9 | 10)) => Form::Tracks,
        _ => Form::Table,
    }))
}

/// How a table is written.
pub(super) fn of_table(path: &Path) -> Result<TableForm, Error> {
    let head = head(path)?;
    let text = String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head)).into_owned();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default().trim();
    let named = |ending: &str| {
        let name = path.to_string_lossy().to_lowercase();
        name.trim_end_matches(".gz").ends_with(ending)
    };
    if first.starts_with('[') {
        return Ok(TableForm::Whole);
    }
    if first.starts_with('{') {
        let is_row = serde_json::from_str::<Value>(first).is_ok()
            || head.len() as u64 == HEAD && lines.next().is_none();
        let is_lines = named(".jsonl")
            || named(".ndjson")
            || (is_row && !named(".json"))
            || (is_row && lines.next().is_some());
        return Ok(if is_lines { TableForm::Lines } else { TableForm::Whole });
    }
    if first.is_empty() {
        return Ok(TableForm::Lines);
    }
    match (first.contains('\t'), first.contains(',') || named(".csv")) {
        (true, _) => Ok(TableForm::Csv(b'\t')),
        (_, true) => Ok(TableForm::Csv(b',')),
        _ => Err(Error::row(
            path,
            1,
            "rows as JSON Lines, JSON or CSV, boxes as MOT text, or poses as TUM text",
            format!("`{}`", first.chars().take(60).collect::<String>()),
        )),
    }
}

/// What kind of JSON value it is, in words.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, Error> {
    let file = File::open(path).map_err(|fault| Error::read(path, fault))?;
    let mut file = BufReader::with_capacity(1 << 16, file);
    let is_gzip = file.fill_buf().map_err(|fault| Error::read(path, fault))?.starts_with(&[0x1f, 0x8b]);
    Ok(if is_gzip {
        let counted = Counted { inner: file, n: 0 };
        Box::new(BufReader::new(Gzip(MultiGzDecoder::new(counted))))
    } else {
        Box::new(file)
    })
}

/// A reader that counts what was taken from it.
struct Counted<R> {
    inner: R,
    n: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.n += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.inner.consume(n);
        self.n += n as u64;
    }
}

/// Gzip whose faults say at which byte of the file it breaks.
struct Gzip<R>(MultiGzDecoder<Counted<R>>);

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(into).map_err(|fault| {
            let text =
                format!("expected gzip to its end, found it broken at byte {}: {fault}", self.0.get_ref().n);
            std::io::Error::new(fault.kind(), text)
        })
    }
}

pub(super) fn head(path: &Path) -> Result<Vec<u8>, Error> {
    let mut head = Vec::new();
    open(path)?.take(HEAD).read_to_end(&mut head).map_err(|fault| Error::read(path, fault))?;
    Ok(head)
}

/// A file's bytes, decompressed where it is gzip.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read =
        open(path)?.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|fault| Error::read(path, fault))?;
    if read as u64 == MOST_BYTES {
        return Err(Error::row(
            path,
            0,
            format!("less than {MOST_BYTES} bytes, or plain JSON Lines"),
            "more",
        ));
    }
    Ok(bytes)
}
