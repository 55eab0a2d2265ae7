//! Where something lies for somebody who stands at one thing and faces another.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::relation;
use crate::question::remark::Remark;
use crate::question::viewpoint::Viewpoint;
use crate::question::{AT, VIEWER};

/// Where something lies for somebody who stands at one thing and faces another.
pub(super) struct Direction;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Direction {
    fn name(&self) -> &'static str {
        "relative-direction"
    }

    fn about(&self) -> &'static str {
        "Where something lies for somebody who stands at one thing and faces another"
    }

    fn example(&self) -> &'static str {
        "If I am standing by the stove and facing the sofa, is the tv to my left, right, or back?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        if let Some((of, from)) = super::alternatives(c, asked, &[compass]) {
            return Meaning::of(format!("compass({of}, {from}{AT})"));
        }
        let mut asked_for = super::alternatives(c, asked, &[sectors_asked, where_is, side_of_faced])?;
        let Some(Viewpoint { standing_at, facing }) =
            asked.viewpoint.clone().filter(|_| asked.turns.is_empty())
        else {
            return from_me(&asked_for, asked);
        };
        asked.viewpoint = None;
        if asked.remarks.contains(&Remark::Quadrants) && asked_for.sectors != "QUAD4" {
            return None;
        }
        if let Some(Remark::BackFrom(angle)) =
            asked.remarks.iter().find(|remark| matches!(remark, Remark::BackFrom(_)))
            && (asked_for.sectors != "LRB3" || *angle != 135)
        {
            return None;
        }
        if asked_for.sectors.is_empty() {
            asked_for.sectors =
                sectors(&asked.options.iter().filter_map(|option| word(&option.text)).collect::<Vec<_>>())
                    .unwrap_or("OCT8");
        }
        let (of, at, faced) = (&asked_for.of, &standing_at.program, &facing.program);
        let operator = if asked_for.bearing { "bearing" } else { "direction" };
        let sectors =
            if asked_for.bearing { String::new() } else { format!(", sectors: {}", asked_for.sectors) };
        let told = format!("{operator}({of}, {at}, {faced}{sectors}{AT})");
        Meaning::of(match asked_for.is {
            Some(word) => format!("{told} = \"{word}\""),
            None => told,
        })
    }
}

/// The same for who asks, or for a viewpoint that was stated.
fn from_me(asked_for: &AskedFor, asked: &Asked) -> Option<Meaning> {
    let stated = asked.viewer.is_some() || asked.viewpoint.is_some() || !asked.turns.is_empty();
    (stated || asked_for.me).then_some(())?;
    let of = &asked_for.of;
    if asked_for.bearing {
        return Meaning::of(format!("bearing_from({of}, {VIEWER}{AT})"));
    }
    if let Some(word) = asked_for.is {
        let halves = match word {
            "left" | "right" => "LR2",
            "front" | "back" => "FB2",
            _ => "QUAD4",
        };
        return Meaning::of(format!("exists({})", relation::on_side(of, word, halves)));
    }
    let sectors = match asked_for.sectors {
        "" => sectors(&asked.options.iter().filter_map(|option| word(&option.text)).collect::<Vec<_>>())
            .unwrap_or("OCT8"),
        sectors => sectors,
    };
    Meaning::of(format!("lies({of}, {VIEWER}, sectors: {sectors}{AT})"))
}

/// What is asked of a direction.
struct AskedFor {
    /// Whether "me" or "my" is said.
    me: bool,
    of: String,
    sectors: &'static str,
    is: Option<&'static str>,
    bearing: bool,
}

