//! Where.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;

/// `position(things, at: none, during: always, in: auto)`: of the one thing; without a moment, where it stayed.
pub struct Position;

impl Operator for Position {
    fn entry(&self) -> Entry {
        let about = "where the one thing is";
        entry(
            "position",
            about,
            "program/src/ops/position.rs",
            "position(all(\"bus\"), at: 4.5 s, in: image)",
        )
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Position))
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
        let n = if to.is_picture() { 2 } else { 3 };
        Ok(Datum::Position(placed.point[..n].to_vec(), to))
    }
}
