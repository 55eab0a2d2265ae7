//! How long, wide, high or large a thing is.

use super::{Family, Meaning};
use crate::question::AT;
use crate::question::VIEW;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::time::Time;

/// How long, wide, high or large a thing is.
pub(super) struct Size;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Size {
    fn name(&self) -> &'static str {
        "size"
    }

    fn about(&self) -> &'static str {
        "How long, wide, high or large a thing is"
    }

    fn example(&self) -> &'static str {
        "How tall is the refrigerator?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let (subject, measures) = super::alternatives(c, asked, &[how_long, measure_of, owner])?;
        let said = asked.time != Time::Always || asked.place.is_some();
        if (said || subject.starts_with("inside(")) && measures == ["length"] {
            return None; // "how long was the car in the left half" asks for a time
        }
        Meaning::either(measures.iter().map(|of| format!("size({subject}, of: {of}{AT}{VIEW})")).collect())
    }
}

type Sized = (String, &'static [&'static str]);

/// "how tall is the door"; "how big" may mean several things.
fn how_long(c: &mut Cursor) -> Option<Sized> {
    let table: &[(&str, &[&str])] = &[
        ("how long", &["length"]),
        ("how tall", &["height"]),
        ("how high", &["height"]),
        ("how wide", &["width"]),
        ("how big", &["longest", "footprint", "volume"]),
        ("how large", &["longest", "footprint", "volume"]),
    ];
    let (_, measures) = table.iter().find(|(phrase, _)| c.eat(phrase))?;
    super::is(c).then_some(())?;
    let things = noun::one(c)?;
    let of_time =
        measures == &["length"] && ["in", "on", "there", "visible"].contains(&c.word(0)) && !c.sees_in_unit();
    (!of_time).then_some((things.program, *measures))
}

/// "what is the height of the door", "the length of the longest dimension (length, width, or height) of the stove".
fn measure_of(c: &mut Cursor) -> Option<Sized> {
    c.eat_any(&["what is", "what was", "what are", "give", "estimate"])?;
    c.eat("the");
    let measures = measure(c)?;
    c.eat_any(&["of", "for"])?;
    Some((noun::one(c)?.program, measures))
}

/// "what is the door's height".
fn owner(c: &mut Cursor) -> Option<Sized> {
    c.eat_any(&["what is", "what was"])?;
    let things = noun::one(c)?;
    c.eat("'s").then_some(())?;
    Some((things.program, measure(c)?))
}

fn measure(c: &mut Cursor) -> Option<&'static [&'static str]> {
    let table: &[(&str, &[&str])] = &[
        ("length of the longest dimension", &["longest"]),
        ("length of the longest side", &["longest"]),
        ("length of the longest edge", &["longest"]),
        ("longest dimension", &["longest"]),
        ("longest side", &["longest"]),
        ("largest dimension", &["longest"]),
        ("maximum dimension", &["longest"]),
        ("length", &["length"]),
        ("width", &["width"]),
        ("height", &["height"]),
        ("volume", &["volume"]),
        ("footprint", &["footprint"]),
        ("floor area", &["footprint"]),
        ("size", &["longest", "footprint", "volume"]),
    ];
    let (_, measures) = table.iter().find(|(phrase, _)| c.eat(phrase))?;
    if measures.len() == 1 && c.eat("(") {
        // (length, width, or height)
        while c.eat_any(&["length", "width", "height", "depth", ",", "or", "and"]).is_some() {}
        c.eat(")").then_some(())?;
    }
    Some(measures)
}
