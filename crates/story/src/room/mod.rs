//! A room as a square floor of cells, and what is said of the things in it (RoomSpace: Li, Hogg and Cohn, Reframing spatial reasoning
//! evaluation in language models, IJCAI 2024).
//!
//! ```text
//! The room is a 12 by 12 grid.                      which cells there are; y runs north
//! The bed is north of the desk.                     in its column; `northeast of` beyond it on both axes
//! The bed is in the northwest corner.               a third of each side; nine parts that do not overlap
//! The bed touches the east wall.                    in the last column; `does not touch the wall`
//! The bed is near (far from) the desk.              below a third (from two thirds) of the longest distance between cells
//! You look north from the south door.               then left, right, behind (farther) and in front (nearer) are read
//! ```
//!
//! What is asked is answered by all places that fit: what holds in all of them is so, in none of them is not so, else it is unknown.

mod clause;

use super::answer::{cited, without};
use super::{Story, clauses::words_of};
use chronotope_reason::constraint::{Cells, Layout};
use chronotope_world::{Answer, EvidenceKind, Missing, MissingKind, Status, Truth, Value};
use clause::{Relation, Said};

/// A room while it is told.
#[derive(Clone, Debug, Default)]
pub(super) struct Room {
    /// Cells of a side.
    side: usize,
    /// No two things share a cell.
    is_exclusive: bool,
    /// Left, right, behind and in front are as seen from the south.
    from_south: bool,
    names: Vec<String>,
    /// With the sentence of each.
    said: Vec<(usize, Said)>,
}

/// Most cells of a side, as the solver takes them.
const MOST_SIDE: i64 = 32;
/// Most things of a room.
const MOST_THINGS: usize = 24;

impl Room {
    /// The room that a sentence begins: "The room is a 12 by 12 grid."
    pub(super) fn begun(written: &str) -> Option<Room> {
        let words = words_of(written);
        let words: Vec<&str> =
            words.iter().map(String::as_str).filter(|w| !["a", "an"].contains(w)).collect();
        let ["the", "room", "is" | "has", rest @ ..] = &words[..] else { return None };
        let number = |word: &str| word.parse::<i64>().ok().filter(|n| (1..=MOST_SIDE).contains(n));
        let side = match rest {
            [a, "by" | "x" | "times", b, "grid" | "cells" | "tiles" | "squares"]
            | ["grid", "of", a, "by" | "x" | "times", b, ..] => {
                number(a).filter(|a| number(b) == Some(*a))?
            }
            [both, "grid" | "cells" | "tiles" | "squares"] => {
                let (a, b) = both.split_once(['x', '×'])?;
                number(a).filter(|a| number(b) == Some(*a))?
            }
            _ => return None,
        };
        Some(Room { side: usize::try_from(side).ok()?, ..Room::default() })
    }

    /// Takes a sentence in; false where it says nothing that is read.
    pub(super) fn hear(&mut self, written: &str, sentence: usize) -> bool {
        let words = words_of(written);
        let words: Vec<&str> = words.iter().map(String::as_str).filter(|w| *w != ",").collect();
        match &words[..] {
            ["no", "two", "things" | "objects", "share", "a", "cell" | "place"]
            | ["no", "two", "things" | "objects", "are", "in", "the", "same", "cell" | "place"] => {
                self.is_exclusive = true;
                return true;
            }
            ["you", "stand", "at", "the", "south", "door", "and", "look", "north"]
            | ["you", "look", "north", "from", "the", "south", "door"]
            | ["it", "is", "seen", "from", "the", "south", "door"] => {
                self.from_south = true;
                return true;
            }
            _ => {}
        }
        let Some(clauses) = clause::read(&words, self.from_south) else { return false };
        for clause in clauses {
            let Some(said) = self.bound(&clause) else { return false };
            self.said.extend(said.map(|said| (sentence, said)));
        }
        true
    }

    /// A clause with its names as numbers; none inside where it says nothing, none where there are too many things.
    #[allow(clippy::option_option)] // too much, or nothing
    fn bound(&mut self, clause: &clause::Clause) -> Option<Option<Said>> {
        let first = self.index(&clause.first)?;
        let second = match &clause.second {
            Some(name) => Some(self.index(name)?),
            None => None,
        };
        let Some(relation) = clause.relation else { return Some(None) };
        Some(Some(Said { first, second, relation, negated: clause.negated }))
    }

    fn index(&mut self, name: &str) -> Option<usize> {
        if let Some(at) = self.find(name) {
            return Some(at);
        }
        (self.names.len() < MOST_THINGS).then(|| self.names.push(name.to_owned()))?;
        Some(self.names.len() - 1)
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// Whether what is said has a layout, with some more.
    fn layout(&self, kept: &[usize], more: Option<Said>) -> Layout {
        let Ok(mut cells) = Cells::new(self.side, self.names.len()) else { return Layout::Undecided };
        let side = self.side as i32;
        if self.is_exclusive {
            for a in 0..self.names.len() {
                for b in 0..a {
                    cells.keep_apart(a, b, |dx, dy| (dx, dy) != (0, 0));
                }
            }
        }
        for said in kept.iter().filter_map(|&k| self.said.get(k)).map(|(_, said)| *said).chain(more) {
            let Said { first, second, relation, negated } = said;
            match second {
                Some(second) => {
                    cells.keep_apart(first, second, move |dx, dy| relation.holds(dx, dy, side) != negated);
                }
                None => cells.keep(first, move |x, y| relation.holds(x, y, side) != negated),
            }
        }
        cells.solve()
    }
}

/// The answer to a question about the story's room; none where it has none, or the question is none about it.
pub(super) fn tell(story: &Story, question: &str) -> Option<Answer> {
    const MOST_BYTES: usize = 500;
    let room = story.room.as_ref().filter(|_| question.len() <= MOST_BYTES)?;
    let words = words_of(question);
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|w| *w != ",").collect();
    let asked = clause::asked(&words, room.from_south)?;
    let teller = Teller { story, room };
    let (first, second) = match &asked {
        clause::Asked::Is { clause, .. } => (&clause.first, clause.second.as_ref()),
        clause::Asked::Which { first, second, .. } => (first, second.as_ref()),
    };
    if let Some(unnamed) = [Some(first), second].into_iter().flatten().find(|name| room.find(name).is_none())
    {
        let missing = Missing::new(MissingKind::Entity, format!("the story names no {unnamed}"));
        return Some(without(Status::Unknown, missing));
    }
    let (first, second) = (room.find(first)?, second.and_then(|name| room.find(name)));
    Some(match asked {
        clause::Asked::Is { clause, mood } => match clause.relation {
            Some(relation) => teller.truth(Said { first, second, relation, negated: clause.negated }, mood),
            None => teller.told(Value::Truth(Truth::Yes), "yes".to_owned(), &[]),
        },
        clause::Asked::Which { among, list, .. } => teller.which(first, second, &among, list),
    })
}

