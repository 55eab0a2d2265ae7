//! What happens, step by step: who is where, who holds what.
//!
//! Things stay as they are unless a sentence changes them (inertia), a person is in one place at a time, and what is held
//! goes where its holder goes. An answer that rests on these says so.

use super::statement::Statement;
use super::when::happened;
use super::{Story, ThingId};
use std::collections::BTreeMap;

/// What is known of where something is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Where {
    /// In this place.
    pub(super) place: Option<ThingId>,
    /// In one of these.
    pub(super) either: Vec<ThingId>,
    /// The statements that say so.
    pub(super) by: Vec<usize>,
    /// Said to be so, rather than brought about.
    stated: bool,
}

/// A stay of the watched thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stay {
    /// Where.
    pub(super) place: ThingId,
    /// The statements that say so.
    pub(super) by: Vec<usize>,
}

/// Somebody gives something to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gift {
    pub(super) who: ThingId,
    pub(super) what: ThingId,
    pub(super) to: ThingId,
    pub(super) by: usize,
}

/// How things stand at the end, and the stays of one thing on the way.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    whereabouts: BTreeMap<ThingId, Where>,
    /// Where things are said not to be, by which statement.
    denials: BTreeMap<ThingId, BTreeMap<ThingId, usize>>,
    /// Who holds a thing, by which statement.
    holder: BTreeMap<ThingId, (ThingId, usize)>,
    /// Where the watched thing was, in order.
    pub(super) stays: Vec<Stay>,
    /// Gifts, in order.
    pub(super) gifts: Vec<Gift>,
    /// Two sentences whose order in time is open.
    pub(super) unordered: Option<(usize, usize)>,
    /// Statements by which a thing is inside of itself.
    pub(super) torn: Option<Vec<usize>>,
    /// Those who move, take or give: people and animals.
    actors: BTreeMap<ThingId, usize>,
    acts: bool,
}

/// Longest chain of containers that is followed.
const MOST_NESTED: usize = 64;

impl State {
    /// Plays the story; `watched` has its stays kept.
    pub(super) fn of(story: &Story, watched: Option<ThingId>) -> State {
        let told = story.told();
        let mut state = State::default();
        let placed: Vec<_> = told.iter().map(|t| t.placed).collect();
        let order = match happened(&placed) {
            Ok(order) => order,
            Err((a, b)) => {
                state.unordered = Some((a, b));
                return state;
            }
        };
        for i in order {
            state.step(&told[i].what, i);
            if state.torn.is_none()
                && let Statement::In { who, negated: false, .. } = told[i].what
            {
                let timeless = |cycle: &Vec<usize>| cycle.iter().all(|&by| placed[by] == placed[i]);
                state.torn = state.inside_itself(who).filter(timeless);
            }
            if let Some(thing) = watched {
                state.note(thing);
            }
        }
        state
    }

    fn step(&mut self, what: &Statement, by: usize) {
        match what {
            Statement::Moves { who, to } => {
                self.set(*who, Where { place: Some(*to), by: vec![by], ..Where::default() });
                self.acting(*who, by);
            }
            Statement::In { who, place, negated: false } => {
                let at = Where { place: Some(*place), by: vec![by], stated: true, ..Where::default() };
                self.set(*who, at);
            }
            Statement::In { who, place, negated: true } => {
                let at = self.whereabouts.entry(*who).or_default();
                if at.place == Some(*place) || at.either.contains(place) {
                    *at = Where::default();
                }
                self.denials.entry(*who).or_default().insert(*place, by);
            }
            Statement::Either { who, places } => {
                self.set(*who, Where { either: places.clone(), by: vec![by], ..Where::default() });
            }
            Statement::Leaves { who, place } => {
                if self.holder.get(place).is_some_and(|h| h.0 == *who) {
                    self.let_go(*who, *place, None, by);
                } else {
                    self.set(*who, Where::default());
                    self.denials.entry(*who).or_default().insert(*place, by);
                }
                self.acting(*who, by);
            }
            Statement::Takes { who, what } => {
                self.hold(*who, *what, by);
                self.acting(*who, by);
            }
            Statement::Drops { who, what, place } => {
                self.let_go(*who, *what, *place, by);
                self.acting(*who, by);
            }
            Statement::Gives { who, what, to } => {
                self.hold(*to, *what, by);
                self.gifts.push(Gift { who: *who, what: *what, to: *to, by });
                self.acting(*who, by);
                self.acting(*to, by);
            }
            _ => {}
        }
    }

