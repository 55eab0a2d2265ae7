//! Who looks, and which way: "standing by the stove and facing the sofa", "from the camera's point of view".

use super::AT_IF;
use super::cursor::{Cursor, plain};
use super::noun::{self, Things};
use super::token::Kind;

/// Somebody who stands by one thing and faces another.
#[derive(Clone, Debug)]
pub(super) struct Viewpoint {
    /// Where they stand.
    pub(super) standing_at: Things,
    /// What they face.
    pub(super) facing: Things,
}

/// "If I am standing by the stove and facing the sofa", "as seen from the door looking at the window".
pub(super) fn viewpoint(c: &mut Cursor) -> Option<Viewpoint> {
    c.attempt(|c| {
        c.eat_any(&["if", "when", "suppose", "imagine", "assuming", "assume", "while"]);
        c.eat_any(&["i am", "you are", "i was", "i", "you", "we are", "someone is", "a person is", "one is"]);
        let stands = c.eat_any(&[
            "standing",
            "stand",
            "positioned",
            "sitting",
            "sit",
            "as seen",
            "seen",
            "viewed",
            "as viewed",
            "looking",
        ]);
        let by = c.eat_any(&["by", "at", "next to", "beside", "near", "on", "from"]);
        if stands.is_none() && by != Some("from") {
            return None;
        }
        by?;
        let standing_at = place_of(c)?;
        c.eat(",");
        c.eat("and");
        c.eat("while");
        c.eat_any(&[
            "facing towards",
            "facing",
            "face",
            "looking at",
            "looking towards",
            "looking toward",
            "look at",
            "turned to",
        ])?;
        let facing = place_of(c)?;
        Some(Viewpoint { standing_at, facing })
    })
}

/// A thing by which somebody stands; without the clauses that would swallow "and facing".
fn place_of(c: &mut Cursor) -> Option<Things> {
    noun::one(c)
}

/// "from the camera's point of view", "in the picture's frame": a reference frame.
pub(super) fn view(c: &mut Cursor) -> Option<&'static str> {
    c.attempt(|c| {
        if c.eat_any(&[
            "as seen by the camera",
            "as seen from the camera",
            "seen from the camera",
            "relative to the camera",
            "with respect to the camera",
            "from the camera",
        ])
        .is_some()
        {
            c.eat("'s");
            c.eat_any(&["point of view", "perspective", "viewpoint", "view"]);
            return Some("camera");
        }
        if c.eat_any(&["in the camera frame", "in camera coordinates", "in the camera 's frame"]).is_some() {
            return Some("camera");
        }
        if c.eat_any(&["in image coordinates", "in the image plane", "in picture coordinates"]).is_some() {
            return Some("image");
        }
        c.eat_any(&["in the world", "in world coordinates", "on the ground", "in the world frame"])
            .map(|_| "world")
    })
}

/// A viewpoint as a program: "I am at (1.5, 2) facing 35 degrees", "from the driver's seat of the car", "from Anna's point of view".
pub(super) fn viewer(c: &mut Cursor) -> Option<String> {
    c.attempt(pose).or_else(|| c.attempt(of_a_thing))
}

/// "I am at (1.5, 2) facing 35 degrees", counter-clockwise from the x axis of the world.
fn pose(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["if", "suppose", "imagine", "when"]);
    c.eat_any(&["i am", "you are", "someone is", "somebody is", "we are", "it is"]);
    c.eat_any(&["standing", "sitting", "positioned", "located"]);
    c.eat("at").then_some(())?;
    c.eat_any(&["position", "the position", "point", "the point"]);
    let bracket = c.eat_any(&["(", "["])?;
    let mut numbers = vec![figure(c)?];
    while c.eat(",") {
        numbers.push(figure(c)?);
    }
    c.eat(if bracket == "(" { ")" } else { "]" }).then_some(())?;
    c.eat(",");
    c.eat("and");
    c.eat_any(&[
        "facing",
        "heading",
        "looking",
        "turned to",
        "looking towards",
        "with heading",
        "with a heading of",
    ])?;
    let heading = figure(c)?;
    c.eat_any(&["degrees", "deg", "degree"])?;
    let place: Vec<String> = numbers.into_iter().map(signed).collect();
    (2..=3)
        .contains(&place.len())
        .then(|| format!("pose([{}], {}, in: world)", place.join(", "), degrees(heading)))
}

fn figure(c: &mut Cursor) -> Option<f64> {
    let Kind::Number(value) = c.token(0)?.kind else { return None };
    c.skip(1);
    Some(value)
}

