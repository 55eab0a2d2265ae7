//! Sentences around a question that only say how it is meant.

use super::token::{Kind, Token};

/// What such a sentence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    /// Several rooms count as one space.
    CombinedRooms,
    /// Directions are told in four quadrants.
    Quadrants,
    /// Behind begins at this angle, in degrees.
    BackFrom(u32),
    /// Says how to answer; nothing that changes the question.
    Format,
}

/// The tokens of the question itself, and what the other sentences say. A sentence that is no known remark stays in the
/// question, so that nothing is dropped unread.
pub(super) fn split(tokens: Vec<Token>) -> (Vec<Token>, Vec<Remark>) {
    let mut question = Vec::new();
    let mut remarks = Vec::new();
    let mut sentence: Vec<Token> = Vec::new();
    let is_end = |token: &Token| token.kind == Kind::Mark && matches!(token.text.as_str(), "?" | ".");
    let mut close = |sentence: &mut Vec<Token>| {
        let words: Vec<&str> = sentence.iter().map(|token| token.text.as_str()).collect();
        match remark(&words) {
            Some(remark) => remarks.push(remark),
            // two sentences: "I am standing by the bed. Is …"
            None if !question.is_empty() && !sentence.is_empty() => {
                question.push(Token { text: ",".to_owned(), kind: Kind::Mark });
                question.append(sentence);
            }
            None => question.append(sentence),
        }
        sentence.clear();
    };
    for token in tokens {
        if is_end(&token) {
            close(&mut sentence);
        } else {
            sentence.push(token);
        }
    }
    close(&mut sentence);
    (question, remarks)
}

fn remark(words: &[&str]) -> Option<Remark> {
    let text = words.join(" ");
    let starts = |front: &str| text.starts_with(front);
    if starts("if multiple rooms are shown") || starts("if there are multiple rooms") {
        return Some(Remark::CombinedRooms);
    }
    if starts("the directions refer to the quadrants of a cartesian plane") {
        return Some(Remark::Quadrants);
    }
    if starts("an object is to my back if i would have to turn at least")
        || starts("an object is behind me if i would have to turn at least")
    {
        let angle =
            words.iter().position(|word| *word == "degrees").and_then(|at| words.get(at.checked_sub(1)?));
        return angle.and_then(|angle| angle.parse().ok()).map(Remark::BackFrom);
    }
    let answer = starts("answer with")
        || starts("answer the question")
        || starts("choose the")
        || starts("choose one")
        || starts("select the")
        || starts("select one")
        || starts("give your answer")
        || starts("respond with")
        || starts("answer in one")
        || starts("answer yes or no");
    answer.then_some(Remark::Format)
}
