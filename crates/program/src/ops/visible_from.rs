//! What somebody can see from where they are.

use super::entry;
use super::lies::{filter, solid_of};
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::{Datum, Viewpoint};
use chronotope_reason::metric::solid::Solid;
use chronotope_reason::visibility::sight::{Share, Sight};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Box3, EntityId, MissingKind, Quantity};
use nalgebra::{Point3, UnitQuaternion, Vector3};

/// `visible_from(things, view, share: 0.1, fov: 120 deg, at: none)`: those of which at least that share is seen past all other
/// boxes, within a wedge that wide about the way that they look.
pub struct VisibleFrom;
/// `visible_share(things, view, fov: 120 deg, at: none)`: how much of the one thing is seen, 0 to 1.
pub struct VisibleShare;

const FOV: Takes = Takes::Number((0, 0, 1));

impl Operator for VisibleFrom {
    fn entry(&self) -> Entry {
        let about = "things that can be seen from somewhere, past the others";
        let example = "visible_from(all(\"tv\"), standing(all(\"door\"), all(\"window\")))";
        entry("visible-from", about, "program/src/ops/visible_from.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("view", Takes::Viewpoint)
            .default("share", Takes::Number((0, 0, 0)), "0.1")
            .default("fov", FOV, "120 deg")
            .at()
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let view = args.viewpoint("view")?.clone();
        let least = args.number("share").map_or(0.1, |n| n.value);
        let others = boxes(run, args, &view)?;
        filter(run, args.things("things"), |run, thing| {
            Ok(Some(share(run, args, thing, &view, &others)?.is_none_or(|share| share.visible >= least)))
        })
    }
}

impl Operator for VisibleShare {
    fn entry(&self) -> Entry {
        let about = "how much of the one thing can be seen from somewhere";
        let example = "visible_share(all(\"tv\"), standing(all(\"door\"), all(\"window\")))";
        entry("visible-share", about, "program/src/ops/visible_from.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::ONE)))
            .needs("things", Takes::Things)
            .needs("view", Takes::Viewpoint)
            .default("fov", FOV, "120 deg")
            .at()
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (view, thing) = (args.viewpoint("view")?.clone(), args.thing("things")?);
        let others = boxes(run, args, &view)?;
        match share(run, args, thing, &view, &others)? {
            Some(share) => Ok(Datum::Number(Quantity::bare(share.visible))),
            None => missing(MissingKind::Pose, "the eye is inside it"),
        }
    }
}

/// Everything with a size in the viewpoint's frame, for what it hides.
fn boxes(run: &mut Run<'_>, args: &Args<'_>, view: &Viewpoint) -> Part<Vec<(EntityId, Box3)>> {
    let mut out = Vec::new();
    let world = run.world;
    for thing in world.entities() {
        let carries =
            world.identities_of(thing).any(|row| world.track(row.track).is_some_and(|t| t.carries.is_some()));
        if carries || view.who == Some(thing) {
            continue;
        }
        match solid_of(run, args, thing, view) {
            Ok(Solid::Box(b)) => out.push((thing, b)),
            Ok(_) | Err(Stop::Missing(_)) => {}
            Err(failed) => return Err(failed),
        }
    }
    Ok(out)
}

/// How much of a thing is seen; none where the eye is inside it.
fn share(
    run: &mut Run<'_>,
    args: &Args<'_>,
    thing: EntityId,
    view: &Viewpoint,
    others: &[(EntityId, Box3)],
) -> Part<Option<Share>> {
    const POINT: f64 = 1e-3;
    let target = match solid_of(run, args, thing, view)? {
        Solid::Box(b) => b,
        // a point is a speck: seen or not
        other => Box3 {
            centre: other.centre(),
            rotation: UnitQuaternion::identity(),
            extent: Vector3::repeat(POINT),
        },
    };
    let fov = args.number("fov").map_or(120.0, |n| n.value);
    let sight = Sight::wedge(Point3::from(view.eye), view.forward.into(), view.up.into(), fov);
    if sight.is_inside(&target) {
        return Ok(None);
    }
    let rivals: Vec<Box3> = others.iter().filter(|(other, _)| *other != thing).map(|(_, b)| *b).collect();
    match sight.share(&target, &rivals) {
        Some(share) => Ok(Some(share)),
        None => missing(MissingKind::Pose, format!("the size of {}", run.name_of(thing))),
    }
}
