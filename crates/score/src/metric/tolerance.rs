//! Numbers within a quarter of the truth.

use super::means::{Means, Overall, number_of};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::extract::number_or_words;
use chronotope_world::catalogue::Entry;

/// Share of items that are right: numbers p with 0.75·g ≤ p ≤ 1.25·g, words by equality, as NuScenes-SpatialQA and
/// SpatialRGPT-Bench do. A negative truth mirrors the band; a truth of 0 wants 0.
#[derive(Clone, Copy, Debug)]
pub struct RelativeTolerance;

/// Half the width of the band, as a share of the truth.
const BAND: f64 = 0.25;

impl Metric for RelativeTolerance {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "tolerance",
            about: "share of numbers within 25 % of the truth, of words that are equal",
            source: "score/src/metric/tolerance.rs",
            paper: Some("NuScenes-SpatialQA, 2025; Cheng et al., SpatialRGPT, NeurIPS 2024"),
            example: "chronotope eval nuscenes ../shared/data/nuscenes_mini",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("tolerance", "success", judge, Overall::Micro)
    }
}

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    let right = match truth {
        Datum::Number(truth) => {
            let Some(said) = number_of(said, number_or_words) else { return Ok(None) };
            let (a, b) = (truth * (1.0 - BAND), truth * (1.0 + BAND));
            a.min(b) <= said && said <= a.max(b)
        }
        Datum::Text(truth) => truth.trim().to_lowercase() == said.to_string().trim().to_lowercase(),
        _ => return Err("a number or a word"),
    };
    Ok(Some(f64::from(u8::from(right))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_the_band_are_right() {
        let score = |truth: f64, said: f64| {
            judge(&Datum::Number(truth), &Datum::Number(said)).expect("a number").expect("a number")
        };
        assert_eq!(
            [score(4.0, 3.0), score(4.0, 5.0), score(4.0, 5.01), score(4.0, 2.99)],
            [1.0, 1.0, 0.0, 0.0]
        );
        assert_eq!(
            [score(-4.0, -5.0), score(-4.0, 4.0), score(0.0, 0.0), score(0.0, 0.1)],
            [1.0, 0.0, 1.0, 0.0]
        );
    }
}
