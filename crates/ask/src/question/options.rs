//! Multiple-choice options, and which one an answer is.

use super::lexicon::{labels_match, normal};
use chronotope_world::{Scale, Truth, Unit, Value};

/// One option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionText {
    /// Its letter, in upper case, where it is written with one.
    pub letter: Option<char>,
    /// The option without its letter.
    pub text: String,
}

impl OptionText {
    /// Takes `A. left`, `(B) right`, `C) back`, `D: front`, `left` apart.
    pub fn parse(option: &str) -> OptionText {
        let option = option.trim();
        let inner = option.strip_prefix('(').unwrap_or(option);
        let mut chars = inner.chars();
        let letter = chars.next().filter(char::is_ascii_alphabetic);
        let rest = chars.as_str();
        let mark = rest.strip_prefix(['.', ')', ':']);
        match (letter, mark) {
            (Some(letter), Some(text)) if text.is_empty() || text.starts_with(char::is_whitespace) => {
                OptionText { letter: Some(letter.to_ascii_uppercase()), text: text.trim().to_owned() }
            }
            _ => OptionText { letter: None, text: option.to_owned() },
        }
    }
}

/// The letter of the one option that says this value; none where no option does, or more than one.
///
/// Words must be equal up to case, number, synonyms and empty words ("to the left" is "left"); a list must be in order. A count
/// must be equal; a measure takes the option whose range holds it, else the nearest one, in the option's own unit.
/// Options without letters are lettered in order.
pub fn choose(value: &Value, options: &[OptionText]) -> Option<char> {
    let index = match value {
        Value::Number(quantity) => number(quantity.value, &quantity.unit, options),
        Value::Moment(time) => number(time.as_s(), &Unit::SECOND, options),
        Value::Truth(Truth::Yes) => only(options, |text| is_word(text, &["yes", "true", "correct"])),
        Value::Truth(Truth::No) => only(options, |text| is_word(text, &["no", "false", "incorrect", "not"])),
        Value::Text(word) => text(word, options),
        Value::List(values) => list(values, options),
        Value::Truth(Truth::Unknown) | Value::When(_) | Value::Entities(_) | Value::Position(..) => None,
    }?;
    letter(index, options)
}

fn letter(index: usize, options: &[OptionText]) -> Option<char> {
    options
        .get(index)?
        .letter
        .or_else(|| char::from_u32('A' as u32 + u32::try_from(index).ok()?).filter(char::is_ascii_uppercase))
}

/// The index of the one option that passes.
fn only(options: &[OptionText], pass: impl Fn(&str) -> bool) -> Option<usize> {
    let mut found =
        options.iter().enumerate().filter(|(_, option)| pass(&option.text)).map(|(index, _)| index);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn is_word(text: &str, words: &[&str]) -> bool {
    let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    first.is_some_and(|first| words.contains(&first.to_lowercase().as_str()))
}

fn text(word: &str, options: &[OptionText]) -> Option<usize> {
    let asked = bare(word);
    only(options, |text| bare(text) == asked)
        .or_else(|| only(options, |text| labels_match(text, word) || labels_match(word, text)))
}

fn list(values: &[Value], options: &[OptionText]) -> Option<usize> {
    let words: Option<Vec<&str>> = values
        .iter()
        .map(|value| match value {
            Value::Text(word) => Some(word.as_str()),
            _ => None,
        })
        .collect();
    let words = words?;
    only(options, |text| {
        let parts: Vec<&str> = text.split([',', ';', '>', '→']).collect();
        parts.len() == words.len()
            && parts.iter().zip(&words).all(|(part, word)| {
                bare(part) == bare(word) || labels_match(part, word) || same_number(part, word)
            })
    })
}

/// Whether both name a thing by its number and labels that go together: `car 71` and `vehicle.car 71`.
fn same_number(part: &str, word: &str) -> bool {
    let ends = |text: &str| {
        let (label, number) = text.trim().rsplit_once(' ')?;
        Some((label.trim().to_owned(), number.parse::<u64>().ok()?))
    };
    ends(part).zip(ends(word)).is_some_and(|((asked, n), (given, m))| n == m && labels_match(&asked, &given))
}

/// The words that carry the meaning: `Turn Left.` → left, `to the right side` → right.
pub(super) fn bare(text: &str) -> String {
    const EMPTY: &[&str] = &[
        "a", "an", "the", "to", "on", "at", "of", "in", "it", "is", "was", "side", "turn", "moving", "move",
        "moves", "my", "your", "hand", "screen", "picture", "going", "camera", "from",
    ];
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).filter(|w| !w.is_empty());
    let kept: Vec<String> = words
        .filter(|word| !EMPTY.contains(&word.as_str()))
        .map(|word| match word.as_str() {
            "leftwards" | "leftward" => "left".to_owned(),
            "rightwards" | "rightward" => "right".to_owned(),
            "upwards" | "upward" => "up".to_owned(),
            "downwards" | "downward" => "down".to_owned(),
            "toward" | "closer" => "towards".to_owned(),
            "behind" => "back".to_owned(),
            _ => normal(&word),
        })
        .collect();
    kept.join(" ")
}

/// A number, or a range of numbers, with the factor from the option's unit to the engine's.
struct Range {
    low: f64,
    high: f64,
}

