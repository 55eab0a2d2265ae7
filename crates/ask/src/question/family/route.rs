//! Which turns lead from one place to another.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::landmark::{self, Landmark};
use crate::question::token::Kind;

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
            "you are a robot",
            "i am a robot",
            "imagine you are a robot",
            "a robot is",
            "the robot is",
        ])?;
        c.eat_any(&["beginning", "starting", "standing", "located", "placed"]);
        let start = phrase(c, |c| {
            c.eat_any(&["and facing", "facing", "and looking at", "looking at", "and looking", "looking"])
                .is_some()
        })?;
        c.eat_any(&["towards", "toward", "at"]);
        let facing = phrase(c, |c| {
            c.attempt(|c| {
                c.eat_any(&["you", "i", "it", "the robot"])?;
                c.eat_any(&[
                    "want to navigate to",
                    "wants to navigate to",
                    "want to go to",
                    "wants to go to",
                    "need to navigate to",
                    "want to get to",
                ])
            })
            .is_some()
        })?;
        let goal = phrase(c, |c| {
            c.attempt(|c| {
                c.eat_any(&["you", "i", "it", "the robot"])?;
                c.eat_any(&["will", "should", "must", "need to"]);
                c.eat_any(&[
                    "perform the following actions",
                    "take the following actions",
                    "perform these actions",
                    "follow these steps",
                ])
            })
            .is_some()
        })?;
        note(c);
        let mut steps = steps(c)?;
        if let Some(Step::Turn { .. }) = steps.last() {
            steps.push(Step::Go(goal.clone())); // what is not told goes to the goal
        }
        asked.rest(c)?;
        if landmark::tells_side(&facing) {
            return None; // where one stands hangs on it
        }
        let inward = facing.len() <= 3 && facing.first().is_some_and(|word| word == "into");
        let start = Landmark::read(&start, c.vocabulary)?;
        let facing = if inward { start.clone() } else { Landmark::read(&facing, c.vocabulary)? };
        let goal = Landmark::read(&goal, c.vocabulary)?;
        let facing = facing.or_one_of(&[&start]);
        let n_stops = steps.iter().filter(|step| matches!(step, Step::Go(_))).count();
        let (mut stops, mut legs, mut parts) = (Vec::<Landmark>::new(), Vec::new(), Vec::new());
        if start.is_part {
            parts.push("0".to_owned());
        }
        let mut turned = false;
        for step in steps {
            match step {
                Step::Turn { .. } if turned => return None, // two turns before one leg
                Step::Turn { asked } => {
                    turned = true;
                    if asked {
                        legs.push((stops.len() + 1).to_string());
                    }
                }
                Step::Go(words) => {
                    turned = false;
                    let stop = Landmark::read(&words, c.vocabulary)?;
                    // the way ends at the goal, which may be named in short there
                    let last = stops.len() + 1 == n_stops;
                    let named: Vec<&Landmark> = if last {
                        vec![&goal]
                    } else {
                        [&start, &facing, &goal].into_iter().chain(&stops).collect()
                    };
                    let stop = stop.or_one_of(&named);
                    if stop.is_part {
                        parts.push((stops.len() + 1).to_string());
                    }
                    stops.push(stop);
                }
            }
        }
        if legs.is_empty() {
            return None;
        }
        let stops: Vec<&str> = stops.iter().map(|stop| stop.program.as_str()).collect();
        let mut program = format!(
            "route_turns({}, {}, [{}], asked: [{}]",
            start.program,
            facing.program,
            stops.join(", "),
            legs.join(", ")
        );
        if !parts.is_empty() {
            program += &format!(", parts: [{}]", parts.join(", "));
        }
        let among: Vec<String> = asked.options.iter().map(|option| turns_of(&option.text)).collect();
        if !among.is_empty()
            && among.iter().all(|turns| turns.split(' ').count() == legs.len() && !turns.is_empty())
        {
            let quoted: Vec<String> = among.iter().map(|turns| format!("\"{turns}\"")).collect();
            program += &format!(", among: [{}]", quoted.join(", "));
        }
        if inward {
            program += ", looking: away";
        }
        Meaning::of(program + ")")
    }
}

enum Step {
    Go(Vec<String>),
    Turn { asked: bool },
}

/// "Turn Left, Turn Back" as `left back`.
fn turns_of(option: &str) -> String {
    let words = option.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    let turns = words.filter_map(|word| match word.as_str() {
        "left" | "right" | "back" => Some(word),
        "around" => Some("back".to_owned()),
        _ => None,
    });
    turns.collect::<Vec<_>>().join(" ")
}

/// Longest landmark that is read, in words.
const MOST_WORDS: usize = 16;

/// The words up to what `end` passes.
fn phrase(c: &mut Cursor, end: impl Fn(&mut Cursor) -> bool) -> Option<Vec<String>> {
    let mut words = Vec::new();
    while !end(c) {
        if c.done() || words.len() > MOST_WORDS {
            return None;
        }
        match c.token(0) {
            Some(token) if token.kind == Kind::Mark => {}
            Some(token) => words.push(token.text.clone()),
            None => return None,
        }
        c.skip(1);
    }
    landmark::strip(&mut words);
    (!words.is_empty()).then_some(words)
}

