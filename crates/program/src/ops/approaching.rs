//! Coming nearer and going away.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::{Pair, Unseen};
use crate::value::Datum;
use chronotope_reason::motion::pair;
use chronotope_world::catalogue::Entry;
use chronotope_world::{Span, Spans, When};

/// `approaching(a, b, during: always, in: auto)`: when the distance of the centres falls.
pub struct Approaching;
/// `receding(a, b, during: always, in: auto)`: when it grows.
pub struct Receding;

fn signature() -> Signature {
    Signature::gives(Gives::Fixed(Type::When))
        .needs("a", Takes::Things)
        .needs("b", Takes::Things)
        .during()
        .reference_frame(Preference::Metric)
}

impl Operator for Approaching {
    fn entry(&self) -> Entry {
        let about = "when the distance of two things falls";
        entry(
            "approaching",
            about,
            "program/src/ops/approaching.rs",
            "approaching(all(\"dog\"), all(\"cat\"))",
        )
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        when(run, args, 1.0).map(Datum::When)
    }
}

impl Operator for Receding {
    fn entry(&self) -> Entry {
        let about = "when the distance of two things grows";
        entry("receding", about, "program/src/ops/approaching.rs", "receding(all(\"dog\"), all(\"cat\"))")
    }

    fn signature(&self) -> Signature {
        signature()
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        when(run, args, -1.0).map(Datum::When)
    }
}

/// Along a straight offset the squared distance is a parabola: it falls up to its least point.
fn when(run: &mut Run<'_>, args: &Args<'_>, sign: f64) -> Part<When> {
    let (a, b, frame) = (args.thing("a")?, args.thing("b")?, args.frame("in")?);
    let asked = run.asked(&args.when("during"));
    let around = run.around(&[a, b], &asked)?;
    let paths = Pair::of(run, a, b, &frame, &around)?;
    let offsets = pair::offsets(&paths.a, &paths.b);
    let mut unseen = Unseen::during(run, args);
    unseen.pair(run, [(args.things("a"), a), (args.things("b"), b)], &paths)?;
    let mut spans = Vec::new();
    for offset in offsets {
        let (d0, d1) = offset.ends();
        let (u, least) = offset.nearest();
        let turn = offset.moment(u);
        let (falls, grows) = (least < d0, least < d1);
        if sign > 0.0 && falls {
            spans.push(Span::between(offset.t0, turn));
        }
        if sign < 0.0 && grows {
            spans.push(Span::between(turn, offset.t1));
        }
    }
    let spans: Spans = spans.into_iter().collect();
    unseen.finish(run, When::exactly(spans.intersect(&asked)))
}
