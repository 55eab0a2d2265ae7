//! A question that the grammar does not read, written as a program by a model.

use super::Spent;
use super::prompt;
use super::said::json_in;
use crate::error::Error;
use chronotope_ask::Asked;
use chronotope_ask::program::{parse, run_program};
use chronotope_ask::question::{OptionText, choose, explain};
use chronotope_models::{Chat, Message, Request, Role, Schema};
use chronotope_world::{Status, World};
use serde_json::{Value as Json, json};

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// A program fitted and ran.
    Answered(Box<Asked>),
    /// None did: the model says so, or its programs were refused to the last.
    NoneFits {
        /// Why.
        why: String,
    },
}

/// Longest program that is taken, in bytes.
const LONGEST: usize = 4_000;

/// Lets a model write the question as a program, checks it, runs it.
///
/// A program that does not parse, does not fit the World's types, or gives a value that is none of the options goes back with the fault, at
/// most `repairs` times. Nothing of the World's numbers is told to the model: labels, names, kinds of events and the span alone.
///
/// # Errors
/// A store that cannot be read, or a model that fails.
pub fn write(
    world: &World,
    question: &str,
    options: &[String],
    chat: &dyn Chat,
    repairs: u32,
    spent: &mut Spent,
) -> Result<Written, Error> {
    let mut messages = vec![
        Message::text(Role::System, prompt::language(world)),
        Message::text(Role::User, prompt::asked(question, options)),
    ];
    let mut why = String::new();
    for tried in 0..=repairs {
        let request = Request {
            messages: messages.clone(),
            schema: Some(Schema { name: "program".into(), schema: schema() }),
            max_tokens: Some(800),
            temperature: Some(0.0),
            ..Request::default()
        };
        let reply = chat.chat(&request).map_err(Error::model(question))?;
        spent.add(&reply, 0);
        spent.n_repairs += u64::from(tried > 0);
        match tried_program(world, &reply.text, options)? {
            Ok(None) => return Ok(Written::NoneFits { why: "the model found no program".into() }),
            Ok(Some(mut asked)) => {
                let understood = explain(&asked.answered.program);
                let understood = understood.trim_end_matches('.');
                asked.understood = Some(format!("{understood} (program by {}).", reply.model));
                return Ok(Written::Answered(Box::new(asked)));
            }
            Err(fault) => {
                messages.push(Message::text(Role::Assistant, short(&reply.text)));
                messages.push(Message::text(Role::User, prompt::refused(&fault)));
                why = fault;
            }
        }
    }
    Ok(Written::NoneFits { why })
}

/// The program of a reply, run; none where the model says that there is none; else what is wrong with it.
fn tried_program(
    world: &World,
    reply: &str,
    options: &[String],
) -> Result<Result<Option<Asked>, String>, Error> {
    let Some(json) = json_in(reply) else {
        return Ok(Err("the reply is no JSON object with the field `program`".into()));
    };
    let text = match json.get("program") {
        Some(Json::String(text)) if !text.trim().is_empty() => text,
        Some(Json::Null | Json::String(_)) => return Ok(Ok(None)),
        _ => return Ok(Err("the field `program` is missing: a text, or null where no program fits".into())),
    };
    if text.len() > LONGEST {
        return Ok(Err(format!("a program of at most {LONGEST} bytes, not {}", text.len())));
    }
    let answered = match parse(text).and_then(|program| run_program(world, &program, false)) {
        Ok(answered) => answered,
        Err(error) if error.is_of_the_program() => return Ok(Err(error.to_string())),
        Err(error) => return Err(Error::engine(text)(error)),
    };
    let mut asked = Asked { answered, understood: None, nearest: Vec::new() };
    let answer = &mut asked.answered.answer;
    if let (Some(value), false) = (&answer.value, options.is_empty()) {
        let lettered: Vec<OptionText> = options.iter().map(|option| OptionText::parse(option)).collect();
        answer.choice = choose(value, &lettered);
        if answer.choice.is_none() {
            let all = options.join(" | ");
            return Ok(Err(format!("its value is `{}`, which is none of the options: {all}", answer.text)));
        }
    }
    if answer.status == Status::Answered && answer.evidence.is_empty() {
        return Ok(Err("it reads nothing of the World: a constant answers no question".into()));
    }
    if answer.status == Status::Unsupported {
        return Ok(Err(answer.text.clone()));
    }
    Ok(Ok(Some(asked)))
}

fn schema() -> Json {
    json!({
        "type": "object",
        "properties": {
            "because": {"type": "string", "description": "one sentence: which operators fit"},
            "program": {"type": ["string", "null"], "description": "the program, or null where none fits"}
        },
        "required": ["because", "program"],
        "additionalProperties": false
    })
}

/// The beginning of a reply, for it to be shown to the model again.
fn short(reply: &str) -> String {
    reply.chars().take(LONGEST).collect()
}
