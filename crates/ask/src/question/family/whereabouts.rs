//! Where something is.

use super::{Family, Meaning};
use crate::question::VIEW;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::time::Time;
use crate::question::verb::{self, Predicate};
use crate::question::{ASKED, AT_OR_ASKED};

/// Where something is.
pub(super) struct Whereabouts;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Whereabouts {
    fn name(&self) -> &'static str {
        "where"
    }

    fn about(&self) -> &'static str {
        "Where something is"
    }

    fn example(&self) -> &'static str {
        "Where was the car at 3 s?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        if let Some(at) = c.attempt(where_it_does) {
            asked.rest(c)?;
            if asked.viewpoint.is_some() {
                return None;
            }
            return Meaning::of(format!("{at}{VIEW})"));
        }
        c.eat_any(&[
            "where exactly",
            "at what position",
            "at which position",
            "what is the position of",
            "what was the position of",
            "at what coordinates",
            "what are the coordinates of",
            "where",
        ])
        .and_then(
            |word| {
                if word.ends_with("of") { Some(()) } else { super::is(c).then_some(()) }
            },
        )?;
        let things = noun::one(c)?;
        let seen = c.attempt(|c| {
            let rank = c.eat_any(&["first", "last"])?;
            c.eat_any(&["seen", "visible", "spotted", "noticed", "observed", "in view", "shown"])?;
            Some(rank)
        });
        c.eat("located");
        asked.rest(c)?;
        if let Some(rank) = seen {
            // where it was at that moment; the asked time says within what
            let moment = format!("{rank}_seen({}{ASKED})", things.program);
            let told = match asked.time {
                Time::Always => true,
                Time::Before(_) | Time::At(_) => rank == "last",
                Time::After(_) => rank == "first",
                Time::During(_) => true,
            };
            if !told || asked.viewpoint.is_some() {
                return None;
            }
            if let Time::At(moment) = asked.time.clone() {
                asked.time = Time::Before(moment);
            }
            return Meaning::of(format!("position({}, at: {moment}{VIEW})", things.program));
        }
        if asked.viewpoint.is_some() {
            return None;
        }
        Meaning::of(format!("position({}{AT_OR_ASKED}{VIEW})", things.program))
    }
}

/// "where does the car stop", "where did Anna and Bob meet": where it is when that begins; all but the last bracket.
fn where_it_does(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["where exactly", "where"])?;
    super::does(c).then_some(())?;
    let clause = verb::clause(c)
        .filter(|clause| !clause.none && !clause.negated && !clause.every && clause.predicate.is_act())?;
    let moment = match clause.rank {
        Some("last") => clause.predicate.last(&clause.subject)?,
        _ => clause.predicate.begins(&clause.subject)?,
    };
    // where somebody does something else is a fact about the act
    if matches!(clause.predicate, Predicate::Act(_) | Predicate::Move | Predicate::Fall) {
        return None;
    }
    Some(format!("position({}, at: {moment}", clause.subject))
}