/// A number as programs write it; they have no negative literals.
fn signed(value: f64) -> String {
    if value < 0.0 { format!("-{}", plain(-value)) } else { plain(value) }
}

fn degrees(value: f64) -> String {
    format!("{} deg", signed(value))
}

/// "from the driver's seat of the car", "from the car's point of view", "as seen by the robot".
fn of_a_thing(c: &mut Cursor) -> Option<String> {
    let own = |things: Things| Some(format!("own_view({}{AT_IF})", things.program));
    if c.eat_any(&[
        "as seen by",
        "seen by",
        "as seen from",
        "seen from",
        "as viewed from",
        "viewed from",
        "from the perspective of",
        "from the point of view of",
        "from the viewpoint of",
        "for the driver of",
        "for somebody in",
        "for someone in",
        "to the driver of",
    ])
    .is_some()
    {
        return own(c.bare(noun::one)?);
    }
    if c.eat_any(&["if i were", "if i was", "imagine i am", "suppose i am", "if you were", "when i am"])
        .is_some()
    {
        c.eat_any(&["the driver of", "driving", "inside", "in", "sitting in", "in the driver 's seat of"])?;
        return own(c.bare(noun::one)?);
    }
    if c.eat_any(&["if i sat in", "if i sit in", "if i drove", "if i drive", "if i am in", "sitting in"])
        .is_some()
    {
        return own(c.bare(noun::one)?);
    }
    c.eat("from").then_some(())?;
    if c.eat_any(&[
        "the driver 's seat",
        "the driver seat",
        "the driver 's point of view",
        "the driver 's view",
    ])
    .is_some()
    {
        c.eat_any(&["of", "in"])?;
        return own(c.bare(noun::one)?);
    }
    let things = c.bare(noun::one)?;
    c.eat("'s").then_some(())?;
    c.eat_any(&["point of view", "perspective", "viewpoint", "view", "side of view", "position"])?;
    own(things)
}

/// "if I turn right twice and walk 2 m", "when I turn around", "looking to my left": what the viewer does, in order.
pub(super) fn turns(c: &mut Cursor) -> Option<Vec<String>> {
    c.attempt(|c| {
        let conditional =
            c.eat_any(&["if", "when", "after", "once", "suppose", "as soon as", "while"]).is_some();
        if conditional {
            c.eat_any(&[
                "i were to",
                "you were to",
                "i was to",
                "i",
                "you",
                "we",
                "one",
                "he",
                "she",
                "they",
            ])?;
            c.eat_any(&["am", "are", "have", "only", "just"]);
        }
        // "if I sat in the bus | and turned left"
        let conditional = conditional || c.eat("and");
        let mut out = Vec::new();
        for _ in 0..8 {
            let more = !out.is_empty();
            let Some(mut taken) = c.attempt(|c| step(c, conditional || more)) else { break };
            out.append(&mut taken);
            c.attempt(|c| {
                let comma = c.eat(",");
                let and = c.eat_any(&["and then", "then", "and"]).is_some();
                let mut ahead = *c;
                ((comma || and) && step(&mut ahead, true).is_some()).then_some(())
            });
        }
        (!out.is_empty()).then_some(out)
    })
}

/// One turn or walk.
fn step(c: &mut Cursor, finite: bool) -> Option<Vec<String>> {
    let verb = c.eat_any(if finite {
        &[
            "turn", "turned", "turning", "look", "looked", "looking", "rotate", "rotated", "face", "walk",
            "walked", "go", "went", "move", "moved", "step", "stepped",
        ]
    } else {
        &["turning", "looking", "rotating"]
    })?;
    if matches!(verb, "walk" | "walked" | "go" | "went" | "move" | "moved" | "step" | "stepped") {
        let way = c.eat_any(&[
            "forward",
            "forwards",
            "straight",
            "ahead",
            "straight ahead",
            "backward",
            "backwards",
            "back",
        ]);
        c.eat("for");
        let length = c.length()?;
        let way = way.or_else(|| {
            c.eat_any(&[
                "forward",
                "forwards",
                "straight",
                "ahead",
                "straight ahead",
                "backward",
                "backwards",
                "back",
            ])
        });
        let sign = if way.is_some_and(|way| way.starts_with("back")) { "-" } else { "" };
        return Some(vec![format!("stepped({{}}, {sign}{length})")]);
    }
    if c.eat_any(&["around", "back", "backward", "backwards", "about", "behind me"]).is_some() {
        return Some(vec!["turned({}, 180 deg)".to_owned()]);
    }
    if c.sees("slightly") || c.sees("a little") {
        return None; // how far?
    }
    let told = c.attempt(|c| {
        let value = figure(c)?;
        c.eat_any(&["degrees", "deg"])?;
        Some(value)
    });
    c.eat_any(&["to", "towards", "toward"]);
    c.eat_any(&["my", "your", "the"]);
    let left =
        c.eat_any(&["left", "right", "clockwise", "counterclockwise", "counter clockwise", "anticlockwise"])?;
    let sign = if matches!(left, "right" | "clockwise") { "-" } else { "" };
    let times = c.eat_any(&["twice", "two times", "three times", "once", "again"]);
    let value = told.or_else(|| {
        c.attempt(|c| {
            c.eat("by");
            let value = figure(c)?;
            c.eat_any(&["degrees", "deg"])?;
            Some(value)
        })
    });
    let n = match times {
        Some("twice" | "two times") => 2,
        Some("three times") => 3,
        _ => 1,
    };
    Some(vec![format!("turned({{}}, {sign}{} deg)", plain(value.unwrap_or(90.0))); n])
}

