//! Accuracy by the type of the answer.

use super::one_thinker::strict_mra;
use super::reply::Reason;
use super::{Case, Fault, Verdict, read};
use crate::metric::mean_relative_accuracy;
use crate::shapes::{Interval, interval_sets_iou};
use crate::text;

rule! {
    /// How right the answer is, measured as its type asks.
    ///
    /// | `problem_type` | measure |
    /// |---|---|
    /// | multiple choice, option | 1 where the answer is the truth's letter: `B`, `B.`, `(B)`, `[B]`, else 0; an option in words has to be equal |
    /// | numerical | both or neither with a fraction, equal after rounding to 2 places |
    /// | regression | 1 − relative error, not below 0 |
    /// | mra | mean relative accuracy |
    /// | OCR | 1 − word error rate, not below 0 |
    /// | free-form, open-ended, text | mean of ROUGE-1, 2, L as F-measures with stemming |
    /// | temporal grounding | overlap of the intervals, each side's merged |
    /// | spatial grounding | overlap of the boxes |
    /// | math | equal numbers, else equal texts without blanks |
    /// | exact | equal texts, whatever their case |
    ///
    /// Other types are read off the truth: a letter, one number, two (an interval), four (a box), else `exact`. Where a trainer has judged
    /// already, `context.accuracy` says so and counts. `context.numbers` grades numbers by `mra`, `mra-strict` or `regression` instead. With `context.faithful` the answer is the first block, an option has
    /// to be its letter alone and a number nothing but one, as in the published code.
    ///
    /// # Source
    /// `grpo.py` of tulerfeng/Video-R1 (options, numbers, regression, OCR, text); the others as OneThinker names them.
    Accuracy, "accuracy", "how right the answer is, measured as its type asks", "accuracy.rs",
    Some("Feng et al., Video-R1, 2025"),
    r#"{"id": 1, "completion": "<think>two on the left</think><answer>B</answer>", "answer": "B", "problem_type": "multiple choice"}"#
}

fn judge(case: &Case<'_>) -> Result<Verdict, Fault> {
    let (value, reason) = accuracy(case)?;
    Ok(Verdict::of("accuracy", value).because(reason))
}

/// How an answer is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// A letter, or the option's own words.
    Choice,
    /// Equal numbers.
    Number,
    /// Relative error.
    Regression,
    /// Mean relative accuracy.
    Mra,
    /// Words read off a picture.
    Ocr,
    /// Free text.
    Text,
    /// Intervals of time.
    Interval,
    /// A box.
    Box,
    /// Numbers or terms.
    Math,
    /// Equal texts.
    Exact,
}

/// How the case's answer is measured: by its type, else by the truth.
fn measure(case: &Case<'_>) -> Result<Measure, Fault> {
    const TYPES: [(&str, Measure); 26] = [
        ("multiplechoice", Measure::Choice),
        ("option", Measure::Choice),
        ("choice", Measure::Choice),
        ("mcq", Measure::Choice),
        ("numerical", Measure::Number),
        ("number", Measure::Number),
        ("regression", Measure::Regression),
        ("mra", Measure::Mra),
        ("meanrelativeaccuracy", Measure::Mra),
        ("ocr", Measure::Ocr),
        ("freeform", Measure::Text),
        ("freetext", Measure::Text),
        ("openended", Measure::Text),
        ("openendedqa", Measure::Text),
        ("text", Measure::Text),
        ("caption", Measure::Text),
        ("temporalgrounding", Measure::Interval),
        ("tiou", Measure::Interval),
        ("interval", Measure::Interval),
        ("spatialgrounding", Measure::Box),
        ("siou", Measure::Box),
        ("box", Measure::Box),
        ("boundingbox", Measure::Box),
        ("math", Measure::Math),
        ("exact", Measure::Exact),
        ("yesno", Measure::Exact),
    ];
    let mut name = [0u8; 24];
    let mut n = 0;
    for b in case.problem_type.bytes().filter(u8::is_ascii_alphanumeric) {
        if n == name.len() {
            n = 0;
            break;
        }
        name[n] = b.to_ascii_lowercase();
        n += 1;
    }
    if let Some((_, measure)) = TYPES.iter().find(|(known, _)| known.as_bytes() == &name[..n]) {
        return Ok(*measure);
    }
    let truth = case.truth("the truth")?;
    if letter(truth).is_some() {
        return Ok(Measure::Choice);
    }
    if truth.parse::<f64>().is_ok_and(f64::is_finite) {
        return Ok(Measure::Number);
    }
    let listed = truth.starts_with('[') && truth.ends_with(']');
    Ok(match read::numbers(truth).len() {
        2 if listed => Measure::Interval,
        4 if listed => Measure::Box,
        _ => Measure::Exact,
    })
}

