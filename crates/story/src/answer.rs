//! Answers about a story, with the sentences that decide them.

use super::drawing::Drawing;
use super::found::{Finding, Found};
use super::query::{self, Query, Refusal};
use super::state::State;
use super::statement::Statement;
use super::steps::Grid;
use super::words::Axis;
use super::{
    Reach, Story, StorySettings, ThingId, kinds, people, places, puzzle, quantified, room, temporal,
};
use crate::calendar::{self, Reckoned};
use chronotope_world::{
    Answer, Evidence, EvidenceKind, Missing, MissingKind, Quantity, Status, Truth, Value,
};
use std::collections::BTreeSet;

/// Answers a question about sentences: what an item of StepGame holds. Offsets of the cited text count from the first
/// sentence, all joined by line breaks.
///
/// ```
/// use chronotope_story::{Reach, StorySettings, answer_sentences};
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
    if let Some(answer) = puzzle::tell(story, question) {
        return answer;
    }
    if let Some(answer) = room::tell(story, question) {
        return answer;
    }
    match query::read(question, story.things()) {
        Ok(query) => run(story, &query),
        Err(refusal) => {
            if let Some(answer) = quantified::tell(story, question) {
                return answer;
            }
            if let Some(answer) = temporal::tell(story, question) {
                return answer;
            }
            match refusal {
                Refusal::Unread(what) => by_calendar(question).unwrap_or_else(|| {
                    let what = format!("the question is not read: {what}");
                    without(Status::Unsupported, Missing::new(MissingKind::Wording, what))
                }),
                Refusal::Unnamed(name) => {
                    unsettled(story, Missing::new(MissingKind::Entity, format!("the story names no {name}")))
                }
            }
        }
    }
}

/// What the calendar alone answers.
fn by_calendar(question: &str) -> Option<Answer> {
    let (value, text) = match calendar::answer(question)? {
        Reckoned::Said(value, text) => (value, text),
        Reckoned::Open(what) => {
            return Some(without(Status::Unknown, Missing::new(MissingKind::Clock, what)));
        }
    };
    let evidence = vec![Evidence::assumption("the Gregorian calendar")];
    let (value, missing) = (Some(value), Vec::new());
    Some(Answer { value, choice: None, text, status: Status::Answered, confidence: None, evidence, missing })
}

/// Questions that can be answered about a story: examples made of its names.
pub fn examples(story: &Story) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for puzzle in story.puzzles() {
        out.push(format!("How many moves does the {} need at least?", puzzle.name()));
    }
    out.truncate(2);
    for row in story.told() {
        let name = |thing: ThingId| story.things().name(thing);
        let more = match &row.what {
            Statement::Direction { figure, ground, .. } => {
                format!("Where is {} relative to {}?", name(*figure), name(*ground))
            }
            Statement::Moves { who, .. } | Statement::In { who, .. } => format!("Where is {}?", name(*who)),
            Statement::Takes { who, .. } => format!("What is {} carrying?", name(*who)),
            Statement::Bigger { bigger, smaller } => {
                format!("Is {} bigger than {}?", name(*bigger), name(*smaller))
            }
            _ => continue,
        };
        if !out.contains(&more) {
            out.push(more);
        }
        if out.len() == 4 {
            break;
        }
    }
    out
}

