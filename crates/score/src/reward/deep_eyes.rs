//! DeepEyes: thinking with images, paid where it helps.

use super::reply::Reason;
use super::{Case, Fault, Verdict};

rule! {
    /// 0.8 accuracy + 0.2 format + 1.2 tool: format −1 on any fault, else 0; tool 1 where an image came back and accuracy is above ½.
    ///
    /// `context.images` counts the images that tools gave back: the trainer knows, a reply cannot say so itself. An answer of 1000 characters or
    /// more is wrong and a fault of format. Free text that the rule does not call right is the judge's (`accuracy`), as published; without
    /// one the rule stands alone.
    ///
    /// # Source
    /// `verl/utils/reward_score/vl_agent.py` of Visual-Agent/DeepEyes.
    DeepEyes, "deep-eyes", "accuracy, a cost for broken format, a bonus for images that led to a right answer", "deep_eyes.rs",
    Some("Zheng et al., DeepEyes, 2025"),
    r#"{"id": 1, "completion": "<think>zoomed in</think><answer>B</answer>", "answer": "B", "context": {"images": 1}}"#
}

/// An answer of so many characters is none.
pub(crate) const LONGEST_ANSWER: usize = 1000;

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason, judged) = case.judged_accuracy()?;
    let long = case.answer().is_ok_and(|said| said.chars().count() >= LONGEST_ANSWER);
    let accuracy = if long { 0.0 } else { accuracy };
    let format = if long || case.format() == 0.0 { -1.0 } else { 0.0 };
    let tool = case.context.amount_or("images", 0.0)? > 0.0 && accuracy > 0.5;
    let verdict = Verdict::new()
        .part("accuracy", accuracy, 0.8)
        .part("format", format, 0.2)
        .part("tool", f64::from(u8::from(tool)), 1.2)
        .because(long.then_some(Reason::AnswerTooLong))
        .because(reason);
    Ok(match judged {
        Some(judged) => verdict.judged_if("accuracy", judged),
        None => verdict,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn images_pay_with_a_right_answer() {
        // vector u32
        let row = |text: &str, images| {
            format!(r#"{{"completion": "{text}", "answer": "B", "context": {{"images": {images}}}}}"#)
        };
        let right = "<think>z</think><answer>B</answer>";
        for (text, images, expected) in [
            (right, 1, 2.0),
            (right, 0, 0.8),
            ("so <answer>B</answer>", 1, 1.8),
            ("<think>z</think><answer>C</answer>", 1, 0.0),
        ] {
            assert!((pays(&DeepEyes, &row(text, images)) - expected).abs() < 1e-12, "{text} {images}");
        }
        let long = format!("<think>z</think><answer>{}</answer>", "B".repeat(1000));
        assert!((pays(&DeepEyes, &row(&long, 1)) + 0.2).abs() < 1e-12);
    }
}
