//! A question as words, numbers, clock times and marks.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// A word in lower case.
    Word,
    /// A number, in figures.
    Number(f64),
    /// A time written with colons (`0:12`, `1:02:03`), in seconds.
    Clock(f64),
    /// Text between quotation marks, as written.
    Quoted,
    /// One mark: `? . , ; : ( ) [ ]`.
    Mark,
}

/// One token of a question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// The word in lower case, the quoted text as written, or the mark.
    pub(super) text: String,
    /// What it is.
    pub(super) kind: Kind,
}

/// The tokens of a question: contractions opened (`didn't` → did not), `(s)` dropped, hyphens taken as spaces.
///
/// Words that ask for nothing ("please", "approximately") are dropped.
pub(super) fn tokens(question: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = question.trim();
    while let Some(c) = rest.chars().next() {
        let taken = if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|d: char| d.is_ascii_digit()))
        {
            number(rest, &mut tokens)
        } else if c == '-' && negative(question, rest) {
            let at = tokens.len();
            let taken = 1 + number(&rest[1..], &mut tokens);
            if let Some(Token { kind: Kind::Number(value), text }) = tokens.get_mut(at) {
                *value = -*value;
                text.insert(0, '-');
            }
            taken
        } else if let Some(taken) = dotted(rest) {
            taken
        } else if c.is_alphabetic() {
            word(rest, &mut tokens)
        } else if let Some(closing) = closing_quote(c) {
            quoted(rest, c, closing, &mut tokens)
        } else if let Some(plural) = ["(s)", "(es)"].into_iter().find(|plural| rest.starts_with(plural)) {
            plural.len()
        } else {
            if "?.,;:()[]#!/".contains(c) {
                let mark = if c == '!' { '.' } else { c };
                tokens.push(Token { text: mark.to_string(), kind: Kind::Mark });
            }
            c.len_utf8()
        };
        rest = &rest[taken..];
    }
    tokens
}

/// The bytes before the last part of a label with dots that a number follows, as answers name things: "vehicle.car 51" is car 51.
fn dotted(rest: &str) -> Option<usize> {
    let (label, after) = rest.split_once(' ')?;
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
    };
    let numbered = after.starts_with(|c: char| c.is_ascii_digit());
    let last = label.rfind('.')?;
    (numbered && label.split('.').all(is_part)).then_some(last + 1)
}

/// The hyphen at the start of `rest` is the sign of a number: "(-1.5, 2)", not "3-5" or "t-72".
fn negative(question: &str, rest: &str) -> bool {
    let before = question[..question.trim_end().len().saturating_sub(rest.len())].chars().next_back();
    let figure = rest[1..].starts_with(|d: char| d.is_ascii_digit());
    figure && before.is_none_or(|c| matches!(c, '(' | '[' | ',') || c.is_whitespace())
}

/// A number or a clock time at the start of `text`; gives its length in bytes.
fn number(text: &str, tokens: &mut Vec<Token>) -> usize {
    let figures = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = figures(text);
    let mut parts = vec![&text[..end]];
    while text[end..].starts_with(':') && figures(&text[end + 1..]) == 2 && parts.len() < 3 && end > 0 {
        parts.push(&text[end + 1..end + 3]);
        end += 3;
    }
    if text[end..].starts_with('.') && figures(&text[end + 1..]) > 0 {
        end += 1 + figures(&text[end + 1..]);
    }
    let last_start = text[..end].rfind(':').map_or(0, |colon| colon + 1);
    let Ok(last) = text[last_start..end].parse::<f64>() else { return end.max(1) };
    if parts.len() > 1 {
        let above =
            parts[..parts.len() - 1].iter().fold(0.0, |sum, part| sum * 60.0 + part.parse().unwrap_or(0.0));
        let kind = Kind::Clock(above * 60.0 + last);
        tokens.push(Token { text: text[..end].to_owned(), kind });
        return end;
    }
    for ending in ["st", "nd", "rd", "th"] {
        let after = &text[end..];
        if after.starts_with(ending) && !after[2..].starts_with(char::is_alphanumeric) {
            tokens.push(Token { text: format!("{}th", &text[..end]), kind: Kind::Word });
            return end + 2;
        }
    }
    let letters = text[end..].find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len() - end);
    if letters > 0 && !UNITS.contains(&&text[end..end + letters]) {
        // "3d", "4k": a word
        tokens.push(Token { text: text[..end + letters].to_lowercase(), kind: Kind::Word });
        return end + letters;
    }
    tokens.push(Token { text: text[..end].to_owned(), kind: Kind::Number(last) });
    // "bus 9's"
    let owner = ["'s", "’s"].into_iter().find(|mark| text[end..].starts_with(mark));
    match owner.filter(|mark| !text[end + mark.len()..].starts_with(char::is_alphanumeric)) {
        Some(mark) => {
            tokens.push(Token { text: "'s".to_owned(), kind: Kind::Word });
            end + mark.len()
        }
        None => end,
    }
}

