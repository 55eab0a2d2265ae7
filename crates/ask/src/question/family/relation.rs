//! How two things or two times stand to each other in a qualitative calculus, and when boxes overlap.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::{ASKED, AT_OR_ASKED, VIEW};

/// How two things or two times stand to each other in a qualitative calculus, and when boxes overlap.
pub(super) struct Relation;

/// What overlapping is in RCC-8: sharing an inner point.
const OVERLAPPING: &str = "[\"po\", \"tpp\", \"ntpp\", \"tppi\", \"ntppi\", \"eq\"]";

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Relation {
    fn name(&self) -> &'static str {
        "relation"
    }

    fn about(&self) -> &'static str {
        "How two things or times stand to each other in a qualitative calculus, and when they overlap in the picture"
    }

    fn example(&self) -> &'static str {
        "What is the RCC-8 relation between the car and the bus at 3 s?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let made = super::alternatives(c, asked, &[between, overlap])?;
        Meaning::of(made)
    }
}

/// "what is the RCC-8 relation between a and b", "of a to b"; "the temporal relation" is Allen's.
fn between(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["what is", "what was", "which is", "give"])?;
    c.eat("the");
    let table: &[(&[&'static str], &str)] = &[
        (&["rcc-8", "rcc8", "rcc 8", "topological", "topologic"], "rcc8"),
        (&["rcc-5", "rcc5", "rcc 5"], "rcc5"),
        (&["rectangle", "rectangle algebra", "block algebra"], "rectangle"),
        (&["compass", "cardinal direction"], "compass"),
        (&["cardinal"], "cardinal"),
        (&["allen", "allen's", "temporal", "interval"], "allen"),
    ];
    let calculus = table.iter().find_map(|(words, name)| c.eat_any(words).map(|_| *name))?;
    c.eat("relation").then_some(())?;
    let joint = match c.eat_any(&["between", "of", "from"])? {
        "between" => "and",
        _ => "to",
    };
    let a = noun::one(c)?.program;
    c.eat(joint).then_some(())?;
    let b = noun::one(c)?.program;
    Some(if calculus == "allen" {
        format!("relation({a}, {b}, calculus: allen{ASKED})")
    } else {
        format!("relation({a}, {b}, calculus: {calculus}{AT_OR_ASKED}{VIEW})")
    })
}

/// "when does a overlap b", "does a overlap b".
fn overlap(c: &mut Cursor) -> Option<String> {
    let when = c.eat("when");
    super::does(c).then_some(())?;
    let a = noun::one(c)?.program;
    c.eat("ever");
    c.eat_any(&["overlap with", "overlap", "overlapped with", "overlapped"])?;
    let b = c.bare(noun::one)?.program;
    c.eat_any(&["in the picture", "in the image", "in the video"]);
    let spans = format!("when_related({a}, {b}, {OVERLAPPING}, calculus: rcc8{ASKED}{VIEW})");
    Some(if when { spans } else { format!("exists({spans})") })
}
