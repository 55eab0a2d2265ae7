//! A text cut into sentences, and one sentence read.

use super::narrative::{self, Context};
use super::place::{self, Fault};
use super::statement::Statement;
use super::thing::Things;
use super::token::tokens;
use super::when::{self, Placed};
use super::{Reach, StorySettings, puzzle};

/// Longest sentence that is read, in bytes; longer ones are no sentences.
const MOST_BYTES: usize = 4_000;

/// What a sentence says and when; `start` is its byte offset in the story.
pub(super) fn read(
    written: &str,
    start: usize,
    things: &mut Things,
    context: &mut Context,
) -> Result<(Vec<Statement>, Placed), Fault> {
    if written.len() > MOST_BYTES {
        let expected = format!("a sentence of at most {MOST_BYTES} bytes");
        return Err(Fault { at: start, expected });
    }
    let mut tokens = tokens(written, start);
    if says_only(written) {
        tokens.retain(|token| token.lower != "only");
    }
    let Some((rest, placed)) = when::taken(&tokens) else {
        return Err(Fault { at: start, expected: "one time".to_owned() });
    };
    let known = things.len();
    context.pronoun = false;
    let of_places = match place::read(rest, things) {
        Ok(statements) => return Ok((statements, placed)),
        Err(fault) => fault,
    };
    things.forget(known);
    match narrative::read(rest, things, context) {
        Ok(statements) => Ok((statements, placed)),
        Err(fault) => {
            things.forget(known);
            Err(if fault.at > of_places.at { fault } else { of_places })
        }
    }
}

/// Whether a sentence says that a place holds certain things only: "Block A has only a circle."
pub(super) fn says_only(written: &str) -> bool {
    let lower = written.to_lowercase();
    ["has only ", "contains only ", "holds only ", "there is only ", "there are only "]
        .iter()
        .any(|w| lower.contains(w))
}

/// A sentence that says how the story is to be read; then it is taken into the settings.
pub(super) fn directive(written: &str, settings: &mut StorySettings) -> bool {
    let words = written.trim_end_matches('.').trim();
    let is = |all: &[&str]| all.iter().any(|w| words.eq_ignore_ascii_case(w));
    if is(&["every relation is one step", "each relation is one step", "every relation is one unit step"]) {
        settings.reach = Reach::Step;
    } else if is(&["relations may reach any distance"]) {
        settings.reach = Reach::Open;
    } else if is(&["what is not said is not so", "nothing else is so"]) {
        settings.closed = true;
    } else if is(&["what is not said is unknown", "anything else may be so"]) {
        settings.closed = false;
    } else {
        return false;
    }
    true
}

/// Whether a sentence is a puzzle: a heading with lines under it.
pub(super) fn is_puzzle(written: &str) -> bool {
    written.split_once('\n').is_some_and(|(first, _)| puzzle::heading_of(first).is_some())
}

/// The end of the puzzle that begins at a byte, after its last line that is not empty; none where none begins there.
fn puzzle_end(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let (first, _) = rest.split_once('\n')?;
    puzzle::heading_of(first)?;
    let mut end = from;
    for line in rest.split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        end += line.len();
    }
    (end > from + first.len() + 1).then_some(end)
}

/// Byte offsets of the sentences of a text: a puzzle with its lines is one, the rest is cut at `.`, `!`, `?` and ends of lines, trimmed, empty ones dropped.
pub(super) fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    let mut skip_to = 0;
    for (i, &byte) in bytes.iter().enumerate() {
        if i < skip_to {
            continue;
        }
        if (i == 0 || bytes[i - 1] == b'\n')
            && let Some(end) = puzzle_end(text, i)
        {
            push(text, start, i, &mut out);
            // its rows may end in free cells: they are not trimmed
            let rows = text.get(i..end).map_or(0, |rows| rows.trim_end_matches(['\n', '\r']).len());
            out.push((i, i + rows));
            (start, skip_to) = (end, end);
            continue;
        }
        let after = bytes.get(i + 1);
        let ends = match byte {
            b'\n' => true,
            // "p.m." and "3.5" hold points that end nothing
            b'.' => {
                after
                    .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b')' | b'\'') || *b >= 0x80)
                    && !abbreviated(&text[start..i])
            }
            b'!' | b'?' => true,
            _ => false,
        };
        if ends {
            push(text, start, i + 1, &mut out);
            start = i + 1;
        }
    }
    push(text, start, text.len(), &mut out);
    out
}

fn abbreviated(before: &str) -> bool {
    let last = before.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
    ["p.m", "a.m", "Mr", "Mrs", "Ms", "Dr", "St", "e.g", "i.e"].contains(&last)
}

fn push(text: &str, start: usize, end: usize, out: &mut Vec<(usize, usize)>) {
    let Some(part) = text.get(start..end) else { return };
    let trimmed = part.trim();
    if trimmed.chars().any(char::is_alphanumeric) {
        let from = start + (part.len() - part.trim_start().len());
        out.push((from, from + trimmed.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_points_that_end_something() {
        let text = "A is at B's 3 o'clock. It is 3.5 m. Mr. Fox came at 3 p.m. yesterday!\n\n  C is above D";
        let cut: Vec<&str> = sentences(text).iter().map(|&(s, e)| &text[s..e]).collect();
        assert_eq!(
            cut,
            ["A is at B's 3 o'clock.", "It is 3.5 m.", "Mr. Fox came at 3 p.m. yesterday!", "C is above D"]
        );
    }
}
