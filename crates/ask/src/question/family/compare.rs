//! Which of two has more, and by how much.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::AT_OR_ASKED;
use crate::question::VIEW;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::time::{self, Time};
use crate::question::verb;

/// Which of two has more, and by how much.
pub(super) struct Compare;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Compare {
    fn name(&self) -> &'static str {
        "compare"
    }

    fn about(&self) -> &'static str {
        "Which of two has more, and by how much"
    }

    fn example(&self) -> &'static str {
        "Which moves faster, the red car or the bus?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let program = c
            .attempt(|c| which_is_more(c, asked))
            .or_else(|| c.attempt(|c| is_more(c, asked)))
            .or_else(|| c.attempt(|c| how_much_more(c, asked)))
            .or_else(|| c.attempt(|c| more_of(c, asked)))
            .or_else(|| c.attempt(|c| more_when(c, asked)))?;
        Meaning::of(program)
    }
}

/// A comparative: what is measured of `X`, and whether more of it is meant.
fn comparative(c: &mut Cursor) -> Option<(&'static str, bool)> {
    let table: &[(&str, (&str, bool))] = &[
        ("faster", ("speed(X, reduce: mean\u{1}\u{4})", true)),
        ("quicker", ("speed(X, reduce: mean\u{1}\u{4})", true)),
        ("slower", ("speed(X, reduce: mean\u{1}\u{4})", false)),
        ("farther", ("path_length(X\u{1}\u{4})", true)),
        ("further", ("path_length(X\u{1}\u{4})", true)),
        ("bigger", ("size(X, of: volume\u{3})", true)),
        ("larger", ("size(X, of: volume\u{3})", true)),
        ("smaller", ("size(X, of: volume\u{3})", false)),
        ("taller", ("size(X, of: height\u{3})", true)),
        ("higher", ("altitude(X\u{3})", true)),
        ("lower", ("altitude(X\u{3})", false)),
        ("wider", ("size(X, of: width\u{3})", true)),
        ("narrower", ("size(X, of: width\u{3})", false)),
        ("longer", ("size(X, of: length\u{3})", true)),
        ("shorter", ("size(X, of: length\u{3})", false)),
    ];
    table.iter().find(|(word, _)| c.eat(word)).map(|(_, found)| *found)
}

fn of(measure: &str, subject: &str) -> String {
    measure.replace('X', subject)
}

/// The one of a set of which more (or less) is measured.
fn the_more(set: &str, measure: &str, more: bool) -> String {
    let op = if more { "argmax" } else { "argmin" };
    super::as_asked(&format!("{op}({set}, {})", of(measure, "it")), set)
}

fn verb_or_be(c: &mut Cursor) -> Option<bool> {
    let be = super::auxiliary(c);
    let moved = verb::eat_verb(c, "move") || verb::eat_verb(c, "go");
    (be || moved).then_some(moved)
}

/// "which moves faster, the red car or the bus", "which car is faster, …", "is the car or the bus longer".
fn which_is_more(c: &mut Cursor, asked: &mut Asked) -> Option<String> {
    if let Some(set) = super::two_before(c) {
        let (measure, more) = comparative(c)?;
        asked.rest(c)?;
        return Some(the_more(&set, measure, more));
    }
    if let Some(list) = c.attempt(|c| {
        c.eat_any(&["which of", "who of"])?;
        noun::list(c).filter(|list| list.len() == 2)
    }) {
        let moved = verb_or_be(c)?;
        c.eat("the");
        let (measure, more) =
            comparative(c).filter(|(measure, _)| !(moved && measure.starts_with("size")))?;
        asked.rest(c)?;
        return Some(the_more(&Things::union(&list).program, measure, more));
    }
    c.eat_any(&["which", "what", "who"])?;
    if !is_next(c) {
        c.eat_any(&["one", "object", "thing"]);
        if !is_next(c) {
            noun::noun(c)?;
        }
    }
    let moved = verb_or_be(c)?;
    let visible = c.eat_any(&["visible", "seen", "in view"]).is_some();
    c.eat("the");
    let (measure, more) = comparative(c)?;
    let measure = match measure {
        measure if visible => measure.contains("of: length").then_some("duration(presence(X\u{1}))")?,
        measure if moved && measure.starts_with("size") => return None,
        measure => measure,
    };
    if !c.eat(",") {
        c.eat(":");
    }
    let list = noun::list(c).filter(|list| list.len() == 2)?;
    asked.rest(c)?;
    Some(the_more(&Things::union(&list).program, measure, more))
}

fn is_next(c: &Cursor) -> bool {
    let mut ahead = *c;
    super::auxiliary(&mut ahead) || verb::is_verb(c.word(0))
}

