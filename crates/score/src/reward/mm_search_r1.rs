//! MMSearch-R1: search where it is needed.

use super::{Case, Fault, Verdict, steps::calls};

rule! {
    /// 0.9 accuracy + 0.1 format, where a right answer that searched is worth a tenth less.
    ///
    /// Searches are counted by the trainer (`context.calls`), else they are closed tool calls. `context.search_penalty` and `context.format_weight` replace the two
    /// tenths. Right is what `accuracy` calls so; published as equality without case, articles and punctuation. The project's notes name the paper without a
    /// formula: this is the published code's.
    ///
    /// # Source
    /// `mmsearch_r1/utils/reward_score_mm/mmsearch_r1_score.py` of multimodal-search-r1 (copy of WentaoYan1453, revision 534bf7e), items that need no search.
    MmSearchR1, "mm-search-r1", "accuracy and format, a tenth less where a right answer searched", "mm_search_r1.rs",
    Some("Wu et al., MMSearch-R1: Incentivizing LMMs to Search, 2025"),
    r#"{"id": 1, "completion": "<think>found</think><answer>Paris</answer>", "answer": "Paris", "context": {"calls": 2}}"#
}

/// What a right answer that searched loses, and what format weighs.
const USUAL: f64 = 0.1;

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let penalty = case.context.share_or("search_penalty", USUAL)?;
    let weight = case.context.share_or("format_weight", USUAL)?;
    let (accuracy, reason) = case.accuracy()?;
    // only what is right is punished
    let searched = accuracy > 0.99 && calls(case)? > 0.0;
    let worth = if searched { accuracy * (1.0 - penalty) } else { accuracy };
    Ok(Verdict::new()
        .part("accuracy", worth, 1.0 - weight)
        .part("format", case.format(), weight)
        .because(reason))
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn a_right_answer_that_searched_is_worth_a_tenth_less() {
        let row = MmSearchR1.entry().example;
        assert!((pays(&MmSearchR1, row) - 0.91).abs() < 1e-12);
        assert!((pays(&MmSearchR1, &row.replace("\"calls\": 2", "\"calls\": 0")) - 1.0).abs() < 1e-12);
        // a wrong one is not punished for it
        assert!((pays(&MmSearchR1, &row.replace("<answer>Paris", "<answer>Rome")) - 0.1).abs() < 1e-12);
    }
}
