//! When something happens or is so.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::verb::{self, Clause, Predicate};

/// When something happens or is so.
pub(super) struct When;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for When {
    fn name(&self) -> &'static str {
        "when"
    }

    fn about(&self) -> &'static str {
        "When something happens or is so"
    }

    fn example(&self) -> &'static str {
        "When did the person leave?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        c.eat_any(&[
            "at what point in time",
            "at what time",
            "at what point",
            "at which time",
            "at which second",
            "at what second",
            "at which moment",
            "at what moment",
            "what time",
            "when",
        ])?;
        if c.attempt(|c| {
            super::is(c).then_some(())?;
            c.eat("the");
            c.eat_any(&["first time", "last time"])
        })
        .is_some()
        {
            return None;
        }
        if let Some(set) = c.attempt(most) {
            asked.rest(c)?;
            let set = asked.located(&set);
            return Meaning::of(format!("when_most({set}{ASKED})"));
        }
        let there = c.attempt(|c| {
            super::auxiliary(c).then_some(())?;
            super::count::crowd(c, false)
        });
        if let Some(crowd) = there {
            asked.rest(c)?;
            return Meaning::either(crowd.whens());
        }
        super::auxiliary(c);
        let clause = c.attempt(together).or_else(|| verb::clause(c))?;
        // "when was nobody there"
        let negated = clause.negated != clause.none;
        let clause = Clause { negated, ..clause };
        let rank = clause.rank.or_else(|| {
            c.eat_any(&["for the first time", "for the last time"])
                .map(|word| if word.contains("first") { "first" } else { "last" })
        });
        asked.rest(c)?;
        if !clause.predicate.is_told_within(&asked.time) {
            return None;
        }
        let subject = asked.located(&clause.subject);
        let predicate = &clause.predicate;
        Meaning::of(match rank {
            Some(_) if clause.negated => return None,
            // what is in view to the end has not gone
            None | Some("first" | "last") if matches!(predicate, Predicate::Disappear) && !clause.negated => {
                format!("disappears({subject}{ASKED})")
            }
            Some("first") => predicate.begins(&subject)?,
            Some(_) => predicate.last(&subject)?,
            None if clause.negated => format!("outside({})", predicate.when(&subject)?),
            None => match predicate {
                Predicate::Enter(_)
                | Predicate::Leave(_)
                | Predicate::Cross(_)
                | Predicate::Overtake(_)
                | Predicate::Collide(_)
                | Predicate::CrossPath(_) => {
                    format!("when({})", predicate.when(&subject)?)
                }
                _ => predicate.when(&subject)?,
            },
        })
    }
}

/// "were most cars visible", "was it busiest", "were there the most people".
fn most(c: &mut Cursor) -> Option<String> {
    if c.eat_any(&["is it busiest", "was it busiest", "was the busiest time", "is the busiest time"])
        .is_some()
    {
        return Some("all()".to_owned());
    }
    super::is(c).then_some(())?;
    c.eat("there");
    c.eat("the");
    c.eat("most").then_some(())?;
    let set = noun::one(c).filter(|things| !things.none && !things.label.is_empty())?;
    c.eat_any(&["visible", "there", "present", "in view", "seen", "shown"]);
    Some(set.program)
}

/// "the car and the bus visible together".
pub(super) fn together(c: &mut Cursor) -> Option<Clause> {
    let pair = noun::list(c)?;
    let [one, other] = pair.as_slice() else { return None };
    c.eat_any(&["both", "all", "be", "been", "being"]);
    c.eat_any(&["both", "be", "been"]);
    c.eat_any(&[
        "visible",
        "seen",
        "in view",
        "present",
        "shown",
        "appear",
        "on screen",
        "in the picture",
        "in the frame",
        "there",
    ])?;
    c.eat_any(&["together", "at the same time", "simultaneously", "at once"])?;
    verb::bind(vec![one.clone()], Predicate::Together(other.clone()), false, None)
}
