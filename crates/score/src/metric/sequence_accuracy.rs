//! Sequences compared step by step.

use super::columns::{Cells, Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;

/// Sequences: share that are equal (`exact`, the result), share of positions that are equal (`position`, over the longer), share of leading steps that are equal (`prefix`, over
/// the longer), and the longest common subsequence over the longer (`order`).
///
/// A sequence is a list, or text whose steps are joined by commas, arrows or line ends; words are compared ignoring case. Two empty sequences are equal.
///
/// # Source
/// LEGO-Puzzles and Jigsaw-Puzzles (exact), ProcBench (prefix), ENACT (position), 2024 and 2025.
#[derive(Clone, Copy, Debug)]
pub struct SequenceAccuracy;

impl Metric for SequenceAccuracy {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "sequence-accuracy",
            about: "sequences: exact, by position, leading equals, longest common order",
            source: "score/src/metric/sequence_accuracy.rs",
            paper: None,
            example: "chronotope score sequence-accuracy --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("sequence-accuracy", &["exact", "position", "prefix", "order"], marks).tally()
    }
}

/// Longest sequence that is compared: the common order takes the product of both lengths.
const MOST_STEPS: usize = 10_000;

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let truth =
        steps(truth).filter(|steps| steps.len() <= MOST_STEPS).ok_or("a list of at most 10,000 steps")?;
    let Some(said) = steps(said).filter(|steps| steps.len() <= MOST_STEPS) else { return Ok(None) };
    let longer = truth.len().max(said.len());
    let over = |part: usize| Some(if longer == 0 { 1.0 } else { part as f64 / longer as f64 });
    let same = truth.iter().zip(&said).filter(|(a, b)| a == b).count();
    let leading = truth.iter().zip(&said).take_while(|(a, b)| a == b).count();
    Ok(Some(vec![share(truth == said), over(same), over(leading), over(common_order(&truth, &said))]))
}

/// Length of the longest common subsequence.
pub(super) fn common_order<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut lengths = vec![0; b.len() + 1];
    for one in a {
        let mut before = 0;
        for (j, other) in b.iter().enumerate() {
            let here = if one == other { before + 1 } else { lengths[j].max(lengths[j + 1]) };
            before = std::mem::replace(&mut lengths[j + 1], here);
        }
    }
    lengths[b.len()]
}

/// The steps of a list, or of text; numbers in text are numbers.
pub(super) fn steps(datum: &Datum) -> Option<Vec<String>> {
    match datum {
        Datum::List(items) => Some(items.iter().map(|item| item.to_string().trim().to_lowercase()).collect()),
        Datum::Text(text) => {
            let inside = text
                .trim()
                .trim_start_matches('[')
                .trim_end_matches(']')
                .replace("->", ",")
                .replace('→', ",");
            let steps = inside
                .split([',', '\n', ';'])
                .map(|step| step.trim().trim_matches(['"', '\'']).to_lowercase());
            Some(steps.filter(|step| !step.is_empty()).collect())
        }
        Datum::Number(number) => Some(vec![number.to_string()]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_prefix_and_order_tell_different_things() {
        let list = |words: &[&str]| Datum::List(words.iter().map(|word| Datum::text(*word)).collect());
        let truth = list(&["a", "b", "c", "d"]);
        let found = |said: &str| marks(&truth, &Datum::text(said)).expect("a list").expect("read");
        assert_eq!(found("A -> b -> d -> c"), [Some(0.0), Some(0.5), Some(0.5), Some(0.75)]);
        assert_eq!(found("[a, b, c, d]"), [Some(1.0); 4]);
        assert_eq!(found("a, b, c, d, e"), [Some(0.0), Some(0.8), Some(0.8), Some(0.8)]);
        assert_eq!(marks(&list(&[]), &list(&[])).expect("a list").expect("read"), [Some(1.0); 4]);
    }
}
