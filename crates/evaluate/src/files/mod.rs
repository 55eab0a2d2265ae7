//! Files of truths and of predictions, joined by id and scored.
//!
//! ```text
//! truth ──row by row──▶ id ──look up──▶ prediction at its place in its file ──▶ Row ──Tally──▶ Scores
//! ```
//!
//! Of the predictions only ids and places are held, so that a million rows need some tens of megabytes.

mod coco;
mod fit;
mod form;
mod index;
mod judge;
mod kept;
mod sequences;
mod table;

pub use fit::{Fit, fitting};
pub use judge::RewardVerdicts;
pub use sequences::Distractors;

use crate::error::Error;
use chronotope_score::{Datum, Mark, Metric, Report, Row, Takes};
use form::Form;
use index::{Index, Seen};
use kept::Kept;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use table::{FileRow, Table};

/// How to score files.
#[derive(Clone, Debug, Default)]
pub struct ScoreSettings {
    /// Field of the truth that results are grouped by; none: the first of `question_type`, `type`, `task`, `category` that is there.
    pub by: Option<String>,
    /// Fields that make up an item's id, joined by `/`; empty: the first of `id`, `question_id`, `qid` that is there, else the row's number.
    pub id: Vec<String>,
    /// Seed of the resamples; none: no interval.
    pub seed: Option<u64>,
    /// What becomes of predictions on things of a MOTChallenge truth that are no pedestrians.
    pub distractors: Distractors,
    /// Recorded verdicts, for a metric whose answers a judge decides.
    pub judge: Option<PathBuf>,
    /// Folder for the card, the rows with their own scores and the values, as `compare` reads them; none: nothing is written.
    pub out: Option<PathBuf>,
}

/// What came of files.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// The values.
    pub report: Report,
    /// Why predictions cannot be read or compared, by id, where the metric can tell; of the first thousand that it can tell of.
    pub why_unparsable: BTreeMap<String, String>,
}

impl Scores {
    /// The object of `score --json`, as contracted: the lists of ids hold the first thousand, `n_missing` and `n_unparsable` count all.
    pub fn json(&self) -> Value {
        let report = &self.report;
        let by_group: Map<String, Value> = report
            .by_group
            .iter()
            .map(|(name, group)| {
                let mut values: Map<String, Value> =
                    group.values.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
                values.insert("n".into(), json!(group.n));
                (name.clone(), Value::Object(values))
            })
            .collect();
        let interval = report.interval.map(|interval| {
            json!({"of": report.headline, "low": interval.low, "high": interval.high, "level": interval.level})
        });
        let mut json = json!({
            "metric": report.metric,
            "overall": report.overall,
            "by_group": by_group,
            "n": report.n,
            "missing": report.missing.first,
            "unparsable": report.unparsable.first,
            "n_missing": report.missing.n,
            "n_unparsable": report.unparsable.n,
            "interval": interval,
        });
        if !self.why_unparsable.is_empty() {
            json["why_unparsable"] = json!(self.why_unparsable);
        }
        if let Some(judge) = &report.judge {
            json["judge"] = json!(judge);
        }
        json
    }
}

/// Scores a file of predictions against a file of truths.
///
/// Tables (JSON Lines, JSON, CSV) are joined by id; detections (COCO's annotations and results) by picture and category; sequences (MOT text, TUM paths, bundles, folders of them) by name, two single
/// files in any case. A prediction of an unknown id, and an id that stands twice, is refused; what is missing scores as the metric says
/// and is listed. Gzip is read as it is.
///
/// # Errors
/// A file that cannot be read or is of another kind than the metric compares; the text names file, line and field.
pub fn score_files(
    metric: &dyn Metric,
    truth: &Path,
    said: &Path,
    settings: &ScoreSettings,
) -> Result<Scores, Error> {
    let mut unmet = BTreeMap::new();
    let mut tally = match &settings.judge {
        None => metric.tally(),
        Some(path) => {
            let verdicts = judge::Verdicts::read(path, metric)?;
            unmet = verdicts.lines;
            metric.judged_tally(Arc::new(verdicts.judge)).ok_or_else(|| {
                Error::row(path, 0, "a metric that needs a judge", format!("`{}`", metric.entry().name))
            })?
        }
    };
    let mut kept = settings.out.as_deref().map(Kept::new).transpose()?;
    if let Some(seed) = settings.seed {
        tally.resample(seed);
    }
    const MOST_TOLD: usize = 1000;
    let mut why_unparsable = BTreeMap::new();
    let mut add = |row: &Row<'_>| {
        let mark = tally.add(row)?;
        unmet.remove(row.id);
        if mark == Mark::Unparsable && why_unparsable.len() < MOST_TOLD {
            why_unparsable.extend(metric.why_unparsable(row).map(|why| (row.id.to_owned(), why)));
        }
        kept.as_mut().map_or(Ok(()), |kept| kept.add(row, mark))
    };
    match metric.takes() {
        Takes::Tracks => sequences::joined(truth, said, Form::Tracks, settings, &mut add)?,
        Takes::Path => sequences::joined(truth, said, Form::Path, settings, &mut add)?,
        Takes::Objects { masks } => coco::joined(truth, said, masks, &mut add)?,
        takes => joined(truth, said, takes, settings, &mut add)?,
    }
    if let Some(path) = &settings.judge {
        judge::check(path, &unmet, "verdicts on items of the truth")?;
    }
    let scores = Scores { report: tally.finish(), why_unparsable };
    if let Some(kept) = kept {
        kept.finish(&scores, (truth, said), settings)?;
    }
    Ok(scores)
}

