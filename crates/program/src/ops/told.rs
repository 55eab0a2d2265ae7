//! What a story tells: questions in the words of stories, answered by the closure over its sentences.
//!
//! The sentences stand in the World as facts that say their words; they are read again, so a changed word is seen.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_story::{self as story, Story};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, Missing, MissingKind, Reference, Status, Table, Truth, Value};

const FILE: &str = "program/src/ops/told.rs";

/// `told("Where is Mary?")`: one word or name.
pub struct Told;
/// `is_told("Is Mary in the kitchen?")`.
pub struct IsTold;
/// `count_told("How many objects is Mary carrying?")`.
pub struct CountTold;
/// `list_told("What is Mary carrying?")`: words or names in order.
pub struct ListTold;

impl Operator for Told {
    fn entry(&self) -> Entry {
        let about = "what a story tells, as one word: where, who, which direction";
        entry("told", about, FILE, "told(\"Where is Mary?\")")
    }

    fn signature(&self) -> Signature {
        asks(Type::Text)
    }

    fn cost(&self) -> Cost {
        Cost::Things
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        match told(run, args)? {
            Value::Text(text) => Ok(Datum::Text(text)),
            other => unfit(&other),
        }
    }
}

impl Operator for IsTold {
    fn entry(&self) -> Entry {
        let about = "whether a story tells that something is so";
        entry("is-told", about, FILE, "is_told(\"Is Mary in the kitchen?\")")
    }

    fn signature(&self) -> Signature {
        asks(Type::Truth)
    }

    fn cost(&self) -> Cost {
        Cost::Things
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        match told(run, args)? {
            Value::Truth(truth) if truth != Truth::Unknown => Ok(Datum::Truth(truth == Truth::Yes)),
            other => unfit(&other),
        }
    }
}

impl Operator for CountTold {
    fn entry(&self) -> Entry {
        let about = "how many a story tells of";
        entry("count-told", about, FILE, "count_told(\"How many objects is Mary carrying?\")")
    }

    fn signature(&self) -> Signature {
        asks(Type::Number(UnitType::ONE))
    }

    fn cost(&self) -> Cost {
        Cost::Things
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        match told(run, args)? {
            Value::Number(number) => Ok(Datum::Number(number)),
            other => unfit(&other),
        }
    }
}

impl Operator for ListTold {
    fn entry(&self) -> Entry {
        let about = "what a story tells, as a list: what is held, who is there, the turns of a way";
        entry("list-told", about, FILE, "list_told(\"What is Mary carrying?\")")
    }

    fn signature(&self) -> Signature {
        asks(Type::List(Box::new(Type::Text)))
    }

    fn cost(&self) -> Cost {
        Cost::Things
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let words = |value: Value| match value {
            Value::Text(text) => Some(Datum::Text(text)),
            _ => None,
        };
        match told(run, args)? {
            Value::List(items) => Ok(Datum::List(items.into_iter().filter_map(words).collect())),
            one @ Value::Text(_) => Ok(Datum::List(words(one).into_iter().collect())),
            other => unfit(&other),
        }
    }
}

/// The operator whose type a question's answer has, as a program.
pub fn program_of(question: &str, value: Option<&Value>) -> String {
    let operator = match value {
        Some(Value::Truth(_)) => "is_told",
        Some(Value::Number(_)) => "count_told",
        Some(Value::List(_)) => "list_told",
        _ => "told",
    };
    let quoted = question.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{operator}(\"{quoted}\")")
}

fn asks(gives: Type) -> Signature {
    Signature::gives(Gives::Fixed(gives)).needs("question", Takes::Text)
}

fn unfit(value: &Value) -> Outcome {
    let operator = program_of("…", Some(value));
    missing(MissingKind::Wording, format!("this question asks for another kind of answer: {operator}"))
}

fn told(run: &mut Run<'_>, args: &Args<'_>) -> Result<Value, Stop> {
    let Some(story) = Story::of_world(run.world) else {
        return Err(Missing::new(MissingKind::Coverage, "no story is told here")
            .hint("ask a NAME.story.txt")
            .into());
    };
    let answer = story::answer(&story, args.text("question"));
    let says: Vec<(usize, u64)> = run
        .world
        .facts()
        .filter(|fact| fact.predicate == story::SAYS)
        .filter_map(|fact| match &fact.subject {
            Reference::Text(subject) => Some((subject.strip_prefix("sentence ")?.parse().ok()?, fact.id.0)),
            _ => None,
        })
        .collect();
    for row in &answer.evidence {
        let number = row
            .place
            .as_deref()
            .and_then(|p| p.strip_prefix("sentence ")?.split(':').next()?.parse::<usize>().ok());
        match (row.kind, number) {
            (EvidenceKind::Assumption, _) => run.assume(row.place.as_deref().unwrap_or_default()),
            (kind, Some(number)) => {
                let at = says.binary_search_by_key(&number, |s| s.0).ok();
                run.cite_rows(kind, Table::Facts, at.map(|at| says[at].1));
            }
            _ => {}
        }
    }
    match (answer.status, answer.value) {
        (Status::Answered, Some(value)) => Ok(value),
        (Status::Unsupported, _) => Err(Stop::Unsupported(answer.missing)),
        _ => Err(Stop::Missing(answer.missing)),
    }
}
