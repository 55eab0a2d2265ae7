//! The turns on the way past landmarks.

use super::direction::from_above;
use super::entry;
use crate::frame::Frame;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_reason::metric::solid::Solid;
use chronotope_reason::plan::turns::{Turn, turns};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, Missing, MissingKind, Time};
use std::collections::BTreeSet;

/// `route_turns(start, facing, [stops], asked: [], parts: [], looking: at, among: [], at: none, in: auto)`: the turn before each leg for somebody who begins at a thing
/// facing another and goes straight from stop to stop: `left`, `right`, `back` (beyond 135 degrees). `asked` numbers the legs
/// that are asked for, from 1; all where it is empty.
///
/// Who begins at a thing and faces that same thing stands before its broad side, on the side of the room: what stands or hangs
/// at a wall has the wall behind it, so that he looks along its shorter side, away from the middle of all that is known; what is
/// nearly square from above, straight away from that middle. With `looking: away` he has his back to it. Where several things fit a
/// landmark, the turns that hold for every choice among them. `parts` numbers the stops (0: the start) that are only somewhere
/// at their thing, such as the foot of a bed: the turns that hold for its middle and for each of its corners. `among` are the
/// turns between which is to be chosen (`"left right"`): where several choices remain, they must agree on one of these.
pub struct RouteTurns;

/// Most choices among several things that are tried.
const MAX_CHOICES: usize = 4096;
/// Most stops.
const MAX_STOPS: usize = 64;

