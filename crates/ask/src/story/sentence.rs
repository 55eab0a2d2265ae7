//! A text cut into sentences, and one sentence read.

use super::place::{self, Fault};
use super::statement::Statement;
use super::thing::Things;
use super::token::tokens;

/// Longest sentence that is read, in bytes; longer ones are no sentences.
const MOST_BYTES: usize = 4_000;

/// What a sentence says; `start` is its byte offset in the story.
pub(super) fn read(written: &str, start: usize, things: &mut Things) -> Result<Vec<Statement>, Fault> {
    if written.len() > MOST_BYTES {
        let expected = format!("a sentence of at most {MOST_BYTES} bytes");
        return Err(Fault { at: start, expected });
    }
    let tokens = tokens(written, start);
    place::read(&tokens, things)
}

/// Byte offsets of the sentences of a text: cut at `.`, `!`, `?` and ends of lines, trimmed, empty ones dropped.
pub(super) fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for (i, &byte) in bytes.iter().enumerate() {
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
