//! The tally of metrics that score every row by itself and report means.

use super::sums::{Groups, Summing, Sums};
use crate::datum::Datum;
use crate::metric::Tally;
use crate::report::Mark;
use crate::row::Row;
use std::collections::BTreeMap;

/// How one row is scored: the truth and what was predicted. `Err` names what the truth should have been; `Ok(None)` is a
/// prediction that cannot be read.
pub(crate) type Judge = fn(&Datum, &Datum) -> Result<Option<f64>, &'static str>;

/// Means over all rows (micro) and over the groups' means (macro).
pub(crate) struct Means {
    metric: &'static str,
    value: &'static str,
    judge: Judge,
    overall: Overall,
}

/// Which mean is the result.
pub(crate) enum Overall {
    /// Over all rows.
    Micro,
    /// As the source says, from the groups' means.
    Of(fn(&BTreeMap<&str, f64>) -> Option<f64>),
}

impl Means {
    /// A tally that calls its value `value`.
    pub(crate) fn tally(
        metric: &'static str,
        value: &'static str,
        judge: Judge,
        overall: Overall,
    ) -> Box<dyn Tally> {
        Box::new(Summing::new(Means { metric, value, judge, overall }))
    }
}

impl Sums for Means {
    fn metric(&self) -> &'static str {
        self.metric
    }

    fn headline(&self) -> &'static str {
        self.value
    }

    fn width(&self) -> usize {
        1
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        let mark = match row.prediction {
            None => Mark::Missing,
            Some(said) => (self.judge)(row.truth, said)?.map_or(Mark::Unparsable, Mark::Score),
        };
        into[0] = mark.score().unwrap_or_default();
        Ok(mark)
    }

    fn values(&self, sums: &[f64], n: f64) -> BTreeMap<String, f64> {
        BTreeMap::from([(self.value.to_owned(), sums[0] / n)])
    }

    fn overall(&self, (total, n): (&[f64], f64), groups: &Groups) -> BTreeMap<String, f64> {
        let micro = total[0] / n;
        let mut values = BTreeMap::from([(format!("{}_micro", self.value), micro)]);
        let means: BTreeMap<&str, f64> =
            groups.iter().map(|(group, (sums, n))| (group.as_str(), sums[0] / n)).collect();
        if !means.is_empty() {
            let by_groups = means.values().sum::<f64>() / means.len() as f64;
            values.insert(format!("{}_macro", self.value), by_groups);
        }
        let result = match self.overall {
            Overall::Micro => Some(micro),
            Overall::Of(result) => result(&means),
        };
        values.extend(result.map(|result| (self.value.to_owned(), result)));
        values
    }

    fn by_group(&self) -> bool {
        matches!(self.overall, Overall::Of(_))
    }
}

/// A number as it was said: handed in as one, or the text read by `read`.
pub(crate) fn number_of(said: &Datum, read: fn(&str) -> Option<f64>) -> Option<f64> {
    match said {
        Datum::Number(number) => Some(*number),
        Datum::Text(text) => read(text),
        _ => None,
    }
}
