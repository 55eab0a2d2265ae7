//! Questions about a story.

use super::ThingId;
use super::place::noun;
use super::thing::Things;
use super::token::{Token, tokens};
use super::words::Word;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Where `figure` is from `ground`.
    Relation {
        /// The thing asked about.
        figure: ThingId,
        /// The thing that directions count from.
        ground: ThingId,
    },
}

/// Why a question is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is not read.
    Unread(String),
    /// It names a thing that the story does not.
    Unnamed(String),
}

/// Reads a question against the names of a story.
pub(super) fn read(question: &str, things: &Things) -> Result<Query, Refusal> {
    let tokens = tokens(question, 0);
    let lower: Vec<&str> = tokens.iter().map(|t| t.lower.as_str()).collect();
    let relation = |from: usize, parting: &[&str]| -> Result<Query, Refusal> {
        let (figure, after) = named(&tokens, from, things)?;
        let parted = parting.contains(&lower.get(after).copied().unwrap_or_default());
        let mut at = after;
        while tokens
            .get(at)
            .is_some_and(|t| matches!(t.word, Word::To | Word::And | Word::Filler | Word::With))
        {
            at += 1;
        }
        if !parted {
            return Err(unread(question));
        }
        let (ground, end) = named(&tokens, at, things)?;
        if end < tokens.len() { Err(unread(question)) } else { Ok(Query::Relation { figure, ground }) }
    };
    let begins = |words: &[&str]| lower.starts_with(words);
    for asking in [
        &["what", "is", "the", "relation", "of"][..],
        &["what", "is", "the", "relation", "between"],
        &["what", "is", "the", "relationship", "of"],
        &["what", "is", "the", "relationship", "between"],
        &["what", "is", "the", "position", "of"],
        &["where", "is"],
    ] {
        if begins(asking) {
            return relation(asking.len(), &["to", "and", "relative", "with", "from", "compared"]);
        }
    }
    Err(unread(question))
}

fn unread(question: &str) -> Refusal {
    Refusal::Unread(question.trim().to_owned())
}

fn named(tokens: &[Token<'_>], from: usize, things: &Things) -> Result<(ThingId, usize), Refusal> {
    let Some((name, after)) = noun(tokens, from) else {
        return Err(Refusal::Unread("expected a name".to_owned()));
    };
    things.find(&name).map(|thing| (thing, after)).ok_or(Refusal::Unnamed(name))
}
