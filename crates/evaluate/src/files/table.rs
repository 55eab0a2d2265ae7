//! Tables: JSON Lines, JSON and CSV, row by row and by place.

use super::form::{self, MOST_BYTES};
use crate::error::Error;
use chronotope_formats::twice::{column_twice, key_twice, open_quote};
use csv::{Position, ReaderBuilder, StringRecord};
use serde_json::{Map, Value};
use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Longest line of JSON Lines: a list of masks of a long video is a large row.
const MOST_LINE: u64 = 256 << 20;

/// A row with its place in the file.
#[derive(Clone, Debug)]
pub(super) struct FileRow {
    /// What [`Table::at`] takes.
    pub(super) place: u64,
    /// Line from 1, or the place in a JSON list from 1.
    pub(super) line: u64,
    pub(super) fields: Map<String, Value>,
}

/// A table that is read from its beginning and at places.
pub(super) struct Table {
    path: PathBuf,
    rows: Rows,
    peeked: Option<FileRow>,
}

enum Rows {
    Lines { reader: Box<dyn ReadSeek>, offset: u64, line: u64 },
    Csv { reader: Box<csv::Reader<Box<dyn ReadSeek>>>, names: Vec<String> },
    Whole { rows: Vec<Map<String, Value>>, next: usize },
}

trait ReadSeek: BufRead + Seek {}
impl<R: BufRead + Seek> ReadSeek for R {}

/// Lists that a JSON file may keep its rows under.
const LISTS: [&str; 7] = ["data", "items", "rows", "predictions", "results", "annotations", "questions"];

