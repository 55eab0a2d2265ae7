//! The same things seen from several places: which relations agree, which flip, and whether two cameras can have seen one scene.

use super::contact::margin;
use super::entry;
use super::lies::{sides_of, solid_of};
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_reason::metric::views::{Conflict, conflicts};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, ObserverId, ReferenceFrame, Scale};
use nalgebra::Point3;

/// `across_views(things, [views], margin: none, at: none)`: List of Text: for every two of the things and each axis of a viewer, the side on which the first is of the
/// second from each view in their order, and `agrees` or `flips` (`left, right: flips`). Within the margin of a view it is on neither side, and flips
/// nothing.
pub struct AcrossViews;
/// `view_conflicts(things, 0, 1, within: auto, at: none, in: auto)`: List of Text: why what two cameras measured in their own axes at the moment cannot be
/// one unchanged scene: distances of two things that differ by more than `within` (`auto`: 0.2 m), four things mirrored. Empty: one rigid motion leads
/// from the one view to the other. At least two things that both measured.
pub struct ViewConflicts;

/// Most things of which every two are told.
const MOST: usize = 40;
const WITHIN_M: f64 = 0.2;

impl Operator for AcrossViews {
    fn entry(&self) -> Entry {
        let about = "which sides agree and which flip between viewpoints";
        let example = "across_views(union(all(\"cup\"), all(\"plate\")), [camera_view(at: 2 s), own_view(entity(1), at: 2 s)], at: 2 s)";
        entry("across-views", about, "program/src/ops/across_views.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::List(Box::new(Type::Text))))
            .needs("things", Takes::Things)
            .needs("views", Takes::List(Box::new(Takes::Viewpoint)))
            .default("margin", Takes::Number((1, 0, 0)), "none")
            .at()
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let things = sure(args)?;
        let margin = args.number("margin").map_or(0.0, |n| n.value);
        let mut places: Vec<Vec<Point3<f64>>> = Vec::new();
        let mut views = Vec::new();
        for view in args.list("views") {
            let Datum::Viewpoint(view) = view else { continue };
            let of = |thing: &EntityId| Ok(solid_of(run, args, *thing, view)?.centre());
            places.push(things.iter().map(of).collect::<Part<_>>()?);
            views.push(view.clone());
        }
        if views.len() < 2 {
            return missing(MissingKind::Wording, "two viewpoints at least");
        }
        let names: Vec<String> = things.iter().map(|thing| run.name_of(*thing)).collect();
        let mut out = Vec::new();
        for i in 0..things.len() {
            for j in i + 1..things.len() {
                let told: Vec<_> =
                    views.iter().zip(&places).map(|(view, at)| sides_of(view, at[i], at[j])).collect();
                for axis in 0..3 {
                    let word = |sides: &[super::lies::SideOf; 3]| {
                        let (_, by, [plus, minus]) = sides[axis];
                        if by.abs() <= margin {
                            "neither"
                        } else if by > 0.0 {
                            plus
                        } else {
                            minus
                        }
                    };
                    let words: Vec<&str> = told.iter().map(word).collect();
                    let mut sides = words.iter().filter(|word| **word != "neither");
                    let first = sides.next();
                    if first.is_none() {
                        continue;
                    }
                    let agree = sides.all(|word| Some(word) == first);
                    let verdict = if agree { "agrees" } else { "flips" };
                    let line = format!("{} of {}: {}: {verdict}", names[i], names[j], words.join(", "));
                    out.push(Datum::Text(line));
                }
            }
        }
        Ok(Datum::List(out))
    }
}

impl Operator for ViewConflicts {
    fn entry(&self) -> Entry {
        let about = "why two cameras cannot have seen one scene";
        let example = "view_conflicts(all(), 0, 1, at: 2 s)";
        entry("view-conflicts", about, "program/src/ops/across_views.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::List(Box::new(Type::Text))))
            .needs("things", Takes::Things)
            .needs("a", Takes::Number((0, 0, 0)))
            .needs("b", Takes::Number((0, 0, 0)))
            .default("within", Takes::Number((1, 0, 0)), "auto")
            .at()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let within = within(run, args)?;
        let cameras =
            ["a", "b"].map(|name| ObserverId(args.number(name).map_or(0, |n| n.value.max(0.0) as u64)));
        let (both, places) = both_measured(run, args, cameras)?;
        let both: Vec<String> = both.into_iter().map(|thing| run.name_of(thing)).collect();
        let told = conflicts(&places[0], &places[1], within).into_iter().map(|conflict| match conflict {
            Conflict::Distance { things: [i, j], apart: [here, there] } => format!(
                "{} and {} are {here:.2} apart for camera {} and {there:.2} for camera {}",
                both[i], both[j], cameras[0].0, cameras[1].0
            ),
            Conflict::Mirrored { things } => {
                let names: Vec<&str> = things.iter().map(|i| both[*i].as_str()).collect();
                format!("{} are mirrored between the cameras", names.join(", "))
            }
        });
        Ok(Datum::List(told.map(Datum::Text).collect()))
    }
}

/// How much distances may differ.
pub(super) fn within(run: &mut Run<'_>, args: &Args<'_>) -> Part<f64> {
    match margin(run, args, "within", WITHIN_M) {
        // cameras measure in metres, whatever else the World is in
        Err(Stop::Missing(_)) if args.number("within").is_none() => Ok(WITHIN_M),
        other => other,
    }
}

/// The things that both cameras measured in their own axes, and where each says that they are.
#[allow(clippy::type_complexity)] // things, and two lists of places
pub(super) fn both_measured(
    run: &mut Run<'_>,
    args: &Args<'_>,
    cameras: [ObserverId; 2],
) -> Part<(Vec<EntityId>, [Vec<[f64; 3]>; 2])> {
    let (mut both, mut places) = (Vec::new(), [Vec::new(), Vec::new()]);
    for thing in sure(args)? {
        let seen = [measured(run, args, thing, cameras[0])?, measured(run, args, thing, cameras[1])?];
        if let [Some(a), Some(b)] = seen {
            both.push(thing);
            places[0].push(a);
            places[1].push(b);
        }
    }
    if both.len() < 2 {
        let what = format!(
            "two things that camera {} and camera {} both measured in their own axes then",
            cameras[0].0, cameras[1].0
        );
        return missing(MissingKind::Pose, what);
    }
    Ok((both, places))
}

/// The things, where it is sure which they are, and not too many.
fn sure(args: &Args<'_>) -> Part<Vec<EntityId>> {
    let things = args.things("things");
    if !things.possible.is_empty() {
        return Err(Stop::Missing(things.missing.clone()));
    }
    if things.certain.len() > MOST {
        return missing(MissingKind::Wording, format!("which things are meant: at most {MOST}"));
    }
    Ok(things.certain.clone())
}

/// Where a camera itself says that a thing is, in its own axes and metres.
fn measured(
    run: &mut Run<'_>,
    args: &Args<'_>,
    thing: EntityId,
    camera: ObserverId,
) -> Part<Option<[f64; 3]>> {
    let whole = run.record_span().into();
    let at = args.moment("at").map(|i| i.t);
    let t = match run.still_moment(thing, at, &whole) {
        Ok(t) => t,
        Err(Stop::Missing(_)) => return Ok(None),
        Err(failed) => return Err(failed),
    };
    let own = ReferenceFrame::Camera(camera);
    let trajectory = run.trajectory(thing)?;
    let found = trajectory.runs.iter().find_map(|part| {
        let pose = part.at(t)?.pose?;
        let row = run.world.reference_frame(pose.reference_frame)?;
        (row.reference_frame == own && row.scale == Scale::Metre).then_some((part.track, pose.position))
    });
    if let Some((track, _)) = found {
        run.cite_track(Some(thing), track, chronotope_world::Span::at(t), Some(t));
    }
    Ok(found.map(|(_, position)| position))
}