    fn acting(&mut self, who: ThingId, by: usize) {
        self.actors.entry(who).or_insert(by);
        self.acts = true;
    }

    fn set(&mut self, who: ThingId, at: Where) {
        // what is put somewhere is in nobody's hands
        self.holder.remove(&who);
        self.denials.remove(&who);
        self.whereabouts.insert(who, at);
    }

    /// The statements by which it is in something that is in it: being inside is a strict order.
    fn inside_itself(&self, thing: ThingId) -> Option<Vec<usize>> {
        let (mut at, mut cycle) = (thing, Vec::new());
        for _ in 0..MOST_NESTED {
            let found = self.whereabouts.get(&at).filter(|found| found.stated)?;
            cycle.extend(&found.by);
            at = found.place?;
            if at == thing {
                return Some(cycle);
            }
        }
        None
    }

    /// The statement that says that it is not in this place, itself or who holds it.
    pub(super) fn denied(&self, who: ThingId, place: ThingId) -> Option<usize> {
        self.denials.get(&self.carrier(who))?.get(&place).copied()
    }

    fn hold(&mut self, who: ThingId, what: ThingId, by: usize) {
        if who != what {
            self.whereabouts.remove(&what);
            self.denials.remove(&what);
            self.holder.insert(what, (who, by));
        }
    }

    fn let_go(&mut self, who: ThingId, what: ThingId, place: Option<ThingId>, by: usize) {
        self.holder.remove(&what);
        let mut at = match place {
            Some(place) => Where { place: Some(place), ..Where::default() },
            None => self.of_thing(who),
        };
        at.by.push(by);
        at.stated = false;
        self.denials.remove(&what);
        self.whereabouts.insert(what, at);
    }

    fn note(&mut self, thing: ThingId) {
        let at = self.whereabouts.get(&self.carrier(thing));
        if let Some(place) = at.and_then(|at| at.place)
            && self.stays.last().is_none_or(|last| last.place != place)
        {
            self.stays.push(Stay { place, by: self.of_thing(thing).by });
        }
    }

    fn carrier(&self, thing: ThingId) -> ThingId {
        let mut at = thing;
        for _ in 0..MOST_NESTED {
            let Some(&(holder, _)) = self.holder.get(&at) else { break };
            at = holder;
        }
        at
    }

    /// Where a thing is: its place, or the place of who holds it.
    pub(super) fn of_thing(&self, thing: ThingId) -> Where {
        let mut by = Vec::new();
        let mut at = thing;
        for _ in 0..MOST_NESTED {
            let Some(&(holder, statement)) = self.holder.get(&at) else { break };
            by.push(statement);
            at = holder;
        }
        let mut found = self.whereabouts.get(&at).cloned().unwrap_or_default();
        by.append(&mut found.by);
        Where { by, ..found }
    }

    /// The places that a thing is in, from the nearest outwards; with the statements for each.
    pub(super) fn nested(&self, thing: ThingId) -> Vec<(ThingId, Vec<usize>)> {
        let mut out: Vec<(ThingId, Vec<usize>)> = Vec::new();
        let mut by = Vec::new();
        let mut at = thing;
        while out.len() < MOST_NESTED {
            let found = self.of_thing(at);
            by.extend(found.by);
            let Some(place) = found.place else { break };
            if place == thing || out.iter().any(|(seen, _)| *seen == place) {
                break;
            }
            out.push((place, by.clone()));
            at = place;
        }
        out
    }

    /// Who holds a thing.
    pub(super) fn holder(&self, what: ThingId) -> Option<(ThingId, usize)> {
        self.holder.get(&what).copied()
    }

    /// What somebody holds, with the statements.
    pub(super) fn held(&self, who: ThingId) -> Vec<(ThingId, usize)> {
        let mine =
            |(what, (holder, by)): (&ThingId, &(ThingId, usize))| (*holder == who).then_some((*what, *by));
        let mut held: Vec<_> = self.holder.iter().filter_map(mine).collect();
        held.sort_by_key(|h| h.1);
        held
    }

    /// Those whose whereabouts are told.
    pub(super) fn placed(&self) -> impl Iterator<Item = ThingId> {
        self.whereabouts.keys().chain(self.holder.keys()).copied()
    }

    /// The first statement in which it acts: who acts is a person or an animal.
    pub(super) fn acts(&self, who: ThingId) -> Option<usize> {
        self.actors.get(&who).copied()
    }

    /// Something happens in the story, so that it is more than a description.
    pub(super) fn happens(&self) -> bool {
        self.acts
    }
}
