//! How fast something moves.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::AT_OR_ASKED;
use crate::question::VIEW;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::time::Time;
use crate::question::verb;

/// How fast something moves.
pub(super) struct Speed;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Speed {
    fn name(&self) -> &'static str {
        "speed"
    }

    fn about(&self) -> &'static str {
        "How fast something moves"
    }

    fn example(&self) -> &'static str {
        "How fast was the car at 3 s?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let (subject, reduce) = super::alternatives(c, asked, &[|c| c.bare(how_fast), how_fast, speed_of])?;
        // the fastest is so by its top speed, and that is how fast it goes
        let by_top = ["argmax(", "argmin("].iter().any(|op| subject.starts_with(op))
            && subject.contains("speed(it, reduce: max");
        let reduce = reduce.or_else(|| (by_top && !matches!(asked.time, Time::At(_))).then_some("max"));
        Meaning::of(match (reduce, &asked.time) {
            (Some(reduce), Time::At(_)) if reduce != "mean" => return None,
            (Some(reduce), Time::Always | Time::During(_) | Time::After(_) | Time::Before(_)) => {
                format!("speed({subject}{ASKED}, reduce: {reduce}{VIEW})")
            }
            _ => format!("speed({subject}{AT_OR_ASKED}{VIEW})"),
        })
    }
}

/// "how fast did the car go".
fn how_fast(c: &mut Cursor) -> Option<(String, Option<&'static str>)> {
    c.eat_any(&["how fast", "at what speed", "with what speed", "how quickly"])?;
    super::auxiliary(c).then_some(())?;
    let things = noun::one(c)?;
    if !(verb::eat_verb(c, "move") || verb::eat_verb(c, "go")) {
        c.eat("be");
    }
    let reduce = if c.eat_any(&["at most", "at its fastest", "at maximum", "at the most"]).is_some() {
        Some("max")
    } else if c.eat_any(&["at least", "at its slowest"]).is_some() {
        Some("min")
    } else {
        c.eat("on average").then_some("mean")
    };
    Some((things.program, reduce))
}

/// "what is the top speed of the car", "what was the car's average speed".
fn speed_of(c: &mut Cursor) -> Option<(String, Option<&'static str>)> {
    c.eat_any(&["what is", "what was"])?;
    let ahead = c.attempt(|c| {
        c.eat("the");
        let reduce = reduce(c);
        c.eat("speed of").then_some(())?;
        let things = noun::one(c)?;
        Some((things.program, reduce))
    });
    if ahead.is_some() {
        return ahead;
    }
    let things = noun::one(c)?;
    c.eat("'s").then_some(())?;
    let reduce = reduce(c);
    c.eat("speed").then_some(())?;
    Some((things.program, reduce))
}

fn reduce(c: &mut Cursor) -> Option<&'static str> {
    let word = c.eat_any(&[
        "top", "maximum", "highest", "greatest", "peak", "minimum", "lowest", "average", "mean",
    ])?;
    Some(match word {
        "minimum" | "lowest" => "min",
        "average" | "mean" => "mean",
        _ => "max",
    })
}
