//! Mean relative accuracy of numbers.

use super::means::{Means, Overall, number_of};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::extract::number_or_words;
use chronotope_world::catalogue::Entry;

/// Mean over ten thresholds of whether the relative error is small enough.
///
/// With e = |p − g| / |g| and θ in 0.50, 0.55 … 0.95: the share of θ at which e ≤ 1 − θ (inclusive, as in the reference
/// code; the paper writes <). For g = 0 the error is |p|. Numbers may stand in words (`twenty-one`).
#[derive(Clone, Copy, Debug)]
pub struct Mra;

impl Metric for Mra {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "mra",
            about: "mean relative accuracy of numbers, in digits or words",
            source: "score/src/metric/mra.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025, section 3"),
            example: "chronotope eval vsi-bench ../shared/data/vsi_bench",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("mra", "mra", judge, Overall::Micro)
    }
}

/// Mean relative accuracy of `predicted` for the truth `truth`: one of 0, 0.1 … 1.
///
/// The grid is the reference code's (`numpy.linspace(0.5, 0.95, 10)` in double precision), so that an error of exactly 5 %
/// passes the last threshold. A prediction that is not a number scores 0; a truth of 0 takes the absolute error.
pub fn mean_relative_accuracy(predicted: f64, truth: f64) -> f64 {
    let error = (predicted - truth).abs() / if truth == 0.0 { 1.0 } else { truth.abs() };
    let step = (0.95 - 0.5) / 9.0;
    let threshold = |i: i32| if i == 9 { 0.95 } else { f64::from(i) * step + 0.5 };
    let passed = (0..10).filter(|i| error <= 1.0 - threshold(*i)).count();
    passed as f64 / 10.0
}

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    let truth = number_of(truth, number_or_words).ok_or("a number")?;
    Ok(number_of(said, number_or_words).map(|said| mean_relative_accuracy(said, truth)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_has_ten_rungs() {
        for (predicted, truth, expected) in [
            (100.0, 100.0, 1.0),
            (95.0, 100.0, 1.0), // an error of 5 % passes at 0.95
            (94.0, 100.0, 0.9),
            (150.0, 100.0, 0.1),
            (151.0, 100.0, 0.0),
            (0.0, 0.0, 1.0),
            (0.4, 0.0, 0.3),
            (f64::NAN, 1.0, 0.0),
            (f64::INFINITY, 1.0, 0.0),
            (-2.0, -2.0, 1.0),
        ] {
            assert_eq!(mean_relative_accuracy(predicted, truth), expected, "{predicted} {truth}");
        }
    }
}
