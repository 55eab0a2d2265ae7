//! What sentences of thoughts claim, as questions to a World.

use crate::story::numeral::to_twenty;
use chronotope_world::{Scale, Unit};
use std::fmt;

/// A claim: a question, and the number that was said where it is one of how many, how fast or how far.
#[derive(Clone, Debug, PartialEq)]
pub struct Asks {
    /// The question.
    pub question: String,
    /// The number that was said.
    pub said: Option<Said>,
}

/// A number that was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// In the unit.
    pub number: f64,
    /// Of the base units.
    pub unit: Unit,
    /// Half of its last digit.
    pub rounding: f64,
    /// Whether things were counted.
    pub counts: bool,
}

impl fmt::Display for Asks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.said {
            Some(said) => write!(f, "{} {} {}", self.question, said.number, said.unit),
            None => f.write_str(&self.question),
        }
    }
}

/// Longest sentence that may be a claim, in bytes.
pub const LONGEST: usize = 200;

/// Words that take a claim back, or speak of what only the sentence before names.
const SKIPPED: [&str; 26] = [
    "not", "never", "no", "if", "or", "maybe", "perhaps", "probably", "might", "may", "could", "would",
    "should", "whether", "unless", "seems", "either", "unclear", "answer", "option", "it", "they", "he",
    "she", "this", "that",
];
const OPENERS: [&str; 9] = ["so", "then", "and", "but", "thus", "hence", "therefore", "because", "first"];
const VERBS: [&str; 4] = ["is", "are", "was", "were"];

/// The sentences of a text with the mark that ends each; a point between digits ends none. Tags are cut out: what stands before `>` is the
/// inside of one.
pub fn split(text: &str) -> impl Iterator<Item = (&str, char)> {
    let ends = |(i, c): (usize, char)| {
        let decimal = c == '.' && text[i + 1..].starts_with(|next: char| next.is_ascii_digit());
        (matches!(c, '.' | '!' | '?' | ';' | '\n' | '<' | '>') && !decimal).then_some((i, c))
    };
    let mut from = 0;
    let mut marks = text.char_indices().filter_map(ends).chain([(text.len(), '.')]);
    std::iter::from_fn(move || {
        let (to, mark) = marks.next()?;
        let sentence = text[from..to].trim();
        from = (to + mark.len_utf8()).min(text.len());
        Some((sentence, mark))
    })
    .filter(|(sentence, _)| !sentence.is_empty())
}

/// The sentences of thoughts, without tags and questions, the short ones.
pub fn sentences(thoughts: &str) -> impl Iterator<Item = &str> {
    split(thoughts)
        // what ends in a question mark claims nothing, nor does the inside of a tag
        .filter(|(sentence, mark)| !matches!(mark, '?' | '>') && sentence.len() <= LONGEST)
        .map(|(sentence, _)| sentence)
}

/// What a sentence claims; none where it claims nothing that is read here.
pub fn claim(sentence: &str) -> Option<Asks> {
    let mut words: Vec<&str> = sentence.split_whitespace().collect();
    while words
        .first()
        .is_some_and(|word| OPENERS.contains(&word.trim_matches(',').to_ascii_lowercase().as_str()))
    {
        words.remove(0);
    }
    let lower: Vec<String> = words.iter().map(|word| bare(word)).collect();
    if lower.iter().any(|word| SKIPPED.contains(&word.as_str()) || word.ends_with("n't")) {
        return None;
    }
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    counted(&words, &lower)
        .or_else(|| fast(&words, &lower))
        .or_else(|| far(&words, &lower))
        .or_else(|| comes_within(&words, &lower))
        .or_else(|| yes_or_no(&words, &lower))
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'').to_ascii_lowercase()
}

/// `there are two people at 5 s`, `I count 2 cars` → `How many people are there at 5 s?`
fn counted(words: &[&str], lower: &[&str]) -> Option<Asks> {
    const PREPOSITIONS: [&str; 12] =
        ["at", "in", "on", "between", "from", "during", "until", "before", "after", "visible", "by", "with"];
    let (from, was) = match lower {
        ["there", verb @ ("is" | "are" | "was" | "were"), ..] => (2, matches!(*verb, "was" | "were")),
        ["i", "can", "see" | "count", ..] => (3, false),
        ["i" | "we", "see" | "count", ..] => (2, false),
        ["i" | "we", "saw" | "counted", ..] => (2, true),
        _ => return None,
    };
    let from = from + usize::from(matches!(lower.get(from), Some(&"exactly")));
    // `-1` is no `1`
    if words.get(from)?.starts_with(['-', '−']) {
        return None;
    }
    let number = whole(lower.get(from)?)?;
    let rest = &lower[from + 1..];
    let kind = rest.iter().position(|word| PREPOSITIONS.contains(word)).unwrap_or(rest.len());
    if kind == 0 {
        return None;
    }
    let names = plural(&words[from + 1..from + 1 + kind], number);
    let rest = words[from + 1 + kind..].join(" ");
    let (verb, rest) = (if was { "were" } else { "are" }, tail(&rest));
    let said = Said { number: number as f64, unit: Unit::ONE, rounding: 0.0, counts: true };
    Some(Asks { question: format!("How many {names} {verb} there{rest}?"), said: Some(said) })
}

