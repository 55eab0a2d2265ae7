//! Where things stand, as part of a noun phrase or behind "is": "on top of the table", "behind me", "in a brown vest".

use super::cursor::Cursor;
use super::noun::{GARMENT_WORDS, escape, is_open, one};
use super::{AT_IF, VIEWER, lexicon, viewpoint};

/// Those of a set that lie on a side of who asks.
pub(super) fn on_side(set: &str, side: &str, sectors: &str) -> String {
    let sectors = if sectors == "CARD4" { String::new() } else { format!(", sectors: {sectors}") };
    format!("on_side({set}, \"{side}\", {VIEWER}{sectors}{AT_IF})")
}

/// Those of a set that stand somewhere: to a side of who asks, or to another thing; behind "is" or "are".
pub(super) fn stands(c: &mut Cursor, set: &str) -> Option<String> {
    c.attempt(|c| {
        let (side, sectors) = viewpoint::side_of_me(c, c.vocabulary.vocabulary.pixels)?;
        Some(on_side(set, &side, sectors))
    })
    .or_else(|| c.attempt(|c| clothes(c, set)))
    .or_else(|| c.attempt(|c| relation(c, set)))
}

/// "on top of the table", "in the sink", "under the bed", "next to the door", "between the bed and the wall": those of a set that
/// stand so to another thing.
pub(super) fn relation(c: &mut Cursor, set: &str) -> Option<String> {
    c.eat_any(&[
        "that is",
        "that are",
        "who is",
        "who are",
        "which is",
        "which are",
        "that was",
        "that were",
    ]);
    c.eat_any(&[
        "sitting",
        "standing",
        "lying",
        "placed",
        "located",
        "kept",
        "hanging",
        "resting",
        "mounted",
        "hung",
        "positioned",
        "put",
        "leaning",
        "found",
        "situated",
        "stored",
        "laid",
        "stacked",
        "attached",
    ]);
    c.eat_any(&["directly", "immediately", "just", "right", "exactly", "located"]);
    if c.sees_in_unit() {
        return None;
    }
    let table: &[(&str, &str)] = &[
        ("on top of", "resting_on"),
        ("on the top of", "resting_on"),
        ("on", "resting_on"),
        ("onto", "resting_on"),
        ("inside of", "contained_in"),
        ("inside", "contained_in"),
        ("in", "contained_in"),
        ("within", "contained_in"),
        ("underneath", "underneath"),
        ("beneath", "underneath"),
        ("under", "underneath"),
        ("below", "underneath"),
        ("above", "above"),
        ("over", "above"),
        ("next to", "next_to"),
        ("beside", "next_to"),
        ("adjacent to", "next_to"),
        ("by", "next_to"),
        ("against", "next_to"),
        ("attached to", "next_to"),
        ("near", "near"),
        ("close to", "near"),
        ("around", "near"),
        ("in front of", "in front"),
        ("infront of", "in front"),
        ("behind", "behind"),
        ("on the left side of", "left"),
        ("to the left of", "left"),
        ("on the left of", "left"),
        ("left of", "left"),
        ("on the right side of", "right"),
        ("to the right of", "right"),
        ("on the right of", "right"),
        ("right of", "right"),
        ("in between", "between"),
        ("between", "between"),
    ];
    let (_, relation) = table
        .iter()
        .filter(|(phrase, _)| c.sees(phrase))
        .max_by_key(|(phrase, _)| phrase.split(' ').count())
        .filter(|(phrase, _)| c.eat(phrase))?;
    // a filmed scene has no boxes in space: the picture's own sides and places are read elsewhere
    if c.vocabulary.vocabulary.pixels && matches!(*relation, "left" | "right" | "above" | "underneath") {
        return None;
    }
    if *relation == "between" {
        let pair = c.deeper(|c| {
            let a = c.bare(one)?;
            c.eat("and").then_some(())?;
            Some((a, c.bare(one)?))
        });
        if let Some((a, b)) = pair {
            return Some(format!("in_between({set}, {}, {}{AT_IF})", a.program, b.program));
        }
        // "between the two monitors"
        let both = c.deeper(|c| c.bare(one))?;
        let two = both.number == Some(2) || both.every;
        return two.then(|| format!("in_between({set}, {0}, {0}{AT_IF})", both.program));
    }
    let hung = *relation == "resting_on";
    let other = one(c).filter(|other| !other.none)?;
    let of = &other.program;
    Some(match *relation {
        // boxes of walls are thin and upright: what hangs there touches them
        "resting_on"
            if hung && ["all(\"wall\")", "all(\"ceiling\")"].iter().any(|wall| of.contains(wall)) =>
        {
            format!("next_to({set}, {of}, within: 0.2 m{AT_IF})")
        }
        "near" => format!("next_to({set}, {of}, within: 1.5 m{AT_IF})"),
        side @ ("left" | "right") => {
            format!("where({set}, seen_side(it, {of}, {VIEWER}, axis: lateral{AT_IF}) = \"{side}\")")
        }
        side @ ("in front" | "behind") => {
            format!("where({set}, seen_side(it, {of}, {VIEWER}, axis: depth{AT_IF}) = \"{side}\")")
        }
        operator => format!("{operator}({set}, {of}{AT_IF})"),
    })
}

/// "in a brown vest", "wearing glasses", "with a beard": what somebody wears or has about them.
pub(super) fn clothes(c: &mut Cursor, set: &str) -> Option<String> {
    c.eat_any(&["who is", "that is"]);
    let word = c.eat_any(&["wearing", "dressed in", "in", "with", "without", "who wears", "carrying"])?;
    c.eat_any(&["a", "an", "the", "his", "her"]);
    let mut said = Vec::new();
    while said.len() < 3 && !GARMENTS.contains(&c.word(0)) {
        let one = c.word(0);
        let plain = lexicon::colour(one).is_some() || is_open(c, 0) && one != "and";
        plain.then_some(())?;
        said.push(one);
        c.skip(1);
    }
    let garment = c.word(0);
    if !GARMENTS.contains(&garment) {
        return None;
    }
    c.skip(1);
    said.push(garment);
    // a coloured shirt is how a World says what colour somebody is
    let coloured = said.len() == 2 && lexicon::colour(said[0]).is_some() && GARMENT_WORDS.contains(&garment);
    if coloured && word != "without" {
        return None;
    }
    let what = said.join(" ");
    Some(if word == "without" {
        format!("except({set}, with({set}, \"wearing\", \"{}\"))", escape(&what))
    } else {
        format!("with({set}, \"wearing\", \"{}\")", escape(&what))
    })
}

/// What people wear and have about them.
const GARMENTS: &[&str] = &[
    "shirt",
    "shirts",
    "t-shirt",
    "tshirt",
    "jacket",
    "vest",
    "bib",
    "dress",
    "hat",
    "cap",
    "singlet",
    "sleeves",
    "clothing",
    "clothes",
    "coat",
    "suit",
    "uniform",
    "shorts",
    "pants",
    "trousers",
    "skirt",
    "jeans",
    "helmet",
    "glasses",
    "spectacles",
    "sunglasses",
    "scarf",
    "beard",
    "costume",
    "hoodie",
    "sweater",
    "cape",
    "stripes",
    "hair",
    "goggles",
    "gloves",
    "tie",
    "apron",
    "robe",
    "bikini",
    "swimsuit",
    "outfit",
    "headscarf",
    "turban",
    "mask",
    "ponytail",
    "moustache",
    "polo",
    "blouse",
];
