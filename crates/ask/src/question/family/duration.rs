//! How long something lasts.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::place;
use crate::question::time;
use crate::question::verb::{self, Predicate};

/// How long something lasts.
pub(super) struct Duration;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Duration {
    fn name(&self) -> &'static str {
        "duration"
    }

    fn about(&self) -> &'static str {
        "How long something lasts"
    }

    fn example(&self) -> &'static str {
        "How long was the bus visible?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        if let Some(program) = c.attempt(between_moments) {
            asked.rest(c)?;
            return Meaning::of(program);
        }
        let all = c.eat_any(&[
            "what is the length of the video",
            "what is the duration of the video",
            "how long is the video",
            "how long is this video",
            "how long does the video last",
            "how long is the clip",
            "how long is the recording",
            "what is the duration of the clip",
            "what is the duration of this video",
            "how long is the record",
        ]);
        if all.is_some() {
            asked.rest(c)?;
            return Meaning::of("duration(always)");
        }
        c.eat_any(&[
            "for how long",
            "how long",
            "for how many seconds",
            "how many seconds",
            "how much time",
            "what is the duration for which",
        ])?;
        super::auxiliary(c).then_some(())?;
        if let Some(program) = c.attempt(dwell) {
            asked.rest(c)?;
            return Meaning::of(program);
        }
        if let Some(crowd) = c.attempt(|c| super::count::crowd(c, false)) {
            asked.rest(c)?;
            return Meaning::either(crowd.whens().iter().map(|when| format!("duration({when})")).collect());
        }
        let clause = verb::clause(c).filter(|clause| !clause.none && clause.rank.is_none())?;
        asked.rest(c)?;
        let subject = asked.located(&clause.subject);
        let when = match &clause.predicate {
            Predicate::Appear | Predicate::Arrive => format!("presence({subject}{ASKED})"),
            Predicate::Disappear
            | Predicate::Enter(_)
            | Predicate::Leave(_)
            | Predicate::Cross(_)
            | Predicate::Overtake(_)
            | Predicate::Collide(_)
            | Predicate::CrossPath(_) => return None,
            Predicate::Inside(region) => {
                return if clause.negated {
                    None
                } else {
                    Meaning::of(format!("dwell({subject}, {region}{ASKED})"))
                };
            }
            predicate => predicate.when(&subject)?,
        };
        Meaning::of(if clause.negated {
            format!("duration(outside({when}))")
        } else {
            format!("duration({when})")
        })
    }
}

/// "the person spend in the left half".
fn dwell(c: &mut Cursor) -> Option<String> {
    let things = noun::things(c)?;
    c.eat_any(&[
        "spend", "spends", "spent", "stay", "stays", "stayed", "remain", "remained", "staying", "linger",
        "lingered",
    ])?;
    let region = place::at(c)?;
    Some(format!("dwell({}, {region}{ASKED})", things.program))
}

/// "how much time passed between the first cut and the second cut".
fn between_moments(c: &mut Cursor) -> Option<String> {
    if c.eat_any(&[
        "how much time passed between",
        "how much time passes between",
        "how much time elapsed between",
        "how much time is there between",
        "how many seconds passed between",
        "how many seconds are there between",
        "how many seconds are between",
        "how long is it between",
        "what is the time between",
        "how much time is between",
        "how much time was there between",
        "how long was it between",
    ])
    .is_some()
    {
        let a = moment_or_start(c)?;
        c.eat("and").then_some(())?;
        let b = moment_or_start(c)?;
        return Some(format!("time_between({a}, {b})"));
    }
    c.eat_any(&["how long after", "how many seconds after"])?;
    let a = moment_or_start(c)?;
    c.eat(",");
    super::auxiliary(c);
    let b = moment_or_start(c)?;
    Some(format!("time_between({a}, {b})"))
}

/// A moment, or the beginning of what a clause says.
fn moment_or_start(c: &mut Cursor) -> Option<String> {
    time::moment(c).or_else(|| {
        let clause = verb::clause(c).filter(|clause| !clause.negated && !clause.none)?;
        let moment = match clause.rank {
            Some("last") => clause.predicate.last(&clause.subject)?,
            _ => clause.predicate.begins(&clause.subject)?,
        };
        Some(crate::question::unasked(&moment))
    })
}