/// Hands the rows of two tables to `add`, in the order of the truth.
fn joined(
    truth: &Path,
    said: &Path,
    takes: Takes,
    settings: &ScoreSettings,
    add: &mut dyn FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let (mut truths, mut predictions) = (Table::open(truth)?, Table::open(said)?);
    let Some(first) = truths.peek()? else { return Ok(()) };
    let names = Names::of(truth, &first, takes, settings)?;
    let (answers, said_ids) = match predictions.peek()? {
        Some(first) => {
            let has_same = names.id.iter().all(|name| first.fields.contains_key(name));
            let ids = if has_same || !settings.id.is_empty() { names.id.clone() } else { own_ids(&first) };
            (Answers::of(said, &first, takes)?, ids)
        }
        None => (Answers::Whole, Vec::new()),
    };
    let index = Index::of(&mut predictions, &said_ids)?;
    predictions.rewind()?;
    let mut seen = Seen::new(index.len());
    let mut n = 0;
    while let Some(row) = truths.next()? {
        n += 1;
        let id = id_of(&row, &names.id, n, truth)?;
        seen.truth(&id);
        let group = names.by.as_ref().map_or("all".to_owned(), |by| text_of(row.fields.get(by)));
        let datum = names
            .truth
            .datum(&row.fields)
            .ok_or_else(|| Error::row(truth, row.line, names.truth.expected(), "no such field, or null"))?;
        let place = index.place(&id);
        let said = match place {
            None => None,
            Some((at, place)) => {
                seen.said(at);
                let found = predictions.at(place)?;
                answers.datum(&found.fields).filter(|datum| *datum != Datum::Text(String::new()))
            }
        };
        add(&Row { id: &id, group: &group, truth: &datum, prediction: said.as_ref() }).map_err(|error| {
            match error {
                Error::Score(fault) => Error::Truth { path: truth.to_owned(), line: row.line, fault },
                other => other,
            }
        })?;
    }
    seen.check((truth, &mut truths, &names.id), (said, &mut predictions, &said_ids))
}

/// The field that a file's ids stand in; none where it has none.
fn own_ids(row: &FileRow) -> Vec<String> {
    IDS.iter()
        .find(|name| row.fields.contains_key(**name))
        .map(|name| vec![(*name).to_owned()])
        .unwrap_or_default()
}

/// The fields of the truth that count.
struct Names {
    id: Vec<String>,
    by: Option<String>,
    truth: Answers,
}

const IDS: [&str; 7] = ["id", "question_id", "qid", "item_id", "uid", "index", "name"];
const GROUPS: [&str; 5] = ["question_type", "type", "task", "category", "group"];
const TRUTHS: [&str; 22] = [
    "truth",
    "ground_truth",
    "answer",
    "answers",
    "gt",
    "label",
    "target",
    "solution",
    "value",
    "box",
    "bbox",
    "boxes",
    "mask",
    "masks",
    "segmentation",
    "interval",
    "span",
    "spans",
    "timestamp",
    "permutation",
    "sequence",
    "path",
];
const PREDICTIONS: [&str; 9] =
    ["prediction", "pred", "predicted", "response", "output", "completion", "result", "resps", "answer_text"];

