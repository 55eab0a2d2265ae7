//! Where something lies for who asks: which way to go, what is on a side, what is closer.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::{self, Things};
use crate::question::relation;
use crate::question::viewpoint::side_of_me;
use crate::question::{AT_IF, VIEWER};

/// Where something lies for who asks: which way to go, what is on a side, what is closer.
pub(super) struct Perspective;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Perspective {
    fn name(&self) -> &'static str {
        "perspective"
    }

    fn about(&self) -> &'static str {
        "Where something lies for who asks: which way to go, what is on a side, what is closer"
    }

    fn example(&self) -> &'static str {
        "I am at (1, 2) facing 90 degrees. Which direction should I go if I want to open the door?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        if let Some(readings) = super::alternatives(c, asked, &[which_way]) {
            return Meaning::either(readings.to_vec());
        }
        let program = super::alternatives(
            c,
            asked,
            &[on_my_side, closer_to_me, far_from_me, can_i_see, what_do_i_see, facing],
        )?;
        // "can I see a chair" asks of a scene whether there is one, unless it says from where
        let stated = asked.viewer.is_some() || asked.viewpoint.is_some() || !asked.turns.is_empty();
        if program.starts_with("exists(visible_from") && !stated {
            return None;
        }
        Meaning::of(program.trim_start().replace(BETWEEN, &asked.between()))
    }
}

/// Those of a set that are nearest to who asks.
fn closest(set: &str) -> String {
    format!("argmin({set}, distance_from(it, {VIEWER}{AT_IF}))")
}

/// "which direction should I go if I want to open the window", "where do I turn to see the tv", "if I want to use the sink, which
/// way should I go".
///
/// The first word is that of four quarters, the second of two halves: where they agree, there is one answer.
fn which_way(c: &mut Cursor) -> Option<[String; 2]> {
    let before = c.attempt(goal).filter(|_| {
        c.eat(",");
        true
    });
    c.eat("in");
    c.eat_any(&[
        "which direction",
        "what direction",
        "which way",
        "what way",
        "which side",
        "what side",
        "where",
        "to which side",
        "towards which direction",
    ])?;
    c.eat_any(&[
        "should i",
        "do i have to",
        "do i need to",
        "should i have to",
        "would i have to",
        "would i need to",
        "do i",
        "can i",
        "must i",
        "would i",
        "will i",
        "should you",
        "do you",
        "shall i",
        "could i",
    ])?;
    c.eat_any(&[
        "go",
        "turn",
        "walk",
        "move",
        "look",
        "head",
        "turn my head",
        "turn to get",
        "turn to look at",
        "turn my head to look at",
        "turn to see",
        "turn to reach",
        "look to see",
        "walk to get",
        "go to get",
        "go to reach",
        "face",
        "find",
        "get to",
        "turn to",
        "look to",
    ])?;
    c.eat_any(&["to", "towards", "in"]);
    let target = match before {
        Some(target) => target,
        // "which way should I look for the clock"
        None => c.attempt(goal).or_else(|| {
            c.attempt(|c| {
                c.eat_any(&["my", "the", "for"]);
                noun::one(c)
            })
        })?,
    };
    let by =
        |sectors: &str| format!("lies({}, {VIEWER}, sectors: {sectors}{AT_IF})", closest(&target.program));
    Some([by("CARD4"), by("LR2")])
}

/// "if I want to open the window", "to see the tv", "if I needed to exit the room": the thing that one has to come to.
fn goal(c: &mut Cursor) -> Option<Things> {
    c.eat_any(&["if", "in order", "when"]);
    c.eat_any(&["i", "you", "we"]);
    c.eat_any(&[
        "want to",
        "wanted to",
        "need to",
        "needed to",
        "would like to",
        "have to",
        "wish to",
        "am to",
        "were to",
        "to",
    ])?;
    // one leaves through a door
    if c.eat_any(&["exit", "leave", "get out of", "go out of", "walk out of"]).is_some() {
        c.eat_any(&["the", "this"]);
        c.eat_any(&[
            "room",
            "bathroom",
            "bedroom",
            "kitchen",
            "office",
            "apartment",
            "house",
            "building",
            "hotel",
        ]);
        return Some(Things::all("door"));
    }
    c.eat_any(&[
        "take a look at",
        "look at",
        "look out of",
        "look out",
        "see out of",
        "see out",
        "go to",
        "get to",
        "walk to",
        "turn on",
        "turn off",
        "switch on",
        "switch off",
        "reach for",
        "sit down on",
        "sit on",
        "lie down on",
        "lie on",
        "sleep on",
        "sleep in",
        "write on",
        "throw away trash in",
    ])
    .map(|_| ())
    .or_else(|| {
        // any one verb with its object
        let word = c.word(0);
        let open = !word.is_empty() && !["the", "a", "an", "my"].contains(&word) && !c.word(1).is_empty();
        open.then(|| c.skip(1))
    })?;
    c.eat("my");
    noun::one(c).filter(|things| !things.none && !things.label.is_empty())
}

/// "what is on my left", "what object is directly behind me".
fn on_my_side(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["what object", "what thing", "which object", "what item", "what"])?;
    super::is(c).then_some(())?;
    c.eat_any(&["the object", "the first object", "the thing", "an object", "located", "there"]);
    let pixels = c.vocabulary.vocabulary.pixels;
    let (side, sectors) = side_of_me(c, pixels)?;
    Some(format!("label({})", closest(&relation::on_side("all()", &side, sectors))))
}

