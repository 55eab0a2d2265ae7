//! VideoReasonBench: hidden states, exactly.

use super::accuracy::is_answer;
use super::columns::{Cells, Columns, share};
use super::sequence_accuracy::steps;
use super::{Metric, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;

/// VideoReasonBench: share of final states, lists of operations and counts that are exactly right. The source asks a judge; here every answer can be computed, so that it is compared:
/// lists step by step, numbers as numbers, words ignoring case and blanks.
///
/// # Source
/// VideoReasonBench, 2025; the comparison is ours.
#[derive(Clone, Copy, Debug)]
pub struct VideoReasonBench;

impl Metric for VideoReasonBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "video-reason-bench",
            about: "latent states of a video: final state, operations and counts by exact match",
            source: "score/src/metric/video_reason_bench.rs",
            paper: Some("VideoReasonBench, 2025"),
            example: "chronotope score video-reason-bench --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("video-reason-bench", &["accuracy"], marks).tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let (Some(expected), true) = (steps(truth), is_answer(truth)) else {
        return Err("a state, a list of operations, or a count");
    };
    let Some(said) = steps(said) else { return Ok(None) };
    let same = |(a, b): (&String, &String)| {
        let numbers = (a.parse::<f64>(), b.parse::<f64>());
        if let (Ok(a), Ok(b)) = numbers { a == b } else { a.split_whitespace().eq(b.split_whitespace()) }
    };
    Ok(Some(vec![share(expected.len() == said.len() && expected.iter().zip(&said).all(same))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_compared_step_by_step() {
        let found = |truth: &str, said: &str| {
            marks(&Datum::text(truth), &Datum::text(said)).expect("a state").expect("read")[0]
        };
        assert_eq!(found("swap 1  2, swap 2 3", "Swap 1 2; swap 2 3"), Some(1.0));
        assert_eq!(found("swap 1 2, swap 2 3", "swap 2 3, swap 1 2"), Some(0.0));
        assert_eq!(found("3", "3.0"), Some(1.0));
    }
}
