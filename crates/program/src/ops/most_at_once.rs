//! The greatest number at one moment.

use super::entry;
use super::hidden::seen_of;
use crate::cover::covered;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, Span, Spans, Spread, Time, Unit, When};

/// `most_at_once(things, during: always)`: at the moments that were looked at; more may have met between two pictures,
/// which is the upper end of the interval.
pub struct MostAtOnce;

/// `mean_at_once(things, during: always)`: the sum of their times of presence over the asked time; what may have been there unseen is
/// the upper end of the interval.
pub struct MeanAtOnce;

/// `when_most(things, during: always)`: the times at which most of them are present.
pub struct WhenMost;

impl Operator for MostAtOnce {
    fn entry(&self) -> Entry {
        let about = "greatest number of things present at one moment";
        entry("most-at-once", about, "program/src/ops/most_at_once.rs", "most_at_once(all(\"person\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::ONE))).needs("things", Takes::Things).during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let things = args.things("things");
        covered(run, &things.scopes, &asked)?;
        if !things.possible.is_empty() {
            return Err(Stop::Missing(things.missing.clone()));
        }
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        for &thing in &things.certain {
            let (when, _) = seen_of(run, thing)?;
            certain.extend(when.certain.intersect(&asked).iter().copied());
            possible.extend(when.possible.intersect(&asked).iter().copied());
        }
        let ((most, t), (high, _)) = (deepest(&certain), deepest(&possible));
        if let Some(t) = t {
            let at = Spans::from(Span::at(t));
            for &thing in &things.certain {
                if seen_of(run, thing)?.0.certain.contains(t) {
                    run.cite_thing(thing, &at, Some(t))?;
                }
            }
        }
        let spread =
            if high > most { Spread::Interval { low: most as f64, high: high as f64 } } else { Spread::None };
        Ok(Datum::Number(Quantity { spread, unit: Unit::ONE, ..Quantity::bare(most as f64) }))
    }
}

impl Operator for MeanAtOnce {
    fn entry(&self) -> Entry {
        let about = "mean number of things present at a time";
        entry("mean-at-once", about, "program/src/ops/most_at_once.rs", "mean_at_once(all(\"person\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::ONE))).needs("things", Takes::Things).during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let asked = run.asked(&args.when("during")).intersect(&run.record_span().into());
        let things = args.things("things");
        covered(run, &things.scopes, &asked)?;
        if !things.possible.is_empty() {
            return Err(Stop::Missing(things.missing.clone()));
        }
        let ns = |spans: &Spans| spans.iter().map(|span| span.ns() as f64).sum::<f64>();
        let whole = ns(&asked);
        if whole <= 0.0 || whole > 9e18 {
            return missing(MissingKind::Clock, "a mean over time needs a time that lasts");
        }
        let (mut low, mut high) = (0.0, 0.0);
        for &thing in &things.certain {
            let (when, _) = seen_of(run, thing)?;
            let certain = when.certain.intersect(&asked);
            low += ns(&certain) / whole;
            high += ns(&when.possible.intersect(&asked)) / whole;
            run.cite_thing(thing, &certain, None)?;
        }
        let spread = if high > low { Spread::Interval { low, high } } else { Spread::None };
        Ok(Datum::Number(Quantity { spread, ..Quantity::bare(low) }))
    }
}

impl Operator for WhenMost {
    fn entry(&self) -> Entry {
        let about = "when the greatest number of things is present";
        entry("when-most", about, "program/src/ops/most_at_once.rs", "when_most(all(\"person\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When)).needs("things", Takes::Things).during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let things = args.things("things").clone();
        covered(run, &things.scopes, &asked)?;
        if !things.possible.is_empty() {
            return Err(Stop::Missing(things.missing));
        }
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        for &thing in &things.certain {
            let (when, _) = seen_of(run, thing)?;
            certain.extend(when.certain.intersect(&asked).iter().copied());
            possible.extend(when.possible.intersect(&asked).iter().copied());
        }
        let most = deepest(&certain).0;
        if most == 0 {
            return missing(MissingKind::Entity, "there is no such thing");
        }
        let when = When::within(at_depth(&certain, most), &at_depth(&possible, most));
        for &thing in &things.certain {
            run.cite_thing(thing, &when.certain, None)?;
        }
        Ok(Datum::When(when))
    }
}

/// Where at least so many spans lie over each other.
pub(super) fn at_depth(spans: &[Span], least: usize) -> Spans {
    let mut edges: Vec<(Time, i32)> = spans.iter().flat_map(|s| [(s.start(), 1), (s.end(), -1)]).collect();
    edges.sort_unstable();
    let (mut depth, mut since, mut out) = (0_i32, None, Vec::new());
    for (t, step) in edges {
        depth += step;
        match since {
            None if depth >= least as i32 => since = Some(t),
            Some(from) if depth < least as i32 => {
                out.push(Span::between(from, t));
                since = None;
            }
            _ => {}
        }
    }
    out.into_iter().collect()
}

/// The greatest number of spans over one moment, and the first such moment.
fn deepest(spans: &[Span]) -> (usize, Option<Time>) {
    let mut edges: Vec<(Time, i32)> = spans.iter().flat_map(|s| [(s.start(), 1), (s.end(), -1)]).collect();
    // ends before starts at one time: spans that touch do not overlap
    edges.sort_unstable();
    let (mut depth, mut best) = (0, (0, None));
    for (t, step) in edges {
        depth += step;
        if depth > best.0 {
            best = (depth, Some(t));
        }
    }
    (best.0.max(0) as usize, best.1)
}
