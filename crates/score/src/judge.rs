//! Somebody who decides what no formula decides: whether two answers mean the same, how good one is.

use crate::datum::Datum;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What is put before a judge.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The item's id.
    pub id: &'a str,
    /// Which part of a reward is judged; none where the answer as a whole is.
    pub part: Option<&'a str>,
    /// What was asked, where the truth says it.
    pub question: Option<&'a str>,
    /// The truth.
    pub truth: &'a Datum,
    /// The answer to judge.
    pub answer: &'a Datum,
}

/// A judge: a person, a model, or the record of what one said.
pub trait Judge: Send + Sync {
    /// Its own name, as it stands beside every score that rests on it.
    fn name(&self) -> String;

    /// The name of the one who says it, where several speak as one judge.
    fn name_for(&self, _question: &Question<'_>) -> String {
        self.name()
    }

    /// What it says: a grade as a number, or yes or no; none where it says nothing, which scores 0 and is listed as unparsable.
    fn verdict(&self, question: &Question<'_>) -> Option<Datum>;
}

/// Verdicts that were given before, by the item's id, the part of a reward where it is one, and the answer: an answer that was not judged has
/// no verdict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    name: String,
    verdicts: BTreeMap<Key, (Datum, Option<Arc<str>>)>,
}

/// An item's id, the part of a reward, what was judged.
type Key = (String, Option<String>, String);

impl Recorded {
    /// A record of nothing yet; the name is the judge's own.
    pub fn new(name: impl Into<String>) -> Recorded {
        Recorded { name: name.into(), verdicts: BTreeMap::new() }
    }

    /// Adds a verdict on an answer to an item; gives the one that was there before, if there was.
    pub fn insert(&mut self, id: &str, answer: &str, verdict: Datum) -> Option<Datum> {
        self.insert_part(id, None, answer, verdict)
    }

    /// Adds a verdict on an answer to an item as one part of a reward judges it; gives the one that was there before, if there was.
    pub fn insert_part(
        &mut self,
        id: &str,
        part: Option<&str>,
        answer: &str,
        verdict: Datum,
    ) -> Option<Datum> {
        self.insert_by(None, id, part, answer, verdict)
    }

    /// The same of one judge among several, by its own name.
    pub fn insert_by(
        &mut self,
        judge: Option<Arc<str>>,
        id: &str,
        part: Option<&str>,
        answer: &str,
        verdict: Datum,
    ) -> Option<Datum> {
        let key = (id.to_owned(), part.map(str::to_owned), answer.trim().to_owned());
        self.verdicts.insert(key, (verdict, judge)).map(|(before, _)| before)
    }

    /// Verdicts.
    pub fn len(&self) -> usize {
        self.verdicts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.verdicts.is_empty()
    }

    fn get(&self, question: &Question<'_>) -> Option<&(Datum, Option<Arc<str>>)> {
        let key = (
            question.id.to_owned(),
            question.part.map(str::to_owned),
            question.answer.to_string().trim().to_owned(),
        );
        self.verdicts.get(&key)
    }
}

impl Judge for Recorded {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn name_for(&self, question: &Question<'_>) -> String {
        let own = self.get(question).and_then(|(_, judge)| judge.as_deref());
        own.unwrap_or(&self.name).to_owned()
    }

    fn verdict(&self, question: &Question<'_>) -> Option<Datum> {
        self.get(question).map(|(verdict, _)| verdict.clone())
    }
}

/// A function that judges.
pub struct Asked<F> {
    name: String,
    ask: F,
}

impl<F: Fn(&Question<'_>) -> Option<Datum> + Send + Sync> Asked<F> {
    /// A judge of this name that calls a function.
    pub fn new(name: impl Into<String>, ask: F) -> Asked<F> {
        Asked { name: name.into(), ask }
    }
}

impl<F: Fn(&Question<'_>) -> Option<Datum> + Send + Sync> Judge for Asked<F> {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn verdict(&self, question: &Question<'_>) -> Option<Datum> {
        (self.ask)(question)
    }
}

impl fmt::Debug for dyn Judge + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Judge({:?})", self.name())
    }
}

/// A judge that several tallies ask.
pub type SharedJudge = Arc<dyn Judge>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_was_not_judged_has_no_verdict() {
        let mut recorded = Recorded::new("a person");
        assert_eq!(recorded.insert("1", "a red cup ", Datum::Number(4.0)), None);
        let truth = Datum::text("a cup");
        let said = |answer: &str| {
            let answer = Datum::text(answer);
            recorded.verdict(&Question {
                id: "1",
                part: None,
                question: None,
                truth: &truth,
                answer: &answer,
            })
        };
        assert_eq!((said("a red cup"), said("a dog")), (Some(Datum::Number(4.0)), None));
    }
}
