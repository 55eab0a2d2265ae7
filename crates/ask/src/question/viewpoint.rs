//! Who looks, and which way: "standing by the stove and facing the sofa", "from the camera's point of view".

use super::cursor::Cursor;
use super::noun::{self, Things};

/// Somebody who stands by one thing and faces another.
#[derive(Clone, Debug)]
pub(super) struct Viewpoint {
    /// Where they stand.
    pub(super) standing_at: Things,
    /// What they face.
    pub(super) facing: Things,
}

/// "If I am standing by the stove and facing the sofa", "as seen from the door looking at the window".
pub(super) fn viewpoint(c: &mut Cursor) -> Option<Viewpoint> {
    c.attempt(|c| {
        c.eat_any(&["if", "when", "suppose", "imagine", "assuming", "assume", "while"]);
        c.eat_any(&["i am", "you are", "i was", "i", "you", "we are", "someone is", "a person is", "one is"]);
        let stands = c.eat_any(&[
            "standing",
            "stand",
            "positioned",
            "sitting",
            "sit",
            "as seen",
            "seen",
            "viewed",
            "as viewed",
            "looking",
        ]);
        let by = c.eat_any(&["by", "at", "next to", "beside", "near", "on", "from"]);
        if stands.is_none() && by != Some("from") {
            return None;
        }
        by?;
        let standing_at = place_of(c)?;
        c.eat(",");
        c.eat("and");
        c.eat("while");
        c.eat_any(&[
            "facing towards",
            "facing",
            "face",
            "looking at",
            "looking towards",
            "looking toward",
            "look at",
            "turned to",
        ])?;
        let facing = place_of(c)?;
        Some(Viewpoint { standing_at, facing })
    })
}

/// A thing by which somebody stands; without the clauses that would swallow "and facing".
fn place_of(c: &mut Cursor) -> Option<Things> {
    noun::one(c)
}

/// "from the camera's point of view", "in the picture's frame": a reference frame.
pub(super) fn view(c: &mut Cursor) -> Option<&'static str> {
    c.attempt(|c| {
        if c.eat_any(&[
            "as seen by the camera",
            "as seen from the camera",
            "seen from the camera",
            "relative to the camera",
            "with respect to the camera",
            "from the camera",
        ])
        .is_some()
        {
            c.eat("'s");
            c.eat_any(&["point of view", "perspective", "viewpoint", "view"]);
            return Some("camera");
        }
        if c.eat_any(&["in the camera frame", "in camera coordinates", "in the camera 's frame"]).is_some() {
            return Some("camera");
        }
        if c.eat_any(&["in image coordinates", "in the image plane", "in picture coordinates"]).is_some() {
            return Some("image");
        }
        c.eat_any(&["in the world", "in world coordinates", "on the ground", "in the world frame"])
            .map(|_| "world")
    })
}
