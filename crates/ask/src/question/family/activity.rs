//! What somebody or something does, and to what.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, escape};
use crate::question::time::Time;
use crate::question::verb::{self, Predicate};

/// What somebody or something does, and to what.
pub(super) struct Activity;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Activity {
    fn name(&self) -> &'static str {
        "activity"
    }

    fn about(&self) -> &'static str {
        "What somebody or something does, and to what"
    }

    fn example(&self) -> &'static str {
        "What did the person do after the car stopped?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let core = c
            .attempt(doing)
            .or_else(|| c.attempt(reacts))
            .or_else(|| c.attempt(happens))
            .or_else(|| c.attempt(activity_of))
            .or_else(|| c.attempt(to_what))?;
        asked.topic.clone_from(&core.subject);
        asked.rest(c)?;
        let events = match (&core.subject, &core.kind) {
            (Some(subject), Some(kind)) => format!("acts({subject}, \"{}\"{ASKED})", escape(kind)),
            (Some(subject), None) => format!("acts({subject}{}{ASKED})", core.role),
            (None, _) => format!("events(\"\"{ASKED})"),
        };
        if core.reacts {
            // to something one reacts after it has begun
            asked.time = match std::mem::take(&mut asked.time) {
                Time::At(moment) => Time::After(moment),
                Time::During(when) => Time::After(format!("start({when})")),
                after @ Time::After(_) => after,
                Time::Always | Time::Before(_) => return None,
            };
        }
        let whole = matches!(asked.time, Time::Always | Time::During(_)) && asked.options.is_empty();
        if core.all && whole {
            return Meaning::of(format!("[contents(all(){ASKED}), contents(events(){ASKED})]"));
        }
        Meaning::of(match (&core.kind, &asked.time) {
            (Some(_), _) => format!("role({events}, \"patient\")"),
            (None, Time::During(when)) if when.starts_with("overlap(after(") => {
                format!("kind(nth({events}, 1))")
            }
            (None, Time::During(when)) if when.starts_with("overlap(before(") => {
                format!("kind(nth({events}, -1))")
            }
            (None, Time::After(_)) => format!("kind(nth({events}, 1))"),
            (None, Time::Before(_)) => format!("kind(nth({events}, -1))"),
            (None, _) => format!("kind({events})"),
        })
    }
}

/// Whose acts are asked for: all of them, or the other side of those of a kind.
struct Core {
    subject: Option<String>,
    kind: Option<String>,
    role: &'static str,
    reacts: bool,
    /// Whatever happens, to whomever.
    all: bool,
}

impl Core {
    const ALL: Core = Core { subject: None, kind: None, role: "", reacts: false, all: false };

    fn of(subject: String) -> Core {
        Core { subject: Some(subject), ..Core::ALL }
    }
}

/// "what is the man doing", "what did the girl do".
fn doing(c: &mut Cursor) -> Option<Core> {
    c.eat("what").then_some(())?;
    let be = super::is(c);
    if !be && !super::does(c) {
        return None;
    }
    c.verbs = false;
    let things = noun::things(c).filter(|things| !things.none)?;
    c.eat_any(&["both", "all", "continue to", "try to"]);
    c.eat_any(if be { &["doing"] } else { &["do", "doing", "continue doing"] })?;
    c.eat_any(&["right", "immediately", "shortly", "just", "next"]);
    Some(Core::of(things.program))
}

/// "how did the boy react", "what is the response of the man".
fn reacts(c: &mut Cursor) -> Option<Core> {
    if c.eat_any(&[
        "what is the response of",
        "what was the response of",
        "what is the reaction of",
        "what was the reaction of",
    ])
    .is_some()
    {
        let things = noun::things(c)?;
        return Some(Core { reacts: true, ..Core::of(things.program) });
    }
    c.eat("how").then_some(())?;
    super::does(c).then_some(())?;
    c.verbs = false;
    let things = noun::things(c).filter(|things| !things.none)?;
    c.eat_any(&["react", "respond", "reacted", "responded"])?;
    Some(Core { reacts: true, ..Core::of(things.program) })
}

/// "what happens in the video", "what is happening to the car".
fn happens(c: &mut Cursor) -> Option<Core> {
    c.eat_any(&[
        "what happens",
        "what happened",
        "what is happening",
        "what was happening",
        "what is going on",
        "what event happens",
        "what is occurring",
        "what occurs",
        "what takes place",
        "what event occurs",
        "what is taking place",
    ])?;
    if c.eat_any(&["to", "with"]).is_some() {
        let things = noun::things(c)?;
        return Some(Core { role: ", role: any", ..Core::of(things.program) });
    }
    Some(Core { all: true, ..Core::ALL })
}

/// "what activity is the man performing", "which action is being performed by the man", "what activity is shown".
fn activity_of(c: &mut Cursor) -> Option<Core> {
    c.eat_any(&["what", "which"])?;
    c.eat_any(&["is the", "was the"]);
    c.eat_any(&["primary", "main", "specific", "kind of", "type of"]);
    c.eat_any(&["activity", "action", "event", "actions", "activities"])?;
    if c.eat_any(&[
        "of",
        "performed by",
        "being performed by",
        "is being performed by",
        "is performed by",
        "done by",
    ])
    .is_some()
    {
        let things = noun::things(c)?;
        return Some(Core::of(things.program));
    }
    if c.eat_any(&[
        "is depicted",
        "is shown",
        "is being shown",
        "is displayed",
        "is being depicted",
        "can be seen",
        "is taking place",
        "is being performed",
        "takes place",
        "is captured",
        "is presented",
        "is featured",
        "is happening",
        "occurs",
        "is occurring",
        "is being done",
        "is portrayed",
    ])
    .is_some()
    {
        return Some(Core::ALL);
    }
    super::auxiliary(c).then_some(())?;
    c.verbs = false;
    let things = noun::things(c)?;
    c.eat_any(&[
        "performing",
        "doing",
        "engaged in",
        "perform",
        "do",
        "taking",
        "take",
        "carrying out",
        "engaging in",
        "involved in",
        "undertaking",
    ])?;
    Some(Core::of(things.program))
}

/// "what is the man carrying", "what did the boy throw".
fn to_what(c: &mut Cursor) -> Option<Core> {
    c.eat_any(&["what object", "which object", "what"])?;
    super::auxiliary(c).then_some(())?;
    let things = noun::things(c).filter(|things| !things.none && !things.program.starts_with("all()"))?;
    let Predicate::Act(kind) = verb::act(c)? else { return None };
    // to hold something is an act; to be somewhere, to do and to happen ask for something else
    const OTHERS: &[&str] = &["do", "doing", "happen", "happening", "made", "called", "located"];
    if OTHERS.contains(&kind.split(' ').next()?) {
        return None;
    }
    Some(Core { kind: Some(kind), ..Core::of(things.program) })
}
