//! Questions about where things are from each other, step by step or in every drawing.

use super::drawing::Drawing;
use super::found::{Finding, Found};
use super::state::State;
use super::statement::{Direction, Statement};
use super::steps::{self, Grid};
use super::words::Axis;
use super::{Reach, Story, ThingId};
use chronotope_reason::chain::Chain;
use chronotope_world::{Missing, MissingKind, Truth};
use std::collections::VecDeque;

const STEP: &str = "every relation is one step on a grid";

/// Where `figure` is from `ground`.
pub(super) fn relation(story: &Story, figure: ThingId, ground: ThingId) -> Found {
    if story.settings().reach == Reach::Step {
        return match Grid::of(story).between(ground, figure) {
            Chain::Apart => Found::missing(apart(story, figure, ground)),
            Chain::Sum { offset, links } => {
                Found::new(Finding::Word(steps::word(offset)), links).assuming(STEP)
            }
            Chain::Contradicted { cycle, links, .. } => Found::new(Finding::Torn(cycle), links),
        };
    }
    let (mut signs, mut by) = ([None; 5], Vec::new());
    for axis in Axis::ALL {
        for sign in [1, -1] {
            let drawing = Drawing::of(story, axis, sign);
            if let (1, Some(cycle)) = (sign, drawing.contradiction()) {
                return Found::new(Finding::Torn(cycle), Vec::new());
            }
            let (truth, proof) = drawing.beyond(ground, figure);
            if truth == Truth::Yes {
                signs[axis as usize] = Some(sign);
                by.extend(proof);
                break;
            }
        }
    }
    if signs != [None; 5] {
        return Found::new(Finding::Word(word(Direction { signs })), by);
    }
    if let Some(cycle) = State::of(story, None).torn {
        return Found::new(Finding::Torn(cycle), Vec::new());
    }
    for (i, row) in story.told().iter().enumerate() {
        let found = match row.what {
            Statement::In { who, place, negated: false } if (who, place) == (figure, ground) => "inside",
            Statement::In { who, place, negated: false } if (who, place) == (ground, figure) => "contains",
            Statement::Touching { figure: a, ground: b, negated: false }
                if pair(a, b) == pair(figure, ground) =>
            {
                "touching"
            }
            Statement::Near { figure: a, ground: b, negated: false }
                if pair(a, b) == pair(figure, ground) =>
            {
                "near"
            }
            _ => continue,
        };
        return Found::new(Finding::Word(found.to_owned()), vec![i]);
    }
    Found::missing(apart(story, figure, ground))
}

/// Whether a statement about places is so.
pub(super) fn holds(story: &Story, asked: &Statement) -> Found {
    match *asked {
        Statement::Direction { figure, ground, direction, negated } => {
            negate(directed(story, figure, ground, direction), negated)
        }
        Statement::Near { figure, ground, negated } | Statement::Touching { figure, ground, negated } => {
            let touching = matches!(asked, Statement::Touching { .. });
            let said = story.told().iter().enumerate().find_map(|(i, row)| match row.what {
                Statement::Near { figure: a, ground: b, negated }
                    if !touching && pair(a, b) == pair(figure, ground) =>
                {
                    Some((i, negated))
                }
                Statement::Touching { figure: a, ground: b, negated }
                    if touching && pair(a, b) == pair(figure, ground) =>
                {
                    Some((i, negated))
                }
                _ => None,
            });
            let found = match said {
                Some((i, no)) => Found::new(Finding::Truth(!no), vec![i]),
                None if story.settings().closed => Found::new(Finding::Truth(false), Vec::new())
                    .assuming("what is not said is not so")
                    .fragile(),
                None => Found::missing(apart(story, figure, ground)),
            };
            negate(found, negated)
        }
        _ => Found::missing(Missing::new(MissingKind::Wording, "no relation of places")),
    }
}

/// What lies in this direction of `ground`, or what `ground` lies in this direction of.
pub(super) fn beside(story: &Story, ground: ThingId, direction: Direction, back: bool) -> Found {
    const MOST_CITED: usize = 24;
    let direction = if back { direction.opposite() } else { direction };
    let (mut things, mut by) = (Vec::new(), Vec::new());
    if story.settings().reach == Reach::Step {
        let grid = Grid::of(story);
        let Some(wanted) = steps::offset(direction) else { return Found::missing(nothing(story, ground)) };
        for thing in grid.at(ground, wanted) {
            if things.len() < MOST_CITED {
                match grid.between(ground, thing) {
                    Chain::Sum { links, .. } => by.extend(links),
                    Chain::Contradicted { cycle, links, .. } => {
                        return Found::new(Finding::Torn(cycle), links);
                    }
                    Chain::Apart => {}
                }
            }
            things.push(thing);
        }
    } else {
        let mut all: Option<Vec<ThingId>> = None;
        let mut drawings = Vec::new();
        for axis in Axis::ALL {
            let Some(sign) = direction.sign(axis).filter(|s| *s != 0) else { continue };
            let drawing = Drawing::of(story, axis, sign);
            let here = drawing.all_beyond(ground);
            all =
                Some(all.map_or(here.clone(), |all| all.into_iter().filter(|t| here.contains(t)).collect()));
            drawings.push(drawing);
        }
        things = all.unwrap_or_default();
        for thing in things.iter().take(MOST_CITED) {
            by.extend(drawings.iter().flat_map(|d| d.beyond(ground, *thing).1));
        }
    }
    if things.is_empty() && !story.settings().closed {
        return Found::missing(nothing(story, ground));
    }
    let found = Found::new(Finding::Things(things), by).fragile();
    if story.settings().reach == Reach::Step { found.assuming(STEP) } else { found }
}

