//! TOMATO as its authors score it.

use super::reply;
use crate::datum::Datum;
use crate::metric::means::{Means, Overall};
use crate::metric::{Metric, Takes, Tally};
use chronotope_world::catalogue::Entry;

/// TOMATO's accuracy: the option that a reply names by the authors' own patterns.
///
/// Truth: `answer` (its letter) and `options`, the texts. A reply is read where it is one letter, `A: ` and the option's text (which matches only a text in
/// capitals, as the source compares the reply in capitals with the text as it is), or `Answer is(A)` with nothing between. Differs from the source in
/// what none of these reads: there a language model is asked five times and then a letter drawn; here it is unparsable and scores 0, where drawing
/// gives one in the number of options. Differs from `accuracy`, which reads letters in sentences.
///
/// # Source
/// `pre_parser` of `src/parse_result.py` and `src/get_score.py` of yale-nlp/TOMATO (revision fe2025f), to which it is equal on what that reads.
#[derive(Clone, Copy, Debug)]
pub struct OfficialTomato;

impl Metric for OfficialTomato {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "tomato-official",
            about: "`tomato/official`: TOMATO's accuracy by its authors' patterns, without the model that they ask after them",
            source: "score/src/metric/official/tomato.rs",
            paper: Some("Shangguan et al., TOMATO, ICLR 2025"),
            example: "chronotope score tomato/official --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("tomato/official", "accuracy", judge, Overall::Micro)
    }

    fn takes(&self) -> Takes {
        Takes::Record { truth: &["answer", "options"], prediction: &[] }
    }
}

fn judge(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    let expected = "a record of answer (a letter) and options (texts)";
    let answer = truth.field("answer").ok_or(expected)?.to_string();
    let Some(Datum::List(options)) = truth.field("options") else { return Err(expected) };
    if options.is_empty() || options.len() > 26 {
        return Err(expected);
    }
    let said = reply(said);
    Ok(option(said.trim(), options).map(|said| f64::from(u8::from(answer.trim().starts_with(said)))))
}

/// The letter that a reply is.
fn option(said: &str, options: &[Datum]) -> Option<char> {
    let known = |letter: char| (('A'..).take(options.len()).any(|one| one == letter)).then_some(letter);
    let upper = said.to_uppercase();
    if let (1, Some(letter)) = (said.chars().count(), upper.chars().next())
        && upper.len() == letter.len_utf8()
        && let Some(letter) = known(letter)
    {
        return Some(letter);
    }
    for (letter, text) in ('A'..).zip(options) {
        if upper.strip_prefix(letter).and_then(|rest| rest.strip_prefix(": ")) == Some(&*text.to_string()) {
            return Some(letter);
        }
    }
    let rest = said.strip_prefix("Answer is")?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let rest = rest.strip_prefix('(').unwrap_or(rest);
    let mut rest = rest.chars();
    let letter = rest.next().filter(|letter| matches!(letter, 'A'..='F' | 'a'..='f'))?;
    matches!(rest.as_str(), "" | ")").then(|| known(letter.to_ascii_uppercase()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_published_patterns_are_read() {
        let options = ["LEFT", "right", "up"].map(Datum::text);
        for (said, expected) in [
            ("b", Some('B')),
            ("D", None),
            ("a: left", Some('A')),
            ("B: right", None),
            ("Answer is:(c)", Some('C')),
            ("Answer isB", Some('B')),
            ("Answer is: B", None),
            ("The answer is B", None),
        ] {
            assert_eq!(option(said, &options), expected, "{said}");
        }
    }
}
