//! The words of a line, and a reading head over them.

use crate::error::Error;
use crate::span::Span;
use crate::time::Time;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(String),
    Text(String),
    Number(f64),
    Sign(char),
}

#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) column: usize,
    pub(super) written: String,
}

/// Words, quoted texts, numbers and signs of one line, up to `#`.
pub(super) fn tokens(line: &str, line_number: usize) -> Result<Vec<Placed>, Error> {
    let chars: Vec<char> = line.chars().collect();
    let (mut out, mut i) = (Vec::new(), 0);
    while i < chars.len() {
        let (c, from) = (chars[i], i);
        if c == '#' {
            break;
        }
        if c.is_whitespace() {
            i += 1;
            continue;
        }
        let token = if c == '"' {
            let mut text = String::new();
            i += 1;
            loop {
                match chars.get(i) {
                    Some('"') => break,
                    Some('\\') if matches!(chars.get(i + 1), Some('"' | '\\')) => {
                        text.push(chars[i + 1]);
                        i += 2;
                    }
                    Some('\\') if chars.get(i + 1) == Some(&'n') => {
                        text.push('\n');
                        i += 2;
                    }
                    Some('\\') if chars[i + 1..].starts_with(&['u', '{']) => {
                        let digits: String =
                            chars[i + 3..].iter().take(7).take_while(|c| **c != '}').collect();
                        let number = u32::from_str_radix(&digits, 16).ok();
                        let c = number.and_then(char::from_u32).ok_or_else(|| Error::Text {
                            line: line_number,
                            column: i + 1,
                            expected: "the number of a character, such as `\\u{1b}`".into(),
                            found: format!("`\\u{{{digits}`"),
                        })?;
                        text.push(c);
                        i += 4 + digits.len();
                    }
                    Some(&other) => {
                        text.push(other);
                        i += 1;
                    }
                    None => {
                        return Err(Error::Text {
                            line: line_number,
                            column: from + 1,
                            expected: "a closing quotation mark".into(),
                            found: "the end of the line".into(),
                        });
                    }
                }
            }
            i += 1;
            Token::Text(text)
        } else if "()[],:".contains(c) {
            i += 1;
            Token::Sign(c)
        } else {
            while i < chars.len() && !chars[i].is_whitespace() && !"()[],:\"#".contains(chars[i]) {
                i += 1;
            }
            let word: String = chars[from..i].iter().collect();
            let numeric = word.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+' || c == '.');
            match word.parse::<f64>() {
                Ok(number) if numeric && number.is_finite() => Token::Number(number),
                _ => Token::Word(word),
            }
        };
        out.push(Placed { token, column: from + 1, written: chars[from..i].iter().collect() });
    }
    Ok(out)
}

/// A reading head over the tokens of a line.
pub(super) struct Line<'a> {
    pub(super) tokens: &'a [Placed],
    pub(super) next: usize,
    pub(super) number: usize,
    pub(super) end: usize,
    /// The clauses so far that stand at most once in a line.
    pub(super) clauses: Vec<&'static str>,
    /// The token at which such a clause stood a second time.
    pub(super) again: Option<usize>,
}

/// Words of which a line says one thing: a second one would contradict the first.
const ONCE: [&str; 32] = [
    "because",
    "box",
    "carries",
    "clock",
    "confidence",
    "covariance",
    "during",
    "errs_for",
    "exists",
    "frame",
    "gap",
    "in",
    "key",
    "known",
    "lens",
    "likely",
    "mask",
    "of",
    "recall",
    "scale",
    "score",
    "sd",
    "settings",
    "sha256",
    "size",
    "size_sd",
    "speed",
    "through",
    "until",
    "visible",
    "words",
    "yaw",
];

