//! What stands somewhere: on, in, under, beside, between other things.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::relation;

/// What stands somewhere: on, in, under, beside, between other things.
pub(super) struct WhatIs;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for WhatIs {
    fn name(&self) -> &'static str {
        "what-is-there"
    }

    fn about(&self) -> &'static str {
        "What stands somewhere: on, in, under, beside, between other things"
    }

    fn example(&self) -> &'static str {
        "What is on top of the bench?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        // "what is in the shop": in the whole of what is filmed
        let all = c.clone().attempt(super::list::what_is_there).is_some();
        if all && !c.vocabulary.has_label(c.ahead(8).last().map_or("", |token| &token.text)) {
            return None;
        }
        let the_one = c.sees("what is the") || c.sees("what was the");
        let set = super::alternatives(c, asked, &[what_is, what_is_the])?;
        // what is merely on a side of somebody is the nearest thing there
        let nothing_else = set.starts_with("on_side(all()");
        (!nothing_else).then_some(())?;
        // one of the options is called so; without options all that are there are told
        let several = asked.options.is_empty() && !the_one;
        let operator = if several { "kinds" } else { "label" };
        Meaning::of(format!("{operator}({set})"))
    }
}

/// "what is on the table", "which object is between the bed and the door", "what do you see on the couch".
fn what_is(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["what", "which"])?;
    let set = c
        .attempt(noun::described)
        .filter(|things| !things.none)
        .map_or_else(|| "all()".to_owned(), |things| things.program);
    if c.eat_any(&[
        "can be found",
        "can you find",
        "can i find",
        "could be found",
        "do you see",
        "can you see",
    ])
    .is_none()
    {
        super::is(c).then_some(())?;
    }
    c.eat_any(&["there", "the object", "the thing", "the item", "being"]);
    related(c, &set)
}

/// "what is the blue object behind the sofa": a noun with at least one such phrase.
fn what_is_the(c: &mut Cursor) -> Option<String> {
    c.eat("what").then_some(())?;
    super::is(c).then_some(())?;
    let things = noun::described(c).filter(|things| !things.none)?;
    // "the temporal relation between …" is no thing that lies there
    let measures = ["relation\")", "distance\")", "speed\")", "angle\")"];
    (!measures.iter().any(|measure| things.program.ends_with(measure))).then_some(())?;
    related(c, &things.program)
}

/// A set with one phrase or more of where it stands.
fn related(c: &mut Cursor, set: &str) -> Option<String> {
    let mut set = relation::stands(c, set)?;
    while let Some(more) = relation::stands(c, &set) {
        set = more;
    }
    Some(set)
}
