//! The grammar of places: where one thing of a story is from another.
//!
//! ```text
//! sentence  = [If] clause { (and | with | ,) clause }
//! clause    = things [is | are | placed | …] { direction | clock | filler } [landmark] { direction | filler }
//! landmark  = (of | to | from | above | below | …) thing   |   thing 's clock
//! ```
//!
//! A clause adds up its direction words, one sign per axis; words that oppose each other make it unreadable. A landmark
//! that is not said is the other thing that the sentence speaks of ("X is over there and Y is on the left"). Every word
//! must be known or be part of a name: what is left over makes the sentence unreadable, and nothing is guessed.

use super::statement::{Direction, Statement};
use super::thing::{ThingId, Things};
use super::token::Token;
use super::words::{Axis, Word};

/// Why a sentence is not read: where, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Byte offset in the story.
    pub(super) at: usize,
    /// In words.
    pub(super) expected: String,
}

/// What a sentence says of places.
pub(super) fn read(tokens: &[Token<'_>], things: &mut Things) -> Result<Vec<Statement>, Fault> {
    let tokens = &settled(tokens)[..];
    let clauses = clauses(tokens, things)?;
    let mut out = Vec::new();
    let mut context: Vec<ThingId> = Vec::new();
    let mut line = None; // "in a horizontal line": holds for the clauses that follow
    let mut alone: Option<(ThingId, Direction, usize)> = None; // a direction without landmark or context
    let clock = clauses.iter().any(|c| c.clock);
    for clause in &clauses {
        let fault = |expected: &str| Err(Fault { at: clause.at, expected: expected.to_owned() });
        if clause.subjects.is_empty() {
            return fault("a name before the relation");
        }
        let direction = clause.direction(clock)?.map(|d| d.in_line(clause.aligned.or(line)));
        let Some(direction) = direction else {
            if let (Some(landmark), true) = (clause.landmark, clause.near) {
                let near =
                    |&figure: &ThingId| Statement::Near { figure, ground: landmark, negated: clause.negated };
                out.extend(clause.subjects.iter().map(near));
            } else if clause.landmark.is_some() || !(clause.there || clause.arranged || clause.clock_centre) {
                return fault("a direction word");
            }
            context.clone_from(&clause.subjects);
            line = clause.aligned;
            continue;
        };
        if clause.landmark.is_none() && clause.subjects.len() > 1 {
            return fault("what the direction is counted from");
        }
        for &figure in &clause.subjects {
            let implied = match context[..] {
                [one] if one != figure => Some(one),
                [a, b] if a == figure => Some(b),
                [a, b] if b == figure => Some(a),
                _ => None,
            };
            let Some(ground) = clause.landmark.or(implied) else {
                if let Some((first, there, _)) = alone.take() {
                    if there != direction.opposite() || first == figure {
                        return fault("the opposite direction");
                    }
                    out.push(Statement::Direction {
                        figure: first,
                        ground: figure,
                        direction: there,
                        negated: false,
                    });
                } else {
                    alone = Some((figure, direction, clause.at));
                }
                continue;
            };
            out.push(Statement::Direction { figure, ground, direction, negated: clause.negated });
            if clause.contact {
                out.push(Statement::Touching { figure, ground, negated: clause.negated });
            }
        }
    }
    match alone {
        Some((_, _, at)) => Err(Fault { at, expected: "what the direction is counted from".to_owned() }),
        None => Ok(out),
    }
}

/// The name that starts at a token, in the story's words, and the token after it.
pub(super) fn noun(tokens: &[Token<'_>], from: usize) -> Option<(String, usize)> {
    const MOST_WORDS: usize = 8;
    let mut at = from;
    let mut words: Vec<&str> = Vec::new();
    let mut head = None;
    while let Some(token) = tokens.get(at) {
        match token.word {
            Word::Determiner if words.is_empty() && head.is_none() => {}
            Word::Head => head = head.or(Some(token.text)),
            Word::Name => words.push(token.text),
            Word::Number(_) if !words.is_empty() && !clock_follows(&tokens[at + 1..]) => {
                words.push(token.text);
            }
            // "box of chocolates", but not "left of the box"
            Word::To
                if token.lower == "of"
                    && !words.is_empty()
                    && tokens.get(at + 1).is_some_and(|t| t.word == Word::Name) =>
            {
                words.push(token.text);
            }
            _ => break,
        }
        at += 1;
    }
    if words.is_empty() {
        return head.map(|head| (head.to_owned(), at));
    }
    (words.len() <= MOST_WORDS).then(|| (words.join(" "), at))
}

fn clock_follows(tokens: &[Token<'_>]) -> bool {
    tokens.first().is_some_and(|t| matches!(t.word, Word::OClock | Word::Degree))
}

/// Tokens whose kind depends on their neighbours.
fn settled<'t>(tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let mut out = tokens.to_vec();
    let clock_face = out.windows(2).any(|w| w[0].word == Word::Clock && w[1].word == Word::Face);
    for i in 0..out.len() {
        let before = i.checked_sub(1).map(|i| out[i].word);
        let next = out.get(i + 1).map(|t| t.word);
        let word = match out[i].word {
            Word::Clock if next != Some(Word::Face) => Word::Name,
            Word::Face if before != Some(Word::Clock) => Word::Name,
            Word::Centre if i > 0 && out[i - 1].lower == "off" => Word::Filler,
            Word::Centre if !clock_face => Word::Name,
            // "right above": an emphasis, no direction
            Word::Direction(Axis::Across, 1, _)
                if matches!(next, Some(Word::Direction(_, _, true))) && before != Some(Word::Determiner) =>
            {
                Word::Filler
            }
            // "over there", "a man" at the beginning of a sentence
            Word::Direction(Axis::Up, 1, true) if next == Some(Word::There) => Word::Filler,
            Word::Name if out[i].text == "A" && i == 0 && matches!(next, Some(Word::Name | Word::Head)) => {
                Word::Determiner
            }
            word => word,
        };
        out[i].word = word;
    }
    out
}

/// One clause while it is gathered.
#[derive(Debug, Default)]
struct Clause {
    at: usize,
    subjects: Vec<ThingId>,
    verb: bool,
    signs: [Option<i8>; 5],
    aligned: Option<Axis>,
    opposed: bool,
    landmark: Option<ThingId>,
    hours: Vec<u32>,
    clock: bool,
    clock_centre: bool,
    there: bool,
    arranged: bool,
    near: bool,
    corner: bool,
    contact: bool,
    negated: bool,
}

impl Clause {
    fn bare(&self) -> bool {
        !self.verb && self.signs == [None; 5] && self.landmark.is_none() && !self.there && !self.arranged
    }

    fn turn(&mut self, axis: Axis, sign: i8) {
        match &mut self.signs[axis as usize] {
            Some(there) if *there != sign => self.opposed = true,
            place => *place = Some(sign),
        }
    }

    /// Directions and clock positions together; none where the clause has neither.
    fn direction(&self, clock_face: bool) -> Result<Option<Direction>, Fault> {
        let fault = |expected: &str| Err(Fault { at: self.at, expected: expected.to_owned() });
        if self.opposed {
            return fault("directions that do not oppose each other");
        }
        let mut signs = self.signs;
        if !self.hours.is_empty() && !clock_face {
            return fault("a clock position");
        }
        if (self.clock || !self.hours.is_empty()) && !self.clock_centre {
            let Some((across, up)) = clock(&self.hours) else {
                return fault("one hour of the clock, or two that follow each other");
            };
            for (axis, sign) in [(Axis::Across, across), (Axis::Up, up)] {
                match signs[axis as usize] {
                    Some(there) if there != sign => return fault("a direction that agrees with the clock"),
                    _ => signs[axis as usize] = Some(sign),
                }
            }
        } else if !self.hours.is_empty() {
            return fault("no hour here");
        }
        if signs == [None; 5] {
            return Ok(None);
        }
        if self.corner {
            // a corner lies in the plane of the drawing: its front is up
            if let Some(front) = signs[Axis::Front as usize].take() {
                if signs[Axis::Up as usize].is_some_and(|up| up != front) {
                    return fault("directions that do not oppose each other");
                }
                signs[Axis::Up as usize] = Some(front);
            }
        }
        Ok(Some(Direction { signs }))
    }
}

/// The signs of a clock position: twelve is up, three is right; between two hours lies their middle.
fn clock(hours: &[u32]) -> Option<(i8, i8)> {
    let halves = match hours {
        [hour @ 1..=12] => hour * 2,
        [a @ 1..=12, b @ 1..=12] if a % 12 + 1 == *b => a * 2 + 1,
        _ => return None,
    } % 24;
    let across = if halves % 12 == 0 {
        0
    } else if halves < 12 {
        1
    } else {
        -1
    };
    let up = if halves % 12 == 6 {
        0
    } else if !(6..18).contains(&halves) {
        1
    } else {
        -1
    };
    Some((across, up))
}

fn clauses(tokens: &[Token<'_>], things: &mut Things) -> Result<Vec<Clause>, Fault> {
    let start = tokens.first().map_or(0, |t| t.start);
    let mut done: Vec<Clause> = Vec::new();
    let mut now = Clause { at: start, ..Clause::default() };
    let mut expects = false; // a landmark may follow
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1).map(|t| t.word);
        let fault = |expected: &str| Err(Fault { at: token.start, expected: expected.to_owned() });
        let placing = matches!(token.word, Word::Name | Word::Head)
            || (token.word == Word::Determiner && matches!(next, Some(Word::Name | Word::Head)));
        if placing {
            let Some((name, after)) = noun(tokens, at) else { return fault("a name of at most eight words") };
            let thing = things.of(&name);
            let owner = tokens.get(after).is_some_and(|t| t.word == Word::Possessive);
            if owner || expects {
                if now.subjects.is_empty() || now.landmark.is_some_and(|l| l != thing) {
                    return fault("one landmark");
                }
                now.landmark = Some(thing);
            } else if now.subjects.is_empty() {
                now.subjects.push(thing);
                now.at = token.start;
            } else if now.bare() && at > 0 && matches!(tokens[at - 1].word, Word::And | Word::Comma) {
                now.subjects.push(thing);
            } else if now.bare() {
                return fault("a verb");
            } else {
                done.push(std::mem::replace(
                    &mut now,
                    Clause { at: token.start, subjects: vec![thing], ..Clause::default() },
                ));
            }
            expects = false;
            at = after + usize::from(owner);
            continue;
        }
        match token.word {
            Word::Direction(axis, sign, takes) => {
                now.turn(axis, sign);
                now.contact |= axis == Axis::Up
                    && sign > 0
                    && (token.lower == "atop"
                        || (token.lower == "top" && next == Some(Word::To) && says_on(tokens, at)));
                expects = takes;
            }
            Word::Diagonal(east, north) => {
                now.turn(Axis::East, east);
                now.turn(Axis::North, north);
                expects = false;
            }
            Word::Be | Word::Posed => {
                if now.subjects.is_empty() {
                    return fault("a name before the verb");
                }
                now.verb = true;
                expects = false;
            }
            Word::And | Word::Comma | Word::With => expects = false,
            Word::To => expects = true,
            Word::There => {
                now.there = true;
                expects = false;
            }
            Word::Arranged(axis) => {
                now.arranged = true;
                now.near |= matches!(token.lower.as_str(), "next" | "adjacent" | "beside");
                expects = token.lower == "beside";
                if let Some(axis) = axis {
                    // on the same horizontal plane, in a vertical line
                    now.aligned = Some(axis);
                }
            }
            Word::Centre => {
                now.clock_centre = true;
                now.clock = true;
            }
            Word::Clock | Word::Face | Word::OClock => {
                now.clock = true;
                expects = false;
            }
            Word::Number(_) if matches!(next, Some(Word::Degree)) => {}
            Word::Number(n) => {
                now.hours.push(n);
                expects = false;
            }
            Word::Hour(n) => {
                now.hours.push(n);
                now.clock = true;
                expects = false;
            }
            Word::Degree | Word::Determiner => {}
            Word::Corner => {
                now.corner = true;
                expects = false;
            }
            Word::Filler => {
                // "side by side" and "each other" say how two things lie
                now.arranged |= matches!(token.lower.as_str(), "other")
                    || (token.lower == "by" && at > 0 && tokens[at - 1].lower == "side");
                if matches!(
                    token.lower.as_str(),
                    "side" | "hand" | "position" | "direction" | "other" | "line" | "plane"
                ) {
                    expects = false;
                }
            }
            Word::Between => match next {
                Some(Word::Them | Word::Number(_) | Word::Hour(_)) => {}
                _ => return fault("`between` only as in `between 4 and 5` or `between them`"),
            },
            Word::If if at == 0 => {}
            Word::Not => now.negated = true,
            Word::It => {
                let referent = now.landmark.or_else(|| match done.last().map(|c| &c.subjects[..]) {
                    Some([one]) => Some(*one),
                    _ => None,
                });
                match referent {
                    Some(thing) if expects => now.landmark = Some(thing),
                    _ => return fault("one thing that `it` can mean"),
                }
                expects = false;
            }
            Word::Them if at > 0 && tokens[at - 1].word == Word::Between => {}
            _ => return fault("a word of places"),
        }
        at += 1;
    }
    done.push(now);
    if !done[0].verb {
        return Err(Fault { at: start, expected: "a verb".to_owned() });
    }
    Ok(done)
}

/// "on top of": the tokens before `top` say that it rests there.
fn says_on(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[..at].iter().rev().find(|t| t.word != Word::Determiner).is_some_and(|t| t.lower == "on")
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    /// `figure ground signs` of every statement, axes Across and Up.
    fn said(sentence: &str) -> Result<Vec<String>, String> {
        let mut things = Things::default();
        let statements = read(&tokens(sentence, 0), &mut things).map_err(|f| f.expected)?;
        let word = |s: &Statement| match s {
            Statement::Direction { figure, ground, direction, .. } => {
                let sign =
                    |axis: Axis| direction.signs[axis as usize].map_or("?".to_owned(), |s| s.to_string());
                format!(
                    "{} {} {} {}",
                    things.name(*figure),
                    things.name(*ground),
                    sign(Axis::Across),
                    sign(Axis::Up)
                )
            }
            other => format!("{other:?}"),
        };
        Ok(statements.iter().map(word).collect())
    }

    #[test]
    fn wordings_of_one_relation_are_read_alike() {
        for sentence in [
            "X is diagonally above Y to the right at a 45 degree.",
            "X is to the right and above Y at an angle of about 45 degrees.",
            "Object X is above object Y and to the right of it, too.",
            "The object X is upper and slightly to the right of the object Y.",
            "X is on the right side and top of Y.",
            "X is at a 45 degree angle to Y, in the upper righthand corner.",
            "X is positioned up and to the right of Y.",
            "X is above Y at 2 o'clock.",
            "X is positioned in the front right corner of Y.",
            "If Y is the center of a clock face, X is located between 1 and 2.",
            "Y is there and X is at the 2 position of a clock face.",
            "X is slightly off center to the top right and Y is slightly off center to the bottom left.",
        ] {
            assert_eq!(said(sentence), Ok(vec!["X Y 1 1".into()]), "{sentence}");
        }
        for sentence in [
            "X and Y are next to each other with Y on the right and X on the left.",
            "X is over there and Y is on the right of it.",
            "X and Y are both there with the object X is to the left of object Y.",
        ] {
            let said = said(sentence).expect(sentence);
            assert!(said.iter().all(|s| s == "X Y -1 ?" || s == "Y X 1 ?"), "{sentence}: {said:?}");
        }
        assert_eq!(said("X is on the same vertical plane directly below Y."), Ok(vec!["X Y 0 -1".into()]));
        assert_eq!(said("X is at Y’s 9 o'clock."), Ok(vec!["X Y -1 0".into()]));
        assert_eq!(said("The red lamp is right above the table."), Ok(vec!["red lamp table ? 1".into()]));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        for sentence in [
            "X zorps to the left of Y.",
            "X is zorp above Y.",
            "X is to the left and to the right of Y.",
            "X is above Y at 6 o'clock.",
            "X is at Y's 13 o'clock.",
            "X is on the left.",
            "X is on the left and Y is on the top.",
            "X is between Y and Z.",
            "Y.",
            "",
            "X is Y.",
            "above Y.",
        ] {
            assert!(said(sentence).is_err(), "{sentence}: {:?}", said(sentence));
        }
    }
}
