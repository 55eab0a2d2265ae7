//! Questions about who is where and holds what, at the end of a story or on the way.

use super::drawing::Drawing;
use super::found::{Finding, Found};
use super::state::State;
use super::statement::Statement;
use super::words::Axis;
use super::{Story, ThingId};
use chronotope_world::{Missing, MissingKind, Truth};

const INERTIA: &str = "things stay as they are until a sentence changes them";
const ONE_PLACE: &str = "nobody is in two places at once";
const ALL_TOLD: &str = "only what is told is held";

/// Rooms and grounds: what is in one of them is in no other.
pub(super) const ROOMS: [&str; 26] = [
    "attic",
    "balcony",
    "basement",
    "bathroom",
    "bedroom",
    "cellar",
    "cinema",
    "classroom",
    "corridor",
    "garage",
    "garden",
    "hall",
    "hallway",
    "kitchen",
    "laundry",
    "library",
    "living room",
    "lobby",
    "office",
    "park",
    "pantry",
    "school",
    "station",
    "street",
    "study",
    "yard",
];

/// Where something is at the end.
pub(super) fn whereabouts(story: &Story, who: ThingId) -> Found {
    let state = State::of(story, None);
    if let Some(found) = unordered(story, &state) {
        return found;
    }
    let at = state.of_thing(who);
    let name = |thing| story.things().name(thing);
    let found = match at.place {
        Some(place) => Found::new(Finding::Things(vec![place]), at.by),
        None if !at.either.is_empty() => {
            let places: Vec<&str> = at.either.iter().map(|p| name(*p)).collect();
            let what = format!("in which: {} is in the {}", name(who), places.join(" or the "));
            return Found { by: at.by, ..Found::missing(Missing::new(MissingKind::Coverage, what)) };
        }
        None => {
            let Some((holder, by)) = state.holder(who) else {
                let what = format!("where {} is", name(who));
                return Found { by: at.by, ..Found::missing(Missing::new(MissingKind::Coverage, what)) };
            };
            Found::new(Finding::Word(format!("with {}", name(holder))), vec![by])
        }
    };
    found.assuming(INERTIA).fragile()
}

/// Where it was before or after it was in a place.
pub(super) fn stay(story: &Story, who: ThingId, place: ThingId, after: bool) -> Found {
    let state = State::of(story, Some(who));
    if let Some(found) = unordered(story, &state) {
        return found;
    }
    let stays = &state.stays;
    let name = |thing| story.things().name(thing);
    let next = stays.iter().rposition(|s| s.place == place).and_then(|at| {
        if after { stays.get(at + 1) } else { at.checked_sub(1).and_then(|at| stays.get(at)) }
            .map(|s| (at, s))
    });
    let Some((at, found)) = next else {
        let when = if after { "after" } else { "before" };
        let what = format!("where {} was {when} the {}", name(who), name(place));
        return Found::missing(Missing::new(MissingKind::Coverage, what));
    };
    let by = [found.by.clone(), stays[at].by.clone()].concat();
    Found::new(Finding::Things(vec![found.place]), by).assuming(INERTIA).fragile()
}

/// What somebody holds.
pub(super) fn held(story: &Story, who: ThingId, count: bool) -> Found {
    let state = State::of(story, None);
    if let Some(found) = unordered(story, &state) {
        return found;
    }
    let held = state.held(who);
    let by = held.iter().map(|h| h.1).collect();
    let things: Vec<ThingId> = held.into_iter().map(|h| h.0).collect();
    let finding = if count { Finding::Count(things.len()) } else { Finding::Things(things) };
    Found::new(finding, by).assuming(INERTIA).assuming(ALL_TOLD).fragile()
}

/// Who holds something.
pub(super) fn holder(story: &Story, what: ThingId) -> Found {
    let state = State::of(story, None);
    if let Some(found) = unordered(story, &state) {
        return found;
    }
    if let Some((who, by)) = state.holder(what) {
        return Found::new(Finding::Things(vec![who]), vec![by]).assuming(INERTIA).fragile();
    }
    let by = state.of_thing(what).by;
    if by.is_empty() {
        let what = format!("who holds {}", story.things().name(what));
        return Found::missing(Missing::new(MissingKind::Coverage, what));
    }
    Found::new(Finding::Things(Vec::new()), by).assuming(INERTIA).assuming(ALL_TOLD).fragile()
}

/// Who or what is in a place.
pub(super) fn inside(story: &Story, place: ThingId, people: bool, count: bool) -> Found {
    let state = State::of(story, None);
    if let Some(found) = unordered(story, &state) {
        return found;
    }
    let (mut things, mut by) = (Vec::new(), Vec::new());
    let mut all: Vec<ThingId> = state.placed().collect();
    all.sort_unstable();
    all.dedup();
    for thing in all {
        let person = state.acts(thing).is_some() || is_name(story.things().name(thing));
        if thing == place || (people && !person) {
            continue;
        }
        if let Some((_, cited)) = state.nested(thing).into_iter().find(|(outer, _)| *outer == place) {
            things.push(thing);
            by.extend(cited);
        }
    }
    let finding = if count { Finding::Count(things.len()) } else { Finding::Things(things) };
    Found::new(finding, by).assuming(INERTIA).assuming("only what is told is there").fragile()
}

