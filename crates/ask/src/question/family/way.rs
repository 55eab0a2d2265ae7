//! The way on foot from one thing to another.

use super::{Family, Meaning};
use crate::question::AT;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;

/// The way on foot from one thing to another.
pub(super) struct Way;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Way {
    fn name(&self) -> &'static str {
        "way"
    }

    fn about(&self) -> &'static str {
        "The shortest way on foot from one thing to another, and how long it is"
    }

    fn example(&self) -> &'static str {
        "How far is it to walk from the stove to the sofa?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let length = c.eat_any(&[
            "how far is it to walk",
            "how far do i have to walk",
            "how far must i walk",
            "how far is the walk",
            "how long is the walk",
            "how long is the shortest way",
            "how long is the shortest path",
            "how long is the shortest route",
            "how long is the way",
            "what is the walking distance",
            "what is the length of the shortest path",
            "what is the length of the shortest way",
            "what is the length of the shortest route",
        ]);
        if length.is_none() {
            c.eat_any(&[
                "how do i get",
                "how do you get",
                "how can i get",
                "how do i walk",
                "how do i go",
                "what is the shortest way",
                "what is the shortest path",
                "what is the shortest route",
            ])?;
        }
        c.eat_any(&["from", "between"])?;
        let from = c.bare(noun::one)?.program;
        c.eat_any(&["to", "and"])?;
        let to = c.bare(noun::one)?.program;
        asked.rest(c)?;
        let operator = if length.is_some() { "route_length" } else { "route" };
        Meaning::of(format!("{operator}({from}, {to}{AT})"))
    }
}
