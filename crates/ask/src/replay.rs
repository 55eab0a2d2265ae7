//! Saved answers to questions: what `ask --json` prints, and whether all of it comes out again.

use crate::engine::{Asked, ask};
use crate::question::{OptionText, choose};
use crate::{Error, program};
use chronotope_program::{ReplayReport, compare, parse, program_of};
use chronotope_story::{Reach, StorySettings};
use chronotope_world::{Time, View, World};
use serde_json::{Value as Json, json};

/// The object that `ask --json` prints; `question` is null where a program was given, `options` where there were none.
pub fn asked_json(
    world: &World,
    question: Option<&str>,
    options: &[String],
    asked: &Asked,
    timing: &Json,
) -> Json {
    let mut json = program::answer_json(world, question, &asked.answered, timing);
    json["options"] = if options.is_empty() { Json::Null } else { json!(options) };
    if let Some(settings) = StorySettings::of_world(world) {
        json["story"] = story_json(settings);
    }
    json
}

/// How a story was read, as an answer records it: `{steps, closed, skip_unread}`.
pub fn story_json(settings: StorySettings) -> Json {
    let StorySettings { reach, closed, skip_unread } = settings;
    json!({"steps": reach == Reach::Step, "closed": closed, "skip_unread": skip_unread})
}

/// How the story of a saved answer was read; where it does not say, as stories are read that say nothing.
///
/// # Errors
/// A record that is none.
pub fn story_settings_of(saved: &Json) -> Result<StorySettings, Error> {
    let record = &saved["story"];
    if record.is_null() {
        return Ok(StorySettings::default());
    }
    let flag = |key: &str| {
        record[key].as_bool().ok_or_else(|| Error::Json {
            path: format!("/story/{key}"),
            expected: "true or false".into(),
            found: record[key].to_string().chars().take(80).collect(),
        })
    };
    let reach = if flag("steps")? { Reach::Step } else { Reach::Open };
    Ok(StorySettings { reach, closed: flag("closed")?, skip_unread: flag("skip_unread")? })
}

