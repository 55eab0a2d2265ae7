//! Metrics, one file each.

mod absolute_tolerance;
mod accuracy;
mod exact_match;
mod mean_accuracy;
mod means;
mod mra;
mod pair_f1;
mod tolerance;
mod vsi_bench;

pub use absolute_tolerance::AbsoluteTolerance;
pub use accuracy::Accuracy;
pub use exact_match::ExactMatch;
pub use mean_accuracy::MeanAccuracy;
pub use mra::{Mra, mean_relative_accuracy};
pub use pair_f1::PairF1;
pub use tolerance::RelativeTolerance;
pub use vsi_bench::VsiBench;

use crate::error::Error;
use crate::report::{Mark, Report};
use crate::row::Row;
use chronotope_world::catalogue::Entry;

/// A measure of predictions against truths.
pub trait Metric: Sync {
    /// Its name, what it measures, its source and an example; the kind is `metrics`.
    fn entry(&self) -> Entry;

    /// Nothing counted yet.
    fn tally(&self) -> Box<dyn Tally>;
}

/// A metric at work: takes rows one by one, in any memory that does not grow with them beyond what the measure itself needs.
pub trait Tally: Send {
    /// Takes a row.
    ///
    /// # Errors
    /// Where the truth is of a kind that the metric does not compare. A prediction is never an error.
    fn add(&mut self, row: &Row<'_>) -> Result<Mark, Error>;

    /// What came of all rows.
    fn finish(self: Box<Self>) -> Report;
}

/// Every metric, alphabetical.
pub const METRICS: &[&dyn Metric] = &[
    &AbsoluteTolerance,
    &Accuracy,
    &ExactMatch,
    &MeanAccuracy,
    &Mra,
    &PairF1,
    &RelativeTolerance,
    &VsiBench,
];

/// The metric of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Metric> {
    METRICS.iter().copied().find(|metric| metric.entry().name == name)
}

/// What the metrics say of themselves.
pub(crate) fn entries() -> Vec<Entry> {
    METRICS.iter().map(|metric| metric.entry()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::Datum;

    #[test]
    fn the_catalogue_is_in_order_and_without_fault() {
        let entries = entries();
        assert!(entries.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(entries.iter().all(|entry| entry.fault().is_none()));
    }

    #[test]
    fn the_truth_against_itself_is_perfect_and_nothing_at_all_has_no_score() {
        let truths = [Datum::text("A"), Datum::Number(2.5)];
        for metric in METRICS {
            let mut tally = metric.tally();
            let mut scored = 0;
            for (i, truth) in truths.iter().enumerate() {
                let row = Row { id: &i.to_string(), group: "g", truth, prediction: Some(truth) };
                scored += usize::from(tally.add(&row).is_ok());
            }
            assert!(scored > 0, "{}", metric.entry().name);
            assert_eq!(tally.finish().result(), Some(1.0), "{}", metric.entry().name);
            assert_eq!(metric.tally().finish().result(), None, "{}", metric.entry().name);
        }
    }

    #[test]
    fn what_is_missing_scores_nothing_and_stays_in_the_denominator() {
        let truth = Datum::Number(2.0);
        let nonsense = Datum::text("no idea");
        for metric in [&Mra as &dyn Metric, &VsiBench, &RelativeTolerance] {
            let mut tally = metric.tally();
            for (id, prediction) in
                [("a", Some(&truth)), ("b", None), ("c", Some(&nonsense)), ("d", Some(&truth))]
            {
                tally.add(&Row { id, group: "g", truth: &truth, prediction }).expect("a number");
            }
            let report = tally.finish();
            assert_eq!(report.result(), Some(0.5), "{}", report.metric);
            assert_eq!((report.n, report.missing.n, report.unparsable.n), (4, 1, 1), "{}", report.metric);
            assert_eq!(report.unparsable.first, ["c"]);
        }
    }
}
