//! What the camera does.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;

/// What the camera does.
pub(super) struct Camera;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Camera {
    fn name(&self) -> &'static str {
        "camera-motion"
    }

    fn about(&self) -> &'static str {
        "What the camera does"
    }

    fn example(&self) -> &'static str {
        "Was the camera panning?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        // a camera that is a thing of the World, and of which nobody looked how its pictures move: its way tells
        let vocabulary = &c.vocabulary.vocabulary;
        let is_followed = vocabulary.labels.iter().any(|label| label == "camera");
        if is_followed && !vocabulary.events.iter().any(|kind| ALL.contains(&kind.as_str()) || kind == "shot")
        {
            return None;
        }
        let (question, motion) = super::alternatives(c, asked, &[whether, when])?;
        let kinds = event_kinds(motion, c);
        Meaning::of(match question {
            Question::Whether => {
                let each: Vec<String> =
                    kinds.iter().map(|kind| format!("exists(events(\"{kind}\"{ASKED}))")).collect();
                each.join(" or ")
            }
            Question::When => either(&kinds)?,
        })
    }
}

/// "(while) the camera is panning": when it does.
pub(in crate::question) fn moves(c: &mut Cursor) -> Option<String> {
    c.eat("the camera").then_some(())?;
    super::auxiliary(c);
    let motion = motion(c)?;
    Some(crate::question::unasked(&either(&event_kinds(motion, c))?))
}

/// When there are events of any of these kinds.
fn either(kinds: &[String]) -> Option<String> {
    let each = kinds.iter().map(|kind| format!("when(events(\"{kind}\"{ASKED}))"));
    each.reduce(|so_far, next| format!("either({so_far}, {next})"))
}

enum Question {
    Whether,
    When,
}

/// "was the camera panning", "did the camera zoom in", "is the camera static".
fn whether(c: &mut Cursor) -> Option<(Question, &'static str)> {
    super::auxiliary(c).then_some(())?;
    c.eat("the camera").then_some(())?;
    Some((Question::Whether, motion(c)?))
}

/// "when did the camera pan".
fn when(c: &mut Cursor) -> Option<(Question, &'static str)> {
    c.eat_any(&["when", "at what time"])?;
    super::auxiliary(c).then_some(())?;
    c.eat("the camera").then_some(())?;
    Some((Question::When, motion(c)?))
}

/// What a camera does, as the kinds of events begin.
fn motion(c: &mut Cursor) -> Option<&'static str> {
    c.eat_any(&["ever", "be"]);
    let verbs: &[(&[&'static str], &str)] = &[
        (&["pan", "pans", "panned", "panning"], "pan"),
        (&["tilt", "tilts", "tilted", "tilting"], "tilt"),
        (&["zoom", "zooms", "zoomed", "zooming"], "zoom"),
        (&["roll", "rolls", "rolled", "rolling"], "roll"),
        (
            &["travel", "travels", "travelled", "travelling", "traveling", "dolly", "dollying", "tracking"],
            "travelling",
        ),
        (&["static", "still", "stationary", "fixed", "standing still", "stand still"], "static"),
        (&["moving", "move", "moves", "moved", "in motion"], "moving"),
    ];
    let verb = verbs.iter().find(|(forms, _)| c.eat_any(forms).is_some()).map(|(_, verb)| *verb)?;
    let way = c.eat_any(&[
        "to the left",
        "to the right",
        "leftwards",
        "rightwards",
        "leftward",
        "rightward",
        "upwards",
        "downwards",
        "upward",
        "downward",
        "left",
        "right",
        "up",
        "down",
        "inwards",
        "outwards",
        "in",
        "out",
        "counterclockwise",
        "counter clockwise",
        "clockwise",
    ]);
    Some(match (verb, way) {
        (verb, None) => verb,
        ("pan", Some("left" | "to the left" | "leftwards" | "leftward")) => "pan left",
        ("pan", Some("right" | "to the right" | "rightwards" | "rightward")) => "pan right",
        ("tilt", Some("up" | "upwards" | "upward")) => "tilt up",
        ("tilt", Some("down" | "downwards" | "downward")) => "tilt down",
        ("zoom", Some("in" | "inwards")) => "zoom in",
        ("zoom", Some("out" | "outwards")) => "zoom out",
        ("roll", Some("clockwise")) => "roll clockwise",
        ("roll", Some("counterclockwise" | "counter clockwise")) => "roll counterclockwise",
        _ => return None,
    })
}

/// The motions of a camera, as perception writes them.
const ALL: [&str; 9] = [
    "pan left",
    "pan right",
    "tilt up",
    "tilt down",
    "zoom in",
    "zoom out",
    "roll clockwise",
    "roll counterclockwise",
    "travelling",
];

/// The kinds of events that this word covers, as perception writes them.
fn event_kinds(word: &'static str, c: &Cursor) -> Vec<String> {
    if c.vocabulary.vocabulary.events.iter().any(|kind| kind == word) {
        return vec![word.to_owned()];
    }
    match word {
        "moving" => ALL.map(str::to_owned).to_vec(),
        "pan" | "tilt" | "zoom" | "roll" => {
            ALL.iter().filter(|kind| kind.starts_with(word)).map(|kind| (*kind).to_owned()).collect()
        }
        word => vec![word.to_owned()],
    }
}
