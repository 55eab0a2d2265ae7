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
        c.eat_any(&["you are a robot", "i am a robot", "imagine you are a robot", "a robot is"])?;
        c.eat_any(&["beginning", "starting", "standing"])?;
        c.eat_any(&["at", "by", "near", "from"])?;
        let start = landmark(c)?;
        c.eat(",");
        c.eat("and");
        c.eat_any(&["facing towards", "facing toward", "facing"])?;
        let facing = landmark(c)?;
        c.eat(",");
        c.eat_any(&["you want to navigate to", "i want to navigate to", "it wants to navigate to"])?;
        let goal = landmark(c)?;
        c.eat(",");
        c.eat_any(&[
            "you will perform the following actions",
            "i will perform the following actions",
            "it will perform the following actions",
        ])?;
        note(c)?;
        let mut steps = steps(c)?;
        if let Some(Step::Turn) = steps.last() {
            steps.push(Step::Go(goal)); // what is not told goes to the goal
        }
        let (mut stops, mut legs) = (Vec::new(), Vec::new());
        let mut turned = false;
        for step in steps {
            match step {
                Step::Turn if turned => return None, // two turns before one leg
                Step::Turn => {
                    turned = true;
                    legs.push((stops.len() + 1).to_string());
                }
                Step::Go(to) => {
                    turned = false;
                    stops.push(to);
                }
            }
        }
        asked.rest(c)?;
        if legs.is_empty() {
            return None;
        }
        Meaning::of(format!(
            "route_turns({start}, {facing}, [{}], asked: [{}])",
            stops.join(", "),
            legs.join(", ")
        ))
    }
}

enum Step {
    Go(String),
    Turn,
}

/// "the bed", "the head of the bed" is not read.
fn landmark(c: &mut Cursor) -> Option<String> {
    c.attempt(|c| {
        while c.sees("the the") {
            c.skip(1);
        }
        c.bare(noun::described).map(|things| things.program)
    })
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
            c.eat_any(&[
                "go forward until",
                "walk forward until",
                "go straight until",
                "go forward until past",
                "go forward to",
                "go straight to",
            ])?;
            steps.push(Step::Go(landmark(c)?));
        }
    }
    None
}
