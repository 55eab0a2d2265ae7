//! The letter of an option out of free text.

/// The option that a reply settles on, A to J; none where it names none or leaves it open between several.
///
/// The first step that yields a letter counts; a later one never overrules it.
/// 1. What is read: the inside of the last `<answer>` block, else what stands behind the last `</think>`, else everything.
/// 2. The reply opens with an option: `B`, `b.`, `(B) left`, `**B**: left`, `B the sofa`. Not where another option follows at once (`A or B`), nor where
///    another line opens with another option: then the options were repeated.
/// 3. Of the last six lines, the last one that is an option, opens with one, or names exactly one in capitals.
/// 4. Behind the last `answer is`, `answer:`, `answer` or `option`.
/// 5. The only option that is named in capitals at all.
///
/// A bare small letter is an option where it stands alone or before `.`, `)`, `:`; a bare `A` or `I` before a small letter is a word (`A chair`, `I think`).
///
/// # Source
/// After the seven steps of `can_match_option` in `vlmeval/dataset/utils/spatial_bench/matching_func.py` of open-compass/VLMEvalKit. Steps 2 (options
/// repeated or left open) and the words `A` and `I` differ on purpose; a letter at the end of the thoughts is not read.
pub fn option(said: &str) -> Option<char> {
    let said = settled(said);
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    if let Some(letter) = lines().next().and_then(opening)
        && lines().skip(1).filter_map(opening).all(|other| other == letter)
    {
        return Some(letter);
    }
    for line in lines().rev().take(LAST_LINES) {
        if let Some(letter) = opening(line).or_else(|| only(line)) {
            return Some(letter);
        }
    }
    announced(said).or_else(|| only(said))
}

/// Lines at the end in which the answer is looked for.
const LAST_LINES: usize = 6;

/// What counts of a reply.
fn settled(said: &str) -> &str {
    let behind = said.rfind("</think>").map_or(said, |at| &said[at + "</think>".len()..]);
    let Some(open) = behind.rfind("<answer>") else { return behind.trim() };
    let inside = &behind[open + "<answer>".len()..];
    inside.find("</answer>").map_or(inside, |close| &inside[..close]).trim()
}

/// The option that a line opens with.
fn opening(line: &str) -> Option<char> {
    let (letter, rest) = token(line, true)?;
    // `A or B`, `A, B`, `A/B` leave it open
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ",/&".contains(c));
    let rest = ["or ", "and "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    match token(rest, false) {
        Some((other, _)) if other != letter => None,
        _ => Some(letter),
    }
}

/// The one option that a text names in capitals.
fn only(text: &str) -> Option<char> {
    let mut found = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if is_option(c) && c.is_ascii_uppercase() && !before.is_alphanumeric() && before != '\'' {
            // its own brackets are looked at too
            let from = if OPENS.contains(before) { at - before.len_utf8() } else { at };
            if let Some((letter, _)) = token(&text[from..], false) {
                match found {
                    Some(other) if other != letter => return None,
                    _ => found = Some(letter),
                }
            }
        }
        before = c;
    }
    found
}

/// The option behind the last word that announces one.
fn announced(text: &str) -> Option<char> {
    const WORDS: [&str; 2] = ["answer", "option"];
    let lower = text.to_ascii_lowercase();
    let at = WORDS.iter().filter_map(|word| Some(lower.rfind(word)? + word.len())).max()?;
    let rest = text[at..].trim_start();
    let rest = rest.strip_prefix("is").unwrap_or(rest);
    token(rest.trim_start_matches(|c: char| c.is_whitespace() || ":=".contains(c)), true)
        .map(|(letter, _)| letter)
}

const OPENS: &str = "([{*_`\"";
const CLOSES: &str = ")]}*_`\"";

fn is_option(c: char) -> bool {
    matches!(c.to_ascii_uppercase(), 'A'..='J')
}

/// The option that a text begins with, and what stands behind it; in small letters only where `small`.
fn token(text: &str, small: bool) -> Option<(char, &str)> {
    let inside = text.trim_start_matches(|c| OPENS.contains(c));
    let letter = inside.chars().next().filter(|c| is_option(*c))?;
    let rest = &inside[1..];
    let behind = rest.trim_start_matches(|c| CLOSES.contains(c));
    let is_marked =
        behind.len() < rest.len() || behind.is_empty() || behind.starts_with(['.', ':', '\n', '\r']);
    let ends = behind.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '\'');
    let next = behind.trim_start();
    let joins = ["or ", "and "].iter().any(|word| next.starts_with(word));
    // an article or a pronoun, or half of a number or an abbreviation (`A.5`)
    let is_word = matches!(letter, 'A' | 'I') && !joins && next.starts_with(char::is_lowercase);
    let counts = is_marked || (letter.is_ascii_uppercase() && ends && !is_word);
    (counts && ends && (small || letter.is_ascii_uppercase()))
        .then(|| (letter.to_ascii_uppercase(), behind.trim_start_matches(['.', ':'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_read_in_every_usual_form() {
        for said in [
            "B",
            "b",
            " B. ",
            "b. the sofa",
            "(B)",
            "(B) left",
            "[b] left",
            "B) left",
            "B: left",
            "B the sofa",
            "**B**",
            "**B.** left",
            "B, since A is far",
            "The answer is B",
            "the answer is (b).",
            "Answer: B",
            "I think it is B.",
            "Final answer: **B**",
            "A sofa is in B",
            "so it must be option b",
            "A. left\nB. right\nThe answer is B.",
            "B. the sofa\nSince A is far away",
            "<answer>B</answer>",
            "<think>A</think><answer> (B) left</answer>",
            "<think>is it A?</think>\nIt is B.",
            "Left of it.\n\nB",
            "<answer>A</answer> no: <answer>B</answer>",
        ] {
            assert_eq!(option(said), Some('B'), "{said:?}");
        }
    }

    #[test]
    fn what_names_none_or_several_is_none() {
        for said in [
            "",
            "left",
            "A or B",
            "(A) or (B)",
            "A, B",
            "A/B",
            "a chair",
            "A chair",
            "I think so",
            "It is either A or B.",
            "Bob",
            "bed",
            "B2",
            "<answer></answer>",
            "K",
            "A's and B's",
            "\u{e9}",
            "(",
            "because",
        ] {
            assert_eq!(option(said), None, "{said:?}");
        }
    }

    #[test]
    fn a_megabyte_of_brackets_tags_and_options_is_read() {
        for (piece, expected) in [
            ("<answer>", None),
            ("(", None),
            ("A or B\n", None),
            ("answer ", None),
            ("B )", Some('B')),
            ("**", None),
        ] {
            assert_eq!(option(&piece.repeat(1_000_000 / piece.len())), expected, "{piece}");
        }
    }
}
