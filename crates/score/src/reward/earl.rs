//! EARL: choosing pictures, more for trying early, more for choosing well later.

use super::{Case, Fault, Verdict};
use std::collections::BTreeSet;

rule! {
    /// Right and well chosen + α(t) · anything chosen + β(t) · overlap with the gold pictures.
    ///
    /// `context.selected` and `context.gold` are numbers of pictures; overlap is |∩| / |∪|. Right (accuracy of at least ½) gives 1 with an overlap
    /// of at least ½, else ½; wrong gives −1: never mix it with rules that give 0 without recentring. α, β are (0.5, 0.2) while
    /// `context.progress` ≤ ½, then (0.2, 0.6): values of ours, the source gives none; `context.alpha`, `context.beta` replace them.
    ///
    /// # Source
    /// EARL, 2025, through a published note.
    Earl, "earl", "right answers with well chosen pictures", "earl.rs",
    Some("EARL, 2025 (through a published note)"),
    r#"{"id": 1, "completion": "<think>seen</think><answer>B</answer>", "answer": "B", "context": {"selected": [3, 7, 9], "gold": [3, 7, 8, 12], "progress": 0.8}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let set = |field| -> Result<Option<BTreeSet<i64>>, Fault> {
        Ok(case.context.numbers(field)?.map(|all| all.into_iter().map(|n| n as i64).collect()))
    };
    let selected = set("selected")?.unwrap_or_default();
    let gold = set("gold")?.ok_or(Fault::Context {
        field: "gold",
        expected: "numbers of pictures",
        found: "nothing".into(),
    })?;
    let (accuracy, reason) = case.accuracy()?;
    let early = case.context.share_or("progress", 1.0)? <= 0.5;
    let alpha = case.context.share_or("alpha", if early { 0.5 } else { 0.2 })?;
    let beta = case.context.share_or("beta", if early { 0.2 } else { 0.6 })?;
    let overlap = jaccard(&selected, &gold);
    let correct = match (accuracy >= 0.5, overlap >= 0.5) {
        (true, true) => 1.0,
        (true, false) => 0.5,
        _ => -1.0,
    };
    let action = f64::from(u8::from(!selected.is_empty()));
    Ok(Verdict::of("correct", correct)
        .part("action", action, alpha)
        .part("relevance", overlap, beta)
        .because(reason))
}

/// |∩| / |∪|; 0 of two empty sets.
pub(crate) fn jaccard<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> f64 {
    let all = a.union(b).count();
    if all == 0 { 0.0 } else { a.intersection(b).count() as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn choice_and_answer_count_as_the_worked_vector_says() {
        // vector u29
        let row = |said: &str, selected: &str| {
            format!(
                r#"{{"completion": "<answer>{said}</answer>", "answer": "B", "context": {{"selected": {selected}, "gold": [3, 7, 8, 12], "alpha": 0.2, "beta": 0.6}}}}"#
            )
        };
        for (said, selected, expected) in
            [("B", "[3, 7, 9]", 0.94), ("B", "[3, 7, 8]", 1.65), ("A", "[3, 7, 9]", -0.56)]
        {
            assert!((pays(&Earl, &row(said, selected)) - expected).abs() < 1e-9, "{said} {selected}");
        }
    }
}
