//! Which things there are.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::time::{self, Time};
use crate::question::verb::{self, Predicate};

/// Which things there are.
pub(super) struct List;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for List {
    fn name(&self) -> &'static str {
        "list"
    }

    fn about(&self) -> &'static str {
        "Which things there are, or do something"
    }

    fn example(&self) -> &'static str {
        "Which cars stopped?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        if c.attempt(what_is_there).is_some() {
            asked.rest(c)?;
            let all = asked.located("all()");
            return Meaning::of(format!("contents({all}{ASKED})"));
        }
        if c.attempt(what_kinds).is_some() {
            asked.rest(c)?;
            return Meaning::of(format!("kinds(present(all(){ASKED}))"));
        }
        if c.eat_any(&["list", "show me", "show", "find", "name"]).is_some() {
            let things = noun::things(c).filter(|things| !things.none)?;
            asked.rest(c)?;
            return present(&things, asked);
        }
        let set = super::which(c)?;
        c.eat_any(&["are there", "were there", "is there", "was there"]);
        let predicate = c.attempt(verb::phrase);
        asked.rest(c)?;
        match predicate {
            None | Some((Predicate::Visible, false)) => present(&set, asked),
            Some((Predicate::Inside(region), false)) => {
                Meaning::of(format!("inside({}, {region}{ASKED})", set.program))
            }
            // "what is under the sofa" means what touches it, not all that the picture shows lower
            Some((Predicate::Side(..), _)) if set.program == "all()" => None,
            Some((Predicate::Stands(_) | Predicate::Act(_), _)) if set.program == "all()" => None,
            Some((predicate, negated)) => {
                let set = asked.located(&set.program);
                let not = if negated { "not " } else { "" };
                if !predicate.is_told_within(&asked.time) {
                    let condition = predicate.comes_or_goes(&asked.time).filter(|_| !negated)?;
                    asked.time = Time::Always;
                    return Meaning::of(format!("where({set}, {condition})"));
                }
                Meaning::of(format!("where({set}, {not}{})", predicate.truth("it")?))
            }
        }
    }
}

/// Those seen in the asked time and place.
fn present(things: &Things, asked: &mut Asked) -> Option<Meaning> {
    if asked.place.is_some() {
        return Meaning::of(asked.located(&things.program));
    }
    Meaning::of(format!("present({}{ASKED})", things.program))
}

/// "what kinds of things are there", "which classes are there": the labels alone.
fn what_kinds(c: &mut Cursor) -> Option<()> {
    c.eat_any(&["what", "which", "list the", "list all the", "list all"])?;
    c.eat("different");
    kinds(c)
}

/// "kinds of things are there", "classes".
pub(super) fn kinds(c: &mut Cursor) -> Option<()> {
    c.eat_any(&["kinds", "types", "sorts", "classes", "categories", "labels"])?;
    c.eat_any(&["of things", "of objects", "of thing", "of object"]);
    c.eat_any(&[
        "are there",
        "were there",
        "are present",
        "are visible",
        "were seen",
        "can be seen",
        "occur",
        "appear",
    ]);
    Some(())
}

/// "what is in this video", "what can you see", "what is there": all that there is, by label.
pub(super) fn what_is_there(c: &mut Cursor) -> Option<()> {
    if c.eat_any(&[
        "what is there to see",
        "what is there",
        "what can you see",
        "what can be seen",
        "what do you see",
        "what does the video show",
        "what does the video contain",
        "what does the room contain",
        "what does the scene contain",
        "what is shown",
        "what all is there",
        "describe the video",
        "describe the scene",
        "describe the room",
    ])
    .is_some()
    {
        return Some(());
    }
    c.eat_any(&["what is", "what all is", "what was", "what things are", "what objects are"])?;
    let mut ahead = *c;
    let in_all = matches!(time::phrase(&mut ahead)?, Time::Always);
    (in_all && c.sees("in")).then_some(())
}