/// Computes a saved answer again and compares everything that follows from the World: how the question is read, the choice among its options,
/// value, words, evidence, audit, what is missing.
///
/// The question is read as of the revision and the moment that the saved program names, so that what was learnt later changes nothing.
///
/// # Errors
/// A JSON that is no answer, a program that does not fit this World, a store that cannot be read.
pub fn replay(saved: &Json, world: &World) -> Result<ReplayReport, Error> {
    let text = program_of(saved)?;
    let refused = |key: &str, expected: &str| {
        let found = saved.get(key).map_or_else(|| "nothing".to_owned(), Json::to_string);
        let found = found.chars().take(80).collect();
        Error::Json { path: format!("/{key}"), expected: expected.into(), found }
    };
    let options: Option<Vec<String>> = match &saved["options"] {
        Json::Null => None,
        Json::Array(all) => Some(
            all.iter()
                .map(|option| option.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(|| refused("options", "a list of texts, or null"))?,
        ),
        _ => return Err(refused("options", "a list of texts, or null")),
    };
    let question = match saved.get("question") {
        Some(Json::String(question)) => question,
        // a program has no options, and chooses none
        Some(Json::Null) if !text.is_empty() && options.is_none() => {
            return program::replay(saved, world);
        }
        _ => return Err(refused("question", "the text that was asked, or null for a program alone")),
    };
    let options = options.unwrap_or_default();
    let view = match text {
        "" => world.view(),
        text => {
            let pinned = parse(text)?;
            View {
                as_of: pinned.as_of.unwrap_or(u64::MAX),
                asked_at: pinned.asked_at_s.map_or(Time::MAX, Time::from_s),
            }
        }
    };
    let then = world.seen(view);
    let asked = match saved["model"]["part"].as_str() {
        None | Some("none" | "nothing") => ask(&then, question, &options)?,
        // a model wrote the program: it is run again, not read again
        Some("program") => {
            let answered = program::run_program(&then, &parse(text)?, false)?;
            let mut asked = Asked { answered, understood: None, nearest: Vec::new() };
            let answer = &mut asked.answered.answer;
            let lettered: Vec<OptionText> = options.iter().map(|option| OptionText::parse(option)).collect();
            answer.choice = answer.value.as_ref().and_then(|value| choose(value, &lettered));
            asked
        }
        Some(part) => {
            return Err(Error::Json {
                path: "/model/part".into(),
                expected: "a part that the engine can compute again: `none` or `program`".into(),
                found: format!("`{}`, a model's own words", part.chars().take(80).collect::<String>()),
            });
        }
    };
    let again = asked_json(&then, Some(question), &options, &asked, &json!({}));
    let mut report = compare(saved, &again);
    if !saved["story"].is_null() && saved["story"] != again["story"] {
        let (was, is) = (&saved["story"], &again["story"]);
        report.differences.push(format!("story: was read with {was}, is with {is}"));
    }
    if again["program"] != saved["program"] {
        let is = again["program"].as_str().unwrap_or_default();
        report.differences.push(format!("question: is read as {is:?}, was answered by {text:?}"));
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREET: &str = "record \"street\"\ncoverage [0, 10) car\ncar 1 gap 5\n  0: (0, 0, 0)\n  4: (8, 0, 0)\n\
        car 2\n  1: (5, 5, 0)\n";

    fn saved(question: &str, options: &[&str]) -> (World, Json) {
        let world = chronotope_world::text::parse(STREET).expect("valid");
        let options: Vec<String> = options.iter().map(|o| (*o).to_owned()).collect();
        let asked = ask(&world, question, &options).expect("in memory");
        let json = asked_json(&world, Some(question), &options, &asked, &json!({"run_s": 0.1}));
        (world, json)
    }

    #[test]
    fn answers_hold_whatever_became_of_the_question() {
        for (question, options) in [
            ("How many cars are there?", &["A. 1", "B. 2"][..]),
            ("How fast is car 1 in km/h?", &[]),
            ("How many dogs are there?", &[]),
            ("Why do birds sing so gay?", &[]),
        ] {
            let (world, json) = saved(question, options);
            let report = replay(&json, &world).expect("an answer");
            assert!(report.holds(), "{question}: {report:?}");
        }
    }

    #[test]
    fn what_was_asked_is_told_as_it_was() {
        let (world, json) = saved("How many cars are there?", &["A. 1", "B. 2"]);
        for (key, forged) in [
            ("question", Some(Json::Null)),
            ("question", Some(json!(7))),
            ("question", None),
            ("options", Some(json!("A. 1"))),
            ("options", Some(json!([1, "B. 2"]))),
        ] {
            let mut forged_json = json.clone();
            match &forged {
                Some(value) => forged_json[key] = value.clone(),
                None => drop(forged_json.as_object_mut().expect("an object").remove(key)),
            }
            let error = replay(&forged_json, &world).expect_err(key).to_string();
            assert!(error.contains(key), "{key} {forged:?}: {error}");
        }
    }

    /// No word of an answer can be another one without being named.
    #[test]
    fn whatever_is_forged_is_named() {
        let (world, json) = saved("How many cars are there?", &["A. 1", "B. 2"]);
        for (path, forged, named) in [
            ("/question", json!("How many dogs are there?"), "question: is read as"),
            ("/answer/text", json!("3"), "answer text: was \"3\", is \"2\""),
            ("/answer/choice", json!("A"), "answer choice: was \"A\", is \"B\""),
            ("/options/1", json!("B. 3"), "answer choice"),
            ("/options", Json::Null, "answer choice"),
            (
                "/program",
                json!("language 1.0; as_of 0; count(all(\"dog\"), during: always)"),
                "question: is read as",
            ),
            ("/audit/0/op", json!("some"), "audit step 1 op: was \"some\", is \"all\""),
            ("/audit/1/value", json!(7), "audit step 2 value"),
            ("/audit/1/args", json!([]), "audit step 2 args"),
            ("/evidence/0/place", json!("nowhere"), "evidence 0 place"),
            ("/evidence/2/entity", json!(9), "evidence 2 entity"),
            ("/evidence/2/start_s", json!(9.5), "evidence 2 start_s"),
            ("/evidence/0/told", json!("by a bird"), "evidence 0 told"),
            ("/missing", json!([{"kind": "pose", "what": "x", "hint": null}]), "missing"),
        ] {
            let mut forged_json = json.clone();
            match forged_json.pointer_mut(path) {
                Some(place) => *place = forged,
                None => forged_json["evidence"][0]["told"] = forged,
            }
            let report = replay(&forged_json, &world).expect("an answer");
            assert!(report.differences.iter().any(|d| d.contains(named)), "{path}: {report:?}");
        }
    }
}
