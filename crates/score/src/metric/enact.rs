//! ENACT: the order of world states.

use super::columns::{Cells, Columns, share};
use super::sequence_accuracy::{common_order, steps};
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use crate::extract::{decimals, last_whole_numbers};
use chronotope_world::catalogue::Entry;
use std::collections::BTreeSet;

/// ENACT: share of items whose permutation is right, exactly or in meaning (`task_accuracy`, the result), and share of positions that are (`pairwise_accuracy`; 1 where the task is right).
///
/// Truth: `answer`, the permutation from 1 (a list, or text with one in brackets); for equality in meaning `differences`, for each shown choice the list of what changes
/// in it, and `partial`, for each position the changes that have to be there; `task: inverse` checks both ways. Prediction: `prediction`, read as the source does: the last bracketed list of
/// whole numbers, of too many the last ones, counted from 1 where it starts from 0 or above 1. Lists of other lengths have the longest common order over the longer.
///
/// # Source
/// `enact/core/evaluators.py` of mll-lab-nu/ENACT, as the notes define it.
#[derive(Clone, Copy, Debug)]
pub struct Enact;

impl Metric for Enact {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "enact",
            about: "order of world states: exact permutation or equal in meaning, and pairwise",
            source: "score/src/metric/enact.rs",
            paper: Some("ENACT, 2025"),
            example: "chronotope score enact --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("enact", &["task_accuracy", "pairwise_accuracy"], marks).tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer"], prediction: &["prediction"] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let answer = truth
        .field("answer")
        .and_then(|answer| permutation(answer, 0))
        .ok_or("a record of answer (a permutation)")?;
    let said = ["prediction", "answer"].iter().find_map(|name| said.field(name));
    let Some(said) = said.and_then(|said| permutation(said, answer.len())) else { return Ok(None) };
    let sets = |name: &str| -> Option<Vec<BTreeSet<String>>> {
        let Datum::List(all) = truth.field(name)? else { return None };
        all.iter().map(|one| steps(one).map(|steps| steps.into_iter().collect())).collect()
    };
    let both_ways =
        truth.field("task").is_some_and(|task| task.to_string().to_lowercase().contains("inverse"));
    let fits = |i: usize| {
        if said.get(i) == answer.get(i) {
            return true;
        }
        let (Some(partial), Some(full)) = (sets("partial"), sets("differences")) else { return false };
        let full = said.get(i).and_then(|place| full.get(usize::try_from(*place).ok()?.checked_sub(1)?));
        match (partial.get(i), full) {
            (Some(partial), Some(full)) => partial.is_subset(full) && (!both_ways || full.is_subset(partial)),
            _ => false,
        }
    };
    if said.len() != answer.len() {
        let longer = said.len().max(answer.len());
        return Ok(Some(vec![Some(0.0), Some(common_order(&answer, &said) as f64 / longer as f64)]));
    }
    let matched = (0..answer.len()).filter(|i| fits(*i)).count();
    Ok(Some(vec![share(matched == answer.len()), Some(matched as f64 / answer.len() as f64)]))
}

/// A permutation from 1; of `n` or more numbers the last `n`, where `n` is not 0.
fn permutation(datum: &Datum, n: usize) -> Option<Vec<i64>> {
    const MOST: usize = 10_000;
    let mut numbers = match datum {
        Datum::Text(text) => last_whole_numbers(text)
            .or_else(|| Some(decimals(text).into_iter().map(|number| number as i64).collect()))?,
        other => other.list_of_numbers()?.into_iter().map(|number| number as i64).collect(),
    };
    if n > 0 && numbers.len() > n {
        numbers.drain(..numbers.len() - n);
    }
    let least = *numbers.iter().min()?;
    if least != 1 {
        for number in &mut numbers {
            *number = number.saturating_sub(least).saturating_add(1);
        }
    }
    (numbers.len() <= MOST).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permutations_are_read_as_the_worked_vector_says() {
        assert_eq!(permutation(&Datum::text("I think [3, 1] no, [0, 2, 1]"), 3), Some(vec![1, 3, 2]));
        assert_eq!(permutation(&Datum::text("9 9 then 2 3 4"), 3), Some(vec![1, 2, 3]));
        assert_eq!(permutation(&Datum::text("none"), 3), None);
    }

    #[test]
    fn what_changes_the_same_may_change_places() {
        let list = |words: &[&str]| Datum::List(words.iter().map(|word| Datum::text(*word)).collect());
        let changes =
            Datum::List(vec![list(&["open door", "light on"]), list(&["open door"]), list(&["close door"])]);
        let partial = Datum::List(vec![list(&["open door"]), list(&["open door"]), list(&["close door"])]);
        let truth = Datum::record([
            ("answer", Datum::numbers(&[1.0, 2.0, 3.0])),
            ("differences", changes),
            ("partial", partial),
        ]);
        let found = |said: &str| {
            marks(&truth, &Datum::record([("prediction", Datum::text(said))]))
                .expect("a permutation")
                .expect("read")
        };
        assert_eq!(found("[1, 2, 3]"), [Some(1.0), Some(1.0)]);
        assert_eq!(found("[2, 1, 3]"), [Some(1.0), Some(1.0)]);
        assert_eq!(found("[3, 2, 1]"), [Some(0.0), Some(1.0 / 3.0)]);
        assert_eq!(found("[1, 3]"), [Some(0.0), Some(2.0 / 3.0)]);
    }
}
