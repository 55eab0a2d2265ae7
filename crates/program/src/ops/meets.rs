//! Meeting.

use super::entry;
use super::motion_direction::size_of;
use super::within::{near, same_scale};
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::Unseen;
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Scale, Span, Time};

/// `meets(a, b, within: auto, during: always, in: auto)`: when some pair is that close.
///
/// `auto` is 2 m, near the edge of personal distance (Hall, The Hidden Dimension, 1966: 1.2 m, social distance to 3.7 m), or in a picture
/// half the mean of their sizes.
pub struct Meets;

impl Operator for Meets {
    fn entry(&self) -> Entry {
        let example = "meets(entity(1), entity(2), within: 1.5 m)";
        entry("meets", "when some pair is close", "program/src/ops/meets.rs", example)
    }

    fn signature(&self) -> Signature {
        let gives = Gives::From(|types| match (&types[2], types.last()) {
            (Some(Type::Number(a)), Some(Some(Type::Number(b)))) if !a.agrees(b) => {
                Err(format!("{b} against {a}"))
            }
            _ => Ok(Type::When),
        });
        Signature::gives(gives)
            .needs("a", Takes::Things)
            .needs("b", Takes::Things)
            .default("within", Takes::Number((1, 0, 0)), "auto")
            .during()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (a, b) = (args.things("a").clone(), args.things("b").clone());
        let (frame, asked) = (args.frame("in")?, run.asked(&args.when("during")));
        let unseen = Unseen::during(run, args);
        if let Some(number) = args.number("within") {
            same_scale(run.world, &frame, &number.unit)?;
            let most = number.value;
            return near(run, &a, &b, |_, _| Ok(most), false, &frame, &asked, unseen).map(Datum::When);
        }
        if frame.scale(run.world) == Some(Scale::Metre) {
            return near(run, &a, &b, |_, _| Ok(2.0), false, &frame, &asked, unseen).map(Datum::When);
        }
        let mut sizes = std::collections::BTreeMap::new();
        for thing in a.all().chain(b.all()) {
            let middle = run.presence_of(thing)?.certain.hull().unwrap_or(Span::at(Time(0)));
            let t = run.trajectory(thing)?.runs.iter().flat_map(|r| r.times()).find(|&t| t >= middle.start());
            let size = size_of(run, thing, &frame, t.unwrap_or(middle.start()));
            sizes.insert(thing, size);
        }
        near(run, &a, &b, |x, y| Ok((sizes[&x] + sizes[&y]) / 4.0), false, &frame, &asked, unseen)
            .map(Datum::When)
    }
}