/// The kind as it is asked for: `one car` are cars.
fn plural(names: &[&str], number: u64) -> String {
    let names = names.join(" ");
    match number {
        1 if names.ends_with("person") => format!("{}people", &names[..names.len() - "person".len()]),
        1 if names.ends_with("ss") || names.ends_with("ch") || names.ends_with('x') => format!("{names}es"),
        1 if !names.ends_with('s') => format!("{names}s"),
        _ => names,
    }
}

/// `the car drives at 10 m/s at 3 s`, `the speed of the car is 10 m/s` → `How fast is the car at 3 s?`
fn fast(words: &[&str], lower: &[&str]) -> Option<Asks> {
    const MOVES: [&str; 30] = [
        "moves",
        "move",
        "moved",
        "moving",
        "drives",
        "drive",
        "drove",
        "driving",
        "travels",
        "travel",
        "travelled",
        "traveled",
        "travelling",
        "traveling",
        "goes",
        "go",
        "went",
        "going",
        "walks",
        "walk",
        "walked",
        "walking",
        "runs",
        "run",
        "ran",
        "running",
        "rides",
        "cycles",
        "flies",
        "rolls",
    ];
    let quantity = |at: usize| said(words, lower, at, speed);
    let (subject, (number, until)) = match lower {
        ["the", "speed", "of", ..] => {
            let verb = lower.iter().position(|word| VERBS.contains(word))?;
            (words.get(3..verb)?.join(" "), quantity(verb + 1)?)
        }
        _ => {
            if let Some(verb) = lower.iter().position(|word| VERBS.contains(word))
                && verb >= 2
                && lower[verb - 1] == "speed"
                && let Some(owner) = lower[verb - 2].strip_suffix("'s")
            {
                let mut subject: Vec<&str> = words[..verb - 2].to_vec();
                subject.push(owner);
                (subject.join(" "), quantity(verb + 1)?)
            } else {
                let verb = lower.iter().position(|word| MOVES.contains(word))?;
                let named = if verb > 0 && VERBS.contains(&lower[verb - 1]) { verb - 1 } else { verb };
                if lower.get(verb + 1) != Some(&"at") && lower.get(verb + 1) != Some(&"with") {
                    return None;
                }
                (words[..named].join(" "), quantity(verb + 2)?)
            }
        }
    };
    const PAST: [&str; 9] =
        ["was", "were", "moved", "drove", "travelled", "traveled", "went", "walked", "ran"];
    let past = lower.iter().any(|word| PAST.contains(word));
    let verb = if past { "was" } else { "is" };
    let subject = subject_of(&subject)?;
    let rest = words[until..].join(" ");
    Some(Asks { question: format!("How fast {verb} {subject}{}?", tail(&rest)), said: Some(number) })
}

/// `the car is 4 m from the truck at 3 s` → `How far is the car from the truck at 3 s?`
fn far(words: &[&str], lower: &[&str]) -> Option<Asks> {
    let verb = lower.iter().position(|word| VERBS.contains(word)).filter(|verb| (1..=8).contains(verb))?;
    let (number, until) = said(words, lower, verb + 1, length)?;
    let until = until + usize::from(lower.get(until) == Some(&"away"));
    if lower.get(until) != Some(&"from") {
        return None;
    }
    let subject = subject_of(&words[..verb].join(" "))?;
    let rest = words[until..].join(" ");
    Some(Asks { question: format!("How far {} {subject}{}?", lower[verb], tail(&rest)), said: Some(number) })
}

/// `the car comes within 2 m of the truck` → `Does the car come within 2 m of the truck?`
fn comes_within(words: &[&str], lower: &[&str]) -> Option<Asks> {
    let within = lower.iter().position(|word| *word == "within").filter(|at| (2..=8).contains(at))?;
    let auxiliary = match lower[within - 1] {
        "comes" | "gets" | "passes" => "Does",
        "come" | "get" | "pass" => "Do",
        "came" | "got" | "passed" => "Did",
        _ => return None,
    };
    let subject = subject_of(&words[..within - 1].join(" "))?;
    let rest = words[within..].join(" ");
    Some(Asks { question: format!("{auxiliary} {subject} come {}?", rest.trim_end_matches('.')), said: None })
}

