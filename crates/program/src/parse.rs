//! Program text to tree.

use crate::error::Error;
use crate::syntax::{
    Call, Expr, Infix, JOINING_WORDS, LANGUAGE, MOST_BYTES, MOST_DEEP, Node, Program, unit_of,
};

/// Reads a program.
///
/// # Errors
/// The first place where the text is no program, with byte, line and column; a text longer than [`MOST_BYTES`] or nested
/// deeper than [`MOST_DEEP`].
pub fn parse(text: &str) -> Result<Program, Error> {
    if text.len() > MOST_BYTES {
        return Err(Error::Syntax {
            byte: MOST_BYTES,
            line: 1,
            column: 1,
            expected: format!("a program of at most {MOST_BYTES} bytes"),
            found: format!("{} bytes", text.len()),
        });
    }
    let mut parser = Parser { text, tokens: tokens(text)?, next: 0, depth: 0 };
    let program = parser.program()?;
    match parser.peek() {
        Token::End => Ok(program),
        _ => Err(parser.fault("the end of the program or an infix operator")),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Word(String),
    Sign(&'static str),
    End,
}

const SIGNS: [&str; 17] =
    ["<=", ">=", "!=", "<", ">", "=", "+", "-", "*", "/", "(", ")", "[", "]", ",", ":", ";"];

fn fault_at(text: &str, byte: usize, expected: &str, found: String) -> Error {
    let before = &text[..byte];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Error::Syntax { byte, line, column, expected: expected.to_owned(), found }
}

fn tokens(text: &str) -> Result<Vec<(Token, usize, usize)>, Error> {
    let bytes = text.as_bytes();
    let (mut out, mut i) = (Vec::new(), 0);
    let run = |from: usize, test: fn(u8) -> bool| {
        from + bytes[from..].iter().position(|&b| !test(b)).unwrap_or(bytes.len() - from)
    };
    let digit = |b: u8| b.is_ascii_digit();
    while i < bytes.len() {
        let start = i;
        match bytes[i] {
            b if b.is_ascii_whitespace() => i += 1,
            b'#' => i = run(i, |b| b != b'\n'),
            b'"' => {
                let (value, end) = quoted(text, i)?;
                i = end;
                out.push((Token::Text(value), start, i));
            }
            b if b.is_ascii_digit() => {
                i = run(i, digit);
                if bytes.get(i) == Some(&b'.') && bytes.get(i + 1).is_some_and(u8::is_ascii_digit) {
                    i = run(i + 1, digit);
                }
                if matches!(bytes.get(i), Some(b'e' | b'E')) {
                    let sign = usize::from(matches!(bytes.get(i + 1), Some(b'+' | b'-')));
                    if bytes.get(i + 1 + sign).is_some_and(u8::is_ascii_digit) {
                        i = run(i + 1 + sign, digit);
                    }
                }
                let value: Option<f64> = text[start..i].parse().ok();
                let Some(value) = value.filter(|v| v.is_finite()) else {
                    return Err(fault_at(
                        text,
                        start,
                        "a number within the range of f64",
                        text[start..i].into(),
                    ));
                };
                out.push((Token::Number(value), start, i));
            }
            b if b.is_ascii_alphabetic() || b == b'_' => {
                i = run(i, |b| b.is_ascii_alphanumeric() || b == b'_');
                out.push((Token::Word(text[start..i].to_owned()), start, i));
            }
            _ => {
                let Some(sign) = SIGNS.iter().find(|sign| text[i..].starts_with(**sign)) else {
                    let found = text[i..].chars().next().map_or(String::new(), |c| format!("`{c}`"));
                    return Err(fault_at(text, i, "a name, a number, a text or an operator", found));
                };
                i += sign.len();
                out.push((Token::Sign(sign), start, i));
            }
        }
    }
    out.push((Token::End, text.len(), text.len()));
    Ok(out)
}

fn quoted(text: &str, start: usize) -> Result<(String, usize), Error> {
    let mut value = String::new();
    let mut chars = text[start + 1..].char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, start + 1 + at + 1)),
            '\\' => match chars.next() {
                Some((_, c @ ('"' | '\\'))) => value.push(c),
                other => {
                    let found = other.map_or("the end".into(), |(_, c)| format!("`\\{c}`"));
                    return Err(fault_at(text, start + 1 + at, "`\\\"` or `\\\\`", found));
                }
            },
            c => value.push(c),
        }
    }
    Err(fault_at(text, start, "a closing double quote", "the end of the program".into()))
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token, usize, usize)>,
    next: usize,
    /// How many parser calls are open.
    depth: usize,
}

