//! STARE as its authors score it.

use super::reply;
use crate::datum::Datum;
use crate::extract::number_or_words;
use crate::metric::means::{Means, Overall};
use crate::metric::{Metric, Tally};
use chronotope_world::catalogue::Entry;

/// STARE's accuracy: the boxed answer, else what follows `answer is`, equal as text, as a number in words or to two places.
///
/// The truth is the answer. Differs from `accuracy`, which reads letters in sentences. Differs from the source in mathematics: formulas that are no plain numbers
/// (`\\frac{1}{2}`, products of letters) are compared as text, where the source simplifies them; STARE's own truths are letters, yes, no and whole numbers.
/// Its accuracy of the yes-no tasks is not the paper's F1: see `pair-f1`.
///
/// # Source
/// `fast_extract_answer` and `is_equal` of STARE-bench/STARE, as lmms-eval 0.7.3 holds them (`lmms_eval/tasks/stare/utils.py`).
#[derive(Clone, Copy, Debug)]
pub struct OfficialStare;

impl Metric for OfficialStare {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "stare-official",
            about: "`stare/official`: STARE's accuracy by its authors' extraction: boxed answers, phrases, numbers in words",
            source: "score/src/metric/official/stare.rs",
            paper: Some(
                "Li et al., Unfolding Spatial Cognition: Evaluating Multimodal Models on Visual Simulations (STARE), 2025",
            ),
            example: "chronotope score stare/official --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("stare/official", "accuracy", judge, Overall::Micro)
    }
}

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    if !matches!(truth, Datum::Text(_) | Datum::Number(_)) {
        return Err("an answer: a letter, a word or a number");
    }
    let said = reply(said);
    Ok(Some(f64::from(u8::from(equal(&extracted(&said), &truth.to_string())))))
}

/// `fast_extract_answer`: what counts of a reply.
fn extracted(said: &str) -> String {
    let said = said.trim();
    for letter in 'A'..='H' {
        let whole = said.len() == 1 && said.eq_ignore_ascii_case(letter.encode_utf8(&mut [0; 4]));
        if whole || said.strip_prefix(letter).is_some_and(|rest| rest.starts_with([':', '.'])) {
            return letter.to_string();
        }
    }
    if is_number(said) {
        return said.to_owned();
    }
    if let Some(boxed) = last_boxed(said) {
        return last_text(boxed).unwrap_or(boxed).trim().to_owned();
    }
    let lower = said.to_lowercase();
    for flag in ["final answer is", "correct answer is", "answer should be", "answer is", "answer:"] {
        if let Some(at) = lower.rfind(flag) {
            let rest = lower[at + flag.len()..].trim();
            let line = rest.split('\n').next().unwrap_or_default();
            return line.split('.').next().unwrap_or_default().to_owned();
        }
    }
    String::new()
}

/// What Python's `float` reads, without its underscores and words.
fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

/// The content of the last `\boxed{…}` whose braces close, nested ones within.
fn last_boxed(said: &str) -> Option<&str> {
    const OPENS: &str = "\\boxed{";
    let (mut at, mut last) = (0, None);
    while let Some(found) = said[at..].find(OPENS) {
        let start = at + found + OPENS.len();
        let mut depth = 0usize;
        let closes = said[start..].bytes().position(|byte| {
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 0 => return true,
                b'}' => depth -= 1,
                _ => {}
            }
            false
        });
        let Some(closes) = closes else { break };
        last = Some(&said[start..start + closes]);
        at = start + closes + 1;
    }
    last
}

/// The content of the last `\text{…}` on one line.
fn last_text(boxed: &str) -> Option<&str> {
    const OPENS: &str = "\\text{";
    let (mut at, mut last) = (0, None);
    while let Some(found) = boxed[at..].find(OPENS) {
        let start = at + found + OPENS.len();
        let line = boxed[start..].split('\n').next().unwrap_or_default();
        match line.find('}') {
            Some(closes) => (last, at) = (Some(&line[..closes]), start + closes + 1),
            None => at = start,
        }
    }
    last
}

/// `is_equal`, without algebra.
fn equal(said: &str, truth: &str) -> bool {
    let (said, truth) = (said.to_lowercase(), truth.to_lowercase());
    let (said, truth) = (said.trim(), truth.trim());
    if said == truth {
        return true;
    }
    let round = |value: f64| (value * 100.0).round_ties_even() / 100.0;
    match (said.parse::<f64>(), truth.parse::<f64>()) {
        (Ok(said), Ok(truth)) => round(said) == round(truth),
        // words: `there are three` is 3
        (Err(_), Ok(truth)) => {
            let words = said.chars().any(char::is_alphabetic) && !said.chars().any(|c| c.is_ascii_digit());
            words && number_or_words(said).is_some_and(|said| said == truth)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_box_counts_then_phrases_then_nothing() {
        for (said, expected) in [
            ("b", "B"),
            ("C. the left one", "C"),
            ("so \\boxed{1} or \\boxed{\\text{yes}}", "yes"),
            ("\\boxed{\\frac{1}{2}}", "\\frac{1}{2}"),
            ("The Answer is (D). Sure", "(d)"),
            ("3.0", "3.0"),
            ("perhaps", ""),
        ] {
            assert_eq!(extracted(said), expected, "{said}");
        }
        assert!(equal("3.001", "3") && equal("three", "3") && equal(" Yes", "yes") && !equal("3.01", "3"));
    }
}
