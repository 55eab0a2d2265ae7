//! A program's answer: value, status, evidence, audit, and its JSON.

use crate::audit::{ENGINE, Step};
use crate::check::check;
use crate::cover::{STANDS_STILL, covered};
use crate::doubt::weighed;
use crate::error::Error;
use crate::ops::all::ONLY_MOVERS;
use crate::parse::parse;
use crate::print::print;
use crate::run::{Run, Stop, no_clock};
use crate::syntax::Program;
use crate::value::{Datum, Reachable};
use chronotope_world::{
    Answer, EntityId, Evidence, Missing, MissingKind, ReferenceFrame, Spans, Spread, Status, Time, Truth,
    Unit, Value, View, When, World,
};
use serde_json::{Value as Json, json};

/// An answer with what led to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// The program as it ran: all defaults and frames written out, pinned to the revision that it read.
    pub program: String,
    /// What every step gave.
    pub audit: Vec<Step>,
}

/// Parses, checks and runs a program on a World.
///
/// # Errors
/// A program that does not parse or fit, or a store that cannot be read. What the World does not tell is no error.
pub fn answer(world: &World, text: &str) -> Result<Answered, Error> {
    run_program(world, &parse(text)?, false)
}

/// Checks and runs a program; `lenient` as for [`check`].
///
/// # Errors
/// As [`answer`].
pub fn run_program(world: &World, program: &Program, lenient: bool) -> Result<Answered, Error> {
    let outer = world.view();
    let newest = world.store().revision();
    if let Some(revision) = program.as_of.filter(|revision| *revision > newest) {
        return Err(Error::Type {
            byte: 0,
            place: "as_of".into(),
            expected: format!("a revision up to {newest}"),
            found: revision.to_string(),
        });
    }
    let asked_at = program.asked_at_s.map_or(outer.asked_at, |s| Time::from_s(s).min(outer.asked_at));
    let view = View { as_of: program.as_of.map_or(outer.as_of, |r| r.min(outer.as_of)), asked_at };
    let world = &if view == outer { world.clone() } else { world.seen(view) };
    let checked = check(program, world, lenient)?;
    let mut run = Run::new(world, &checked);
    let outcome = match run.eval(&checked.body) {
        Ok(datum) => supported(&mut run, &datum).and_then(|()| finish(world, datum)),
        Err(stop) => Err(stop),
    };
    let mut saved = checked.program.clone();
    saved.as_of = Some(world.revision());
    saved.asked_at_s = (asked_at != Time::MAX).then(|| asked_at.as_s());
    let Run { evidence, mut steps, .. } = run;
    let blank = Answer {
        value: None,
        choice: None,
        text: String::new(),
        status: Status::Unknown,
        confidence: None,
        evidence,
        missing: Vec::new(),
    };
    let answer = match outcome {
        Ok((value, mut text)) => {
            if blank.evidence.iter().any(|row| row.place.as_deref() == Some(ONLY_MOVERS)) {
                text += "; ";
                text += ONLY_MOVERS;
            }
            Answer { text, value: Some(value), status: Status::Answered, ..blank }
        }
        Err(Stop::Failed(error)) => return Err(error),
        Err(Stop::Unsupported(missing)) => {
            let text = format!("unsupported: {}", missing.first().map_or("", |m| m.what.as_str()));
            Answer { text, status: Status::Unsupported, missing, ..blank }
        }
        Err(Stop::Missing(missing)) => {
            let mut once: Vec<Missing> = Vec::new();
            for more in missing {
                if !once.contains(&more) {
                    once.push(more);
                }
            }
            let ambiguous = !once.is_empty() && once.iter().all(|m| m.kind == MissingKind::Wording);
            let text = once.iter().map(|m| m.what.as_str()).collect::<Vec<_>>().join("; ");
            let status = if ambiguous { Status::Ambiguous } else { Status::Unknown };
            Answer { text: format!("{}: {text}", status.name()), status, missing: once, ..blank }
        }
    };
    let answer = weighed(world, &checked, answer, &mut steps)?;
    Ok(Answered { answer, program: print(&saved), audit: steps })
}

/// A list of things says "these and no others" where it is empty, or where some of its kind are not found by their nature.
pub(crate) fn supported(run: &mut Run<'_>, datum: &Datum) -> Result<(), Stop> {
    let Datum::Things(things) = datum else { return Ok(()) };
    let needs = |label: &Option<String>| things.certain.is_empty() || label.as_deref() == Some(STANDS_STILL);
    let scopes: Vec<_> = things.scopes.iter().filter(|scope| needs(&scope.label)).cloned().collect();
    let whole = run.record_span().into();
    covered(run, &scopes, &whole)?;
    run.cite_for_last_step()
}

