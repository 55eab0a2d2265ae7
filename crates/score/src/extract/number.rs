//! The number of an answer.

/// The first signed decimal in the text; thousands commas are left out, units are not read.
///
/// # Source
/// The pattern `-?\d+(\.\d+)?` of lmms-eval `vsibench/utils.py`.
pub fn number(said: &str) -> Option<f64> {
    let said = without_thousands_commas(said);
    digits_at(&said).map(|(_, number)| number)
}

/// The first number in digits or in words: `twenty-one chairs` is 21, `about 3 m` is 3; whichever comes first counts.
///
/// Words are zero to nineteen, the tens, hundred and thousand, joined by hyphens or blanks, `and` skipped. Articles are
/// not numbers.
///
/// # Source
/// lmms-eval `vsibench/utils.py` (later extraction).
pub fn number_or_words(said: &str) -> Option<f64> {
    let said = without_thousands_commas(said);
    match (digits_at(&said), words_at(&said)) {
        (Some((at, _)), Some((words_at, words))) if words_at < at => Some(words),
        (Some((_, digits)), _) => Some(digits),
        (None, words) => words.map(|(_, number)| number),
    }
}

/// Every signed decimal in the text, in order.
pub(crate) fn decimals(said: &str) -> Vec<f64> {
    let mut numbers = Vec::new();
    let mut rest = said;
    while let Some((_, number, end)) = digits_until(rest) {
        numbers.push(number);
        rest = &rest[end..];
    }
    numbers
}

/// `1,234.5` becomes `1234.5`; other commas stay.
fn without_thousands_commas(said: &str) -> String {
    let bytes = said.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let between =
        |i: usize| i > 0 && digit(i - 1) && digit(i + 1) && digit(i + 2) && digit(i + 3) && !digit(i + 4);
    said.char_indices().filter(|&(i, c)| c != ',' || !between(i)).map(|(_, c)| c).collect()
}

/// Place and value of the first decimal.
fn digits_at(said: &str) -> Option<(usize, f64)> {
    digits_until(said).map(|(at, number, _)| (at, number))
}

/// Place, value and end of the first decimal.
fn digits_until(said: &str) -> Option<(usize, f64, usize)> {
    let bytes = said.as_bytes();
    let start = bytes.iter().position(u8::is_ascii_digit)?;
    let run = |from: usize| {
        bytes[from..].iter().position(|b| !b.is_ascii_digit()).map_or(bytes.len(), |n| from + n)
    };
    let mut end = run(start);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = run(end + 1);
    }
    let start = if start > 0 && bytes[start - 1] == b'-' { start - 1 } else { start };
    said[start..end].parse().ok().map(|number| (start, number, end))
}

/// Place and value of the first run of number words.
fn words_at(said: &str) -> Option<(usize, f64)> {
    let lower = said.to_ascii_lowercase();
    let mut words = Vec::new();
    let mut from = None;
    for (i, c) in lower.char_indices().chain([(lower.len(), ' ')]) {
        match (c.is_ascii_alphabetic(), from) {
            (true, None) => from = Some(i),
            (false, Some(start)) => {
                words.push((start, &lower[start..i]));
                from = None;
            }
            _ => {}
        }
    }
    let first = words.iter().position(|(_, word)| matches!(value_of(word), Some(Word::Add(_))))?;
    let (mut sum, mut part, mut tens) = (0.0, 0.0, false);
    for (n, (_, word)) in words[first..].iter().enumerate() {
        match value_of(word) {
            Some(Word::Add(value)) => {
                // "two three" are two numbers, "twenty three" is one
                let fits = n == 0 || part == 0.0 || (part % 100.0 == 0.0) || (tens && value < 10.0);
                if !fits {
                    break;
                }
                part += value;
                tens = value >= 20.0;
            }
            Some(Word::Times(factor)) if factor < 1000.0 => part = part.max(1.0) * factor,
            Some(Word::Times(factor)) => (sum, part) = (sum + part.max(1.0) * factor, 0.0),
            None if *word == "and" && n > 0 => {}
            None => break,
        }
    }
    Some((words[first].0, sum + part))
}

enum Word {
    Add(f64),
    Times(f64),
}

fn value_of(word: &str) -> Option<Word> {
    const ONES: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let at = |list: &[&str]| list.iter().position(|w| *w == word).map(|i| i as f64);
    match word {
        "hundred" => Some(Word::Times(100.0)),
        "thousand" => Some(Word::Times(1000.0)),
        _ => at(&ONES).or_else(|| at(&TENS).map(|i| 20.0 + 10.0 * i)).map(Word::Add),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_words_are_read_whichever_comes_first() {
        for (said, expected) in [
            ("4", Some(4.0)),
            ("about -2.5 m", Some(-2.5)),
            ("1,234.5 cm", Some(1234.5)),
            ("3, 4", Some(3.0)),
            ("twenty-one chairs", Some(21.0)),
            ("one hundred and five", Some(105.0)),
            ("two thousand three hundred", Some(2300.0)),
            ("two, three", Some(2.0)),
            ("three of the 7", Some(3.0)),
            ("7 of the three", Some(7.0)),
            ("a chair", None),
            ("", None),
        ] {
            assert_eq!(number_or_words(said), expected, "{said:?}");
        }
        assert_eq!(number("three of the 7"), Some(7.0));
    }
}
