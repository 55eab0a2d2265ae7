//! Characters that are not seen but change what is: they are written as `\\u{…}`.

use std::borrow::Cow;

/// Whether a character steers a terminal or turns the order of those around it: controls (but for tab and line end), marks of direction,
/// separators of lines, spaces without width. Joiners, which scripts and emoji need, are none of them.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}' => true,
        c => c.is_control(),
    }
}

/// Text as a terminal may show it: hidden characters as `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{parse, print};

    #[test]
    fn what_steers_a_terminal_is_shown_as_a_number() {
        assert_eq!(visible("a\u{1b}[31mb\r\u{9b}\u{202e}c"), "a\\u{1b}[31mb\\u{d}\\u{9b}\\u{202e}c");
        for plain in ["car 7\n\tÜber", "می\u{200c}خواهم", "👩\u{200d}🚀"] {
            assert!(matches!(visible(plain), Cow::Borrowed(_)), "{plain}");
        }
    }

    #[test]
    fn hidden_characters_are_written_and_read_back() {
        let text = "car 1 \"a\\u{1b}[2J\\u{202e}b\"\n  0: (0, 0, 0)\n";
        let world = parse(text).expect("valid");
        assert!(world.tables().labels.iter().any(|l| l.text == "a\u{1b}[2J\u{202e}b"));
        let printed = print(&world).expect("in memory");
        assert!(!printed.contains(is_hidden) && printed.contains("\\u{1b}"), "{printed}");
        assert_eq!(parse(&printed).expect("valid").tables(), world.tables());
        assert!(parse("car 1 \"\\u{110000}\"\n").is_err());
    }
}