/// What only the whole answer shows: possible members, ranks instead of times, numbers that are none.
pub(crate) fn finish(world: &World, datum: Datum) -> Result<(Value, String), Stop> {
    let order_only = world.record().order_only;
    let clock = || Stop::from(no_clock(""));
    match &datum {
        Datum::Things(things) if !things.possible.is_empty() && things.missing.is_empty() => {
            const NAMED: usize = 4;
            let names: Vec<String> =
                things.possible.iter().take(NAMED).map(|thing| name_of(world, *thing)).collect();
            let more = if things.possible.len() > NAMED { " and more" } else { "" };
            let what = format!("whether it holds of {}{more}: what was seen allows both", names.join(", "));
            Err(Missing::new(MissingKind::Pose, what).into())
        }
        Datum::Things(things) if !things.possible.is_empty() => Err(Stop::Missing(things.missing.clone())),
        Datum::Moment(_) | Datum::When(_) | Datum::Events(_) if order_only => Err(clock()),
        Datum::Moment(instant) if instant.t == Time::MIN || instant.t == Time::MAX => {
            Err(Missing::new(MissingKind::Clock, "a timeless scene has no moments").into())
        }
        Datum::Number(number) if !number.value.is_finite() => {
            Err(Missing::new(MissingKind::Pose, "the number is not finite").into())
        }
        Datum::Reach(reachable) => {
            let value = datum.value();
            let text = reach_words(world, reachable);
            Ok((value, text))
        }
        _ => {
            let value = datum.value();
            let text = words(world, &value);
            Ok((value, text))
        }
    }
}

/// A name for people: its proper name, else its label and number, `car 3`.
pub(crate) fn name_of(world: &World, entity: EntityId) -> String {
    let labels: Vec<_> = world.labels_of(entity).collect();
    if let Some(name) = labels.iter().find(|l| l.vocabulary == "name") {
        return name.text.clone();
    }
    let best = labels.into_iter().reduce(|a, b| if b.score > a.score { b } else { a });
    format!("{} {}", best.map_or("entity", |l| l.text.as_str()), entity.0)
}

