//! How large the room is.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, ScaleType, Signature, Type, UnitType};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, MissingKind, Quantity, Reference, Scale, Table, Unit};

/// `room_size()`: the fact `room size` of the scene.
pub struct RoomSize;

impl Operator for RoomSize {
    fn entry(&self) -> Entry {
        entry("room-size", "floor area of the room", "program/src/ops/room_size.rs", "room_size()")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::length(2, 0, ScaleType::Written(Scale::Metre)))))
    }

    fn run(&self, run: &mut Run<'_>, _: &Args<'_>) -> Outcome {
        let mut found = None;
        for fact in run.world.facts().filter(|fact| fact.predicate == "room size") {
            let Reference::Number(value, _) = fact.object else { continue };
            if found.is_some_and(|(_, known)| known != value) {
                return missing(MissingKind::Wording, "which of several rooms is meant");
            }
            found = Some((fact.id, value));
        }
        let Some((id, value)) = found else {
            return missing(MissingKind::Entity, "nobody measured the size of the room");
        };
        run.cite_rows(EvidenceKind::Supports, Table::Facts, [id.0]);
        Ok(Datum::Number(Quantity::new(value, Unit::powers(Scale::Metre, 2, 0, 0), None)))
    }
}
