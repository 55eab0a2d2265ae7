//! What a metric reports.

use std::collections::BTreeMap;

/// Ids that are listed by name of those that are missing or unparsable; the rest is counted.
const MOST_LISTED: usize = 1000;

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// The row's own score, 0 to 1.
    Score(f64),
    /// There is no prediction: it scores 0.
    Missing,
    /// The prediction cannot be read: it scores 0.
    Unparsable,
    /// The row counts towards a measure that single rows do not have.
    Counted,
}

impl Mark {
    /// The row's score; 0 where it is missing or cannot be read; none where single rows have none.
    pub fn score(self) -> Option<f64> {
        match self {
            Mark::Score(score) => Some(score),
            Mark::Missing | Mark::Unparsable => Some(0.0),
            Mark::Counted => None,
        }
    }
}

/// How many rows were left without a score of their own, and the first of them by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Left {
    /// How many.
    pub n: u64,
    /// Ids of the first thousand, in input order.
    pub first: Vec<String>,
}

impl Left {
    /// One more.
    pub fn add(&mut self, id: &str) {
        self.n += 1;
        if self.first.len() < MOST_LISTED {
            self.first.push(id.to_owned());
        }
    }
}

/// The values of one group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// By name.
    pub values: BTreeMap<String, f64>,
    /// Rows.
    pub n: u64,
}

/// Where the value would lie if other rows had been drawn like these.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Probability that it means to hold the value, 0 to 1.
    pub level: f64,
    /// Resamples that it was read from.
    pub resamples: u32,
}

/// The values of a metric over all rows and by group. A value that nothing was seen for is absent, never 0 or NaN.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The metric's name.
    pub metric: String,
    /// Name of the value in `overall` that the source calls its result.
    pub headline: String,
    /// The name of the judge whose verdicts these are; none where the values are computed alone.
    pub judge: Option<String>,
    /// Values over all rows, by name.
    pub overall: BTreeMap<String, f64>,
    /// Values by group.
    pub by_group: BTreeMap<String, Group>,
    /// Rows, answered or not.
    pub n: u64,
    /// Rows without a prediction.
    pub missing: Left,
    /// Rows whose prediction cannot be read.
    pub unparsable: Left,
    /// Bootstrap interval of the result; none where it was not asked for, or where there is but one row.
    pub interval: Option<Interval>,
}

impl Report {
    /// The value that the source calls its result; none where no row was seen.
    pub fn result(&self) -> Option<f64> {
        self.overall.get(&self.headline).copied()
    }
}
