//! The grammar of what happens: who goes where, takes, drops and gives what, and what things are.
//!
//! ```text
//! sentence = [Then | After that | Before that] [time] subjects verb objects [there] [time]
//! ```
//!
//! A pronoun is the last subject of its number; an answer that rests on one says so.

use super::people::ROOMS;
use super::place::{Fault, noun};
use super::statement::Statement;
use super::thing::{ThingId, Things};
use super::token::Token;
use super::words::Word;
use crate::lexicon::singular;

/// Most places that "either … or …" may name.
const MOST_PLACES: usize = 16;

/// What earlier sentences leave for pronouns.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    one: Vec<(ThingId, Option<&'static str>)>,
    many: Vec<ThingId>,
    /// The sentence just read holds a pronoun.
    pub(super) pronoun: bool,
}

/// What a verb does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Be,
    Move,
    Enter,
    Leave,
    Take,
    Drop,
    Put,
    Give,
    Receive,
    Hold,
    Fit,
    Contain,
}

fn act(lower: &str) -> Option<Act> {
    Some(match lower {
        "is" | "are" | "was" | "were" => Act::Be,
        "went" | "goes" | "go" | "move" | "travel" | "walk" | "journey" | "return" | "come" | "travelled"
        | "traveled" | "travels" | "moved" | "moves" | "journeyed" | "journeys" | "walked" | "walks"
        | "ran" | "runs" | "returned" | "returns" | "came" | "comes" | "drove" | "hurried" | "headed"
        | "flew" | "rushed" => Act::Move,
        "entered" | "enters" | "enter" | "reached" | "visited" => Act::Enter,
        "left" | "leaves" | "leave" | "exited" => Act::Leave,
        "took" | "takes" | "take" | "get" | "grab" | "pick" | "grabbed" | "grabs" | "got" | "gets"
        | "picked" | "picks" | "collected" | "fetched" => Act::Take,
        "dropped" | "drops" | "drop" | "discard" | "discarded" | "discards" | "released" => Act::Drop,
        "put" | "puts" | "placed" | "places" => Act::Put,
        "gave" | "gives" | "give" | "pass" | "hand" | "passed" | "passes" | "handed" | "hands" => Act::Give,
        "received" | "receives" | "receive" => Act::Receive,
        "has" | "have" | "hold" | "carry" | "had" | "holds" | "held" | "carries" | "carried" | "carrying"
        | "holding" => Act::Hold,
        "fits" | "fit" => Act::Fit,
        "contains" | "contain" | "contained" => Act::Contain,
        _ => return None,
    })
}

