//! Where things lie for somebody: directions, sides, distances from a viewpoint.

use super::entry;
use super::viewpoint::axes;
use crate::frame::Frame;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, ScaleType, Signature, Takes, Type, UnitType};
use crate::value::{Datum, Things, Viewpoint};
use chronotope_reason::metric::direction::sector;
use chronotope_reason::metric::solid::{Solid, distance};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, Missing, MissingKind, Quantity, Time, Unit};
use nalgebra::{Point3, Vector3};
use std::collections::BTreeSet;

/// `lies(of, view, sectors: OCT8, margin: 0 deg, at: none)`: the word for the way to a thing; closer than the margin to the edge of a
/// sector both words, and the question is ambiguous. Of several things, the word that holds for all.
pub struct Lies;
/// `bearing_from(of, view, at: none)`: degrees from straight ahead, left positive.
pub struct BearingFrom;
/// `on_side(things, "left", view, sectors: CARD4, margin: 0 deg, at: none)`: those that lie that way; within the margin possibly.
pub struct OnSide;
/// `distance_from(things, view, at: none, between: surfaces)`: of the nearest of them.
pub struct DistanceFrom;
/// `seen_side(a, of, view, axis: auto, margin: none, at: none)`: where one thing is of another, as somebody sees both.
pub struct SeenSide;

const SECTORS: Takes = Takes::Word(&["LR2", "FB2", "LRB3", "QUAD4", "CARD4", "OCT8", "CLOCK12"]);
const DEGREES: Takes = Takes::Number((0, 0, 1));
const LENGTH: Takes = Takes::Number((1, 0, 0));

impl Operator for Lies {
    fn entry(&self) -> Entry {
        let about = "which way a thing lies for somebody";
        let example = "lies(all(\"tv\"), standing(all(\"door\"), all(\"window\")), sectors: CLOCK12)";
        entry("lies", about, "program/src/ops/lies.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text))
            .needs("of", Takes::Things)
            .needs("view", Takes::Viewpoint)
            .default("sectors", SECTORS, "OCT8")
            .default("margin", DEGREES, "0 deg")
            .at()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let view = args.viewpoint("view")?.clone();
        let (sectors, margin) = (args.text("sectors").to_owned(), degrees(args));
        let mut words: BTreeSet<Option<String>> = BTreeSet::new();
        let things = args.things("of").clone();
        if things.certain.is_empty() || !things.possible.is_empty() {
            args.thing("of")?;
        }
        for thing in things.certain {
            let deg = bearing_of(run, args, thing, &view)?;
            words.extend(readings(deg, &sectors, margin));
        }
        match words.into_iter().collect::<Vec<_>>().as_slice() {
            [Some(one)] => Ok(Datum::Text(one.clone())),
            several => {
                let named =
                    |word: &Option<String>| word.clone().unwrap_or_else(|| "straight ahead or behind".into());
                let words = several.iter().map(named).collect::<Vec<_>>().join(" or ");
                missing(
                    MissingKind::Wording,
                    format!("it lies {words}: which thing, or which way of dividing, is meant"),
                )
            }
        }
    }
}

impl Operator for BearingFrom {
    fn entry(&self) -> Entry {
        let about = "the angle to the one thing for somebody, left positive";
        let example = "bearing_from(all(\"tv\"), standing(all(\"door\"), all(\"window\")))";
        entry("bearing-from", about, "program/src/ops/lies.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::DEGREE)))
            .needs("of", Takes::Things)
            .needs("view", Takes::Viewpoint)
            .at()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (view, thing) = (args.viewpoint("view")?.clone(), args.thing("of")?);
        let deg = bearing_of(run, args, thing, &view)?;
        Ok(Datum::Number(Quantity::new(deg, Unit::DEGREE, None)))
    }
}

impl Operator for OnSide {
    fn entry(&self) -> Entry {
        let about = "things that lie that way for somebody";
        let example = "count(on_side(all(\"chair\"), \"left\", standing(all(\"door\"), all(\"window\"))))";
        entry("on-side", about, "program/src/ops/lies.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("side", Takes::Text)
            .needs("view", Takes::Viewpoint)
            .default("sectors", SECTORS, "CARD4")
            .default("margin", DEGREES, "0 deg")
            .at()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let view = args.viewpoint("view")?.clone();
        let (sectors, margin, side) =
            (args.text("sectors").to_owned(), degrees(args), args.text("side").to_owned());
        filter(run, args.things("things"), |run, thing| {
            if view.who == Some(thing) {
                return Ok(Some(false));
            }
            let deg = match bearing_of(run, args, thing, &view) {
                Ok(deg) => deg,
                // it is where they stand: on no side
                Err(Stop::Missing(why)) if why.iter().any(|m| m.what == HERE) => return Ok(Some(false)),
                Err(stop) => return Err(stop),
            };
            let words = readings(deg, &sectors, margin);
            let so = words.iter().filter(|word| word.as_deref() == Some(side.as_str())).count();
            Ok(if so == 0 { Some(false) } else { (so == words.len()).then_some(true) })
        })
    }
}

impl Operator for DistanceFrom {
    fn entry(&self) -> Entry {
        let about = "how far the nearest of the things is from somebody";
        let example = "argmin(all(\"chair\"), distance_from(it, standing(all(\"door\"), all(\"bed\"))))";
        entry("distance-from", about, "program/src/ops/lies.rs", example)
    }