/// An expression and the height of its tree.
type Tall = (Expr, usize);

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn byte(&self) -> usize {
        self.tokens[self.next].1
    }

    fn advance(&mut self) {
        self.next = (self.next + 1).min(self.tokens.len() - 1);
    }

    fn fault(&self, expected: &str) -> Error {
        let (token, start, end) = &self.tokens[self.next];
        let found = match token {
            Token::End => "the end of the program".to_owned(),
            _ => format!("`{}`", self.text[*start..*end].chars().take(40).collect::<String>()),
        };
        fault_at(self.text, *start, expected, found)
    }

    fn eats(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(s) if *s == sign);
        if found {
            self.advance();
        }
        found
    }

    fn eats_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(w) if w == word);
        if found {
            self.advance();
        }
        found
    }

    fn sign(&mut self, sign: &str) -> Result<(), Error> {
        if self.eats(sign) { Ok(()) } else { Err(self.fault(&format!("`{sign}`"))) }
    }

    fn number(&mut self, expected: &str) -> Result<f64, Error> {
        match *self.peek() {
            Token::Number(value) => {
                self.advance();
                Ok(value)
            }
            _ => Err(self.fault(expected)),
        }
    }

    fn program(&mut self) -> Result<Program, Error> {
        if self.eats_word("language") {
            let version = self.tokens[self.next].clone();
            self.number("a version such as 1.0")?;
            let major = self.text[version.1..version.2].split('.').next().unwrap_or_default();
            if major != LANGUAGE.0.to_string() {
                let expected = format!("a language of major version {}", LANGUAGE.0);
                let found = format!("`{}`", &self.text[version.1..version.2]);
                return Err(fault_at(self.text, version.1, &expected, found));
            }
            self.sign(";")?;
        }
        let mut program =
            Program { as_of: None, asked_at_s: None, lets: Vec::new(), body: Expr::name("none", 0) };
        if self.eats_word("as_of") {
            if !self.eats_word("newest") {
                let here = self.next;
                let revision = self.number("a revision or `newest`")?;
                if revision.fract() != 0.0 || revision > 9e15 {
                    self.next = here;
                    return Err(self.fault("a whole number of a revision"));
                }
                program.as_of = Some(revision as u64);
            }
            self.sign(";")?;
        }
        if self.eats_word("asked_at") {
            let sign = if self.eats("-") { -1.0 } else { 1.0 };
            program.asked_at_s = Some(sign * self.number("a time in seconds")?);
            self.eats_word("s");
            self.sign(";")?;
        }
        while self.eats_word("let") {
            let Token::Word(name) = self.peek().clone() else {
                return Err(self.fault("a name"));
            };
            let reserved = ["it", "let", "and", "or", "not", "always", "none", "auto"];
            if reserved.contains(&name.as_str()) || program.lets.iter().any(|(n, _)| *n == name) {
                return Err(self.fault("a name that is not taken"));
            }
            self.advance();
            self.sign("=")?;
            let (value, _) = self.expr(0)?;
            self.sign(";")?;
            program.lets.push((name, value));
        }
        program.body = self.expr(0)?.0;
        Ok(program)
    }

    fn deeper(&self, height: usize) -> Result<usize, Error> {
        if height < MOST_DEEP {
            Ok(height + 1)
        } else {
            Err(self.fault(&format!("nesting of at most {MOST_DEEP}")))
        }
    }

    /// Infix operators that bind tighter than `least`.
    fn expr(&mut self, least: u8) -> Result<Tall, Error> {
        self.depth += 1;
        if self.depth > MOST_DEEP {
            return Err(self.fault(&format!("nesting of at most {MOST_DEEP}")));
        }
        let byte = self.byte();
        let (mut left, mut height) = self.prefix()?;
        loop {
            let infix = match self.peek() {
                Token::Sign(sign) => Infix::ALL.into_iter().find(|op| op.sign() == *sign),
                Token::Word(word) => Infix::ALL.into_iter().find(|op| op.sign() == word),
                _ => None,
            };
            let Some(op) = infix.filter(|op| op.binds() > least) else { break };
            self.advance();
            let (right, right_height) = self.expr(op.binds())?;
            height = self.deeper(height.max(right_height))?;
            left = Expr { node: Node::Infix(op, Box::new(left), Box::new(right)), byte };
            // `a < b < c` is no program
            if op.binds() == 4 {
                let again = matches!(self.peek(), Token::Sign("<" | "<=" | ">" | ">=" | "=" | "!="));
                if again {
                    return Err(self.fault("`and`, `or` or the end after a comparison"));
                }
            }
        }
        self.depth -= 1;
        Ok((left, height))
    }

    fn prefix(&mut self) -> Result<Tall, Error> {
        let byte = self.byte();
        if self.eats("-") {
            let (inner, height) = self.expr(7)?;
            return Ok((Expr { node: Node::Minus(Box::new(inner)), byte }, self.deeper(height)?));
        }
        if self.eats_word("not") {
            let (inner, height) = self.expr(3)?;
            return Ok((Expr { node: Node::Not(Box::new(inner)), byte }, self.deeper(height)?));
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Tall, Error> {
        let byte = self.byte();
        let leaf = |node| Ok((Expr { node, byte }, 1));
        match self.peek().clone() {
            Token::Number(value) => {
                self.advance();
                let unit = self.unit();
                leaf(Node::Number(value, unit))
            }
            Token::Text(text) => {
                self.advance();
                leaf(Node::Text(text))
            }
            Token::Word(word) if matches!(word.as_str(), "and" | "or" | "let") => {
                Err(self.fault("an expression"))
            }
            Token::Word(name) => {
                self.advance();
                if !self.eats("(") {
                    return leaf(Node::Name(name));
                }
                let (mut positional, mut named, mut height) = (Vec::new(), Vec::<(String, Expr)>::new(), 0);
                while !self.eats(")") {
                    if !(positional.is_empty() && named.is_empty()) {
                        self.sign(",")?;
                    }
                    let key = match (self.peek(), self.tokens.get(self.next + 1)) {
                        (Token::Word(key), Some((Token::Sign(":"), ..))) => Some(key.clone()),
                        _ => None,
                    };
                    if let Some(key) = key {
                        // words of the language: `not: x` could not be written as JSON
                        if JOINING_WORDS.contains(&key.as_str()) {
                            return Err(self.fault("the name of an argument"));
                        }
                        if named.iter().any(|(name, _)| *name == key) {
                            return Err(self.fault("every argument once"));
                        }
                        self.advance();
                        self.advance();
                        let (value, tall) = self.expr(0)?;
                        height = height.max(tall);
                        named.push((key, value));
                    } else if named.is_empty() {
                        let (value, tall) = self.expr(0)?;
                        height = height.max(tall);
                        positional.push(value);
                    } else {
                        return Err(self.fault("a named argument after a named argument"));
                    }
                }
                let node = Node::Call(Call { name, positional, named });
                Ok((Expr { node, byte }, self.deeper(height)?))
            }
            Token::Sign("[") => {
                self.advance();
                let (mut items, mut height) = (Vec::new(), 0);
                while !self.eats("]") {
                    if !items.is_empty() {
                        self.sign(",")?;
                    }
                    let (item, tall) = self.expr(0)?;
                    height = height.max(tall);
                    items.push(item);
                }
                Ok((Expr { node: Node::List(items), byte }, self.deeper(height)?))
            }
            Token::Sign("(") => {
                self.advance();
                let inner = self.expr(0)?;
                self.sign(")")?;
                Ok(inner)
            }
            _ => Err(self.fault("an expression")),
        }
    }

    /// The unit after a number: a word of the table, with `/s` or `/h` only where it follows without a space.
    fn unit(&mut self) -> Option<String> {
        let Token::Word(word) = self.peek().clone() else { return None };
        unit_of(&word)?;
        let end = self.tokens[self.next].2;
        self.advance();
        if let [(Token::Sign("/"), start, stop), (Token::Word(over), from, _), ..] = &self.tokens[self.next..]
            && *start == end
            && stop == from
        {
            let whole = format!("{word}/{over}");
            if unit_of(&whole).is_some() {
                self.next += 2;
                return Some(whole);
            }
        }
        Some(word)
    }
}

impl Expr {
    /// A name.
    pub fn name(name: &str, byte: usize) -> Expr {
        Expr { node: Node::Name(name.to_owned()), byte }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        parse(text).expect_err("no program").to_string()
    }

    #[test]
    fn faults_name_their_place() {
        assert_eq!(
            fault("count(\n  all(\"car\"),"),
            "program, line 2, column 14, byte 20: expected an expression, found the end of the program"
        );
        assert!(fault("1 + ?").contains("byte 4"), "{}", fault("1 + ?"));
        assert!(fault("1 < 2 < 3").contains("byte 6"), "{}", fault("1 < 2 < 3"));
        assert!(fault("\"a").contains("closing double quote"));
        assert!(fault("count(not: 1)").contains("the name of an argument"));
        assert!(fault("language 2.0; 1").contains("major version 1"));
    }

    #[test]
    fn a_million_deep_is_an_error() {
        for text in [
            "(".repeat(1_000_000),
            "(".repeat(60_000),
            "-".repeat(60_000),
            "not ".repeat(10_000),
            "a(".repeat(30_000),
            "[".repeat(60_000),
            vec!["1"; 20_000].join("+"),
        ] {
            assert!(parse(&text).is_err());
        }
        assert!(parse(&format!("{}1{}", "(".repeat(60), ")".repeat(60))).is_ok());
    }

    #[test]
    fn units_stand_after_numbers_only() {
        let number = |text: &str| match parse(text).map(|p| p.body.node) {
            Ok(Node::Number(value, unit)) => (value, unit),
            other => panic!("{other:?}"),
        };
        assert_eq!(number("5 km/h"), (5.0, Some("km/h".into())));
        assert_eq!(number("2.5m"), (2.5, Some("m".into())));
        assert!(matches!(parse("6 m / 2 s").map(|p| p.body.node), Ok(Node::Infix(Infix::Per, ..))));
    }
}
