//! Rows of JSON Lines, plain or gzip.

use crate::error::Error;
use chronotope_formats::import::text_of;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// The rows of a file, in order. An empty line is skipped; any other that is no row is an error.
pub(crate) fn rows<R: DeserializeOwned>(path: &Path, expected: &str) -> Result<Vec<R>, Error> {
    let text = text_of(path)?;
    let mut rows = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let row = serde_json::from_str(line).map_err(|error| Error::Line {
            line: n + 1,
            expected: expected.to_owned(),
            found: error.to_string(),
            path: path.to_owned(),
        })?;
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(Error::input(path, expected, "no rows"));
    }
    Ok(rows)
}

/// The first of these files that is there, also with `.gz`; `data` itself where it is a file.
pub(crate) fn file_of(data: &Path, names: &[&str], expected: &str) -> Result<PathBuf, Error> {
    if data.is_file() {
        return Ok(data.to_owned());
    }
    let candidates = names.iter().flat_map(|name| [data.join(name), data.join(format!("{name}.gz"))]);
    candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let found = if data.is_dir() { "a folder without it" } else { "nothing" };
        Error::input(data, format!("{expected}: {}", names.join(" or ")), found)
    })
}

/// The files of a folder whose names, without `.gz`, pass; by name. `data` itself where it is a file.
pub(crate) fn files_of(
    data: &Path,
    passes: impl Fn(&str) -> bool,
    expected: &str,
) -> Result<Vec<PathBuf>, Error> {
    if data.is_file() {
        return Ok(vec![data.to_owned()]);
    }
    let listed = std::fs::read_dir(data)
        .map_err(|_unreadable| Error::input(data, expected, "nothing that can be read"))?;
    let mut found: Vec<PathBuf> = listed
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_file() && passes(plain_name(path)))
        .collect();
    // by number where a name ends in one: k2 before k10
    found.sort_by_cached_key(|path| (key(plain_name(path)), path.clone()));
    if found.is_empty() { Err(Error::input(data, expected, "a folder without any")) } else { Ok(found) }
}

/// The name of a file without `.gz`.
pub(crate) fn plain_name(path: &Path) -> &str {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.strip_suffix(".gz").unwrap_or(name)
}

/// A name up to its first dot: how files name their groups.
pub(crate) fn stem(path: &Path) -> &str {
    let name = plain_name(path);
    name.split('.').next().unwrap_or(name)
}

/// The name with its last number as a number.
fn key(name: &str) -> (String, u64) {
    let name = name.split('.').next().unwrap_or(name);
    let words = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (words.to_owned(), name[words.len()..].parse().unwrap_or(0))
}
