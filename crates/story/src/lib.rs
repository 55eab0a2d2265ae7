//! Stories: sentences become what they say, and questions about them are answered with the sentences that decide.
//!
//! ```text
//! text ──sentences──▶ tokens ──place──▶ Statement ──▶ steps ──▶ Answer (cites sentences)
//! ```
//!
//! A sentence is read by a grammar of relation words. One that is not read is kept in [`Story::unread`], and an answer that
//! it could change says so. Nothing is guessed.

mod answer;
mod asp;
pub mod calendar;
mod clauses;
mod drawing;
mod found;
mod kinds;
mod lemma;
pub mod lexicon;
mod narrative;
pub mod numeral;
mod people;
mod place;
mod places;
pub mod puzzle;
mod quantified;
mod query;
mod room;
mod sentence;
mod state;
mod statement;
mod steps;
mod temporal;
mod temporal_asked;
mod thing;
mod timeline;
mod token;
mod when;
mod words;
mod world;

#[cfg(test)]
mod babi_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod stepgame_tests;
#[cfg(test)]
mod temporal_tests;
#[cfg(test)]
mod tests;

pub use answer::{answer, answer_sentences, examples, run};
pub use asp::answer_set_program;
pub use query::Query;
pub use statement::{Direction, Statement};
pub use thing::{ThingId, Things};
pub use when::Placed;
pub use words::Axis;
pub use world::{SAYS, place_of};

/// How far a direction word reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// "Left of" says which side and nothing else: what follows holds in every drawing of the story.
    #[default]
    Open,
    /// Every relation is one step on a grid, straight or diagonal (StepGame, bAbI): offsets add up.
    Step,
}

/// How a story is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StorySettings {
    /// How far a direction word reaches.
    pub reach: Reach,
    /// Whatever the story does not say is not so.
    pub closed: bool,
    /// Sentences that are not read say nothing of what is asked: an assumption, and answers that rest on it say so. Without it such an
    /// answer is `unsupported`, with the sentences.
    pub skip_unread: bool,
}

/// A sentence that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Position of the sentence.
    pub sentence: usize,
    /// Byte offset in the text.
    pub at: usize,
    /// What was expected there, in words.
    pub expected: String,
}

/// One statement with the sentence that it is read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Position of the sentence.
    pub sentence: usize,
    /// What it says.
    pub what: Statement,
    /// When, against the other sentences.
    pub placed: Placed,
    /// The sentence names somebody by a pronoun.
    pub pronoun: bool,
}

/// A story that has been read.
#[derive(Clone, Debug, Default)]
pub struct Story {
    text: String,
    sentences: Vec<(usize, usize)>,
    things: Things,
    told: Vec<Told>,
    unread: Vec<Unread>,
    /// With the position of its sentence.
    puzzles: Vec<(usize, puzzle::Puzzle)>,
    room: Option<room::Room>,
    /// Places that are said to hold what is named only, with the sentence.
    only: Vec<(ThingId, usize)>,
    settings: StorySettings,
}

impl Story {
    /// Reads a text. Takes time linear in its length.
    pub fn read(text: &str, settings: StorySettings) -> Story {
        Story::of_sentences(text.to_owned(), sentence::sentences(text), settings)
    }

    fn of_sentences(text: String, sentences: Vec<(usize, usize)>, settings: StorySettings) -> Story {
        let mut story = Story { sentences, settings, ..Story::default() };
        let mut context = narrative::Context::default();
        for (number, &(start, end)) in story.sentences.iter().enumerate() {
            let written = &text[start..end];
            if sentence::directive(written, &mut story.settings) {
                continue;
            }
            if sentence::is_puzzle(written) {
                match puzzle::Puzzle::parse(written) {
                    Ok(puzzle) => story.puzzles.push((number, puzzle)),
                    Err(expected) => story.unread.push(Unread { sentence: number, at: start, expected }),
                }
                continue;
            }
            if let Some(room) = room::Room::begun(written) {
                story.room = Some(room);
                continue;
            }
            if let Some(room) = &mut story.room
                && room.hear(written, number)
            {
                continue;
            }
            match sentence::read(written, start, &mut story.things, &mut context) {
                Ok((statements, placed)) => {
                    let pronoun = context.pronoun;
                    if sentence::says_only(written) {
                        let held = |statement: &Statement| match statement {
                            Statement::In { place, negated: false, .. } => Some((*place, number)),
                            _ => None,
                        };
                        story.only.extend(statements.iter().find_map(held));
                    }
                    let told = |what| Told { sentence: number, what, placed, pronoun };
                    story.told.extend(statements.into_iter().map(told));
                }
                Err(fault) => {
                    story.unread.push(Unread { sentence: number, at: fault.at, expected: fault.expected });
                }
            }
        }
        story.text = text;
        story
    }

    /// The text as given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Byte offsets of the sentences, `[start, end)`, in reading order.
    pub fn sentences(&self) -> &[(usize, usize)] {
        &self.sentences
    }

    /// The words of a sentence.
    pub fn sentence(&self, number: usize) -> &str {
        self.sentences.get(number).and_then(|&(start, end)| self.text.get(start..end)).unwrap_or_default()
    }

    /// The names.
    pub fn things(&self) -> &Things {
        &self.things
    }

    /// What the sentences say, in reading order.
    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// Places that are said to hold what is named only, with the sentence that says so.
    pub(crate) fn only(&self) -> &[(ThingId, usize)] {
        &self.only
    }

    /// The sentences that are not read.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// The puzzles and tasks that it holds.
    pub fn puzzles(&self) -> impl Iterator<Item = &puzzle::Puzzle> {
        self.puzzles.iter().map(|(_, puzzle)| puzzle)
    }

    /// How it is read.
    pub fn settings(&self) -> StorySettings {
        self.settings
    }
}