/// "which is closer to me, the bed or the desk", "is the bed or the desk closer to me", "am I closer to the bed or the desk".
fn closer_to_me(c: &mut Cursor) -> Option<String> {
    let nearer: &[&str] = &["closer to", "nearer to", "closest to", "nearest to"];
    let farther: &[&str] =
        &["further away from", "farther away from", "further from", "farther from", "farthest from"];
    let comparison = |c: &mut Cursor| -> Option<&'static str> {
        c.eat("the");
        let near = nearer.iter().any(|phrase| c.eat(phrase));
        (near || farther.iter().any(|phrase| c.eat(phrase))).then_some(if near { "argmin" } else { "argmax" })
    };
    let me = |c: &mut Cursor| {
        c.eat_any(&["me", "my position", "the camera", "you", "where i am", "my current position"])
    };
    let two = |c: &mut Cursor| noun::list(c).filter(|list| list.len() == 2);
    let (op, list) = if c.eat_any(&["am i", "are you"]).is_some() {
        let op = comparison(c)?;
        (op, two(c)?)
    } else if c.eat_any(&["which one", "which object", "which thing", "which", "what"]).is_some() {
        super::is(c).then_some(())?;
        let op = comparison(c)?;
        me(c)?;
        c.eat_any(&[",", ":"]);
        let between = c.eat("between");
        let list = if between {
            let a = noun::one(c)?;
            c.eat("and").then_some(())?;
            vec![a, noun::one(c)?]
        } else {
            two(c)?
        };
        (op, list)
    } else {
        let set = super::two_before(c)?;
        let op = comparison(c)?;
        me(c)?;
        return Some(super::as_asked(&format!("{op}({set}, distance_from(it, {VIEWER}{AT_IF}))"), &set));
    };
    let set = Things::union(&list).program;
    Some(super::as_asked(&format!("{op}({set}, distance_from(it, {VIEWER}{AT_IF}))"), &set))
}

/// Stands for `, between: …` where that was said.
const BETWEEN: &str = "\u{10}";

/// "how far am I from the bus", "how far is the bus from me", "how far away from the camera is the bus".
fn far_from_me(c: &mut Cursor) -> Option<String> {
    const ME: &[&str] = &["me", "the camera", "my position", "where i am", "you", "here"];
    if !c.sees("what is the distance") {
        c.eat_any(&["how far away", "how far", "how many meters", "how many metres"])?;
    } else {
        c.eat("what is the distance");
        c.eat_any(&["from", "between"])?;
        c.eat_any(ME)?;
        c.eat_any(&["to", "and"])?;
        let things = noun::one(c)?;
        return Some(format!("distance_from({}, {VIEWER}{AT_IF}{BETWEEN})", things.program));
    }
    let things = if c.eat_any(&["am i", "is the camera", "was the camera"]).is_some() {
        c.eat("away");
        c.eat("from").then_some(())?;
        noun::one(c)?
    } else if c.eat("from") {
        c.eat_any(ME)?;
        super::is(c).then_some(())?;
        noun::one(c)?
    } else {
        super::is(c).then_some(())?;
        let things = c.bare(noun::one)?;
        c.eat("away");
        if c.eat("from") {
            c.eat_any(ME)?;
        } else if !things.program.contains("distance_from(it, ") {
            return None; // the nearest is so to who asks
        }
        things
    };
    Some(format!("distance_from({}, {VIEWER}{AT_IF}{BETWEEN})", things.program))
}

/// "can I see the tv (if I turn around)", "is the clock visible from here".
fn can_i_see(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["can i", "could i", "can you", "am i able to", "do i", "will i"])?;
    c.eat_any(&["see", "look at", "spot", "view"])?;
    let things = noun::one(c).filter(|things| !things.none)?;
    let here = c.eat_any(&[
        "from where i am standing",
        "at where i am standing",
        "where i am standing",
        "where i am",
        "from here",
        "from my position",
        "from my current position",
        "from where i am",
        "from where i am sitting",
        "from where i stand",
    ]);
    // a blank marks a question that says that it is asked from where one is
    let here = if here.is_some() { " " } else { "" };
    Some(format!("{here}exists(visible_from({}, {VIEWER}{AT_IF}))", things.program))
}

/// "what do I see in front of me", "what will I see when I turn around".
fn what_do_i_see(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["what object", "what"])?;
    c.eat_any(&["do i", "can i", "will i", "would i", "do you", "could i"])?;
    c.eat_any(&["see", "look at", "spot"]);
    let side = side_of_me(c, true).unwrap_or(("front".to_owned(), "CARD4"));
    Some(format!("label({})", closest(&relation::on_side("all()", &side.0, side.1))))
}

/// "what am I facing", "am I facing the door".
fn facing(c: &mut Cursor) -> Option<String> {
    if c.eat_any(&[
        "what am i facing",
        "what do i face",
        "what am i looking at",
        "what am i standing in front of",
    ])
    .is_some()
    {
        return Some(format!("label({})", closest(&relation::on_side("all()", "front", "OCT8"))));
    }
    c.eat_any(&["am i facing", "do i face", "am i looking at", "are you facing"])?;
    let things = noun::one(c)?;
    Some(format!("exists({})", relation::on_side(&things.program, "front", "OCT8")))
}