/// What a sentence says that is no relation of places; time phrases and leading words are cut off already.
pub(super) fn read(
    tokens: &[Token<'_>],
    things: &mut Things,
    context: &mut Context,
) -> Result<Vec<Statement>, Fault> {
    let start = tokens.first().map_or(0, |t| t.start);
    let wrong = |at: usize, expected: &str| {
        let at = tokens.get(at).or(tokens.last()).map_or(start, |t| t.start);
        Err(Fault { at, expected: expected.to_owned() })
    };
    if let Some(statements) = there_is(tokens, things) {
        return Ok(statements);
    }
    let Some(verb) = (1..tokens.len()).find(|&i| act(&tokens[i].lower).is_some()) else {
        return wrong(0, "a verb that is known");
    };
    let Some(what) = act(&tokens[verb].lower) else { return wrong(verb, "a verb that is known") };
    let mut at = verb + 1;
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower.as_str());
    let said = |at: usize, words: &[&str]| words.iter().enumerate().all(|(i, w)| lower(at + i) == *w);
    context.pronoun = false;
    let plural_kind =
        what == Act::Be && lower(verb) == "are" && tokens[..verb].iter().all(|t| t.word == Word::Name);
    // a block has what is in it
    let what = match what {
        Act::Hold if tokens[0].lower == "block" => Act::Contain,
        other => other,
    };
    let subjects = if plural_kind && !pronoun(&tokens[0].lower) {
        let (name, end) = noun(tokens, 0).unwrap_or_default();
        if end != verb {
            return wrong(0, "a kind");
        }
        vec![things.of(&singular(&name.to_lowercase()))]
    } else {
        subjects(&tokens[..verb], things, context)?
    };
    let one = |at: &mut usize, things: &mut Things| -> Result<ThingId, Fault> {
        let Some((name, after)) = noun(tokens, *at) else {
            let place = tokens.get(*at).or(tokens.last()).map_or(start, |t| t.start);
            return Err(Fault { at: place, expected: "a name".to_owned() });
        };
        *at = after;
        Ok(things.of(&name))
    };
    let into = |at: &mut usize| {
        let found = ["inside", "into", "in", "at", "to", "onto", "on"].contains(&lower(*at));
        *at += usize::from(found);
        if found && lower(*at - 1) == "inside" && lower(*at) == "of" {
            *at += 1;
        }
        found
    };
    let mut out: Vec<Statement> = Vec::new();
    match what {
        Act::Move => {
            if lower(at) == "back" || lower(at) == "over" {
                at += 1;
            }
            let from = if lower(at) == "from" {
                at += 1;
                Some(one(&mut at, things)?)
            } else {
                None
            };
            if !into(&mut at) {
                return wrong(at, "`to` and a place");
            }
            let to = one(&mut at, things)?;
            if from == Some(to) {
                return wrong(at, "two places");
            }
            out.extend(subjects.iter().map(|&who| Statement::Moves { who, to }));
        }
        Act::Enter => {
            let to = one(&mut at, things)?;
            out.extend(subjects.iter().map(|&who| Statement::Moves { who, to }));
        }
        Act::Leave => {
            let place = one(&mut at, things)?;
            out.extend(subjects.iter().map(|&who| Statement::Leaves { who, place }));
        }
        Act::Take | Act::Receive => {
            at += usize::from(lower(at) == "up");
            let what = one(&mut at, things)?;
            at += usize::from(lower(at) == "up");
            if lower(at) == "from" {
                at += 1;
                one(&mut at, things)?;
            }
            // who takes something in a room is there; what is in a basket may be taken from without
            let room = noun(tokens, at + 1).filter(|(name, _)| ROOMS.contains(&name.to_lowercase().as_str()));
            if let (Some((name, after)), "in" | "at" | "inside") = (room, lower(at)) {
                at = after;
                let to = things.of(&name);
                out.extend(subjects.iter().map(|&who| Statement::Moves { who, to }));
            }
            out.extend(subjects.iter().map(|&who| Statement::Takes { who, what }));
        }
        Act::Drop | Act::Put => {
            at += usize::from(lower(at) == "down");
            let what_thing = one(&mut at, things)?;
            let down = lower(at) == "down";
            at += usize::from(down);
            let place = if into(&mut at) { Some(one(&mut at, things)?) } else { None };
            if what == Act::Put && place.is_none() && !down && lower(verb + 1) != "down" {
                return wrong(at, "where it is put");
            }
            out.extend(subjects.iter().map(|&who| Statement::Drops { who, what: what_thing, place }));
        }
        Act::Give => {
            let first = one(&mut at, things)?;
            let (what, to) = if lower(at) == "to" {
                at += 1;
                (first, one(&mut at, things)?)
            } else {
                (one(&mut at, things)?, first)
            };
            out.extend(subjects.iter().map(|&who| Statement::Gives { who, what, to }));
        }
        Act::Hold => loop {
            let what = one(&mut at, things)?;
            out.extend(subjects.iter().map(|&who| Statement::Takes { who, what }));
            if !["and", ","].contains(&lower(at)) {
                break;
            }
            at += 1 + usize::from(lower(at + 1) == "and");
        },
        Act::Fit => {
            if !into(&mut at) {
                return wrong(at, "`inside` and a thing");
            }
            let bigger = one(&mut at, things)?;
            out.extend(subjects.iter().map(|&smaller| Statement::Bigger { bigger, smaller }));
        }
        Act::Contain => loop {
            let who = one(&mut at, things)?;
            out.extend(subjects.iter().map(|&place| Statement::In { who, place, negated: false }));
            if !["and", ","].contains(&lower(at)) {
                break;
            }
            at += 1 + usize::from(lower(at + 1) == "and");
        },
        Act::Be => {
            let mut negated = false;
            if lower(at) == "not" {
                negated = true;
                at += 1;
            } else if said(at, &["no", "longer"]) {
                negated = true;
                at += 2;
            }
            at += usize::from(["back", "now", "still", "currently"].contains(&lower(at)));
            let either = lower(at) == "either";
            at += usize::from(either);
            if ["carrying", "holding"].contains(&lower(at)) && !negated {
                at += 1;
                let what = one(&mut at, things)?;
                out.extend(subjects.iter().map(|&who| Statement::Takes { who, what }));
            } else if ["bigger", "larger", "smaller"].contains(&lower(at))
                && lower(at + 1) == "than"
                && !negated
            {
                let less = lower(at) == "smaller";
                at += 2;
                let other = one(&mut at, things)?;
                out.extend(subjects.iter().map(|&this| {
                    let (bigger, smaller) = if less { (other, this) } else { (this, other) };
                    Statement::Bigger { bigger, smaller }
                }));
            } else if into(&mut at) {
                let mut places = vec![one(&mut at, things)?];
                while either && ["or", ","].contains(&lower(at)) && places.len() < MOST_PLACES {
                    at += 1;
                    into(&mut at);
                    places.push(one(&mut at, things)?);
                }
                for &who in &subjects {
                    out.push(match &places[..] {
                        [place] if !either => Statement::In { who, place: *place, negated },
                        _ if places.len() > 1 && !negated => {
                            Statement::Either { who, places: places.clone() }
                        }
                        _ => return wrong(at, "`or` and another place"),
                    });
                }
            } else if !either {
                being(tokens, &mut at, &subjects, negated, things, &mut out)?;
            }
        }
    }
    if lower(at) == "there" || lower(at) == "too" {
        at += 1;
    }
    if at < tokens.len() || out.is_empty() {
        return wrong(at, "the end of the sentence");
    }
    remember(&subjects, context);
    Ok(out)
}

