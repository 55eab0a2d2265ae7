//! Exact match with one of several accepted answers.

use super::accuracy::is_answer;
use super::means::{Means, Overall};
use super::{Metric, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;

/// Share of items whose answer, lower-cased, is literally one of the accepted ones (EM@1 of SQA3D).
///
/// A truth that is a list holds the accepted answers. Nothing else is normalised: `two` is not `2`.
#[derive(Clone, Copy, Debug)]
pub struct ExactMatch;

impl Metric for ExactMatch {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "exact-match",
            about: "share of answers that are literally one of the accepted ones, in lower case",
            source: "score/src/metric/exact_match.rs",
            paper: Some("Ma et al., SQA3D: Situated Question Answering in 3D Scenes, ICLR 2023"),
            example: "chronotope eval sqa3d ../shared/data/sqa3d",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Means::tally("exact-match", "exact_match", matches, Overall::Micro)
    }
}

fn matches(truth: &Datum, said: &Datum) -> Result<Option<f64>, &'static str> {
    if !is_answer(truth) {
        return Err("words, a number, or a list of what is accepted");
    }
    let said = said.to_string().trim().to_lowercase();
    let is = |accepted: &Datum| accepted.to_string().trim().to_lowercase() == said;
    let right = match truth {
        Datum::List(accepted) => accepted.iter().any(is) || is(truth),
        one => is(one),
    };
    Ok(Some(f64::from(u8::from(right))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_accepted_answer_will_do_and_nothing_like_it() {
        let truth = Datum::List(vec![Datum::text("Right"), Datum::text("right side")]);
        let score = |said: &str| matches(&truth, &Datum::text(said)).expect("any truth").expect("any text");
        assert_eq!([score("right"), score("Right side "), score("the right")], [1.0, 1.0, 0.0]);
    }
}