impl Operator for RouteTurns {
    fn entry(&self) -> Entry {
        let about = "turns on the way past landmarks";
        let example = "route_turns(all(\"bed\"), all(\"tv\"), [all(\"door\"), all(\"sofa\")])";
        entry("route-turns", about, "program/src/ops/route_turns.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::List(Box::new(Type::Text))))
            .needs("start", Takes::Things)
            .needs("facing", Takes::Things)
            .needs("stops", Takes::List(Box::new(Takes::Things)))
            .default("asked", Takes::List(Box::new(Takes::AnyNumber)), "[]")
            .default("parts", Takes::List(Box::new(Takes::AnyNumber)), "[]")
            .default("looking", Takes::Word(&["at", "away"]), "at")
            .default("among", Takes::List(Box::new(Takes::Text)), "[]")
            .at()
            .reference_frame(Preference::Metric)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (frame, at) = (args.frame("in")?, args.moment("at").map(|i| i.t));
        let mut landmarks: Vec<&Things> = vec![args.things("start"), args.things("facing")];
        for stop in args.list("stops") {
            if let Datum::Things(things) = stop {
                landmarks.push(things);
            }
        }
        let n_stops = landmarks.len() - 2;
        let asked: Vec<usize> = match args.list("asked") {
            [] => (0..n_stops).collect(),
            given => given.iter().map(|leg| leg_of(leg, n_stops)).collect::<Part<_>>()?,
        };
        if n_stops == 0 || n_stops > MAX_STOPS {
            return missing(
                MissingKind::Wording,
                format!("`stops`: expected 1 to {MAX_STOPS}, found {n_stops}"),
            );
        }
        let parts: Vec<usize> =
            args.list("parts").iter().map(|part| stop_of(part, n_stops)).collect::<Part<_>>()?;
        // one description means one thing wherever it stands in the route
        let mut kinds: Vec<&Things> = Vec::new();
        let roles: Vec<usize> = landmarks
            .iter()
            .map(|things| {
                kinds.iter().position(|kind| kind == things).unwrap_or_else(|| {
                    kinds.push(things);
                    kinds.len() - 1
                })
            })
            .collect();
        let places = places(run, &kinds, &frame, at)?;
        let before = roles[0] == roles[1];
        let middle = if before { Some(middle(run, &frame, at)?) } else { None };
        let away = args.text("looking") == "away";
        // first which thing each description means, then where at the thing each part is
        let sizes: Vec<usize> =
            places.iter().map(Vec::len).chain(parts.iter().map(|_| WHEREABOUTS)).collect();
        let choices = sizes.iter().fold(1usize, |n, of| n.saturating_mul(*of));
        if choices > MAX_CHOICES {
            return missing(MissingKind::Wording, which_of(run, &kinds));
        }
        let mut found: BTreeSet<Vec<Turn>> = BTreeSet::new();
        for choice in 0..choices {
            let mut rest = choice;
            let picks: Vec<usize> = sizes
                .iter()
                .map(|of| {
                    let pick = rest % of;
                    rest /= of;
                    pick
                })
                .collect();
            let chosen: Vec<&Landmark> = places.iter().zip(&picks).map(|(of, &pick)| &of[pick]).collect();
            let twice =
                (0..chosen.len()).any(|i| chosen[..i].iter().any(|other| other.thing == chosen[i].thing));
            if twice && places.iter().any(|of| of.len() > 1) {
                continue; // two descriptions mean two things, where there are two
            }
            let place = |n: usize| {
                let role = if n == 0 { roles[0] } else { roles[n + 1] };
                let part = parts.iter().position(|&part| part == n);
                part.map_or(chosen[role].at, |part| chosen[role].somewhere(picks[places.len() + part]))
            };
            let stops: Vec<[f64; 2]> = (1..=n_stops).map(place).collect();
            let facing = match middle {
                Some(middle) => chosen[roles[0]].looked_at_from(middle, place(0), away),
                None => chosen[roles[1]].at,
            };
            // a choice that puts two landmarks in a row at one place cannot be meant
            if let Some(degrees) = turns(place(0), facing, &stops) {
                found.insert(asked.iter().map(|&leg| Turn::asked(degrees[leg])).collect());
            }
        }
        if found.is_empty() {
            return missing(MissingKind::Pose, "two landmarks in a row are at one place");
        }
        let among = args.list("among");
        if found.len() > 1 && !among.is_empty() {
            let said = |turns: &Vec<Turn>| turns.iter().map(|turn| turn.word()).collect::<Vec<_>>().join(" ");
            found.retain(|turns| among.contains(&Datum::Text(said(turns))));
            run.assume("one of the options is right");
        }
        let Some(turns) = found.pop_first().filter(|_| found.is_empty()) else {
            return missing(MissingKind::Wording, which_of(run, &kinds));
        };
        if choices > 1 {
            run.assume("the same for each of the things, and everywhere at them, that the words may mean");
        }
        if before {
            run.assume("who faces the thing where he begins stands before it, looking away from the middle of what is known");
        }
        if turns.contains(&Turn::Straight) {
            return missing(MissingKind::Wording, "a leg goes straight on, neither left nor right");
        }
        Ok(Datum::List(turns.into_iter().map(|turn| Datum::Text(turn.word().to_owned())).collect()))
    }
}

/// Places at a thing where a part of it may be: its middle and four corners.
const WHEREABOUTS: usize = 5;

/// What would have to be known to tell the turns.
fn which_of(run: &Run<'_>, kinds: &[&Things]) -> String {
    let several = kinds.iter().filter(|things| candidates(things).len() > 1);
    let names: Vec<String> = several.map(|things| described(run, things)).collect();
    match &names[..] {
        [] => "where at its thing a landmark is that is only a part of it".to_owned(),
        names => format!("which of several is meant: {}", names.join(", ")),
    }
}

/// Those that a description may mean: what surely is so called, else what may be.
fn candidates(things: &Things) -> &[EntityId] {
    if things.certain.is_empty() { &things.possible } else { &things.certain }
}

/// A thing that may be meant.
struct Landmark {
    thing: EntityId,
    at: [f64; 2],
    /// The horizontal axes of its box with their lengths.
    axes: Vec<([f64; 2], f64)>,
}

impl Landmark {
    /// Its middle (0) or a corner.
    fn somewhere(&self, n: usize) -> [f64; 2] {
        let signs = [[0.0, 0.0], [1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]][n % WHEREABOUTS];
        let along = |k: usize| -> f64 {
            self.axes.iter().zip(signs).map(|((axis, length), sign)| 0.5 * sign * length * axis[k]).sum()
        };
        [self.at[0] + along(0), self.at[1] + along(1)]
    }