/// "is the car faster than the bus", "did the car move faster than the bus", "is the car closer to the door than the bus".
fn is_more(c: &mut Cursor, asked: &mut Asked) -> Option<String> {
    super::auxiliary(c).then_some(())?;
    let a = noun::one(c)?;
    let moves = verb::eat_verb(c, "move") || verb::eat_verb(c, "go");
    if c.eat_any(&[
        "visible for longer than",
        "visible longer than",
        "in view longer than",
        "in view for longer than",
        "seen longer than",
        "seen for longer than",
    ])
    .is_some()
    {
        if let Some(seconds) = c.attempt(Cursor::seconds) {
            asked.rest(c)?;
            let seconds = crate::question::cursor::plain(seconds);
            return Some(format!("duration(presence({}{ASKED})) > {seconds} s", a.program));
        }
        let b = noun::one(c)?;
        c.eat_any(&["is", "was"]);
        asked.rest(c)?;
        let visible = |set: &str| format!("duration(presence({set}{ASKED}))");
        return Some(format!("{} > {}", visible(&a.program), visible(&b.program)));
    }
    let nearer = c.eat_any(&[
        "closer to",
        "nearer to",
        "farther from",
        "further from",
        "farther away from",
        "further away from",
    ]);
    if let Some(word) = nearer {
        let to = noun::one(c)?;
        c.eat("than").then_some(())?;
        c.eat("to");
        let b = noun::one(c)?;
        c.eat_any(&["is", "was", "does", "did"]);
        asked.rest(c)?;
        let between = asked.between();
        let distance = |from: &str| format!("distance({from}, {}{AT_OR_ASKED}{between})", to.program);
        let op = if word.starts_with('f') { ">" } else { "<" };
        return Some(format!("{} {op} {}", distance(&a.program), distance(&b.program)));
    }
    let (measure, more) = comparative(c)?;
    c.eat("than").then_some(())?;
    if let Some(limit) = verb::speed_value(c).filter(|_| measure.starts_with("speed") && !moves) {
        if a.some || a.every {
            return None; // of whichever car: that is whether one goes so fast at some time
        }
        asked.rest(c)?;
        let (reduce, op) = if more { ("max", ">") } else { ("min", "<") };
        return Some(format!("speed({}, reduce: {reduce}{ASKED}{VIEW}) {op} {limit}", a.program));
    }
    if let Some(limit) = c.attempt(Cursor::length).filter(|_| {
        measure.starts_with("size(X, of: h") || measure.contains("length") || measure.contains("width")
    }) {
        asked.rest(c)?;
        return Some(format!("{} {} {limit}", of(measure, &a.program), if more { ">" } else { "<" }));
    }
    let b = noun::one(c)?;
    c.eat_any(&["is", "was", "does", "did"]);
    asked.rest(c)?;
    Some(format!("{} {} {}", of(measure, &a.program), if more { ">" } else { "<" }, of(measure, &b.program)))
}

/// "how much faster is the car than the bus", "how many more chairs than tables are there".
fn how_much_more(c: &mut Cursor, asked: &mut Asked) -> Option<String> {
    if c.eat("how many more") {
        let a = noun::one(c)?;
        c.eat_any(&["are there"]);
        c.eat("than").then_some(())?;
        let b = noun::one(c)?;
        c.eat_any(&["are there", "were there", "are", "is there"]);
        asked.rest(c)?;
        return Some(format!("difference(count({}{ASKED}), count({}{ASKED}))", a.program, b.program));
    }
    c.eat("how much").then_some(())?;
    let (measure, more) = comparative(c)?;
    super::auxiliary(c).then_some(())?;
    let a = noun::one(c)?;
    if !verb::eat_verb(c, "move") {
        verb::eat_verb(c, "go");
    }
    c.eat("than").then_some(())?;
    let b = noun::one(c)?;
    asked.rest(c)?;
    let (big, small) = if more { (&a, &b) } else { (&b, &a) };
    Some(format!("difference({}, {})", of(measure, &big.program), of(measure, &small.program)))
}

/// "are there more chairs than tables", "which are there more of, chairs or tables".
fn more_of(c: &mut Cursor, asked: &mut Asked) -> Option<String> {
    c.eat_any(&["are there", "were there", "is there", "do you see"])?;
    let word = c.eat_any(&["more", "fewer", "less", "as many"])?;
    let a = noun::one(c)?;
    c.eat_any(&["than", "as"])?;
    let b = noun::one(c)?;
    asked.rest(c)?;
    let op = match word {
        "more" => ">",
        "as many" => "=",
        _ => "<",
    };
    let count = |set: &str| format!("count({set}{ASKED})");
    Some(format!("{} {op} {}", count(&a.program), count(&b.program)))
}

/// "are there more cars at 5 s than at 10 s", "are there more cars at 5 s or at 15 s", "when were there more people, at 5 s or at 15 s".
fn more_when(c: &mut Cursor, asked: &mut Asked) -> Option<String> {
    c.eat_any(&["when", "at what time", "at which time"]);
    c.eat_any(&["are there", "were there", "do you see", "are", "were"])?;
    let more = c.eat_any(&["more", "fewer", "less"])? == "more";
    let things = c.bare(noun::one)?;
    c.eat_any(&["visible", "there", "present", "in view"]);
    c.eat_any(&[",", ":"]);
    let than;
    let (first, second) = {
        let a = told_count(c, &things.program)?;
        c.eat(",");
        than = c.eat("than");
        (than || c.eat("or")).then_some(())?;
        (a, told_count(c, &things.program)?)
    };
    asked.rest(c)?;
    if asked.time != Time::Always || asked.place.is_some() {
        return None;
    }
    let (one, other) = if more { (">", "<") } else { ("<", ">") };
    let ((a, a_words), (b, b_words)) = (first, second);
    if than {
        return Some(format!("{a} {one} {b}"));
    }
    Some(format!(
        "which_holds([{a} {one} {b}, {a} {other} {b}, {a} = {b}], [\"{}\", \"{}\", \"equally many\"])",
        noun::escape(&a_words),
        noun::escape(&b_words)
    ))
}

/// How many there are at a time, and the words for the time.
fn told_count(c: &mut Cursor, set: &str) -> Option<(String, String)> {
    let from = *c;
    let time = time::phrase(c)?;
    let words = from.until(c).collect::<Vec<_>>().join(" ");
    let count = match time {
        Time::At(moment) => format!("count_at({set}, {moment})"),
        Time::Always => return None,
        span => format!("count({set}, during: {})", span.when()?),
    };
    Some((count, words))
}
