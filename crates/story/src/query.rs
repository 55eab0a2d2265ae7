//! Questions about a story.

use super::ThingId;
use super::narrative::{self, Context};
use super::place::{self, noun};
use super::statement::{Direction, Statement};
use super::thing::Things;
use super::token::{Token, tokens};
use super::words::{Axis, Word};
use crate::lexicon::singular;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// Where `figure` is from `ground`.
    Relation {
        /// The thing asked about.
        figure: ThingId,
        /// The thing that directions count from.
        ground: ThingId,
    },
    /// Whether this is so.
    Is(Statement),
    /// Where something is.
    Where(ThingId),
    /// Where it was right before (`after`: right after) it was in this place, the last time.
    Stay {
        /// The thing.
        who: ThingId,
        /// The place.
        place: ThingId,
        /// After, instead of before.
        after: bool,
    },
    /// What somebody holds, or how many things.
    Held {
        /// Who.
        who: ThingId,
        /// How many.
        count: bool,
    },
    /// Who holds something.
    Holder(ThingId),
    /// Who or what is in a place, or how many.
    Inside {
        /// The place.
        place: ThingId,
        /// Only who acts.
        people: bool,
        /// How many.
        count: bool,
    },
    /// What lies in this direction of `ground`; `back`: what `ground` lies in this direction of.
    Beside {
        /// The thing that directions count from.
        ground: ThingId,
        /// The direction.
        direction: Direction,
        /// The other way round.
        back: bool,
    },
    /// How to get from one place to another.
    Path {
        /// From.
        from: ThingId,
        /// To.
        to: ThingId,
    },
    /// The last gift that fits; what is not given is asked.
    Gift {
        /// Who gives.
        who: Option<ThingId>,
        /// What.
        what: Option<ThingId>,
        /// To whom.
        to: Option<ThingId>,
        /// Which of the three is asked: 0, 1 or 2.
        asked: u8,
    },
    /// What it is towards: "What is Gertrude afraid of?"
    Towards {
        /// Who.
        who: ThingId,
        /// `afraid of`.
        relation: ThingId,
    },
    /// Which kind or property it has: "What colour is Greg?"
    Property(ThingId),
    /// Whether the sentences can all be so.
    Consistent {
        /// Asked the other way round: whether they contradict each other.
        contradicts: bool,
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
    const MOST_BYTES: usize = 2_000;
    if question.len() > MOST_BYTES {
        return Err(Refusal::Unread(format!("expected a question of at most {MOST_BYTES} bytes")));
    }
    let tokens = tokens(question, 0);
    let mut reader = Reader { tokens: &tokens, at: 0, things };
    let query = reader.question()?;
    if reader.at < tokens.len() {
        return Err(reader.unread("the end of the question"));
    }
    Ok(query)
}

struct Reader<'a, 't> {
    tokens: &'a [Token<'t>],
    at: usize,
    things: &'a Things,
}

impl Reader<'_, '_> {
    fn lower(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", |t| t.lower.as_str())
    }

    fn eat(&mut self, words: &[&str]) -> bool {
        let fits = words.iter().enumerate().all(|(i, word)| self.lower(i) == *word);
        if fits {
            self.at += words.len();
        }
        fits
    }

    fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(&[word]))
    }

    fn unread(&self, expected: &str) -> Refusal {
        let found = self.tokens.get(self.at).map_or("the end", |t| t.text);
        Refusal::Unread(format!("expected {expected}, found `{found}`"))
    }

    /// The longest name here that the story holds.
    fn thing(&mut self) -> Result<ThingId, Refusal> {
        let (thing, after) = self.named(self.at)?;
        self.at = after;
        Ok(thing)
    }

    fn named(&self, from: usize) -> Result<(ThingId, usize), Refusal> {
        let Some((whole, end)) = noun(self.tokens, from) else { return Err(self.unread("a name")) };
        for end in (from + 1..=end).rev() {
            if let Some((name, after)) = noun(&self.tokens[..end], from)
                && after == end
                && let Some(thing) =
                    self.things.find(&name).or_else(|| self.things.find(&singular(&name.to_lowercase())))
            {
                return Ok((thing, end));
            }
        }
        Err(Refusal::Unnamed(whole))
    }

    fn question(&mut self) -> Result<Query, Refusal> {
        self.eat(&["and"]);
        for relation in [
            &["what", "is", "the", "relation", "of"][..],
            &["what", "is", "the", "relation", "between"],
            &["what", "is", "the", "relationship", "of"],
            &["what", "is", "the", "relationship", "between"],
            &["what", "is", "the", "position", "of"],
        ] {
            if self.eat(relation) {
                return self.relation();
            }
        }
        if self.eat(&["in", "which", "direction"])
            || self.eat(&["in", "what", "direction"])
            || self.eat(&["which", "way"])
        {
            self.eat_any(&["is", "are", "was"]);
            return self.relation();
        }
        if self.eat(&["where", "is"]) || self.eat(&["where", "are"]) || self.eat(&["where", "was"]) {
            return self.whereabouts();
        }
        if self.eat(&["where", "did"]) {
            let who = self.thing()?;
            if !self.eat_any(&["go", "move", "travel"]) {
                return Err(self.unread("`go`"));
            }
            return self.stay(who);
        }
        if self.eat(&["how", "do", "you", "go", "from"])
            || self.eat(&["how", "do", "you", "get", "from"])
            || self.eat(&["how", "do", "i", "get", "from"])
            || self.eat(&["what", "is", "the", "way", "from"])
            || self.eat(&["what", "is", "the", "path", "from"])
        {
            let from = self.thing()?;
            if !self.eat(&["to"]) {
                return Err(self.unread("`to`"));
            }
            return Ok(Query::Path { from, to: self.thing()? });
        }
        if self.eat(&["how", "many"]) {
            return self.how_many();
        }
        if self.eat(&["to", "whom", "did"]) {
            return self.gift_to();
        }
        if self.lower(0) == "who" || self.lower(0) == "whom" {
            self.at += 1;
            return self.who();
        }
        if self.lower(0) == "what" || self.lower(0) == "which" {
            self.at += 1;
            return self.what();
        }
        if self.eat(&["does", "the", "story", "contradict", "itself"]) {
            return Ok(Query::Consistent { contradicts: true });
        }
        if self.eat(&["is", "the", "story", "consistent"]) {
            return Ok(Query::Consistent { contradicts: false });
        }
        self.yes_no()
    }

    fn relation(&mut self) -> Result<Query, Refusal> {
        let figure = self.thing()?;
        self.eat_any(&["relative", "compared", "with", "in"]);
        self.eat_any(&["relation", "respect"]);
        if !self.eat_any(&["to", "and", "from", "of", "with"]) {
            return Err(self.unread("`to` and a name"));
        }
        Ok(Query::Relation { figure, ground: self.thing()? })
    }

    fn whereabouts(&mut self) -> Result<Query, Refusal> {
        let who = self.thing()?;
        match self.lower(0) {
            "" | "now" => {
                self.eat(&["now"]);
                Ok(Query::Where(who))
            }
            "before" | "after" => self.stay(who),
            _ => {
                self.eat_any(&["relative", "compared", "with"]);
                if !self.eat_any(&["to", "from"]) {
                    return Err(self.unread("`to` and a name"));
                }
                Ok(Query::Relation { figure: who, ground: self.thing()? })
            }
        }
    }

    fn stay(&mut self, who: ThingId) -> Result<Query, Refusal> {
        let after = self.lower(0) == "after";
        if !self.eat_any(&["before", "after"]) {
            return Err(self.unread("`before` or `after`"));
        }
        Ok(Query::Stay { who, place: self.thing()?, after })
    }

    fn how_many(&mut self) -> Result<Query, Refusal> {
        let people = ["people", "persons"].contains(&self.lower(0));
        if !self.eat_any(&["objects", "things", "items", "people", "persons"]) {
            return Err(self.unread("`objects` or `people`"));
        }
        if self.eat(&["are", "in"]) {
            return Ok(Query::Inside { place: self.thing()?, people, count: true });
        }
        if !self.eat_any(&["is", "does"]) {
            return Err(self.unread("`is` or `does`"));
        }
        let who = self.thing()?;
        self.holding()?;
        Ok(Query::Held { who, count: true })
    }

    fn holding(&mut self) -> Result<(), Refusal> {
        if self.eat_any(&["carrying", "holding", "have", "hold", "carry"]) {
            self.eat(&["now"]);
            return Ok(());
        }
        Err(self.unread("`carrying`"))
    }

    fn who(&mut self) -> Result<Query, Refusal> {
        if self.eat_any(&["has", "holds", "carries"])
            || self.eat(&["is", "carrying"])
            || self.eat(&["is", "holding"])
        {
            return Ok(Query::Holder(self.thing()?));
        }
        if self.eat(&["is", "in"]) || self.eat(&["is", "at"]) || self.eat(&["are", "in"]) {
            return Ok(Query::Inside { place: self.thing()?, people: true, count: false });
        }
        if self.eat(&["gave"]) || self.eat(&["handed"]) || self.eat(&["passed"]) {
            let what = self.thing()?;
            let to = if self.eat(&["to"]) { Some(self.thing()?) } else { None };
            return Ok(Query::Gift { who: None, what: Some(what), to, asked: 0 });
        }
        if self.eat_any(&["received", "got"]) {
            return Ok(Query::Gift { who: None, what: Some(self.thing()?), to: None, asked: 2 });
        }
        if self.eat(&["did"]) {
            return self.gift_to();
        }
        Err(self.unread("`has`, `is in`, `gave` or `received`"))
    }

    fn gift_to(&mut self) -> Result<Query, Refusal> {
        let who = self.thing()?;
        if !self.eat_any(&["give", "hand", "pass"]) {
            return Err(self.unread("`give`"));
        }
        let what = self.thing()?;
        self.eat(&["to"]);
        Ok(Query::Gift { who: Some(who), what: Some(what), to: None, asked: 2 })
    }

    fn what(&mut self) -> Result<Query, Refusal> {
        if self.eat_any(&["color", "colour"]) {
            self.eat_any(&["is", "are"]);
            return Ok(Query::Property(self.thing()?));
        }
        if self.eat(&["did"]) {
            let who = self.thing()?;
            if !self.eat_any(&["give", "hand", "pass"]) {
                return Err(self.unread("`give`"));
            }
            let to = if self.eat(&["to"]) { Some(self.thing()?) } else { None };
            return Ok(Query::Gift { who: Some(who), what: None, to, asked: 1 });
        }
        if self.eat(&["does"]) {
            let who = self.thing()?;
            self.holding()?;
            return Ok(Query::Held { who, count: false });
        }
        // "which object is left of the lamp"
        if !["is", "are"].contains(&self.lower(0)) {
            self.eat_any(&["object", "objects", "thing", "things", "room", "place", "block", "one"]);
        }
        if !self.eat_any(&["is", "are"]) {
            return Err(self.unread("`is`"));
        }
        if self.eat(&["in"]) && noun(self.tokens, self.at).is_some() {
            return Ok(Query::Inside { place: self.thing()?, people: false, count: false });
        }
        // "north of the kitchen", "directly above Y"
        let begin = self.at;
        if let Ok((direction, after)) = self.direction(begin)
            && let Ok((ground, end)) = self.named(after)
        {
            self.at = end;
            return Ok(Query::Beside { ground, direction, back: false });
        }
        let thing = self.thing()?;
        if self.eat_any(&["carrying", "holding"]) {
            self.eat(&["now"]);
            return Ok(Query::Held { who: thing, count: false });
        }
        // "the kitchen north of"
        let begin = self.at;
        if let Ok((direction, after)) = self.direction(begin)
            && after == self.tokens.len()
        {
            self.at = after;
            return Ok(Query::Beside { ground: thing, direction, back: true });
        }
        if self.lower(1) == "of" {
            let relation = format!("{} of", self.lower(0));
            let relation = self.things.find(&relation).ok_or(Refusal::Unnamed(relation))?;
            self.at += 2;
            return Ok(Query::Towards { who: thing, relation });
        }
        Err(self.unread("a direction or what is asked"))
    }

    /// Direction words up to a name or the end, and the token after them.
    fn direction(&self, from: usize) -> Result<(Direction, usize), Refusal> {
        let mut direction = Direction::default();
        let mut at = from;
        let mut turned = false;
        while let Some(token) = self.tokens.get(at) {
            match token.word {
                Word::Direction(axis, sign, _) => {
                    direction.signs[axis as usize] = Some(sign);
                    turned = true;
                }
                Word::Diagonal(east, north) => {
                    direction.signs[Axis::East as usize] = Some(east);
                    direction.signs[Axis::North as usize] = Some(north);
                    turned = true;
                }
                Word::Filler | Word::To | Word::And => {}
                Word::Determiner
                    if !self
                        .tokens
                        .get(at + 1)
                        .is_some_and(|t| matches!(t.word, Word::Name | Word::Head)) => {}
                _ => break,
            }
            at += 1;
        }
        if turned { Ok((direction, at)) } else { Err(self.unread("a direction")) }
    }

    /// Turned into a sentence and read by the same grammar.
    fn yes_no(&mut self) -> Result<Query, Refusal> {
        let asks = ["is", "are", "was", "were", "does", "do", "did", "has", "can"];
        if !asks.contains(&self.lower(0)) {
            return Err(self.unread("a question word"));
        }
        let verb = self.at;
        let (_, after) = self.named(verb + 1)?;
        let mut sentence: Vec<Token<'_>> = self.tokens[verb + 1..after].to_vec();
        if ["is", "are", "was", "were", "has"].contains(&self.tokens[verb].lower.as_str()) {
            sentence.push(self.tokens[verb].clone());
        }
        sentence.extend_from_slice(&self.tokens[after..]);
        let mut names = Things::default();
        let read = place::read(&sentence, &mut names).or_else(|_| {
            names = Things::default();
            narrative::read(&sentence, &mut names, &mut Context::default())
        });
        let statements = read.map_err(|fault| Refusal::Unread(format!("expected {}", fault.expected)))?;
        self.at = self.tokens.len();
        let [statement] = &statements[..] else {
            return Err(Refusal::Unread("expected one relation".to_owned()));
        };
        let mut unnamed = None;
        let statement = statement.renamed(&mut |id: ThingId| {
            let name = names.name(id);
            self.things.find(name).unwrap_or_else(|| {
                unnamed = unnamed.take().or_else(|| Some(name.to_owned()));
                id
            })
        });
        unnamed.map_or(Ok(Query::Is(statement)), |name| Err(Refusal::Unnamed(name)))
    }
}