/// "is the tv to my left, right, or back", "is the tv behind me".
fn sectors_asked(c: &mut Cursor) -> Option<AskedFor> {
    c.eat_any(&["is", "are", "was", "were", "would", "will"])?;
    let of = c.bare(noun::one)?.program;
    c.eat("be");
    let (mut words, mut me): (Vec<&'static str>, bool) = (Vec::new(), false);
    loop {
        c.eat_any(&["to", "on", "at", "in"]);
        me |= c
            .eat_any(&["my", "your", "the", "their", "its"])
            .is_some_and(|whose| matches!(whose, "my" | "your"));
        c.eat_any(&["immediate", "direct", "far"]);
        let word = direction_word(c)?;
        words.push(word);
        c.eat_any(&["side", "hand side"]);
        me |= c.eat_any(&["of me", "of you", "me", "you", "of my position", "my position"]).is_some();
        let comma = c.eat(",");
        if !(c.eat("or") || comma) {
            break;
        }
    }
    // "or the right of the sofa": the thing that is faced
    let faced = c.eat("of");
    if faced {
        noun::one(c)?;
    }
    match words.as_slice() {
        [word] => {
            let sectors = match *word {
                "left" | "right" => "LR2",
                "back" => "LRB3",
                "front" => "CARD4",
                _ => "QUAD4",
            };
            Some(AskedFor { me, of, sectors, is: Some(word), bearing: false })
        }
        words => Some(AskedFor { me, of, sectors: sectors(words)?, is: None, bearing: false }),
    }
}

/// "where is the tv", "in which direction is the tv", "at what o'clock is the tv", "what is the bearing of the tv".
fn where_is(c: &mut Cursor) -> Option<AskedFor> {
    if c.eat_any(&[
        "what is the bearing of",
        "at what angle is",
        "what is the angle to",
        "what is the bearing to",
    ])
    .is_some()
    {
        return Some(AskedFor {
            me: false,
            of: c.bare(noun::one)?.program,
            sectors: "OCT8",
            is: None,
            bearing: true,
        });
    }
    let clock = c
        .eat_any(&["at what o'clock", "at which o'clock", "at which hour", "at what clock position"])
        .is_some();
    if !clock {
        c.eat_any(&[
            "where",
            "in which direction",
            "in what direction",
            "on which side",
            "which direction",
            "which side",
            "which way",
        ])?;
    }
    super::is(c).then_some(())?;
    let of = c.bare(noun::one)?.program;
    let me = c.eat_any(&["on", "in", "relative to me", "from me", "of me", "located", "from my position"]);
    let me = me.is_some_and(|phrase| phrase.contains('m'));
    Some(AskedFor { me, of, sectors: if clock { "CLOCK12" } else { "" }, is: None, bearing: false })
}

/// "in which compass direction is the car from the bus", "which way by the compass does the car lie from the bus".
fn compass(c: &mut Cursor) -> Option<(String, String)> {
    c.eat_any(&[
        "in which compass direction",
        "in what compass direction",
        "which compass direction",
        "in which cardinal direction",
    ])?;
    let lies = super::does(c) || super::is(c);
    lies.then_some(())?;
    let of = c.bare(noun::one)?.program;
    c.eat("lie");
    c.eat_any(&["from", "of", "as seen from", "relative to", "seen from"])?;
    Some((of, noun::one(c)?.program))
}

/// "is the tv to the left or the right of the sofa": only left and right, of what is faced.
fn side_of_faced(c: &mut Cursor) -> Option<AskedFor> {
    c.eat_any(&["is", "are"])?;
    let of = c.bare(noun::one)?.program;
    c.eat_any(&[
        "to the left or the right of",
        "to the left or right of",
        "on the left or the right of",
        "left or right of",
        "on the left or right of",
        "to the right or the left of",
        "to the right or left of",
    ])?;
    noun::one(c)?;
    Some(AskedFor { me: false, of, sectors: "LR2", is: None, bearing: false })
}

fn direction_word(c: &mut Cursor) -> Option<&'static str> {
    let table: &[(&str, &str)] = &[
        ("front left", "front-left"),
        ("front right", "front-right"),
        ("back left", "back-left"),
        ("back right", "back-right"),
        ("in front of", "front"),
        ("front of", "front"),
        ("front", "front"),
        ("ahead", "front"),
        ("behind", "back"),
        ("back", "back"),
        ("left", "left"),
        ("right", "right"),
    ];
    table.iter().find(|(phrase, _)| c.eat(phrase)).map(|(_, word)| *word)
}

/// The sectors that these words divide the directions into.
fn sectors(words: &[&str]) -> Option<&'static str> {
    let is = |set: &[&str]| words.len() == set.len() && set.iter().all(|word| words.contains(word));
    if is(&["left", "right"]) {
        Some("LR2")
    } else if is(&["front", "back"]) {
        Some("FB2")
    } else if is(&["left", "right", "back"]) {
        Some("LRB3")
    } else if is(&["front-left", "front-right", "back-left", "back-right"]) {
        Some("QUAD4")
    } else if is(&["front", "right", "back", "left"]) {
        Some("CARD4")
    } else {
        None
    }
}

/// A direction as an option writes it.
fn word(option: &str) -> Option<&'static str> {
    ["front-left", "front-right", "back-left", "back-right", "front", "back", "left", "right"]
        .into_iter()
        .find(|word| option.to_lowercase().replace(' ', "-") == *word)
}
