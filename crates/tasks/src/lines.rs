//! Rows of JSON Lines, plain or gzip.

use crate::error::Error;
use chronotope_formats::import::text_of;
use chronotope_formats::twice::key_twice;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// The rows of a file, in order. An empty line is skipped; any other that is no row is an error.
pub(crate) fn rows<R: DeserializeOwned>(path: &Path, expected: &str) -> Result<Vec<R>, Error> {
    let text = text_of(path)?;
    let mut rows = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        once(path, line, n + 1)?;
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

/// The one JSON value of a file.
pub(crate) fn object<R: DeserializeOwned>(path: &Path, expected: &str) -> Result<R, Error> {
    let text = text_of(path)?;
    once(path, &text, 1)?;
    serde_json::from_str(&text).map_err(|error| Error::input(path, expected, error.to_string()))
}

/// Refuses a key that stands twice in one object of a text that begins in this line of its file.
fn once(path: &Path, json: &str, first_line: usize) -> Result<(), Error> {
    key_twice(json.as_bytes()).map_or(Ok(()), |twice| {
        Err(Error::Line {
            line: first_line + twice.line as usize - 1,
            expected: "each key once in an object".to_owned(),
            found: twice.to_string(),
            path: path.to_owned(),
        })
    })
}

/// The first of these files that is there, also with `.gz`; `data` itself where it is a file.
pub(crate) fn file_of(data: &Path, names: &[&str], expected: &str) -> Result<PathBuf, Error> {
    if data.is_file() {
        return Ok(data.to_owned());
    }
    let candidates: Vec<PathBuf> =
        names.iter().flat_map(|name| [data.join(name), data.join(format!("{name}.gz"))]).collect();
    if let Some(folder) = candidates.iter().find(|path| path.is_dir()) {
        return Err(Error::input(folder, expected, "a folder"));
    }
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
        .filter(|path| passes(plain_name(path)))
        .collect();
    // what is left out silently would be another score
    if let Some(other) = found.iter().find(|path| !path.is_file()) {
        return Err(Error::input(other, expected, if other.is_dir() { "a folder" } else { "no file" }));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_the_place_of_a_file_is_named() {
        let folder = std::env::temp_dir().join(format!("chronotope-tasks-lines-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("a2.jsonl")).expect("can be written");
        std::fs::write(folder.join("a1.jsonl"), "{}").expect("can be written");
        let all =
            files_of(&folder, |name| name.starts_with('a'), "files a*.jsonl").map_err(|e| e.to_string());
        let one = file_of(&folder, &["a2.jsonl"], "a2.jsonl").map_err(|e| e.to_string());
        let twice: Result<serde_json::Value, Error> = {
            std::fs::write(folder.join("a1.jsonl"), "{\"a\": 1,\n\"a\": 2}").expect("can be written");
            object(&folder.join("a1.jsonl"), "an object")
        };
        std::fs::remove_dir_all(&folder).expect("can be removed");
        for fault in [all.expect_err("a folder"), one.expect_err("a folder")] {
            assert!(fault.contains("found a folder") && fault.contains("a2.jsonl"), "{fault}");
        }
        let fault = twice.expect_err("a key twice").to_string();
        assert!(fault.contains("line 2: expected each key once in an object, found `a` twice"), "{fault}");
    }
}
