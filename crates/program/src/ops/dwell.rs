//! How long something stayed in a region.

use super::entry;
use super::inside::in_region;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::unseen::Unseen;
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Quantity, Spans, Spread};

/// `dwell(things, region, during: always)`: seconds inside, summed over things.
pub struct Dwell;

impl Operator for Dwell {
    fn entry(&self) -> Entry {
        let about = "seconds in a region, summed over things";
        entry("dwell", about, "program/src/ops/dwell.rs", "dwell(all(\"person\"), left_half())")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::SECOND)))
            .needs("things", Takes::Things)
            .needs("region", Takes::Region)
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let (things, region) = (args.things("things").clone(), args.region("region")?.clone());
        let asked = run.asked(&args.when("during"));
        let scopes: Vec<_> = things.scopes.iter().map(|scope| scope.inside(&region)).collect();
        crate::cover::covered(run, &scopes, &asked)?;
        if !things.possible.is_empty() {
            return Err(Stop::Missing(things.missing));
        }
        let (mut low, mut high) = (0.0, 0.0);
        let seconds = |spans: &Spans| spans.iter().map(|s| ((s.ns() + 400) / 1000) as f64).sum::<f64>() / 1e6;
        for &thing in &things.certain {
            let (when, known) = in_region(run, thing, &region, &asked)?;
            let mut unseen = Unseen::during(run, args);
            unseen.thing(run, &things, thing, &known)?;
            let when = unseen.finish(run, when)?;
            low += seconds(&when.certain);
            high += seconds(&when.possible.intersect(&asked));
        }
        let spread = if high > low { Spread::Interval { low, high } } else { Spread::None };
        Ok(Datum::Number(Quantity { spread, ..Quantity::seconds(low) }))
    }
}