    /// What one looks at from `start` while standing before it: along its shorter side where it has one, away from the middle;
    /// or with one's back to it.
    fn looked_at_from(&self, middle: [f64; 2], start: [f64; 2], turned_away: bool) -> [f64; 2] {
        let away = [self.at[0] - middle[0], self.at[1] - middle[1]];
        let shorter = match self.axes[..] {
            // nearly square from above: no shorter side
            [(a, of_a), (b, of_b)] if of_a.min(of_b) < 0.8 * of_a.max(of_b) => {
                Some(if of_a < of_b { a } else { b })
            }
            _ => None,
        };
        let way = shorter.map_or(away, |axis| {
            let sign = if axis[0] * away[0] + axis[1] * away[1] < 0.0 { -1.0 } else { 1.0 };
            [sign * axis[0], sign * axis[1]]
        });
        let turned = if turned_away { -1.0 } else { 1.0 };
        [start[0] + turned * way[0], start[1] + turned * way[1]]
    }
}

fn leg_of(leg: &Datum, n_stops: usize) -> Part<usize> {
    match leg {
        Datum::Number(n) if n.value >= 1.0 && n.value <= n_stops as f64 && n.value.fract() == 0.0 => {
            Ok(n.value as usize - 1)
        }
        Datum::Number(n) => {
            missing(MissingKind::Entity, format!("leg {} of a route with {n_stops} legs", n.value))
        }
        _ => missing(MissingKind::Wording, "`asked`: expected numbers of legs"),
    }
}

fn stop_of(stop: &Datum, n_stops: usize) -> Part<usize> {
    match stop {
        Datum::Number(n) if n.value >= 0.0 && n.value <= n_stops as f64 && n.value.fract() == 0.0 => {
            Ok(n.value as usize)
        }
        Datum::Number(n) => {
            missing(MissingKind::Entity, format!("stop {} of a route with {n_stops} stops", n.value))
        }
        _ => missing(MissingKind::Wording, "`parts`: expected numbers of stops"),
    }
}

/// What a set was asked as: its label, else its things.
fn described(run: &Run<'_>, things: &Things) -> String {
    let label = things.scopes.iter().find_map(|scope| scope.label.clone());
    label
        .or_else(|| things.certain.first().map(|&thing| run.name_of(thing)))
        .unwrap_or_else(|| "a landmark".into())
}

/// Where all that may be meant is; all landmarks that are not known are missing together.
fn places(run: &mut Run<'_>, kinds: &[&Things], frame: &Frame, at: Option<Time>) -> Part<Vec<Vec<Landmark>>> {
    let mut out = Vec::new();
    let mut unknown = Vec::new();
    for things in kinds {
        if candidates(things).is_empty() {
            let what = format!("where the {} is: no such thing is known", described(run, things));
            unknown.push(Missing::new(MissingKind::Entity, what));
            continue;
        }
        if things.certain.is_empty() {
            run.assume(&format!("the {} is among the things that may be one", described(run, things)));
        }
        let mut of = Vec::new();
        for &thing in candidates(things) {
            match landmark(run, thing, frame, at) {
                Ok(landmark) => of.push(landmark),
                Err(Stop::Missing(more)) => unknown.extend(more),
                Err(failed) => return Err(failed),
            }
        }
        out.push(of);
    }
    if unknown.is_empty() { Ok(out) } else { Err(Stop::Missing(unknown)) }
}

fn landmark(run: &mut Run<'_>, thing: EntityId, frame: &Frame, at: Option<Time>) -> Part<Landmark> {
    let place = from_above(run, thing, frame, at)?;
    let whole = run.record_span().into();
    let t = run.still_moment(thing, at, &whole)?;
    let mut axes: Vec<([f64; 2], f64)> = Vec::new();
    if let Ok((Solid::Box(body), _)) = run.solid(thing, frame, t) {
        let turned = body.rotation.to_rotation_matrix();
        for k in 0..3 {
            let axis = turned.matrix().column(k);
            if axis[2].abs() < 0.5 {
                axes.push(([axis[0], axis[1]], body.extent[k]));
            }
        }
    }
    Ok(Landmark { thing, at: place, axes })
}

/// The middle of all things that have a place.
fn middle(run: &mut Run<'_>, frame: &Frame, at: Option<Time>) -> Part<[f64; 2]> {
    let (mut sum, mut n) = ([0.0; 2], 0.0);
    let things: Vec<EntityId> = run.world.entities().collect();
    for thing in things {
        match from_above(run, thing, frame, at) {
            Ok(place) => {
                sum = [sum[0] + place[0], sum[1] + place[1]];
                n += 1.0;
            }
            Err(Stop::Missing(_)) => {} // what has no place does not count
            Err(failed) => return Err(failed),
        }
    }
    Ok([sum[0] / f64::max(n, 1.0), sum[1] / f64::max(n, 1.0)])
}
