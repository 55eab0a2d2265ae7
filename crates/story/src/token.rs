//! A sentence of a story as words with their places; unlike a question's tokens they keep upper case and every word.

use super::words::{Word, word};

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'t> {
    /// As written.
    pub(super) text: &'t str,
    /// In lower case, without the possessive ending.
    pub(super) lower: String,
    /// What kind of word it is.
    pub(super) word: Word,
    /// Byte offset in the text that the sentence is cut from.
    pub(super) start: usize,
}

/// The tokens of a sentence that starts at byte `offset` of its text. Hyphens part words.
pub(super) fn tokens(sentence: &str, offset: usize) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::with_capacity(sentence.len() / 5 + 2);
    let mut at = 0;
    while let Some(c) = sentence[at..].chars().next() {
        let start = at;
        if c.is_ascii_digit() {
            at += number(&sentence[at..], offset + start, &mut out);
        } else if c.is_alphanumeric() {
            let rest = &sentence[at..];
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’')).unwrap_or(rest.len());
            push_word(&rest[..end], offset + start, &mut out);
            at += end;
        } else {
            if matches!(c, ',' | ';' | ':') {
                push(&sentence[at..=at], ",".into(), Word::Comma, offset + start, &mut out);
            } else if matches!(c, '?' | '!' | '.' | '"' | '“' | '”' | '(' | ')' | '-' | '–' | '—')
                || c.is_whitespace()
            {
                // marks that only part words
            } else {
                let end = at + c.len_utf8();
                push(&sentence[at..end], c.to_string(), Word::Name, offset + start, &mut out);
            }
            at += c.len_utf8();
        }
    }
    // "a small circle", but "a small gap"
    for i in 1..out.len() {
        let small =
            out[i - 1].word == Word::Filler && ["small", "little"].contains(&out[i - 1].lower.as_str());
        if small && out[i].word == Word::Name {
            out[i - 1].word = Word::Name;
        }
    }
    out
}

fn push<'t>(text: &'t str, lower: String, word: Word, start: usize, out: &mut Vec<Token<'t>>) {
    out.push(Token { text, lower, word, start });
}

/// `45`, `3:00` (an hour), `90-degree`; gives the bytes taken.
fn number<'t>(rest: &'t str, start: usize, out: &mut Vec<Token<'t>>) -> usize {
    let figures = rest.bytes().take_while(u8::is_ascii_digit).count();
    let value: u32 = rest[..figures].parse().unwrap_or(u32::MAX);
    if rest[figures..].starts_with(":00") {
        push(&rest[..figures + 3], rest[..figures + 3].to_owned(), Word::Hour(value), start, out);
        return figures + 3;
    }
    let letters =
        rest[figures..].find(|c: char| !(c.is_alphanumeric() || c == ':')).unwrap_or(rest.len() - figures);
    let end = figures + letters;
    let word = if letters == 0 { Word::Number(value) } else { Word::Name };
    push(&rest[..end], rest[..end].to_lowercase(), word, start, out);
    end
}

fn push_word<'t>(text: &'t str, start: usize, out: &mut Vec<Token<'t>>) {
    let mut lower = text.to_lowercase();
    if lower.contains('’') {
        lower = lower.replace('’', "'");
    }
    if lower == "o'clock" {
        return push(text, lower, Word::OClock, start, out);
    }
    if let Some(verb) = lower.strip_suffix("n't") {
        let verb = if verb == "ca" || verb == "wo" { "will" } else { verb }.to_owned();
        let class = word(&verb);
        push(text, verb, class, start, out);
        return push(text, "not".into(), Word::Not, start, out);
    }
    if let Some(owner) = lower.strip_suffix("'s") {
        let owner = owner.to_owned();
        let class = if is_capital(text) { Word::Name } else { word(&owner) };
        let cut = text.rfind(['\'', '’']).unwrap_or(text.len());
        push(&text[..cut], owner, class, start, out);
        return push(text, "'s".into(), Word::Possessive, start, out);
    }
    // one capital letter names a thing: `A`, `I`, `S`
    let class = if is_capital(text) { Word::Name } else { word(&lower) };
    push(text, lower, class, start, out);
}

/// A single capital letter, alone or as an owner.
fn is_capital(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none_or(|c| c == '\'' || c == '’')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_names_and_hours_are_hours() {
        let kinds = |s: &str| tokens(s, 0).into_iter().map(|t| t.word).collect::<Vec<_>>();
        assert_eq!(kinds("A at B’s 3 o'clock")[0], Word::Name);
        assert!(matches!(
            kinds("A at B’s 3 o'clock")[2..],
            [Word::Name, Word::Possessive, Word::Number(3), Word::OClock]
        ));
        assert!(kinds("the 12:00 position").contains(&Word::Hour(12)));
        assert_eq!(tokens("X, Y", 10)[2].start, 13);
    }

    #[test]
    fn anything_typed_gives_tokens() {
        for text in ["", "’", "'s", "’s’s", "9999999999999999999:00", "é\u{301}ß-ﬀ", "\u{0}\u{202e}x", "n't"]
        {
            tokens(text, 0);
        }
    }
}
