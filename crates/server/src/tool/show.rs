//! `show`: what a World holds.

use chronotope::formats::shown::summary_json;
use chronotope::world::{EntityId, Time, World};
use serde_json::{Value as Json, json};

use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;

/// What a World holds: record, cameras, frames, labels, coverage, events, facts, and its things.
pub(super) struct Show;

/// Things that are listed where nobody says how many.
const USUAL: u64 = 50;
const MOST: u64 = 2000;

impl Tool for Show {
    fn name(&self) -> &'static str {
        "show"
    }

    fn about(&self) -> &'static str {
        "Shows what a World holds: its time, cameras, reference frames and units, which labels there are, where and for what somebody looked (coverage), events, facts, revisions, \
         and the first things with their numbers, names and times. Call it before asking about a source that is new to you."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![
            schema::text("label", "List only things of this label"),
            schema::integer("most", "List at most so many things [default: 50]"),
        ])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let label = args.text("label")?;
        let most = args.whole("most")?.unwrap_or(USUAL).min(MOST);
        let world = args.world(desk, control)?.world;
        let mut json = summary_json(&world).map_err(Error::input)?;
        let is = |thing: &EntityId| {
            label.is_none_or(|label| world.labels_of(*thing).any(|row| row.text.eq_ignore_ascii_case(label)))
        };
        let (mut things, mut n) = (Vec::new(), 0);
        for thing in world.entities().filter(is) {
            n += 1;
            if n <= most {
                things.push(described(&world, thing)?);
            }
        }
        let mut text = vec![in_words(&json)];
        text.extend(things.iter().map(thing_in_words));
        if n > most {
            text.push(format!("and {} more things", n - most));
        }
        json["things"] = json!(things);
        json["things_not_listed"] = json!(n.saturating_sub(most));
        Ok(Reply::new(json, text.join("\n")))
    }
}

/// A thing: its number, what it is called, when it was seen.
fn described(world: &World, thing: EntityId) -> Result<Json, Error> {
    let mut labels: Vec<&str> = Vec::new();
    let mut name = None;
    for row in world.labels_of(thing) {
        match row.vocabulary == "name" {
            true => name = Some(row.text.as_str()),
            false if !labels.contains(&row.text.as_str()) => labels.push(&row.text),
            false => {}
        }
    }
    let path = world.trajectory(thing).map_err(Error::input)?;
    let times = || path.runs.iter().flat_map(|run| run.times());
    let seen = times().min().zip(times().max());
    let second = |t: Time| if t == Time::MIN || t == Time::MAX { Json::Null } else { json!(t.as_s()) };
    Ok(json!({
        "entity": thing.0,
        "name": name,
        "labels": labels,
        "from_s": seen.map_or(Json::Null, |(first, _)| second(first)),
        "to_s": seen.map_or(Json::Null, |(_, last)| second(last)),
    }))
}

fn thing_in_words(thing: &Json) -> String {
    let labels: Vec<&str> =
        thing["labels"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let name = thing["name"].as_str().map_or(String::new(), |name| format!(" {name}"));
    let when = match (thing["from_s"].as_f64(), thing["to_s"].as_f64()) {
        (Some(from), Some(to)) => format!(", {from:.2} s to {to:.2} s"),
        _ => String::new(),
    };
    format!("entity/{}{name}: {}{when}", thing["entity"], labels.join(", "))
}

/// The whole in a few lines.
fn in_words(json: &Json) -> String {
    let list = |key: &str, each: &dyn Fn(&Json) -> String| {
        let rows: Vec<String> = json[key].as_array().into_iter().flatten().take(20).map(each).collect();
        rows.join("; ")
    };
    let word = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let labels = list("labels", &|row| format!("{} {}", row["entities"], word(&row["label"])));
    let frames = list("reference_frames", &|row| {
        format!("{} in {}", word(&row["reference_frame"]), word(&row["unit"]))
    });
    let cameras = list("observers", &|row| word(&row["name"]));
    let coverage = list("coverage", &|row| {
        let labels =
            if row["every_label"] == true { "every label".to_owned() } else { row["labels"].to_string() };
        format!("{labels} during {}", row["spans_s"])
    });
    let events = list("events", &|row| format!("{} {}", row["n"], word(&row["kind"])));
    format!(
        "{}, revision {}, time {}\nframes: {frames}\ncameras: {cameras}\nthings: {labels}\nlooked for: {coverage}\nevents: {events}\nfacts: {}",
        word(&json["name"]),
        json["revision"],
        json["span_s"],
        json["facts"],
    )
}

#[cfg(test)]
mod tests {
    use crate::tool::scratch::{call, street};
    use serde_json::json;

    #[test]
    fn a_world_shows_its_things_frames_and_coverage() {
        let (_folder, desk) = street();
        let reply = call(&desk, "show", json!({ "label": "car", "most": 1 })).expect("a summary");
        assert_eq!(reply.json["entities"], 3);
        assert_eq!(reply.json["things"].as_array().expect("a list").len(), 1);
        assert_eq!(reply.json["things_not_listed"], 1);
        assert!(reply.text.contains("entity/1: car, 0.00 s to 2.00 s"), "{}", reply.text);
        assert!(reply.text.contains("world(ground) in m"), "{}", reply.text);
    }
}