    fn signature(&self) -> Signature {
        let mut signature =
            Signature::gives(Gives::Fixed(Type::Number(UnitType::length(1, 0, ScaleType::Data))))
                .needs("things", Takes::Things)
                .needs("view", Takes::Viewpoint)
                .at();
        signature = signature.default("between", Takes::Word(&["surfaces", "centres"]), "surfaces");
        signature
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let view = args.viewpoint("view")?.clone();
        let things = args.things("things").clone();
        if !things.possible.is_empty() {
            return Err(Stop::Missing(things.missing));
        }
        let mut best: Option<f64> = None;
        for thing in things.certain {
            let solid = solid_of(run, args, thing, &view)?;
            let solid = if args.text("between") == "centres" { Solid::Point(solid.centre()) } else { solid };
            // along the floor: how high the eye is does not count
            let level = Point3::from(view.eye)
                + up(&view) * (solid.centre() - Point3::from(view.eye)).dot(&up(&view));
            let away = distance(&Solid::Point(level), &solid);
            best = Some(best.map_or(away, |b| b.min(away)));
        }
        let Some(best) = best else { return missing(MissingKind::Entity, "there is no such thing") };
        let unit = Unit::length(run.world.tables().scale_of(&view.reference_frame));
        Ok(Datum::Number(Quantity::new(best, unit, Some(view.reference_frame))))
    }
}

impl Operator for SeenSide {
    fn entry(&self) -> Entry {
        let about = "on which side of another thing one is, for somebody who sees both";
        let example =
            "seen_side(all(\"cup\"), all(\"plate\"), standing(all(\"door\"), all(\"plate\")), axis: lateral)";
        entry("seen-side", about, "program/src/ops/lies.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text))
            .needs("a", Takes::Things)
            .needs("of", Takes::Things)
            .needs("view", Takes::Viewpoint)
            .default("axis", Takes::Word(&["auto", "lateral", "depth", "vertical"]), "auto")
            .default("margin", LENGTH, "none")
            .at()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let view = args.viewpoint("view")?.clone();
        let (a, of) = (args.thing("a")?, args.thing("of")?);
        let margin = args.number("margin").map_or(0.0, |n| n.value);
        let (p, q) = (solid_of(run, args, a, &view)?, solid_of(run, args, of, &view)?);
        let sides = sides_of(&view, p.centre(), q.centre());
        let axis = args.text("axis");
        let mut told: Vec<(f64, &str)> = sides
            .iter()
            .filter(|(name, ..)| axis == "auto" || axis == *name)
            .map(|(_, by, [plus, minus])| (by.abs(), if *by > 0.0 { *plus } else { *minus }))
            .collect();
        told.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (most, word) = told[0];
        if most == 0.0 || axis != "auto" && most <= margin {
            return missing(
                MissingKind::Wording,
                "neither one side nor the other: they are within the margin",
            );
        }
        if let Some((second, other)) = told.get(1)
            && most - second < margin
        {
            return missing(MissingKind::Wording, format!("it is {word} or {other} of it: which is meant"));
        }
        Ok(Datum::Text(word.to_owned()))
    }
}

/// An axis of a viewer, how far one thing is along it from another, and the words for both ways.
pub(super) type SideOf = (&'static str, f64, [&'static str; 2]);

/// Where one place is of another for somebody who sees both: the way to the middle between them is straight ahead.
pub(super) fn sides_of(view: &Viewpoint, p: Point3<f64>, q: Point3<f64>) -> [SideOf; 3] {
    let ahead = (p.coords + q.coords) / 2.0 - Vector3::from(view.eye);
    let ahead = (ahead - up(view) * ahead.dot(&up(view))).try_normalize(1e-9).unwrap_or(view.forward.into());
    let left = up(view).cross(&ahead);
    let d = p - q;
    [
        ("lateral", d.dot(&left), ["left", "right"]),
        ("depth", d.dot(&ahead), ["behind", "in front"]),
        ("vertical", d.dot(&up(view)), ["above", "below"]),
    ]
}

/// Why a thing lies no way at all.
const HERE: &str = "it is where they stand";

fn up(view: &Viewpoint) -> Vector3<f64> {
    view.up.into()
}

fn degrees(args: &Args<'_>) -> f64 {
    args.number("margin").map_or(0.0, |n| n.value.abs())
}

/// The shape of a thing in the viewpoint's frame.
pub(super) fn solid_of(run: &mut Run<'_>, args: &Args<'_>, thing: EntityId, view: &Viewpoint) -> Part<Solid> {
    let whole = run.record_span().into();
    let t: Time = run.still_moment(thing, args.moment("at").map(|i| i.t), &whole)?;
    Ok(run.solid(thing, &Frame::One(view.reference_frame.clone()), t)?.0)
}

/// Degrees from straight ahead to a thing's middle, left positive.
fn bearing_of(run: &mut Run<'_>, args: &Args<'_>, thing: EntityId, view: &Viewpoint) -> Part<f64> {
    let centre = solid_of(run, args, thing, view)?.centre();
    let local = axes(view).inverse() * (centre - Point3::from(view.eye));
    if local.x.abs() < 1e-9 && local.y.abs() < 1e-9 {
        return missing(MissingKind::Pose, HERE);
    }
    Ok(libm::atan2(local.y, local.x).to_degrees())
}

/// The words for a bearing: of it and of what lies within the margin on either side.
fn readings(deg: f64, sectors: &str, margin: f64) -> BTreeSet<Option<String>> {
    let word = |deg: f64| {
        let deg = if deg > 180.0 {
            deg - 360.0
        } else if deg <= -180.0 {
            deg + 360.0
        } else {
            deg
        };
        match sectors {
            "FB2" if deg.abs() == 90.0 => None,
            "FB2" => Some(if deg.abs() < 90.0 { "front" } else { "back" }.to_owned()),
            _ => sector(deg, sectors),
        }
    };
    [deg - margin, deg, deg + margin].into_iter().map(word).collect()
}

/// Those of a set for which something is so; where it is open, possibly.
pub(super) fn filter(
    run: &mut Run<'_>,
    things: &Things,
    mut is_so: impl FnMut(&mut Run<'_>, EntityId) -> Part<Option<bool>>,
) -> Outcome {
    let things = things.clone();
    let mut out =
        Things { scopes: things.scopes.clone(), missing: things.missing.clone(), ..Things::default() };
    for thing in things.all() {
        let open = |run: &Run<'_>| {
            let what = format!("whether {} counts: it is too near the edge", run.name_of(thing));
            Missing::new(MissingKind::Wording, what)
        };
        match is_so(run, thing) {
            Ok(Some(true)) if things.surely(thing) => out.certain.push(thing),
            Ok(Some(true)) => out.possible.push(thing),
            Ok(Some(false)) => {}
            Ok(None) => {
                out.possible.push(thing);
                if out.missing.len() < 8 {
                    out.missing.push(open(run));
                }
            }
            Err(Stop::Missing(why)) => {
                out.possible.push(thing);
                if out.missing.len() < 8 {
                    out.missing.extend(why.into_iter().take(1));
                }
            }
            Err(failed) => return Err(failed),
        }
    }
    out.possible.sort_unstable();
    Ok(Datum::Things(out))
}
