//! How far something travelled.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::VIEW;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::verb;

/// How far something travelled.
pub(super) struct Path;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Path {
    fn name(&self) -> &'static str {
        "path"
    }

    fn about(&self) -> &'static str {
        "How far something travelled"
    }

    fn example(&self) -> &'static str {
        "How far did the person in red walk?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let program = super::alternatives(c, asked, &[how_far, from_start, distance_covered])?;
        Meaning::of(program)
    }
}

/// "how far did the car drive".
fn how_far(c: &mut Cursor) -> Option<String> {
    c.eat_any(&[
        "how far",
        "how many meters",
        "how many metres",
        "how many pixels",
        "what distance",
        "how much distance",
    ])?;
    super::auxiliary(c).then_some(())?;
    let things = noun::one(c)?;
    if !(verb::eat_verb(c, "move") || verb::eat_verb(c, "go")) {
        c.eat_any(&["cover", "covered"])?;
    }
    c.eat("in total");
    Some(format!("path_length({}{ASKED}{VIEW})", things.program))
}

/// "how far did the car get from where it started".
fn from_start(c: &mut Cursor) -> Option<String> {
    if c.eat_any(&["what is the displacement of", "what was the displacement of"]).is_some() {
        return Some(format!("displacement({}{ASKED}{VIEW})", noun::one(c)?.program));
    }
    c.eat("how far").then_some(())?;
    super::does(c).then_some(())?;
    let things = noun::one(c)?;
    (verb::eat_verb(c, "get") || verb::eat_verb(c, "move") || c.eat("end up")).then_some(())?;
    c.eat_any(&[
        "from where it started",
        "from its start",
        "from where they started",
        "from its starting point",
        "from the start",
        "from its first position",
    ])?;
    Some(format!("displacement({}{ASKED}{VIEW})", things.program))
}

/// "what is the length of the path of the car", "how long was the car's path".
fn distance_covered(c: &mut Cursor) -> Option<String> {
    if c.eat_any(&[
        "what is the length of the path of",
        "what was the length of the path of",
        "how long is the path of",
        "how long was the path of",
        "what is the path length of",
        "what was the path length of",
        "what is the total distance travelled by",
        "what is the distance travelled by",
        "what was the distance travelled by",
        "what is the distance traveled by",
        "what is the total distance traveled by",
        "what was the distance traveled by",
    ])
    .is_some()
    {
        return Some(format!("path_length({}{ASKED}{VIEW})", noun::one(c)?.program));
    }
    c.eat("how long").then_some(())?;
    super::is(c).then_some(())?;
    let things = noun::one(c)?;
    c.eat("'s").then_some(())?;
    c.eat_any(&["path", "trajectory", "track", "way", "route"])?;
    Some(format!("path_length({}{ASKED}{VIEW})", things.program))
}
