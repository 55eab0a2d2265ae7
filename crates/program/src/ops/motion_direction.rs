//! Which way something moved.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_reason::metric::direction::compass;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, ReferenceFrame, Time};

/// `motion_direction(a, during: always, sectors: auto, in: auto)`: from the first to the last place; `still` where that is less than a
/// tenth of the thing's size.
pub struct MotionDirection;

impl Operator for MotionDirection {
    fn entry(&self) -> Entry {
        let about = "which way a thing moved";
        let example = "motion_direction(first(all(\"car\")), in: stage)";
        entry("motion-direction", about, "program/src/ops/motion_direction.rs", example)
    }

    fn signature(&self) -> Signature {
        let systems = Takes::Word(&["auto", "LR2", "UD2", "CARD4", "OCT8"]);
        Signature::gives(Gives::Fixed(Type::Text))
            .needs("things", Takes::Things)
            .during()
            .default("sectors", systems, "auto")
            .reference_frame(Preference::Picture)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (thing, frame, sectors) = (args.thing("things")?, args.frame("in")?, args.text("sectors"));
        let asked = run.asked(&args.when("during"));
        let path = run.path(thing, &frame, &asked)?;
        // the last shot's stage is the only frame in which the last place can be compared
        let last = path.len() - 1;
        let first = (0..=last).find(|&i| path.frame[i] == path.frame[last]).unwrap_or(last);
        let to = path.frames[path.frame[last] as usize].clone();
        let (a, b) = (path.point(first), path.point(last));
        let d: [f64; 3] = std::array::from_fn(|k| b[k] - a[k]);
        let name = run.name_of(thing);
        if first == last {
            return missing(MissingKind::Pose, format!("{name} was seen only once"));
        }
        let size = size_of(run, thing, &frame, Time(path.t_ns[last]));
        if (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt() < size * 0.1 || d == [0.0; 3] {
            return Ok(Datum::Text("still".into()));
        }
        Ok(Datum::Text(word(&to, d, sectors).to_owned()))
    }
}

/// The longest side of a thing then; 0 where only its place is known.
pub(super) fn size_of(run: &mut Run<'_>, thing: EntityId, frame: &crate::frame::Frame, t: Time) -> f64 {
    use chronotope_reason::metric::solid::Solid;
    match run.solid(thing, frame, t) {
        Ok((Solid::Box(b), _)) => b.longest(),
        Ok((Solid::Rectangle(b), _)) => b.width.max(b.height),
        _ => 0.0,
    }
}

fn word(frame: &ReferenceFrame, d: [f64; 3], sectors: &str) -> &'static str {
    let horizontal = if d[0] >= 0.0 { "right" } else { "left" };
    let (across, along, pair) = match frame {
        ReferenceFrame::World(_) | ReferenceFrame::Geo => {
            return compass([d[0], d[1]]).unwrap_or(if d[2] > 0.0 { "up" } else { "down" });
        }
        ReferenceFrame::Camera(_) => (d[0], d[2], if d[2] >= 0.0 { "away" } else { "towards" }),
        ReferenceFrame::Object(_) => {
            // x forward, y left
            let side = if d[1] > 0.0 { "left" } else { "right" };
            let way = if d[0] >= 0.0 { "forward" } else { "backward" };
            return if d[1].abs() > d[0].abs() { side } else { way };
        }
        _ => (d[0], d[1], if d[1] >= 0.0 { "down" } else { "up" }),
    };
    match sectors {
        "LR2" => horizontal,
        "UD2" => pair,
        // diagonal where neither part is twice the other and more
        "OCT8" if across.abs() < along.abs() * 2.414 && along.abs() < across.abs() * 2.414 => {
            match (pair, horizontal) {
                ("down", "right") => "down-right",
                ("down", _) => "down-left",
                ("up", "right") => "up-right",
                ("up", _) => "up-left",
                ("away", "right") => "away-right",
                ("away", _) => "away-left",
                (_, "right") => "towards-right",
                _ => "towards-left",
            }
        }
        _ if across.abs() >= along.abs() => horizontal,
        _ => pair,
    }
}
