//! Answers about a story, with the sentences that decide them.

use super::query::{self, Query, Refusal};
use super::steps::{self, Grid};
use super::{Reach, Story, StorySettings};
use chronotope_reason::chain::Chain;
use chronotope_world::{Answer, Evidence, EvidenceKind, Missing, MissingKind, Status, Value};
use std::collections::BTreeSet;

/// Answers a question about sentences: what an item of StepGame holds. Offsets of the cited text count from the first
/// sentence, all joined by line breaks.
///
/// ```
/// use chronotope_ask::story::{Reach, StorySettings, answer_sentences};
/// let settings = StorySettings { reach: Reach::Step, ..StorySettings::default() };
/// let story = ["D is to the left of K.", "K is above B."];
/// let answer = answer_sentences(&story, "What is the relation of the agent D to the agent B?", settings);
/// assert_eq!(answer.text, "upper-left");
/// assert_eq!(answer.evidence.len(), 3); // two sentences, and that each is one step
/// ```
pub fn answer_sentences<S: AsRef<str>>(sentences: &[S], question: &str, settings: StorySettings) -> Answer {
    let parts: Vec<&str> = sentences.iter().map(AsRef::as_ref).collect();
    answer(&Story::read(&parts.join("\n"), settings), question)
}

/// Answers a question about a story. A question that is not read, or that names what the story does not, is
/// `unsupported` or `unknown`; a story that contradicts itself about what is asked is `ambiguous`, with the sentences that
/// contradict each other.
pub fn answer(story: &Story, question: &str) -> Answer {
    match query::read(question, story.things()) {
        Ok(query) => run(story, &query),
        Err(Refusal::Unread(what)) => {
            let missing = Missing::new(MissingKind::Wording, format!("the question is not read: {what}"));
            without(Status::Unsupported, missing)
        }
        Err(Refusal::Unnamed(name)) => {
            let missing = Missing::new(MissingKind::Entity, format!("the story names no {name}"));
            unsettled(story, missing)
        }
    }
}

fn run(story: &Story, query: &Query) -> Answer {
    match query {
        Query::Relation { .. } if story.settings().reach == Reach::Open => {
            let what = "how far the relations reach: in steps of one length, or any distance";
            without(Status::Unknown, Missing::new(MissingKind::Scale, what))
        }
        Query::Relation { figure, ground } => {
            let grid = Grid::of(story);
            let name = |thing| story.things().name(thing);
            match grid.between(*ground, *figure) {
                Chain::Apart => {
                    let what = format!("no sentences connect {} with {}", name(*figure), name(*ground));
                    unsettled(story, Missing::new(MissingKind::Coverage, what))
                }
                Chain::Sum { offset, links } => {
                    let mut evidence = sentences(story, EvidenceKind::Supports, &links);
                    evidence.push(Evidence::assumption("every relation is one step on a grid"));
                    answered(Value::Text(steps::word(offset)), evidence)
                }
                Chain::Contradicted { offset, links, cycle } => {
                    let numbers: BTreeSet<usize> =
                        cycle.iter().map(|&i| story.told()[i].sentence + 1).collect();
                    let what = format!("sentences {} contradict each other", listed(&numbers));
                    let missing = Missing::new(MissingKind::Wording, what);
                    let mut answer = without(Status::Ambiguous, missing);
                    answer.evidence = sentences(story, EvidenceKind::Supports, &links);
                    answer.evidence.extend(sentences(story, EvidenceKind::Refutes, &cycle));
                    answer.text = format!("{}; the shortest chain says {}", answer.text, steps::word(offset));
                    answer
                }
            }
        }
    }
}

/// `1, 2 and 5`.
fn listed(numbers: &BTreeSet<usize>) -> String {
    let mut words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let Some(last) = words.pop() else { return String::new() };
    if words.is_empty() { last } else { format!("{} and {last}", words.join(", ")) }
}

/// The sentences of these statements, each once, in reading order.
fn sentences(story: &Story, kind: EvidenceKind, statements: &[usize]) -> Vec<Evidence> {
    let numbers: BTreeSet<usize> = statements.iter().map(|&i| story.told()[i].sentence).collect();
    let cited = |number: usize| Evidence {
        kind,
        text: story.sentences().get(number).copied(),
        ..Evidence::assumption(format!("sentence {}: {}", number + 1, story.sentence(number)))
    };
    numbers.into_iter().map(cited).collect()
}

fn answered(value: Value, evidence: Vec<Evidence>) -> Answer {
    let text = match &value {
        Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    Answer {
        value: Some(value),
        choice: None,
        text,
        status: Status::Answered,
        confidence: None,
        evidence,
        missing: Vec::new(),
    }
}

fn without(status: Status, missing: Missing) -> Answer {
    let text = format!("{}: {}", status.name(), missing.what);
    Answer {
        value: None,
        choice: None,
        text,
        status,
        confidence: None,
        evidence: Vec::new(),
        missing: vec![missing],
    }
}

/// Not to be told from what was read: `unsupported` where a sentence was not, else `unknown`.
fn unsettled(story: &Story, missing: Missing) -> Answer {
    const MOST: usize = 8;
    if story.unread().is_empty() {
        return without(Status::Unknown, missing);
    }
    let unread = story.unread().iter().take(MOST).map(|u| {
        let sentence = story.sentence(u.sentence);
        let at = story.sentences()[u.sentence].0;
        let byte = u.at.saturating_sub(at);
        let what = format!(
            "sentence {} is not read (byte {byte}: expected {}): {sentence}",
            u.sentence + 1,
            u.expected
        );
        Missing::new(MissingKind::Wording, what)
    });
    let missing: Vec<Missing> = unread.chain([missing]).collect();
    let text = format!("unsupported: {}", missing[0].what);
    Answer { text, missing, ..without(Status::Unsupported, Missing::new(MissingKind::Wording, "")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: StorySettings = StorySettings { reach: Reach::Step, closed: false };

    #[test]
    fn a_chain_cites_its_sentences_only() {
        let story = ["Q is above R.", "A is left of B.", "C is below B.", "R is left of A."];
        let answer = answer_sentences(&story, "What is the relation of the agent A to the agent C?", STEP);
        assert_eq!((answer.status, answer.text.as_str()), (Status::Answered, "upper-left"));
        let cited: Vec<_> = answer.evidence.iter().filter_map(|e| e.text).collect();
        assert_eq!(cited, [(14, 29), (30, 43)]);
    }

    #[test]
    fn an_unread_sentence_is_named_where_it_could_matter() {
        let story = ["A is left of B.", "B frobs C.", "D is above A."];
        let ask = |q: &str| answer_sentences(&story, q, STEP);
        assert_eq!(ask("What is the relation of B to D?").text, "lower-right");
        let refused = ask("What is the relation of A to C?");
        assert_eq!(refused.status, Status::Unsupported);
        assert!(refused.text.contains("sentence 2"), "{}", refused.text);
    }

    #[test]
    fn sentences_that_contradict_each_other_are_named() {
        let story = ["A is left of B.", "B is left of C.", "C is left of A.", "D is above C."];
        let ask = |q: &str| answer_sentences(&story, q, STEP);
        let torn = ask("What is the relation of A to B?");
        assert_eq!(torn.status, Status::Ambiguous);
        assert!(torn.text.contains("sentences 1, 2 and 3"), "{}", torn.text);
        assert_eq!(ask("What is the relation of D to C?").text, "above");
    }
}
