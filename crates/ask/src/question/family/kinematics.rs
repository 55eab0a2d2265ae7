//! How something moves in figures: acceleration, heading, turn rate, relative speed, contact, repetitions, rounds, prediction.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::time::Time;
use crate::question::verb;
use crate::question::{ASKED, AT_OR_ASKED, VIEW};

/// How something moves in figures.
pub(super) struct Kinematics;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Kinematics {
    fn name(&self) -> &'static str {
        "kinematics"
    }

    fn about(&self) -> &'static str {
        "Acceleration, heading, turn rate, relative speed, contact, repetitions, rounds, prediction"
    }

    fn example(&self) -> &'static str {
        "What is the acceleration of the bus at 4 s?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let read = super::alternatives(
            c,
            asked,
            &[figure, of_two, nearest, contact, repeats, rounds, sense, will_be, who_moves],
        )?;
        Meaning::of(match read {
            Asks::Over(program) => program,
            Asks::At(before, after) => {
                let Time::At(moment) = std::mem::take(&mut asked.time) else { return None };
                format!("{before}, {moment}{after}")
            }
        })
    }
}

/// A program, or one that needs the asked moment between two parts.
enum Asks {
    Over(String),
    At(String, String),
}

/// "what is the acceleration of the bus", "how strongly does the car accelerate", "how fast does the car turn".
fn figure(c: &mut Cursor) -> Option<Asks> {
    let asks = |operator: &str, things: Things| {
        Asks::Over(format!("{operator}({}{AT_OR_ASKED}{VIEW})", things.program))
    };
    if c.eat_any(&["how strongly", "how hard", "how much", "how quickly", "how fast"]).is_some() {
        super::does(c).then_some(())?;
        let things = noun::one(c)?;
        let verb = c.eat_any(&[
            "accelerate",
            "brake",
            "speed up",
            "slow down",
            "decelerate",
            "turn",
            "change direction",
        ])?;
        let operator =
            if verb == "turn" || verb == "change direction" { "turn_rate" } else { "acceleration" };
        return Some(asks(operator, things));
    }
    c.eat_any(&["what is", "what was"])?;
    c.eat_any(&["the average", "the mean", "the"]);
    let operator = match c.eat_any(&[
        "acceleration of",
        "heading of",
        "course of",
        "turn rate of",
        "rate of turn of",
        "turning rate of",
        "yaw rate of",
    ])? {
        "acceleration of" => "acceleration",
        "heading of" | "course of" => "heading",
        _ => "turn_rate",
    };
    Some(asks(operator, noun::one(c)?))
}

/// "what is the relative speed of the car and the bus", "… of the car relative to the bus".
fn of_two(c: &mut Cursor) -> Option<Asks> {
    c.eat_any(&["what is", "what was"])?;
    c.eat("the");
    let (a, b) =
        if c.eat_any(&["relative speed of", "relative speed between", "relative velocity of"]).is_some() {
            let a = c.bare(noun::one)?;
            c.eat_any(&["and", "to"])?;
            (a, noun::one(c)?)
        } else {
            c.eat("speed of").then_some(())?;
            let a = c.bare(noun::one)?;
            c.eat_any(&["relative to", "with respect to", "as seen from"])?;
            (a, noun::one(c)?)
        };
    Some(Asks::Over(format!("relative_speed({}, {}{AT_OR_ASKED})", a.program, b.program)))
}

/// "when are the car and the bus closest", "when is the car closest to the bus".
fn nearest(c: &mut Cursor) -> Option<Asks> {
    c.eat_any(&["when", "at what time", "at which moment", "at which time"])?;
    super::is(c).then_some(())?;
    let a = c.bare(noun::one)?;
    let b = if c.eat("and") {
        let b = c.bare(noun::one)?;
        c.eat_any(&["closest", "nearest"])?;
        c.eat_any(&["to each other", "to one another", "together"]);
        b
    } else {
        c.eat_any(&["closest to", "nearest to"])?;
        noun::one(c)?
    };
    Some(Asks::Over(format!("closest_approach({}, {}{ASKED})", a.program, b.program)))
}

/// "how long until the car hits the bus", "what is the time to contact of the car and the bus".
fn contact(c: &mut Cursor) -> Option<Asks> {
    let (a, b) = if c
        .eat_any(&[
            "what is the time to contact",
            "what is the time to collision",
            "what was the time to collision",
        ])
        .is_some()
    {
        c.eat_any(&["of", "between"])?;
        let a = c.bare(noun::one)?;
        c.eat_any(&["and", "with"])?;
        (a, noun::one(c)?)
    } else {
        c.eat_any(&[
            "how long until",
            "in how many seconds will",
            "in how many seconds does",
            "how long before",
        ])?;
        let a = c.bare(noun::one)?;
        c.eat_any(&[
            "hits",
            "hit",
            "reaches",
            "reach",
            "collides with",
            "collide with",
            "runs into",
            "run into",
            "would hit",
            "would reach",
        ])?;
        (a, noun::one(c)?)
    };
    Some(Asks::At(format!("time_to_contact({}, {}", a.program, b.program), ")".to_owned()))
}

