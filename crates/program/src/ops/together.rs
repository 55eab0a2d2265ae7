//! When two were seen at once.

use super::entry;
use super::hidden::seen_of;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use crate::{cover::covered, run::Stop};
use chronotope_world::When;
use chronotope_world::catalogue::Entry;

/// `together(a, b, during: always)`: some of `a` and some other of `b`.
pub struct Together;

impl Operator for Together {
    fn entry(&self) -> Entry {
        let example = "together(all(\"bus\"), all(\"car\"))";
        entry("together", "when both were seen at once", "program/src/ops/together.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When))
            .needs("a", Takes::Things)
            .needs("b", Takes::Things)
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let asked = run.asked(&args.when("during"));
        let (a, b) = (args.things("a"), args.things("b"));
        let mut out = When::default();
        for x in a.all() {
            for y in b.all().filter(|&y| y != x) {
                let ((p, _), (q, _)) = (seen_of(run, x)?, seen_of(run, y)?);
                let certain = p.certain.intersect(&q.certain).intersect(&asked);
                if a.surely(x) && b.surely(y) && !certain.is_empty() {
                    run.cite_thing(x, &certain, None)?;
                    run.cite_thing(y, &certain, None)?;
                    out.certain = out.certain.union(&certain);
                }
                out.possible = out.possible.union(&p.possible.intersect(&q.possible).intersect(&asked));
            }
        }
        let scopes: Vec<_> = a.scopes.iter().chain(&b.scopes).cloned().collect();
        match covered(run, &scopes, &asked) {
            // without coverage they may have been there unseen
            Err(Stop::Missing(_)) if !out.certain.is_empty() => out.possible = asked,
            other => other?,
        }
        Ok(Datum::When(out))
    }
}
