//! Who or what comes first, second or last.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::verb::{self, Predicate};

/// Who or what comes first, second or last.
pub(super) struct First;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for First {
    fn name(&self) -> &'static str {
        "first-or-last"
    }

    fn about(&self) -> &'static str {
        "Who or what comes first, second or last"
    }

    fn example(&self) -> &'static str {
        "Who was the first to leave?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let (set, rank, predicate) =
            super::alternatives(c, asked, &[first_of_list, the_first_to, which_first])?;
        let set = asked.located(&set);
        if !predicate.is_told_within(&asked.time) {
            return None;
        }
        let by = predicate.begins("it")?;
        let found = match rank {
            1 => format!("first({set}, by: {by})"),
            0 => format!("last({set}, by: {by})"),
            n => format!("nth({set}, {n}, by: {by})"),
        };
        Meaning::of(super::as_asked(&found, &set))
    }
}

/// "which car appeared first", "who left last".
fn which_first(c: &mut Cursor) -> Option<(String, u32, Predicate)> {
    let set = super::which(c)?;
    c.verbs = true;
    if let Some(rank) = c.attempt(Cursor::ordinal) {
        let (predicate, negated) = verb::phrase(c)?;
        return (!negated).then_some((set.program, rank, predicate));
    }
    let (predicate, negated) = verb::phrase(c)?;
    let rank = c.ordinal()?;
    (!negated).then_some((set.program, rank, predicate))
}

/// "who was the first to leave", "what was the second thing to appear", "which was the last car to stop".
fn the_first_to(c: &mut Cursor) -> Option<(String, u32, Predicate)> {
    let asked = c.eat_any(&["who", "what", "which"])?;
    let given = if asked == "which" && !c.sees("is") && !c.sees("was") { Some(noun::noun(c)?) } else { None };
    super::is(c).then_some(())?;
    c.eat("the").then_some(())?;
    let rank = c.ordinal()?;
    let things = if let Some(label) = given {
        Things::all(&label)
    } else if asked == "who" {
        c.attempt(noun::noun).map_or(Things::all("person"), |label| Things::all(&label))
    } else {
        c.eat("one");
        c.attempt(noun::noun).map_or(Things::all(""), |label| Things::all(&label))
    };
    c.eat_any(&["to", "that", "who", "which"])?;
    let (predicate, negated) = verb::phrase(c)?;
    (!negated).then_some((things.program, rank, predicate))
}

/// "which appeared first, the car or the bus".
fn first_of_list(c: &mut Cursor) -> Option<(String, u32, Predicate)> {
    c.eat_any(&["which", "what", "who"])?;
    c.eat_any(&["one", "object", "of these"]);
    let predicate =
        if c.eat_any(&["came", "comes", "is seen", "was seen", "is visible", "was visible"]).is_some() {
            Predicate::Appear
        } else {
            verb::phrase(c).filter(|(_, negated)| !negated)?.0
        };
    let rank = c.ordinal()?;
    if !c.eat(",") {
        c.eat(":");
    }
    let list = noun::list(c).filter(|list| list.len() > 1)?;
    Some((Things::union(&list).program, rank, predicate))
}
