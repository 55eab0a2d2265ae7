//! Noun phrases: "the second red car that stops", "anyone", "the person nearest to the door".

use super::cursor::Cursor;
use super::lexicon::{self, normal};
use super::place;
use super::token::Kind;
use super::verb::{self, Predicate};
use super::words::{ARTICLES, CLOSED, RECORD, STATES, UNITS, VAGUE};
use super::{ASKED, AT_IF, AT_OR_ASKED, PRONOUN, VIEW, VIEWER, relation, viewpoint};

/// The things that a noun phrase stands for.
#[derive(Clone, Debug)]
pub(super) struct Things {
    /// The program that selects them; may hold [`ASKED`].
    pub(super) program: String,
    /// The label asked for, where the phrase is no more than a label; for options and answers.
    pub(super) label: String,
    /// Whether the phrase is negated: "no car".
    pub(super) none: bool,
    /// Whether the phrase says "all", "every", "each", "both".
    pub(super) every: bool,
    /// Whether the phrase speaks of any one of its kind: "a car", "anyone".
    pub(super) some: bool,
    /// Whether "or" stands before it.
    pub(super) or: bool,
    /// Whether the phrase speaks of things that are known already: "the two people".
    pub(super) definite: bool,
    /// How many the phrase says that there are: "the two people".
    pub(super) number: Option<u32>,
}

impl Things {
    /// Everything with this label.
    pub(super) fn all(label: &str) -> Things {
        let label = if lexicon::is_anything(label) { String::new() } else { label.to_owned() };
        let program =
            if label.is_empty() { "all()".to_owned() } else { format!("all(\"{}\")", escape(&label)) };
        Things {
            program,
            label,
            none: false,
            every: false,
            some: false,
            definite: false,
            or: false,
            number: None,
        }
    }

    /// These or those.
    pub(super) fn union(parts: &[Things]) -> Things {
        let programs: Vec<&str> = parts.iter().map(|part| part.program.as_str()).collect();
        let mut whole = parts[0].clone();
        if parts.len() > 1 {
            // nested pairs: the operator takes two
            whole.program = programs[1..]
                .iter()
                .fold(programs[0].to_owned(), |so_far, next| format!("union({so_far}, {next})"));
            whole.label = String::new();
        }
        whole
    }
}

/// Text inside the quotation marks of a program.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// A noun phrase, or several joined by "and", "or", commas, as one set.
pub(super) fn things(c: &mut Cursor) -> Option<Things> {
    let parts = list(c)?;
    Some(Things::union(&parts))
}

/// Noun phrases joined by commas, "and", "or".
pub(super) fn list(c: &mut Cursor) -> Option<Vec<Things>> {
    let mut parts = vec![one(c)?];
    loop {
        let next = c.attempt(|c| {
            let comma = c.eat(",");
            let or = c.eat("or");
            if comma || or || c.eat("and") { one(c).map(|things| Things { or, ..things }) } else { None }
        });
        match next {
            Some(things) if parts.len() < 32 => parts.push(things),
            _ => return Some(parts),
        }
    }
}

/// One noun phrase without coordination.
pub(super) fn one(c: &mut Cursor) -> Option<Things> {
    c.deeper(|c| {
        let mut things = pronoun(c).or_else(|| numbered(c)).or_else(|| described(c))?;
        modifiers(c, &mut things);
        Some(things)
    })
}