impl Table {
    pub(super) fn open(path: &Path) -> Result<Table, Error> {
        let form = form::of_table(path)?;
        let reader = || -> Result<Box<dyn ReadSeek>, Error> {
            let file = std::fs::File::open(path).map_err(|fault| Error::read(path, fault))?;
            let mut file = BufReader::with_capacity(1 << 16, file);
            let head = file.fill_buf().map_err(|fault| Error::read(path, fault))?;
            if head.starts_with(&[0x1f, 0x8b]) {
                return Ok(Box::new(Cursor::new(form::bytes(path)?)));
            }
            Ok(Box::new(file))
        };
        let rows = match form {
            form::TableForm::Lines => Rows::Lines { reader: reader()?, offset: 0, line: 0 },
            form::TableForm::Csv(delimiter) => {
                let open = open_quote(reader()?, delimiter).map_err(|fault| Error::read(path, fault))?;
                if let Some(line) = open {
                    let found = "one that is open to the end of the file";
                    return Err(Error::row(path, line, "a quoted cell that is closed", found));
                }
                let mut reader =
                    ReaderBuilder::new().delimiter(delimiter).flexible(false).from_reader(reader()?);
                let head = reader.headers().map_err(|fault| csv_fault(path, &fault))?;
                let names: Vec<String> =
                    head.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
                if let Some(name) = column_twice(names.iter().map(String::as_str)) {
                    let found = format!("`{name}` twice");
                    return Err(Error::row(path, 1, "each column once in the head", found));
                }
                Rows::Csv { reader: Box::new(reader), names }
            }
            form::TableForm::Whole => Rows::Whole { rows: whole(path)?, next: 0 },
        };
        Ok(Table { path: path.to_owned(), rows, peeked: None })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The next row without taking it.
    pub(super) fn peek(&mut self) -> Result<Option<FileRow>, Error> {
        if self.peeked.is_none() {
            self.peeked = self.read()?;
        }
        Ok(self.peeked.clone())
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<FileRow>, Error> {
        match self.peeked.take() {
            Some(row) => Ok(Some(row)),
            None => self.read(),
        }
    }

    /// Back to the first row.
    pub(super) fn rewind(&mut self) -> Result<(), Error> {
        self.peeked = None;
        match &mut self.rows {
            Rows::Lines { reader, offset, line } => {
                (*offset, *line) = (0, 0);
                reader.seek(SeekFrom::Start(0)).map(|_| ()).map_err(|fault| Error::read(&self.path, fault))
            }
            Rows::Csv { reader, .. } => {
                reader.seek(Position::new()).map_err(|fault| csv_fault(&self.path, &fault))?;
                // the head is a record again after going back
                let mut head = StringRecord::new();
                reader.read_record(&mut head).map(|_| ()).map_err(|fault| csv_fault(&self.path, &fault))
            }
            Rows::Whole { next, .. } => {
                *next = 0;
                Ok(())
            }
        }
    }

    /// The row at a place that a row of this table named.
    pub(super) fn at(&mut self, place: u64) -> Result<FileRow, Error> {
        if self.peeked.as_ref().is_some_and(|row| row.place == place) {
            return self.next()?.ok_or_else(|| Error::row(&self.path, 0, "a row", "the end"));
        }
        self.peeked = None;
        match &mut self.rows {
            Rows::Lines { reader, offset, line } => {
                if *offset != place {
                    reader.seek(SeekFrom::Start(place)).map_err(|fault| Error::read(&self.path, fault))?;
                    (*offset, *line) = (place, 0);
                }
            }
            Rows::Csv { reader, .. } => {
                if reader.position().byte() != place {
                    let mut position = Position::new();
                    position.set_byte(place);
                    reader.seek(position).map_err(|fault| csv_fault(&self.path, &fault))?;
                }
            }
            Rows::Whole { next, .. } => *next = place as usize,
        }
        self.read()?
            .ok_or_else(|| Error::row(&self.path, 0, "the row that was there before", "the end of the file"))
    }

    fn read(&mut self) -> Result<Option<FileRow>, Error> {
        let path = &self.path;
        match &mut self.rows {
            Rows::Lines { reader, offset, line } => loop {
                let mut bytes = Vec::new();
                let place = *offset;
                let read = reader
                    .by_ref()
                    .take(MOST_LINE)
                    .read_until(b'\n', &mut bytes)
                    .map_err(|fault| Error::read(path, fault))?;
                *offset += read as u64;
                *line += 1;
                if read == 0 {
                    return Ok(None);
                }
                if read as u64 == MOST_LINE {
                    return Err(Error::row(
                        path,
                        *line,
                        format!("lines of less than {MOST_LINE} bytes"),
                        "a longer one",
                    ));
                }
                let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
                if text.trim_ascii().is_empty() {
                    continue;
                }
                once(path, text, *line)?;
                let fields = serde_json::from_slice(text)
                    .map_err(|fault| Error::row(path, *line, "a JSON object", format!("{fault}")))?;
                return Ok(Some(FileRow { place, line: *line, fields }));
            },
            Rows::Csv { reader, names } => {
                let mut record = StringRecord::new();
                let place = reader.position().byte();
                if !reader.read_record(&mut record).map_err(|fault| csv_fault(path, &fault))? {
                    return Ok(None);
                }
                let line = record.position().map_or(0, Position::line);
                let cells = record.iter().map(|cell| match cell {
                    "" => Value::Null,
                    cell => Value::String(cell.to_owned()),
                });
                Ok(Some(FileRow { place, line, fields: names.iter().cloned().zip(cells).collect() }))
            }
            Rows::Whole { rows, next } => {
                let Some(fields) = rows.get(*next).cloned() else { return Ok(None) };
                *next += 1;
                Ok(Some(FileRow { place: *next as u64 - 1, line: *next as u64, fields }))
            }
        }
    }
}

/// The rows of a JSON file: a list of objects, an object that has such a list, or an object by id.
fn whole(path: &Path) -> Result<Vec<Map<String, Value>>, Error> {
    let bytes = form::bytes(path)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let expected = "a JSON list of objects, or an object by id";
    once(path, text, 1)?;
    let value: Value =
        serde_json::from_slice(text).map_err(|fault| Error::row(path, 0, expected, fault.to_string()))?;
    let list = |items: Vec<Value>| {
        let object = |(i, item)| match item {
            Value::Object(fields) => Ok(fields),
            other => Err(Error::row(path, i as u64 + 1, "an object", form::kind_of(&other))),
        };
        items.into_iter().enumerate().map(object).collect()
    };
    match value {
        Value::Array(items) => list(items),
        Value::Object(mut fields) => {
            if let Some(Value::Array(items)) = LISTS.iter().find_map(|name| {
                fields.get(*name).is_some_and(Value::is_array).then(|| fields.remove(*name)).flatten()
            }) {
                return list(items);
            }
            let row = |(id, value): (String, Value)| match value {
                Value::Object(mut fields) => {
                    fields.entry("id").or_insert(Value::String(id));
                    fields
                }
                value => {
                    [("id".to_owned(), Value::String(id)), ("answer".to_owned(), value)].into_iter().collect()
                }
            };
            Ok(fields.into_iter().map(row).collect())
        }
        other => Err(Error::row(path, 0, expected, form::kind_of(&other))),
    }
}

/// Refuses a key that stands twice in one object of a text that begins in this line of its file.
fn once(path: &Path, json: &[u8], first_line: u64) -> Result<(), Error> {
    match key_twice(json) {
        Some(twice) => {
            let line = first_line + twice.line - 1;
            Err(Error::row(path, line, "each key once in an object", twice.to_string()))
        }
        None => Ok(()),
    }
}

fn csv_fault(path: &Path, fault: &csv::Error) -> Error {
    let line = fault.position().map_or(0, Position::line);
    match fault.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Error::row(path, line, format!("{expected_len} columns"), len.to_string())
        }
        _ => Error::row(path, line, "rows of a table", fault.to_string()),
    }
}

/// The bytes that a table may have as a whole.
const _: () = assert!(MOST_LINE < MOST_BYTES);
