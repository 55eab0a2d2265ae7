//! Pieces of a text that may be JSON.

use super::{Raw, json};

/// What stands in fences of three backticks, in order; an unclosed one reaches to the end.
pub(super) fn fences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("```") {
        let inner = &rest[start + 3..];
        // a word for the language
        let inner = inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        let end = inner.find("```");
        out.push(&inner[..end.unwrap_or(inner.len())]);
        match end {
            Some(end) => rest = &inner[end + 3..],
            None => break,
        }
    }
    out
}

/// Boxes of all JSON that stands within words: balanced brackets, the outermost that can be read. Of a list that was cut off, the whole
/// items remain. None where there are none; empty where all that is there is an empty list.
pub(super) fn json_within(text: &str) -> Option<Vec<Raw>> {
    let pairs = balanced(text);
    // each byte is read a few times at most, whatever the text
    let mut left = 4 * text.len() + 4096;
    let (mut out, mut empty, mut done) = (Vec::new(), false, 0);
    for &(start, end) in &pairs {
        if start < done || end - start > left {
            continue;
        }
        left -= end - start;
        if let Some(raw) = json::read(&text[start..end]) {
            done = end;
            empty |= raw.is_empty();
            out.extend(raw);
        }
    }
    (!out.is_empty() || empty).then_some(out)
}

/// Deeper brackets are no JSON of ours.
const MOST_DEPTH: usize = 64;

/// Matched brackets, by start, outer ones first. Quotes hide brackets only within brackets, as words around them have apostrophes.
fn balanced(text: &str) -> Vec<(usize, usize)> {
    let (mut open, mut pairs) = (Vec::new(), Vec::new());
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                // a text of JSON has no line break: a stray quote ends here
                b'"' | b'\n' => quoted = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' if !open.is_empty() => quoted = true,
            b'[' | b'{' => {
                open.push((byte, at));
                if open.len() > MOST_DEPTH {
                    open.remove(0);
                }
            }
            b']' | b'}' => {
                let wanted = if byte == b']' { b'[' } else { b'{' };
                match open.pop() {
                    Some((kind, start)) if kind == wanted => pairs.push((start, at + 1)),
                    _ => open.clear(),
                }
            }
            _ => {}
        }
    }
    pairs.sort_unstable_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
    pairs
}
