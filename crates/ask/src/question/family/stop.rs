//! Stops and pauses: how many, how long.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::VIEW;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;

/// Stops and pauses: how many, how long.
pub(super) struct Stop;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Stop {
    fn name(&self) -> &'static str {
        "stops"
    }

    fn about(&self) -> &'static str {
        "Stops and pauses: how many, how long"
    }

    fn example(&self) -> &'static str {
        "How long was the longest stop?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let (how_many, rank) = c.attempt(stops)?;
        let subject = c
            .attempt(|c| {
                c.eat_any(&["of", "by", "did", "does", "has"])?;
                let things = noun::one(c)?;
                c.eat_any(&["make", "made", "take", "have"]);
                Some(things.program)
            })
            .unwrap_or_else(|| "all()".to_owned());
        c.eat_any(&["are there", "were there"]);
        asked.rest(c)?;
        let when = format!("stationary({subject}{ASKED}{VIEW})");
        Meaning::of(match (how_many, rank) {
            (true, None) => format!("count({when})"),
            (false, Some(Rank::Longest)) => format!("duration(longest({when}))"),
            (false, Some(Rank::Nth(n))) => format!("duration(nth({when}, {n}))"),
            _ => return None,
        })
    }
}

enum Rank {
    Longest,
    Nth(i64),
}

/// "how many stops", "how long was the longest pause".
fn stops(c: &mut Cursor) -> Option<(bool, Option<Rank>)> {
    if c.eat("how many") {
        c.eat_any(&["stops", "pauses", "halts"])?;
        return Some((true, None));
    }
    c.eat_any(&["how long", "for how long", "what is the duration of", "what was the duration of"])
        .and_then(|word| if word.starts_with("what") { Some(()) } else { super::is(c).then_some(()) })?;
    c.eat("the").then_some(())?;
    let rank = if c.eat("longest") {
        Rank::Longest
    } else {
        match c.ordinal()? {
            0 => Rank::Nth(-1),
            n => Rank::Nth(i64::from(n)),
        }
    };
    c.eat_any(&["stop", "pause", "halt", "standstill"])?;
    Some((false, Some(rank)))
}
