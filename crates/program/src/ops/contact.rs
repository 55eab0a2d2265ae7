//! On, in, under, above, next to, between, facing: things by how they stand to others.

use super::entry;
use super::lies::filter;
use super::viewpoint::heading;
use super::within::same_scale;
use crate::frame::Frame;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_reason::metric::contact::{Upright, between_deg, is_above, is_on, is_under, share_in};
use chronotope_reason::metric::solid::{Solid, distance};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, ReferenceFrame, Scale};
use nalgebra::Vector3;

/// How far a support may be below what rests on it, where none is said: boxes are drawn that exactly.
pub(super) const GAP_M: f64 = 0.1;
/// How near next to is, where nothing is said (3DSRBench's rule).
const NEXT_M: f64 = 0.5;

macro_rules! contacts {
    ($($(#[$doc:meta])* $name:ident $word:literal $margin:literal $auto:expr; $about:literal; $example:literal; $test:expr;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Operator for $name {
            fn entry(&self) -> Entry {
                entry($word, $about, "program/src/ops/contact.rs", $example)
            }

            fn signature(&self) -> Signature {
                Signature::gives(Gives::Fixed(Type::Things))
                    .needs("things", Takes::Things)
                    .needs("of", Takes::Things)
                    .default($margin, Takes::Number((1, 0, 0)), "auto")
                    .at()
                    .reference_frame(Preference::Metric)
            }

            fn cost(&self) -> Cost {
                Cost::Pairs
            }

            fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
                let margin = margin(run, args, $margin, $auto)?;
                pairs(run, args, |a, b| $test(a, b, margin))
            }
        }
    )*};
}

/// Two things as they stand: upright prisms, and their exact shapes.
pub(super) type Standing = (Upright, Solid);

contacts! {
    /// `resting_on(things, of, gap: auto)`: their middle over its footprint, their underside from its middle
    /// to the gap over its top.
    RestingOn "resting-on" "gap" GAP_M; "things that rest on another"; "resting_on(all(\"cup\"), all(\"table\"))";
        |a: &Standing, b: &Standing, gap| is_on(&a.0, &b.0, gap);
    /// `underneath(things, of, gap: auto)`: overlapping seen from above, and lower.
    Underneath "underneath" "gap" GAP_M; "things under another"; "underneath(all(\"bag\"), all(\"table\"))";
        |a: &Standing, b: &Standing, gap| is_under(&a.0, &b.0, gap);
    /// `above(things, of, gap: auto)`: overlapping seen from above, with their underside over its top.
    Above "above" "gap" GAP_M; "things above another"; "above(all(\"lamp\"), all(\"table\"))";
        |a: &Standing, b: &Standing, gap| is_above(&a.0, &b.0, gap);
    /// `next_to(things, of, within: auto)`: their surfaces that near, and neither on, in nor under it.
    NextTo "next-to" "within" NEXT_M; "things beside another"; "next_to(all(\"chair\"), all(\"table\"))";
        |a: &Standing, b: &Standing, within| distance(&a.1, &b.1) <= within && !a.0.overlaps(&b.0);
}

/// `contained_in(things, of, share: 0.5)`: with at least that share of their volume in it.
pub struct ContainedIn;
/// `in_between(things, a, b, angle: 120 deg)`: from where the ways to both are at least that far apart, seen from above.
pub struct InBetween;
/// `facing(things, of, within: 30 deg)`: whose own front points that nearly at it, seen from above.
pub struct Facing;

