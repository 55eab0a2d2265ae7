//! `note`: a fact is written into a World.

use chronotope::remember;
use chronotope::world::{Reference, Span, Time};
use serde_json::{Value as Json, json};

use super::args::Seen;
use super::program::{one_thing, things};
use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// Writes a fact into a World, with who says so and why.
pub(super) struct Note;

/// Longest text of a fact, in bytes.
const MOST_BYTES: usize = 2000;

impl Tool for Note {
    fn name(&self) -> &'static str {
        "note"
    }

    fn about(&self) -> &'static str {
        "Writes a fact into a World (a NAME.world): subject, relation, object, the time in which it holds, who says so and why. Nothing is overwritten: with `replaces`, other facts of the same \
         subject and relation end where this one begins, and as_of still tells what was known before. facts and ask read it back."
    }

    fn input(&self) -> Json {
        schema::object([
            schema::text(
                "source",
                "Name of the World as list_sources tells it; may be left out where there is only one source",
            ),
            schema::text(
                "subject",
                "Of what: a thing of the World (`entity/3`, `car 3`, a name), or any words",
            )
            .required(),
            schema::text("relation", "Which relation or attribute: `on`, `owner`, `colour`, `state` …")
                .required(),
            schema::text("object", "To what: a thing of the World, any words, or a number").required(),
            schema::number("from", "It holds from this second of the record on [default: always]"),
            schema::number("to", "It holds until this second of the record [default: for ever]"),
            schema::number(
                "known_at",
                "Second of the record at which it was known; who asks as if earlier does not see it [default: from]",
            ),
            schema::number("confidence", "Probability of being right, where something calibrates it"),
            schema::flag(
                "replaces",
                "Other facts of this subject and relation no longer hold during that time",
            ),
            schema::text("by", "Who says so: the agent's name").required(),
            schema::text("because", "Why: what was seen, and where"),
        ])
    }

    fn writes(&self) -> bool {
        true
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let short = |name: &'static str| -> Result<String, Error> {
            let text = args.must(name)?.trim();
            if text.len() <= MOST_BYTES {
                Ok(text.to_owned())
            } else {
                Err(Error::Limit { what: "text of a fact", most: format!("{MOST_BYTES} bytes") })
            }
        };
        let (subject, predicate, by) = (short("subject")?, short("relation")?, short("by")?);
        let object = match args.any("object") {
            Some(Json::Number(number)) => number.to_string(),
            _ => short("object")?,
        };
        let because = if args.any("because").is_some() { short("because")? } else { String::new() };
        let start = args.number("from")?.map_or(Time::MIN, Time::from_s);
        let end = args.number("to")?.map_or(Time::MAX, Time::from_s);
        let valid = Span::new(start, end).filter(|span| !span.is_empty());
        let valid = valid.ok_or_else(|| Error::argument("from", "less than to", start.to_string()))?;
        let confidence = args.number("confidence")?;
        if confidence.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return Err(Error::argument("confidence", "a number from 0 to 1", "another one"));
        }
        let seen = args.world(desk, control)?;
        let [path] = seen.paths.as_slice() else {
            return Err(Error::argument("source", "one World", "several sources"));
        };
        if !path.join("world.json").is_file() {
            let name = desk.library.allowed().name_of(path);
            return Err(Error::input(format!(
                "{name}: expected a World on disk (NAME.world), found another source"
            ))
            .remedy(format!("chronotope import … {name} -o NAME.world makes one")));
        }
        let written = remember::Note {
            subject: reference(&seen, &subject),
            predicate,
            object: match object.parse::<f64>() {
                Ok(number) if number.is_finite() => Reference::Number(number, String::new()),
                _ => reference(&seen, &object),
            },
            valid,
            confidence,
            by,
            because,
            replaces: args.flag("replaces")?,
            known_at: args.number("known_at")?.map_or(start, Time::from_s),
        };
        let (revision, n_ended) = remember::note(path, &written).map_err(|error| {
            let name = desk.library.allowed().name_of(path);
            Error::input(error.to_string().replace(&path.display().to_string(), &name))
        })?;
        let ended =
            if n_ended > 0 { format!("; {n_ended} facts no longer hold then") } else { String::new() };
        let text = format!("noted as revision {revision}: {subject} {} {object}{ended}", written.predicate);
        let known = |what: &Reference| matches!(what, Reference::Entity(_));
        Ok(Reply::new(
            json!({
                "revision": revision,
                "ended": n_ended,
                "subject_is_a_thing": known(&written.subject),
                "object_is_a_thing": known(&written.object),
            }),
            text,
        ))
    }
}

