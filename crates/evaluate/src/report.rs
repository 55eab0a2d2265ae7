//! What came of a run.

use crate::calibration::Calibration;
use crate::error::Error;
use crate::prediction::PredictionRow;
use chronotope_score::{Datum, Metric, Row};
use chronotope_tasks::{Item, Truth};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The scores of one type of items.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TypeScore {
    /// The metric's value; an item that is not answered scores 0.
    pub score: f64,
    /// Items.
    pub n: u64,
    /// Items that were answered.
    pub answered: u64,
    /// The value over the answered ones alone; none where there are none.
    pub score_answered: Option<f64>,
}

/// The scores of a set of items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scored {
    /// The metric's result; none where there are no items.
    pub overall: Option<f64>,
    /// The result over the answered items alone: their plain mean where the metric has one, as a type of which hardly any item is
    /// answered would weigh as much as the others.
    pub overall_answered: Option<f64>,
    /// All values of the metric.
    pub values: BTreeMap<String, f64>,
    /// By type.
    pub by_type: BTreeMap<String, TypeScore>,
    /// Items.
    pub n: u64,
    /// Items that were answered.
    pub answered: u64,
    /// Answers that the metric cannot read.
    pub unparsable: u64,
    /// Whether the answers are right as often as they say; none where none says.
    pub calibration: Option<Calibration>,
}

/// What came of a run: of all items, of each subset, and why items were not answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// All items.
    pub all: Scored,
    /// The subsets that the benchmark names.
    pub subsets: BTreeMap<String, Scored>,
    /// Items by status.
    pub by_status: BTreeMap<String, u64>,
    /// Items that are not answered, by the kind of what is missing.
    pub by_missing: BTreeMap<String, u64>,
}

impl Report {
    /// Scores rows, which get their own scores on the way.
    pub(crate) fn new(
        items: &[Item],
        rows: &mut [PredictionRow],
        metric: &dyn Metric,
    ) -> Result<Report, Error> {
        let mut report = Report { all: scored(items, rows, metric, |_| true)?, ..Report::default() };
        let names: BTreeSet<&str> = items.iter().flat_map(|item| item.subsets.iter().copied()).collect();
        for name in names {
            let subset = scored(items, rows, metric, |item| item.subsets.contains(&name))?;
            report.subsets.insert(name.to_owned(), subset);
        }
        for row in rows.iter() {
            *report.by_status.entry(row.status.clone()).or_default() += 1;
            let kinds: BTreeSet<&str> = row.missing.iter().filter_map(|m| m.split(':').next()).collect();
            for kind in kinds.into_iter().filter(|_| row.prediction.is_none()) {
                *report.by_missing.entry(kind.to_owned()).or_default() += 1;
            }
        }
        Ok(report)
    }

    /// As it stands in `report.json`.
    pub fn json(&self) -> Map<String, Value> {
        let mut json = scored_json(&self.all);
        let subsets: Map<String, Value> = self
            .subsets
            .iter()
            .map(|(name, scored)| (name.clone(), Value::Object(scored_json(scored))))
            .collect();
        json.insert("subsets".into(), Value::Object(subsets));
        json.insert("by_status".into(), json!(self.by_status));
        json.insert("by_missing".into(), json!(self.by_missing));
        json
    }
}

fn scored_json(scored: &Scored) -> Map<String, Value> {
    let by_type: Map<String, Value> = scored
        .by_type
        .iter()
        .map(|(name, score)| {
            let TypeScore { score, n, answered, score_answered } = score;
            let json =
                json!({"score": score, "n": n, "answered": answered, "score_answered": score_answered});
            (name.clone(), json)
        })
        .collect();
    let mut json = Map::new();
    json.insert("overall".into(), json!(scored.overall));
    json.insert("overall_answered".into(), json!(scored.overall_answered));
    json.insert("values".into(), json!(scored.values));
    json.insert("by_type".into(), Value::Object(by_type));
    json.insert("n".into(), json!(scored.n));
    json.insert("answered".into(), json!(scored.answered));
    json.insert("unparsable".into(), json!(scored.unparsable));
    if let Some(calibration) = &scored.calibration {
        json.insert("calibration".into(), calibration.json());
    }
    json
}

fn scored(
    items: &[Item],
    rows: &mut [PredictionRow],
    metric: &dyn Metric,
    belongs: impl Fn(&Item) -> bool,
) -> Result<Scored, Error> {
    let (mut all, mut answered) = (metric.tally(), metric.tally());
    let mut n_answered: BTreeMap<String, u64> = BTreeMap::new();
    let mut weighed = Vec::new();
    for (item, row) in items.iter().zip(rows.iter_mut()).filter(|(item, _)| belongs(item)) {
        let truth = datum(&item.truth);
        let prediction = row.prediction.clone().map(Datum::Text);
        let compared =
            Row { id: &item.id, group: &item.group, truth: &truth, prediction: prediction.as_ref() };
        row.score = all.add(&compared)?.score();
        if prediction.is_some() {
            answered.add(&compared)?;
            *n_answered.entry(item.group.clone()).or_default() += 1;
        }
        weighed.push(row.clone());
    }
    let (all, answered) = (all.finish(), answered.finish());
    let value = |group: &chronotope_score::Group| group.values.get(&all.headline).copied();
    let by_type = all.by_group.iter().map(|(name, group)| {
        let score = TypeScore {
            score: value(group).unwrap_or_default(),
            n: group.n,
            answered: n_answered.get(name).copied().unwrap_or_default(),
            score_answered: answered.by_group.get(name).and_then(value),
        };
        (name.clone(), score)
    });
    Ok(Scored {
        overall: all.result(),
        overall_answered: answered
            .overall
            .get(&format!("{}_micro", answered.headline))
            .copied()
            .or(answered.result()),
        by_type: by_type.collect(),
        n: all.n,
        answered: answered.n,
        unparsable: all.unparsable.n,
        values: all.overall,
        calibration: Calibration::of(&weighed),
    })
}

fn datum(truth: &Truth) -> Datum {
    match truth {
        Truth::Text(text) => Datum::Text(text.clone()),
        Truth::Number(number) => Datum::Number(*number),
        Truth::AnyOf(any) | Truth::AllOf(any) => Datum::List(any.iter().cloned().map(Datum::Text).collect()),
    }
}
