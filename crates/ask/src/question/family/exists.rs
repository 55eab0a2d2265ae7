//! Whether there is something, or whether it does something.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::cursor::plain;
use crate::question::noun::{self, Things};
use crate::question::time::Time;
use crate::question::verb::{self, Clause, Predicate};
use crate::question::{ASKED, AT, AT_IF, AT_OR_ASKED, mark};

/// Whether there is something, or whether it does something.
pub(super) struct Exists;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Exists {
    fn name(&self) -> &'static str {
        "exists"
    }

    fn about(&self) -> &'static str {
        "Whether there is something, or whether it does something"
    }

    fn example(&self) -> &'static str {
        "Did anyone enter the left half after 5 s?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        if let Some(program) = c.attempt(|c| there_is(c, asked)) {
            return Meaning::of(program);
        }
        if c.eat_any(&[
            "do you see",
            "can you see",
            "can i see",
            "does the video show",
            "does the video contain",
            "does the scene contain",
            "does the room contain",
            "can we see",
        ])
        .is_some()
        {
            let things = noun::things(c)?;
            asked.rest(c)?;
            let set = asked.located(&things.program);
            return Meaning::of(present(&set, things.none, asked));
        }
        super::auxiliary(c).then_some(())?;
        if let Some(crowd) = c.attempt(|c| {
            c.eat("ever");
            super::count::crowd(c, false)
        }) {
            asked.rest(c)?;
            return Meaning::either(crowd.truths(&asked.time));
        }
        let positive = c.eat("not");
        let clause = verb::clause(c).filter(|clause| clause.rank.is_none() || positive)?;
        // how long at one go is told of one thing
        let single = !clause.negated && !clause.none && !clause.every && !clause.some;
        if matches!(clause.predicate, Predicate::Lasting(..)) && !single {
            return None;
        }
        of_clause(&clause, c, asked)
    }
}

/// Whether what a clause says is so; the phrases behind it are read here.
pub(super) fn of_clause(clause: &Clause, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
    asked.topic = Some(clause.subject.clone());
    asked.rest(c)?;
    // for somebody who stands at one thing and faces another it is a direction
    if matches!(&clause.predicate, Predicate::Stands(set) if set.starts_with("on_side"))
        && asked.viewpoint.is_some()
    {
        return None;
    }
    let subject = asked.located(&clause.subject);
    let not = if clause.negated != clause.none { "not " } else { "" };
    if clause.every && matches!(asked.time, Time::At(_)) {
        return None;
    }
    if clause.every
        && !matches!(
            clause.predicate,
            Predicate::Meet(_) | Predicate::Touch(_) | Predicate::Collide(_) | Predicate::Together(_)
        )
    {
        let other = if clause.negated { "" } else { "not " };
        if !clause.predicate.is_told_within(&asked.time)
            || asked.time != Time::Always && clause.predicate.comes_or_goes(&Time::Always).is_some()
        {
            return None;
        }
        return Meaning::of(format!(
            "not exists(where({subject}, {other}{}))",
            clause.predicate.truth("it")?
        ));
    }
    if let Predicate::Appear | Predicate::Arrive | Predicate::Disappear = clause.predicate {
        let program = match clause.predicate.comes_or_goes(&asked.time) {
            Some(condition) => format!("{not}exists(where({subject}, {condition}))"),
            None if asked.time == Time::Always => format!("{not}exists({subject})"),
            None => return None,
        };
        asked.time = Time::Always;
        return Meaning::of(program);
    }
    if clause.negated && clause.some {
        return Meaning::of(format!("exists(where({subject}, not {}))", clause.predicate.truth("it")?));
    }
    if let Time::At(moment) = asked.time.clone()
        && !matches!(clause.predicate, Predicate::Visible)
    {
        let truth = clause.predicate.truth_at(&subject, &moment)?;
        if !truth.contains([ASKED, AT_OR_ASKED, AT, AT_IF].map(mark)) {
            asked.time = Time::Always;
        }
        return Meaning::of(format!("{not}{truth}"));
    }
    if let (Predicate::Visible, Time::At(_)) = (&clause.predicate, &asked.time) {
        return Meaning::of(present(&subject, clause.negated != clause.none, asked));
    }
    Meaning::of(format!("{not}{}", clause.predicate.truth(&subject)?))
}

/// "is there a car", "were there more than two people", "there is no car".
fn there_is(c: &mut Cursor, asked: &mut Asked) -> Option<String> {
    c.eat_any(&[
        "is there",
        "are there",
        "was there",
        "were there",
        "there is",
        "there are",
        "has there been",
        "have there been",
    ])?;
    let not = c.eat("not");
    let bound = c.attempt(|c| {
        let table: &[(&str, &str)] = &[
            ("exactly", "="),
            ("more than", ">"),
            ("at least", ">="),
            ("less than", "<"),
            ("fewer than", "<"),
            ("at most", "<="),
            ("no more than", "<="),
        ];
        let (_, op) = table.iter().find(|(phrase, _)| c.eat(phrase))?;
        Some((*op, c.number()?))
    });
    c.eat("both");
    let parts = noun::list(c)?;
    let together = parts.len() > 1 && !parts.iter().any(|part| part.or);
    let things = Things::union(&parts);
    c.eat_any(&["visible", "present", "shown", "in view"]);
    let at_once = c.eat_any(&["at once", "at the same time", "simultaneously"]).is_some();
    asked.rest(c)?;
    let set = asked.located(&things.program);
    let bound = bound.or_else(|| things.number.filter(|n| *n > 1).map(|n| (">=", f64::from(n))));
    let negated = not != things.none;
    if together {
        // "a car and a bus": both of them
        if bound.is_some() || negated || at_once || asked.time != Time::Always {
            return None;
        }
        let each: Vec<String> =
            parts.iter().map(|part| format!("exists({})", asked.clone().located(&part.program))).collect();
        asked.place = None;
        return Some(each.join(" and "));
    }
    Some(match bound {
        Some((op, n)) => {
            let count = match (&asked.time, at_once) {
                (_, true) => format!("most_at_once({set}{ASKED})"),
                (Time::At(moment), _) => format!("count_at({set}, {moment})"),
                _ => format!("count({set}{ASKED})"),
            };
            if !count.contains(ASKED) {
                asked.time = Time::Always;
            }
            format!("{}{count} {op} {}", if negated { "not " } else { "" }, plain(n))
        }
        None if at_once => return None,
        None => present(&set, negated, asked),
    })
}

/// Whether something of the set is there in the asked time.
fn present(set: &str, negated: bool, asked: &mut Asked) -> String {
    if let Time::At(moment) = asked.time.clone()
        && !set.contains(ASKED)
    {
        asked.time = Time::Always;
        return format!("count_at({set}, {moment}) {} 0", if negated { "=" } else { ">" });
    }
    format!("{}exists({set}{ASKED})", if negated { "not " } else { "" })
}
