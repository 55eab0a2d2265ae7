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

/// `route_turns(start, facing, [stops], asked: [], at: none, in: auto)`: the turn before each leg for somebody who begins at a thing
/// facing another and goes straight from stop to stop: `left`, `right`, `back` (beyond 135 degrees). `asked` numbers the legs
/// that are asked for, from 1; all where it is empty.
///
/// Who begins at a thing and faces that same thing stands before it: he looks along its shorter side, away from the middle of
/// all that is known. Where several things fit a landmark, the turns that hold for every choice among them.
pub struct RouteTurns;

/// Most choices among several things that are tried.
const MAX_CHOICES: usize = 256;
/// Most stops.
const MAX_STOPS: usize = 64;

impl Operator for RouteTurns {
    fn entry(&self) -> Entry {
        let about = "turns on the way past landmarks";
        let example = "route_turns(all(\"bed\"), all(\"tv\"), [all(\"door\"), all(\"sofa\")])";
        entry("route-turns", about, "ask/src/program/ops/route_turns.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::List(Box::new(Type::Text))))
            .needs("start", Takes::Things)
            .needs("facing", Takes::Things)
            .needs("stops", Takes::List(Box::new(Takes::Things)))
            .default("asked", Takes::List(Box::new(Takes::AnyNumber)), "[]")
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
        let choices = places.iter().fold(1usize, |n, of| n.saturating_mul(of.len()));
        let mut found: BTreeSet<Vec<Turn>> = BTreeSet::new();
        for choice in 0..choices.min(MAX_CHOICES) {
            let mut rest = choice;
            let chosen: Vec<&Landmark> = places
                .iter()
                .map(|of| {
                    let pick = &of[rest % of.len()];
                    rest /= of.len();
                    pick
                })
                .collect();
            let twice =
                (0..chosen.len()).any(|i| chosen[..i].iter().any(|other| other.thing == chosen[i].thing));
            if twice && choices > 1 {
                continue; // two descriptions mean two things, where there are two
            }
            let at = |role: usize| chosen[role].at;
            let stops: Vec<[f64; 2]> = roles[2..].iter().map(|&role| at(role)).collect();
            let facing = match middle {
                Some(middle) => chosen[roles[0]].looked_at_from(middle),
                None => at(roles[1]),
            };
            match turns(at(roles[0]), facing, &stops) {
                Some(degrees) => found.insert(asked.iter().map(|&leg| Turn::asked(degrees[leg])).collect()),
                None => return missing(MissingKind::Pose, "two landmarks in a row are at one place"),
            };
        }
        let Some(turns) = found.pop_first().filter(|_| found.is_empty() && choices <= MAX_CHOICES) else {
            let several = kinds.iter().filter(|things| things.certain.len() > 1);
            let names: Vec<String> = several.map(|things| described(run, things)).collect();
            return missing(MissingKind::Wording, format!("which of several is meant: {}", names.join(", ")));
        };
        if choices > 1 {
            run.assume("the same for each of the things that the words may mean");
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

/// A thing that may be meant.
struct Landmark {
    thing: EntityId,
    at: [f64; 2],
    /// The horizontal axes of its box with their lengths.
    axes: Vec<([f64; 2], f64)>,
}

impl Landmark {
    /// What one looks at while standing before it: along its shorter side where it has one, away from the middle.
    fn looked_at_from(&self, middle: [f64; 2]) -> [f64; 2] {
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
        [self.at[0] + way[0], self.at[1] + way[1]]
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
        if things.certain.is_empty() {
            if things.possible.is_empty() {
                let what = format!("where the {} is: no such thing is known", described(run, things));
                unknown.push(Missing::new(MissingKind::Entity, what));
            } else {
                unknown.extend(things.missing.iter().cloned());
            }
            continue;
        }
        let mut of = Vec::new();
        for &thing in &things.certain {
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
