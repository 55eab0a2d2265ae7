//! AGILE: jigsaws by interaction.

use super::deep_eyes::LONGEST_ANSWER;
use super::reply::Reason;
use super::{Case, Fault, Verdict};
use serde_json::Value;

rule! {
    /// 0.8 accuracy + 0.2 format + turn: −0.05 for each image shown if right, else −0.25.
    ///
    /// Right is a list of blocks in the order of the truth, all of them, of equal length. Format fails where tags are unbalanced or the answer is
    /// no JSON; an answer of 1000 characters or more is wrong and out of format. `context.images` counts the images shown.
    ///
    /// # Source
    /// `puzzle_agent_v2.py` of yuzeng0-0/AGILE.
    Agile, "agile", "jigsaws solved with few looks", "agile.rs",
    Some("Zeng et al., AGILE, 2025"),
    r#"{"id": 1, "completion": "<think>z</think><answer>[1, 0, 3, 2]</answer>", "answer": "[1, 0, 3, 2]", "context": {"images": 3}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let list = |text: &str| serde_json::from_str::<Vec<Value>>(text).ok();
    let truth = case.truth_as("a JSON list of blocks", list)?;
    let images = case.context.amount_or("images", 0.0)?;
    let said = case.answer().and_then(|said| {
        if said.chars().count() >= LONGEST_ANSWER {
            return Err(Reason::AnswerTooLong);
        }
        list(said).ok_or(Reason::Unreadable)
    });
    let right = said.as_ref().is_ok_and(|said| *said == truth);
    let format = if said.is_ok() { case.format() } else { 0.0 };
    let turn = if right { -0.05 * images } else { -0.25 };
    let bit = f64::from(u8::from(right));
    Ok(Verdict::new()
        .part("accuracy", bit, 0.8)
        .part("format", format, 0.2)
        .part("turn", turn, 1.0)
        .because(said.err()))
}

#[cfg(test)]
mod tests {
    use super::super::Reward as _;
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn looks_cost_as_the_worked_vector_says() {
        // vector u36
        let row = Agile.entry().example;
        assert!((pays(&Agile, row) - 0.85).abs() < 1e-12);
        assert!(
            (pays(&Agile, &row.replace("<answer>[1, 0, 3, 2]", "<answer>[0, 1, 3, 2]")) + 0.05).abs() < 1e-12
        );
    }
}
