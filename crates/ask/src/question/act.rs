//! Verb phrases of any words: what an event of a World may be called.

use super::cursor::Cursor;
use super::noun;
use super::token::Kind;
use super::verb::Predicate;

/// A verb phrase of other words, up to a phrase of time: "scratches his head | at the end". Behind "did" and in clauses of time any
/// word may be the verb, elsewhere a participle.
pub(super) fn act(c: &mut Cursor) -> Option<Predicate> {
    c.eat_any(&[
        "performing the action of",
        "performing the task of",
        "perform the action of",
        "perform the task of",
        "execute the action of",
        "participating in",
        "engaged in",
        "engaging in",
    ]);
    const NONE: &[&str] = &[
        "during",
        "nothing",
        "something",
        "anything",
        "evening",
        "morning",
        "ceiling",
        "doing",
        "happening",
        "occurring",
        "nearing",
        "facing",
        "do",
        "happen",
        "happens",
        "occur",
        "react",
        "respond",
        "located",
        "being",
        "according",
        "wearing",
        // where things stand
        "surrounding",
        // boxes do so, not somebody
        "overlap",
        "overlaps",
        "overlapped",
        "overlapping",
    ];
    let first = c.token(0).filter(|token| token.kind == Kind::Word)?.text.as_str();
    let participle = first.len() > 4 && first.ends_with("ing");
    let open = c.verbs && noun::may_be_verb(first);
    if NONE.contains(&first) || !participle && !open {
        return None;
    }
    let mut words: Vec<&str> = Vec::new();
    while let Some(token) = c.token(0) {
        let word = token.kind == Kind::Word || token.kind == Kind::Quoted;
        if !word || words.len() >= 16 || ends_act(c, words.is_empty()) {
            break;
        }
        words.push(&token.text);
        c.skip(1);
    }
    // "… do" asks what is done
    if words.iter().any(|word| ["do", "does", "did", "doing", "followed", "happen"].contains(word)) {
        return None;
    }
    // how long it goes on is no part of what it is
    if words.ends_with(&["for", "a", "while"]) {
        words.truncate(words.len() - 3);
    }
    (!words.is_empty()).then(|| Predicate::Act(words.join(" ").replace(" 's", "'s")))
}

/// A phrase of time begins here; `first`: at the first word of the act.
pub(super) fn ends_act(c: &Cursor, first: bool) -> bool {
    const WORDS: &[&str] = &[
        "after",
        "before",
        "while",
        "when",
        "whenever",
        "until",
        "till",
        "during",
        "throughout",
        "once",
        "then",
        "halfway",
        "or",
        "first",
        "last",
        "faster",
        "slower",
        "more",
        "less",
        "twice",
    ];
    const PHRASES: &[&str] = &[
        "at the end",
        "at the start",
        "at the beginning",
        "at the middle",
        "in the beginning",
        "in the middle",
        "in the end",
        "near the end",
        "near the beginning",
        "near the start",
        "near the middle",
        "towards the end",
        "in the video",
        "of the video",
        "in this video",
        "for the first time",
        "for the last time",
        "in the scene",
        "in the clip",
        "as the",
        "as he",
        "as she",
        "as they",
        "as it",
        "as a",
        "around the middle",
        "in the footage",
        "in the first",
        "in the last",
        "in the second",
        "for more than",
        "for at least",
        "for less than",
        "between the",
        "prior to",
        "in total",
        "throughout the",
        "at the same time",
        "as his",
        "as her",
        "at first",
        "as well",
    ];
    // "for a while" is no clause
    let lasting = c.word(0) == "while" && c.until_is("a");
    !first && !lasting && (WORDS.contains(&c.word(0)) || PHRASES.iter().any(|phrase| c.sees(phrase)))
}