struct Teller<'s> {
    story: &'s Story,
    room: &'s Room,
}

impl Teller<'_> {
    fn all(&self) -> Vec<usize> {
        (0..self.room.said.len()).collect()
    }

    /// Yes where it must be so, no where it cannot; `mood` asks for either alone.
    fn truth(&self, said: Said, mood: clause::Mood) -> Answer {
        if let Some(torn) = self.torn() {
            return torn;
        }
        let against = Said { negated: !said.negated, ..said };
        let (with, without_it) =
            (self.room.layout(&self.all(), Some(said)), self.room.layout(&self.all(), Some(against)));
        let truth = match (&with, &without_it) {
            (Layout::Impossible, _) => Some((false, said)),
            (_, Layout::Impossible) => Some((true, against)),
            _ => None,
        };
        let yes = |so: bool, by: &[usize]| {
            self.told(Value::Truth(Truth::of(so)), if so { "yes" } else { "no" }.to_owned(), by)
        };
        match (truth, mood) {
            (Some((so, refuted)), _) => yes(so, &self.core(Some(refuted))),
            (None, clause::Mood::Possible) if matches!(with, Layout::Placed(_)) => yes(true, &[]),
            (None, clause::Mood::Certain) if matches!(without_it, Layout::Placed(_)) => yes(false, &[]),
            _ => self.open("it is possible, and so is the opposite".to_owned()),
        }
    }

    /// Which of several relations hold in some layout.
    fn which(&self, first: usize, second: Option<usize>, among: &[(Relation, &str)], list: bool) -> Answer {
        if let Some(torn) = self.torn() {
            return torn;
        }
        let mut possible = Vec::new();
        for &(relation, word) in among {
            let said = Said { first, second, relation, negated: false };
            match self.room.layout(&self.all(), Some(said)) {
                Layout::Placed(_) => possible.push((said, word)),
                Layout::Impossible => {}
                Layout::Undecided => return self.open("a longer search".to_owned()),
            }
        }
        let words: Vec<&str> = possible.iter().map(|(_, word)| *word).collect();
        if list {
            let value = Value::List(words.iter().map(|w| Value::Text((*w).to_owned())).collect());
            return self.told(value, words.join(", "), &[]);
        }
        if let [(said, word)] = possible[..] {
            let against = Said { negated: true, ..said };
            return self.told(Value::Text(word.to_owned()), word.to_owned(), &self.core(Some(against)));
        }
        self.open(format!("which of what is possible: {}", words.join(", ")))
    }

    /// The answer where the story contradicts itself.
    fn torn(&self) -> Option<Answer> {
        (self.room.layout(&self.all(), None) == Layout::Impossible).then(|| {
            let core = self.sentences(&self.core(None));
            let numbers: Vec<String> = core.iter().map(|n| (n + 1).to_string()).collect();
            let what = format!("sentences {} contradict each other", numbers.join(", "));
            let mut torn = without(Status::Ambiguous, Missing::new(MissingKind::Wording, what));
            torn.evidence = cited(self.story, EvidenceKind::Refutes, core.into_iter());
            torn
        })
    }

    /// Statements that leave no layout together with one more, none of which can be left out.
    fn core(&self, more: Option<Said>) -> Vec<usize> {
        let mut kept = self.all();
        for number in self.all() {
            let fewer: Vec<usize> = kept.iter().copied().filter(|&k| k != number).collect();
            if self.room.layout(&fewer, more) == Layout::Impossible {
                kept = fewer;
            }
        }
        kept
    }

    fn sentences(&self, statements: &[usize]) -> Vec<usize> {
        let mut numbers: Vec<usize> = statements.iter().map(|&s| self.room.said[s].0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn told(&self, value: Value, text: String, by: &[usize]) -> Answer {
        if let Some(unread) = self.unread() {
            return unread;
        }
        let evidence = cited(self.story, EvidenceKind::Supports, self.sentences(by).into_iter());
        Answer::answered(value, text, evidence)
    }

    fn open(&self, what: String) -> Answer {
        self.unread().unwrap_or_else(|| without(Status::Unknown, Missing::new(MissingKind::Coverage, what)))
    }

    /// A sentence that is not read could change everything.
    fn unread(&self) -> Option<Answer> {
        let first = self.story.unread().first()?;
        let what =
            format!("sentence {} is not read: {}", first.sentence + 1, self.story.sentence(first.sentence));
        Some(without(Status::Unsupported, Missing::new(MissingKind::Wording, what)))
    }
}

#[cfg(test)]
mod tests;
