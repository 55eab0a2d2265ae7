//! What two cameras say: whether they agree on where a thing is, whether what they show is one thing.

use super::{Family, Meaning};
use crate::question::AT_IF;
use crate::question::asked::Asked;
use crate::question::cursor::{Cursor, plain};
use crate::question::noun::{self, Things};
use crate::question::token::Kind;

/// What two cameras say of one scene.
pub(super) struct Views;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Views {
    fn name(&self) -> &'static str {
        "views"
    }

    fn about(&self) -> &'static str {
        "Whether two cameras agree on where a thing is, and whether what they show is one thing"
    }

    fn example(&self) -> &'static str {
        "Do the two cameras agree on where car 1 is at 2 s?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        Meaning::of(super::alternatives(c, asked, &[agree, same])?)
    }
}

/// "do camera 0 and camera 1 agree on where the car is", "did the two cameras see one scene".
fn agree(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["do", "did"])?;
    let named = if c.eat_any(&["the two cameras", "both cameras", "the cameras"]).is_some() {
        String::new()
    } else {
        let plural = c.eat("cameras");
        let first = if plural { word(c)? } else { camera(c)? };
        c.eat("and").then_some(())?;
        let second = if plural { word(c)? } else { camera(c)? };
        format!(", a: \"{}\", b: \"{}\"", noun::escape(&first), noun::escape(&second))
    };
    if c.eat_any(&["see the same scene", "see one scene", "show the same scene", "show one scene"]).is_some()
    {
        return Some(format!("views_agree(all(){named}{AT_IF})"));
    }
    c.eat("agree").then_some(())?;
    if c.eat_any(&["on where", "about where"]).is_none() {
        return Some(format!("views_agree(all(){named}{AT_IF})"));
    }
    let things = c.bare(noun::one)?;
    c.eat_any(&["is", "was", "are", "were", "stands", "lies"])?;
    Some(format!("views_agree(all(), about: {}{named}{AT_IF})", things.program))
}

/// "is the person in camera A the one in camera B", "is the car seen by camera 0 the same car as in camera 1".
fn same(c: &mut Cursor) -> Option<String> {
    super::is(c).then_some(())?;
    c.eat("the").then_some(())?;
    let label = noun::noun(c)?;
    let first = shown_by(c)?;
    c.eat("the").then_some(())?;
    c.eat("same");
    if !c.eat("one") && c.attempt(noun::noun).is_some_and(|again| again != label) {
        return None;
    }
    c.eat("as");
    c.eat("the");
    c.eat("one");
    let second = shown_by(c)?;
    Some(format!(
        "same_thing({}, a: \"{}\", b: \"{}\")",
        Things::all(&label).program,
        noun::escape(&first),
        noun::escape(&second)
    ))
}

/// "in camera A", "seen by camera 0".
fn shown_by(c: &mut Cursor) -> Option<String> {
    c.eat_any(&["that is seen by", "seen by", "seen in", "shown by", "in", "on", "from"])?;
    camera(c)
}

/// "camera A", "camera 0", "camera side".
fn camera(c: &mut Cursor) -> Option<String> {
    c.eat("the");
    c.eat("camera").then_some(())?;
    word(c)
}

fn word(c: &mut Cursor) -> Option<String> {
    let token = c.token(0)?;
    let word = match token.kind {
        Kind::Number(n) => plain(n),
        _ => token.text.clone(),
    };
    c.skip(1);
    (!word.is_empty()).then_some(word)
}
