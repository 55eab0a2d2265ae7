//! Verdicts of a judge, as they were recorded.

use super::table::Table;
use super::{datum, text_of};
use crate::error::Error;
use chronotope_score::{Datum, Recorded};
use serde_json::Value;
use std::path::Path;

/// Reads recorded verdicts: rows of `id`, `answer` (as it was judged) and `verdict` (a grade, or right or wrong), and `judge`, its name; else it is
/// called by the file's name.
///
/// # Errors
/// A file that cannot be read, a row that lacks a field, an answer to an item that is judged twice.
pub(super) fn recorded(path: &Path) -> Result<Recorded, Error> {
    let mut table = Table::open(path)?;
    let name = match table.peek()?.and_then(|row| row.fields.get("judge").cloned()) {
        Some(Value::String(name)) => name,
        _ => path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
    };
    let mut judge = Recorded::new(name);
    while let Some(row) = table.next()? {
        let field = |name: &str| {
            row.fields.get(name).filter(|value| !value.is_null()).ok_or_else(|| {
                Error::row(
                    path,
                    row.line,
                    format!("a field `{name}` (id, answer, verdict)"),
                    super::fields_of(&row),
                )
            })
        };
        let (id, answer) = (text_of(Some(field("id")?)), field("answer")?);
        let answer = datum(answer).unwrap_or(Datum::text("")).to_string();
        let verdict = field("verdict")?;
        let verdict = datum(verdict).unwrap_or(Datum::text(""));
        if judge.insert(&id, &answer, verdict).is_some() {
            return Err(Error::row(
                path,
                row.line,
                "each answer to an item judged once",
                format!("`{id}` again"),
            ));
        }
    }
    Ok(judge)
}
