//! SpaceR: options exactly, numbers by relative accuracy.

use super::reply::Reason;
use super::{Case, Fault, Verdict, read};
use crate::extract::number_or_words;
use crate::metric::mean_relative_accuracy;

rule! {
    /// Accuracy + format; numbers by mean relative accuracy, of the first match of digits or of a number word.
    ///
    /// The published code takes `a` and `an` for 1, so that "I see a row of two chairs" is 1: that is what `context.faithful` gives; by
    /// default the answer has to be one number. The imagined map is optional and not scored.
    ///
    /// # Source
    /// `grpo.py` of OuyangKun10/SpaceR.
    Spacer, "spacer", "accuracy (numbers by mean relative accuracy) and format", "spacer.rs",
    Some("Ouyang et al., SpaceR (SG-RLVR), 2025"),
    r#"{"id": 1, "completion": "<think>count</think><answer>3</answer>", "answer": "4"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let truth = case.truth("the truth")?;
    let (accuracy, reason) = match truth.parse::<f64>() {
        Ok(g) => {
            let read = |said| {
                if case.is_faithful() {
                    first_number(said).ok_or(Reason::Unreadable)
                } else {
                    read::number(said)
                }
            };
            match case.answer().and_then(read) {
                Ok(p) => (mean_relative_accuracy(p, g), None),
                Err(reason) => (0.0, Some(reason)),
            }
        }
        Err(_) => case.accuracy()?,
    };
    Ok(Verdict::of("accuracy", accuracy).part("format", case.format(), 1.0).because(reason))
}

/// The first number in digits or words, where `a` and `an` are 1.
fn first_number(said: &str) -> Option<f64> {
    said.split_whitespace().find_map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        if bare == "a" || bare == "an" { Some(1.0) } else { number_or_words(word) }
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn the_article_is_one_where_the_published_code_is_followed() {
        // vector u67
        let row = r#"{"completion": "<answer>I see a row of two chairs</answer>", "answer": "2", "context": {"faithful": true}}"#;
        assert!((pays(&Spacer, row) - 0.1).abs() < 1e-12);
        assert_eq!(pays(&Spacer, &row.replace("true", "false")), 1.0);
    }
}
