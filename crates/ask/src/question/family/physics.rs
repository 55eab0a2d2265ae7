//! Whether bodies touch, fall, carry one another, and obey physics.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::{ASKED, AT_IF, VIEW};

/// Whether bodies touch, fall, carry one another, and obey physics.
pub(super) struct Physics;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Physics {
    fn name(&self) -> &'static str {
        "physics"
    }

    fn about(&self) -> &'static str {
        "Whether bodies are in contact, fall, carry one another, and obey the laws of physics"
    }

    fn example(&self) -> &'static str {
        "Does the ball obey the laws of physics?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        Meaning::of(super::alternatives(
            c,
            asked,
            &[obeys, breaks, contact, gravity, axis, holds, free_fall],
        )?)
    }
}

const LAWS: &[&str] = &[
    "physics",
    "the laws of physics",
    "laws of physics",
    "the laws of nature",
    "physical laws",
    "any law of physics",
    "a law of physics",
    "any laws of physics",
];

/// What is asked about: "this", "the video", or things.
fn subject(c: &mut Cursor) -> Option<String> {
    if c.eat_any(&[
        "this video",
        "the video",
        "this scene",
        "the scene",
        "this clip",
        "everything",
        "anything",
        "this",
    ])
    .is_some()
    {
        return Some("all()".to_owned());
    }
    Some(c.bare(noun::one)?.program)
}

/// "does the ball obey the laws of physics", "is the scene physically possible".
fn obeys(c: &mut Cursor) -> Option<String> {
    let holds = if super::is(c) {
        let set = subject(c)?;
        let word = c.eat_any(&[
            "physically possible",
            "physically plausible",
            "physically valid",
            "physically impossible",
            "physically implausible",
        ])?;
        (set, !word.contains("im"))
    } else {
        super::does(c).then_some(())?;
        let set = subject(c)?;
        c.eat_any(&["motion", "move so as to"]);
        let word = c.eat_any(&["obey", "follow", "respect", "satisfy", "violate", "break", "defy"])?;
        c.eat_any(LAWS)?;
        (set, !matches!(word, "violate" | "break" | "defy"))
    };
    let (set, obeys) = holds;
    Some(format!("{}exists(violations({set}{ASKED}))", if obeys { "not " } else { "" }))
}

/// "what breaks the laws of physics", "which laws of physics does the ball break".
fn breaks(c: &mut Cursor) -> Option<String> {
    if c.eat_any(&["what", "which things"]).is_some() {
        if c.eat_any(&["is physically impossible", "is physically implausible"]).is_none() {
            c.eat_any(&["breaks", "violates", "defies", "break", "violate", "does not obey"])?;
            c.eat_any(LAWS)?;
        }
        return Some(format!("broken_laws(all(){ASKED})"));
    }
    c.eat_any(&["which laws of physics", "which law of physics", "which physical laws"])?;
    super::does(c).then_some(())?;
    let set = subject(c)?;
    c.eat_any(&["break", "violate", "defy"])?;
    Some(format!("broken_laws({set}{ASKED})"))
}

/// "are the cup and the table in contact", "how long is the car in contact with the bus".
fn contact(c: &mut Cursor) -> Option<String> {
    let when = c.eat_any(&["when", "at what time", "at which moment"]).is_some();
    let how_long = !when && c.eat_any(&["how long", "for how long"]).is_some();
    super::is(c).then_some(())?;
    let subjects = c.bare(noun::list)?;
    c.eat_any(&["in contact", "in physical contact", "physically in contact"])?;
    let (a, b) = match subjects.as_slice() {
        [a, b] if !a.or && !b.or => (&a.program, b.program.clone()),
        [a] => {
            let with = c.eat("with") && c.eat_any(&["each other", "one another"]).is_none();
            (&a.program, if with { c.bare(noun::one)?.program } else { a.program.clone() })
        }
        _ => return None,
    };
    c.eat_any(&["with each other", "with one another", "each other", "one another"]);
    let touches = format!("touches({a}, {b}{ASKED})");
    Some(match (when, how_long) {
        (true, _) => touches,
        (_, true) => format!("duration({touches})"),
        _ => format!("exists({touches})"),
    })
}

/// "how strong is the gravity on the ball", "what is the gravitational acceleration of the ball".
fn gravity(c: &mut Cursor) -> Option<String> {
    if c.eat_any(&["how strong is the gravity", "how strong is gravity", "how large is gravity"]).is_none() {
        c.eat_any(&["what is", "what was", "how large is"])?;
        c.eat("the");
        c.eat_any(&[
            "gravitational acceleration",
            "acceleration of gravity",
            "acceleration of free fall",
            "acceleration due to gravity",
            "gravity",
        ])?;
    }
    c.eat_any(&["on", "of", "that acts on", "acting on", "for"])?;
    Some(format!("gravity({}{ASKED})", noun::one(c)?.program))
}

/// "along which axis does the ball fall".
fn axis(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["along which axis", "on which axis", "along what axis"])?;
    super::does(c).then_some(())?;
    let things = c.bare(noun::one)?;
    c.eat_any(&["fall", "accelerate"])?;
    Some(format!("fall_axis({}{ASKED})", things.program))
}

/// "what carries the cup", "what supports the cup at 3 s", "what holds the cup up", "what is the cup carried by".
fn holds(c: &mut Cursor) -> Option<String> {
    let carriers = |set: &str| format!("carriers({set}, all(){ASKED})");
    let support = |set: &str| format!("support({set}, all(){AT_IF})");
    c.eat_any(&["what", "which thing", "which object"])?;
    if c.eat_any(&["carries", "carried", "is carrying", "was carrying"]).is_some() {
        return Some(carriers(&c.bare(noun::one)?.program));
    }
    if c.eat_any(&["supports", "supported", "is supporting", "holds up", "is holding up", "held up"])
        .is_some()
    {
        return Some(support(&c.bare(noun::one)?.program));
    }
    if c.eat_any(&["holds", "held"]).is_some() {
        let set = c.bare(noun::one)?.program;
        return c.eat("up").then(|| support(&set));
    }
    super::is(c).then_some(())?;
    let set = c.bare(noun::one)?.program;
    match c.eat_any(&["carried by", "supported by", "held up by"])? {
        "carried by" => Some(carriers(&set)),
        _ => Some(support(&set)),
    }
}

/// "is the ball falling freely", "does the ball fall freely", "when does the ball fall freely".
fn free_fall(c: &mut Cursor) -> Option<String> {
    let when = c.eat_any(&["when", "at what time"]).is_some();
    let how_long = !when && c.eat_any(&["how long", "for how long"]).is_some();
    let set = if super::is(c) {
        let set = c.bare(noun::one)?.program;
        c.eat("falling freely").then_some(set)?
    } else {
        super::does(c).then_some(())?;
        let set = c.bare(noun::one)?.program;
        c.eat_any(&["fall freely", "fall"])?;
        c.until_is("freely").then_some(set)?
    };
    let falls = format!("falls({set}{ASKED}{VIEW})");
    Some(if when {
        falls
    } else if how_long {
        format!("duration({falls})")
    } else {
        format!("exists({falls})")
    })
}
