//! When events happened.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;

/// `when(events)`.
pub struct WhenOf;

impl Operator for WhenOf {
    fn entry(&self) -> Entry {
        entry("when", "the spans of events", "program/src/ops/when.rs", "when(events(\"pan\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When)).needs("events", Takes::Events)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let events = args.events("events").cloned().unwrap_or_default();
        if events.happenings.is_empty() {
            let whole = run.record_span().into();
            crate::cover::covered(run, &events.scopes, &whole)?;
        }
        Ok(Datum::When(events.when()))
    }
}
