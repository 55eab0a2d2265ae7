//! Two runs side by side: what differs in how they were made, and on which items they differ.

use crate::card::{Card, sha256_of};
use crate::error::Error;
use crate::prediction::PredictionRow;
use chronotope_score::{Paired, paired};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::path::Path;

/// An item that the runs score differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The item's id.
    pub id: String,
    /// Its type.
    pub group: String,
    /// Its truth.
    pub truth: String,
    /// The scores, first and second run.
    pub scores: [f64; 2],
    /// What was said, first and second run.
    pub said: [String; 2],
}

/// What came of comparing two runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The cards.
    pub cards: [Card; 2],
    /// What the cards say differently: the field, first and second run.
    pub unlike: Vec<(&'static str, [String; 2])>,
    /// Over all items that both runs have.
    pub all: Paired,
    /// By type.
    pub by_type: BTreeMap<String, Paired>,
    /// Items that only the first, only the second run has.
    pub alone: [u64; 2],
    /// Items that the runs score differently, the largest differences first.
    pub changed: Vec<Changed>,
}

impl Comparison {
    /// The object of `eval --compare --json`; of the items that changed the first hundred.
    pub fn json(&self) -> Value {
        const MOST: usize = 100;
        let unlike: Map<String, Value> =
            self.unlike.iter().map(|(field, values)| ((*field).to_owned(), json!(values))).collect();
        let by_type: Map<String, Value> =
            self.by_type.iter().map(|(name, found)| (name.clone(), paired_json(found))).collect();
        let changed: Vec<Value> = (self.changed.iter().take(MOST))
            .map(|row| {
                json!({"id": row.id, "type": row.group, "truth": row.truth, "scores": row.scores, "said": row.said})
            })
            .collect();
        json!({
            "cards": self.cards,
            "unlike": unlike,
            "overall": paired_json(&self.all),
            "by_type": by_type,
            "alone": self.alone,
            "n_changed": self.changed.len(),
            "changed": changed,
        })
    }
}

fn paired_json(found: &Paired) -> Value {
    let interval = found.interval.map(|i| json!({"low": i.low, "high": i.high, "level": i.level}));
    json!({
        "n": found.n,
        "scores": found.means,
        "difference": found.means[1] - found.means[0],
        "interval": interval,
        "better": found.better,
        "p": found.p,
    })
}

/// Compares the runs in two folders that `eval --out` wrote, item by item. Item means: a benchmark whose result is a mean of types says so in
/// its report.
///
/// # Errors
/// Runs that cannot be compared: another benchmark or metric, other truths for the same ids, no item in common, items without a score of
/// their own; a folder without a whole run, or whose predictions are not those that the run left. The text names the files.
pub fn compare(first: &Path, second: &Path, seed: u64) -> Result<Comparison, Error> {
    let cards: [Card; 2] = [read(&first.join(CARD))?, read(&second.join(CARD))?];
    for (field, [a, b]) in [
        ("benchmark", [&cards[0].benchmark, &cards[1].benchmark]),
        ("metric", [&cards[0].metric, &cards[1].metric]),
    ] {
        if a != b {
            let expected = format!("runs with one {field}");
            return Err(Error::row(second, 0, expected, format!("`{a}` and `{b}`")));
        }
    }
    let (rows, others) = (rows(first, &cards[0])?, rows(second, &cards[1])?);
    let mut pairs: Vec<(&str, [f64; 2])> = Vec::new();
    let mut changed = Vec::new();
    let mut alone = [0, 0];
    for (id, row) in &rows {
        let Some(other) = others.get(id) else {
            alone[0] += 1;
            continue;
        };
        if row.truth != other.truth {
            let found = format!("`{}` and `{}` for item `{id}`", row.truth, other.truth);
            return Err(Error::row(&second.join(PREDICTIONS), 0, "the truths of the other run", found));
        }
        let (Some(a), Some(b)) = (row.score, other.score) else {
            let found =
                format!("none for item `{id}`: {} has values of all items together alone", cards[0].metric);
            return Err(Error::row(&second.join(PREDICTIONS), 0, "a score of every item", found));
        };
        pairs.push((&row.group, [a, b]));
        if a != b {
            changed.push(Changed {
                id: id.clone(),
                group: row.group.clone(),
                truth: row.truth.clone(),
                scores: [a, b],
                said: [said(row), said(other)],
            });
        }
    }
    alone[1] = (others.len() - pairs.len()) as u64;
    let all = all_of(&pairs, |_| true, seed).ok_or_else(|| {
        Error::row(
            second,
            0,
            "items that both runs have",
            format!("none of {} and {}", rows.len(), others.len()),
        )
    })?;
    let mut by_type = BTreeMap::new();
    for (group, _) in &pairs {
        if !by_type.contains_key(*group) {
            by_type.extend(
                all_of(&pairs, |name| name == *group, seed).map(|found| ((*group).to_owned(), found)),
            );
        }
    }
    changed.sort_by(|a, b| {
        let size = |row: &Changed| (row.scores[1] - row.scores[0]).abs();
        size(b).total_cmp(&size(a)).then_with(|| a.id.cmp(&b.id))
    });
    let unlike = unlike(&cards);
    Ok(Comparison { cards, unlike, all, by_type, alone, changed })
}

