//! Families of questions: one file each, in `catalogue.rs`.

use super::asked::Asked;
use super::cursor::Cursor;
use super::noun::Things;
use chronotope_world::catalogue::Entry;

pub(super) mod catalogue;
pub(in crate::question) use camera::moves as camera_moves;

mod activity;
mod camera;
mod caption;
mod claim;
mod color;
mod compare;
mod count;
mod covisible;
mod direction;
mod distance;
mod duration;
mod event;
mod exists;
mod first;
mod identity;
mod in_view;
mod kinematics;
mod list;
mod motion_direction;
mod name;
mod nearest;
mod order;
mod parity;
mod path;
mod perspective;
mod physics;
mod reach;
mod relation;
mod room;
mod route;
mod side;
mod size;
mod speed;
mod state;
mod stop;
mod superlative;
mod views;
mod visibility;
mod way;
mod what_is;
mod when;
mod whereabouts;

/// A kind of question: what is asked of things, times and places.
#[allow(
    private_interfaces,
    reason = "the parsers stay inside the room; a family is listed and named outside"
)]
pub trait Family: Sync {
    /// The name, kebab-case.
    fn name(&self) -> &'static str;
    /// One line about it.
    fn about(&self) -> &'static str;
    /// A question of this family.
    fn example(&self) -> &'static str;
    /// Reads the question at the cursor to its end; `asked` holds what stood before it and takes what stands behind.
    #[doc(hidden)]
    fn read(&self, c: &mut Cursor, asked: &mut Asked) -> Option<Meaning>;
}

/// What a family understood: programs that may hold the marks of [`super::ASKED`] and its like.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub(super) struct Meaning {
    /// One program, or several where the words can mean several things.
    pub(super) programs: Vec<String>,
    /// The unit that the wording asks for.
    pub(super) asked_unit: Option<&'static str>,
}

impl Meaning {
    /// One program.
    pub(super) fn of(program: impl Into<String>) -> Option<Meaning> {
        Some(Meaning { programs: vec![program.into()], asked_unit: None })
    }

    /// Several.
    pub(super) fn either(programs: Vec<String>) -> Option<Meaning> {
        Some(Meaning { programs, asked_unit: None })
    }
}

/// The catalogue's line of each family.
pub(super) fn entry(family: &dyn Family, source: &'static str) -> Entry {
    Entry {
        kind: "questions",
        name: family.name(),
        about: family.about(),
        source,
        paper: None,
        example: family.example(),
    }
}

/// What the first of these parsers gives behind which only times, places and the like stand to the end.
fn alternatives<T>(c: &mut Cursor, asked: &mut Asked, parsers: &[fn(&mut Cursor) -> Option<T>]) -> Option<T> {
    parsers.iter().find_map(|parse| {
        let (mut ahead, mut taken) = (*c, asked.clone());
        let found = parse(&mut ahead)?;
        taken.rest(&mut ahead)?;
        (*c, *asked) = (ahead, taken);
        Some(found)
    })
}

/// What the first of these parsers gives.
fn alternatives_bare<T>(c: &mut Cursor, parsers: &[fn(&mut Cursor) -> Option<T>]) -> Option<T> {
    parsers.iter().find_map(|parse| c.attempt(parse))
}

/// "is", "are", "was", "were".
fn is(c: &mut Cursor) -> bool {
    c.eat_any(&["is", "are", "was", "were", "will be", "has been", "have been"]).is_some()
}

/// "do", "does", "did", "has", "have".
fn does(c: &mut Cursor) -> bool {
    let found = c.eat_any(&["does", "do", "did", "has", "have", "had", "will", "would"]);
    c.verbs |= found.is_some();
    found.is_some()
}

/// Any auxiliary.
fn auxiliary(c: &mut Cursor) -> bool {
    is(c) || does(c) || c.eat("can") || c.eat("could")
}

/// "which", "what", "who", with "of these (objects)": gives the set that is asked about.
fn which(c: &mut Cursor) -> Option<Things> {
    c.attempt(|c| {
        if c.eat("who") {
            return Some(Things::all("person"));
        }
        c.eat_any(&["which", "what"])?;
        if c.eat_any(&["one of", "of"]).is_some() {
            c.eat_any(&["the following", "these", "the"]);
            c.eat_any(&["objects", "things", "items", "object", "categories", "following"]);
            c.eat(":");
            let bracket = c.eat("(");
            let list = super::noun::list(c)?;
            if bracket && !c.eat(")") {
                return None;
            }
            c.eat(",");
            return Some(Things::union(&list));
        }
        if auxiliary(&mut c.clone()) {
            return Some(Things::all(""));
        }
        c.attempt(super::noun::one).or_else(|| super::verb::is_verb(c.word(0)).then(|| Things::all("")))
    })
}

/// "is the car or the bus", "of the car and the bus, which is": two things before what is asked of both.
fn two_before(c: &mut Cursor) -> Option<String> {
    c.attempt(|c| {
        let list = |c: &mut Cursor| c.bare(super::noun::list).filter(|list| list.len() > 1);
        let list = if c.eat_any(&["of", "between", "among"]).is_some() {
            let list = list(c)?;
            c.eat(",");
            c.eat_any(&["which", "what", "who"])?;
            c.eat_any(&["one", "object", "thing"]);
            is(c).then_some(list)?
        } else {
            is(c).then_some(())?;
            list(c).filter(|list| list.last().is_some_and(|last| last.or))?
        };
        Some(Things::union(&list).program)
    })
}

/// What a question "which …?" wants to hear of the found things: their label where the set was given by labels, else they
/// themselves.
fn as_asked(program: &str, set: &str) -> String {
    // things that were asked about by their numbers and names are told by them, and so are two of one kind
    let mut labels: Vec<&str> =
        set.split("all(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    labels.sort_unstable();
    let different = labels.windows(2).all(|pair| pair[0] != pair[1]);
    let by_label =
        set.starts_with("union(") && different && !set.contains("entity(") && !set.contains("named(");
    if by_label { format!("label({program})") } else { program.to_owned() }
}
