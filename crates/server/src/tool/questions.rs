//! `questions`: what can be asked.

use chronotope::ask::question::entries;
use chronotope::ask::{ask, vocabulary_of};
use chronotope::world::catalogue::Entry;
use serde_json::{Value as Json, json};

use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// The kinds of questions, and the words that a World offers to them.
pub(super) struct Questions;

impl Tool for Questions {
    fn name(&self) -> &'static str {
        "questions"
    }

    fn about(&self) -> &'static str {
        "Tells which kinds of questions ask understands, each with an example; with a source also the words that its World offers: labels, names, attributes, events, \
         and some questions that can be asked about it."
    }

    fn input(&self) -> Json {
        schema::of_world(Vec::new())
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let families = entries();
        let kind =
            |entry: &Entry| json!({ "kind": entry.name, "about": entry.about, "example": entry.example });
        let kinds: Vec<Json> = families.iter().map(kind).collect();
        let mut text: Vec<String> =
            families.iter().map(|entry| format!("{}: {}", entry.about, entry.example)).collect();
        let mut json = json!({ "kinds": kinds, "words": null, "examples": [] });
        let is_one = super::list_sources::found(desk.library.allowed()).len() == 1;
        if is_one || args.any("source").is_some() {
            let seen = args.world(desk, control)?;
            let known = vocabulary_of(&seen.world);
            // what cannot be read is answered with what can
            let examples = ask(&seen.world, "?", &[]).map_err(Error::input)?.nearest;
            const MOST: usize = 200;
            let some = |words: &[String]| -> Vec<String> { words.iter().take(MOST).cloned().collect() };
            json["words"] = json!({
                "labels": some(&known.labels),
                "names": some(&known.names),
                "events": some(&known.events),
                "attributes": known.attributes.iter().take(MOST).map(|(k, v)| (k, some(v))).collect::<std::collections::BTreeMap<_, _>>(),
                "metric": known.metric,
                "pictures": known.pixels,
                "timeless": known.timeless,
                "duration_s": known.duration_s,
            });
            text.push(format!("labels here: {}", some(&known.labels).join(", ")));
            text.push(format!("for example: {}", examples.join(" | ")));
            json["examples"] = json!(examples);
        }
        Ok(Reply::new(json, text.join("\n")))
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{call, street};
    use serde_json::json;

    #[test]
    fn a_world_says_what_can_be_asked_about_it() {
        let (_folder, desk) = street();
        let reply = call(&desk, "questions", json!({ "source": "street.world.txt" })).expect("a list");
        assert!(reply.json["words"]["labels"].as_array().expect("a list").contains(&json!("car")));
        for example in reply.json["examples"].as_array().expect("a list") {
            let answer = call(&desk, "ask", json!({ "question": example })).expect("an answer");
            assert_ne!(answer.json["status"], "unsupported", "{example}");
        }
        assert!(reply.json["kinds"].as_array().expect("a list").len() > 10);
    }
}
