//! What colour or other quality a thing has.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;

/// What colour or other quality a thing has.
pub(super) struct Color;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Color {
    fn name(&self) -> &'static str {
        "colour"
    }

    fn about(&self) -> &'static str {
        "What colour or other quality a thing has"
    }

    fn example(&self) -> &'static str {
        "What colour is the car?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        let name = c.attempt(|c| {
            c.eat_any(&["what", "which"])?;
            let name = quality(c)?;
            (super::is(c) || super::does(c)).then_some(())?;
            Some(name)
        });
        let name = name.or_else(|| {
            c.eat_any(&["what is the", "what was the", "what are the", "what is"])?;
            let name = quality(c)?;
            c.eat("of").then_some(name)
        })?;
        let things = noun::one(c)?;
        c.eat_any(&["made of", "made from", "made out of"]);
        asked.rest(c)?;
        Meaning::of(format!("fact({}, \"{}\"{ASKED})", things.program, noun::escape(&name)))
    }
}

/// The name of a fact: "colour", or one that the World holds.
fn quality(c: &mut Cursor) -> Option<String> {
    let word = c.word(0);
    let held = c.vocabulary.vocabulary.attributes.iter().find(|(name, _)| {
        let folded = |text: &str| text.to_lowercase().replace("color", "colour");
        folded(name) == folded(word)
    });
    let name = match held {
        Some((name, _)) => name.clone(),
        None if matches!(word, "color" | "colour") => "colour".to_owned(),
        // what a World may say of things, and what it says nothing of is unknown
        None if [
            "shape",
            "material",
            "brand",
            "style",
            "texture",
            "pattern",
            "fabric",
            "make",
            "model",
            "condition",
            "state",
            "flavor",
            "breed",
        ]
        .contains(&word) =>
        {
            word.to_owned()
        }
        None => return None,
    };
    c.skip(1);
    Some(name)
}
