//! VRAG-RL: found, and answered.

use super::{Case, Fault, Verdict};
use crate::metric::ndcg;
use crate::text::anls;
use std::collections::BTreeSet;

rule! {
    /// Where the shell is right 0.7 judge + 0.1 rule + 0.2 NDCG of the retrieved pages, else 0.
    ///
    /// `context.retrieved` lists pages as they came, `context.golden` those that matter. The judge tells the answer's `judge`, or `context.judge` does; without either, and
    /// without `context.rule`, it is ANLS of answer and truth.
    ///
    /// # Source
    /// `rm.py`, `vrag.py` of Alibaba-NLP/VRAG.
    VragRl, "vrag-rl", "answers and retrieved pages, where the shell is right", "vrag_rl.rs",
    Some("Wang et al., VRAG-RL, 2025"),
    r#"{"id": 1, "completion": "<think>page b</think><answer>Paris</answer>", "answer": "Paris", "context": {"retrieved": ["a", "b", "c"], "golden": ["b", "c"]}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let truth = case.truth("the truth")?;
    let golden: BTreeSet<String> = case.context.texts("golden")?.unwrap_or_default().into_iter().collect();
    let retrieved = case.context.texts("retrieved")?.unwrap_or_default();
    let mut met = BTreeSet::new();
    let relevant: Vec<bool> =
        retrieved.iter().filter(|page| met.insert(*page)).map(|page| golden.contains(page)).collect();
    let said = case.answer();
    let similar = said.map_or(0.0, |said| anls(truth, said));
    let judged = match (case.context.share("judge")?, said) {
        (None, Ok(said)) => case.judged("judge", said)?,
        (given, _) => given,
    };
    let verdict = Verdict::new()
        .part("judge", judged.unwrap_or(similar), 0.7)
        .part("rule", case.context.share_or("rule", similar)?, 0.1)
        .part("ndcg", ndcg(&relevant, golden.len()), 0.2)
        .gate("format", case.format())
        .because(said.err());
    Ok(verdict.judged_if("judge", judged.is_some()))
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn pages_and_answer_count_as_the_worked_vector_says() {
        // vector u37
        let row = VragRl.entry().example;
        assert!((pays(&VragRl, row) - 0.938685).abs() < 1e-6);
        assert!(
            (pays(&VragRl, &row.replace("\"retrieved\"", "\"judge\": 1, \"rule\": 0.8, \"retrieved\""))
                - 0.918685)
                .abs()
                < 1e-6
        );
        assert_eq!(pays(&VragRl, &row.replace("<think>", "")), 0.0);
    }
}