/// A plain statement as a question: `The car is left of the truck` → `Is the car left of the truck?`
fn yes_or_no(words: &[&str], lower: &[&str]) -> Option<Asks> {
    let verb = lower.iter().position(|word| VERBS.contains(word))?;
    // a subject of a few words, and something said of it
    if verb == 0 || verb > 8 || verb + 1 == words.len() {
        return None;
    }
    let subject = subject_of(&words[..verb].join(" "))?;
    let mut asks = lower[verb].to_owned();
    asks[..1].make_ascii_uppercase();
    Some(Asks { question: format!("{asks} {subject} {}?", words[verb + 1..].join(" ")), said: None })
}

/// A subject without the capital that begins a sentence.
fn subject_of(words: &str) -> Option<String> {
    let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
    let lowered = format!("{} {rest}", first.to_ascii_lowercase());
    let lowered = lowered.trim();
    (!lowered.is_empty() && lowered.split(' ').count() <= 8).then(|| lowered.to_owned())
}

/// What follows, with a blank before it.
fn tail(rest: &str) -> String {
    let rest = rest.trim_matches(|c: char| c == '.' || c == ',' || c == ' ');
    if rest.is_empty() { String::new() } else { format!(" {rest}") }
}

/// A number with its unit from a word on, and the word behind it.
fn said(
    words: &[&str],
    lower: &[&str],
    mut at: usize,
    unit: fn(&str) -> Option<(f64, Unit)>,
) -> Option<(Said, usize)> {
    const ABOUT: [&str; 6] = ["about", "around", "roughly", "approximately", "at", "nearly"];
    while lower.get(at).is_some_and(|word| ABOUT.contains(word)) {
        at += 1;
    }
    let word = words.get(at)?.trim_matches(|c: char| matches!(c, '~' | '≈' | ',' | '('));
    // `10m/s` and `10 m/s`
    let digits = word.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(word.len());
    let (number, glued) = word.split_at(digits);
    let (unit_text, until) = if glued.is_empty() { (*words.get(at + 1)?, at + 2) } else { (glued, at + 1) };
    let (factor, unit) = unit(unit_text.trim_end_matches([',', '.', ')']))?;
    let places = number.split_once('.').map_or(0, |(_, places)| places.len());
    if number.is_empty() || number.len() > 15 {
        return None;
    }
    let number: f64 = number.parse().ok()?;
    let rounding = 0.5 * (0..places).fold(1.0, |step, _| step / 10.0);
    Some((Said { number: number * factor, unit, rounding: rounding * factor, counts: false }, until))
}

fn length(unit: &str) -> Option<(f64, Unit)> {
    Some(match unit {
        "m" | "metre" | "metres" | "meter" | "meters" => (1.0, Unit::METRE),
        "cm" | "centimetres" | "centimeters" => (0.01, Unit::METRE),
        "km" | "kilometres" | "kilometers" => (1000.0, Unit::METRE),
        "px" | "pixels" => (1.0, Unit::PIXEL),
        _ => return None,
    })
}

fn speed(unit: &str) -> Option<(f64, Unit)> {
    let per_second = |scale| Unit::powers(scale, 1, -1, 0);
    Some(match unit {
        "m/s" => (1.0, per_second(Scale::Metre)),
        "km/h" | "kph" => (1.0 / 3.6, per_second(Scale::Metre)),
        "mph" => (0.44704, per_second(Scale::Metre)),
        "px/s" | "pixels/s" => (1.0, per_second(Scale::Pixel)),
        _ => return None,
    })
}

/// A whole number in digits or in a word.
fn whole(word: &str) -> Option<u64> {
    match to_twenty(word) {
        Some(number) => Some(number as u64),
        None => word.parse().ok().filter(|number| *number < 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_become_questions() {
        for (sentence, question, number) in [
            ("So there are two red cars at 5 s", "How many red cars are there at 5 s?", Some(2.0)),
            ("I saw 1 person", "How many people were there?", Some(1.0)),
            ("The red car drove at 36 km/h at 3 s", "How fast was the red car at 3 s?", Some(10.0)),
            ("The car's speed is 10m/s", "How fast is the car?", Some(10.0)),
            ("The car was about 2.5 m away from the truck", "How far was the car from the truck?", Some(2.5)),
            ("The car came within 2 m of the truck", "Did the car come within 2 m of the truck?", None),
            ("The car is left of the truck at 3 s", "Is the car left of the truck at 3 s?", None),
            ("There is a car at 3 s", "Is there a car at 3 s?", None),
        ] {
            let found = claim(sentence).unwrap_or_else(|| panic!("{sentence}"));
            let said = found.said.as_ref().map(|said| said.number);
            assert_eq!((found.question.as_str(), said), (question, number), "{sentence}");
        }
        for nothing in
            ["The car does not drive at 3 m/s", "Perhaps there are two cars", "It is late", "Two cars"]
        {
            assert_eq!(claim(nothing), None, "{nothing}");
        }
    }
}
