//! What the camera has in its picture, by its lens and poses: when, for how long, how much of it.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::{ASKED, AT_IF, VIEWER};

/// What the camera has in its picture, by its lens and poses.
pub(super) struct InView;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for InView {
    fn name(&self) -> &'static str {
        "in-view"
    }

    fn about(&self) -> &'static str {
        "What the camera has in its picture, by its lens and poses: when, for how long, how much of it"
    }

    fn example(&self) -> &'static str {
        "When are the car and the bus both visible to the camera?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        Meaning::of(super::alternatives(c, asked, &[by_camera, what_by_camera, how_much])?)
    }
}

/// "visible to the camera".
fn to_the_camera(c: &mut Cursor) -> Option<()> {
    c.eat_any(&["both", "all", "together"]);
    c.eat_any(&[
        "visible to the camera",
        "in the camera 's view",
        "in the camera 's picture",
        "in the view of the camera",
        "in view of the camera",
        "in the camera view",
        "in front of the lens",
    ])?;
    c.eat_any(&["at the same time", "together", "at once"]);
    Some(())
}

/// "when is the car visible to the camera", "how long are the car and the bus both in the camera's view".
fn by_camera(c: &mut Cursor) -> Option<String> {
    let when = c.eat_any(&["when", "at which times"]).is_some();
    let how_long = !when && c.eat_any(&["how long", "for how long", "for how many seconds"]).is_some();
    super::is(c).then_some(())?;
    let list = c.bare(noun::list).filter(|list| list.iter().all(|things| !things.or && !things.none))?;
    to_the_camera(c)?;
    let mut seen = list.iter().map(|things| format!("in_view({}{ASKED})", things.program));
    let first = seen.next()?;
    let both = seen.fold(first, |a, b| format!("overlap({a}, {b})"));
    Some(if when {
        both
    } else if how_long {
        format!("duration({both})")
    } else {
        format!("exists({both})")
    })
}

/// "what is visible to the camera at 3 s", "which cars are in the camera's view at 3 s".
fn what_by_camera(c: &mut Cursor) -> Option<String> {
    let set = if c.eat("what") { "all()".to_owned() } else { super::which(c)?.program };
    super::is(c).then_some(())?;
    to_the_camera(c)?;
    Some(format!("where({set}, exists(in_view(it{ASKED})))"))
}

/// "how much of the car can I see at 3 s", "how much of the car is visible from the bus".
fn how_much(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["how much of", "what share of", "what fraction of", "which share of"])?;
    let things = c.bare(noun::one)?;
    c.eat_any(&["can i see", "can be seen", "is visible", "do i see", "could i see"])?;
    let view = if c.eat("from") {
        if c.eat_any(&["here", "where i am", "the camera", "my position"]).is_some() {
            VIEWER.to_owned()
        } else {
            let from = c.bare(noun::one)?;
            c.eat("'s").then(|| c.eat_any(&["seat", "position", "point of view", "view"]));
            format!("own_view({}{AT_IF})", from.program)
        }
    } else {
        VIEWER.to_owned()
    };
    Some(format!("visible_share({}, {view}{AT_IF})", things.program))
}