/// A side of who asks: "to my left", "on the right hand side of me", "behind me", "in my 5 o'clock direction", "that I am facing":
/// the word and the sectors that it is one of. With `told`, only where "me" or "my" is said.
pub(super) fn side_of_me(c: &mut Cursor, told: bool) -> Option<(String, &'static str)> {
    c.attempt(|c| {
        let direct =
            c.eat_any(&["directly", "immediately", "just", "right", "straight"]).filter(|_| !c.sees("of"));
        if direct.is_none() {
            c.eat_any(&["exactly", "somewhere", "far", "all the way"]);
        }
        // a side divides everything in two halves; what is directly there lies in a quarter
        let halves = |direct: bool, word: &str| match word {
            _ if direct => "CARD4",
            "front" | "back" => "FB2",
            _ => "LR2",
        };
        if c.eat_any(&["that i am facing", "which i am facing", "i am facing", "i face", "you are facing"])
            .is_some()
        {
            return Some(("front".to_owned(), "FB2"));
        }
        let me = |c: &mut Cursor| {
            c.eat_any(&["me", "my position", "you", "your position", "where i am", "myself"]).is_some()
        };
        let before =
            c.eat_any(&["in front of", "infront of", "ahead of", "behind", "in back of", "at the back of"]);
        if let Some(word) = before {
            me(c).then_some(())?;
            let front =
                word.starts_with("in front") || word.starts_with("infront") || word.starts_with("ahead");
            let side = if front { "front" } else { "back" };
            return Some((side.to_owned(), halves(direct.is_some(), side)));
        }
        if !told && c.eat_any(&["in front", "straight ahead", "up front"]).is_some() {
            return (!c.sees("of")).then(|| ("front".to_owned(), halves(direct.is_some(), "front")));
        }
        c.eat_any(&["to", "on", "at", "in", "towards", "from"])?;
        let my = c.eat_any(&["my", "your"]).is_some();
        if !my {
            c.eat("the");
        }
        let direct = direct.is_some() || c.eat_any(&["immediate", "direct", "very"]).is_some();
        c.eat_any(&["far", "near"]);
        if let Some(Kind::Number(hour)) = c.token(0).map(|token| token.kind) {
            c.skip(1);
            c.eat_any(&["o'clock", "oclock", "o clock"])?;
            c.eat_any(&["direction", "position"]);
            let whole = (1.0..=12.0).contains(&hour) && hour.fract() == 0.0;
            // of a thing it would be another relation
            return (whole && (my || !c.sees("of"))).then(|| (format!("{hour} o'clock"), "CLOCK12"));
        }
        let hour = [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        ];
        if let Some(n) =
            hour.iter().position(|word| *word == c.word(0)).filter(|_| c.word(1).starts_with("o'clock"))
        {
            c.skip(2);
            c.eat_any(&["direction", "position"]);
            return Some((format!("{} o'clock", n + 1), "CLOCK12"));
        }
        let word = c.eat_any(&[
            "front left",
            "front right",
            "back left",
            "back right",
            "rear left",
            "rear right",
            "left",
            "right",
            "front",
            "back",
            "rear",
        ])?;
        c.eat_any(&["hand side", "hand", "side"]);
        let of_me = c.eat("of") && me(c);
        if !of_me && (told && !my || c.word(0) == "of" || c.until_is("of")) {
            return None;
        }
        let word = word.replace("rear", "back").replace(' ', "-");
        let sectors = if word.contains('-') { "QUAD4" } else { halves(direct, &word) };
        Some((word, sectors))
    })
}
