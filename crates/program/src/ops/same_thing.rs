//! What two cameras say of one scene: whether a thing is the same for both, and whether they agree where things are.

use super::across_views::{both_measured, within};
use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_reason::metric::views::{Conflict, conflicts};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, ObserverId, ObserverKind, ReferenceFrame};

/// `same_thing(things, a: none, b: none, during: always)`: whether the one of the things that camera `a` shows is the one that camera `b` shows, as the
/// World's identities say. A camera is named by its name, its number, or its letter in order (`A`); where there are two, none need be
/// named. Unknown where a camera shows none of them, or several.
pub struct SameThing;
/// `views_agree(things, about: none, a: none, b: none, within: auto, at: none, in: auto)`: whether what both cameras measured of the things in their own axes can be
/// one unchanged scene (`view_conflicts` tells why not); with `about:` only what concerns that thing.
pub struct ViewsAgree;

impl Operator for SameThing {
    fn entry(&self) -> Entry {
        let about = "whether what one camera shows is what another shows";
        entry(
            "same-thing",
            about,
            "program/src/ops/same_thing.rs",
            "same_thing(all(\"person\"), a: \"0\", b: \"1\")",
        )
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Truth))
            .needs("things", Takes::Things)
            .default("a", Takes::Text, "none")
            .default("b", Takes::Text, "none")
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let cameras = cameras(run, args)?;
        let asked = run.asked(&args.when("during"));
        let things: Vec<EntityId> = args.things("things").all().collect();
        let mut shown = Vec::new();
        for camera in cameras {
            let mut seen = Vec::new();
            for &thing in &things {
                let trajectory = run.trajectory(thing)?;
                let part = trajectory.runs.iter().find_map(|part| {
                    let at = part.samples().find(|s| asked.iter().any(|span| span.overlaps(s.span())))?;
                    // by the track's camera, or by the axes that it measures in
                    let axes = at.pose.and_then(|pose| run.world.reference_frame(pose.reference_frame));
                    let own = ReferenceFrame::Camera(camera);
                    let by = run.world.track(part.track)?.observer == Some(camera)
                        || axes.is_some_and(|row| row.reference_frame == own);
                    by.then_some((part.track, at.t))
                });
                if let Some((track, t)) = part {
                    run.cite_track(Some(thing), track, chronotope_world::Span::at(t), Some(t));
                    seen.push(thing);
                }
            }
            match seen[..] {
                [one] => shown.push(one),
                [] => {
                    return missing(MissingKind::Entity, format!("camera {} shows no such thing", camera.0));
                }
                _ => {
                    let what = format!("camera {}: which of {} things is meant", camera.0, seen.len());
                    return missing(MissingKind::Wording, what);
                }
            }
        }
        run.assume("things are one or two as the World's identities say");
        Ok(Datum::Truth(shown[0] == shown[1]))
    }
}

impl Operator for ViewsAgree {
    fn entry(&self) -> Entry {
        let about = "whether two cameras can have seen one scene";
        entry(
            "views-agree",
            about,
            "program/src/ops/same_thing.rs",
            "views_agree(all(), a: \"0\", b: \"1\", at: 2 s)",
        )
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Truth))
            .needs("things", Takes::Things)
            .default("about", Takes::Things, "none")
            .default("a", Takes::Text, "none")
            .default("b", Takes::Text, "none")
            .default("within", Takes::Number((1, 0, 0)), "auto")
            .at()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let cameras = cameras(run, args)?;
        let about = if args.given("about").is_some() { Some(args.thing("about")?) } else { None };
        let within = within(run, args)?;
        let (both, places) = both_measured(run, args, cameras)?;
        let asked = about.and_then(|about| both.iter().position(|thing| *thing == about));
        if let (Some(about), None) = (about, asked) {
            let what = format!("a time at which both cameras measured {}", run.name_of(about));
            return missing(MissingKind::Pose, what);
        }
        let concerns = |things: &[usize]| asked.is_none_or(|at| things.contains(&at));
        let torn = conflicts(&places[0], &places[1], within).iter().any(|conflict| match conflict {
            Conflict::Distance { things, .. } => concerns(things),
            Conflict::Mirrored { things } => concerns(things),
        });
        run.assume("nothing moved between the two measurements of one moment");
        Ok(Datum::Truth(!torn))
    }
}

/// The two cameras that are named, or the only two.
fn cameras(run: &Run<'_>, args: &Args<'_>) -> Part<[ObserverId; 2]> {
    let all: Vec<(ObserverId, String)> = run
        .world
        .tables()
        .observers
        .iter()
        .filter(|row| row.kind == ObserverKind::Camera)
        .map(|row| (row.id, row.name.to_lowercase()))
        .collect();
    let words = [args.text("a"), args.text("b")].map(|word| word.trim().to_lowercase());
    if words.iter().all(String::is_empty) {
        return match all[..] {
            [(a, _), (b, _)] => Ok([a, b]),
            _ => missing(MissingKind::Wording, format!("which two of {} cameras are meant", all.len())),
        };
    }
    let found = words.map(|word| {
        let letter = match word.as_bytes() {
            [letter @ b'a'..=b'z'] => all.get(usize::from(letter - b'a')),
            _ => None,
        };
        let number = word.parse::<u64>().ok();
        let by_number = all.iter().find(|(id, _)| Some(id.0) == number);
        let one = all.iter().find(|(_, name)| *name == word).or(by_number).or(letter);
        one.map(|(id, _)| *id).ok_or(word)
    });
    match found {
        [Ok(a), Ok(b)] => Ok([a, b]),
        [Err(word), _] | [_, Err(word)] => missing(MissingKind::Entity, format!("no camera `{word}`")),
    }
}
