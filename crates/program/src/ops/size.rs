//! How large.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, ScaleType, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_reason::metric::solid::Solid;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, Spread, Unit};

/// `size(a, of: longest, at: none, in: auto)`.
///
/// Without a moment: the middle of all its samples by that measure, with the least and greatest as interval. Of several things
/// only where all have one size.
pub struct Size;

impl Operator for Size {
    fn entry(&self) -> Entry {
        let about = "length, width, height, volume or footprint of a thing";
        entry("size", about, "program/src/ops/size.rs", "size(all(\"bed\"), of: longest)")
    }

    fn signature(&self) -> Signature {
        let gives = Gives::From(|types| {
            let power = match &types[1] {
                Some(Type::Word(word)) if word == "volume" => 3,
                Some(Type::Word(word)) if word == "footprint" => 2,
                _ => 1,
            };
            let scale = match types.last() {
                Some(Some(Type::Number(unit))) => unit.scale.clone(),
                _ => ScaleType::Data,
            };
            Ok(Type::Number(UnitType::length(power, 0, scale)))
        });
        let words = Takes::Word(&["longest", "length", "width", "height", "volume", "footprint"]);
        Signature::gives(gives)
            .needs("things", Takes::Things)
            .default("of", words, "longest")
            .at()
            .reference_frame(Preference::Metric)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (thing, frame, of) = (args.thing("things")?, args.frame("in")?, args.text("of"));
        let trajectory = run.trajectory(thing)?;
        let times: Vec<_> = match args.moment("at") {
            Some(instant) => vec![instant.t],
            None => trajectory.runs.iter().flat_map(|run| run.times()).collect(),
        };
        let (mut sizes, mut unit, mut why) = (Vec::new(), None, Vec::new());
        for t in times {
            match run.solid(thing, &frame, t) {
                Ok((solid, to)) => {
                    sizes.push(measure(&solid, of, &run.name_of(thing))?);
                    let scale = run.world.tables().scale_of(&to);
                    let power = match of {
                        "volume" => 3,
                        "footprint" => 2,
                        _ => 1,
                    };
                    unit = Some((Unit::powers(scale, power, 0, 0), to));
                }
                Err(Stop::Missing(more)) => why.extend(more),
                Err(failed) => return Err(failed),
            }
        }
        let Some((unit, to)) = unit else {
            if why.is_empty() {
                let name = run.name_of(thing);
                return missing(MissingKind::Pose, format!("the size of {name}"));
            }
            return Err(Stop::Missing(why.into_iter().take(1).collect()));
        };
        sizes.sort_by(f64::total_cmp);
        let (low, high) = (sizes[0], sizes[sizes.len() - 1]);
        let middle = f64::midpoint(sizes[(sizes.len() - 1) / 2], sizes[sizes.len() / 2]);
        let spread = if low < high { Spread::Interval { low, high } } else { Spread::None };
        Ok(Datum::Number(Quantity { value: middle, spread, unit, reference_frame: Some(to) }))
    }
}

fn measure(solid: &Solid, of: &str, name: &str) -> Part<f64> {
    match (solid, of) {
        (Solid::Point(_), _) => {
            missing(MissingKind::Pose, format!("the size of {name}: only its place is known"))
        }
        (Solid::Rectangle(b), "longest" | "length") => Ok(b.width.max(b.height)),
        (Solid::Rectangle(b), "width") => Ok(b.width),
        (Solid::Rectangle(b), "height") => Ok(b.height),
        (Solid::Rectangle(b), "footprint") => Ok(b.area()),
        (Solid::Rectangle(_), _) => {
            missing(MissingKind::Pose, format!("the volume of {name}: a picture shows none"))
        }
        (Solid::Box(b), "longest") => Ok(b.longest()),
        (Solid::Box(b), "length") => Ok(b.extent.x),
        (Solid::Box(b), "width") => Ok(b.extent.y),
        (Solid::Box(b), "height") => Ok(b.extent.z),
        (Solid::Box(b), "volume") => Ok(b.volume()),
        (Solid::Box(b), _) => Ok(b.extent.x * b.extent.y),
    }
}
