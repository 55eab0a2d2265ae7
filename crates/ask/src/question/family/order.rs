//! What comes before what.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::verb::{self, Predicate};

/// What comes before what.
pub(super) struct Order;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Order {
    fn name(&self) -> &'static str {
        "order"
    }

    fn about(&self) -> &'static str {
        "What comes before what"
    }

    fn example(&self) -> &'static str {
        "In which order do the car, the bus and the person appear?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        if let Some(list) = c.attempt(appearance_order) {
            asked.rest(c)?;
            if let [kind] = list.as_slice() {
                return Meaning::of(format!("appearances({}{ASKED})", kind.program));
            }
            let programs: Vec<String> = list.into_iter().map(|things| things.program).collect();
            return Meaning::of(format!("sequence([{}]{ASKED})", programs.join(", ")));
        }
        let (a, b, before) = c.attempt(before_or_after)?;
        asked.rest(c)?;
        Meaning::of(if before { format!("is_before({a}, {b})") } else { format!("is_before({b}, {a})") })
    }
}

/// "what is the order in which a, b and c appear", "the first-time appearance order of the following categories: a, b, c".
fn appearance_order(c: &mut Cursor) -> Option<Vec<Things>> {
    if c.eat_any(&["in which order", "in what order"]).is_some() {
        super::does(c).then_some(())?;
        let list = noun::list(c)?;
        c.eat("first");
        appear(c)?;
        return Some(list);
    }
    if c.eat_any(&["list", "name", "show", "give", "sort", "order"]).is_some() {
        let kind = noun::things(c).filter(|things| !things.none)?;
        c.eat_any(&[
            "in order of",
            "in the order of",
            "by order of",
            "by",
            "in the order in which they",
            "in the order they",
        ])?;
        c.eat_any(&["their"]);
        if c.eat_any(&["first appearance", "appearance", "arrival", "time of appearance", "first sight"])
            .is_none()
        {
            c.eat("first");
            appear(c)?;
        }
        return Some(vec![kind]);
    }
    c.eat("what").then_some(())?;
    c.eat_any(&["will be", "is", "was"])?;
    c.eat("the");
    c.eat_any(&["first time", "first"]);
    c.eat_any(&["appearance order", "order of appearance", "order of first appearance", "order in which"])?;
    c.eat("of");
    c.eat_any(&[
        "the following categories",
        "the following objects",
        "the following things",
        "these objects",
        "the following",
        "these",
    ]);
    c.eat_any(&["in the video", "in this video", "in the scene"]);
    c.eat(":");
    let list = noun::list(c)?;
    appear(c);
    Some(list)
}

fn appear(c: &mut Cursor) -> Option<()> {
    c.attempt(|c| {
        verb::phrase(c).filter(|(predicate, negated)| {
            matches!(predicate, Predicate::Appear | Predicate::Arrive) && !negated
        })
    })
    .map(|_| ())
}

/// "did the car appear before the bus": the verb of the second is that of the first.
fn before_or_after(c: &mut Cursor) -> Option<(String, String, bool)> {
    super::does(c).then_some(())?;
    let clause = verb::clause(c).filter(|clause| !clause.negated && !clause.none && !clause.every)?;
    let before = c.eat_any(&["before", "earlier than", "after", "later than"])?;
    let other = noun::one(c)?;
    c.eat_any(&["did", "does", "do"]);
    let moment = |subject: &str| clause.predicate.begins(subject);
    Some((moment(&clause.subject)?, moment(&other.program)?, matches!(before, "before" | "earlier than")))
}
