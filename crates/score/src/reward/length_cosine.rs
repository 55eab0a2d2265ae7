//! Length on a cosine.

use super::reply::Reason;
use super::{Case, Fault, Verdict};

rule! {
    /// A right reply is worth less the longer it is, a wrong one more: along half a cosine over `context.max_tokens`.
    ///
    /// Right (accuracy of at least ½): from `right_short` (1) at no length to `right_long` (0.5); wrong: from `wrong_short` (−0.5) to
    /// `wrong_long` (0). A length beyond the most counts as the most. Needs `context.tokens` and `context.max_tokens`.
    ///
    /// # Source
    /// `plugin.py` of OuyangKun10/Conan (after ms-swift).
    LengthCosine, "length-cosine", "short when right, long when wrong, along half a cosine", "length_cosine.rs",
    Some("Conan, 2025; Yeo et al., Demystifying Long Chain-of-Thought, 2025"),
    r#"{"id": 1, "completion": "<think>…</think><answer>B</answer>", "answer": "B", "context": {"tokens": 500, "max_tokens": 1000}}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let most = case.context.needs("max_tokens", "a number above 0", |v| v.as_f64().filter(|n| *n > 0.0))?;
    let (accuracy, reason) = case.accuracy()?;
    let of = |field, usual| case.context.number_or(field, usual);
    let (short, long) = if accuracy >= 0.5 {
        (of("right_short", 1.0)?, of("right_long", 0.5)?)
    } else {
        (of("wrong_short", -0.5)?, of("wrong_long", 0.0)?)
    };
    Ok(match case.context.amount("tokens")? {
        Some(tokens) => Verdict::of("length", cosine(tokens, most, short, long)).because(reason),
        None => Verdict::of("length", 0.0).because(Reason::NoTokenCount),
    })
}

/// From `short` at length 0 to `long` at length `most`, along half a cosine.
pub(crate) fn cosine(tokens: f64, most: f64, short: f64, long: f64) -> f64 {
    let share = (tokens / most).clamp(0.0, 1.0);
    long + 0.5 * (short - long) * (1.0 + libm::cos(share * std::f64::consts::PI))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_way_lies_in_the_middle() {
        // vector u21
        assert!((cosine(500.0, 1000.0, 1.0, 0.5) - 0.75).abs() < 1e-12);
        assert!((cosine(500.0, 1000.0, -0.5, 0.0) + 0.25).abs() < 1e-12);
        assert_eq!(cosine(5000.0, 1000.0, 1.0, 0.5), 0.5);
    }
}
