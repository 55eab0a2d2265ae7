//! What a thing is.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::{AT_OR_ASKED, noun};

/// What a thing is.
pub(super) struct Name;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Name {
    fn name(&self) -> &'static str {
        "what"
    }

    fn about(&self) -> &'static str {
        "What a thing is"
    }

    fn example(&self) -> &'static str {
        "What is the object nearest to the door?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        c.eat_any(&[
            "what kind of thing is",
            "what kind of object is",
            "what type of object is",
            "what sort of thing is",
            "what is",
            "what was",
        ])?;
        if let Some((side @ ("left" | "right"), other)) = c.attempt(noun::side_of) {
            asked.rest(c)?;
            return Meaning::of(format!(
                "label(where(all(), side(it, {}{AT_OR_ASKED}) = \"{side}\"))",
                other.program
            ));
        }
        let things = noun::one(c)?;
        asked.rest(c)?;
        // "what is the car" asks for something else, and a kind that is named need not be asked
        let kind_is_open = things.program.contains("all()") || things.program.starts_with("entity(");
        let rank =
            ["all(", "nth(", "first(", "last("].iter().any(|operator| things.program.starts_with(operator));
        if !kind_is_open || rank {
            return None;
        }
        Meaning::of(format!("label({})", things.program))
    }
}