/// A word at the start of `text`, its contraction opened; gives its length in bytes.
fn word(text: &str, tokens: &mut Vec<Token>) -> usize {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’')).unwrap_or(text.len());
    let lower = text[..end].to_lowercase().replace('’', "'");
    let lower = lower.trim_end_matches('\'');
    // "exactly two" is not two or more; "when exactly" asks for nothing more
    let counts = text[end..].trim_start().split(|c: char| !c.is_alphanumeric()).next().is_some_and(|next| {
        next.starts_with(|c: char| c.is_ascii_digit()) || NUMBERS.contains(&next.to_lowercase().as_str())
    });
    let mut push = |word: &str| {
        if !FILLERS.contains(&word) || word == "exactly" && counts {
            tokens.push(Token { text: word.to_owned(), kind: Kind::Word });
        }
    };
    if let Some((_, words)) = CONTRACTIONS.iter().find(|(short, _)| *short == lower) {
        words.iter().for_each(|word| push(word));
    } else if let Some(verb) = lower.strip_suffix("n't") {
        push(verb);
        push("not");
    } else if let Some(owner) = lower.strip_suffix("'s") {
        push(owner);
        push(if ASKING.contains(&owner) { "is" } else { "'s" });
    } else {
        push(lower);
    }
    end
}

/// Quoted text at the start of `text`; a lone mark is skipped.
fn quoted(text: &str, opening: char, closing: char, tokens: &mut Vec<Token>) -> usize {
    let inner = &text[opening.len_utf8()..];
    let Some(end) = inner.find(closing) else { return opening.len_utf8() };
    tokens.push(Token { text: inner[..end].trim().to_owned(), kind: Kind::Quoted });
    opening.len_utf8() + end + closing.len_utf8()
}

fn closing_quote(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '“' => Some('”'),
        '\'' => Some('\''),
        '‘' => Some('’'),
        '`' => Some('`'),
        _ => None,
    }
}

/// Units that may stand directly behind a number.
const UNITS: &[&str] = &[
    "s", "sec", "secs", "ms", "min", "mins", "h", "m", "cm", "mm", "km", "ft", "px", "deg", "kmh", "kph", "x",
];

const CONTRACTIONS: &[(&str, &[&str])] = &[
    ("can't", &["can", "not"]),
    ("won't", &["will", "not"]),
    ("i'm", &["i", "am"]),
    ("they're", &["they", "are"]),
    ("you're", &["you", "are"]),
    ("i'd", &["i", "would"]),
    ("cannot", &["can", "not"]),
    ("m/s", &["m", "per", "s"]),
];

/// Words after which `'s` is "is".
const ASKING: &[&str] =
    &["what", "who", "where", "when", "how", "which", "there", "that", "it", "he", "she", "here"];

/// Numbers that "exactly" may stand before.
const NUMBERS: &[&str] = &[
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// Words that ask for nothing.
const FILLERS: &[&str] = &[
    "please",
    "approximately",
    "roughly",
    "actually",
    "really",
    "exactly",
    "ever",
    "kindly",
    "altogether",
    "overall",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(question: &str, expected: &str) {
        let words: Vec<String> = tokens(question).into_iter().map(|token| token.text).collect();
        assert_eq!(words.join("|"), expected);
    }

    #[test]
    fn words_numbers_times_and_marks() {
        check("How many chair(s) are in this room?", "how|many|chair|are|in|this|room|?");
        check("Didn't it stop between 3.5s and 1:02:03?", "did|not|it|stop|between|3.5|s|and|1:02:03|?");
        check("What's the bus's speed, at 2nd cut", "what|is|the|bus|'s|speed|,|at|2th|cut");
        check("From bus 9's view, at '2 s'", "from|bus|9|'s|view|,|at|2 s");
        check("Is 'Fire Truck' front-left…", "is|Fire Truck|front|left");
    }

    #[test]
    fn a_label_with_dots_and_a_number_names_a_thing_as_answers_do() {
        check("Where is vehicle.car 51?", "where|is|car|51|?");
        check("near movable_object.trafficcone 5's left", "near|trafficcone|5|'s|left");
        check("Is it a car.Then go 5 m.", "is|it|a|car|.|then|go|5|m|.");
    }

    #[test]
    fn a_number_with_letters_is_a_word_unless_they_are_a_unit() {
        check("a 3D heart 30px", "a|3d|heart|30|px");
    }

    #[test]
    fn clock_times_are_seconds() {
        assert_eq!(tokens("0:12")[0].kind, Kind::Clock(12.0));
        assert_eq!(tokens("1:02:03.5")[0].kind, Kind::Clock(3723.5));
        assert_eq!(tokens(".5")[0].kind, Kind::Number(0.5));
    }

    #[test]
    fn anything_ends() {
        for odd in ["(s", "'", "’s", "::::", "1:", "1:2:3:4", "(s)(es)(s)", "é’x", "\"", "…", "1..2", "٣"]
        {
            let _ = tokens(odd);
        }
    }
}
