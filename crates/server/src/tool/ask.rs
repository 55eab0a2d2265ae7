//! `ask`: a question in English.

use chronotope::ask::ask;
use serde_json::Value as Json;

use super::{Args, Tool, program, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// Answers a question about a World, as `chronotope ask --json`.
pub(super) struct Ask;

/// Most options of a question.
const MOST_OPTIONS: usize = 64;

impl Tool for Ask {
    fn name(&self) -> &'static str {
        "ask"
    }

    fn about(&self) -> &'static str {
        "Answers a question in English about what is where and when: how many, when, where, how far, how fast, which way, in what order, who did what. \
         The answer is computed exactly from what was observed and cites its evidence. `unknown` means that nobody observed it: `missing` says what to look at next; \
         do not guess instead. `unsupported` means that the wording was not read: try one of the questions that it names."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![
            schema::text("question", "The question, in plain English").required(),
            schema::texts("options", "Options to choose from, with letters (`A. left`) or without"),
        ])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let question = args.must("question")?;
        let options: Vec<String> = args.texts("options")?.into_iter().map(str::to_owned).collect();
        if options.len() > MOST_OPTIONS {
            return Err(Error::Limit { what: "options", most: MOST_OPTIONS.to_string() });
        }
        let seen = args.world(desk, control)?;
        let asked = ask(&seen.world, question, &options).map_err(Error::input)?;
        Ok(program::told(&seen, Some(question), &options, &asked))
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{answered, call, street};
    use serde_json::json;

    #[test]
    fn a_question_is_answered_with_evidence() {
        let (_folder, desk) = street();
        let reply = call(&desk, "ask", json!({ "question": "How many cars are there?" })).expect("an answer");
        assert_eq!(reply.json["answer"]["value"], 2);
        assert!(!reply.json["evidence"].as_array().expect("a list").is_empty());
        assert!(reply.text.starts_with("answered: 2"), "{}", reply.text);
    }

    #[test]
    fn options_are_chosen() {
        let (_folder, desk) = street();
        let args = json!({ "source": "street.world.txt", "question": "How many people are there?", "options": ["A. 2", "B. 1"] });
        let reply = call(&desk, "ask", args).expect("an answer");
        assert_eq!(reply.json["answer"]["choice"], "B");
    }

    #[test]
    fn what_nobody_saw_is_unknown_and_says_what_is_missing() {
        let (_folder, desk) = street();
        let reply = call(&desk, "ask", json!({ "question": "How many dogs are there?" })).expect("an answer");
        assert_eq!(reply.json["status"], "unknown");
        assert!(reply.text.contains("missing"), "{}", reply.text);
    }

    #[test]
    fn the_future_is_not_known() {
        let (_folder, desk) = street();
        let ask = |at: f64| {
            answered(&desk, "ask", json!({ "question": "How many people were seen?", "asked_at": at }))
        };
        assert_eq!((ask(0.5).as_str(), ask(1.5).as_str()), ("0", "1"));
    }

    #[test]
    fn mistakes_name_the_remedy() {
        let (_folder, desk) = street();
        for (args, told) in [
            (json!({}), "question: expected a text, found nothing"),
            (json!({ "question": 7 }), "question: expected a text, found 7"),
            (json!({ "question": "x", "sauce": "y" }), "expected one of the arguments source, question"),
            (json!({ "question": "x", "source": "nowhere.world" }), "nothing of that name is here"),
            (json!({ "question": "x", "as_of": 9 }), "as_of: expected a revision up to"),
        ] {
            let error = call(&desk, "ask", args.clone()).expect_err("a mistake").to_string();
            assert!(error.contains(told), "{args}: {error}");
        }
    }
}