/// The one thing that is called so, else the words.
fn reference(seen: &Seen, words: &str) -> Reference {
    // a bare word such as `table` names a thing only where there is one of it
    let is_thing = things(&seen.world, words).is_ok() && words.parse::<f64>().is_err();
    match one_thing(seen, words) {
        Ok(thing) if is_thing => Reference::Entity(thing),
        _ => Reference::Text(words.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{Folder, STREET, call, desk, object};
    use crate::tool::{by_name, offered};
    use chronotope::remember::bundle;
    use chronotope::world::text;
    use serde_json::json;

    fn home(write: bool) -> (Folder, std::sync::Arc<crate::desk::Desk>) {
        let folder = Folder::new();
        bundle::write(folder.path("street.world"), &text::parse(STREET).expect("valid")).expect("a bundle");
        let desk = desk(&folder, write);
        (folder, desk)
    }

    #[test]
    fn what_is_noted_is_read_back_as_of_any_revision() {
        let (_folder, desk) = home(true);
        let noted = |object: &str, from: f64| {
            let args = json!({ "subject": "keys", "relation": "on", "object": object, "from": from, "replaces": true, "by": "robot" });
            call(&desk, "note", args).expect("noted").json["revision"].as_u64().expect("a number")
        };
        let first = noted("shelf", 1.0);
        noted("table", 5.0);
        let facts = |args| call(&desk, "facts", args).expect("a list");
        let now = facts(json!({ "about": "keys", "at": 6 }));
        assert_eq!(now.json["facts"][0]["object"], "table", "{}", now.text);
        let then = facts(json!({ "about": "keys", "at": 6, "as_of": first }));
        assert_eq!(then.json["facts"][0]["object"], "shelf", "{}", then.text);
        let early = facts(json!({ "about": "keys", "asked_at": 2 }));
        assert_eq!(early.json["facts"].as_array().expect("a list").len(), 1, "{}", early.text);
        let words = facts(json!({ "words": "KEYS table robot" }));
        assert_eq!(words.json["facts"].as_array().expect("a list").len(), 1, "{}", words.text);
    }

    #[test]
    fn a_fact_about_a_thing_answers_a_question() {
        let (_folder, desk) = home(true);
        let args = json!({ "subject": "car 3", "relation": "colour", "object": "blue", "by": "robot", "because": "looked at 1 s" });
        call(&desk, "note", args).expect("noted");
        let reply = call(&desk, "ask", json!({ "question": "What colour is car 3?" })).expect("an answer");
        assert_eq!(reply.json["answer"]["value"], "blue", "{}", reply.text);
    }

    #[test]
    fn without_leave_nothing_is_written() {
        let (_folder, desk) = home(false);
        assert!(offered(&desk).all(|tool| tool.name() != "note"));
        let calls = crate::run::Calls::new(std::sync::Arc::clone(&desk));
        let args = object(json!({ "subject": "a", "relation": "b", "object": "c", "by": "d" }));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let refused = runtime.block_on(calls.call("note", args, crate::control::Control::default()));
        assert!(refused.expect_err("no such tool").to_string().contains("expected a tool"));
        assert!(by_name("note").is_some());
    }

    #[test]
    fn a_file_that_is_no_world_on_disk_is_not_written() {
        let folder = Folder::new();
        folder.file("a.world.txt", STREET);
        let desk = desk(&folder, true);
        let args = json!({ "subject": "a", "relation": "b", "object": "c", "by": "d" });
        let error = call(&desk, "note", args).expect_err("no bundle");
        assert!(error.to_string().contains("expected a World on disk"), "{error}");
    }
}
