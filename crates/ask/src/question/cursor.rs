//! A place in the tokens of a question, and how far it may go.

use super::token::{Kind, Token};
use super::vocabulary::Scope;
use chronotope_story::numeral::to_twenty;

/// How deep phrases may stand inside phrases.
const MAX_DEPTH: u8 = 4;

/// A place in the tokens. A failed attempt leaves it where it was.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'q> {
    tokens: &'q [Token],
    at: usize,
    depth: u8,
    /// Whether nouns are read without what may stand behind them ("the car | in the left half").
    bare: bool,
    /// Whether any word may be a verb here: behind "did", and in a clause of time.
    pub(super) verbs: bool,
    /// What the World offers.
    pub(super) vocabulary: &'q Scope<'q>,
}

impl<'q> Cursor<'q> {
    /// At the first token.
    pub(super) fn new(tokens: &'q [Token], vocabulary: &'q Scope<'q>) -> Self {
        Cursor { tokens, at: 0, depth: 0, bare: false, verbs: false, vocabulary }
    }

    /// Whether this word was just passed.
    pub(super) fn until_is(&self, word: &str) -> bool {
        self.at > 0 && self.tokens.get(self.at - 1).is_some_and(|token| token.text == word)
    }

    /// Whether nothing is left.
    pub(super) fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The token `ahead` of here.
    pub(super) fn token(&self, ahead: usize) -> Option<&'q Token> {
        self.tokens.get(self.at + ahead)
    }

    /// The text of the token `ahead` of here; empty past the end and for quoted text.
    pub(super) fn word(&self, ahead: usize) -> &'q str {
        self.token(ahead)
            .map_or("", |token| if token.kind == Kind::Quoted { "" } else { token.text.as_str() })
    }

    /// Goes on by `n` tokens.
    pub(super) fn skip(&mut self, n: usize) {
        self.at = (self.at + n).min(self.tokens.len());
    }

    /// The tokens from here on, `n` of them at most.
    pub(super) fn ahead(&self, n: usize) -> &'q [Token] {
        &self.tokens[self.at.min(self.tokens.len())..(self.at + n).min(self.tokens.len())]
    }

    /// The words from here to a later place.
    pub(super) fn until(&self, later: &Cursor<'q>) -> impl Iterator<Item = &'q str> {
        self.tokens[self.at..later.at.max(self.at)].iter().map(|token| token.text.as_str())
    }

    /// Whether the words of this phrase stand here.
    pub(super) fn sees(&self, phrase: &str) -> bool {
        phrase.split(' ').enumerate().all(|(ahead, word)| self.word(ahead) == word)
    }

    /// Passes the words of this phrase if they stand here.
    pub(super) fn eat(&mut self, phrase: &str) -> bool {
        let sees = self.sees(phrase);
        if sees {
            self.skip(phrase.split(' ').count());
        }
        sees
    }

    /// Passes the longest of these phrases that stands here.
    pub(super) fn eat_any(&mut self, phrases: &[&'static str]) -> Option<&'static str> {
        let here = phrases.iter().copied().filter(|phrase| self.sees(phrase));
        let longest = here.max_by_key(|phrase| phrase.split(' ').count())?;
        self.eat(longest).then_some(longest)
    }

    /// Runs a parser; where it gives nothing, stays here.
    pub(super) fn attempt<T>(&mut self, parse: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let found = parse(&mut ahead)?;
        *self = ahead;
        Some(found)
    }

    /// As [`Self::attempt`], one phrase deeper; gives nothing where phrases stand too deep inside phrases.
    pub(super) fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        let mut ahead = Cursor { depth: self.depth + 1, ..*self };
        let found = parse(&mut ahead)?;
        *self = Cursor { depth: self.depth, ..ahead };
        Some(found)
    }

    /// Runs a parser that reads nouns without what may stand behind them.
    pub(super) fn bare<T>(&mut self, parse: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = Cursor { bare: true, ..*self };
        let found = parse(&mut ahead)?;
        *self = Cursor { bare: self.bare, ..ahead };
        Some(found)
    }

    /// Whether nouns are read without what may stand behind them.
    pub(super) fn is_bare(&self) -> bool {
        self.bare
    }

    /// A number in figures or words: `12`, `two`, `a`.
    pub(super) fn number(&mut self) -> Option<f64> {
        let value = match self.token(0)?.kind {
            Kind::Number(value) => value,
            Kind::Word => {
                let index = to_twenty(self.word(0))?;
                index as f64
            }
            _ => return None,
        };
        self.skip(1);
        Some(value)
    }

    /// An ordinal: 1 for `first`; 0 for `last`.
    pub(super) fn ordinal(&mut self) -> Option<u32> {
        let word = self.word(0);
        let rank = match ORDINALS.iter().position(|ordinal| *ordinal == word) {
            Some(rank) => rank as u32,
            None => word.strip_suffix("th")?.parse().ok().filter(|rank| (1..=1000).contains(rank))?,
        };
        self.skip(1);
        Some(rank)
    }

    /// Stands here a phrase such as `in centimetres`, which asks for a unit and names no place?
    pub(super) fn sees_in_unit(&self) -> bool {
        let unit = if matches!(self.word(1), "square" | "cubic") { self.word(2) } else { self.word(1) };
        self.word(0) == "in" && UNIT_WORDS.contains(&unit)
    }

    /// A length: `5 m`, `two metres`, `30 px`; gives number and unit as programs write them.
    pub(super) fn length(&mut self) -> Option<String> {
        self.attempt(|c| {
            let value = c.number()?;
            let (factor, unit) = match c.word(0) {
                "m" | "metre" | "metres" | "meter" | "meters" => (1.0, "m"),
                "cm" | "centimetre" | "centimetres" | "centimeter" | "centimeters" => (0.01, "m"),
                "km" | "kilometre" | "kilometres" | "kilometer" | "kilometers" => (1000.0, "m"),
                "ft" | "foot" | "feet" => (0.3048, "m"),
                "px" | "pixel" | "pixels" => (1.0, "px"),
                _ => return None,
            };
            c.skip(1);
            Some(format!("{} {unit}", plain(value * factor)))
        })
    }

    /// A span of seconds or minutes: `10 s`, `two minutes`; in seconds.
    pub(super) fn seconds(&mut self) -> Option<f64> {
        self.attempt(|c| {
            if let Some(Kind::Clock(value)) = c.token(0).map(|token| token.kind) {
                c.skip(1);
                return Some(value);
            }
            let value = c.number()?;
            let factor = match c.word(0) {
                "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
                "ms" | "millisecond" | "milliseconds" => 0.001,
                "min" | "mins" | "minute" | "minutes" => 60.0,
                "h" | "hour" | "hours" => 3600.0,
                _ => return None,
            };
            c.skip(1);
            Some(value * factor)
        })
    }
}

/// A number as programs write it, rounded to nine decimals.
pub(super) fn plain(value: f64) -> String {
    let rounded = (value * 1e9).round() / 1e9;
    format!("{rounded}")
}

/// `last` counts as 0.
const ORDINALS: &[&str] =
    &["last", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
/// Words for units, also those that programs do not know.
const UNIT_WORDS: &[&str] = &[
    "mm",
    "cm",
    "m",
    "km",
    "ft",
    "px",
    "s",
    "kmh",
    "kph",
    "mph",
    "millimeter",
    "millimeters",
    "millimetre",
    "millimetres",
    "centimeter",
    "centimeters",
    "centimetre",
    "centimetres",
    "meter",
    "meters",
    "metre",
    "metres",
    "kilometer",
    "kilometers",
    "kilometre",
    "kilometres",
    "inch",
    "inches",
    "foot",
    "feet",
    "yard",
    "yards",
    "mile",
    "miles",
    "furlongs",
    "knots",
    "pixel",
    "pixels",
    "second",
    "seconds",
    "minute",
    "minutes",
    "hour",
    "hours",
    "degree",
    "degrees",
    "radian",
    "radians",
];