/// Whether the answer is free text, which may be right in other words.
pub(crate) fn is_open(case: &Case<'_>) -> Result<bool, Fault> {
    Ok(matches!(measure(case)?, Measure::Text | Measure::Exact))
}

/// How right the case's answer is, 0 to 1, and why not.
pub(crate) fn accuracy(case: &Case<'_>) -> Result<(f64, Option<Reason>), Fault> {
    if let Some(given) = case.context.share("accuracy")? {
        return Ok((given, None));
    }
    let truth = case.truth("the truth")?;
    let measure = match measure(case)? {
        // trainers of distances and counts grade numbers by how far off they are
        Measure::Number => match case.context.text("numbers")? {
            None | Some("exact") => Measure::Number,
            Some("mra") => Measure::Mra,
            Some("mra-strict") => return strict_mra(case),
            Some("regression") => Measure::Regression,
            Some(other) => {
                return Err(Fault::Context {
                    field: "numbers",
                    expected: "exact, mra, mra-strict or regression",
                    found: super::case::short(other),
                });
            }
        },
        measure => measure,
    };
    measured(measure, case, truth)
}

/// How right the case's answer is by this measure.
pub(crate) fn measured(
    measure: Measure,
    case: &Case<'_>,
    truth: &str,
) -> Result<(f64, Option<Reason>), Fault> {
    // the truth is read first: a faulty one is the row's, whatever was said
    let wrong = |expected| Fault::Truth { expected, found: super::case::short(truth) };
    let answer = case.answer();
    let mark = |marked: Result<f64, Reason>| match marked {
        Ok(value) => (value, None),
        Err(reason) => (0.0, Some(reason)),
    };
    Ok(mark(match measure {
        Measure::Choice if case.is_faithful() => answer.map(|said| yes(said.trim() == truth)),
        Measure::Choice => answer.map(|said| choice(truth, said)),
        Measure::Exact => answer.map(|said| yes(same_words(truth, said))),
        Measure::Math => answer.map(|said| yes(same_term(truth, said))),
        Measure::Ocr => answer.map(|said| (1.0 - text::word_error_rate(truth, said)).clamp(0.0, 1.0)),
        Measure::Text => answer.map(|said| {
            let [one, two, longest] = text::rouge(truth, said);
            ((one + two + longest) / 3.0).clamp(0.0, 1.0)
        }),
        Measure::Number | Measure::Regression | Measure::Mra => {
            let g = read::number(truth).map_err(|_unreadable| wrong("a number"))?;
            answer.and_then(|said| {
                let p = if case.is_faithful() { published_number(said) } else { read::number(said) }?;
                Ok(match measure {
                    Measure::Number => same_number((truth, g), (said, p)),
                    Measure::Regression => 1.0 - (((p - g).abs() + 1e-9) / (g.abs() + 1e-9)).min(1.0),
                    _ => mean_relative_accuracy(p, g),
                })
            })
        }
        Measure::Interval => {
            let g = read::intervals(truth).map_err(|_unreadable| wrong("intervals in seconds"))?;
            answer.and_then(|said| Ok(overlap(&g, &read::intervals(said)?)))
        }
        Measure::Box => {
            let g = read::corners(truth).map_err(|_unreadable| wrong("a box [x1, y1, x2, y2]"))?;
            answer.and_then(|said| Ok(read::corners(said)?.iou(g)))
        }
    }))
}

