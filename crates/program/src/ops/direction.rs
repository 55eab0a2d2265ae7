//! Where something lies for somebody who stands and looks.

use super::entry;
use crate::frame::Frame;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_reason::metric::direction::{bearing_deg, compass, sector};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, Quantity, ReferenceFrame, Time, Unit};
use std::collections::BTreeSet;

/// `direction(of, standing_at, facing, sectors: LRB3, at: none)`, in a frame with z up. Where several things fit one of the
/// descriptions, the word that holds for every choice among them; which one is meant is missing where they differ.
pub struct Direction;
/// `bearing(of, standing_at, facing, at: none)`: degrees, counter-clockwise positive.
pub struct Bearing;
/// `compass(of, from, at: none)`, in a world whose y axis is north.
pub struct Compass;

/// The three things of a bearing.
const ROLES: [&str; 3] = ["of", "standing_at", "facing"];

/// Most choices among several things that are tried.
const MAX_CHOICES: usize = 256;

fn three(signature: Signature) -> Signature {
    signature.needs("of", Takes::Things).needs("standing_at", Takes::Things).needs("facing", Takes::Things)
}

/// The place of a thing seen from above: x, y of a world; of a camera x to the left turned to x right, z forward.
pub(super) fn from_above(
    run: &mut Run<'_>,
    thing: EntityId,
    frame: &Frame,
    at: Option<Time>,
) -> Part<[f64; 2]> {
    let whole = run.record_span().into();
    let t = run.still_moment(thing, at, &whole)?;
    let (placed, to) = run.place(thing, frame, t)?;
    match to {
        ReferenceFrame::World(_) | ReferenceFrame::Object(_) => Ok([placed.point[0], placed.point[1]]),
        ReferenceFrame::Camera(_) => Ok([placed.point[0], placed.point[2]]),
        other => {
            missing(MissingKind::Transform, format!("no transform from {other} to a frame seen from above"))
        }
    }
}

/// The bearing for every choice among the things of each of the three, at most [`MAX_CHOICES`]; one where each is one thing.
fn bearings(run: &mut Run<'_>, args: &Args<'_>) -> Part<Vec<f64>> {
    let (frame, at) = (args.frame("in")?, args.moment("at").map(|i| i.t));
    let n_choices = ROLES.iter().fold(1, |n: usize, role| n.saturating_mul(args.things(role).certain.len()));
    let mut places: Vec<Vec<(EntityId, [f64; 2])>> = Vec::new();
    for role in ROLES {
        let things = args.things(role);
        let several = things.certain.len() > 1 && things.possible.is_empty() && n_choices <= MAX_CHOICES;
        let chosen = if several { things.certain.clone() } else { vec![args.thing(role)?] };
        let placed = chosen.into_iter().map(|thing| Ok((thing, from_above(run, thing, &frame, at)?)));
        places.push(placed.collect::<Part<_>>()?);
    }
    let mut found = Vec::new();
    for &(of, of_at) in &places[0] {
        for &(standing, standing_at) in &places[1] {
            for &(facing, facing_at) in &places[2] {
                // the same description in two roles means two things, where there are two
                let twice = of == standing || standing == facing || of == facing;
                if twice && n_choices > 1 {
                    continue;
                }
                match bearing_deg(of_at, standing_at, facing_at) {
                    Some(deg) => found.push(deg),
                    None => return missing(MissingKind::Pose, "two of the three things are at one place"),
                }
            }
        }
    }
    Ok(found)
}

/// Which of several things is meant must be told: the first description that fits more than one.
fn which<T>(args: &Args<'_>) -> Part<T> {
    for role in ROLES {
        args.thing(role)?;
    }
    missing(MissingKind::Wording, "the same thing is named twice")
}

impl Operator for Direction {
    fn entry(&self) -> Entry {
        let about = "where a thing lies for somebody who stands and faces";
        let example = "direction(all(\"sofa\"), all(\"door\"), all(\"window\"), sectors: QUAD4)";
        entry("direction", about, "program/src/ops/direction.rs", example)
    }

    fn signature(&self) -> Signature {
        let systems = Takes::Word(&["LR2", "LRB3", "QUAD4", "CARD4", "OCT8", "CLOCK12"]);
        three(Signature::gives(Gives::Fixed(Type::Text)))
            .default("sectors", systems, "LRB3")
            .at()
            .reference_frame(Preference::Metric)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let bearings = bearings(run, args)?;
        let sectors = args.text("sectors");
        let words: BTreeSet<_> = bearings.iter().map(|&deg| sector(deg, sectors)).collect();
        if words.len() != 1 {
            return which(args);
        }
        if bearings.len() > 1 {
            run.assume("the same for each of the things that the words may mean");
        }
        match words.into_iter().next().flatten() {
            Some(word) => Ok(Datum::Text(word)),
            None => missing(MissingKind::Wording, "it lies straight ahead or behind, neither left nor right"),
        }
    }
}

impl Operator for Bearing {
    fn entry(&self) -> Entry {
        let about = "angle to a thing for somebody who stands and faces";
        let example = "bearing(all(\"sofa\"), all(\"door\"), all(\"window\"))";
        entry("bearing", about, "program/src/ops/direction.rs", example)
    }

    fn signature(&self) -> Signature {
        three(Signature::gives(Gives::Fixed(Type::Number(UnitType::DEGREE))))
            .at()
            .reference_frame(Preference::Metric)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let bearings = bearings(run, args)?;
        let [deg] = bearings[..] else { return which(args) };
        Ok(Datum::Number(Quantity::new(deg, Unit::DEGREE, None)))
    }
}

impl Operator for Compass {
    fn entry(&self) -> Entry {
        let about = "compass direction of one thing from another";
        entry(
            "compass",
            about,
            "program/src/ops/direction.rs",
            "compass(all(\"car\"), all(\"bus\"), at: 2 s)",
        )
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text))
            .needs("of", Takes::Things)
            .needs("from", Takes::Things)
            .at()
            .reference_frame(Preference::Metric)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (frame, at) = (args.frame("in")?, args.moment("at").map(|i| i.t));
        if !matches!(frame, Frame::One(ReferenceFrame::World(_))) {
            return missing(
                MissingKind::Transform,
                format!("no transform from {frame} to a world with a north"),
            );
        }
        let (of, from) = (args.thing("of")?, args.thing("from")?);
        let (p, q) = (from_above(run, of, &frame, at)?, from_above(run, from, &frame, at)?);
        run.assume("assumes that the y axis of the world points north");
        match compass([p[0] - q[0], p[1] - q[1]]) {
            Some(word) => Ok(Datum::Text(word.to_owned())),
            None => missing(MissingKind::Pose, "both are at one place"),
        }
    }
}
