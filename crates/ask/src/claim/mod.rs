//! Whether what sentences say is so: a caption's, an answer's, a chain of thought's.

mod statement;

pub use statement::{Asks, LONGEST, Said, claim, sentences, split};

use crate::program::evidence_json;
use crate::{Asked, Error, ask};
use chronotope_world::{Status, Truth, Value, World};
use serde_json::{Value as Json, json};

/// Numbers that are measured may be off by this share: thoughts and captions round, and look at boxes. A choice of ours.
pub const OFF: f64 = 0.1;

/// How a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stands {
    /// The World shows it.
    Supported,
    /// The World shows that it is not so.
    Contradicted,
    /// The World tells too little, or the sentence is not read.
    Undecidable,
}

impl Stands {
    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Stands::Supported => "supported",
            Stands::Contradicted => "contradicted",
            Stands::Undecidable => "undecidable",
        }
    }
}

/// On which level a claim is wrong where it is (after Dr.V's perception, time, cognition): told by the operators of its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// What there is, how many, where, how large.
    Perception,
    /// When, in which order, how long, how fast.
    Time,
    /// What it means: acts, intent, laws of physics, what would be.
    Cognition,
}

impl Level {
    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Level::Perception => "perception",
            Level::Time => "time",
            Level::Cognition => "cognition",
        }
    }

    /// Of a program.
    pub fn of(program: &str) -> Level {
        const COGNITION: [&str; 15] = [
            "acts(",
            "broken_laws(",
            "falls(",
            "predict",
            "reach(",
            "follows(",
            "overtakes(",
            "carriers(",
            "support(",
            "plan",
            "route",
            "hidden(",
            "visible_from(",
            "turned(",
            "collides(",
        ];
        const TIME: [&str; 17] = [
            "is_before(",
            "first_seen(",
            "last_seen(",
            "duration(",
            "longest(",
            "sequence(",
            "appearances(",
            "enters(",
            "leaves(",
            "disappears(",
            "speed(",
            "moving(",
            "stationary(",
            "acceleration(",
            "path_length(",
            "approaching(",
            "motion_direction(",
        ];
        let holds = |words: &[&str]| words.iter().any(|word| program.contains(word));
        if holds(&COGNITION) {
            Level::Cognition
        } else if holds(&TIME) {
            Level::Time
        } else {
            Level::Perception
        }
    }
}

/// A sentence held against a World.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// How it stands.
    pub stands: Stands,
    /// The question that decides it; empty where the sentence is not read.
    pub question: String,
    /// Its answer, with program and evidence; none where the sentence is not read.
    pub asked: Option<Asked>,
}

/// Holds a sentence against a World: its count, speed or distance with what the World says, else the statement as a question of yes or no.
///
/// # Errors
/// Rows that cannot be read. A sentence that is not read is [`Stands::Undecidable`].
pub fn verify(world: &World, sentence: &str) -> Result<Verdict, Error> {
    // of a minus sign and of other scripts' digits the grammar knows nothing: what it does not read it must not drop
    let odd = |word: &str| {
        let mut chars = word.chars();
        let minus = matches!(chars.next(), Some('-' | '−')) && chars.next().is_some_and(char::is_numeric);
        minus || word.chars().any(|c| c.is_numeric() && !c.is_ascii_digit())
    };
    if sentence.split_whitespace().any(odd) {
        return Ok(Verdict { stands: Stands::Undecidable, question: String::new(), asked: None });
    }
    let as_question = if sentence.len() <= LONGEST { claim(sentence) } else { None };
    if let Some(Asks { question, said: Some(said) }) = &as_question {
        let asked = ask(world, question, &[])?;
        if let Some(stands) = beside(&asked, said) {
            return Ok(Verdict { stands, question: question.clone(), asked: Some(asked) });
        }
    }
    let as_it_is = (sentence.to_owned(), ask(world, sentence, &[])?);
    let as_question = match as_question {
        Some(Asks { question, said: None }) if as_it_is.1.answered.answer.status == Status::Unsupported => {
            let asked = ask(world, &question, &[])?;
            Some((question, asked))
        }
        _ => None,
    };
    for (question, asked) in [as_it_is].into_iter().chain(as_question) {
        if let Some(stands) = holds(&asked) {
            return Ok(Verdict { stands, question, asked: Some(asked) });
        }
    }
    Ok(Verdict { stands: Stands::Undecidable, question: String::new(), asked: None })
}

/// How a question of yes or no stands; none where it is not read as one.
pub fn holds(asked: &Asked) -> Option<Stands> {
    let answer = &asked.answered.answer;
    match (answer.status, &answer.value) {
        (Status::Answered, Some(Value::Truth(Truth::Yes))) => Some(Stands::Supported),
        (Status::Answered, Some(Value::Truth(Truth::No))) => Some(Stands::Contradicted),
        (Status::Answered | Status::Unsupported, _) => None,
        _ => Some(Stands::Undecidable),
    }
}

