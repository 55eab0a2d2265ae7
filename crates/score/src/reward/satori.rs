//! Satori: reflecting where it was wrong.

use super::{Case, Fault, Verdict};

rule! {
    /// Right − 1 + ½ · (1 where the start was wrong and the end is right, −1 where the start was right and the end is wrong).
    ///
    /// `context.start` is `right` or `wrong`: what the intermediate state that the reply goes on from came to; none for a whole problem. The published
    /// answer is read from the last 128 characters; here it is the answer block. The outcome model's part is not here: it is a model.
    ///
    /// # Source
    /// `openrlhf/trainer/ppo_utils/experience_maker.py` of satori-reasoning/Satori.
    Satori, "satori", "right or not, and whether reflection repaired or spoiled it", "satori.rs",
    Some("Shen et al., Satori, 2025"),
    r#"{"id": 1, "completion": "<think>no, rather</think><answer>B</answer>", "answer": "B", "context": {"start": "wrong"}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let start = case.context.read("start", "`right` or `wrong`", |value| match value.as_str() {
        Some("right") => Some(true),
        Some("wrong") => Some(false),
        _ => None,
    })?;
    let (accuracy, reason) = case.accuracy()?;
    let bonus = match (start, accuracy == 1.0) {
        (Some(false), true) => 1.0,
        (Some(true), false) => -1.0,
        _ => 0.0,
    };
    Ok(Verdict::of("correct", accuracy - 1.0).part("reflection", bonus, 0.5).because(reason))
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn repair_pays_and_spoiling_costs() {
        // vector u52
        for (start, said, expected) in
            [("wrong", "A", -1.0), ("wrong", "B", 0.5), ("right", "A", -1.5), ("right", "B", 0.0)]
        {
            let row = format!(
                r#"{{"completion": "<answer>{said}</answer>", "answer": "B", "context": {{"start": "{start}"}}}}"#
            );
            assert_eq!(pays(&Satori, &row), expected, "{start} {said}");
        }
    }
}
