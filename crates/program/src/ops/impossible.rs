//! Where tracks contradict what things can do.

use super::entry;
use crate::boxes::Flat;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::{Datum, Events, Happening};
use chronotope_reason::calculus::continuity;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Span, Time};

/// `impossible(things, goes: 0.5, within: 1 s, during: always, in: auto)`: Events, one for each triple of boxes that cannot be.
///
/// Between two samples at most `within` apart a thing goes at most that share of its size. Where a thing's box then lies wholly where only another
/// one was, composition in RCC-8 leaves nothing: the track went over to the other thing.
pub struct Impossible;

impl Operator for Impossible {
    fn entry(&self) -> Entry {
        let about = "when a track went over to another thing, found by composition";
        entry("impossible", about, "program/src/ops/impossible.rs", "impossible(all(\"car\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Events))
            .needs("things", Takes::Things)
            .default("goes", Takes::Number((0, 0, 0)), "0.5")
            .default("within", Takes::Number((0, 1, 0)), "1 s")
            .during()
            .reference_frame(Preference::Picture)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (things, frame) = (args.things("things").clone(), args.frame("in")?);
        let asked = run.asked(&args.when("during"));
        let share = args.number("goes").map_or(0.5, |n| n.value).max(0.0);
        let within_s = args.number("within").map_or(1.0, |n| n.value).clamp(0.0, 1e9);
        let mut out = Events { scopes: things.scopes.clone(), ..Events::default() };
        let (mut ids, mut paths, mut first_frame) = (Vec::new(), Vec::new(), None);
        for thing in things.all() {
            match run.boxes(thing, &frame, &asked, Flat::AsIs) {
                Ok((path, to)) => {
                    // boxes of two pictures are not compared
                    if *first_frame.get_or_insert(to.clone()) == to {
                        ids.push(thing);
                        paths.push(path);
                    }
                }
                Err(Stop::Missing(why)) => {
                    out.missing.extend(why.into_iter().filter(|m| m.kind != MissingKind::Pose).take(1));
                }
                Err(failed) => return Err(failed),
            }
        }
        for triple in continuity::impossible(&paths, share, Time::from_s(within_s).0) {
            let span = Span::between(Time(triple.from_ns), Time(triple.to_ns).plus_ns(1));
            let other = run.name_of(ids[triple.other]);
            out.happenings.push(Happening {
                kind: "impossible".into(),
                certain: span,
                possible: span,
                entity: Some(ids[triple.track]),
                direction: Some(format!("to the place of {other}")),
                event: None,
            });
        }
        Ok(Datum::Events(out))
    }
}
