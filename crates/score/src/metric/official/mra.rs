//! Mean relative accuracy as Video-R1 and its followers compute it.

use crate::datum::Datum;
use crate::extract::number_or_words;
use crate::metric::means::{Means, Overall, number_of};
use crate::metric::{Metric, Tally};
use crate::reward::strict_mean_relative_accuracy;
use chronotope_world::catalogue::Entry;

/// Mean relative accuracy with strict thresholds in single precision: an error of exactly 1 − θ fails.
///
/// Differs from `mra`: that passes such an error, as the code of VSI-Bench does; here |g| has 1e-8 added, and a truth of 0 is met by 0
/// alone. The paper of VSI-Bench writes it so.
///
/// # Source
/// `mean_relative_accuracy` in `src/eval_bench.py` of tulerfeng/Video-R1, also in ViLaSR and OneThinker.
#[derive(Clone, Copy, Debug)]
pub struct OfficialMra;

impl Metric for OfficialMra {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "mra-video-r1",
            about: "`mra/video-r1`: mean relative accuracy with strict thresholds in single precision, as Video-R1, ViLaSR and OneThinker compute it",
            source: "score/src/metric/official/mra.rs",
            paper: Some("Feng et al., Video-R1: Reinforcing Video Reasoning in MLLMs, 2025"),
            example: "chronotope score mra/video-r1 --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("mra/video-r1", "mra", judge, Overall::Micro)
    }
}

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    let truth = number_of(truth, number_or_words).ok_or("a number")?;
    Ok(number_of(said, number_or_words).map(|said| strict_mean_relative_accuracy(said, truth)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_at_a_threshold_fails_as_the_worked_vectors_say() {
        for (said, truth, expected) in [(3.0, 4.0, 0.5), (0.95, 1.0, 0.9), (4.0, 4.0, 1.0)] {
            let found = judge(&Datum::Number(truth), &Datum::Number(said)).expect("a number").expect("read");
            assert!((found - expected).abs() < 1e-6, "{said} {truth}: {found}");
        }
    }
}
