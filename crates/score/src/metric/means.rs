//! The tally of metrics that score every row by itself and report means.

use crate::datum::Datum;
use crate::error::Error;
use crate::metric::Tally;
use crate::report::{Group, Left, Mark, Report};
use crate::row::Row;
use std::collections::BTreeMap;

/// How one row is scored: the truth and what was predicted. `Err` names what the truth should have been; `Ok(None)` is a
/// prediction that cannot be read.
pub(crate) type Judge = fn(&Datum, &Datum) -> Result<Option<f64>, &'static str>;

/// Means over all rows (micro) and over the groups' means (macro).
pub(crate) struct Means {
    pub(crate) metric: &'static str,
    /// Name of the value.
    pub(crate) value: &'static str,
    pub(crate) judge: Judge,
    /// What the overall value is made of: `Overall::Micro` or a function of the groups' means.
    pub(crate) overall: Overall,
    sums: BTreeMap<String, (f64, u64)>,
    missing: Left,
    unparsable: Left,
}

/// Which mean is the result.
pub(crate) enum Overall {
    /// Over all rows.
    Micro,
    /// As the source says, from the groups' means.
    Of(fn(&BTreeMap<&str, f64>) -> Option<f64>),
}

impl Means {
    pub(crate) fn new(metric: &'static str, value: &'static str, judge: Judge, overall: Overall) -> Means {
        Means {
            metric,
            value,
            judge,
            overall,
            sums: BTreeMap::new(),
            missing: Left::default(),
            unparsable: Left::default(),
        }
    }
}

impl Tally for Means {
    fn add(&mut self, row: &Row<'_>) -> Result<Mark, Error> {
        let refused = |expected| Error::Truth {
            metric: self.metric,
            id: row.id.to_owned(),
            expected,
            found: row.truth.to_string(),
        };
        let mark = match row.prediction {
            None => Mark::Missing,
            Some(said) => {
                (self.judge)(row.truth, said).map_err(refused)?.map_or(Mark::Unparsable, Mark::Score)
            }
        };
        match mark {
            Mark::Missing => self.missing.add(row.id),
            Mark::Unparsable => self.unparsable.add(row.id),
            Mark::Score(_) | Mark::Counted => {}
        }
        if !self.sums.contains_key(row.group) {
            self.sums.insert(row.group.to_owned(), (0.0, 0));
        }
        if let Some((sum, n)) = self.sums.get_mut(row.group) {
            *sum += mark.score().unwrap_or_default();
            *n += 1;
        }
        Ok(mark)
    }

    fn finish(self: Box<Self>) -> Report {
        let mut report = Report {
            metric: self.metric.to_owned(),
            headline: self.value.to_owned(),
            missing: self.missing,
            unparsable: self.unparsable,
            ..Report::default()
        };
        let (sum, n) = self.sums.values().fold((0.0, 0), |(sum, n), (s, m)| (sum + s, n + m));
        report.n = n;
        if n == 0 {
            return report;
        }
        let means: BTreeMap<&str, f64> =
            self.sums.iter().map(|(group, (sum, n))| (group.as_str(), sum / *n as f64)).collect();
        let (micro, by_groups) = (sum / n as f64, means.values().sum::<f64>() / means.len() as f64);
        let overall = match self.overall {
            Overall::Micro => Some(micro),
            Overall::Of(result) => result(&means),
        };
        report.overall.extend(overall.map(|value| (self.value.to_owned(), value)));
        report.overall.insert(format!("{}_micro", self.value), micro);
        report.overall.insert(format!("{}_macro", self.value), by_groups);
        report.by_group = self
            .sums
            .iter()
            .map(|(group, (sum, n))| {
                let values = BTreeMap::from([(self.value.to_owned(), sum / *n as f64)]);
                (group.clone(), Group { values, n: *n })
            })
            .collect();
        report
    }
}

/// A number as it was said: handed in as one, or the text read by `read`.
pub(crate) fn number_of(said: &Datum, read: fn(&str) -> Option<f64>) -> Option<f64> {
    match said {
        Datum::Number(number) => Some(*number),
        Datum::Text(text) => read(text),
        Datum::List(_) => None,
    }
}
