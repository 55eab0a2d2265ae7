//! Boxes in plain words: a name, then four numbers in brackets.

use super::{Hint, MOST_BOXES, Raw, head, tags};

/// `chair: [12, 34, 56, 78]`, `- the chair at (12, 34, 56, 78)`, one or several a line.
pub(super) fn read(text: &str) -> Vec<Raw> {
    let mut out = Vec::new();
    for line in text.lines() {
        let (mut from, mut name) = (0, None);
        while let Some(start) = line[from..].find(['[', '(']).map(|n| from + n) {
            let inner = &line[start + 1..];
            let window = head(inner, 128);
            let Some(end) = window.find([']', ')']) else {
                from = start + 1;
                continue;
            };
            let before = &line[from.min(start)..start];
            if inner.starts_with('[') {
                // a list of lists is JSON: the words before it name no single thing
                from = start + 1;
                continue;
            }
            name = named(before).or(name);
            let numbers = tags::numbers(&window[..end]);
            if let [a, b, c, d] = numbers[..] {
                let numbers = [a, b, c, d];
                out.push(Raw { label: name.clone(), score: None, numbers, hint: Hint::default() });
            }
            from = start + 1 + end + 1;
            if out.len() >= MOST_BOXES {
                return out;
            }
        }
    }
    out
}

/// The name at the end of the words before a bracket.
fn named(before: &str) -> Option<String> {
    let words = before.trim().trim_start_matches(|c: char| !c.is_alphabetic());
    let words = words.trim_end_matches(|c: char| !c.is_alphanumeric());
    let words = [" at", " is at", " located at", " box", " bbox"]
        .iter()
        .fold(words, |w, end| w.strip_suffix(end).unwrap_or(w));
    let start = words.rfind([',', ';', '.', ':']).map_or(0, |at| at + 1);
    let name = words[start..].trim();
    let without = |n: &'_ str, start: &str| match n.get(..start.len()) {
        Some(head) if head.eq_ignore_ascii_case(start) => start.len(),
        _ => 0,
    };
    let name = ["and ", "the ", "a ", "an "].iter().fold(name, |n, start| &n[without(n, start)..]);
    tags::label(name)
}

/// The text says that there is nothing.
pub(super) fn says_none(text: &str) -> bool {
    let short = text.trim().trim_end_matches('.').to_ascii_lowercase();
    short.len() <= 200
        && (["none", "nothing", "no", "no objects", "not visible"].contains(&short.as_str())
            || [
                "there are no ",
                "there is no ",
                "no such ",
                "none of ",
                "i see no ",
                "i don't see ",
                "i do not see ",
            ]
            .iter()
            .any(|start| short.starts_with(start)))
}
