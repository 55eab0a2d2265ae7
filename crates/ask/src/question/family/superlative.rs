//! Which thing has most of something.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::place;
use crate::question::verb::{self, Predicate};
use crate::question::{ASKED, AT_OR_ASKED, VIEW};

/// Which thing has most of something.
pub(super) struct Superlative;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Superlative {
    fn name(&self) -> &'static str {
        "superlative"
    }

    fn about(&self) -> &'static str {
        "Which thing has most of something"
    }

    fn example(&self) -> &'static str {
        "Which car was visible longest?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        if let Some(program) = c.attempt(which_pair) {
            asked.rest(c)?;
            return Meaning::of(program);
        }
        let what_is = c.sees("what is") || c.sees("what was");
        let (set, op, by) =
            super::alternatives(c, asked, &[the_most, which_is_most, which_has_most, which_does_most])?;
        let set = asked.located(&set);
        // "what is the largest thing": what it is
        if what_is && set == "all()" {
            return Meaning::of(format!("label({op}({set}, {by}))"));
        }
        Meaning::of(super::as_asked(&format!("{op}({set}, {by})"), &set))
    }
}

/// "which car is the fastest", "who is the tallest".
fn which_is_most(c: &mut Cursor) -> Option<(String, &'static str, String)> {
    let set = super::which(c)?;
    super::is(c).then_some(())?;
    c.eat("the");
    let (op, by) = noun::superlative(c)?;
    Some((set.program, op, by.to_owned()))
}

/// "which car has the highest average speed", "whose top speed was the lowest".
fn which_has_most(c: &mut Cursor) -> Option<(String, &'static str, String)> {
    let set = super::which(c)?;
    c.eat_any(&["has", "had", "have"])?;
    c.eat("the");
    let op = match c.eat_any(&["highest", "greatest", "largest", "lowest", "smallest", "least"])? {
        "highest" | "greatest" | "largest" => "argmax",
        _ => "argmin",
    };
    let by =
        match c.eat_any(&["average speed", "mean speed", "top speed", "maximum speed", "speed", "path"])? {
            "average speed" | "mean speed" => format!("speed(it{ASKED}, reduce: mean{VIEW})"),
            "top speed" | "maximum speed" | "speed" => format!("speed(it{ASKED}, reduce: max{VIEW})"),
            _ => format!("path_length(it{ASKED}{VIEW})"),
        };
    Some((set.program, op, by))
}

/// "what is the largest object".
fn the_most(c: &mut Cursor) -> Option<(String, &'static str, String)> {
    c.eat_any(&["what", "which", "who"])?;
    super::is(c).then_some(())?;
    c.eat("the");
    let (op, by) = noun::superlative(c)?;
    let set = Things::all(&noun::noun(c)?);
    Some((set.program, op, by.to_owned()))
}

/// "which car moved fastest", "who walked the farthest", "which person was visible longest".
/// "which two cars come closest to each other": the program.
fn which_pair(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["which two", "what two", "which pair of"])?;
    let set = noun::noun(c).map(|label| Things::all(&label).program)?;
    super::auxiliary(c);
    let _ = verb::eat_verb(c, "come") || verb::eat_verb(c, "get");
    c.eat("the");
    c.eat_any(&["closest", "nearest"])?;
    c.eat_any(&["to each other", "to one another", "together"]);
    Some(format!("closest_pair({set}{AT_OR_ASKED}{VIEW})"))
}

fn which_does_most(c: &mut Cursor) -> Option<(String, &'static str, String)> {
    let set = super::which(c)?;
    let moves = {
        let mut ahead = *c;
        super::auxiliary(&mut ahead);
        if verb::eat_verb(&mut ahead, "move") || verb::eat_verb(&mut ahead, "go") {
            ahead.eat("the");
            let table: &[(&str, (&str, &str))] = &[
                ("fastest", ("argmax", "speed(it, reduce: mean")),
                ("slowest", ("argmin", "speed(it, reduce: mean")),
                ("farthest", ("argmax", "path_length(it")),
                ("furthest", ("argmax", "path_length(it")),
                ("most", ("argmax", "path_length(it")),
                ("least", ("argmin", "path_length(it")),
            ];
            table
                .iter()
                .find(|(word, _)| ahead.eat(word))
                .map(|(_, (op, by))| (ahead, *op, format!("{by}{ASKED}{VIEW})")))
        } else {
            None
        }
    };
    if let Some((ahead, op, by)) = moves {
        *c = ahead;
        return Some((set.program, op, by));
    }
    if let Some(region) = c.attempt(|c| {
        c.eat_any(&["spent", "stayed", "spends", "stays", "remained"])?;
        c.eat_any(&["the most time", "most time", "the longest", "longest"]);
        let region = place::at(c)?;
        c.eat_any(&["the longest", "longest"]);
        Some(region)
    }) {
        return Some((set.program, "argmax", format!("dwell(it, {region}{ASKED})")));
    }
    let (predicate, negated) = verb::phrase(c)?;
    c.eat("for");
    c.eat("the");
    let op = match c.eat_any(&[
        "longest time",
        "longest",
        "most often",
        "shortest time",
        "shortest",
        "briefest",
    ])? {
        "most often" => {
            let when = predicate.when("it")?;
            return (!negated).then(|| (set.program, "argmax", format!("count({when})")));
        }
        "longest time" | "longest" => "argmax",
        _ => "argmin",
    };
    if negated || matches!(predicate, Predicate::Appear | Predicate::Arrive | Predicate::Disappear) {
        return None;
    }
    let when = predicate.when("it")?;
    // what never does it is not the one that does it longest
    let set = match predicate {
        Predicate::Visible => set.program,
        _ => format!("where({}, exists({when}))", set.program),
    };
    Some((set, op, format!("duration({when})")))
}
