//! Verdicts of a judge, as they were recorded.

use super::table::Table;
use super::{datum, text_of};
use crate::error::Error;
use chronotope_score::{Datum, Metric, Recorded};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Recorded verdicts, and where the first one on each item stands.
pub(super) struct Verdicts {
    pub(super) judge: Recorded,
    pub(super) lines: BTreeMap<String, u64>,
}

impl Verdicts {
    /// Reads rows of `id`, `answer` (as it was judged) and `verdict` (a grade, or right or wrong, on the metric's scale), and `judge`, its
    /// name; else it is called by the file's name. Of several judges all are named.
    ///
    /// # Errors
    /// A file that cannot be read, a row that lacks a field, a verdict off the scale, an answer to an item that is judged twice.
    pub(super) fn read(path: &Path, metric: &dyn Metric) -> Result<Verdicts, Error> {
        read(path, |verdict| metric.off_scale(verdict))
    }
}

/// The verdicts in a file, for rewards whose parts a judge decides: rows of `id`, `part` (the part's name), `answer` (what was judged, as the rule's text
/// says), `verdict` (a number from -1 to 1, or right or wrong) and `judge`, its name; else it is called by the file's name.
///
/// # Errors
/// A file that cannot be read, a row that lacks a field, a verdict that no part takes, a part of an answer that is judged twice.
pub fn recorded_judge(path: &Path) -> Result<Recorded, Error> {
    let verdicts = read(path, |verdict| {
        let share = verdict.number().is_some_and(|number| (-1.0..=1.0).contains(&number));
        (!share && verdict.verdict().is_none()).then_some("a number from -1 to 1, or right or wrong")
    })?;
    Ok(verdicts.judge)
}

fn read(path: &Path, off_scale: impl Fn(&Datum) -> Option<&'static str>) -> Result<Verdicts, Error> {
    let mut table = Table::open(path)?;
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let (mut names, mut rows, mut lines) = (Vec::new(), Vec::new(), BTreeMap::new());
    while let Some(row) = table.next()? {
        let field = |name: &str| {
            row.fields.get(name).filter(|value| !value.is_null()).ok_or_else(|| {
                let expected = format!("a field `{name}` (id, answer, verdict)");
                Error::row(path, row.line, expected, super::fields_of(&row))
            })
        };
        let (id, answer) = (text_of(Some(field("id")?)), field("answer")?);
        let answer = datum(answer).unwrap_or(Datum::text("")).to_string();
        let said = field("verdict")?;
        let verdict = datum(said).unwrap_or(Datum::text(""));
        if let Some(expected) = off_scale(&verdict) {
            let found: String = said.to_string().chars().take(60).collect();
            return Err(Error::row(path, row.line, format!("{expected} as `verdict`"), found));
        }
        let name = match row.fields.get("judge") {
            None | Some(Value::Null) => file.clone(),
            name => text_of(name),
        };
        if !names.contains(&name) {
            if names.len() == MOST_JUDGES {
                let expected = format!("up to {MOST_JUDGES} judges");
                return Err(Error::row(path, row.line, expected, "one more"));
            }
            names.push(name);
        }
        let part = row.fields.get("part").filter(|part| !part.is_null()).map(|part| text_of(Some(part)));
        lines.entry(id.clone()).or_insert(row.line);
        rows.push((id, part, answer, verdict, row.line));
    }
    let mut judge = Recorded::new(if names.is_empty() { file } else { names.join(", ") });
    for (id, part, answer, verdict, line) in rows {
        if judge.insert_part(&id, part.as_deref(), &answer, verdict).is_some() {
            let found = format!("`{id}` again");
            return Err(Error::row(path, line, "each answer to an item judged once", found));
        }
    }
    Ok(Verdicts { judge, lines })
}

/// Refuses verdicts on items that the truth does not have: those that are left when all of its items were met.
pub(super) fn check(path: &Path, left: &BTreeMap<String, u64>) -> Result<(), Error> {
    let mut first: Vec<(u64, &String)> = left.iter().map(|(id, line)| (*line, id)).collect();
    first.sort_unstable();
    let Some((line, _)) = first.first() else { return Ok(()) };
    let told: Vec<String> = first.iter().take(3).map(|(line, id)| format!("`{id}` on line {line}")).collect();
    let found = format!("{} of others ({})", first.len(), told.join(", "));
    Err(Error::row(path, *line, "verdicts on items of the truth", found))
}

/// Judges that are named beside a score.
const MOST_JUDGES: usize = 20;
