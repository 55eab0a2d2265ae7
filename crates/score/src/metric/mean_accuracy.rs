//! The mean of the groups' accuracies.

use super::accuracy::right;
use super::means::{Means, Overall};
use super::{Metric, Tally};
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// Accuracy per group, then the plain mean over the groups, as StepGame averages over its numbers of hops.
///
/// Answers are compared as [`super::Accuracy`] does.
#[derive(Clone, Copy, Debug)]
pub struct MeanAccuracy;

impl Metric for MeanAccuracy {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "mean-accuracy",
            about: "accuracy per group, then the plain mean over the groups",
            source: "score/src/metric/mean_accuracy.rs",
            paper: Some("Shi et al., StepGame, AAAI 2022"),
            example: "chronotope eval stepgame ../shared/data/stepgame",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("mean-accuracy", "accuracy", right, Overall::Of(mean))
    }
}

fn mean(means: &BTreeMap<&str, f64>) -> Option<f64> {
    (!means.is_empty()).then(|| means.values().sum::<f64>() / means.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::Datum;
    use crate::row::Row;

    #[test]
    fn a_small_group_weighs_as_much_as_a_large_one() {
        let mut tally = MeanAccuracy.tally();
        let (left, right) = (Datum::text("left"), Datum::text("right"));
        for (id, group, said) in
            [("1", "k1", &left), ("2", "k2", &left), ("3", "k2", &right), ("4", "k2", &right)]
        {
            tally.add(&Row { id, group, truth: &left, prediction: Some(said) }).expect("words");
        }
        let report = tally.finish();
        assert!((report.result().expect("rows") - 2.0 / 3.0).abs() < 1e-12, "{report:?}");
        assert_eq!(report.overall["accuracy_micro"], 0.5);
    }
}
