//! `facts`: what was stated, as of any revision and moment.

use chronotope::world::{Fact, Reference, Time, World};
use serde_json::{Value as Json, json};

use super::events::{told, told_in_words};
use super::program::one_thing;
use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// The facts of a World, those that hold or all that ever did.
pub(super) struct Facts;

const USUAL: u64 = 50;
const MOST: u64 = 5000;

impl Tool for Facts {
    fn name(&self) -> &'static str {
        "facts"
    }

    fn about(&self) -> &'static str {
        "Lists facts: attributes and relations with the time in which they hold, who said so, and the revision that wrote or ended them. With `history` also those that were ended; \
         as_of and asked_at give the facts as they were known then. Nothing is ever overwritten."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![
            schema::text("about", "Only facts about this: a thing, or words as they were noted"),
            schema::text("predicate", "Only this relation or attribute: `on`, `colour`, `owner` …"),
            schema::number("at", "Only facts that hold at this second of the record"),
            schema::text("words", "Only facts in which all of these words stand"),
            schema::flag("history", "Also facts that were ended by a later revision"),
            schema::integer("most", "At most so many, the latest of them [default: 50]"),
        ])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let predicate = args.text("predicate")?;
        let history = args.flag("history")?;
        let at = args.number("at")?.map(Time::from_s);
        let most = args.whole("most")?.unwrap_or(USUAL).clamp(1, MOST) as usize;
        let words = args.text("words")?.unwrap_or_default().to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let seen = args.world(desk, control)?;
        let world = &seen.world;
        let subject = args.text("about")?.map(|about| match one_thing(&seen, about) {
            Ok(thing) => (Some(thing), about),
            Err(_) => (None, about),
        });
        let speaks_of = |what: &Reference| match (subject, what) {
            (None, _) => true,
            (Some((thing, _)), Reference::Entity(id)) => thing == Some(*id),
            (Some((_, about)), Reference::Text(text)) => text.eq_ignore_ascii_case(about.trim()),
            _ => false,
        };
        let view = world.view();
        let fits = |fact: &&Fact| {
            let holds = if history { view.sees(fact.known) } else { view.sees_open(fact.known, fact.closed) };
            holds
                && predicate.is_none_or(|predicate| fact.predicate.eq_ignore_ascii_case(predicate.trim()))
                && at.is_none_or(|at| fact.valid.contains(at))
                && (speaks_of(&fact.subject) || (subject.is_some() && speaks_of(&fact.object)))
        };
        let mut rows: Vec<(Time, u64, Json)> = world
            .tables()
            .facts
            .iter()
            .filter(fits)
            .map(|fact| (fact.valid.start(), fact.id.0, row(world, fact)))
            .filter(|(_, _, row)| {
                let text = in_words(row).to_lowercase();
                words.iter().all(|word| text.contains(word))
            })
            .collect();
        rows.sort_by_key(|(start, id, _)| (*start, *id));
        let left_out = rows.len().saturating_sub(most);
        let rows: Vec<Json> = rows.into_iter().skip(left_out).map(|(_, _, row)| row).collect();
        let mut text: Vec<String> = rows.iter().map(in_words).collect();
        if left_out > 0 {
            text.insert(0, format!("{left_out} earlier facts are left out"));
        } else if rows.is_empty() {
            text.push("nobody stated such a fact".to_owned());
        }
        Ok(Reply::new(json!({ "facts": rows, "left_out": left_out }), text.join("\n")))
    }
}

fn row(world: &World, fact: &Fact) -> Json {
    let second = |t: Time| if t == Time::MIN || t == Time::MAX { Json::Null } else { json!(t.as_s()) };
    let source = world.source(fact.source);
    json!({
        "fact": fact.id.0,
        "subject": told(world, &fact.subject),
        "predicate": fact.predicate,
        "object": told(world, &fact.object),
        "from_s": second(fact.valid.start()),
        "to_s": second(fact.valid.end()),
        "confidence": fact.confidence,
        "source": source.map(|source| source.uri.clone()),
        "because": source.map(|source| source.settings.clone()).filter(|settings| !settings.is_empty()),
        "known_s": second(fact.known.at),
        "revision": fact.known.revision,
        "ended_by_revision": fact.closed.filter(|closed| *closed <= world.view().as_of),
    })
}

fn in_words(row: &Json) -> String {
    let when = match (row["from_s"].as_f64(), row["to_s"].as_f64()) {
        (None, None) => "always".to_owned(),
        (Some(from), None) => format!("from {from} s on"),
        (None, Some(to)) => format!("until {to} s"),
        (Some(from), Some(to)) => format!("{from} s to {to} s"),
    };
    let ended =
        row["ended_by_revision"].as_u64().map_or(String::new(), |n| format!(", ended by revision {n}"));
    let source = row["source"].as_str().map_or(String::new(), |source| format!(", says {source}"));
    format!(
        "{} {} {}: {when} (revision {}{ended}{source})",
        told_in_words(&row["subject"]),
        row["predicate"].as_str().unwrap_or_default(),
        told_in_words(&row["object"]),
        row["revision"],
    )
}
