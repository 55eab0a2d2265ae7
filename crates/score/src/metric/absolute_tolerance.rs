//! Numbers within a hundredth of the truth.

use super::means::{Means, Overall, number_of};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::extract::number;
use chronotope_world::catalogue::Entry;

/// Share of items whose number is at most 0.01 from the truth, as published lengths of grid paths are rounded to two decimals.
#[derive(Clone, Copy, Debug)]
pub struct AbsoluteTolerance;

/// Half a unit of the last published decimal on either side, and what the sum of rounded steps adds.
const TOLERANCE: f64 = 0.01;

impl Metric for AbsoluteTolerance {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "absolute-tolerance",
            about: "share of numbers within 0.01 of the truth",
            source: "score/src/metric/absolute_tolerance.rs",
            paper: Some("Sturtevant, Benchmarks for Grid-Based Pathfinding, 2012"),
            example: "chronotope eval grid-paths ../shared/data/grid_paths",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("absolute-tolerance", "within", judge, Overall::Micro)
    }
}

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    let truth = number_of(truth, number).ok_or("a number")?;
    Ok(number_of(said, number).map(|said| f64::from(u8::from((said - truth).abs() <= TOLERANCE))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundredth_off_is_right_and_no_way_is_no_number() {
        let score = |said: &str| judge(&Datum::Number(2.41), &Datum::text(said)).expect("a number");
        assert_eq!(
            [score("2.414213562373095"), score("2.43"), score("no way")],
            [Some(1.0), Some(0.0), None]
        );
    }
}
