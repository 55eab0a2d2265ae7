//! A saved answer is a proof: it is computed again, and its digests are compared.

use crate::answer::{answer_json, run_program};
use crate::error::Error;
use crate::parse::parse;
use chronotope_world::World;
use serde_json::{Value as Json, json};

/// What a replay found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayReport {
    /// Rows of evidence whose digest was compared.
    pub digests: usize,
    /// What is not as it was, in words; empty: the answer holds.
    pub differences: Vec<String>,
}

impl ReplayReport {
    /// Value, status and all digests are as they were.
    pub fn holds(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Runs the program of a saved answer again on a World and compares status, value, evidence, audit and missing; of an answer to a program
/// also its words. What a question adds (its reading, words, the choice among options) is compared by who reads questions.
///
/// # Errors
/// A JSON that is no answer, a program that does not fit this World, a store that cannot be read.
pub fn replay(saved: &Json, world: &World) -> Result<ReplayReport, Error> {
    let program = parse(program_of(saved)?)?;
    let mut again = answer_json(world, None, &run_program(world, &program, true)?, &json!({}));
    if !saved["question"].is_null() {
        for key in ["choice", "text"] {
            again["answer"][key] = saved["answer"][key].clone();
        }
    }
    Ok(compare(saved, &again))
}

/// The program of a saved answer; empty where its question could not be read.
///
/// # Errors
/// A JSON that is no answer.
pub fn program_of(saved: &Json) -> Result<&str, Error> {
    let wrong = |path: String, expected: &str, found: &Json| Error::Json {
        path,
        expected: expected.into(),
        found: found.to_string().chars().take(80).collect(),
    };
    let text = saved.get("program").and_then(Json::as_str);
    let text = text
        .ok_or_else(|| wrong("/program".into(), "a program", saved.get("program").unwrap_or(&Json::Null)))?;
    for key in ["answer", "status", "evidence"] {
        if saved.get(key).is_none() {
            return Err(wrong(format!("/{key}"), "a part of an answer", &Json::Null));
        }
    }
    Ok(text)
}

/// What a saved answer says otherwise than the answer that was computed again. Versions and measured times are not compared.
pub fn compare(saved: &Json, again: &Json) -> ReplayReport {
    let mut report = ReplayReport::default();
    let differs = |report: &mut ReplayReport, what: &str, was: &Json, is: &Json| {
        if !same(was, is) {
            let short = |json: &Json| json.to_string().chars().take(120).collect::<String>();
            report.differences.push(format!("{what}: was {}, is {}", short(was), short(is)));
        }
    };
    for key in ["status", "missing"] {
        differs(&mut report, key, saved.get(key).unwrap_or(&Json::Null), &again[key]);
    }
    for key in ["type", "value", "low", "high", "unit", "reference_frame", "choice", "text"] {
        differs(&mut report, &format!("answer {key}"), &saved["answer"][key], &again["answer"][key]);
    }
    // answers of a version that did not weigh them have none
    if !saved["confidence"].is_null() {
        differs(&mut report, "confidence", &saved["confidence"], &again["confidence"]);
    }
    for (what, key) in [("evidence", "evidence"), ("audit step", "audit")] {
        let rows = |json: &Json| json[key].as_array().cloned().unwrap_or_default();
        let (was, is) = (rows(saved), rows(again));
        if was.len() != is.len() {
            report.differences.push(format!("{key}: was {} rows, is {}", was.len(), is.len()));
        }
        for (i, (was, is)) in was.iter().zip(&is).enumerate() {
            report.digests += usize::from(is["digest"].is_string());
            let n = if key == "audit" { i + 1 } else { i };
            let names =
                |json: &Json| json.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
            let mut fields = names(is).unwrap_or_default();
            fields.extend(names(was).unwrap_or_default().into_iter().filter(|name| is.get(name).is_none()));
            for field in fields {
                differs(&mut report, &format!("{what} {n} {field}"), &was[&field], &is[&field]);
            }
        }
    }
    report
}

/// Equal, with numbers compared as numbers: a reader may have written 3 for 3.0.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(x), Json::Number(y)) => {
            // whole numbers beyond 2^53 are compared as such
            let whole = x.as_i64().zip(y.as_i64());
            whole.map_or(x.as_f64() == y.as_f64(), |(x, y)| x == y)
        }
        (Json::Array(x), Json::Array(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y)),
        (Json::Object(x), Json::Object(y)) => {
            x.len() == y.len()
                && x.iter().all(|(key, value)| y.get(key).is_some_and(|other| same(value, other)))
        }
        _ => a == b,
    }
}
