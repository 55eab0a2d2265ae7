//! Claims in an answer: numbers, intervals, boxes. Strict: what says two things says nothing.

use super::reply::Reason;
use crate::extract;
use crate::shapes::{Corners, Interval};

/// Every number of the text in order: `-2.5`, `.5`, `1e-3`; the dash between two numbers is no sign.
pub(crate) fn numbers(text: &str) -> Vec<f64> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let run = |mut i: usize| {
        while digit(i) {
            i += 1;
        }
        i
    };
    let mut at = 0;
    while at < bytes.len() {
        if !(digit(at) || bytes[at] == b'.' && digit(at + 1)) {
            at += 1;
            continue;
        }
        let signed = at > 0
            && bytes[at - 1] == b'-'
            && !(at > 1
                && (bytes[at - 2].is_ascii_alphanumeric() || matches!(bytes[at - 2], b'>' | b')' | b']')));
        let start = at - usize::from(signed);
        let mut end = run(at);
        if bytes.get(end) == Some(&b'.') && digit(end + 1) {
            end = run(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
            if digit(end + 1 + sign) {
                end = run(end + 1 + sign);
            }
        }
        if let Ok(number) = text[start..end].parse() {
            found.push(number);
        }
        at = end;
    }
    found
}

/// The one number that the answer is: `3.2`, `3.2 m`, `about 3`, `1,200`, `twenty-one`.
///
/// More than one number is none: an answer that hedges is not read.
pub(crate) fn number(said: &str) -> Result<f64, Reason> {
    let finite = |number: f64| if number.is_finite() { Ok(number) } else { Err(Reason::Unreadable) };
    let said = said.trim();
    let plain = said.as_bytes().first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    if let (true, Ok(number)) = (plain, said.parse()) {
        return finite(number);
    }
    let without_commas = said.contains(',').then(|| thousands(said));
    match numbers(without_commas.as_deref().unwrap_or(said))[..] {
        [number] => finite(number),
        [] => extract::number_or_words(said).ok_or(Reason::Unreadable),
        _ => Err(Reason::Unreadable),
    }
}

/// `1,234.5` becomes `1234.5`; other commas stay.
fn thousands(said: &str) -> String {
    let bytes = said.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let between = |i: usize| i > 0 && digit(i - 1) && (1..=3).all(|k| digit(i + k)) && !digit(i + 4);
    said.char_indices().filter(|&(i, c)| c != ',' || !between(i)).map(|(_, c)| c).collect()
}

/// The one interval that the answer is, in seconds: two numbers (`[3, 7]`, `from 3 s to 7 s`) or two clock times.
pub(crate) fn interval(said: &str) -> Result<Interval, Reason> {
    match intervals(said)?[..] {
        [one] => Ok(one),
        _ => Err(Reason::Unreadable),
    }
}

/// The intervals that the answer is: pairs of numbers.
pub(crate) fn intervals(said: &str) -> Result<Vec<Interval>, Reason> {
    let bytes = said.as_bytes();
    let clock = bytes.windows(3).any(|w| w[1] == b':' && w[0].is_ascii_digit() && w[2].is_ascii_digit());
    if clock {
        let read = extract::interval(said).and_then(|(start, end)| Interval::new(start, end));
        return read.map(|one| vec![one]).ok_or(Reason::Unreadable);
    }
    let found = numbers(said);
    if found.is_empty() || !found.len().is_multiple_of(2) {
        return Err(Reason::Unreadable);
    }
    let pairs = found.chunks_exact(2);
    pairs
        .map(|pair| {
            if !(pair[0].is_finite() && pair[1].is_finite()) {
                return Err(Reason::Unreadable);
            }
            Interval::new(pair[0], pair[1]).ok_or(Reason::Reversed)
        })
        .collect()
}

/// The one box that the text is: four numbers, corners in order.
pub(crate) fn corners(said: &str) -> Result<Corners, Reason> {
    match boxes(said)?[..] {
        [one] => Ok(one),
        _ => Err(Reason::Unreadable),
    }
}

/// The boxes that the text is: numbers in fours.
pub(crate) fn boxes(said: &str) -> Result<Vec<Corners>, Reason> {
    let found = numbers(said);
    if found.is_empty() || !found.len().is_multiple_of(4) || !found.iter().all(|v| v.is_finite()) {
        return Err(Reason::Unreadable);
    }
    found.chunks_exact(4).map(|four| corners_of(four).ok_or(Reason::Reversed)).collect()
}

/// A box by four numbers, its corners in order.
pub(crate) fn corners_of(four: &[f64]) -> Option<Corners> {
    match *four {
        [x1, y1, x2, y2] if x1 <= x2 && y1 <= y2 => Some(Corners { x1, y1, x2, y2 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_signs_fractions_and_exponents() {
        assert_eq!(numbers("a -2.5, .5 10-20 1e-3 2e x3"), [-2.5, 0.5, 10.0, 20.0, 0.001, 2.0, 3.0]);
        assert_eq!(numbers("3. 4.."), [3.0, 4.0]);
        assert_eq!(numbers(""), [0.0; 0]);
    }

    #[test]
    fn an_answer_that_hedges_is_not_read() {
        for (said, expected) in [
            ("3.2", Ok(3.2)),
            ("-3", Ok(-3.0)),
            ("about 3 m", Ok(3.0)),
            ("1,200", Ok(1200.0)),
            ("twenty-one chairs", Ok(21.0)),
            ("3 or 4", Err(Reason::Unreadable)),
            ("1e999", Err(Reason::Unreadable)),
            ("nan", Err(Reason::Unreadable)),
            ("inf", Err(Reason::Unreadable)),
            ("", Err(Reason::Unreadable)),
        ] {
            assert_eq!(number(said), expected, "{said:?}");
        }
        assert_eq!(interval("[3, 7.5]").map(|i| (i.start, i.end)), Ok((3.0, 7.5)));
        assert_eq!(interval("from 3 s to 7 s").map(|i| i.length()), Ok(4.0));
        assert_eq!(interval("0:12 - 1:02").map(|i| i.length()), Ok(50.0));
        assert_eq!(interval("[7, 3]"), Err(Reason::Reversed));
        assert_eq!(interval("[1, 2] or [3, 4]"), Err(Reason::Unreadable));
        assert_eq!(corners("[1, 2, 3, 4]").map(|c| c.area()), Ok(4.0));
        assert_eq!(corners("[3, 2, 1, 4]"), Err(Reason::Reversed));
        assert_eq!(corners("1 2 3"), Err(Reason::Unreadable));
    }
}
