//! The tally of metrics that give several numbers a row and report their means.

use super::Tally;
use super::sums::{Groups, Summing, Sums};
use crate::datum::Datum;
use crate::report::Mark;
use crate::row::Row;
use std::collections::BTreeMap;

/// One number a column, or none.
pub(crate) type Cells = Vec<Option<f64>>;

/// Marks one row: one number a column, none where the row says nothing of it. `Err` names what the truth should have been;
/// `Ok(None)` is a prediction that cannot be read.
pub(crate) type Marks = fn(&Datum, &Datum) -> Result<Option<Cells>, &'static str>;

/// Means of columns over all rows, and what is made of these means.
#[derive(Clone, Copy)]
pub(crate) struct Columns {
    pub(crate) metric: &'static str,
    /// Names of the columns. The first one is a row's own score, where it is one between 0 and 1.
    pub(crate) names: &'static [&'static str],
    pub(crate) headline: &'static str,
    pub(crate) marks: Marks,
    /// What a row without a readable prediction counts in every column: 0, or nothing where the columns are errors.
    pub(crate) unread: Option<f64>,
    /// Adds values that are functions of the means.
    pub(crate) derive: fn(&mut BTreeMap<String, f64>),
    /// The truth's columns where there is no prediction at all, for measures whose rows say something all the same.
    pub(crate) of_missing: Option<fn(&Datum) -> Cells>,
}

impl Columns {
    /// Scores between 0 and 1 whose unread rows count 0; the headline is the first.
    pub(crate) const fn scores(
        metric: &'static str,
        names: &'static [&'static str],
        marks: Marks,
    ) -> Columns {
        Columns {
            metric,
            names,
            headline: names[0],
            marks,
            unread: Some(0.0),
            derive: |_| {},
            of_missing: None,
        }
    }

    /// Errors, of which unread rows have none; the headline is the first.
    pub(crate) const fn errors(
        metric: &'static str,
        names: &'static [&'static str],
        marks: Marks,
    ) -> Columns {
        Columns { unread: None, ..Columns::scores(metric, names, marks) }
    }

    /// What rows without a readable prediction count, where that depends on the truth or on the column.
    pub(crate) const fn of_missing(self, cells: fn(&Datum) -> Cells) -> Columns {
        Columns { of_missing: Some(cells), ..self }
    }

    pub(crate) fn tally(self) -> Box<dyn Tally> {
        Box::new(Summing::new(self))
    }
}

impl Sums for Columns {
    fn metric(&self) -> &'static str {
        self.metric
    }

    fn headline(&self) -> &'static str {
        self.headline
    }

    /// Sum and number of rows, column by column.
    fn width(&self) -> usize {
        2 * self.names.len()
    }

    fn add(&self, row: &Row<'_>, into: &mut [f64]) -> Result<Mark, &'static str> {
        let read = match row.prediction {
            None => None,
            Some(said) => (self.marks)(row.truth, said)?,
        };
        let marks = match (&read, self.of_missing) {
            (Some(marks), _) => marks.clone(),
            (None, Some(of_missing)) => of_missing(row.truth),
            (None, None) => vec![self.unread; self.names.len()],
        };
        for (i, mark) in marks.iter().enumerate().take(self.names.len()) {
            into[2 * i] = mark.unwrap_or_default();
            into[2 * i + 1] = f64::from(u8::from(mark.is_some()));
        }
        Ok(match (row.prediction, read) {
            (None, _) => Mark::Missing,
            (Some(_), None) => Mark::Unparsable,
            (Some(_), Some(marks)) => match (self.unread, marks.first()) {
                (Some(_), Some(Some(first))) => Mark::Score(*first),
                _ => Mark::Counted,
            },
        })
    }

    fn values(&self, sums: &[f64], _n: f64) -> BTreeMap<String, f64> {
        let mut values: BTreeMap<String, f64> = self
            .names
            .iter()
            .zip(sums.chunks_exact(2))
            .filter(|(_, of)| of[1] > 0.0)
            .map(|(name, of)| ((*name).to_owned(), of[0] / of[1]))
            .collect();
        (self.derive)(&mut values);
        values
    }

    fn overall(&self, (total, n): (&[f64], f64), _groups: &Groups) -> BTreeMap<String, f64> {
        self.values(total, n)
    }
}

/// 1 where it holds.
pub(crate) fn share(holds: bool) -> Option<f64> {
    Some(f64::from(u8::from(holds)))
}
