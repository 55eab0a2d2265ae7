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
