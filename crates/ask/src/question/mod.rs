//! English questions become programs.
//!
//! ```text
//! question ──▶ tokens ──▶ time, place and viewpoint phrases ──▶ families ──▶ program text
//!                             noun phrases, verb phrases ──────────┘
//! ```
//!
//! A small compositional grammar. Noun phrases ([`noun`]), verb phrases ([`verb`]), times ([`time`]), places ([`place`]) and
//! viewpoints ([`viewpoint`]) are parsed by one parser each; a family ([`family`]) knows what is asked of them: a count, a
//! time, a distance. A family reads a question only if every word of it has been understood; two families that
//! understand it differently make it ambiguous. What nobody reads is [`Reading::Unsupported`], with questions that can
//! be answered.
//!
//! **Adding a family**: a file in `family/` with a unit struct that implements [`family::Family`], a line in
//! `family/catalogue.rs`, and its questions in `readings.md` (`UPDATE_EXPECT=1 cargo test -p chronotope-reason question`
//! renews the programs; read the difference).

mod act;
mod asked;
mod cursor;
mod explain;
mod family;
mod landmark;
use chronotope_story::lexicon;
mod nearest;
mod noun;
mod options;
mod place;
mod relation;
mod remark;
mod time;
mod token;
mod verb;
mod verb_forms;
mod viewpoint;
mod vocabulary;
mod words;

pub use explain::explain;
pub use family::Family;
pub use family::catalogue::{FAMILIES, entries};
pub use options::{OptionText, choose};
pub use vocabulary::Vocabulary;

use asked::Asked;
use cursor::Cursor;
use remark::Remark;
use token::Token;
use vocabulary::Scope;

/// Longest question that is read, in bytes; nobody asks more at once, and reading stays quick.
pub const MAX_QUESTION_BYTES: usize = 4096;

/// Most tokens of a question that are read.
const MAX_TOKENS: usize = 400;

/// How a question was understood.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// One way.
    Read(Read),
    /// Several ways, with different programs; in the order of the families. Where all of them have the same answer,
    /// that is the answer.
    Ambiguous {
        /// The ways.
        readings: Vec<Read>,
    },
    /// Not at all.
    Unsupported {
        /// Why, in plain words.
        why: String,
        /// Questions that can be answered about this World, the nearest first.
        nearest: Vec<String>,
    },
}

/// One understanding of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The program, in the text form of `docs/language.md`.
    pub program: String,
    /// Name of the family that read it.
    pub family: &'static str,
    /// Unit in which the question wants its number (`cm`, `km/h`, `min`), where it names one; the answer stays in the
    /// engine's unit.
    pub asked_unit: Option<&'static str>,
    /// The options without their letters, in order; empty where there are none.
    pub options: Vec<OptionText>,
}

/// Stands in a program being built for `, during: …`, filled when the asked time is known.
pub(crate) const ASKED: &str = "\u{1}";
/// Stands for `, at: …` or `, during: …`.
pub(crate) const AT_OR_ASKED: &str = "\u{2}";
/// Stands for `, at: …`; a question about a span cannot be filled in there.
pub(crate) const AT: &str = "\u{3}";
/// Stands for `, at: …` where a moment is asked, else for nothing: of a thing that stays where it is.
pub(crate) const AT_IF: &str = "\u{8}";
/// Stands for `, in: …` of an asked viewpoint.
pub(crate) const VIEW: &str = "\u{4}";

/// Stands for the viewpoint of who asks: the one that the question states, else that of the camera.
pub(crate) const VIEWER: &str = "\u{5}";

/// Stands for the thing that a pronoun means: the subject of the question.
pub(crate) const PRONOUN: &str = "\u{6}";

/// Stands for the subject in a condition that is read before it is known.
pub(crate) const SUBJECT: &str = "\u{7}";

/// Why a question is longer than any that is read; none where it is not.
pub(crate) fn too_long(question: &str) -> Option<String> {
    let n = question.len();
    (n > MAX_QUESTION_BYTES)
        .then(|| format!("the question has {n} bytes; at most {MAX_QUESTION_BYTES} are read"))
}

