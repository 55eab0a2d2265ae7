//! How it stands with a thing at a moment.

use super::entry;
use super::hidden::states;
use crate::operator::{Cost, Operator};
use crate::paths::known_around;
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Missing, MissingKind, Presence, Span, Spans, Time};

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
        let stretch = states(run, thing, &at)?.first().copied();
        let state = stretch.map(|stretch| stretch.state);
        run.cite_thing(thing, &run.record_span().into(), Some(t))?;
        if stretch.is_some_and(|stretch| stretch.or_visible) {
            let words = format!("whether {} was in view at {t} s, between two pictures", run.name_of(thing));
            let trajectory = run.trajectory(thing)?;
            let missing = Missing::new(MissingKind::Pose, words);
            return Err(known_around(&trajectory, t, missing).into());
        }
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
