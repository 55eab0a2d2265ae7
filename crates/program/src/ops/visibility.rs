//! How it stands with a thing at a moment.

use super::entry;
use super::hidden::states;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Presence, Span, Spans, Time};

/// `visibility(things, at)`: `visible`, `hidden`, `out of view`, or `not seen` where somebody looked and nothing tells why.
pub struct Visibility;

impl Operator for Visibility {
    fn entry(&self) -> Entry {
        let about = "whether the one thing was visible, hidden or out of view at a moment";
        entry("visibility", about, "program/src/ops/visibility.rs", "visibility(all(\"bus\"), 4 s)")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text)).needs("things", Takes::Things).needs("at", Takes::Moment)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let thing = args.thing("things")?;
        let t = args.moment("at").map_or(Time(0), |instant| instant.t);
        let at = Spans::from(Span::at(t));
        let state = states(run, thing, &at)?.first().map(|(_, state)| *state);
        run.cite_thing(thing, &run.record_span().into(), Some(t))?;
        let word = match state {
            Some(Presence::Visible) => "visible",
            Some(Presence::Hidden) => "hidden",
            Some(Presence::OutOfView) => "out of view",
            Some(Presence::Unseen) => "not seen",
            Some(Presence::Unobserved) | None => {
                let name = run.name_of(thing);
                return missing(MissingKind::Coverage, format!("nobody looked for {name} at {t} s"));
            }
        };
        if state != Some(Presence::Visible) {
            run.assume("assumes that whoever looked would have reported it, had it been in plain view");
        }
        Ok(Datum::Text(word.to_owned()))
    }
}
