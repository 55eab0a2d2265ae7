//! MVBench as its evaluation scores it.

use crate::datum::Datum;
use crate::metric::columns::{Cells, Columns, share};
use crate::metric::{Metric, Tally};
use chronotope_world::catalogue::Entry;

/// MVBench's accuracy: the option letter A to E of the reply, empty replies left out of the denominator.
///
/// Differs from `accuracy`: a letter is looked for anywhere in the reply, so that the article in `a chair` is option A; and what is missing or
/// empty does not count at all, so that a model gains by keeping silent.
///
/// # Source
/// `mcq_acc` and `mvbench_aggregate_results` in `lmms_eval/tasks/mvbench/utils.py` of lmms-eval 0.7.3, to which it is equal; that prints
/// times 100.
#[derive(Clone, Copy, Debug)]
pub struct OfficialMvBench;

impl Metric for OfficialMvBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "mvbench-official",
            about: "`mvbench/official`: MVBench exactly as lmms-eval scores it: a letter anywhere, empty replies left out",
            source: "score/src/metric/official/mvbench.rs",
            paper: Some(
                "Li et al., MVBench: A Comprehensive Multi-modal Video Understanding Benchmark, CVPR 2024",
            ),
            example: "chronotope score mvbench/official --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns { unread: None, ..Columns::scores("mvbench/official", &["accuracy"], marks) }.tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let Datum::Text(truth) = truth else { return Err("an option letter") };
    let said = said.to_string();
    if said.is_empty() {
        return Ok(Some(vec![None]));
    }
    Ok(Some(vec![share(option(&said) == option(truth))]))
}

/// The letter of a reply, or the reply without its punctuation.
fn option(reply: &str) -> String {
    let trimmed = reply.trim();
    let mut chars = trimmed.chars();
    if let (Some(letter @ ('A'..='E' | 'a'..='e')), Some('.')) = (chars.next(), chars.next()) {
        let rest = chars.as_str().trim_start();
        if !rest.is_empty() && !rest.contains('\n') {
            return letter.to_ascii_uppercase().to_string();
        }
    }
    let plain = without_punctuation(reply.replace(['\n', '\t'], " ").trim());
    let plain = plain.trim_matches('\'').trim_matches('"').trim_matches(')').trim_matches('(').trim();
    let plain = plain.to_lowercase();
    match alone(&plain, 'a'..='e') {
        Some(letter) => letter.to_ascii_uppercase().to_string(),
        None => plain,
    }
}

/// The first of these letters that stands alone.
pub(super) fn alone(text: &str, letters: std::ops::RangeInclusive<char>) -> Option<char> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        if letters.contains(&c) && !is_word(before) && !is_word(after) {
            return Some(c);
        }
        before = c;
    }
    None
}

fn without_punctuation(text: &str) -> String {
    const MARKS: [char; 20] =
        [';', '/', '[', ']', '"', '{', '}', '(', ')', '=', '+', '\\', '_', '-', '>', '<', '@', '`', ',', '?'];
    /// Full stops that are taken away: the source hands a flag in as the count.
    const MOST_STOPS: usize = 32;
    let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    let chars: Vec<char> = text.chars().collect();
    let thousands = chars.windows(3).any(|w| digit(w.first()) && w[1] == ',' && digit(w.last()));
    let mut out = text.to_owned();
    for mark in MARKS.into_iter().chain(['!']) {
        let at_blank = text.contains(&format!("{mark} ")) || text.contains(&format!(" {mark}"));
        out = out.replace(mark, if at_blank || thousands { "" } else { " " });
    }
    let chars: Vec<char> = out.chars().collect();
    let mut stops = 0;
    let kept = chars.iter().enumerate().filter(|(i, c)| {
        let goes = **c == '.' && !digit(chars.get(i + 1)) && stops < MOST_STOPS;
        stops += usize::from(goes);
        !goes
    });
    kept.map(|(_, c)| *c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Row;

    #[test]
    fn a_letter_is_found_anywhere_and_silence_does_not_count() {
        for (said, letter) in
            [("B. the sofa", "B"), ("(C)", "C"), ("Answer: d", "D"), ("a chair", "A"), ("sofa!", "sofa")]
        {
            assert_eq!(option(said), letter, "{said}");
        }
        let mut tally = OfficialMvBench.tally();
        let truth = Datum::text("B");
        for said in [Some(Datum::text("B")), Some(Datum::text("")), None] {
            let row = Row { id: "1", group: "g", truth: &truth, prediction: said.as_ref() };
            tally.add(&row).expect("a letter");
        }
        assert_eq!(tally.finish().result(), Some(1.0));
    }
}