/// "There are three blocks, A, B and C", "There are two rooms: a kitchen and a hall", "In block B there is a star", "There is a star in block B".
fn there_is(tokens: &[Token<'_>], things: &mut Things) -> Option<Vec<Statement>> {
    let lower = |i: usize| tokens.get(i).map_or("", |t| t.lower.as_str());
    let there = |at: usize| lower(at) == "there" && ["is", "are"].contains(&lower(at + 1));
    let one = |at: &mut usize| {
        let (name, after) = noun(tokens, *at)?;
        *at = after;
        Some(name)
    };
    let several = |at: &mut usize| {
        let mut names = vec![one(at)?];
        while ["and", ","].contains(&lower(*at)) {
            *at += 1 + usize::from(lower(*at + 1) == "and");
            names.push(one(at)?);
        }
        Some(names)
    };
    let mut at = 0;
    let (place, names) = if lower(0) == "in" {
        at = 1;
        let place = one(&mut at)?;
        at += usize::from(lower(at) == ",");
        there(at).then(|| at += 2)?;
        (place, several(&mut at)?)
    } else {
        there(0).then(|| at = 2)?;
        // how many blocks there are, with their names, tells of nothing in them
        if matches!(tokens.get(at)?.word, Word::Number(_)) && ["blocks", "boxes"].contains(&lower(at + 1)) {
            return tokens[at + 2..]
                .iter()
                .all(|t| matches!(t.word, Word::Name | Word::Comma | Word::And | Word::Head))
                .then(Vec::new);
        }
        // so does "there are three rooms: a kitchen, a bedroom and a hall", where there are as many names
        if let (Word::Number(n), Some(Word::Name), ",") =
            (tokens.get(at)?.word, tokens.get(at + 1).map(|t| t.word), lower(at + 2))
        {
            let mut next = at + 3;
            let names = several(&mut next)?;
            return (next == tokens.len() && names.len() == n as usize).then(Vec::new);
        }
        let names = several(&mut at)?;
        ["in", "inside"].contains(&lower(at)).then(|| at += 1)?;
        (one(&mut at)?, names)
    };
    (at == tokens.len()).then_some(())?;
    let place = things.of(&place);
    Some(names.iter().map(|name| Statement::In { who: things.of(name), place, negated: false }).collect())
}

/// "a mouse", "afraid of wolves", "white".
fn being(
    tokens: &[Token<'_>],
    at: &mut usize,
    subjects: &[ThingId],
    negated: bool,
    things: &mut Things,
    out: &mut Vec<Statement>,
) -> Result<(), Fault> {
    let place = tokens.get(*at).or(tokens.last()).map_or(0, |t| t.start);
    let fault = |expected: &str| Fault { at: place, expected: expected.to_owned() };
    let article = tokens.get(*at).is_some_and(|t| ["a", "an"].contains(&t.lower.as_str()));
    let of = tokens.get(*at + 1).is_some_and(|t| t.lower == "of");
    if of && tokens[*at].word == Word::Name && !negated {
        let relation = things.of(&format!("{} of", tokens[*at].lower));
        let Some((object, end)) = noun(tokens, *at + 2) else { return Err(fault("a kind or a thing")) };
        *at = end;
        let object = things.of(&singular(&object.to_lowercase()));
        out.extend(subjects.iter().map(|&kind| Statement::Towards { kind, relation, object }));
        return Ok(());
    }
    let Some((name, after)) = noun(tokens, *at) else { return Err(fault("a place, a kind or a property")) };
    *at = after;
    if !article && name.contains(' ') {
        return Err(fault("one word"));
    }
    let word = things.of(&if article { singular(&name.to_lowercase()) } else { name.to_lowercase() });
    out.extend(subjects.iter().map(|&thing| {
        if article {
            Statement::Kind { thing, kind: word, negated }
        } else {
            Statement::Property { thing, word, negated }
        }
    }));
    Ok(())
}

fn pronoun(lower: &str) -> bool {
    ["he", "she", "they", "it"].contains(&lower)
}

fn subjects(tokens: &[Token<'_>], things: &mut Things, context: &mut Context) -> Result<Vec<ThingId>, Fault> {
    let start = tokens.first().map_or(0, |t| t.start);
    let fault = |expected: &str| Fault { at: start, expected: expected.to_owned() };
    if let [only] = tokens {
        if only.lower == "they" {
            context.pronoun = true;
            return match context.many.len() {
                0 => Err(fault("several that `they` can mean")),
                _ => Ok(context.many.clone()),
            };
        }
        if let Some(gender) = ["he", "she", "it"].into_iter().find(|p| *p == only.lower) {
            context.pronoun = true;
            // nobody is called he and she
            let fits = |row: &&mut (ThingId, Option<&str>)| row.1.is_none_or(|known| known == gender);
            let Some(row) = context.one.iter_mut().rev().find(fits) else {
                return Err(fault("one that the pronoun can mean"));
            };
            row.1 = Some(gender);
            return Ok(vec![row.0]);
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((name, after)) = noun(tokens, at) else { return Err(fault("a name")) };
        found.push(things.of(&name));
        at = after;
        while tokens.get(at).is_some_and(|t| matches!(t.word, Word::And | Word::Comma)) {
            at += 1;
        }
        if after == at && at < tokens.len() {
            return Err(fault("a verb after the name"));
        }
    }
    Ok(found)
}

fn remember(subjects: &[ThingId], context: &mut Context) {
    const MOST: usize = 16;
    match subjects {
        [one] => {
            let known = context.one.iter().find(|row| row.0 == *one).and_then(|row| row.1);
            context.one.retain(|row| row.0 != *one);
            context.one.push((*one, known));
            if context.one.len() > MOST {
                context.one.remove(0);
            }
        }
        several => context.many = several.to_vec(),
    }
}
