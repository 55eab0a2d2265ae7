//! On which side of one thing another is, as the picture shows.

use super::{Family, Meaning};
use crate::question::AT_OR_ASKED;
use crate::question::VIEW;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;

/// On which side of one thing another is, as the picture shows.
pub(super) struct Side;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Side {
    fn name(&self) -> &'static str {
        "side"
    }

    fn about(&self) -> &'static str {
        "On which side of one thing another is, as the picture shows"
    }

    fn example(&self) -> &'static str {
        "Is the car to the left or right of the bus?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let (a, b) = super::alternatives(c, asked, &[which_side, left_or_right])?;
        if asked.viewpoint.is_some() {
            return None;
        }
        Meaning::of(format!("side({a}, {b}{AT_OR_ASKED}{VIEW})"))
    }
}

/// "on which side of the bus is the car".
fn which_side(c: &mut Cursor) -> Option<(String, String)> {
    c.eat("on");
    c.eat_any(&["which side of", "what side of"])?;
    let b = noun::one(c)?;
    super::is(c).then_some(())?;
    let a = c.bare(noun::one)?;
    c.eat("on");
    Some((a.program, b.program))
}

/// "is the car to the left or to the right of the bus", "is the lamp above or below the table".
fn left_or_right(c: &mut Cursor) -> Option<(String, String)> {
    super::is(c).then_some(())?;
    let a = c.bare(noun::one)?;
    c.eat_any(&[
        "to the left or to the right of",
        "to the left or the right of",
        "to the left or right of",
        "on the left or right of",
        "left or right of",
        "on the left or the right of",
        "to the right or left of",
        "above or below",
        "below or above",
    ])?;
    let b = noun::one(c)?;
    Some((a.program, b.program))
}
