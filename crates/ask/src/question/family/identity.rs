//! Whether a thing seen at one time is the one seen at another.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::time;

/// Whether a thing seen at one time is the one seen at another.
pub(super) struct Identity;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Identity {
    fn name(&self) -> &'static str {
        "identity"
    }

    fn about(&self) -> &'static str {
        "Whether a thing seen at one time is the one seen at another"
    }

    fn example(&self) -> &'static str {
        "Is the person at 3 s the same person as at 12 s?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        super::is(c).then_some(())?;
        let (label, first) = seen_at(c)?;
        c.eat("the same").then_some(())?;
        let again = c.attempt(noun::noun);
        if again.as_ref().is_some_and(|again| *again != label) {
            return None;
        }
        c.eat("as").then_some(())?;
        let (other, second) = c.attempt(seen_at).or_else(|| {
            c.eat("the one");
            c.eat("at").then_some(())?;
            Some((label.clone(), time::moment(c)?))
        })?;
        asked.rest(c)?;
        let seen = |label: &str, moment: &str| {
            format!("present({}, during: span({moment}, {moment}))", Things::all(label).program)
        };
        Meaning::of(format!("{} = {}", seen(&label, &first), seen(&other, &second)))
    }
}

/// "the person at 3 s", "the person seen at 3 s".
fn seen_at(c: &mut Cursor) -> Option<(String, String)> {
    c.eat("the").then_some(())?;
    let label = noun::noun(c)?;
    c.eat_any(&["seen", "visible", "that is visible", "who is visible"]);
    c.eat("at").then_some(())?;
    Some((label, time::moment(c)?))
}
