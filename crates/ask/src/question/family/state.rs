//! In which state a thing is: open, on, tidy, full.

use super::{Family, Meaning};
use crate::question::ASKED;
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun;
use crate::question::relation;

/// In which state a thing is: open, on, tidy, full.
pub(super) struct State;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for State {
    fn name(&self) -> &'static str {
        "state"
    }

    fn about(&self) -> &'static str {
        "In which state a thing is: open, on, tidy, full"
    }

    fn example(&self) -> &'static str {
        "Is the door open or closed?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        super::is(c).then_some(())?;
        let things = noun::one(c).filter(|things| !things.none)?;
        c.eat_any(&["currently", "all", "still"]);
        let negated = c.eat("not");
        let first = state(c)?;
        let other = c.attempt(|c| {
            c.eat(",");
            c.eat("or").then_some(())?;
            if c.eat("not") {
                return Some(first);
            }
            state(c)
        });
        // where it is may stand behind: "open or closed behind me"
        let set = relation::stands(c, &things.program).unwrap_or(things.program);
        asked.rest(c)?;
        let set = asked.located(&set);
        Meaning::of(match other {
            Some(_) if negated => return None,
            Some(_) => format!("fact({set}, \"state\"{ASKED})"),
            None => {
                let not = if negated { "not " } else { "" };
                format!("{not}exists(with({set}, \"state\", \"{first}\"{ASKED}))")
            }
        })
    }
}

/// A state by its usual word; nothing of a thing's place or colour.
fn state(c: &mut Cursor) -> Option<&'static str> {
    const STATES: &[(&str, &[&str])] = &[
        ("open", &["open", "opened", "ajar"]),
        ("closed", &["closed", "shut"]),
        ("on", &["turned on", "switched on", "lit", "powered on", "on"]),
        ("off", &["turned off", "switched off", "unlit", "powered off", "off"]),
        ("clean", &["clean"]),
        ("dirty", &["dirty"]),
        ("tidy", &["tidy", "neat", "organized", "organised"]),
        ("messy", &["messy", "untidy", "cluttered", "disorganized"]),
        ("full", &["full", "filled"]),
        ("empty", &["empty", "unoccupied", "vacant"]),
        ("occupied", &["occupied", "taken", "in use"]),
        ("plugged in", &["plugged in"]),
        ("unplugged", &["unplugged"]),
        ("locked", &["locked"]),
        ("unlocked", &["unlocked"]),
        ("made", &["made", "well made"]),
        ("unmade", &["unmade"]),
        ("folded", &["folded", "folded up"]),
        ("unfolded", &["unfolded"]),
        ("wet", &["wet"]),
        ("dry", &["dry"]),
        ("up", &["up", "raised"]),
        ("down", &["down", "lowered"]),
        ("broken", &["broken", "damaged"]),
        ("covered", &["covered"]),
        ("uncovered", &["uncovered"]),
    ];
    let all = STATES.iter().flat_map(|(name, words)| words.iter().map(move |word| (*name, *word)));
    // "on" and "off" end the phrase: "on the table" is a place
    let ends = |c: &Cursor, word: &str| {
        let n = word.split(' ').count();
        !matches!(word, "on" | "off" | "up" | "down")
            || matches!(c.word(n), "" | "or" | "," | "?")
            || c.token(n).is_none()
    };
    let (name, word) =
        all.filter(|(_, word)| c.sees(word) && ends(c, word)).max_by_key(|(_, word)| word.len())?;
    c.eat(word);
    Some(name)
}
