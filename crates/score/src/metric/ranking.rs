//! Ranked lists.

use super::columns::{Cells, Columns, share};
use super::sequence_accuracy::steps;
use super::{Metric, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;
use std::collections::BTreeSet;

/// Ranked lists against the set of what is relevant: `NDCG` over the whole list (the result), `recall@k` and `hit@k` for k = 1, 5, 10, and the reciprocal rank of the first relevant one (`MRR`).
///
/// Truth: a list of relevant ids. Prediction: the list of ids, best first; an id that stands again counts once. NDCG is Σ (2^rel − 1) / log₂(i + 1) over the same with all relevant ones
/// first. An empty truth scores 0 (as the source does).
///
/// # Source
/// Järvelin and Kekäläinen, 2002; `vrag.py` of Alibaba-NLP/VRAG.
#[derive(Clone, Copy, Debug)]
pub struct Ranking;

impl Metric for Ranking {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "ranking",
            about: "ranked lists: NDCG, recall and hit at 1, 5, 10, reciprocal rank",
            source: "score/src/metric/ranking.rs",
            paper: Some("Järvelin and Kekäläinen, Cumulated Gain-Based Evaluation, 2002"),
            example: "chronotope score ranking --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("ranking", NAMES, marks).tally()
    }
}

const NAMES: &[&str] = &["NDCG", "recall@1", "recall@5", "recall@10", "hit@1", "hit@5", "hit@10", "MRR"];

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let golden: BTreeSet<String> = match truth {
        Datum::List(_) => steps(truth).ok_or("a list of relevant ids")?.into_iter().collect(),
        _ => return Err("a list of relevant ids"),
    };
    let Some(ranked) = steps(said) else { return Ok(None) };
    let mut met = BTreeSet::new();
    let relevant: Vec<bool> =
        ranked.into_iter().filter(|id| met.insert(id.clone())).map(|id| golden.contains(&id)).collect();
    let found = |k: usize| relevant.iter().take(k).filter(|relevant| **relevant).count();
    let n = golden.len();
    let recall = |k: usize| Some(if n > 0 { found(k) as f64 / n as f64 } else { 0.0 });
    let first = relevant.iter().position(|relevant| *relevant);
    let mut cells = vec![Some(ndcg(&relevant, n))];
    cells.extend([1, 5, 10].map(recall));
    cells.extend([1, 5, 10].map(|k| share(found(k) > 0)));
    cells.push(Some(first.map_or(0.0, |i| 1.0 / (i + 1) as f64)));
    Ok(Some(cells))
}

/// Gain of the relevant places over that of `n` relevant ones in front.
pub(crate) fn ndcg(relevant: &[bool], n: usize) -> f64 {
    let gain = |i: usize| 1.0 / libm::log2(i as f64 + 2.0);
    let found: f64 =
        relevant.iter().enumerate().filter(|(_, relevant)| **relevant).map(|(i, _)| gain(i)).sum();
    let ideal: f64 = (0..n).map(gain).sum();
    if ideal > 0.0 { found / ideal } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gain_is_that_of_the_worked_vector() {
        assert!((ndcg(&[false, true, true], 2) - 0.693426).abs() < 1e-6);
        let list = |words: &[&str]| Datum::List(words.iter().map(|word| Datum::text(*word)).collect());
        let found = marks(&list(&["a", "b"]), &list(&["c", "c", "a"])).expect("a list").expect("read");
        assert_eq!(
            (found[1], found[2], found[4], found[5], found[7]),
            (Some(0.0), Some(0.5), Some(0.0), Some(1.0), Some(0.5))
        );
    }
}