/// The last gift that fits.
pub(super) fn gift(
    story: &Story,
    who: Option<ThingId>,
    what: Option<ThingId>,
    to: Option<ThingId>,
    asked: u8,
) -> Found {
    let state = State::of(story, None);
    if let Some(found) = unordered(story, &state) {
        return found;
    }
    let fits = |a: Option<ThingId>, b: ThingId| a.is_none_or(|a| a == b);
    let found = state.gifts.iter().rev().find(|g| fits(who, g.who) && fits(what, g.what) && fits(to, g.to));
    match found {
        Some(gift) => {
            let thing = [gift.who, gift.what, gift.to][usize::from(asked.min(2))];
            Found::new(Finding::Things(vec![thing]), vec![gift.by]).fragile()
        }
        None => Found::missing(Missing::new(MissingKind::Coverage, "no such gift is told")),
    }
}

/// Whether a statement about what happens is so.
pub(super) fn holds(story: &Story, asked: &Statement) -> Found {
    let state = State::of(story, None);
    if let Some(found) = unordered(story, &state) {
        return found;
    }
    match asked {
        Statement::In { who, place, negated } => {
            let mut found = in_place(story, &state, *who, *place);
            if let (Finding::Truth(truth), true) = (&mut found.finding, negated) {
                *truth = !*truth;
            }
            found
        }
        Statement::Takes { who, what } => match state.holder(*what) {
            Some((holder, by)) => {
                Found::new(Finding::Truth(holder == *who), vec![by]).assuming(INERTIA).fragile()
            }
            None => Found::new(Finding::Truth(false), state.of_thing(*what).by)
                .assuming(INERTIA)
                .assuming(ALL_TOLD)
                .fragile(),
        },
        // did it happen?
        other => match story.told().iter().position(|row| row.what == *other) {
            Some(by) => Found::new(Finding::Truth(true), vec![by]),
            None if state.happens() || story.settings().closed => {
                Found::new(Finding::Truth(false), Vec::new()).assuming("only what is told happens").fragile()
            }
            None => Found::missing(Missing::new(MissingKind::Coverage, "the story does not say so")),
        },
    }
}

/// The statements by which two things lie apart along an axis; none where they may overlap.
fn beside(story: &Story, a: ThingId, b: ThingId) -> Option<Vec<usize>> {
    let says_where = |axis: Axis| {
        let along = |what: &Statement| matches!(what, Statement::Direction { direction, .. } if direction.sign(axis).is_some());
        story.told().iter().any(|row| along(&row.what))
    };
    Axis::ALL.into_iter().filter(|axis| says_where(*axis)).find_map(|axis| {
        let drawing = Drawing::of(story, axis, 1);
        let (after, by) = drawing.beyond(a, b);
        let (before, more) = drawing.beyond(b, a);
        match (after, before) {
            (Truth::Yes, _) => Some(by),
            (_, Truth::Yes) => Some(more),
            _ => None,
        }
    })
}

fn in_place(story: &Story, state: &State, who: ThingId, place: ThingId) -> Found {
    let nested = state.nested(who);
    if let Some((_, by)) = nested.iter().find(|(outer, _)| *outer == place) {
        return Found::new(Finding::Truth(true), by.clone()).assuming(INERTIA).fragile();
    }
    let at = state.of_thing(who);
    let no = |by: Vec<usize>| Found::new(Finding::Truth(false), by).assuming(INERTIA).fragile();
    if let Some(by) = state.denied(who, place) {
        return no(vec![by]);
    }
    let name = |thing| story.things().name(thing);
    if !at.either.is_empty() && at.either.contains(&place) {
        let places: Vec<&str> = at.either.iter().map(|p| name(*p)).collect();
        let what = format!("in which: {} is in the {}", name(who), places.join(" or the "));
        return Found { by: at.by, ..Found::missing(Missing::new(MissingKind::Coverage, what)) };
    }
    let exclusive = |room: ThingId| {
        ROOMS.contains(&name(room).to_lowercase().as_str())
            || story.told().iter().any(|row| matches!(row.what, Statement::Moves { to, .. } if to == room))
    };
    let elsewhere = match nested.last() {
        Some((outermost, _)) => exclusive(*outermost) && exclusive(place),
        None => !at.either.is_empty() && exclusive(place) && at.either.iter().all(|p| exclusive(*p)),
    };
    // what is in a block is in none that lies beside it
    let apart = nested.iter().find_map(|(outer, by)| Some((by, beside(story, *outer, place)?)));
    if let Some((by, more)) = apart {
        return no(by.iter().copied().chain(more).collect());
    }
    if elsewhere || (story.settings().closed && at.place.is_some()) {
        let by = nested.last().map_or(at.by, |(_, by)| by.clone());
        return no(by).assuming(ONE_PLACE);
    }
    let what = format!("whether {} is in the {}", name(who), name(place));
    Found::missing(Missing::new(MissingKind::Coverage, what))
}

fn is_name(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase) && name.chars().count() > 1
}

fn unordered(story: &Story, state: &State) -> Option<Found> {
    if let Some(cycle) = &state.torn {
        return Some(Found::new(Finding::Torn(cycle.clone()), Vec::new()));
    }
    let (a, b) = state.unordered?;
    let told = story.told();
    let what = format!(
        "which happened first: sentence {} and sentence {} overlap in time",
        told[a].sentence + 1,
        told[b].sentence + 1
    );
    Some(Found { by: vec![a, b], ..Found::missing(Missing::new(MissingKind::Clock, what)) })
}
