//! Which of several statements is true.

use super::{Family, Meaning};
use crate::question::asked::Asked;
use crate::question::cursor::Cursor;
use crate::question::noun::escape;
use crate::question::{token, unasked, verb};

/// Which of several statements is true: captions given as options.
pub(super) struct Caption;

#[allow(private_interfaces, reason = "as in the trait")]
impl Family for Caption {
    fn name(&self) -> &'static str {
        "statement"
    }

    fn about(&self) -> &'static str {
        "Which of several statements is true"
    }

    fn example(&self) -> &'static str {
        "Which caption matches the video better: \"A car stops.\" or \"A bus stops.\"?"
    }

    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning> {
        c.eat_any(&["which", "what"])?;
        c.eat_any(&["of these", "of the following", "one of these"]);
        c.eat_any(&["caption", "captions", "sentence", "description", "statement", "option", "one"])?;
        c.eat_any(&["is", "does", "best", "better", "more", "a more", "the"]);
        c.eat_any(&[
            "matches the video",
            "match the video",
            "captures the essence of the video",
            "capture the essence of the video",
            "a more suitable match for the video",
            "more suitable match for the video",
            "suitable match for the video",
            "describes the video",
            "describe the video",
            "fits the video",
            "is true",
            "true",
            "is correct",
            "correct",
        ])?;
        c.eat_any(&["better", "best", "more accurately"]);
        c.eat(":");
        let mut statements: Vec<String> = asked.options.iter().map(|option| option.text.clone()).collect();
        while let Some(token) = c.token(0).filter(|token| token.kind == token::Kind::Quoted) {
            statements.push(token.text.clone());
            c.skip(1);
            c.eat_any(&[",", "or"]);
            c.eat("or");
        }
        asked.rest(c)?;
        if !(2..=8).contains(&statements.len()) {
            return None;
        }
        let truths: Option<Vec<String>> = statements.iter().map(|text| truth(text, c)).collect();
        let texts: Vec<String> = statements.iter().map(|text| format!("\"{}\"", escape(text))).collect();
        Meaning::of(format!("which_holds([{}], [{}])", truths?.join(", "), texts.join(", ")))
    }
}

/// Whether a statement holds: "Caption A: The two men are cooking."
fn truth(statement: &str, c: &Cursor) -> Option<String> {
    let body = match statement.split_once(':') {
        Some((head, body)) if head.split(' ').count() <= 2 => body,
        _ => statement,
    };
    let tokens: Vec<token::Token> =
        token::tokens(body).into_iter().filter(|token| !matches!(token.text.as_str(), "." | "?")).collect();
    let mut inner = Cursor::new(&tokens, c.vocabulary);
    let clause = verb::statement(&mut inner).filter(|clause| clause.rank.is_none() && !clause.every)?;
    if !inner.done() {
        return None;
    }
    let not = if clause.negated != clause.none { "not " } else { "" };
    Some(format!("{not}{}", unasked(&clause.predicate.truth(&clause.subject)?)))
}
