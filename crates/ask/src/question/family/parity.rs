//! Whether a number of things is odd or even, or can be divided.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::{Cursor, plain};
use crate::question::noun;

/// Whether a number of things is odd or even, or can be divided.
pub(super) struct Parity;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Parity {
    fn name(&self) -> &'static str {
        "parity"
    }

    fn about(&self) -> &'static str {
        "Whether a number of things is odd or even, or can be divided"
    }

    fn example(&self) -> &'static str {
        "Is the number of cars odd or even?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let (set, by) = super::alternatives(c, asked, &[odd_or_even, an_odd_number, divided])?;
        let set = asked.located(&set);
        let rest = |n: &str| format!("remainder(count({set}{ASKED}), {n}) = 0");
        Meaning::of(match by.as_str() {
            "odd or even" => format!("if({}, \"even\", \"odd\")", rest("2")),
            "odd" => format!("not {}", rest("2")),
            n => rest(n),
        })
    }
}

const NUMBER: &[&str] =
    &["the number of", "the amount of", "the total number of", "the total amount of", "the count of"];

/// "is the number of chairs odd or even", "is the amount of windows behind me even".
fn odd_or_even(c: &mut Cursor) -> Option<(String, String)> {
    super::is(c).then_some(())?;
    c.eat_any(NUMBER)?;
    let set = noun::one(c)?.program;
    let word = c.eat_any(&["odd or even", "even or odd", "odd or an even number", "odd", "even"])?;
    Some((set, parity(word)))
}

/// "are there an odd or even number of chairs", "is there an even amount of chairs".
fn an_odd_number(c: &mut Cursor) -> Option<(String, String)> {
    super::is(c).then_some(())?;
    c.eat("there").then_some(())?;
    c.eat_any(&["an", "a"]);
    let word = c.eat_any(&["odd or even", "even or odd", "odd", "even"])?;
    c.eat_any(&["number of", "amount of"])?;
    Some((noun::one(c)?.program, parity(word)))
}

/// "can the number of chairs behind me be divided by three".
fn divided(c: &mut Cursor) -> Option<(String, String)> {
    c.eat_any(&["can", "could", "is"])?;
    c.eat_any(NUMBER)?;
    let set = noun::one(c)?.program;
    c.eat("be");
    c.eat_any(&["evenly", "equally"]);
    c.eat_any(&["divided", "divisible"])?;
    c.eat_any(&["evenly", "equally"]);
    c.eat("by").then_some(())?;
    let n = c.number().filter(|n| *n >= 1.0 && n.fract() == 0.0)?;
    Some((set, plain(n)))
}

fn parity(word: &str) -> String {
    match word {
        "odd" => "odd",
        "even" => "2",
        _ => "odd or even",
    }
    .to_owned()
}
