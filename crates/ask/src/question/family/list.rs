//! Which things there are.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::verb::{self, Predicate};

/// Which things there are.
pub(super) struct List;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for List {
    fn name(&self) -> &'static str {
        "list"
    }

    fn about(&self) -> &'static str {
        "Which things there are, or do something"
    }

    fn example(&self) -> &'static str {
        "Which cars stopped?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        if c.eat_any(&["list", "show me", "show", "find", "name"]).is_some() {
            let things = noun::things(c).filter(|things| !things.none)?;
            asked.rest(c)?;
            return present(&things, asked);
        }
        let set = super::which(c)?;
        c.eat_any(&["are there", "were there", "is there", "was there"]);
        let predicate = c.attempt(verb::phrase);
        asked.rest(c)?;
        match predicate {
            None | Some((Predicate::Visible, false)) => present(&set, asked),
            Some((Predicate::Inside(region), false)) => {
                Meaning::of(format!("inside({}, {region}{ASKED})", set.program))
            }
            // "what is under the sofa" means what touches it, not all that the picture shows lower
            Some((Predicate::Side(..), _)) if set.program == "all()" => None,
            Some((Predicate::Stands(_) | Predicate::Act(_), _)) if set.program == "all()" => None,
            Some((predicate, negated)) => {
                let set = asked.located(&set.program);
                if !predicate.is_told_within(&asked.time) {
                    return None;
                }
                let not = if negated { "not " } else { "" };
                Meaning::of(format!("where({set}, {not}{})", predicate.truth("it")?))
            }
        }
    }
}

/// Those seen in the asked time and place.
fn present(things: &Things, asked: &mut Asked) -> Option<Meaning> {
    if asked.place.is_some() {
        return Meaning::of(asked.located(&things.program));
    }
    Meaning::of(format!("present({}{ASKED})", things.program))
}
