//! Conan: identify, reason, act.

use super::earl::jaccard;
use super::{Case, Fault, Verdict};
use serde_json::Value;
use std::collections::BTreeSet;

rule! {
    /// Answer + (clue + action where the answer has any reward) + ½ format.
    ///
    /// `context.rounds` are `{scores: {picture: 1–5}, relevant: [picture], asked: [picture], unseen: [picture]}`: what the policy scored and asked
    /// for in each round, as the trainer read it, which pictures are relevant, and which relevant ones were not seen yet. Clue: mean over the
    /// rounds of |∩| / |∪| of the pictures scored 4 or more (if none, 3 or more) with the relevant ones; a round with neither is left out.
    /// Action: |asked ∩ unseen| / min(|unseen|, 8) over the rounds; where nothing was left unseen it copies the clue.
    ///
    /// # Source
    /// `plugin.py`, `Conan-AIR-RLVR.sh` of OuyangKun10/Conan.
    Conan, "conan", "answer, and with it the clues found and the pictures asked for", "conan.rs",
    Some("Conan, 2025"),
    r#"{"id": 1, "completion": "<think>seen</think><answer>B</answer>", "answer": "B", "context": {"rounds": [{"scores": {"1": 5, "2": 4, "9": 1}, "relevant": [1, 2, 3], "asked": [3, 8], "unseen": [3, 4, 5, 6]}]}}"#
}

struct Round {
    scored: BTreeSet<i64>,
    relevant: BTreeSet<i64>,
    asked: BTreeSet<i64>,
    unseen: BTreeSet<i64>,
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let rounds = case.context.needs("rounds", "a list of {scores, relevant, asked, unseen}", rounds)?;
    let (accuracy, reason) = case.accuracy()?;
    let clues: Vec<f64> = rounds
        .iter()
        .filter(|round| !round.scored.is_empty() || !round.relevant.is_empty())
        .map(|round| jaccard(&round.scored, &round.relevant))
        .collect();
    let mean = |values: &[f64]| {
        if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
    };
    let clue = mean(&clues);
    let actions: Vec<f64> = rounds
        .iter()
        .filter(|round| !round.unseen.is_empty())
        .map(|round| {
            round.asked.intersection(&round.unseen).count() as f64 / round.unseen.len().min(8) as f64
        })
        .map(|share| share.min(1.0))
        .collect();
    let action = if actions.is_empty() { clue } else { mean(&actions) };
    let pays = f64::from(u8::from(accuracy > 0.0));
    Ok(Verdict::of("answer", accuracy)
        .part("clue", clue * pays, 1.0)
        .part("action", action * pays, 1.0)
        .part("format", case.format(), 0.5)
        .because(reason))
}

fn rounds(value: &Value) -> Option<Vec<Round>> {
    let set = |value: Option<&Value>| -> Option<BTreeSet<i64>> {
        let Some(value) = value else { return Some(BTreeSet::new()) };
        Some(super::case::numbers(value)?.into_iter().map(|n| n as i64).collect())
    };
    let one = |value: &Value| {
        let scores = value.get("scores").and_then(Value::as_object);
        let at_least = |least: f64| -> BTreeSet<i64> {
            let high = scores
                .into_iter()
                .flatten()
                .filter(|(_, score)| score.as_f64().is_some_and(|score| score >= least));
            high.filter_map(|(picture, _)| picture.parse().ok()).collect()
        };
        let four = at_least(4.0);
        Some(Round {
            scored: if four.is_empty() { at_least(3.0) } else { four },
            relevant: set(value.get("relevant"))?,
            asked: set(value.get("asked"))?,
            unseen: set(value.get("unseen"))?,
        })
    };
    value.as_array()?.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::verdict;
    use super::*;

    #[test]
    fn clue_and_action_count_with_a_right_answer() {
        // vector u30: clue 2/3, action 2/4; here the example's asked pictures hold one of four
        let found = verdict(&Conan, &Conan.entry().example.replace("[3, 8]", "[3, 4]"));
        assert!((found.reward() - 0.5 - 2.166667).abs() < 1e-6, "{found:?}");
        let wrong = verdict(&Conan, &Conan.entry().example.replace("<answer>B", "<answer>C"));
        assert_eq!(wrong.reward(), 0.5);
    }
}
