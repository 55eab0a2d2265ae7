//! How far things are from each other.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::AT_OR_ASKED;
use crate::question::VIEW;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::time::Time;

/// How far things are from each other.
pub(super) struct Distance;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Distance {
    fn name(&self) -> &'static str {
        "distance"
    }

    fn about(&self) -> &'static str {
        "How far things are from each other"
    }

    fn example(&self) -> &'static str {
        "What is the distance between the sofa and the stove in meters?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let gap = ["gap", "space"].iter().any(|word| c.ahead(8).iter().any(|token| token.text == *word));
        let (a, b, reduce) = super::alternatives(c, asked, &[how_far, distance_between, how_close])?;
        // a gap is what lies between the surfaces
        if gap && asked.between.is_none() {
            asked.between = Some("surfaces");
        }
        let between = asked.between();
        let timed = asked.time != Time::Always || c.vocabulary.vocabulary.timeless;
        Meaning::either(match reduce {
            Some(reduce) if !matches!(asked.time, Time::At(_)) => {
                vec![format!("distance({a}, {b}{ASKED}, reduce: {reduce}{between}{VIEW})")]
            }
            _ if timed => vec![format!("distance({a}, {b}{AT_OR_ASKED}{between}{VIEW})")],
            // over time, with nothing said: the least or the mean
            _ => ["min", "mean"]
                .map(|reduce| format!("distance({a}, {b}, reduce: {reduce}{between}{VIEW})"))
                .to_vec(),
        })
    }
}

type Pair = (String, String, Option<&'static str>);

/// "how far is the sofa from the stove", "how far apart are the cars".
fn how_far(c: &mut Cursor) -> Option<Pair> {
    if c.eat("how far apart") {
        super::is(c).then_some(())?;
        let (a, b) = pair(c, &["and"])?;
        return Some((a, b, extreme(c)));
    }
    if c.eat_any(&["what distance separates", "which distance separates"]).is_some() {
        let (a, b) = pair(c, &["and", "from"])?;
        return Some((a, b, None));
    }
    c.eat_any(&["how far away", "how far", "how many meters", "how many metres", "how near"])?;
    if c.eat_any(&["apart are", "apart were", "separate", "lie between", "are between"]).is_some() {
        let (a, b) = pair(c, &["and", "from"])?;
        return Some((a, b, extreme(c)));
    }
    if c.eat("from") {
        let b = c.bare(noun::one)?;
        super::is(c).then_some(())?;
        let a = noun::one(c)?;
        return Some((a.program, b.program, extreme(c)));
    }
    super::is(c).then_some(())?;
    c.eat("it from");
    let a = noun::one(c)?;
    c.eat("away");
    c.eat_any(&["from", "to"])?;
    let b = noun::one(c)?;
    Some((a.program, b.program, extreme(c)))
}

/// "the (smallest) distance between a and b", "from a to b".
fn distance_between(c: &mut Cursor) -> Option<Pair> {
    if c.eat_any(&[
        "how much space is there",
        "how much space is",
        "how big is the gap",
        "how wide is the gap",
    ])
    .is_some()
    {
        c.eat("between").then_some(())?;
        let (a, b) = pair(c, &["and"])?;
        return Some((a, b, None));
    }
    c.eat_any(&["what is", "what was", "give", "measure", "calculate"])?;
    c.eat("the");
    let table: &[(&str, &str)] = &[
        ("shortest", "min"),
        ("minimum", "min"),
        ("smallest", "min"),
        ("closest", "min"),
        ("least", "min"),
        ("minimal", "min"),
        ("largest", "max"),
        ("maximum", "max"),
        ("greatest", "max"),
        ("longest", "max"),
        ("maximal", "max"),
        ("average", "mean"),
        ("mean", "mean"),
    ];
    let reduce = table.iter().find(|(word, _)| c.eat(word)).map(|(_, reduce)| *reduce);
    c.eat_any(&["distance", "gap"])?;
    let joint: &[&'static str] = match c.eat_any(&["between", "from", "of"])? {
        "between" => &["and"],
        "from" => &["to"],
        _ => &["from", "to"],
    };
    let (a, b) = pair(c, joint)?;
    Some((a, b, reduce))
}

/// "how close did the car get to the bus".
fn how_close(c: &mut Cursor) -> Option<Pair> {
    c.eat_any(&["how close", "how near"])?;
    if super::is(c) {
        let a = noun::one(c)?;
        c.eat("to").then_some(())?;
        let b = noun::one(c)?;
        return Some((a.program, b.program, None));
    }
    super::does(c).then_some(())?;
    let subjects = noun::list(c)?;
    c.eat_any(&["get", "come", "go", "got", "came"])?;
    let to = c.eat("to");
    if let [a, b] = subjects.as_slice() {
        if to {
            c.eat_any(&["each other", "one another"])?;
        }
        return Some((a.program.clone(), b.program.clone(), Some("min")));
    }
    let [a] = subjects.as_slice() else { return None };
    to.then_some(())?;
    if c.eat_any(&["each other", "one another"]).is_some() {
        return Some((a.program.clone(), a.program.clone(), Some("min")));
    }
    let b = noun::one(c)?;
    Some((a.program.clone(), b.program, Some("min")))
}

/// "a and b"; or "the two cars", which are each other's partner.
fn pair(c: &mut Cursor, joint: &[&'static str]) -> Option<(String, String)> {
    let a = noun::one(c)?;
    if c.eat_any(joint).is_none() {
        let each_other = a.number == Some(2);
        return each_other.then(|| (a.program.clone(), a.program));
    }
    let b = noun::one(c)?;
    Some((a.program, b.program))
}

/// "at most", "at the closest": which of the distances over time.
fn extreme(c: &mut Cursor) -> Option<&'static str> {
    if c.eat_any(&["at the closest", "at the least", "at least", "at their closest"]).is_some() {
        return Some("min");
    }
    if c.eat_any(&["at most", "at the most", "at their farthest", "at the farthest"]).is_some() {
        return Some("max");
    }
    c.eat_any(&["on average"]).map(|_| "mean")
}