/// Answers a question that has been read.
pub fn run(story: &Story, query: &Query) -> Answer {
    let found = match query {
        Query::Relation { figure, ground } => places::relation(story, *figure, *ground),
        Query::Beside { ground, direction, back } => places::beside(story, *ground, *direction, *back),
        Query::Path { from, to } => places::path(story, *from, *to),
        Query::Where(who) => people::whereabouts(story, *who),
        Query::Stay { who, place, after } => people::stay(story, *who, *place, *after),
        Query::Held { who, count } => people::held(story, *who, *count),
        Query::Holder(what) => people::holder(story, *what),
        Query::Inside { place, people, count } => people::inside(story, *place, *people, *count),
        Query::Gift { who, what, to, asked } => people::gift(story, *who, *what, *to, *asked),
        Query::Towards { who, relation } => kinds::towards(story, *who, *relation),
        Query::Property(thing) => kinds::property(story, *thing),
        Query::Consistent { contradicts } => consistent(story, *contradicts),
        Query::Is(statement) => match statement {
            Statement::Direction { .. } | Statement::Near { .. } | Statement::Touching { .. } => {
                places::holds(story, statement)
            }
            Statement::Bigger { .. }
            | Statement::Kind { .. }
            | Statement::Property { .. }
            | Statement::Towards { .. } => kinds::holds(story, statement),
            _ => people::holds(story, statement),
        },
    };
    settle(story, found)
}

/// No two sentences contradict each other, as far as the settings let them.
fn consistent(story: &Story, contradicts: bool) -> Found {
    let torn = match story.settings().reach {
        Reach::Step => Grid::of(story).contradiction(),
        Reach::Open => Axis::ALL.into_iter().find_map(|axis| Drawing::of(story, axis, 1).contradiction()),
    };
    match torn.or_else(|| State::of(story, None).torn) {
        Some(cycle) => Found::new(Finding::Truth(contradicts), cycle),
        None => Found::new(Finding::Truth(!contradicts), Vec::new()).fragile(),
    }
}

/// A finding as an answer.
fn settle(story: &Story, found: Found) -> Answer {
    let rests_on_unread = found.fragile && !story.unread().is_empty();
    if rests_on_unread && !story.settings().skip_unread {
        let missing = Missing::new(MissingKind::Wording, "what happens in the sentences that are not read");
        return unsettled(story, missing);
    }
    let mut evidence = sentences(story, EvidenceKind::Supports, &found.by);
    let mut assumed: Vec<String> = found.assumed.iter().map(|&a| a.to_owned()).collect();
    let pronouns: BTreeSet<usize> = found
        .by
        .iter()
        .filter(|&&i| story.told()[i].pronoun)
        .map(|&i| story.told()[i].sentence + 1)
        .collect();
    if !pronouns.is_empty() {
        assumed
            .push(format!("the pronoun of sentence {} is the last one that it can mean", listed(&pronouns)));
    }
    if rests_on_unread {
        assumed.extend(story.unread().iter().map(|unread| {
            let (number, words) = (unread.sentence + 1, story.sentence(unread.sentence));
            format!("sentence {number}, which is not read, says nothing of what is asked: {words}")
        }));
    }
    evidence.extend(assumed.into_iter().map(Evidence::assumption));
    let name = |thing: &ThingId| story.things().name(*thing).to_owned();
    let (value, text) = match found.finding {
        Finding::Truth(truth) => {
            (Value::Truth(Truth::of(truth)), if truth { "yes" } else { "no" }.to_owned())
        }
        Finding::Word(word) => (Value::Text(word.clone()), word),
        Finding::Things(things) => match &things[..] {
            [one] => (Value::Text(name(one)), name(one)),
            [] => (Value::List(Vec::new()), "nothing".to_owned()),
            several => {
                let names: Vec<String> = several.iter().map(name).collect();
                (Value::List(names.iter().cloned().map(Value::Text).collect()), names.join(", "))
            }
        },
        Finding::Words(words) => {
            let text =
                if words.is_empty() { "nowhere: it is the same place".to_owned() } else { words.join(", ") };
            (Value::List(words.into_iter().map(Value::Text).collect()), text)
        }
        Finding::Count(n) => (Value::Number(Quantity::bare(n as f64)), n.to_string()),
        Finding::Missing(missing) => {
            let mut answer = unsettled(story, missing);
            answer.evidence = evidence;
            return answer;
        }
        Finding::Torn(cycle) => {
            let numbers: BTreeSet<usize> = cycle.iter().map(|&i| story.told()[i].sentence + 1).collect();
            let plural = if numbers.len() == 1 { "sentence" } else { "sentences" };
            let itself = if numbers.len() == 1 { "contradicts itself" } else { "contradict each other" };
            let missing =
                Missing::new(MissingKind::Wording, format!("{plural} {} {itself}", listed(&numbers)));
            let mut answer = without(Status::Ambiguous, missing);
            answer.evidence = evidence;
            answer.evidence.extend(sentences(story, EvidenceKind::Refutes, &cycle));
            return answer;
        }
    };
    Answer::answered(value, text, evidence)
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
    cited(story, kind, numbers.into_iter())
}