fn number(value: f64, unit: &Unit, options: &[OptionText]) -> Option<usize> {
    let ranges: Vec<Option<Range>> = options.iter().map(|option| range(&option.text, unit)).collect();
    if ranges.iter().any(Option::is_none) {
        return None;
    }
    let ranges: Vec<Range> = ranges.into_iter().flatten().collect();
    let holds = |range: &Range| {
        let slack = 1e-9 * value.abs().max(1.0);
        (range.low - slack..=range.high + slack).contains(&value)
    };
    let mut inside = ranges.iter().enumerate().filter(|(_, range)| holds(range)).map(|(index, _)| index);
    if let Some(first) = inside.next() {
        return inside.next().is_none().then_some(first);
    }
    if *unit == Unit::ONE {
        return None;
    }
    let gap = |range: &Range| (range.low - value).max(value - range.high);
    let nearest = ranges.iter().map(gap).fold(f64::INFINITY, f64::min);
    let mut nearest =
        ranges.iter().enumerate().filter(|(_, range)| gap(range) == nearest).map(|(index, _)| index);
    let first = nearest.next()?;
    nearest.next().is_none().then_some(first)
}

fn range(text: &str, unit: &Unit) -> Option<Range> {
    let lower = text.to_lowercase();
    let numbers = numbers(&lower);
    let factor = factor(&lower, unit)?;
    let (first, last) = (*numbers.first()? * factor, *numbers.last()? * factor);
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    Some(match numbers.len() {
        1 if says(&["less than", "fewer than", "below", "under", "at most", "<", "or less", "or fewer"]) => {
            Range { low: f64::NEG_INFINITY, high: first }
        }
        1 if says(&["more than", "greater than", "above", "over", "at least", ">", "or more"]) => {
            Range { low: first, high: f64::INFINITY }
        }
        1 => Range { low: first, high: first },
        2 if first <= last => Range { low: first, high: last },
        _ => return None,
    })
}

/// The unsigned numbers of a text.
fn numbers(text: &str) -> Vec<f64> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map(|part| part.trim_matches('.'))
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect()
}

/// What one of the option's unit is in the engine's; 1 where it names none, nothing where it names one of another kind.
fn factor(text: &str, unit: &Unit) -> Option<f64> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_ascii_digit() || c.is_whitespace() || c == '.').collect();
    let has = |names: &[&str]| words.iter().any(|word| names.contains(word));
    let length = *unit == Unit::length(Scale::Metre);
    if has(&["cm", "centimeters", "centimetres", "centimeter"]) {
        return length.then_some(0.01);
    }
    if has(&["km", "kilometers", "kilometres"]) {
        return length.then_some(1000.0);
    }
    if has(&["m", "meters", "metres", "meter", "metre"]) {
        return length.then_some(1.0);
    }
    if has(&["min", "minutes", "minute"]) {
        return (*unit == Unit::SECOND).then_some(60.0);
    }
    Some(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::Quantity;

    fn options(texts: &[&str]) -> Vec<OptionText> {
        texts.iter().map(|text| OptionText::parse(text)).collect()
    }

    #[track_caller]
    fn check(value: Value, texts: &[&str], expected: Option<char>) {
        assert_eq!(choose(&value, &options(texts)), expected, "{value:?} among {texts:?}");
    }

    fn word(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn letters_are_taken_off() {
        for (option, letter, text) in [
            ("A. left", Some('A'), "left"),
            ("(b) right", Some('B'), "right"),
            ("tv", None, "tv"),
            ("A car", None, "A car"),
        ] {
            assert_eq!(OptionText::parse(option), OptionText { letter, text: text.to_owned() });
        }
    }

    #[test]
    fn words_meet_up_to_empty_words() {
        check(word("left"), &["A. Turn Right", "B. Turn Left"], Some('B'));
        check(word("front-left"), &["A. front-left", "B. back-left"], Some('A'));
        check(word("right"), &["leftwards", "to the right side of the screen", "upwards"], Some('B'));
        check(word("couch"), &["A. table", "B. sofa"], Some('B'));
        check(word("up"), &["A. left", "B. right"], None);
    }

    #[test]
    fn two_options_that_say_the_same_decide_nothing() {
        check(word("sofa"), &["A. sofa", "B. Sofa"], None);
    }

    #[test]
    fn lists_are_in_order() {
        let value = Value::List(vec![word("tv"), word("bed"), word("trash can")]);
        check(value, &["A. bed, tv, trash bin", "B. tv, bed, trash bin"], Some('B'));
    }

    #[test]
    fn counts_must_be_equal_and_measures_are_nearest() {
        check(Value::Number(Quantity::bare(3.0)), &["A. 2", "B. 3"], Some('B'));
        check(Value::Number(Quantity::bare(3.0)), &["A. 2", "B. 5"], None);
        check(Value::Number(Quantity::seconds(3.2)), &["A. 2 s", "B. 3 s", "C. 5 s"], Some('B'));
        let metres = |value| Value::Number(Quantity::new(value, Unit::METRE, None));
        check(metres(1.7), &["A. 60 cm", "B. 175 cm"], Some('B'));
        check(metres(1.7), &["A. less than 1 m", "B. 1 - 2 m", "C. more than 2 m"], Some('B'));
        check(metres(1.5), &["A. 1 m", "B. 2 m"], None);
    }

    #[test]
    fn truth_is_yes_or_no() {
        check(Value::Truth(Truth::No), &["yes", "no"], Some('B'));
        check(Value::Truth(Truth::Unknown), &["yes", "no"], None);
    }
}