/// At most six significant digits and three decimals that say something, without trailing zeros: nothing is measured more finely,
/// and the JSON has it all.
pub(crate) fn digits(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    if value.is_infinite() {
        return "any number".into();
    }
    let power = libm::floor(libm::log10(value.abs())) as i32;
    let decimals = (5 - power).min(3 - power.min(0) - i32::from(power < 0)).clamp(0, 9) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Where something can be in words: `within 4 m of (0, 0, 0) m in world(main)`.
fn reach_words(world: &World, Reachable { reach, unit }: &Reachable) -> String {
    let n = if reach.reference_frame.is_picture() { 2 } else { 3 };
    let discs = reach.discs.iter().map(|disc| {
        let place = words(world, &Value::Position(disc.centre[..n].to_vec(), reach.reference_frame.clone()));
        let seen = if disc.seen == Time::MIN { String::new() } else { format!(" (seen at {} s)", disc.seen) };
        if disc.radius == 0.0 {
            format!("at {place}{seen}")
        } else {
            format!("within {} {unit} of {place}{seen}", digits(disc.radius))
        }
    });
    discs.collect::<Vec<_>>().join(" and ")
}

/// A moment that lies a nanosecond beside a microsecond, as the ends of half-open spans do, as that microsecond.
fn whole_us(t: Time) -> Time {
    let us = Time(t.0.saturating_add(500).div_euclid(1000).saturating_mul(1000));
    if (us.0.saturating_sub(t.0)).abs() <= 2 { us } else { t }
}

/// A value in words: `2.4 m`, `yes`, `car 3, car 5`, `0 s to 3.2 s`.
pub fn words(world: &World, value: &Value) -> String {
    match value {
        Value::Number(number) => {
            let unit = number.unit.to_string();
            let text = digits(number.value);
            // what is only known to lie between two ends is told with both
            let between = match number.spread {
                Spread::Interval { low, high: f64::INFINITY } if digits(low) == text => " or more".to_owned(),
                Spread::Interval { low: 0.0 | f64::NEG_INFINITY, high: f64::INFINITY } => {
                    " of what was seen".to_owned()
                }
                Spread::Interval { low: f64::NEG_INFINITY, .. } => " or less".to_owned(),
                Spread::Interval { low, high: f64::INFINITY } => {
                    format!(" of what was seen (at least {})", digits(low))
                }
                Spread::Interval { low: 0.0, high } if digits(high) == text && number.value > 0.0 => {
                    " or less".to_owned()
                }
                Spread::Interval { low, high } if digits(low) != digits(high) => {
                    format!(" ({} to {})", digits(low), digits(high))
                }
                _ => String::new(),
            };
            // the camera may move itself
            let speed = unit.contains("/s");
            match &number.reference_frame {
                Some(frame @ ReferenceFrame::Camera(_)) if speed => {
                    format!("{text} {unit}{between} relative to {frame}")
                }
                _ if unit.is_empty() => format!("{text}{between}"),
                _ => format!("{text} {unit}{between}"),
            }
        }
        Value::Truth(truth) => match truth {
            Truth::Yes => "yes".into(),
            Truth::No => "no".into(),
            Truth::Unknown => "unknown".into(),
        },
        Value::Moment(t) => format!("{} s", whole_us(*t)),
        Value::When(when) => {
            if when.certain == Spans::from(chronotope_world::Span::ALWAYS) {
                return "always".into();
            }
            let certain = spans_in_words(&when.certain);
            let beyond: Spans =
                when.possible.minus(&when.certain).iter().filter(|s| s.ns() > 1000).copied().collect();
            let possible = spans_in_words(&beyond);
            match (certain.is_empty(), possible.is_empty()) {
                (true, true) => "never".into(),
                (_, true) => certain,
                (true, false) => format!("possibly {possible}"),
                (false, false) => format!("{certain}; possibly {possible}"),
            }
        }
        Value::Text(text) => text.clone(),
        Value::Entities(things) if things.is_empty() => "none".into(),
        Value::Entities(things) => things.iter().map(|&e| name_of(world, e)).collect::<Vec<_>>().join(", "),
        Value::Position(numbers, frame) => {
            let numbers: Vec<String> = numbers.iter().map(|&v| digits(v)).collect();
            format!("({}) {} in {frame}", numbers.join(", "), world.tables().scale_of(frame))
        }
        Value::List(items) if items.is_empty() => "none".into(),
        Value::List(items) => items.iter().map(|item| words(world, item)).collect::<Vec<_>>().join(", "),
    }
}

/// Spans one after another, to the microsecond; nothing where there is none.
fn spans_in_words(spans: &Spans) -> String {
    let words = spans.iter().map(|s| {
        let (from, to) = (seconds(s.start()), seconds(s.end()));
        if from == to {
            format!("{} s", digits(from))
        } else {
            format!("{} s to {} s", digits(from), digits(to))
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Seconds to the microsecond: the nanosecond that an instant takes is none.
fn seconds(t: Time) -> f64 {
    let us = t.0.div_euclid(1000) + i64::from(t.0.rem_euclid(1000) >= 500);
    us as f64 / 1e6
}

fn frame_json(frame: Option<&ReferenceFrame>) -> Json {
    frame.map_or(Json::Null, |frame| json!(frame.to_string()))
}

/// A number; whole ones without a point where they count.
fn number_json(value: f64, unit: &Unit) -> Json {
    if *unit == Unit::ONE && value.fract() == 0.0 && value.abs() < 9e15 {
        json!(value as i64)
    } else {
        json!(value)
    }
}

fn when_json(when: &When) -> Json {
    let spans = |spans: &Spans| -> Vec<Json> {
        spans
            .iter()
            .map(|s| {
                let bound =
                    |t: Time| if t == Time::MIN || t == Time::MAX { Json::Null } else { json!(seconds(t)) };
                json!([bound(s.start()), bound(s.end())])
            })
            .collect()
    };
    json!({"certain": spans(&when.certain), "possible": spans(&when.possible)})
}

/// A value as it stands in answers and audits.
pub fn value_json(value: &Value) -> Json {
    match value {
        Value::Number(number) => number_json(number.value, &number.unit),
        Value::Truth(Truth::Yes) => json!(true),
        Value::Truth(Truth::No) => json!(false),
        Value::Truth(Truth::Unknown) => Json::Null,
        Value::Moment(t) => json!(t.as_s()),
        Value::When(when) => when_json(when),
        Value::Text(text) => json!(text),
        Value::Entities(things) => json!(things.iter().map(|e| e.0).collect::<Vec<_>>()),
        Value::Position(numbers, _) => json!(numbers),
        Value::List(items) => items.iter().map(value_json).collect(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Number(_) => "number",
        Value::Truth(_) => "truth",
        Value::Moment(_) => "moment",
        Value::When(_) => "when",
        Value::Text(_) => "text",
        Value::Entities(_) => "things",
        Value::Position(..) => "position",
        Value::List(_) => "list",
    }
}

/// The object `answer` of an answer in JSON.
fn value_object(world: &World, answer: &Answer) -> Json {
    let (mut low, mut high, mut unit, mut frame) = (Json::Null, Json::Null, Json::Null, Json::Null);
    match &answer.value {
        Some(Value::Number(number)) => {
            if number.spread != Spread::None {
                let (a, b) = number.bounds();
                (low, high) = (number_json(a, &number.unit), number_json(b, &number.unit));
            }
            let text = number.unit.to_string();
            unit = if text.is_empty() { Json::Null } else { json!(text) };
            frame = frame_json(number.reference_frame.as_ref());
        }
        Some(Value::Position(_, reference_frame)) => {
            unit = json!(world.tables().scale_of(reference_frame).to_string());
            frame = frame_json(Some(reference_frame));
        }
        Some(Value::When(_) | Value::Moment(_)) => unit = json!("s"),
        _ => {}
    }
    json!({
        "type": answer.value.as_ref().map_or("none", kind),
        "value": answer.value.as_ref().map_or(Json::Null, value_json),
        "low": low,
        "high": high,
        "unit": unit,
        "reference_frame": frame,
        "choice": answer.choice.map_or(Json::Null, |letter| json!(letter.to_string())),
        "text": answer.text,
    })
}

/// A row of evidence in JSON, as contracted.
pub fn evidence_json(row: &Evidence) -> Json {
    let kind = match row.kind {
        chronotope_world::EvidenceKind::Supports => "supports",
        chronotope_world::EvidenceKind::Refutes => "refutes",
        chronotope_world::EvidenceKind::Coverage => "coverage",
        chronotope_world::EvidenceKind::Assumption => "assumption",
    };
    let bounded = row.span.filter(|s| s.start() != Time::MIN && s.end() != Time::MAX);
    json!({
        "kind": kind,
        "source": row.source.map(|s| s.0),
        "revision": row.revision,
        "rows": row.rows.as_ref().map(|rows| json!({
            "table": rows.table.name(),
            "ids": rows.ids.iter().map(|(a, b)| json!([a, b])).collect::<Vec<_>>(),
            "tracks": rows.tracks,
            "from_ns": rows.span.start().0,
            "to_ns": rows.span.end().0,
        })),
        "digest": row.digest,
        "start_s": bounded.map(|s| s.start().as_s()),
        "end_s": bounded.map(|s| s.end().as_s()),
        "frame_index": row.frame_index,
        "box": row.box_px.map(|b| json!([b.left, b.top, b.width, b.height])),
        "text": row.text.map(|(start, end)| json!({"start": start, "end": end})),
        "entity": row.entity.map(|e| e.0),
        "place": row.place,
    })
}

fn missing_json(missing: &Missing) -> Json {
    json!({"kind": missing.kind.name(), "what": missing.what, "hint": missing.hint})
}

/// The object that `ask --json` prints. `question` is null where a program was given; `timing` is the caller's.
pub fn answer_json(world: &World, question: Option<&str>, answered: &Answered, timing: &Json) -> Json {
    let Answered { answer, program, audit } = answered;
    let steps: Vec<Json> = audit
        .iter()
        .map(|step| {
            json!({
                "step": step.step,
                "op": step.op,
                "version": "1.0",
                "args": step.args,
                "value": step.value.as_ref().map_or(Json::Null, value_json),
                "missing": step.missing.iter().map(missing_json).collect::<Vec<_>>(),
                "evidence": step.evidence,
            })
        })
        .collect();
    json!({
        "question": question,
        "answer": value_object(world, answer),
        "status": answer.status.name(),
        "confidence": answer.confidence,
        "program": program,
        "audit": steps,
        "evidence": answer.evidence.iter().map(evidence_json).collect::<Vec<_>>(),
        "missing": answer.missing.iter().map(missing_json).collect::<Vec<_>>(),
        "engine": ENGINE,
        "timing": timing,
    })
}
