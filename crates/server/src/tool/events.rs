//! `events`: what happened, with who took part.

use chronotope::world::{Event, Reference, Time, World};
use serde_json::{Map, Value as Json, json};

use super::program::{name_of, one_thing};
use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// The events that somebody wrote down.
pub(super) struct Events;

const USUAL: u64 = 50;
const MOST: u64 = 5000;

impl Tool for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    fn about(&self) -> &'static str {
        "Lists the events that were written down, in the order of time: what, when, who or what took part and how. Narrowed by kind, by who took part, by time. \
         An empty list does not say that nothing happened: ask answers that, with the coverage."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![
            schema::text("kind", "Only events whose kind has these words: `open`, `cut` …"),
            schema::thing("thing", "Only events in which this one thing took part"),
            schema::number("from", "From this second of the record on"),
            schema::number("to", "Before this second of the record"),
            schema::integer("most", "At most so many, the latest of them [default: 50]"),
        ])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let kind = args.text("kind")?.map(str::to_ascii_lowercase);
        let most = args.whole("most")?.unwrap_or(USUAL).clamp(1, MOST) as usize;
        let from = args.number("from")?.map_or(Time::MIN, Time::from_s);
        let to = args.number("to")?.map_or(Time::MAX, Time::from_s);
        let seen = args.world(desk, control)?;
        let world = &seen.world;
        let who = args.text("thing")?.map(|named| one_thing(&seen, named)).transpose()?;
        let fits = |event: &&Event| {
            kind.as_ref().is_none_or(|kind| event.kind.to_ascii_lowercase().contains(kind))
                && who.is_none_or(|who| event.roles.iter().any(|(_, what)| *what == Reference::Entity(who)))
                && event.span.start() < to
                && event.span.end() > from
        };
        let mut events: Vec<&Event> = world.events().filter(fits).collect();
        events.sort_by_key(|event| (event.span.start(), event.id));
        let left_out = events.len().saturating_sub(most);
        let rows: Vec<Json> = events[left_out..].iter().map(|event| row(world, event)).collect();
        let mut text: Vec<String> = rows.iter().map(in_words).collect();
        if left_out > 0 {
            text.insert(0, format!("{left_out} earlier events are left out"));
        } else if rows.is_empty() {
            text.push("no event of that kind was written down".to_owned());
        }
        Ok(Reply::new(json!({ "events": rows, "left_out": left_out }), text.join("\n")))
    }
}

fn row(world: &World, event: &Event) -> Json {
    let second = |t: Time| if t == Time::MIN || t == Time::MAX { Json::Null } else { json!(t.as_s()) };
    let roles: Map<String, Json> =
        event.roles.iter().map(|(role, what)| (role.clone(), told(world, what))).collect();
    let source = world.source(event.source);
    json!({
        "event": event.id.0,
        "kind": event.kind,
        "from_s": second(event.span.start()),
        "to_s": second(event.span.end()),
        "roles": roles,
        "confidence": event.confidence,
        "source": source.map(|source| source.uri.clone()),
        "revision": event.known.revision,
    })
}

/// Who or what a row speaks of.
pub(super) fn told(world: &World, what: &Reference) -> Json {
    match what {
        Reference::Entity(thing) => json!({ "entity": thing.0, "name": name_of(world, *thing) }),
        Reference::Event(event) => json!({ "event": event.0 }),
        Reference::Observer(camera) => {
            json!({ "observer": camera.0, "name": world.observer(*camera).map(|row| row.name.clone()) })
        }
        Reference::Text(text) => json!(text),
        Reference::Number(number, unit) => json!({ "value": number, "unit": unit }),
    }
}

/// The word for it.
pub(super) fn told_in_words(told: &Json) -> String {
    match told {
        Json::String(text) => text.clone(),
        Json::Object(map) if map.contains_key("value") => {
            format!("{} {}", map["value"], map["unit"].as_str().unwrap_or_default()).trim_end().to_owned()
        }
        other => other["name"].as_str().map_or_else(|| other.to_string(), str::to_owned),
    }
}

fn in_words(row: &Json) -> String {
    let roles: Vec<String> = row["roles"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(role, what)| format!("{role} {}", told_in_words(what)))
        .collect();
    let roles = if roles.is_empty() { String::new() } else { format!(" ({})", roles.join(", ")) };
    format!("{} s to {} s: {}{roles}", row["from_s"], row["to_s"], row["kind"].as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{Folder, STREET, call, desk};
    use serde_json::json;

    #[test]
    fn who_opened_the_door_and_when() {
        let folder = Folder::new();
        let events = "event \"open\" [1, 2) agent 2 patient \"door\"\nevent \"close\" [5, 6) agent 2 patient \"door\"\n";
        folder.file("street.world.txt", &format!("{STREET}{events}"));
        let desk = desk(&folder, false);
        let reply = call(&desk, "events", json!({ "kind": "open", "thing": "person" })).expect("a list");
        let rows = reply.json["events"].as_array().expect("a list");
        assert_eq!(rows.len(), 1, "{}", reply.text);
        assert_eq!(rows[0]["roles"]["agent"]["entity"], 2);
        assert_eq!(rows[0]["roles"]["patient"], "door");
        assert_eq!(
            call(&desk, "events", json!({ "from": 3 })).expect("a list").json["events"]
                .as_array()
                .expect("a list")
                .len(),
            1
        );
    }
}
