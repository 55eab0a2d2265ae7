//! How large the room is.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;

/// How large the room is.
pub(super) struct Room;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Room {
    fn name(&self) -> &'static str {
        "room-size"
    }

    fn about(&self) -> &'static str {
        "How large the room is"
    }

    fn example(&self) -> &'static str {
        "What is the size of this room (in square meters)?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let of = c.eat_any(&[
            "what is the size of",
            "what is the area of",
            "what is the floor area of",
            "what is the floor space of",
            "estimate the size of",
            "estimate the area of",
            "what size is",
            "how big is",
            "how large is",
            "how many square meters is",
            "how many square metres is",
            "how many square meters does",
        ])?;
        c.eat_any(&["this", "the", "these", "our"]);
        c.eat_any(&["whole", "entire"]);
        c.eat_any(&["room", "rooms", "apartment", "combined space", "space", "scene", "house"])?;
        if of.ends_with("does") {
            c.eat("have").then_some(())?;
        }
        asked.rest(c)?;
        Meaning::of("room_size()")
    }
}