/// Reads a question about a World that offers `vocabulary`.
///
/// `options` are those of a multiple-choice question, with or without letters; they narrow what is asked (which sectors a
/// direction is told in). Takes time linear in the question up to [`MAX_QUESTION_BYTES`]; a longer one is
/// [`Reading::Unsupported`] at once. Never panics.
pub fn read(question: &str, options: Option<&[String]>, vocabulary: &Vocabulary) -> Reading {
    let scope = Scope::new(vocabulary);
    if let Some(why) = too_long(question) {
        return Reading::Unsupported { why, nearest: nearest::examples("", vocabulary) };
    }
    let tokens = token::tokens(question);
    let options: Vec<OptionText> =
        options.unwrap_or_default().iter().map(|text| OptionText::parse(text)).collect();
    if tokens.is_empty() || tokens.len() > MAX_TOKENS {
        let why = if tokens.is_empty() { "the question is empty" } else { "the question has too many words" };
        return Reading::Unsupported {
            why: why.to_owned(),
            nearest: nearest::examples(question, vocabulary),
        };
    }
    let (tokens, remarks) = remark::split(tokens);
    let mut readings = readings_of(&tokens, &remarks, &options, &scope);
    if readings.is_empty() {
        // to pass is to overtake or to come by
        for verb in ["overtake", "meet"] {
            if let Some(other) = instead_of_pass(&tokens, verb) {
                readings.extend(readings_of(&other, &remarks, &options, &scope));
            }
        }
    }
    if readings.is_empty()
        && let Some(tokens) = time_last(&tokens, &scope)
    {
        readings = readings_of(&tokens, &remarks, &options, &scope);
    }
    match readings.len() {
        0 => Reading::Unsupported {
            why: beyond(&tokens, &remarks, &options, &scope)
                .unwrap_or("no family of questions understands every word of this one")
                .to_owned(),
            nearest: nearest::examples(question, vocabulary),
        },
        1 => Reading::Read(readings.remove(0)),
        _ => Reading::Ambiguous { readings },
    }
}

/// The tokens with another verb where "pass" stands with what is passed; none where it does not.
fn instead_of_pass(tokens: &[token::Token], verb: &str) -> Option<Vec<token::Token>> {
    let at = tokens
        .iter()
        .position(|token| ["pass", "passes", "passed", "passing"].contains(&token.text.as_str()))?;
    let next = tokens.get(at + 1).map_or("", |token| token.text.as_str());
    const OTHERS: &[&str] =
        &["between", "through", "along", "over", "under", "across", "since", "until", "before", "after", ""];
    if OTHERS.contains(&next) {
        return None;
    }
    let mut other = tokens.to_vec();
    verb.clone_into(&mut other[at].text);
    if next == "by" {
        other.remove(at + 1);
    }
    Some(other)
}

/// Every way in which the families read the tokens, in their order.
fn readings_of(
    tokens: &[token::Token],
    remarks: &[remark::Remark],
    options: &[OptionText],
    scope: &Scope,
) -> Vec<Read> {
    let mut readings: Vec<Read> = Vec::new();
    let mut start = Cursor::new(tokens, scope);
    let asked = Asked::leading(&mut start, remarks, options);
    for family in FAMILIES {
        let mut c = start;
        let mut asked = asked.clone();
        let Some(meaning) = family.read(&mut c, &mut asked).filter(|_| c.done()) else { continue };
        for program in meaning.programs {
            if let Some(program) = asked.fill(&program)
                && !readings.iter().any(|read| read.program == program)
            {
                let asked_unit = meaning.asked_unit.or(asked.unit);
                readings.push(Read { program, family: family.name(), asked_unit, options: options.to_vec() });
            }
        }
    }
    // what can be computed is not looked up among the things that somebody wrote down
    if readings.iter().any(|read| !read.program.contains("acts(")) {
        readings.retain(|read| !read.program.contains("acts("));
    }
    readings
}

/// The question with a time that stands before its last comma put to its end: "which is faster at 3 s, the car or the bus".
fn time_last(tokens: &[Token], scope: &Scope) -> Option<Vec<Token>> {
    let comma = tokens.iter().rposition(|token| matches!(token.text.as_str(), "," | ":"))?;
    let from = (1..comma).rev().take(16).find(|from| {
        let mut c = Cursor::new(&tokens[..comma], scope);
        c.skip(*from);
        time::phrase(&mut c).is_some() && c.done()
    })?;
    Some([&tokens[..from], &tokens[comma..], &tokens[from..comma]].concat())
}

/// Why nothing that a World holds could answer it, where that is so.
fn beyond(
    tokens: &[Token],
    remarks: &[Remark],
    options: &[OptionText],
    scope: &Scope,
) -> Option<&'static str> {
    let mut c = Cursor::new(tokens, scope);
    Asked::leading(&mut c, remarks, options);
    if c.eat("why")
        || c.eat("for what reason")
        || c.eat_any(&["what is the reason", "what was the reason"]).is_some()
    {
        return Some("it asks for a reason or purpose: a World holds what happened, where and when, not why");
    }
    const MEASURES: &[&str] =
        &["many", "much", "long", "far", "fast", "often", "tall", "big", "large", "wide", "high", "old"];
    if c.eat("how") && !MEASURES.contains(&c.word(0)) {
        return Some(
            "it asks for a manner or a means: a World holds what happened, where and when, not how it was done",
        );
    }
    None
}

/// A program inside a time phrase: about the whole record.
fn unasked(program: &str) -> String {
    program.replace([ASKED, AT_OR_ASKED, AT, AT_IF, VIEW].map(mark), "").replace(VIEWER, "camera_view()")
}

/// A mark as a character.
fn mark(mark: &str) -> char {
    mark.chars().next().unwrap_or('\u{1}')
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod wordings;
