//! VR-Bench: mazes walked in words.

use super::columns::{Cells, Columns, share};
use super::sequence_accuracy::steps;
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;

/// VR-Bench for agents that answer in moves: goal reached (`SR`, the result), leading moves of a shortest way over its length (`PR`, best over all shortest ways), a shortest way
/// exactly (`EM`), and of those that reach the goal how much longer the way is (`Step`, 0 is shortest).
///
/// Truth: `optimal`, one shortest way or a list of them, each text of one letter a move or a list of moves. Prediction: `path`, and `success` as the environment says; where it does not, a way
/// succeeds only where it is a shortest one. No move at all is right where none is needed.
///
/// # Source
/// `evaluation/vlm_eval/action_metrics.py` of FoundationAgents/VR-Bench.
#[derive(Clone, Copy, Debug)]
pub struct VrBench;

impl Metric for VrBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "vr-bench",
            about: "mazes walked in words: success, progress along a shortest way, exact match, steps too many",
            source: "score/src/metric/vr_bench.rs",
            paper: Some("VR-Bench, 2025"),
            example: "chronotope score vr-bench --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("vr-bench", &["SR", "PR", "EM", "Step"], marks).tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["optimal"], prediction: &["path"] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let expected = "a record of optimal (one way or several)";
    let optimal = match truth.field("optimal").ok_or(expected)? {
        Datum::List(ways)
            if ways
                .iter()
                .any(|way| matches!(way, Datum::List(_)) || way.to_string().chars().count() > 1) =>
        {
            ways.iter().map(moves).collect::<Option<Vec<_>>>().ok_or(expected)?
        }
        one => vec![moves(one).ok_or(expected)?],
    };
    let Some(path) = said.field("path").and_then(moves) else { return Ok(None) };
    let exact = optimal.contains(&path);
    let success = said.field("success").and_then(Datum::verdict).unwrap_or(exact);
    let progress = optimal.iter().map(|way| {
        let leading = way.iter().zip(&path).take_while(|(a, b)| a == b).count();
        if way.is_empty() { f64::from(u8::from(path.is_empty())) } else { leading as f64 / way.len() as f64 }
    });
    let shortest = optimal.iter().map(Vec::len).min().unwrap_or_default();
    let steps = (success && shortest > 0).then(|| path.len() as f64 / shortest as f64 - 1.0);
    Ok(Some(vec![share(success), Some(progress.fold(0.0, f64::max)), share(exact), steps]))
}

/// Moves: of a word one a letter, else one a step.
fn moves(way: &Datum) -> Option<Vec<String>> {
    match way {
        Datum::Text(text) if !text.contains([',', ' ', '\n', '→']) => {
            Some(text.trim().to_lowercase().chars().map(String::from).collect())
        }
        other => steps(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_shortest_way_is_the_worked_vector() {
        let truth = Datum::record([("optimal", Datum::text("RRDD"))]);
        let found = |path: &str, success: &str| {
            let said = Datum::record([("path", Datum::text(path)), ("success", Datum::text(success))]);
            marks(&truth, &said).expect("a way").expect("read")
        };
        assert_eq!(found("RRUD", "false"), [Some(0.0), Some(0.5), Some(0.0), None]);
        assert_eq!(found("rrdd", "true"), [Some(1.0), Some(1.0), Some(1.0), Some(0.0)]);
        assert_eq!(found("RRRLDD", "true"), [Some(1.0), Some(0.5), Some(0.0), Some(0.5)]);
    }
}
