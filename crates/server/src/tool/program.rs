//! Programs from typed arguments, and their answers as every tool tells them.

use chronotope::ask::program::{Program, parse, run_program};
use chronotope::ask::{Asked, asked_json, in_words, vocabulary_of};
use chronotope::world::{EntityId, Value, World};
use serde_json::json;

use super::args::{Args, Seen};
use crate::error::Error;
use crate::reply::Reply;

/// Runs a program that was written here; it fits, or the World does not have what it is about.
pub(super) fn answer(seen: &Seen, program: &str) -> Result<Reply, Error> {
    let parsed = parse(program).map_err(Error::input)?;
    run(seen, &parsed, true)
}

/// Runs a program and tells the answer.
pub(super) fn run(seen: &Seen, program: &Program, lenient: bool) -> Result<Reply, Error> {
    let answered = run_program(&seen.world, program, lenient).map_err(|error| {
        Error::input(error).remedy("show tells what the World holds, operators how programs are written")
    })?;
    let asked = Asked { answered, understood: None, nearest: Vec::new() };
    Ok(told(seen, None, &[], &asked))
}

/// An answer as `ask --json` prints it, and in words.
pub(super) fn told(seen: &Seen, question: Option<&str>, options: &[String], asked: &Asked) -> Reply {
    let json = asked_json(&seen.world, question, options, asked, &json!({}));
    let status = asked.answered.answer.status.name();
    let words = in_words(&seen.world, asked);
    let words = if words.starts_with(status) { words } else { format!("{status}: {words}") };
    Reply::new(json, words)
}

/// A text in the program language.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Things as an agent names them, as an expression.
pub(super) fn things(world: &World, named: &str) -> Result<String, Error> {
    let words = named.trim();
    if words.is_empty() {
        return Err(Error::argument("thing", "a thing", "nothing"));
    }
    if ["everything", "anything", "all"].contains(&words.to_ascii_lowercase().as_str()) {
        return Ok("all()".to_owned());
    }
    let known = vocabulary_of(world);
    let bare = without_article(words);
    if let Some(name) = known.names.iter().find(|name| name.eq_ignore_ascii_case(words)) {
        return Ok(format!("named({})", quoted(name)));
    }
    let labels = &known.labels;
    if let Some(label) = labels.iter().find(|label| label.eq_ignore_ascii_case(bare)) {
        return Ok(format!("all({})", quoted(label)));
    }
    let id = words.rsplit_once("entity/").map_or(words, |(_, id)| id).trim_start_matches('#');
    if let Ok(id) = id.parse::<u64>() {
        return Ok(format!("entity({id})"));
    }
    if let Some((label, id)) = bare.rsplit_once(' ')
        && let Ok(id) = id.trim_start_matches('#').parse::<u64>()
    {
        let known = labels.iter().find(|known| known.eq_ignore_ascii_case(label.trim()));
        let label = known.map_or(label.trim(), String::as_str);
        return Ok(format!("entity({id}, label: {})", quoted(label)));
    }
    Ok(format!("all({})", quoted(bare)))
}

/// The one thing that is meant.
pub(super) fn one_thing(seen: &Seen, named: &str) -> Result<EntityId, Error> {
    let program = parse(&things(&seen.world, named)?).map_err(Error::input)?;
    let answered = run_program(&seen.world, &program, true).map_err(Error::input)?;
    match &answered.answer.value {
        Some(Value::Entities(found)) if found.len() == 1 => Ok(found[0]),
        Some(Value::Entities(found)) => {
            let some: Vec<String> = found.iter().take(12).map(|thing| name_of(&seen.world, *thing)).collect();
            let more = if found.len() > some.len() { " and more" } else { "" };
            Err(Error::argument("thing", "one thing", format!("{}: {}{more}", found.len(), some.join(", "))))
        }
        _ => Err(Error::input(format!("{named}: {}", answered.answer.text))
            .remedy("show tells which things there are")),
    }
}

/// What a thing is called: its name, else its label and number.
pub(super) fn name_of(world: &World, thing: EntityId) -> String {
    chronotope::ask::program::answer::words(world, &Value::Entities(vec![thing]))
}

fn without_article(words: &str) -> &str {
    let articles = ["the ", "a ", "an ", "my ", "our "];
    let found = articles
        .iter()
        .find(|article| words.get(..article.len()).is_some_and(|start| start.eq_ignore_ascii_case(article)));
    found.map_or(words, |article| words[article.len()..].trim_start())
}

/// `, in: FRAME` where one is given. A frame is a word with brackets; nothing else gets into a program.
pub(super) fn frame(args: &Args<'_>) -> Result<String, Error> {
    let Some(frame) = args.text("reference_frame")? else { return Ok(String::new()) };
    let frame = frame.trim();
    let fits = |c: char| c.is_alphanumeric() || "()_-, /.".contains(c);
    if frame.is_empty() || frame.len() > 100 || !frame.chars().all(fits) {
        return Err(Error::argument("reference_frame", "world, camera(N), image(N) …", format!("`{frame}`")));
    }
    Ok(format!(", in: {frame}"))
}

/// Seconds as the program language writes them.
pub(super) fn seconds(s: f64) -> String {
    if s < 0.0 { format!("-{} s", -s) } else { format!("{s} s") }
}

/// `, at: T s`, or `, during: span(…)`, or nothing.
pub(super) fn time(args: &Args<'_>) -> Result<String, Error> {
    match args.number("at")? {
        Some(at) if args.number("from")?.is_none() && args.number("to")?.is_none() => {
            Ok(format!(", at: {}", seconds(at)))
        }
        Some(_) => Err(Error::argument("at", "a moment, or from and to", "both")),
        None => during(args),
    }
}

/// `, during: span(…)`, or nothing.
pub(super) fn during(args: &Args<'_>) -> Result<String, Error> {
    let (from, to) = (args.number("from")?, args.number("to")?);
    Ok(match (from, to) {
        (None, None) => String::new(),
        (Some(from), Some(to)) if from >= to => {
            return Err(Error::argument("from", format!("less than to ({to})"), from.to_string()));
        }
        (Some(from), Some(to)) => format!(", during: span({}, {})", seconds(from), seconds(to)),
        (Some(from), None) => format!(", during: after({})", seconds(from)),
        (None, Some(to)) => format!(", during: before({})", seconds(to)),
    })
}
