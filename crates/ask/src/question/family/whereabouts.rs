//! Where something is.

use super::{Family, Meaning};
use crate::question::AT_OR_ASKED;
use crate::question::VIEW;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;

/// Where something is.
pub(super) struct Whereabouts;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Whereabouts {
    fn name(&self) -> &'static str {
        "where"
    }

    fn about(&self) -> &'static str {
        "Where something is"
    }

    fn example(&self) -> &'static str {
        "Where was the car at 3 s?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        c.eat_any(&[
            "where exactly",
            "at what position",
            "at which position",
            "what is the position of",
            "what was the position of",
            "at what coordinates",
            "what are the coordinates of",
            "where",
        ])
        .and_then(
            |word| {
                if word.ends_with("of") { Some(()) } else { super::is(c).then_some(()) }
            },
        )?;
        let things = noun::one(c)?;
        c.eat("located");
        asked.rest(c)?;
        if asked.viewpoint.is_some() {
            return None;
        }
        Meaning::of(format!("position({}{AT_OR_ASKED}{VIEW})", things.program))
    }
}
