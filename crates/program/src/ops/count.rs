//! How many.

use super::entry;
use super::present::seen_during;
use crate::cover::covered;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop, missing};
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use crate::value::Things;
use chronotope_story::lexicon::normal;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, MissingKind, Quantity, Reference, Spans, Spread, Table};

/// `count(what, during: always)`: distinct things seen over the span; events; separate spans of a When; texts of a list.
pub struct Count;

impl Operator for Count {
    fn entry(&self) -> Entry {
        let about = "number of distinct things seen over a span, of events, or of separate spans";
        entry("count", about, "program/src/ops/count.rs", "count(all(\"car\"), during: span(0 s, 10 s))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::ONE)))
            .needs(
                "what",
                Takes::Either(vec![
                    Takes::Things,
                    Takes::Events,
                    Takes::When,
                    Takes::List(Box::new(Takes::Text)),
                ]),
            )
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let number = |n: usize| Ok(Datum::Number(Quantity::bare(n as f64)));
        match args.given("what") {
            Some(Datum::Events(events)) => {
                covered(run, &events.scopes, &asked)?;
                let inside =
                    events.happenings.iter().filter(|h| asked.iter().any(|s| s.overlaps(h.possible)));
                let inside: Vec<_> = inside.collect();
                let certain = inside.iter().filter(|h| asked.iter().any(|s| s.overlaps(h.certain))).count();
                if certain < inside.len() {
                    let rest = inside.len() - certain;
                    return missing(
                        MissingKind::Pose,
                        format!("whether {rest} more happened within the span"),
                    );
                }
                if !events.missing.is_empty() && certain == 0 {
                    return Err(Stop::Missing(events.missing.clone()));
                }
                run.cite_rows(
                    EvidenceKind::Supports,
                    Table::Events,
                    inside.iter().filter_map(|h| Some(h.event?.0)),
                );
                if events.missing.is_empty() {
                    return number(certain);
                }
                // what was not seen may have happened besides
                let low = certain as f64;
                let spread = Spread::Interval { low, high: f64::INFINITY };
                Ok(Datum::Number(Quantity { spread, ..Quantity::bare(low) }))
            }
            Some(Datum::List(texts)) => number(texts.len()),
            Some(Datum::When(when)) => {
                let (certain, possible) = (when.certain.intersect(&asked), when.possible.intersect(&asked));
                let why = run.why_open(&possible.minus(&certain))?;
                if !why.is_empty() {
                    return Err(Stop::Missing(why));
                }
                if certain.len() != possible.len() {
                    let what = format!("whether it was so {} or {} times", certain.len(), possible.len());
                    return missing(MissingKind::Pose, what);
                }
                number(certain.len())
            }
            _ => {
                let things = args.things("what");
                if things.unconditional
                    && asked == Spans::from(run.record_span())
                    && let Some(counted) = counted(run, things)
                {
                    return Ok(Datum::Number(Quantity::bare(counted)));
                }
                covered(run, &things.scopes, &asked)?;
                let seen = seen_during(run, things, &asked)?;
                if !seen.possible.is_empty() {
                    // who came or went between the two pictures at an edge of the asked time, or was not seen long enough
                    let unseen = seen.missing.iter().all(|m| m.kind == MissingKind::Pose);
                    if !unseen || seen.certain.is_empty() && !seen.missing.is_empty() {
                        return Err(Stop::Missing(seen.missing));
                    }
                    for missing in &seen.missing {
                        run.assume(&format!("at least: {}", missing.what));
                    }
                    let low = seen.certain.len() as f64;
                    let spread = Spread::Interval { low, high: low + seen.possible.len() as f64 };
                    return Ok(Datum::Number(Quantity { spread, ..Quantity::bare(low) }));
                }
                number(seen.certain.len())
            }
        }
    }
}

/// What a source counted of a label (the fact `count` about the label as a text), where it differs from what has places: of things
/// without a box nothing else is known.
fn counted(run: &mut Run<'_>, things: &Things) -> Option<f64> {
    let [scope] = things.scopes.as_slice() else { return None };
    let asked = normal(scope.label.as_deref()?);
    let mut found = None;
    for fact in run.world.facts().filter(|fact| fact.predicate == "count") {
        if let (Reference::Text(label), Reference::Number(n, _)) = (&fact.subject, &fact.object)
            && normal(label) == asked
        {
            if found.is_some_and(|(_, known)| known != *n) {
                return None;
            }
            found = Some((fact.id.0, *n));
        }
    }
    let (id, n) = found?;
    run.cite_rows(EvidenceKind::Supports, Table::Facts, [id]);
    Some(n)
}