/// The note on how to fill in, in brackets.
fn note(c: &mut Cursor) {
    if c.eat("(") {
        for _ in 0..60 {
            if c.eat(")") {
                break;
            }
            c.skip(1);
        }
    }
    c.eat(":");
}

const REACHED: &[&str] = &[
    "you have reached the final destination",
    "you have reached your destination",
    "you have reached the destination",
    "you have arrived",
];

/// "1. Go forward until the door 2. [fill in] …"
fn steps(c: &mut Cursor) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for _ in 0..40 {
        while c.eat_any(&[",", ":", "]", ")"]).is_some() {}
        if c.eat_any(REACHED).is_some() || c.done() {
            return (!steps.is_empty()).then_some(steps);
        }
        if let Some(Kind::Number(_)) = c.token(0).map(|token| token.kind) {
            c.skip(1);
        } else if c.eat("[") {
            c.eat_any(&["fill in", "fill in the blank", "fill"])?;
            steps.push(Step::Turn { asked: true });
        } else if c.eat_any(&["turn left", "turn right", "turn back", "turn around"]).is_some() {
            steps.push(Step::Turn { asked: false });
        } else {
            c.eat_any(&["go", "walk", "move", "drive", "continue", "head", "proceed"])?;
            c.eat_any(&["forward", "straight", "forwards", "straight ahead", "ahead", "on"]);
            // a length alone ("about 1 meter") names no landmark, and none will be found
            c.eat_any(&[
                "until you reach",
                "until reaching",
                "until you get to",
                "until",
                "to",
                "towards",
                "toward",
                "for",
            ]);
            steps.push(Step::Go(phrase(c, next_step)?));
        }
    }
    None
}

/// Whether a landmark ends here: the number of the next step, a blank, the end.
fn next_step(c: &mut Cursor) -> bool {
    let mut ahead = *c;
    if let Some(Kind::Number(_)) = ahead.token(0).map(|token| token.kind) {
        ahead.skip(1);
        while ahead.eat_any(&[",", ")", ":"]).is_some() {}
        return ["[", "go", "walk", "move", "turn", "drive", "continue", "head", "proceed"]
            .contains(&ahead.word(0));
    }
    c.done() || c.sees("[") || REACHED.iter().any(|end| c.sees(end))
}

#[cfg(test)]
mod tests {
    use crate::question::{Reading, Vocabulary, read};

    fn program(start: &str, steps: &str, labels: &[&str]) -> String {
        let vocabulary = Vocabulary {
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            metric: true,
            timeless: true,
            ..Vocabulary::default()
        };
        let question = format!(
            "You are a robot beginning at {start} You will perform the following actions (Note: for each [please fill in], choose either 'turn back,' 'turn left,' or 'turn right.'): {steps}"
        );
        match read(&question, None, &vocabulary) {
            Reading::Read(read) => read.program,
            other => format!("{other:?}"),
        }
    }

    const ROOM: &[&str] = &["door", "sofa", "table", "window", "tv", "bed", "nightstand"];

    #[test]
    fn landmarks_are_told_in_many_ways() {
        for (start, steps, expected) in [
            (
                "the door and facing the tv. You want to navigate to the sofa.",
                "1. [please fill in]. 2. Go forward until the sofa. You have reached the final destination.",
                "route_turns(all(\"door\"), all(\"tv\"), [all(\"sofa\")], asked: [1])",
            ),
            // a landmark that is told in full once and in short later
            (
                "the window facing the window. You want to navigate to the nightstand closest to the door.",
                "1. [Please fill in] 2. Go forward until past the foot of the bed. 3. [please fill in] 4. Go forward until the nightstand. You have reached the final destination.",
                "route_turns(all(\"window\"), all(\"window\"), [all(\"bed\"), nearest(all(\"nightstand\"), all(\"door\"))], asked: [1, 2], parts: [1])",
            ),
            (
                "the door with the locks, facing the door. You want to navigate to the old sofa under the clock.",
                "1. [please fill in] 2. Go forward until 2 feet before the wall. 3. [please fill in] 4. Go forward until the sofa",
                "route_turns(meant(all(\"door\"), \"door with the locks\"), meant(all(\"door\"), \"door with the locks\"), [all(\"wall\"), meant(all(\"sofa\"), \"old sofa under the clock\")], asked: [1, 2])",
            ),
            (
                "the bed and facing into the room. You want to navigate to the large speakers.",
                "1. [please fill in] 2. Go forward until the large speakers.",
                "route_turns(all(\"bed\"), all(\"bed\"), [all(\"large speaker\")], asked: [1], looking: away)",
            ),
        ] {
            assert_eq!(program(start, steps, ROOM), expected);
        }
    }

    #[test]
    fn what_stands_on_my_left_is_not_dropped() {
        let start = "the bed facing the bed with the window on your left. You want to navigate to the sofa.";
        let found = program(start, "1. [please fill in] 2. Go forward until the sofa.", ROOM);
        assert!(found.starts_with("Unsupported"), "{found}");
    }
}
