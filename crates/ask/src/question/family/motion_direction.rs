//! Which way something moved.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::VIEW;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::verb;

/// Which way something moved.
pub(super) struct MotionDirection;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for MotionDirection {
    fn name(&self) -> &'static str {
        "direction-of-motion"
    }

    fn about(&self) -> &'static str {
        "Which way something moved"
    }

    fn example(&self) -> &'static str {
        "Which way did the first car move?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let subject =
            super::alternatives(c, asked, &[|c| c.bare(which_way), which_way, direction_of, left_or_right])?;
        let told = asked.options.iter().filter(|option| is_direction(&option.text)).count();
        if !asked.options.is_empty() && told < 2 {
            return None; // the options speak of turning, or of several ways one after the other
        }
        let subject = asked.located(&subject);
        Meaning::of(format!("motion_direction({subject}{ASKED}{VIEW})"))
    }
}

/// "which way did the car move", "in which direction is the bus heading".
fn which_way(c: &mut Cursor) -> Option<String> {
    c.eat_any(&[
        "in which direction",
        "in what direction",
        "which direction",
        "what direction",
        "which way",
        "where to",
    ])?;
    super::auxiliary(c).then_some(())?;
    let things = noun::one(c)?;
    (verb::eat_verb(c, "move") || verb::eat_verb(c, "go")).then_some(())?;
    c.eat_any(&["in", "to", "towards"]);
    Some(things.program)
}

/// "what is the direction of the car's motion", "what is the direction of motion of the car".
fn direction_of(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["what is", "what was"])?;
    c.eat("the");
    if c.eat_any(&[
        "direction of motion of",
        "direction of movement of",
        "movement direction of",
        "motion direction of",
        "direction of travel of",
    ])
    .is_some()
    {
        return Some(noun::one(c)?.program);
    }
    c.eat_any(&["direction of", "general direction of"])?;
    let things = noun::one(c)?;
    c.eat("'s");
    c.eat_any(&["motion", "movement", "movements", "travel", "moving"])?;
    Some(things.program)
}

/// "did the car move left or right".
fn left_or_right(c: &mut Cursor) -> Option<String> {
    super::auxiliary(c).then_some(())?;
    let things = noun::one(c)?;
    (verb::eat_verb(c, "move") || verb::eat_verb(c, "go")).then_some(())?;
    let mut n = 0;
    loop {
        c.eat("to the");
        verb::direction(c)?;
        n += 1;
        c.eat(",");
        if !c.eat("or") {
            break;
        }
    }
    (n > 1).then_some(things.program)
}

/// Whether an option is one of the words that this family answers with.
fn is_direction(option: &str) -> bool {
    const TOLD: &[&str] = &[
        "left",
        "right",
        "up",
        "down",
        "towards",
        "away",
        "still",
        "north",
        "north-east",
        "east",
        "south-east",
        "south",
        "south-west",
        "west",
        "north-west",
    ];
    let bare = crate::question::options::bare(option);
    TOLD.iter().any(|word| bare == *word || bare == word.replace('-', " "))
}
