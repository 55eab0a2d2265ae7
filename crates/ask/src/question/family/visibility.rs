//! Whether something was visible, hidden or out of view at a moment.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::time::Time;
use crate::question::verb;

/// Whether something was visible, hidden or out of view at a moment.
pub(super) struct Visibility;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Visibility {
    fn name(&self) -> &'static str {
        "visibility"
    }

    fn about(&self) -> &'static str {
        "Whether something was visible, hidden or out of view at a moment"
    }

    fn example(&self) -> &'static str {
        "Was the car out of view or hidden at 8 s?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        super::is(c).then_some(())?;
        let things = c.bare(noun::one)?;
        state(c)?;
        let mut several = false;
        while c.eat(",") || c.eat("or") {
            c.eat("or");
            state(c)?;
            several = true;
        }
        asked.rest(c)?;
        let Time::At(moment) = asked.time.clone() else { return None };
        asked.time = Time::Always;
        several.then_some(())?;
        Meaning::of(format!("visibility({}, {moment})", things.program))
    }
}

fn state(c: &mut Cursor) -> Option<()> {
    c.eat("just");
    c.eat_any(&["visible", "in view", "in sight", "seen"])
        .map(|_| ())
        .or_else(|| c.attempt(verb::unseen).map(|_| ()))
}