impl Line<'_> {
    pub(super) fn done(&self) -> bool {
        self.next >= self.tokens.len()
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|p| &p.token)
    }

    /// The fault that something else was expected at the next token.
    pub(super) fn expected(&self, expected: impl Into<String>) -> Error {
        let (column, found) = match self.tokens.get(self.next) {
            Some(placed) => (placed.column, format!("`{}`", placed.written)),
            None => (self.end, "the end of the line".to_owned()),
        };
        Error::Text { line: self.number, column, expected: expected.into(), found }
    }

    pub(super) fn finish(&mut self) -> Result<(), Error> {
        if let Some(again) = self.again {
            self.next = again;
            return Err(self.expected("each clause once in a line"));
        }
        if self.done() { Ok(()) } else { Err(self.expected("the end of the line")) }
    }

    pub(super) fn word(&mut self, expected: &str) -> Result<String, Error> {
        match self.peek() {
            Some(Token::Word(word)) => {
                let word = word.clone();
                self.next += 1;
                Ok(word)
            }
            _ => Err(self.expected(expected)),
        }
    }

    /// Takes this word, if it stands next.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(w)) if w == word);
        if found && let Some(clause) = ONCE.iter().find(|once| **once == word) {
            if self.clauses.contains(clause) {
                self.again.get_or_insert(self.next);
            } else {
                self.clauses.push(clause);
            }
        }
        self.next += usize::from(found);
        found
    }

    pub(super) fn take_sign(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.next += usize::from(found);
        found
    }

    pub(super) fn sign(&mut self, sign: char, expected: &str) -> Result<(), Error> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.expected(expected)) }
    }

    pub(super) fn number(&mut self) -> Result<f64, Error> {
        match self.peek() {
            Some(&Token::Number(number)) => {
                self.next += 1;
                Ok(number)
            }
            _ => Err(self.expected("a number")),
        }
    }

    pub(super) fn whole(&mut self, expected: &str) -> Result<u64, Error> {
        match self.peek() {
            Some(&Token::Number(n)) if n >= 0.0 && n.fract() == 0.0 && n < 9e15 => {
                self.next += 1;
                Ok(n as u64)
            }
            _ => Err(self.expected(expected)),
        }
    }

    pub(super) fn text(&mut self, expected: &str) -> Result<String, Error> {
        match self.peek() {
            Some(Token::Text(text) | Token::Word(text)) => {
                let text = text.clone();
                self.next += 1;
                Ok(text)
            }
            _ => Err(self.expected(expected)),
        }
    }

    pub(super) fn numbers<const N: usize>(&mut self) -> Result<[f64; N], Error> {
        self.sign('(', "`(`")?;
        let mut out = [0.0; N];
        for (i, slot) in out.iter_mut().enumerate() {
            if i > 0 {
                self.sign(',', "`,` between numbers")?;
            }
            *slot = self.number()?;
        }
        self.sign(')', "`)`")?;
        Ok(out)
    }

    /// A time in seconds. Nanoseconds are exact for times written with up to nine decimals below 100 days.
    pub(super) fn time(&mut self) -> Result<Time, Error> {
        let t = Time::from_s(self.number()?);
        if t == Time::MIN || t == Time::MAX {
            // these stand for open ends
            self.next -= 1;
            return Err(self.expected("a time within 292 years of zero"));
        }
        Ok(t)
    }

    /// `always` or `[start, end)`; `-inf` and `inf` are open ends.
    pub(super) fn span(&mut self) -> Result<Option<Span>, Error> {
        if self.take("always") {
            return Ok(Some(Span::ALWAYS));
        }
        if !self.take_sign('[') {
            return Ok(None);
        }
        let start = if self.take("-inf") { Time::MIN } else { self.time()? };
        self.sign(',', "`,` between the ends of a span")?;
        let before = self.next;
        let end = if self.take("inf") { Time::MAX } else { self.time()? };
        let span = Span::new(start, end).ok_or_else(|| {
            self.next = before;
            self.expected("an end that is not before the start")
        })?;
        self.sign(')', "`)` after the span")?;
        Ok(Some(span))
    }
}

#[cfg(test)]
mod tests {
    use crate::text::{parse, print};

    /// What stands before the first `source` has a source too, which once had no line of its own.
    #[test]
    fn rows_before_the_first_source_are_read_back() {
        let world =
            parse("coverage always car\nsource video \"a.mp4\"\ncoverage [0, 1) person\n").expect("valid");
        let printed = print(&world).expect("has words");
        assert_eq!(print(&parse(&printed).expect(&printed)).expect("has words"), printed);
    }

    /// A time that does not fit once became an open end, which the printer wrote as a word that no time is.
    #[test]
    fn a_time_beyond_the_clock_is_an_error() {
        let error = parse("record \"a\" utc 17672256011111111111111").expect_err("too large").to_string();
        assert!(
            error.starts_with("line 1, column 16: expected a time within 292 years of zero, found"),
            "{error}"
        );
    }
}