impl Names {
    fn of(path: &Path, row: &FileRow, takes: Takes, settings: &ScoreSettings) -> Result<Names, Error> {
        let has = |name: &str| row.fields.contains_key(name);
        let id = if settings.id.is_empty() { own_ids(row) } else { settings.id.clone() };
        if let Some(lacking) = id.iter().chain(&settings.by).find(|name| !has(name)) {
            return Err(Error::row(path, row.line, format!("a field `{lacking}`"), fields_of(row)));
        }
        let by = settings.by.clone().or_else(|| GROUPS.iter().find(|name| has(name)).map(|&n| n.to_owned()));
        let truth = if let Takes::Record { truth: fields, .. } = takes {
            has_all(path, row, fields)?;
            Answers::Whole
        } else {
            let name = TRUTHS.iter().find(|name| has(name)).ok_or_else(|| {
                Error::row(path, row.line, format!("one of the fields {}", TRUTHS.join(", ")), fields_of(row))
            })?;
            Answers::Field((*name).to_owned())
        };
        Ok(Names { id, by, truth })
    }
}

/// Whether a row has the fields that a metric compares.
fn has_all(path: &Path, row: &FileRow, fields: &[&str]) -> Result<(), Error> {
    match fields.iter().find(|name| !row.fields.contains_key(**name)) {
        Some(lacking) => Err(Error::row(path, row.line, format!("a field `{lacking}`"), fields_of(row))),
        None => Ok(()),
    }
}

/// Where a row's answer stands.
enum Answers {
    /// In one field.
    Field(String),
    /// The row is the answer.
    Whole,
}

impl Answers {
    /// Of predictions.
    fn of(path: &Path, row: &FileRow, takes: Takes) -> Result<Answers, Error> {
        if let Takes::Record { prediction: fields, .. } = takes {
            has_all(path, row, fields)?;
            return Ok(Answers::Whole);
        }
        let mut names = PREDICTIONS
            .iter()
            .chain(TRUTHS.iter().filter(|name| !["truth", "ground_truth", "gt"].contains(name)));
        let name = names.find(|name| row.fields.contains_key(**name)).ok_or_else(|| {
            let expected = format!("one of the fields {}", PREDICTIONS.join(", "));
            Error::row(path, row.line, expected, fields_of(row))
        })?;
        Ok(Answers::Field((*name).to_owned()))
    }

    fn datum(&self, fields: &Map<String, Value>) -> Option<Datum> {
        match self {
            Answers::Field(name) => datum(fields.get(name)?),
            Answers::Whole => Some(Datum::Record(
                fields.iter().filter_map(|(name, value)| Some((name.clone(), datum(value)?))).collect(),
            )),
        }
    }

    fn expected(&self) -> String {
        match self {
            Answers::Field(name) => format!("a value of `{name}`"),
            Answers::Whole => "a row".to_owned(),
        }
    }
}

/// A value of a table; none where it is null. In a list null is a record without fields.
fn datum(value: &Value) -> Option<Datum> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(truth) => Datum::text(truth.to_string()),
        Value::Number(number) => Datum::Number(number.as_f64()?),
        Value::String(text) => Datum::Text(text.clone()),
        Value::Array(items) => {
            Datum::List(items.iter().map(|item| datum(item).unwrap_or(Datum::Record([].into()))).collect())
        }
        Value::Object(fields) => Datum::Record(
            fields.iter().filter_map(|(name, value)| Some((name.clone(), datum(value)?))).collect(),
        ),
    })
}

/// The id of a row, or its number where the file has no ids.
fn id_of(row: &FileRow, names: &[String], n: u64, path: &Path) -> Result<String, Error> {
    match names {
        [] => Ok(n.to_string()),
        names => {
            let part = |name: &String| match row.fields.get(name) {
                None | Some(Value::Null) => {
                    Err(Error::row(path, row.line, format!("an id in `{name}`"), fields_of(row)))
                }
                value => Ok(text_of(value)),
            };
            Ok(names.iter().map(part).collect::<Result<Vec<_>, _>>()?.join("/"))
        }
    }
}

/// A value as a name.
fn text_of(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn fields_of(row: &FileRow) -> String {
    const MOST: usize = 12;
    let names: Vec<&str> = row.fields.keys().take(MOST).map(String::as_str).collect();
    let more = if row.fields.len() > MOST { " …" } else { "" };
    if names.is_empty() { "no field".to_owned() } else { format!("{}{more}", names.join(", ")) }
}
