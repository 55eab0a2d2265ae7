//! Accuracy: the share of answers that are right.

use super::means::{Means, Overall};
use super::{Metric, Tally};
use crate::datum::Datum;
use crate::extract::{first_token, option};
use chronotope_world::catalogue::Entry;

/// Share of items whose answer is the truth, ignoring case and blanks at the ends; of an option its letter counts.
///
/// A truth of one letter A to J is compared with the option that the answer settles on ([`option`]: `b. the sofa`, `(B) left` and `The answer is B` are
/// `B`; `A or B` and `a chair` are none); any other letter with the answer's first word; any other truth with the whole answer. Numbers are equal when they are the same number. `accuracy` is over all items (micro);
/// `accuracy_macro` is the mean of the groups' accuracies.
#[derive(Clone, Copy, Debug)]
pub struct Accuracy;

impl Metric for Accuracy {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "accuracy",
            about: "share of answers that are right; of an option its letter counts",
            source: "score/src/metric/accuracy.rs",
            paper: None,
            example: "chronotope eval stepgame ../shared/data/stepgame",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("accuracy", "accuracy", right, Overall::Micro)
    }
}

pub(super) fn right(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    if !is_answer(truth) {
        return Err("words, a number or a list of them");
    }
    Ok(Some(f64::from(u8::from(same(truth, said)))))
}

/// Words, a number, or a list of them.
pub(super) fn is_answer(truth: &Datum) -> bool {
    match truth {
        Datum::Text(_) | Datum::Number(_) => true,
        Datum::List(items) => items.iter().all(is_answer),
        _ => false,
    }
}

fn same(truth: &Datum, said: &Datum) -> bool {
    match (truth, said) {
        (Datum::Text(truth), Datum::Text(said)) => {
            let truth = truth.trim();
            let is_letter = truth.chars().count() == 1 && truth.chars().all(char::is_alphabetic);
            match truth.to_ascii_uppercase().as_bytes() {
                [letter @ b'A'..=b'J'] => option(said) == Some(char::from(*letter)),
                _ if is_letter => truth.to_lowercase() == first_token(said.trim()).to_lowercase(),
                _ => truth.to_lowercase() == said.trim().to_lowercase(),
            }
        }
        (Datum::Number(truth), Datum::Number(said)) => truth == said,
        (Datum::Number(truth), Datum::Text(said)) | (Datum::Text(said), Datum::Number(truth)) => {
            said.trim().parse() == Ok(*truth)
        }
        (Datum::List(truth), Datum::List(said)) => {
            truth.len() == said.len() && truth.iter().zip(said).all(|(t, s)| same(t, s))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_words_numbers_and_lists_are_compared() {
        let text = Datum::text;
        for (truth, said, equal) in [
            (text("B"), text("b. the sofa"), true),
            (text("B"), text("(B) left"), true),
            (text("b"), text("The answer is B."), true),
            (text("A"), text("A or B"), false),
            (text("A"), text("a chair"), false),
            (text("x"), text("X. it"), true),
            (text("B"), text("the sofa"), false),
            (text("left"), text(" Left "), true),
            (text("left"), text("left of it"), false),
            (Datum::Number(3.0), text("3"), true),
            (Datum::Number(3.0), text("three"), false),
            (Datum::List(vec![text("a")]), Datum::List(vec![text("A")]), true),
            (Datum::List(vec![text("a")]), Datum::List(vec![]), false),
        ] {
            assert_eq!(same(&truth, &said), equal, "{truth} {said}");
        }
    }
}