/// "how often does the person go back and forth", "how many times does the swing swing".
fn repeats(c: &mut Cursor) -> Option<Asks> {
    c.eat_any(&["how often", "how many times"])?;
    super::does(c).then_some(())?;
    let things = noun::one(c)?;
    if verb::eat_verb(c, "go")
        || verb::eat_verb(c, "move")
        || c.eat_any(&["swing", "walk", "bounce"]).is_some()
    {
        c.eat_any(&["back and forth", "to and fro", "up and down", "from side to side", "left and right"])?;
    } else {
        c.eat_any(&[
            "repeat its motion",
            "repeat the motion",
            "repeat their motion",
            "repeat its movement",
            "oscillate",
        ])?;
    }
    Some(Asks::Over(format!("repetitions({}{ASKED})", things.program)))
}

/// "how many times does the dog go around the tree", "how many rounds does the dog make".
fn rounds(c: &mut Cursor) -> Option<Asks> {
    let n =
        c.eat_any(&["how many times", "how often", "how many rounds", "how many laps", "how many circles"])?;
    super::does(c).then_some(())?;
    let things = c.bare(noun::one)?;
    let around = if c.eat_any(&["circle", "orbit"]).is_some() {
        true
    } else {
        let goes = verb::eat_verb(c, "go")
            || verb::eat_verb(c, "move")
            || c.eat_any(&["make", "complete"]).is_some();
        goes.then_some(())?;
        c.eat_any(&["around", "about"]).is_some()
    };
    let centre = if around { format!(", around: {}", noun::one(c)?.program) } else { String::new() };
    if centre.is_empty() && (n == "how many times" || n == "how often") {
        return None;
    }
    Some(Asks::Over(format!("absolute(revolutions({}{centre}{ASKED}))", things.program)))
}

/// "does the dog go around the tree clockwise or counter-clockwise", "in which sense does the wheel turn".
fn sense(c: &mut Cursor) -> Option<Asks> {
    let told = c.eat_any(&["in which sense", "in what sense", "which way around"]).is_some();
    super::auxiliary(c).then_some(())?;
    let things = c.bare(noun::one)?;
    c.eat_any(&[
        "rotate", "rotating", "turn", "turning", "spin", "spinning", "circle", "circling", "go", "going",
        "move", "moving", "run", "running",
    ])?;
    let centre =
        c.eat_any(&["around", "about"]).is_some() || !told && !c.sees("clockwise") && !c.sees("counter");
    let centre =
        if centre && !c.done() { format!(", around: {}", c.bare(noun::one)?.program) } else { String::new() };
    if !told {
        c.eat_any(&[
            "clockwise or counter-clockwise",
            "clockwise or counter clockwise",
            "clockwise or anti clockwise",
            "clockwise or counterclockwise",
            "clockwise or anticlockwise",
            "clockwise or anti-clockwise",
        ])?;
    }
    Some(Asks::Over(format!("rotation({}{centre}{ASKED})", things.program)))
}

/// "where will the car be at 12 s", "where would the bus be at 12 s if it kept turning".
fn will_be(c: &mut Cursor) -> Option<Asks> {
    c.eat("where").then_some(())?;
    c.eat_any(&["will", "would"])?;
    let things = c.bare(noun::one)?;
    c.eat("be").then_some(())?;
    Some(Asks::At(format!("predict({}", things.program), ")".to_owned()))
}

/// "what moves, the camera or the car", "does the camera move or the car".
fn who_moves(c: &mut Cursor) -> Option<Asks> {
    let things = if c.eat_any(&["what moves", "what is moving", "who moves", "what was moving"]).is_some() {
        c.eat(",");
        if c.eat_any(&["the camera or", "the observer or"]).is_some() {
            c.bare(noun::one)?
        } else {
            let things = c.bare(noun::one)?;
            c.eat_any(&["or the camera", "or the observer"])?;
            things
        }
    } else {
        c.eat_any(&["does the camera move or", "does the camera move or does", "is the camera moving or"])?;
        let things = c.bare(noun::one)?;
        verb::eat_verb(c, "move");
        things
    };
    Some(Asks::Over(format!("motion_pattern({}{ASKED}{VIEW})", things.program)))
}
