//! How long between two told ends, from stated durations and relations.

use super::entry;
use super::networks::{Told, undecided};
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_reason::constraint::Schedule;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, Spread, Time};

/// `bounds("lunch start", "walk end", facts: …)`: the seconds from one end to the other: the least and greatest of all schedules in which the facts
/// hold; rows of `facts` as in `consistent` with `calculus: allen`.
///
/// Negative where the second comes first; the value is the middle of the interval. The facts from which it follows, none of which can be
/// left out, are its assumptions. Where nothing bounds one side, it is unknown, and what is missing names the side that is known.
pub struct Bounds;

impl Operator for Bounds {
    fn entry(&self) -> Entry {
        let example = "bounds(\"lunch start\", \"walk end\", facts: [[\"lunch\", \"m\", \"walk\"], [\"lunch start\", \"lunch end\", \"1800\", \"3600\"], [\"walk start\", \"walk end\", \"600\", \"900\"]])";
        entry(
            "bounds",
            "how long between two told ends, from stated durations and relations",
            "program/src/ops/bounds.rs",
            example,
        )
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::SECOND)))
            .needs("from", Takes::Text)
            .needs("to", Takes::Text)
            .default("facts", Takes::List(Box::new(Takes::List(Box::new(Takes::Text)))), "none")
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Things
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let mut told = Told::in_calculus(run, args, "allen")?;
        let known = told.names.len();
        let (from, to) = (told.end(args.text("from"))?, told.end(args.text("to"))?);
        if let Some(stranger) = told.names.get(known) {
            return missing(MissingKind::Entity, format!("no fact names `{stranger}`"));
        }
        let timing = told.timing()?;
        let budget = told.budget();
        let Some((low, high)) = timing.between(from, to, budget).map_err(crate::error::Error::from)? else {
            return match timing.solve(budget) {
                Schedule::Impossible => {
                    missing(MissingKind::Wording, "the facts contradict each other: ask explain(…)")
                }
                _ => undecided(&told),
            };
        };
        let s = |ns: i64| Time(ns).as_s();
        match (low, high) {
            (i64::MIN, i64::MAX) => return missing(MissingKind::Coverage, "a fact that bounds it"),
            (i64::MIN, high) => {
                let what = format!("a fact that bounds it from below: it is at most {} s", s(high));
                return missing(MissingKind::Coverage, what);
            }
            (low, i64::MAX) => {
                let what = format!("a fact that bounds it from above: it is at least {} s", s(low));
                return missing(MissingKind::Coverage, what);
            }
            _ => {}
        }
        if let Some(facts) = timing.why(from, to, low, high, budget).map_err(crate::error::Error::from)? {
            for fact in facts {
                run.assume(&format!("told: {}", told.facts[fact].text));
            }
        }
        if low < high {
            run.assume(&format!(
                "anything from {} s to {} s is possible; the value is the middle",
                s(low),
                s(high)
            ));
        }
        let spread = if low == high { Spread::None } else { Spread::Interval { low: s(low), high: s(high) } };
        Ok(Datum::Number(Quantity { spread, ..Quantity::seconds(f64::midpoint(s(low), s(high))) }))
    }
}
