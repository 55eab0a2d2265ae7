//! Whether what a sentence says is so.

use super::{Family, Meaning, exists};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::verb::{self, Predicate};

/// Whether what a sentence says is so: a statement, as captions and thoughts make them.
pub(super) struct Claim;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Claim {
    fn name(&self) -> &'static str {
        "claim"
    }

    fn about(&self) -> &'static str {
        "Whether what a sentence says is so"
    }

    fn example(&self) -> &'static str {
        "Is it true that the car stops?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        c.eat_any(&[
            "it is true that",
            "it is so that",
            "it is correct that",
            "is it so that",
            "is it correct that",
        ]);
        if let Some(crowd) = c.attempt(|c| super::count::crowd(c, true)) {
            asked.rest(c)?;
            return Meaning::either(crowd.stated().truths(&asked.time));
        }
        if let Some(program) = c.attempt(before_or_after) {
            asked.rest(c)?;
            return Meaning::of(program);
        }
        let clause = verb::statement(c).filter(|clause| clause.rank.is_none())?;
        let single = !clause.negated && !clause.none && !clause.every && !clause.some;
        if matches!(clause.predicate, Predicate::Lasting(..)) && !single {
            return None;
        }
        exists::of_clause(&clause, c, asked)
    }
}

/// "the cyclist appears before the truck": the verb of the second is that of the first.
fn before_or_after(c: &mut Cursor) -> Option<String> {
    let clause = verb::statement(c).filter(|clause| !clause.negated && !clause.none && !clause.every)?;
    let before =
        matches!(c.eat_any(&["before", "earlier than", "after", "later than"])?, "before" | "earlier than");
    let other = noun::one(c)?;
    c.eat_any(&["did", "does", "do"]);
    let [a, b] = [&clause.subject, &other.program].map(|subject| clause.predicate.begins(subject));
    let (a, b) = (a?, b?);
    Some(if before { format!("is_before({a}, {b})") } else { format!("is_before({b}, {a})") })
}