impl Operator for ContainedIn {
    fn entry(&self) -> Entry {
        let example = "contained_in(all(\"cup\"), all(\"sink\"))";
        entry("contained-in", "things inside another", "program/src/ops/contact.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("of", Takes::Things)
            .default("share", Takes::Number((0, 0, 0)), "0.5")
            .at()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let share = args.number("share").map_or(0.5, |n| n.value);
        pairs(run, args, |a, b| share_in(&a.0, &b.0) >= share)
    }
}

impl Operator for InBetween {
    fn entry(&self) -> Entry {
        let example = "in_between(all(\"lamp\"), all(\"bed\"), all(\"door\"))";
        entry("in-between", "things between two others", "program/src/ops/contact.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("a", Takes::Things)
            .needs("b", Takes::Things)
            .default("angle", Takes::Number((0, 0, 1)), "120 deg")
            .at()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let least = args.number("angle").map_or(120.0, |n| n.value);
        let (a, b) = (args.things("a").clone(), args.things("b").clone());
        for (name, side) in [("a", &a), ("b", &b)] {
            if side.all().next().is_none() {
                if !side.missing.is_empty() {
                    return Err(Stop::Missing(side.missing.clone()));
                }
                return missing(MissingKind::Entity, format!("`{name}`: there is no such thing"));
            }
        }
        let known = shapes(run, args, a.all().chain(b.all()))?;
        filter(run, args.things("things"), |run, thing| {
            let Some(x) = shape(run, args, thing)? else { return Ok(Some(false)) };
            let mut open = false;
            for (p, from) in known.iter().filter(|(id, _)| *id != thing && a.all().any(|e| e == *id)) {
                for (q, to) in
                    known.iter().filter(|(id, _)| id != p && *id != thing && b.all().any(|e| e == *id))
                {
                    let flat = |s: &Standing| [s.0.centre.x, s.0.centre.y];
                    if between_deg(flat(&x), flat(from), flat(to)).is_some_and(|deg| deg >= least) {
                        if a.surely(*p) && b.surely(*q) {
                            return Ok(Some(true));
                        }
                        open = true;
                    }
                }
            }
            Ok((!open).then_some(false))
        })
    }
}

impl Operator for Facing {
    fn entry(&self) -> Entry {
        let example = "facing(all(\"person\"), all(\"tv\"), at: 2 s)";
        entry("facing", "things whose own front points at another", "program/src/ops/contact.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("of", Takes::Things)
            .default("within", Takes::Number((0, 0, 1)), "30 deg")
            .at()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let most = args.number("within").map_or(30.0, |n| n.value).to_radians();
        let others = args.things("of").clone();
        let (frame, at) = (args.frame("in")?, args.moment("at").map(|i| i.t));
        filter(run, args.things("things"), |run, thing| {
            let whole = run.record_span().into();
            let t = run.still_moment(thing, at, &whole)?;
            let (placed, to) = run.place(thing, &frame, t)?;
            if !matches!(to, ReferenceFrame::World(_)) {
                return missing(
                    MissingKind::Transform,
                    format!("no transform from {to} to a world with a floor"),
                );
            }
            let way = heading(run, thing, &to, t)?;
            let mut open = false;
            for other in others.all().filter(|&other| other != thing) {
                let when = run.still_moment(other, at, &whole)?;
                let target =
                    Vector3::from(run.place(other, &frame, when)?.0.point) - Vector3::from(placed.point);
                let (cross, dot) = (way.x * target.y - way.y * target.x, way.x * target.x + way.y * target.y);
                if libm::atan2(cross, dot).abs() <= most {
                    if others.surely(other) {
                        return Ok(Some(true));
                    }
                    open = true;
                }
            }
            Ok((!open).then_some(false))
        })
    }
}

/// The margin that was said, else the usual one; that is metres, and nothing in other units.
pub(super) fn margin(run: &Run<'_>, args: &Args<'_>, name: &str, auto: f64) -> Part<f64> {
    let frame: Frame = args.frame("in")?;
    if let Some(number) = args.number(name) {
        same_scale(run.world, &frame, &number.unit)?;
        return Ok(number.value);
    }
    if frame.scale(run.world) == Some(Scale::Metre) {
        return Ok(auto);
    }
    missing(MissingKind::Scale, format!("how many metres a unit of {frame} is: say `{name}:`"))
}

/// The shape of a thing in a frame with a floor; none where it has no place then.
fn shape(run: &mut Run<'_>, args: &Args<'_>, thing: EntityId) -> Part<Option<Standing>> {
    let (frame, whole) = (args.frame("in")?, run.record_span().into());
    let solid = run
        .still_moment(thing, args.moment("at").map(|i| i.t), &whole)
        .and_then(|t| run.solid(thing, &frame, t));
    match solid {
        Ok((solid @ Solid::Box(b), ReferenceFrame::World(_))) => {
            let upright = Upright::of(&b);
            if upright.leans {
                run.assume("takes boxes that lean as the upright prisms over their shadows");
            }
            Ok(Some((upright, solid)))
        }
        Ok((solid @ Solid::Point(p), ReferenceFrame::World(_))) => Ok(Some((Upright::point(p), solid))),
        Ok((_, to)) => {
            missing(MissingKind::Transform, format!("no transform from {to} to a world with a floor"))
        }
        Err(Stop::Missing(why)) if why.iter().all(|m| m.kind == MissingKind::Pose) => Ok(None),
        Err(stop) => Err(stop),
    }
}

pub(super) fn shapes(
    run: &mut Run<'_>,
    args: &Args<'_>,
    things: impl Iterator<Item = EntityId>,
) -> Part<Vec<(EntityId, Standing)>> {
    let mut out = Vec::new();
    for thing in things {
        out.extend(shape(run, args, thing)?.map(|shape| (thing, shape)));
    }
    out.sort_by_key(|(thing, _)| *thing);
    out.dedup_by_key(|(thing, _)| *thing);
    Ok(out)
}

/// Those of `things` for which the test holds with some of `of`.
fn pairs(run: &mut Run<'_>, args: &Args<'_>, test: impl Fn(&Standing, &Standing) -> bool) -> Outcome {
    let others = args.things("of").clone();
    let known = shapes(run, args, others.all())?;
    if known.is_empty() && !others.missing.is_empty() {
        return Err(Stop::Missing(others.missing));
    }
    if others.all().next().is_none() {
        // "the cups on the desk": there is none that they could be on
        return missing(MissingKind::Entity, "`of`: there is no such thing");
    }
    let found: Datum = filter(run, args.things("things"), |run, thing| {
        let Some(x) = shape(run, args, thing)? else { return Ok(Some(false)) };
        let holds = |sure: bool| {
            known.iter().any(|(id, y)| *id != thing && others.surely(*id) == sure && test(&x, y))
        };
        Ok(if holds(true) { Some(true) } else { (!holds(false)).then_some(false) })
    })?;
    Ok(found)
}
