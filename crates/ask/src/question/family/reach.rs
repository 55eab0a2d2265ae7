//! Where something could be while nobody sees it, and whether it could have come somewhere.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::time::Time;
use crate::question::verb;

/// Where something could be, and whether it could have come somewhere, at most that fast.
pub(super) struct Reach;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Reach {
    fn name(&self) -> &'static str {
        "reach"
    }

    fn about(&self) -> &'static str {
        "Where something could be, or could have come, at most that fast"
    }

    fn example(&self) -> &'static str {
        "Where could the car be at 12 s if it moves at most 2 m/s?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let (things, target) = super::alternatives_bare(c, &[where_could, could_reach])?;
        let mut speed = None;
        for _ in 0..8 {
            c.eat(",");
            if c.done() {
                break;
            }
            match c.attempt(at_most) {
                Some(found) if speed.is_none() => speed = Some(found),
                Some(_) => return None,
                None => asked.phrase(c).then_some(())?,
            }
        }
        let (Time::At(moment), Some(speed)) = (asked.time.clone(), speed) else { return None };
        asked.time = Time::Always;
        Meaning::of(match target {
            None => format!("reach({}, {moment}, {speed})", things.program),
            Some(target) => format!("could_reach({}, {}, {moment}, {speed})", things.program, target.program),
        })
    }
}

/// "where could the car be".
fn where_could(c: &mut Cursor) -> Option<(Things, Option<Things>)> {
    c.eat("where").then_some(())?;
    c.eat_any(&["could", "can", "might", "may"])?;
    let things = noun::one(c)?;
    c.eat_any(&["have been", "be", "have got to", "have gone"])?;
    Some((things, None))
}

/// "could person 1 have reached the door", "can the car be at the gate".
fn could_reach(c: &mut Cursor) -> Option<(Things, Option<Things>)> {
    c.eat_any(&["could", "can", "might"])?;
    let things = c.bare(noun::one)?;
    c.eat_any(&[
        "have reached",
        "have got to",
        "have gotten to",
        "have come to",
        "have gone to",
        "have been at",
        "have been to",
        "reach",
        "get to",
        "be at",
        "have made it to",
        "have arrived at",
    ])?;
    let target = c.bare(noun::one)?;
    Some((things, Some(target)))
}

/// "if it moves at most 2 m/s", "at 1.5 m/s", "at a speed of up to 5 km/h", "walking no faster than 1 m/s".
fn at_most(c: &mut Cursor) -> Option<String> {
    if c.eat_any(&["if", "assuming", "provided", "when"]).is_some() {
        c.eat("that");
        c.eat_any(&["it", "he", "she", "they"]);
    }
    c.eat_any(&["never", "always", "can", "could"]);
    if !verb::eat_verb(c, "go") {
        verb::eat_verb(c, "move");
    }
    c.eat_any(&["with", "at"]);
    c.eat_any(&["a speed of", "a maximum speed of", "a top speed of", "a maximum of", "speeds of"]);
    c.eat_any(&[
        "at most",
        "most",
        "up to",
        "no faster than",
        "not faster than",
        "no more than",
        "faster than",
    ]);
    verb::speed_value(c)
}
