//! Questions in several wordings. Every wording means the same to the engine: `eval` on made items reads each of them back.

use super::Stream;

/// One of the wordings, with its places `{name}` filled.
pub(crate) fn phrase(wordings: &[&str], slots: &[(&str, &str)], stream: &mut Stream) -> String {
    let wording = stream.choose(wordings).copied().unwrap_or_default();
    slots.iter().fold(wording.to_owned(), |text, (name, word)| text.replace(&format!("{{{name}}}"), word))
}

/// `a, b and c`, or with another word before the last.
pub(crate) fn listed(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => format!("{} {word} {last}", before.join(", ")),
    }
}
