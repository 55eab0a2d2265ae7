//! Embodied-R: the answer follows from the thoughts.

use super::accuracy::letter;
use super::{Case, Fault, Verdict};

rule! {
    /// 0.7 accuracy + 0.1 format + 0.2 consistency, the last only where the answer is right.
    ///
    /// Consistent is the answer to which the thoughts alone lead. The paper asks a reference model: the judge's `consistency` of the thoughts,
    /// or `context.consistent`; without either the last option that the thoughts name is compared with the answer. With `context.faithful` consistency pays wrong answers too, as the
    /// published code does. Its weight is meant to change over training (a recipe's curriculum).
    ///
    /// # Source
    /// `train/reward/` of EmbodiedCity/Embodied-R.code.
    EmbodiedR, "embodied-r", "accuracy, format, and thoughts that lead to the answer", "embodied_r.rs",
    Some("Zhao et al., Embodied-R, 2025"),
    r#"{"id": 1, "completion": "<think>it turns left, so B.</think><answer>B</answer>", "answer": "B"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (accuracy, reason) = case.accuracy()?;
    let judged = match case.context.share("consistent")? {
        None => case.judged("consistency", case.reply.thoughts().unwrap_or_default())?,
        given => given,
    };
    let consistent = if let Some(judged) = judged {
        judged
    } else {
        let said = case.answer().ok().and_then(letter);
        let thought = case.reply.thoughts().and_then(option);
        f64::from(u8::from(said.is_some() && said == thought))
    };
    let counts = case.is_faithful() || accuracy == 1.0;
    let consistency = if counts { consistent } else { 0.0 };
    let mut verdict = Verdict::new().part("accuracy", accuracy, 0.7).part("format", case.format(), 0.1);
    verdict = verdict.part("consistency", consistency, 0.2).because(reason);
    Ok(verdict.judged_if("consistency", judged.is_some()))
}

/// The option that thoughts come to: the last boxed letter, the first after `answer`, the last `X.`, the last lone letter.
pub(crate) fn option(thoughts: &str) -> Option<char> {
    let boxed = thoughts.rfind("\\boxed{").and_then(|at| {
        let rest = &thoughts[at + 7..];
        letter(&rest[..rest.find('}')?])
    });
    // words, of which an option is one capital letter; an article at the start of a sentence is no option unless a stop follows
    let words = || {
        thoughts
            .split_whitespace()
            .map(|word| word.trim_matches(['(', ')', '[', ']', ',', ';', '*', '"', '\'']))
    };
    let lone = |word: &str| match word.as_bytes() {
        [b @ b'A'..=b'J'] | [b @ b'A'..=b'J', b'.' | b')' | b':'] => Some(*b as char),
        _ => None,
    };
    let after = || {
        let mut rest =
            words().skip_while(|word| !word.to_ascii_lowercase().starts_with("answer")).skip(1).take(4);
        rest.find_map(lone)
    };
    let dotted = || words().filter(|word| word.len() == 2).filter_map(lone).next_back();
    boxed.or_else(after).or_else(dotted).or_else(|| words().filter_map(lone).next_back())
}

#[cfg(test)]
mod tests {
    use super::super::tests::pays;
    use super::*;

    #[test]
    fn thoughts_that_lead_elsewhere_cost_a_fifth() {
        // vector u23
        let row = |thought: &str| {
            format!(r#"{{"completion": "<think>{thought}</think><answer>B</answer>", "answer": "B"}}"#)
        };
        assert!((pays(&EmbodiedR, &row("the answer is C.")) - 0.8).abs() < 1e-9);
        assert!((pays(&EmbodiedR, &row("the answer is B.")) - 1.0).abs() < 1e-9);
        let wrong = r#"{"completion": "<think>so C.</think><answer>C</answer>", "answer": "B", "context": {"faithful": false}}"#;
        assert!((pays(&EmbodiedR, wrong) - 0.1).abs() < 1e-9);
        assert!((pays(&EmbodiedR, &wrong.replace("false", "true")) - 0.3).abs() < 1e-9);
        assert_eq!(option("A chair. I think (C) is right"), Some('C'));
    }
}
