//! Which turns lead from one place to another.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;

/// Which turns lead from one place to another.
pub(super) struct Route;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Route {
    fn name(&self) -> &'static str {
        "route"
    }

    fn about(&self) -> &'static str {
        "Which turns lead from one place to another"
    }

    fn example(&self) -> &'static str {
        "You are a robot beginning at the door and facing the window. You want to navigate to the sofa. You will perform \
         the following actions: 1. [fill in] 2. Go forward until the sofa."
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        c.eat_any(&[
            "you are a robot beginning at",
            "you are a robot starting at",
            "i am a robot beginning at",
        ])?;
        let start = landmark(c)?;
        c.eat(",");
        c.eat("and");
        c.eat_any(&["facing towards", "facing"])?;
        let mut facing = landmark(c)?;
        c.eat(",");
        c.eat_any(&["you want to navigate to", "i want to navigate to"])?;
        landmark(c)?;
        c.eat(",");
        c.eat("you will perform the following actions").then_some(())?;
        note(c)?;
        let (mut at, mut back) = (start, false);
        let mut turns = Vec::new();
        let steps = steps(c)?;
        for (index, step) in steps.iter().enumerate() {
            match step {
                Step::Go(to) => {
                    // having walked here, what was left behind gives the heading
                    facing = std::mem::replace(&mut at, to.clone());
                    back = true;
                }
                Step::Turn => {
                    let next = steps[index..].iter().find_map(|step| match step {
                        Step::Go(to) => Some(to.clone()),
                        Step::Turn => None,
                    })?;
                    turns.push(turn(&at, &facing, &next, back));
                }
            }
        }
        asked.rest(c)?;
        if turns.is_empty() {
            return None;
        }
        Meaning::of(format!("[{}]", turns.join(", ")))
    }
}

enum Step {
    Go(String),
    Turn,
}

/// The turn at `at` towards `next` for somebody who faces `facing`, or has it behind them.
fn turn(at: &str, facing: &str, next: &str, back: bool) -> String {
    if !back {
        return format!("direction({next}, {at}, {facing}, sectors: LRB3)");
    }
    // left and right change sides when one looks back; what lies within 45 degrees of the way back is behind
    let bearing = format!("bearing({next}, {at}, {facing})");
    format!("if(absolute({bearing}) < 45 deg, \"back\", if({bearing} < 0 deg, \"left\", \"right\"))")
}

/// "the bed", "the head of the bed" is not read.
fn landmark(c: &mut Cursor) -> Option<String> {
    c.bare(noun::described).map(|things| things.program)
}

/// The note on how to fill in, in brackets.
fn note(c: &mut Cursor) -> Option<()> {
    if c.eat("(") {
        for _ in 0..60 {
            if c.eat(")") {
                break;
            }
            c.skip(1);
        }
    }
    c.eat(":");
    Some(())
}

/// "1. Go forward until the door 2. [fill in] …"
fn steps(c: &mut Cursor) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for _ in 0..40 {
        while c.eat_any(&[",", ":"]).is_some() {}
        if c.eat_any(&["you have reached the final destination", "you have reached your destination"])
            .is_some()
            || c.done()
        {
            return (!steps.is_empty()).then_some(steps);
        }
        if let Some(crate::question::token::Kind::Number(_)) = c.token(0).map(|token| token.kind) {
            c.skip(1);
        } else if c.eat_any(&["[ fill in ]", "[ fill in"]).is_some() {
            steps.push(Step::Turn);
        } else {
            c.eat_any(&["go forward until", "walk forward until", "go straight until"])?;
            steps.push(Step::Go(landmark(c)?));
        }
    }
    None
}
