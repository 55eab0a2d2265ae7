//! Going out of view.

use super::entry;
use super::first_seen::edge;
use super::last_moment::last_moment;
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
        let last = edge(run, args, false)?;
        let end = if run.record_span().end() == Time::MAX { None } else { Some(last_moment(run)?) };
        if let Datum::Moment(instant) = &last
            && end.is_none_or(|end| instant.t >= end)
        {
            let things = args.things("things");
            let who = match (things.certain.as_slice(), things.possible.as_slice()) {
                ([one], []) => run.name_of(*one),
                _ => "some of them".to_owned(),
            };
            let words = end.map_or_else(String::new, |_| " until the end of the record".to_owned());
            return missing(MissingKind::Coverage, format!("{who} is in view{words}"));
        }
        Ok(last)
    }
}
