//! Whether, when and how often an event happens.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::time;

/// Whether, when and how often an event happens.
pub(super) struct Event;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Event {
    fn name(&self) -> &'static str {
        "event"
    }

    fn about(&self) -> &'static str {
        "Whether, when and how often an event happens"
    }

    fn example(&self) -> &'static str {
        "How many cuts are there?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let question = c.eat_any(&[
            "how many",
            "is there",
            "are there",
            "was there",
            "were there",
            "when is",
            "when was",
            "when does",
            "when did",
            "when are",
            "when were",
            "how often is there",
            "what is the number of",
            "did",
            "does",
            "at what time was",
            "at what time is",
            "how long is",
            "how long was",
        ])?;
        let rank = c.attempt(|c| {
            c.eat("the");
            c.ordinal()
        });
        c.eat_any(&["the", "a", "an", "any"]);
        let kind = time::event_kind(c)?;
        let number = c.attempt(Cursor::number).map(|n| n as i64);
        c.eat_any(&["are there", "were there", "are in", "does the video have"]);
        c.eat_any(&[
            "happen",
            "happens",
            "occur",
            "occurs",
            "take place",
            "happened",
            "occurred",
            "start",
            "begin",
        ]);
        asked.rest(c)?;
        let events = format!("events(\"{}\"{ASKED})", noun::escape(&kind));
        let nth = match (rank, number) {
            (Some(0), None) => Some(-1),
            (Some(rank), None) => Some(i64::from(rank)),
            (None, number) => number,
            _ => return None,
        };
        let one = nth.map(|n| format!("nth({events}, {n})"));
        Meaning::of(
            if question.starts_with("how many")
                || question.starts_with("how often")
                || question.ends_with("number of")
            {
                one.is_none().then_some(())?;
                format!("count({events})")
            } else if question.starts_with("when") || question.starts_with("at what") {
                format!("when({})", one.unwrap_or(events))
            } else if question.starts_with("how long") {
                format!("duration(when({}))", one?)
            } else {
                format!("exists({})", one.unwrap_or(events))
            },
        )
    }
}
