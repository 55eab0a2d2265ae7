//! What a thing rests on or lies in.

use super::contact::{GAP_M, Standing, margin, shapes};
use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_reason::metric::contact::support;
use chronotope_world::EntityId;
use chronotope_world::catalogue::Entry;

/// `support(things, among, gap: auto)`: of each of the things the one support: that whose top is nearest to its underside
/// (within the gap, under its middle), else the smallest that holds at least half of it. A thing without one adds nothing.
pub struct Support;

impl Operator for Support {
    fn entry(&self) -> Entry {
        let example = "support(all(\"cup\"), all(\"table\"))";
        entry("support", "what things rest on or lie in", "program/src/ops/support.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("among", Takes::Things)
            .default("gap", Takes::Number((1, 0, 0)), "auto")
            .at()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let gap = margin(run, args, "gap", GAP_M)?;
        let (things, among) = (args.things("things").clone(), args.things("among").clone());
        if !things.possible.is_empty() || !among.possible.is_empty() {
            return Err(Stop::Missing([things.missing, among.missing].concat()));
        }
        let placed: Vec<(EntityId, Standing)> = shapes(run, args, things.all())?;
        let others: Vec<(EntityId, Standing)> = shapes(run, args, among.all())?;
        let mut found: Vec<EntityId> = Vec::new();
        for (thing, (shape, _)) in &placed {
            let besides: Vec<_> = others.iter().filter(|(other, _)| other != thing).collect();
            let shapes: Vec<_> = besides.iter().map(|(_, (upright, _))| upright).collect();
            found.extend(support(shape, &shapes, gap).map(|n| besides[n].0));
        }
        found.sort_unstable();
        found.dedup();
        Ok(Datum::Things(Things { certain: found, scopes: among.scopes, ..Things::default() }))
    }
}