/// Sentences by their positions.
pub(super) fn cited(
    story: &Story,
    kind: EvidenceKind,
    numbers: impl Iterator<Item = usize>,
) -> Vec<Evidence> {
    let row = |number: usize| Evidence {
        kind,
        text: story.sentences().get(number).copied(),
        ..Evidence::assumption(format!("sentence {}: {}", number + 1, story.sentence(number)))
    };
    numbers.map(row).collect()
}

pub(super) fn without(status: Status, missing: Missing) -> Answer {
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

    const STEP: StorySettings = StorySettings { reach: Reach::Step, closed: false, skip_unread: false };

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
    fn what_is_not_read_is_skipped_where_that_is_asked_for_and_told() {
        let text = "Mary went to the kitchen. Mary frobbed her hat.";
        let ask = |skip_unread| {
            let settings = StorySettings { skip_unread, ..StorySettings::default() };
            answer(&Story::read(text, settings), "Where is Mary?")
        };
        let strict = ask(false);
        assert_eq!(strict.status, Status::Unsupported);
        assert!(
            strict.text.contains("sentence 2 is not read") && strict.text.contains("frobbed"),
            "{}",
            strict.text
        );
        let skipped = ask(true);
        assert_eq!((skipped.status, skipped.text.as_str()), (Status::Answered, "kitchen"));
        let told = "sentence 2, which is not read, says nothing of what is asked: Mary frobbed her hat.";
        assert!(
            skipped.evidence.iter().any(|row| row.place.as_deref().is_some_and(|p| p.contains(told))),
            "{skipped:?}"
        );
    }

    #[test]
    fn what_is_inside_of_itself_contradicts_itself() {
        let ask = |story: &[&str], q: &str| answer_sentences(story, q, StorySettings::default());
        let story =
            ["The box is inside the chest.", "The chest is in the bag.", "The bag is inside the box."];
        for question in
            ["Where is the box?", "Is the box in the bag?", "Where is the chest relative to the bag?"]
        {
            let torn = ask(&story, question);
            assert_eq!(torn.status, Status::Ambiguous, "{question}: {torn:?}");
            assert!(torn.text.contains("sentences 1, 2 and 3 contradict each other"), "{}", torn.text);
        }
        assert_eq!(ask(&story, "Is the story consistent?").text, "no");
        assert!(
            ask(&["The box is in the box."], "Where is the box?")
                .text
                .contains("sentence 1 contradicts itself")
        );
        assert_eq!(ask(&story[..2], "Is the story consistent?").text, "yes");
        // what was taken out before may hold the other
        let moved = ["The box is inside the chest.", "Mary took the box.", "The chest is inside the box."];
        assert_eq!(ask(&moved, "Where is the chest?").text, "box");
    }

    #[test]
    fn who_takes_something_in_a_place_is_there() {
        let story = ["Sandra picked up the apple in the office.", "Mary took the ball at the park."];
        let ask = |q: &str| answer_sentences(&story, q, StorySettings::default()).text;
        assert_eq!((ask("Where is Sandra?"), ask("Where is the ball?")), ("office".into(), "park".into()));
        assert_eq!(ask("What is Sandra carrying?"), "apple");
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