/// The turns of a shortest way between places that are said to lie next to each other.
pub(super) fn path(story: &Story, from: ThingId, to: ThingId) -> Found {
    let n = story.things().len();
    let mut ways: Vec<Vec<(ThingId, Direction, usize)>> = vec![Vec::new(); n];
    for (i, row) in story.told().iter().enumerate() {
        if let Statement::Direction { figure, ground, direction, negated: false } = row.what {
            ways[ground.0 as usize].push((figure, direction, i));
            ways[figure.0 as usize].push((ground, direction.opposite(), i));
        }
    }
    let mut reached: Vec<Option<(ThingId, Direction, usize)>> = vec![None; n];
    let mut queue = VecDeque::from([from]);
    while let Some(here) = queue.pop_front() {
        if here == to {
            break;
        }
        for &(next, direction, by) in &ways[here.0 as usize] {
            if next != from && reached[next.0 as usize].is_none() {
                reached[next.0 as usize] = Some((here, direction, by));
                queue.push_back(next);
            }
        }
    }
    let (mut words, mut by) = (Vec::new(), Vec::new());
    let mut at = to;
    while at != from {
        let Some((before, direction, statement)) = reached[at.0 as usize] else {
            let name = |t| story.things().name(t);
            let what = format!("no way from {} to {} is told", name(from), name(to));
            return Found::missing(Missing::new(MissingKind::Coverage, what));
        };
        words.push(word(direction));
        by.push(statement);
        at = before;
    }
    words.reverse();
    Found::new(Finding::Words(words), by)
        .assuming("one can go between places that are said to lie side by side")
}

fn directed(story: &Story, figure: ThingId, ground: ThingId, direction: Direction) -> Found {
    if story.settings().reach == Reach::Step {
        let Some(wanted) = steps::offset(direction) else {
            return Found::missing(apart(story, figure, ground));
        };
        return match Grid::of(story).between(ground, figure) {
            Chain::Apart => Found::missing(apart(story, figure, ground)),
            Chain::Contradicted { cycle, links, .. } => Found::new(Finding::Torn(cycle), links),
            Chain::Sum { offset, links } => {
                // "right of" asks for one axis; the others are not asked
                let level = direction.signs.contains(&Some(0));
                let fits = (0..3).all(|i| (wanted[i] == 0 && !level) || wanted[i] == offset[i].signum());
                Found::new(Finding::Truth(fits), links).assuming(STEP)
            }
        };
    }
    let (mut truth, mut by) = (Truth::Yes, Vec::new());
    for axis in Axis::ALL {
        let Some(sign) = direction.sign(axis) else { continue };
        let drawing = Drawing::of(story, axis, if sign == 0 { 1 } else { sign });
        if let Some(cycle) = drawing.contradiction() {
            return Found::new(Finding::Torn(cycle), Vec::new());
        }
        let (here, proof) =
            if sign == 0 { drawing.level(ground, figure) } else { drawing.beyond(ground, figure) };
        if here == Truth::No {
            return Found::new(Finding::Truth(false), proof);
        }
        truth = truth.and(here);
        by.extend(proof);
    }
    Found::truth(truth, by, || apart(story, figure, ground))
}

fn negate(mut found: Found, negated: bool) -> Found {
    if let (Finding::Truth(truth), true) = (&mut found.finding, negated) {
        *truth = !*truth;
    }
    found
}

fn pair(a: ThingId, b: ThingId) -> (ThingId, ThingId) {
    (a.min(b), a.max(b))
}

fn apart(story: &Story, figure: ThingId, ground: ThingId) -> Missing {
    let name = |thing| story.things().name(thing);
    let missing = |what| Missing::new(MissingKind::Coverage, what);
    match story.settings().reach {
        Reach::Step => missing(format!("no sentences connect {} with {}", name(figure), name(ground))),
        Reach::Open => {
            missing(format!("what is said allows several places of {} from {}", name(figure), name(ground)))
                .hint("say `Every relation is one step.` in the story, or ask with --steps, if that is meant")
        }
    }
}

fn nothing(story: &Story, ground: ThingId) -> Missing {
    let what = format!("nothing is said to lie there of {}", story.things().name(ground));
    Missing::new(MissingKind::Coverage, what)
}

/// Words of a direction: a map's where it speaks of a map, else a drawing's.
fn word(direction: Direction) -> String {
    let side = |axis: Axis, low: &'static str, high: &'static str| match direction.sign(axis) {
        Some(-1) => low,
        Some(1) => high,
        _ => "",
    };
    let (east, north) = (side(Axis::East, "west", "east"), side(Axis::North, "south", "north"));
    if !east.is_empty() || !north.is_empty() {
        let parted = if east.is_empty() || north.is_empty() { "" } else { "-" };
        return format!("{north}{parted}{east}");
    }
    let one = |axis: Axis| i64::from(direction.sign(axis).unwrap_or(0));
    steps::word([one(Axis::Across), one(Axis::Up), one(Axis::Front)])
}
