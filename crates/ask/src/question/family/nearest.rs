//! Which thing is nearest to another, or farthest from it.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::{ASKED, AT_IF, AT_OR_ASKED, VIEW, VIEWER};

/// Which thing is nearest to another, or farthest from it.
pub(super) struct Nearest;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Nearest {
    fn name(&self) -> &'static str {
        "nearest"
    }

    fn about(&self) -> &'static str {
        "Which thing is nearest to another, or farthest from it"
    }

    fn example(&self) -> &'static str {
        "Which of these objects (tv, chair) is closest to the door?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let (set, op, to) =
            super::alternatives(c, asked, &[which_is_nearest, closer_of_two, of_two_closer, the_nearest])?;
        if to == VIEWER {
            let by = if op == "nearest" { "argmin" } else { "argmax" };
            return Meaning::of(super::as_asked(
                &format!("{by}(present({set}{ASKED}), distance_from(it, {VIEWER}{AT_IF}))"),
                &set,
            ));
        }
        let between = asked.between();
        let found = format!("{op}({set}, {to}{AT_OR_ASKED}{between}{VIEW})");
        Meaning::of(super::as_asked(&found, &set))
    }
}

type Found = (String, &'static str, String);

/// "which of these (a, b, c) is the closest to d", "who was nearest to the door".
fn which_is_nearest(c: &mut Cursor) -> Option<Found> {
    let set = super::which(c)?;
    if !super::is(c) {
        super::does(c);
        c.eat_any(&["came", "got", "come", "get", "stood", "stands", "comes"])?;
    }
    let op = superlative(c)?;
    Some((set.program, op, target(c)?))
}

/// What something is near to; who asks, where that is me or the camera.
fn target(c: &mut Cursor) -> Option<String> {
    let camera = c.vocabulary.has_label("camera");
    if c.eat_any(&["me", "us", "you", "the viewer"]).is_some() || !camera && c.eat("the camera") {
        return Some(VIEWER.to_owned());
    }
    noun::one(c).map(|things| things.program)
}

/// "which is closer to the door, the car or the bus".
fn closer_of_two(c: &mut Cursor) -> Option<Found> {
    let (op, to) = closer_to(c)?;
    Some((two_or_more(c)?, op, to))
}

/// ", the car or the bus".
fn two_or_more(c: &mut Cursor) -> Option<String> {
    if !c.eat(",") {
        c.eat(":");
    }
    let list = noun::list(c).filter(|list| list.len() > 1)?;
    Some(Things::union(&list).program)
}

/// "is the car or the bus closer to the door", "of the car and the bus, which is closer to the door".
fn of_two_closer(c: &mut Cursor) -> Option<Found> {
    let set = super::two_before(c)?;
    let (op, to) = comparison(c)?;
    Some((set, op, to))
}

fn closer_to(c: &mut Cursor) -> Option<(&'static str, String)> {
    c.eat_any(&["which", "what", "who"])?;
    c.eat_any(&["one", "object", "of the two"]);
    super::is(c).then_some(())?;
    comparison(c)
}

/// "closer to the door".
fn comparison(c: &mut Cursor) -> Option<(&'static str, String)> {
    c.eat("the");
    let table: &[(&str, &str)] = &[
        ("closer to", "nearest"),
        ("nearer to", "nearest"),
        ("closest to", "nearest"),
        ("nearest to", "nearest"),
        ("farther from", "farthest"),
        ("further from", "farthest"),
        ("farther away from", "farthest"),
        ("further away from", "farthest"),
        ("farthest from", "farthest"),
    ];
    let (_, op) = table.iter().find(|(phrase, _)| c.eat(phrase))?;
    let to = noun::one(c)?;
    Some((*op, to.program))
}

/// "what is the closest car to the door".
fn the_nearest(c: &mut Cursor) -> Option<Found> {
    c.eat_any(&["what", "which", "who"])?;
    super::is(c).then_some(())?;
    c.eat("the").then_some(())?;
    let op = match c.eat_any(&["closest", "nearest", "farthest", "furthest"])? {
        "closest" | "nearest" => "nearest",
        _ => "farthest",
    };
    let label = noun::noun(c)?;
    c.eat_any(&["to", "from"])?;
    Some((Things::all(&label).program, op, target(c)?))
}

/// "(the) closest to", "farthest from".
fn superlative(c: &mut Cursor) -> Option<&'static str> {
    // "who is nearest the door"; "what is the nearest car" is another question
    if c.sees("nearest the") || c.sees("nearest a") {
        c.eat("nearest");
        return Some("nearest");
    }
    c.eat("the");
    if c.eat_any(&["closest to", "nearest to"]).is_some() {
        return Some("nearest");
    }
    c.eat_any(&[
        "farthest from",
        "furthest from",
        "farthest away from",
        "furthest away from",
        "most distant from",
        "farthest to",
    ])
    .map(|_| "farthest")
}
