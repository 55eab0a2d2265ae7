//! Whether, when and how long two things are visible together.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::family::when::together;

/// Whether, when and how long two things are visible together.
pub(super) struct Covisible;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Covisible {
    fn name(&self) -> &'static str {
        "co-visible"
    }

    fn about(&self) -> &'static str {
        "Whether, when and how long two things are visible together"
    }

    fn example(&self) -> &'static str {
        "Were the car and the bus visible at the same time?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let how_long =
            c.eat_any(&["how long", "for how long", "how many seconds", "for how many seconds"]).is_some();
        super::auxiliary(c).then_some(())?;
        let clause = together(c)?;
        asked.rest(c)?;
        Meaning::of(if how_long {
            format!("duration({})", clause.predicate.when(&clause.subject)?)
        } else {
            clause.predicate.truth(&clause.subject)?
        })
    }
}
