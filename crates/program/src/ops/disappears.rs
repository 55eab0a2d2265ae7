//! Going out of view.

use super::entry;
use super::first_seen::edge;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Time};

/// `disappears(things, during: always)`: when they are last seen, if that is not to the end of the record: what is still there then has
/// not disappeared, and when it will is not known.
pub struct Disappears;

impl Operator for Disappears {
    fn entry(&self) -> Entry {
        let about = "the moment at which a thing goes out of view";
        entry("disappears", about, "program/src/ops/disappears.rs", "disappears(all(\"dog\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Moment)).needs("things", Takes::Things).during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (last, to_the_end) = edge(run, args, false)?;
        let end = run.record_span().end();
        if to_the_end || end == Time::MAX {
            let things = args.things("things");
            let who = match (things.certain.as_slice(), things.possible.as_slice()) {
                ([one], []) => run.name_of(*one),
                _ => "some of them".to_owned(),
            };
            let words = if end == Time::MAX { "" } else { " until the end of the record" };
            return missing(MissingKind::Coverage, format!("{who} is in view{words}"));
        }
        Ok(Datum::Moment(last))
    }
}