const PREDICTIONS: &str = "predictions.jsonl";
const CARD: &str = "card.json";

fn all_of(pairs: &[(&str, [f64; 2])], wanted: impl Fn(&str) -> bool, seed: u64) -> Option<Paired> {
    let scores: Vec<[f64; 2]> =
        pairs.iter().filter(|(group, _)| wanted(group)).map(|(_, scores)| *scores).collect();
    paired(&scores, seed)
}

/// What was said, for people: the answer that was scored, else why there is none.
fn said(row: &PredictionRow) -> String {
    row.prediction.clone().unwrap_or_else(|| format!("{}: {}", row.status, row.said))
}

/// What the cards say differently, but for the number of items, which the pairing tells.
fn unlike(cards: &[Card; 2]) -> Vec<(&'static str, [String; 2])> {
    let files = |card: &Card| {
        let names: Vec<String> =
            card.files.iter().map(|(name, hash)| format!("{name} {}", &hash[..hash.len().min(12)])).collect();
        names.join(", ")
    };
    let none = || "none".to_owned();
    let options = |card: &Card| {
        let options: Vec<String> =
            card.options.iter().map(|(name, value)| format!("{name} {value}")).collect();
        options.join(", ")
    };
    let [a, b] = cards;
    [
        ("strategy", [a.strategy.clone(), b.strategy.clone()]),
        ("model", [a.model.clone().unwrap_or_else(none), b.model.clone().unwrap_or_else(none)]),
        ("engine", [a.engine.clone(), b.engine.clone()]),
        ("perception", [a.perception.clone(), b.perception.clone()]),
        ("files", [files(a), files(b)]),
        ("noise", [a.noise.clone().unwrap_or_else(none), b.noise.clone().unwrap_or_else(none)]),
        ("seed", [a.seed.to_string(), b.seed.to_string()]),
        ("options", [options(a), options(b)]),
    ]
    .into_iter()
    .filter(|(_, [a, b])| a != b)
    .collect()
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = std::fs::read_to_string(path).map_err(|fault| Error::read(path, fault))?;
    serde_json::from_str(&text)
        .map_err(|fault| Error::row(path, fault.line() as u64, "a run card", fault.to_string()))
}

/// The rows of a run that came to its end, by id.
fn rows(folder: &Path, card: &Card) -> Result<BTreeMap<String, PredictionRow>, Error> {
    let path = folder.join(PREDICTIONS);
    let bytes = std::fs::read(&path).map_err(|fault| Error::read(&path, fault))?;
    let mut rows: BTreeMap<String, (u64, PredictionRow)> = BTreeMap::new();
    let mut n = 0;
    for (line, text) in (1..).zip(bytes.lines()) {
        let text = text.map_err(|fault| Error::read(&path, fault))?;
        let row: PredictionRow = serde_json::from_str(&text)
            .map_err(|fault| Error::row(&path, line, "a prediction", fault.to_string()))?;
        n += 1;
        if let Some((first, _)) = rows.get(&row.id) {
            return Err(Error::Twice { path, id: row.id, first: *first, second: line });
        }
        rows.insert(row.id.clone(), (line, row));
    }
    if n != card.n {
        let expected =
            format!("the {} items of its card; `eval --out` goes on with a run that was stopped", card.n);
        return Err(Error::row(&path, 0, expected, n.to_string()));
    }
    let again = "`eval --out` scores them again";
    let Some(left) = &card.predictions_sha256 else {
        let expected = format!("a run that came to its end; {again}");
        return Err(Error::row(&folder.join(CARD), 0, expected, "no `predictions_sha256`"));
    };
    if *left != sha256_of(&bytes) {
        let expected = format!("the predictions and scores that the run left; {again}");
        return Err(Error::row(&path, 0, expected, "others than the card has the digest of"));
    }
    Ok(rows.into_iter().map(|(id, (_, row))| (id, row)).collect())
}
