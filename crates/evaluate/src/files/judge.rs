//! Verdicts of a judge, as they were recorded.

use super::table::{FileRow, Table};
use super::{datum, text_of};
use crate::error::Error;
use chronotope_score::{Datum, Metric, Recorded, SharedJudge};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
        let mut table = Table::open(path)?;
        collected(path, || table.next(), |verdict| metric.off_scale(verdict))
    }
}

/// Recorded verdicts for rewards whose parts a judge decides, and those on rows that were not met yet.
///
/// Rows of `id`, `part` (the part's name), `answer` (what was judged, as the rule's text says), `verdict` (a number from -1 to 1, or right or wrong)
/// and `judge`, its name; else it is called by the file's name.
#[derive(Clone, Debug)]
pub struct RewardVerdicts {
    path: PathBuf,
    judge: Arc<Recorded>,
    unmet: BTreeMap<String, u64>,
}

impl RewardVerdicts {
    /// Those in a file: JSON Lines, JSON or CSV.
    ///
    /// # Errors
    /// A file that cannot be read, a row that lacks a field, a verdict that no part takes, a part of an answer that is judged twice.
    pub fn read(path: &Path) -> Result<RewardVerdicts, Error> {
        let mut table = Table::open(path)?;
        RewardVerdicts::of(path, || table.next())
    }

    /// Those in a list; `name` is what errors call it, and the judge where a row does not name one.
    ///
    /// # Errors
    /// As [`RewardVerdicts::read`]; its lines are the list's rows, from 1.
    pub fn of_rows(name: &str, rows: Vec<Map<String, Value>>) -> Result<RewardVerdicts, Error> {
        let mut rows = (1..).zip(rows).map(|(line, fields)| FileRow { place: line, line, fields });
        RewardVerdicts::of(Path::new(name), || Ok(rows.next()))
    }

    fn of(
        path: &Path,
        next: impl FnMut() -> Result<Option<FileRow>, Error>,
    ) -> Result<RewardVerdicts, Error> {
        let Verdicts { judge, lines } = collected(path, next, |verdict| {
            let share = verdict.number().is_some_and(|number| (-1.0..=1.0).contains(&number));
            (!share && verdict.verdict().is_none()).then_some("a number from -1 to 1, or right or wrong")
        })?;
        Ok(RewardVerdicts { path: path.to_owned(), judge: Arc::new(judge), unmet: lines })
    }

    /// The judge that says them.
    pub fn judge(&self) -> SharedJudge {
        Arc::clone(&self.judge) as SharedJudge
    }

    /// Takes note that there is a row of this id.
    pub fn meet(&mut self, id: &Value) {
        match id {
            Value::String(text) => self.unmet.remove(text),
            other => self.unmet.remove(&other.to_string()),
        };
    }

    /// When all rows were met: whether each verdict is on one of them.
    ///
    /// # Errors
    /// Names the first of the others with its line.
    pub fn check(&self) -> Result<(), Error> {
        check(&self.path, &self.unmet, "verdicts on the rows' ids")
    }
}

fn collected(
    path: &Path,
    mut next: impl FnMut() -> Result<Option<FileRow>, Error>,
    off_scale: impl Fn(&Datum) -> Option<&'static str>,
) -> Result<Verdicts, Error> {
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let (mut names, mut rows, mut lines) = (Vec::<Arc<str>>::new(), Vec::new(), BTreeMap::new());
    while let Some(row) = next()? {
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
        let name = match names.iter().find(|known| ***known == *name) {
            Some(known) => Arc::clone(known),
            None if names.len() == MOST_JUDGES => {
                let expected = format!("up to {MOST_JUDGES} judges");
                return Err(Error::row(path, row.line, expected, "one more"));
            }
            None => {
                names.push(name.into());
                Arc::clone(&names[names.len() - 1])
            }
        };
        let part = row.fields.get("part").filter(|part| !part.is_null()).map(|part| text_of(Some(part)));
        lines.entry(id.clone()).or_insert(row.line);
        rows.push((name, id, part, answer, verdict, row.line));
    }
    let mut judge = Recorded::new(if names.is_empty() { file } else { names.join(", ") });
    for (name, id, part, answer, verdict, line) in rows {
        if judge.insert_by(Some(name), &id, part.as_deref(), &answer, verdict).is_some() {
            let found = format!("`{id}` again");
            return Err(Error::row(path, line, "each answer to an item judged once", found));
        }
    }
    Ok(Verdicts { judge, lines })
}

/// Refuses verdicts on items that there are not: those that are left when all of its items were met.
pub(super) fn check(path: &Path, left: &BTreeMap<String, u64>, expected: &str) -> Result<(), Error> {
    let mut first: Vec<(u64, &String)> = left.iter().map(|(id, line)| (*line, id)).collect();
    first.sort_unstable();
    let Some((line, _)) = first.first() else { return Ok(()) };
    let told: Vec<String> = first.iter().take(3).map(|(line, id)| format!("`{id}` on line {line}")).collect();
    let found = format!("{} of others ({})", first.len(), told.join(", "));
    Err(Error::row(path, *line, expected, found))
}

/// Judges that are named beside a score.
const MOST_JUDGES: usize = 20;
