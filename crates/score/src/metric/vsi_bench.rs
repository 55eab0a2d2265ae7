//! The official score of VSI-Bench.

use super::means::{Means, Overall, number_of};
use super::mra::mean_relative_accuracy;
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::extract::first_token;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeMap;

/// The official score: accuracy of letters, mean relative accuracy of numbers, and the mean of the eight tasks' means.
///
/// Of a prediction the first word counts, without its full stop; a number must be all of that word. The three levels of
/// relative direction are averaged into one task with equal weight before the tasks are. `score_micro` is the mean over all
/// items, which some papers report.
///
/// # Source
/// `lmms_eval/tasks/vsibench/utils.py` of github.com/vision-x-nyu/thinking-in-space.
#[derive(Clone, Copy, Debug)]
pub struct VsiBench;

/// Groups whose names begin so are levels of one task.
const LEVELS_OF: &str = "object_rel_direction";

impl Metric for VsiBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "vsi-bench",
            about: "official score of VSI-Bench: accuracy of letters, MRA of numbers, mean of the eight tasks",
            source: "score/src/metric/vsi_bench.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope eval vsi-bench ../shared/data/vsi_bench",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("vsi-bench", "score", judge, Overall::Of(mean_of_tasks))
    }
}

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    // files keep numbers as text
    let as_number = match truth {
        Datum::Text(text) => text.trim().parse().ok().map(Datum::Number),
        _ => None,
    };
    match as_number.as_ref().unwrap_or(truth) {
        Datum::Text(letter) => {
            let said = said.to_string();
            let right = first_token(&said).to_lowercase() == letter.trim().to_lowercase();
            Ok(Some(f64::from(u8::from(right))))
        }
        Datum::Number(truth) => {
            let read = |text: &str| first_token(text).parse().ok();
            Ok(number_of(said, read).map(|said| mean_relative_accuracy(said, *truth)))
        }
        _ => Err("a letter or a number"),
    }
}

/// Unweighted mean of the tasks, the levels of relative direction being one.
pub(super) fn mean_of_tasks(means: &BTreeMap<&str, f64>) -> Option<f64> {
    let mean =
        |values: &[f64]| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let (levels, others): (Vec<_>, Vec<_>) =
        means.iter().partition(|(group, _)| group.starts_with(LEVELS_OF));
    let values = |of: &[(&&str, &f64)]| of.iter().map(|(_, mean)| **mean).collect::<Vec<f64>>();
    let mut tasks = values(&others);
    tasks.extend(mean(&values(&levels)));
    mean(&tasks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Row;

    #[test]
    fn direction_counts_once_however_many_levels_it_has() {
        let mut tally = VsiBench.tally();
        let (letter, number) = (Datum::text("A"), Datum::Number(10.0));
        for (group, truth, said) in [
            ("object_rel_direction_easy", &letter, "a. left"),
            ("object_rel_direction_hard", &letter, "B"),
            ("object_rel_direction_medium", &letter, "B"),
            ("object_counting", &number, "10. tables"),
            ("route_planning", &letter, "The answer is A"),
            ("room_size_estimation", &number, "15 m²"),
        ] {
            let said = Datum::text(said);
            tally
                .add(&Row { id: group, group, truth, prediction: Some(&said) })
                .expect("letters and numbers");
        }
        let report = tally.finish();
        let expected = (1.0 / 3.0 + 1.0 + 0.0 + 0.1) / 4.0;
        assert!((report.result().expect("rows") - expected).abs() < 1e-12, "{report:?}");
        assert!((report.overall["score_micro"] - 2.1 / 6.0).abs() < 1e-12, "{report:?}");
    }
}
