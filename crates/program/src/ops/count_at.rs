//! How many at one moment.

use super::entry;
use super::hidden::seen_of;
use crate::cover::covered;
use crate::operator::{Cost, Operator};
use crate::paths::known_around;
use crate::run::{Args, Outcome, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Missing, MissingKind, Quantity, Span, Spans, Time};

/// `count_at(things, at)`: a thing that is missing for less than its track's tolerance counts as present; one of which nothing shows then
/// (visibility 0) does not.
pub struct CountAt;

impl Operator for CountAt {
    fn entry(&self) -> Entry {
        let about = "number of things present at a moment";
        entry("count-at", about, "program/src/ops/count_at.rs", "count_at(all(\"person\"), 4.5 s)")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::ONE)))
            .needs("things", Takes::Things)
            .needs("at", Takes::Moment)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let t = args.moment("at").map_or(Time(0), |instant| instant.t);
        let things = args.things("things");
        let at = Spans::from(Span::at(t));
        covered(run, &things.scopes, &at)?;
        let (mut certain, mut unsure, mut hint) = (0, 0, None);
        for thing in things.all() {
            if !run.may_be_there(thing, t)? {
                continue;
            }
            let (when, _) = seen_of(run, thing)?;
            if when.certain.contains(t) {
                run.cite_thing(thing, &at, Some(t))?;
                if things.surely(thing) { certain += 1 } else { unsure += 1 }
            } else if when.possible.contains(t) {
                unsure += 1;
                let words = Missing::new(
                    MissingKind::Pose,
                    format!("whether {} was there at {t} s, between two pictures", run.name_of(thing)),
                );
                let trajectory = run.trajectory(thing)?;
                hint = hint.or(known_around(&trajectory, t, words).hint);
            }
        }
        // of things by name nobody asked whether their like was looked for
        let somebody_looked = || run.world.coverage().any(|row| row.span.contains(t));
        if certain + unsure == 0 && things.scopes.is_empty() && !somebody_looked() {
            return missing(MissingKind::Coverage, format!("nobody looked at {t} s"));
        }
        if unsure == 0 {
            return Ok(Datum::Number(Quantity::bare(f64::from(certain))));
        }
        if things.missing.is_empty() {
            let words = format!("whether {unsure} more were there at {t} s, between two pictures");
            return Err(Missing { hint, ..Missing::new(MissingKind::Pose, words) }.into());
        }
        Err(Stop::Missing(things.missing.clone()))
    }
}
