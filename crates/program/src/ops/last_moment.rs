//! The last moment of the record.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Signature, Type};
use crate::value::{Datum, Instant};
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Time};

/// `last_moment()`: the time of the last picture. The record's end itself is no moment of it: spans are half-open.
///
/// That of the last sample, or where the record goes on for more than one and a half steps of the pictures, one step
/// before its end: nobody was there to be sampled. A step is the median time between neighbouring samples.
pub struct LastMoment;

impl Operator for LastMoment {
    fn entry(&self) -> Entry {
        let about = "the last moment of the record";
        entry("last-moment", about, "program/src/ops/last_moment.rs", "count_at(all(\"car\"), last_moment())")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Moment))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, _: &Args<'_>) -> Outcome {
        if run.record_span().end() == Time::MAX {
            return missing(MissingKind::Clock, "a timeless scene has no end");
        }
        Ok(Datum::Moment(Instant::exactly(last_moment(run)?)))
    }
}

/// The last moment of a record that has an end.
pub(super) fn last_moment(run: &mut Run<'_>) -> Part<Time> {
    let span = run.record_span();
    let cameras: Vec<_> = run.world.tables().observers.iter().map(|o| o.id).collect();
    let mut times = Vec::new();
    for observer in cameras.into_iter().map(Some).chain([None]) {
        times.extend(run.picture_times(observer)?.iter().copied().filter(|&t| span.contains(Time(t))));
    }
    times.sort_unstable();
    times.dedup();
    let mut steps: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_unstable();
    let step = steps.get(steps.len() / 2).copied().unwrap_or(1);
    let before = span.end().plus_ns(-step.max(1)).max(span.start());
    let last = times.last().map_or(before, |&last| Time(last));
    let near = span.end() - last <= step.saturating_add(step / 2);
    Ok(if near { last } else { before })
}