/// How a number that was said stands beside the World's; none where the question is not read.
pub fn beside(asked: &Asked, said: &Said) -> Option<Stands> {
    let answer = &asked.answered.answer;
    let quantity = match (answer.status, &answer.value) {
        (Status::Answered, Some(Value::Number(quantity))) => quantity,
        (Status::Unsupported, _) => return None,
        _ => return Some(Stands::Undecidable),
    };
    if quantity.unit != said.unit {
        return Some(Stands::Undecidable);
    }
    let may_be_off = |known: f64| if said.counts { 0.0 } else { (OFF * known.abs()).max(said.rounding) };
    let (low, high) = quantity.bounds();
    let fits = |known: f64| (said.number - known).abs() <= may_be_off(known) + 1e-9;
    Some(if fits(low) && fits(high) {
        Stands::Supported
    } else if said.number < low - may_be_off(low) || said.number > high + may_be_off(high) {
        Stands::Contradicted
    } else {
        // it lies where the World is not sure
        Stands::Undecidable
    })
}

/// A verdict as `verify --json` prints it: claim, verdict, level, question, answer, status, program, evidence, what is missing.
pub fn verdict_json(sentence: &str, verdict: &Verdict) -> Json {
    let answered = verdict.asked.as_ref().map(|asked| &asked.answered);
    let answer = answered.map(|answered| &answered.answer);
    json!({
        "claim": sentence,
        "verdict": verdict.stands.name(),
        "level": answered.map(|answered| Level::of(&answered.program).name()),
        "question": answered.map(|_| &verdict.question),
        "answer": answer.map(|answer| &answer.text),
        "status": answer.map(|answer| answer.status.name()),
        "program": answered.map(|answered| &answered.program),
        "evidence": answer.map_or_else(Vec::new, |answer| answer.evidence.iter().map(evidence_json).collect()),
        "missing": answer.map_or_else(Vec::new, |answer| answer.missing.iter().map(|missing| missing.what.clone()).collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::text::parse;

    const STREET: &str = r#"record "street"
source video "street.mp4"
camera cam 640x360
world ground m
coverage cam [0, 6) car, truck
car 1 in ground through cam gap 9
  0: (0, 0, 0) box (10, 100, 60, 40)
  5: (50, 0, 0) box (60, 100, 60, 40)
truck 2 in ground through cam gap 9
  1: (60, 0, 0) box (200, 100, 60, 40)
  5: (60, 0, 0) box (200, 100, 60, 40)
"#;

    #[test]
    fn a_caption_is_held_against_the_world_sentence_by_sentence() {
        let world = parse(STREET).expect("a World");
        for (sentence, stands, level) in [
            ("There is one car at 3 s", Stands::Supported, Level::Perception),
            ("There are two cars at 3 s", Stands::Contradicted, Level::Perception),
            ("The car drives at 36 km/h at 3 s", Stands::Supported, Level::Time),
            ("The car does not stop", Stands::Supported, Level::Time),
            ("The car appears before the truck", Stands::Supported, Level::Time),
            ("The truck appears before the car", Stands::Contradicted, Level::Time),
            ("The car comes within 2 m of the truck", Stands::Contradicted, Level::Perception),
            ("The car is 30 m from the truck at 3 s", Stands::Supported, Level::Perception),
            ("At most one car is visible at once", Stands::Supported, Level::Perception),
        ] {
            let verdict = verify(&world, sentence).expect("in memory");
            assert_eq!(verdict.stands, stands, "{sentence}: {verdict:?}");
            let program = verdict.asked.map(|asked| asked.answered.program).unwrap_or_default();
            assert_eq!(Level::of(&program), level, "{sentence}: {program}");
        }
    }

    #[test]
    fn what_is_not_read_or_not_seen_is_undecidable() {
        let world = parse(STREET).expect("a World");
        for sentence in [
            "The driver is in a hurry because of the rain",
            "There is a bus at 3 s",
            "The car is red at 3 s",
            "There are -1 cars",
            "There are 1.5 cars",
            "There are 99999999999999999999999 cars",
            "There are ١ cars",
            "",
        ] {
            assert_eq!(
                verify(&world, sentence).expect("in memory").stands,
                Stands::Undecidable,
                "{sentence}"
            );
        }
    }

    #[test]
    fn sentences_end_at_points_but_not_in_numbers() {
        let found: Vec<_> = split("The car is 2.5 m away. Is it? <b>Yes</b>!").collect();
        assert_eq!(
            found,
            [("The car is 2.5 m away", '.'), ("Is it", '?'), ("b", '>'), ("Yes", '<'), ("/b", '>')]
        );
    }
}
