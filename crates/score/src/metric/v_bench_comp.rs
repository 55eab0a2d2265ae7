//! VBenchComp: what kind of question it is.

use super::accuracy::right;
use super::columns::{Cells, Columns, share};
use super::{Metric, Takes, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;

/// VBenchComp sorts questions by three runs: right without video is `llm_answerable`, else right with shuffled pictures `semantic`, else right only in order `temporal` (the result), else
/// `others`. The values are shares of the questions.
///
/// Truth: `answer`. Prediction: the answers `blind`, `shuffled` and `ordered`; each may be a list over a panel of models, whose majority decides, and a tie gives `others`.
///
/// # Source
/// VBenchComp, 2025 (classes); majority over a panel is ours.
#[derive(Clone, Copy, Debug)]
pub struct VBenchComp;

impl Metric for VBenchComp {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "v-bench-comp",
            about: "question classes: answerable without video, by content, by order, not at all",
            source: "score/src/metric/v_bench_comp.rs",
            paper: Some("VBenchComp, 2025"),
            example: "chronotope score v-bench-comp --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns {
            unread: None,
            ..Columns::scores("v-bench-comp", &["temporal", "semantic", "llm_answerable", "others"], marks)
        }
        .tally()
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer"], prediction: &["blind", "shuffled", "ordered"] }
    }

    fn perfect(&self) -> Option<f64> {
        None
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let answer = truth.field("answer").ok_or("a record of answer")?;
    let is_right = |said: &Datum| right(answer, said) == Ok(Some(1.0));
    let panel = |name: &str| -> Option<Vec<bool>> {
        Some(match said.field(name)? {
            Datum::List(panel) => panel.iter().map(is_right).collect(),
            one => vec![is_right(one)],
        })
    };
    let (Some(blind), Some(shuffled), Some(ordered)) = (panel("blind"), panel("shuffled"), panel("ordered"))
    else {
        return Ok(None);
    };
    if blind.is_empty() || blind.len() != shuffled.len() || blind.len() != ordered.len() {
        return Ok(None);
    }
    let mut votes = [0usize; 4];
    for i in 0..blind.len() {
        votes[match (blind[i], shuffled[i], ordered[i]) {
            (true, _, _) => 2,
            (_, true, _) => 1,
            (_, _, true) => 0,
            _ => 3,
        }] += 1;
    }
    let most = votes.iter().copied().max().unwrap_or_default();
    let winners = votes.iter().filter(|n| **n == most).count();
    let class = if winners > 1 { 3 } else { votes.iter().position(|n| *n == most).unwrap_or(3) };
    Ok(Some((0..4).map(|i| share(i == class)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_what_most_of_the_panel_makes_of_it() {
        let truth = Datum::record([("answer", Datum::text("A"))]);
        let class = |blind: &str, shuffled: &str, ordered: &str| {
            let panel =
                |letters: &str| Datum::List(letters.chars().map(|c| Datum::text(c.to_string())).collect());
            let said = Datum::record([
                ("blind", panel(blind)),
                ("shuffled", panel(shuffled)),
                ("ordered", panel(ordered)),
            ]);
            marks(&truth, &said)
                .expect("an answer")
                .and_then(|cells| cells.iter().position(|cell| *cell == Some(1.0)))
        };
        assert_eq!(class("B", "B", "A"), Some(0));
        assert_eq!(class("B", "A", "B"), Some(1));
        assert_eq!(class("AAB", "BBA", "BBA"), Some(2));
        assert_eq!(class("AB", "BA", "BB"), Some(3)); // a tie
        assert_eq!(class("AB", "A", "BB"), None);
    }
}
