//! How high.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Preference, ScaleType, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, ReferenceFrame, Scale, Spread, Unit};

/// `altitude(things, at: none, during: always, in: auto)`: the height of the one thing's middle in a world whose z points up; over nothing but that
/// world's own zero.
pub struct Altitude;

impl Operator for Altitude {
    fn entry(&self) -> Entry {
        let about = "how high the middle of the one thing lies";
        entry("altitude", about, "program/src/ops/altitude.rs", "altitude(all(\"bus\"), at: 4.5 s)")
    }

    fn signature(&self) -> Signature {
        let gives = Gives::From(|types| {
            let scale = match types.last() {
                Some(Some(Type::Number(unit))) => unit.scale.clone(),
                _ => ScaleType::Data,
            };
            Ok(Type::Number(UnitType::length(1, 0, scale)))
        });
        Signature::gives(gives)
            .needs("things", Takes::Things)
            .at()
            .during()
            .reference_frame(Preference::Metric)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (thing, frame) = (args.thing("things")?, args.frame("in")?);
        let asked = run.asked(&args.when("during"));
        let t = run.still_moment(thing, args.moment("at").map(|i| i.t), &asked)?;
        let (placed, to) = run.place(thing, &frame, t)?;
        if !matches!(to, ReferenceFrame::World(_)) {
            return missing(
                MissingKind::Transform,
                format!("no transform from {to} to a world whose z points up"),
            );
        }
        let scale = frame.scale(run.world).unwrap_or(Scale::Metre);
        Ok(Datum::Number(Quantity {
            value: placed.point[2],
            unit: Unit::length(scale),
            reference_frame: Some(to),
            spread: Spread::None,
        }))
    }
}