/// A number as published trainers read it: the whole text without its commas.
fn published_number(said: &str) -> Result<f64, Reason> {
    said.trim().replace(',', "").parse().ok().filter(|p: &f64| p.is_finite()).ok_or(Reason::Unreadable)
}

/// Overlap of intervals in time; of one and one without merging.
pub(crate) fn overlap(truth: &[Interval], said: &[Interval]) -> f64 {
    match (truth, said) {
        ([g], [p]) => p.iou(*g),
        _ => interval_sets_iou(said, truth),
    }
}

fn yes(right: bool) -> f64 {
    f64::from(u8::from(right))
}

/// The letter of an option: `B`, `B.`, `(B)`, `[B]`, `B)`.
pub(crate) fn letter(said: &str) -> Option<char> {
    match said.trim().as_bytes() {
        [b] | [b, b'.' | b')'] | [b'(', b, b')'] | [b'[', b, b']'] if b.is_ascii_uppercase() => {
            Some(*b as char)
        }
        _ => None,
    }
}

fn choice(truth: &str, said: &str) -> f64 {
    yes(match letter(truth) {
        Some(right) => letter(said) == Some(right),
        None => said.trim() == truth,
    })
}

fn same_words(truth: &str, said: &str) -> bool {
    truth.trim().to_lowercase() == said.trim().to_lowercase()
}

fn same_term(truth: &str, said: &str) -> bool {
    let bare = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && *c != '$').collect() };
    if let (Ok(g), Ok(p)) = (bare(truth).parse::<f64>(), bare(said).parse::<f64>()) {
        return (p - g).abs() <= 1e-6 * g.abs().max(1.0);
    }
    bare(truth) == bare(said)
}

fn same_number((truth, g): (&str, f64), (said, p): (&str, f64)) -> f64 {
    let fraction = |text: &str| text.contains(['.', ',']);
    yes(fraction(truth) == fraction(said) && format!("{g:.2}") == format!("{p:.2}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::case;
    use super::*;

    fn mark(problem_type: &str, truth: &str, said: &str) -> f64 {
        let completion = format!("<think>t</think><answer>{said}</answer>");
        accuracy(&case(&completion, truth, problem_type)).expect("a truth that fits").0
    }

    #[test]
    fn each_type_has_its_measure() {
        for (problem_type, truth, said, expected) in [
            ("multiple choice", "B", "B", 1.0),
            ("multiple choice", "B", "(B)", 1.0),
            ("multiple choice", "B", "A or B", 0.0),
            ("multiple choice", "<answer>B</answer>", "B.", 1.0),
            ("numerical", "3.10", "3.1", 1.0),
            ("numerical", "3", "3.0", 0.0),
            ("regression", "10", "8", 0.8),
            ("regression", "10", "25", 0.0),
            ("mra", "4", "3", 0.6),
            ("OCR", "stop here now please", "stop there now", 0.5),
            ("temporal grounding", "[10, 20]", "[12, 24]", 0.571429),
            ("spatial grounding", "[0, 0, 2, 2]", "[1, 0, 3, 2]", 1.0 / 3.0),
            ("math", "$0.5$", "0.50", 1.0),
            ("", "left", "Left", 1.0),
            ("", "[10, 20]", "12 to 24", 0.571429),
            ("", "7", "7", 1.0),
        ] {
            let found = mark(problem_type, truth, said);
            assert!((found - expected).abs() < 1e-6, "{problem_type} {truth} {said}: {found}");
        }
    }

    #[test]
    fn a_truth_that_is_none_of_the_type_is_the_rows_fault() {
        assert!(accuracy(&case("<answer>3</answer>", "soon", "regression")).is_err());
        assert!(accuracy(&case("<answer>3</answer>", "[2, 1]", "temporal grounding")).is_err());
    }
}