/// The label of a noun here, in singular: the longest phrase that the World or the tables know, else the run of words
/// up to the next function word or verb.
pub(super) fn noun(c: &mut Cursor) -> Option<String> {
    if let Some(token) = c.token(0).filter(|token| token.kind == Kind::Quoted) {
        c.skip(1);
        return Some(token.text.clone());
    }
    // "in picture 91" is a time
    let of_record = ["picture", "frame", "image"].contains(&c.word(0)) && !c.vocabulary.has_label(c.word(0));
    let numbered = |at: usize| c.token(at).is_some_and(|token| matches!(token.kind, Kind::Number(_)));
    if of_record && (numbered(1) || c.word(1) == "number" && numbered(2)) {
        return None;
    }
    let phrase = |n: usize| {
        let words: Vec<&str> =
            c.ahead(n).iter().filter(|t| t.kind == Kind::Word).map(|t| t.text.as_str()).collect();
        (words.len() == n).then(|| normal(&words.join(" ")))
    };
    let knows = |label: &str| c.vocabulary.has_label(label) || lexicon::is_known(label);
    let known = (1..=4).rev().find(|n| phrase(*n).is_some_and(|label| knows(&label))).unwrap_or(0);
    let run = (0..6).take_while(|ahead| is_open(c, *ahead)).count();
    let written = |from: usize, to: usize| {
        c.ahead(to)[from..].iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    // a plural ends its phrase ("kids play"); a singular may begin a compound ("car door")
    let is_plural = known > 0 && phrase(known)? != written(0, known);
    let is_compound = || (1..run).any(|skip| knows(&normal(&written(skip, run))));
    // a thing of a kind ("bed comforter"), where no verb is awaited
    let kind_of = |run: usize| {
        !c.verbs
            && run > known
            && !written(known, run).split(' ').any(|word| {
                let many = word.ends_with('s') && !word.ends_with("ss");
                let quality = c.vocabulary.attribute(word).is_some() || lexicon::colour(word).is_some();
                // "the woman | cooking soup"
                let act = !can_end(word);
                many || quality || act || VAGUE.contains(&word) || STATES.contains(&word)
            })
    };
    let known_alone = known > 0 && !is_compound() && !kind_of(run);
    let taken = if known >= run || is_plural || known_alone { known } else { run };
    let mut taken = taken;
    while taken > known && !can_end(c.word(taken - 1)) {
        taken -= 1; // "the squirrel | foraging"
    }
    if taken == 0 || taken > 4 || VAGUE.contains(&c.word(0)) && taken > known {
        return None;
    }
    let label = phrase(taken)?;
    let elsewhere = RECORD.contains(&label.as_str()) || c.vocabulary.event(&label).is_some();
    if elsewhere && !c.vocabulary.has_label(&label) {
        return None;
    }
    c.skip(taken);
    Some(label)
}

/// Whether the word `ahead` may belong to a noun that no table knows.
pub(super) fn is_open(c: &Cursor, ahead: usize) -> bool {
    let Some(token) = c.token(ahead) else { return false };
    let word = token.text.as_str();
    let adverb =
        word.len() > 4 && word.ends_with("ly") && !["family", "butterfly", "jelly", "belly"].contains(&word);
    let comparative = word.len() > 4 && word.ends_with("ier") && !["barrier", "soldier"].contains(&word);
    token.kind == Kind::Word && !CLOSED.contains(&word) && !verb::is_verb(word) && !adverb && !comparative
}

/// Whether this word may be a verb: no word that belongs to the grammar itself.
pub(super) fn may_be_verb(word: &str) -> bool {
    let mark = word.chars().any(|c| !c.is_alphanumeric() && c != '-');
    !mark
        && word.len() > 1
        && !CLOSED.contains(&word)
        && !VAGUE.contains(&word)
        && lexicon::colour(word).is_none()
}

/// Whether a word that no table knows may be the last of a noun: no participle.
fn can_end(word: &str) -> bool {
    const NOUNS: &[&str] = &[
        "building", "string", "ring", "king", "wing", "thing", "swing", "spring", "clothing", "bedding",
        "seed", "reed", "weed", "sled", "shed", "steed", "bed", "wedding", "lighting", "opening", "crossing",
        "drawing", "earring", "pudding",
    ];
    const PARTICIPLES: &[&str] = &[
        "kept", "written", "hung", "made", "held", "worn", "built", "hidden", "broken", "done", "set", "put",
    ];
    let participle =
        word.ends_with("ing") || (word.ends_with("ed") && word.len() > 3) || PARTICIPLES.contains(&word);
    NOUNS.contains(&word) || lexicon::is_known(word) || !participle
}

/// "anyone", "it all", "something".
fn pronoun(c: &mut Cursor) -> Option<Things> {
    if c.verbs && c.eat_any(&["he", "she", "they", "it", "him", "her", "them"]).is_some() {
        return Some(Things { program: PRONOUN.to_owned(), ..Things::all("") });
    }
    if c.eat_any(&["anyone", "anybody", "someone", "somebody", "who"]).is_some() {
        return Some(Things { some: true, ..Things::all("person") });
    }
    if c.eat_any(&["everyone", "everybody"]).is_some() {
        return Some(Things { every: true, ..Things::all("person") });
    }
    if c.eat_any(&["nobody", "no one", "noone"]).is_some() {
        return Some(Things { none: true, ..Things::all("person") });
    }
    if c.eat_any(&["anything", "something", "everything"]).is_some() {
        return Some(Things::all(""));
    }
    if c.eat("nothing") {
        return Some(Things { none: true, ..Things::all("") });
    }
    None
}

/// "entity 7", "#7", "car 12", "object number 3".
fn numbered(c: &mut Cursor) -> Option<Things> {
    c.attempt(|c| {
        c.eat("the");
        let mut label = String::new();
        if !c.eat("#") {
            label = noun(c)?;
            c.eat_any(&["number", "no", "id", "with id", "with number", "#"]);
        }
        let Kind::Number(id) = c.token(0)?.kind else { return None };
        c.skip(1);
        let followed_by_unit = UNITS.contains(&c.word(0));
        if followed_by_unit || id.fract() != 0.0 || !(0.0..1e15).contains(&id) {
            return None;
        }
        let program = if label.is_empty() || lexicon::is_anything(&label) {
            format!("entity({id})")
        } else {
            format!("entity({id}, label: \"{}\")", escape(&label))
        };
        Some(Things { program, ..Things::all("") })
    })
}

/// Determiner, rank, adjectives, noun; nothing behind it.
pub(super) fn described(c: &mut Cursor) -> Option<Things> {
    c.attempt(|c| {
        let mut every = false;
        let mut none = false;
        let mut number = None;
        let some = ["a", "an", "any", "some"].contains(&c.word(0));
        let definite = ["the", "these", "those"].contains(&c.word(0));
        loop {
            if let Some(word) =
                c.eat_any(&["all of", "each of", "every one of", "both of", "all", "every", "each", "both"])
            {
                every = true;
                if word.starts_with("both") {
                    number = Some(2);
                }
            } else if c.eat_any(&["none of", "no"]).is_some() {
                none = true;
            } else if c.eat_any(ARTICLES).is_some() {
                // says nothing of the set
            } else if !matches!(c.word(0), "zero" | "second") && number.is_none() {
                // what is no whole number is left standing, so that nobody drops it unread
                let whole =
                    |c: &mut Cursor| c.number().filter(|n| n.fract() == 0.0 && (1.0..1000.0).contains(n));
                match c.attempt(whole) {
                    Some(n) => number = Some(n as u32),
                    None => break,
                }
            } else {
                break;
            }
        }
        if let Some(name) = c.vocabulary.name_at(c) {
            c.skip(name.split(' ').count());
            return Some(Things { program: format!("named(\"{}\")", escape(name)), ..Things::all("") });
        }
        let rank = rank(c);
        let mut filters: Vec<Filter> = Vec::new();
        while let Some(filter) = adjective(c) {
            filters.push(filter);
            c.eat("and");
        }
        let label = noun(c)?;
        let mut things = Things { none, every, some, definite, number, ..Things::all(&label) };
        for filter in filters.iter().rev() {
            things.label.clear();
            things.program = filter.apply(&things.program);
        }
        if let Some(rank) = rank {
            c.eat_any(&[
                "to appear",
                "to be seen",
                "that appears",
                "that appeared",
                "to come into view",
                "to show up",
            ]);
            things.label.clear();
            rank.apply(c, &mut things)?;
        }
        Some(things)
    })
}

/// An ordinal or a superlative before the noun.
enum Rank {
    Nth(u32),
    Most(&'static str, &'static str),
    Nearest(&'static str),
}

impl Rank {
    fn apply(&self, c: &mut Cursor, things: &mut Things) -> Option<()> {
        let set = &things.program;
        things.program = match self {
            Rank::Nth(1) => format!("first({set})"),
            Rank::Nth(0) => format!("last({set})"),
            Rank::Nth(n) => format!("nth({set}, {n})"),
            Rank::Most(op, by) => format!("{op}({set}, {by})"),
            Rank::Nearest(op) => {
                if !(c.eat("to") || c.eat("from")) {
                    // nearest to who asks
                    let by = if *op == "nearest" { "argmin" } else { "argmax" };
                    things.program =
                        format!("{by}(present({set}{ASKED}), distance_from(it, {VIEWER}{AT_IF}))");
                    return Some(());
                }
                if c.eat_any(&["me", "us", "the camera", "you"]).is_some() {
                    let by = if *op == "nearest" { "argmin" } else { "argmax" };
                    things.program =
                        format!("{by}(present({set}{ASKED}), distance_from(it, {VIEWER}{AT_IF}))");
                    return Some(());
                }
                let other = one(c)?;
                format!("{op}({set}, {}{AT_OR_ASKED})", other.program)
            }
        };
        Some(())
    }
}

fn rank(c: &mut Cursor) -> Option<Rank> {
    if let Some(nth) = c.attempt(Cursor::ordinal) {
        return Some(Rank::Nth(nth));
    }
    if c.eat_any(&["nearest", "closest"]).is_some() {
        return Some(Rank::Nearest("nearest"));
    }
    if c.eat_any(&["farthest", "furthest", "most distant"]).is_some() {
        return Some(Rank::Nearest("farthest"));
    }
    superlative(c).map(|(op, by)| Rank::Most(op, by))
}

/// "largest", "fastest", "longest visible" …: operator and what it ranks by.
pub(super) fn superlative(c: &mut Cursor) -> Option<(&'static str, &'static str)> {
    let table: &[(&str, (&str, &str))] = &[
        ("largest", ("argmax", "size(it, of: volume)")),
        ("biggest", ("argmax", "size(it, of: volume)")),
        ("smallest", ("argmin", "size(it, of: volume)")),
        ("longest", ("argmax", "size(it, of: longest)")),
        ("shortest", ("argmin", "size(it, of: longest)")),
        ("tallest", ("argmax", "size(it, of: height)")),
        ("highest", ("argmax", "altitude(it)")),
        ("lowest", ("argmin", "altitude(it)")),
        ("widest", ("argmax", "size(it, of: width)")),
        ("narrowest", ("argmin", "size(it, of: width)")),
        ("fastest", ("argmax", "speed(it, reduce: max\u{2}\u{4})")),
        ("slowest", ("argmin", "speed(it, reduce: max\u{2}\u{4})")),
    ];
    table.iter().find(|(word, _)| c.eat(word)).map(|(_, found)| *found)
}

/// What an adjective keeps of a set.
enum Filter {
    With(String, String),
    Where(String),
    Label(String),
}

impl Filter {
    fn apply(&self, set: &str) -> String {
        match self {
            Filter::With(name, value) => format!("with({set}, \"{}\", \"{}\")", escape(name), escape(value)),
            Filter::Where(condition) => format!("where({set}, {condition})"),
            Filter::Label(label) => format!("all(\"{label}\")"),
        }
    }
}

fn adjective(c: &mut Cursor) -> Option<Filter> {
    // a label that begins with an adjective stays whole: "white board", "moving object"
    for n in 2..=3 {
        let words: Vec<&str> = c.ahead(n).iter().map(|token| token.text.as_str()).collect();
        if words.len() == n && c.vocabulary.has_label(&normal(&words.join(" "))) {
            return None;
        }
    }
    let word = c.word(0);
    if word == "moving" && lexicon::is_anything(&lexicon::singular(c.word(1))) {
        c.skip(1);
        let condition = format!("exists(moving(it{ASKED}{VIEW}))");
        let label = c.vocabulary.has_label("moving object");
        return Some(if label {
            Filter::Label("moving object".to_owned())
        } else {
            Filter::Where(condition)
        });
    }
    if let Some((name, value)) = c.vocabulary.attribute(word) {
        c.skip(1);
        return Some(Filter::With(name.to_owned(), value.to_owned()));
    }
    if let Some(colour) = lexicon::colour(word) {
        c.skip(1);
        c.eat("colored");
        c.eat("coloured");
        return Some(Filter::With("colour".to_owned(), colour.to_owned()));
    }
    if c.eat("moving") {
        return Some(Filter::Where(format!("exists(moving(it{ASKED}{VIEW}))")));
    }
    if c.eat("parked") {
        return Some(Filter::Where(format!("exists(stationary(it{ASKED}{VIEW}))")));
    }
    if c.eat_any(&["stationary", "motionless", "unmoving"]).is_some() {
        return Some(Filter::Where(format!("not exists(moving(it{ASKED}{VIEW}))")));
    }
    None
}

/// What stands behind the noun: "in red", "in the left half", "nearest to the door", "that stop".
fn modifiers(c: &mut Cursor, things: &mut Things) {
    if c.is_bare() {
        return;
    }
    while let Some(program) = modifier(c, &things.program) {
        things.program = program;
        things.label.clear();
    }
}

/// What may stand behind the colour that somebody wears.
pub(super) const GARMENT_WORDS: &[&str] =
    &["shirt", "clothes", "jacket", "coat", "dress", "clothing", "top", "colour", "color"];

pub(super) fn modifier(c: &mut Cursor, set: &str) -> Option<String> {
    if let Some(dressed) = c.attempt(|c| relation::clothes(c, set)) {
        return Some(dressed);
    }
    c.attempt(|c| {
        c.eat("that is");
        c.eat("that are");
        c.eat("who is");
        c.eat("who are");
        c.eat("which is");
        c.eat("which are");
        if let Some(colour) = c.attempt(|c| {
            c.eat_any(&["in", "wearing", "dressed in", "with", "of"])?;
            c.eat_any(&["the", "a", "an"]);
            c.eat("colour");
            c.eat("color");
            let colour = lexicon::colour(c.word(0))?;
            c.skip(1);
            if is_open(c, 0) && can_end(c.word(0)) && !GARMENT_WORDS.contains(&c.word(0)) {
                return None; // "with cream cheese"
            }
            c.eat_any(GARMENT_WORDS);
            Some(colour)
        }) {
            let name = c.vocabulary.attribute(colour).map_or("colour", |(name, _)| name);
            return Some(format!("with({set}, \"{}\", \"{colour}\")", escape(name)));
        }
        c.eat("the");
        if let Some(op) = c.eat_any(&["nearest", "closest", "farthest", "furthest"]) {
            if !(c.eat("to") || c.eat("from")) {
                return None;
            }
            let other = one(c)?;
            let op = if op.starts_with('f') { "farthest" } else { "nearest" };
            return Some(format!("{op}({set}, {}{AT_OR_ASKED})", other.program));
        }
        None
    })
    .or_else(|| {
        c.attempt(|c| {
            c.eat_any(&["that is", "that are", "who is", "who are", "which is", "which are"]);
            let (side, sectors) = viewpoint::side_of_me(c, c.vocabulary.vocabulary.pixels)?;
            Some(relation::on_side(set, &side, sectors))
        })
    })
    .or_else(|| c.attempt(|c| relation::relation(c, set)))
    .or_else(|| {
        c.attempt(|c| {
            c.eat_any(&["that is", "that are", "who is", "who are", "which is", "which are"]);
            let region = place::at(c)?;
            Some(format!("inside({set}, {region}{ASKED})"))
        })
    })
    .or_else(|| {
        c.attempt(|c| {
            c.eat_any(&["that is", "that are", "who is", "who are", "which is", "which are"]);
            // without pictures a side is somebody's: read with the relations
            c.vocabulary.vocabulary.pixels.then_some(())?;
            c.eat_any(&["at", "on", "to"]);
            let (side, other) = side_of(c)?;
            Some(format!("where({set}, side(it, {}{AT_OR_ASKED}) = \"{side}\")", other.program))
        })
    })
    .or_else(|| {
        c.attempt(|c| {
            let relative = c.eat_any(&["that", "who", "which"]).is_some();
            let participle = c.word(0).ends_with("ing");
            if !relative && !participle && !matches!(c.word(0), "within") {
                return None;
            }
            let (predicate, negated) = verb::phrase(c)?;
            // "the man | carrying a bag": the verb of the question, not of the noun, unless "who" is said
            if matches!(predicate, Predicate::Visible | Predicate::Act(_) | Predicate::Stands(_)) && !relative
            {
                return None;
            }
            let not = if negated { "not " } else { "" };
            Some(format!("where({set}, {not}{})", predicate.truth("it")?))
        })
    })
}

/// "(to the) left of the bus", "above the table".
pub(super) fn side_of(c: &mut Cursor) -> Option<(&'static str, Things)> {
    c.attempt(|c| {
        let side = side_word(c)?;
        Some((side, one(c)?))
    })
}

/// The preposition of a side: left, right, above, below.
pub(super) fn side_word(c: &mut Cursor) -> Option<&'static str> {
    c.eat_any(&["on", "to", "at"]);
    c.eat("the");
    let table: &[(&str, &str)] = &[
        ("left side of", "left"),
        ("right side of", "right"),
        ("left of", "left"),
        ("right of", "right"),
        ("above", "above"),
        ("over", "above"),
        ("below", "below"),
        ("under", "below"),
        ("beneath", "below"),
    ];
    let side = table.iter().find(|(phrase, _)| c.eat(phrase)).map(|(_, side)| *side)?;
    // a side of the picture is a place, not a relation
    let mut ahead = *c;
    ahead.eat("the");
    let picture = ["picture", "image", "frame", "screen", "view", "video"].contains(&ahead.word(0));
    if picture { None } else { Some(side) }
}
