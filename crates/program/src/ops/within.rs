//! When things are near each other.

use super::entry;
use crate::frame::Frame;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::{Pair, Unseen};
use crate::value::{Datum, Things};
use chronotope_reason::motion::pair;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, Missing, MissingKind, Quantity, Scale, Span, Spans, Unit, When, World};

/// `within(a, b, 5 m, during: always, between: centres, in: auto)`.
pub struct Within;

impl Operator for Within {
    fn entry(&self) -> Entry {
        let about = "when the distance of some pair is at most so much";
        let example = "within(all(\"person\"), all(\"car\"), 5 m)";
        entry("within", about, "program/src/ops/within.rs", example)
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
            .needs("distance", Takes::Number((1, 0, 0)))
            .during()
            .between()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (a, b) = (args.things("a").clone(), args.things("b").clone());
        let (frame, asked) = (args.frame("in")?, run.asked(&args.when("during")));
        let most = args.number("distance").cloned().unwrap_or(Quantity::bare(f64::NAN));
        same_scale(run.world, &frame, &most.unit)?;
        let surfaces = args.text("between") == "surfaces";
        let unseen = Unseen::during(run, args);
        near(run, &a, &b, |_, _| Ok(most.value), surfaces, &frame, &asked, unseen).map(Datum::When)
    }
}

/// A length of this unit means something in a frame.
///
/// # Errors
/// The missing transform or scale.
pub(super) fn same_scale(world: &World, frame: &Frame, unit: &Unit) -> Part<()> {
    let (Some(given), Some(scale)) = (unit.scale(), frame.scale(world)) else { return Ok(()) };
    match (&scale, given) {
        (a, b) if a == b => Ok(()),
        (Scale::Own(name), _) | (_, Scale::Own(name)) => {
            let what = format!("the scale of {name}: how many metres its unit is");
            missing(MissingKind::Scale, what)
        }
        (Scale::Pixel, _) => {
            let what = format!("no transform from {frame} to a frame in metres");
            Err(Missing::new(MissingKind::Transform, what).hint("watch --ground CALIBRATION.json").into())
        }
        (Scale::Metre, _) => {
            missing(MissingKind::Transform, format!("no transform from {frame} to a picture"))
        }
    }
}

/// When some pair is within a distance that may depend on the pair.
pub(super) fn near(
    run: &mut Run<'_>,
    a: &Things,
    b: &Things,
    mut most: impl FnMut(EntityId, EntityId) -> Part<f64>,
    surfaces: bool,
    frame: &Frame,
    asked: &Spans,
    mut unseen: Unseen,
) -> Part<When> {
    let (mut out, mut why, mut tried) = (When::default(), Vec::new(), 0);
    for x in a.all() {
        for y in b.all().filter(|&y| y != x) {
            let sure = a.surely(x) && b.surely(y);
            let found = most(x, y).and_then(|most| {
                let paths = Pair::of(run, x, y, frame, asked)?;
                unseen.pair(run, [(a, x), (b, y)], &paths)?;
                pair_near(run, x, y, &paths, most, surfaces, frame)
            });
            match found {
                Ok(when) => {
                    tried += 1;
                    if sure {
                        out.certain = out.certain.union(&when.certain);
                    }
                    out.possible = out.possible.union(&when.possible);
                }
                Err(Stop::Missing(more)) => why.extend(more),
                Err(failed) => return Err(failed),
            }
        }
    }
    if !why.is_empty() {
        return Err(Stop::Missing(why.into_iter().take(4).collect()));
    }
    if tried == 0 {
        let scopes: Vec<_> = a.scopes.iter().chain(&b.scopes).cloned().collect();
        crate::cover::covered(run, &scopes, asked)?;
    }
    unseen.finish(run, out)
}

fn pair_near(
    run: &mut Run<'_>,
    a: EntityId,
    b: EntityId,
    paths: &Pair,
    most: f64,
    surfaces: bool,
    frame: &Frame,
) -> Part<When> {
    let (p, q) = (&paths.a, &paths.b);
    if !surfaces {
        return Ok(pair::within(p, q, most));
    }
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for offset in pair::offsets(p, q) {
        let mut at = |t| -> Part<bool> {
            let ((x, _), (y, _)) = (run.solid(a, frame, t)?, run.solid(b, frame, t)?);
            Ok(chronotope_reason::metric::solid::distance(&x, &y) <= most)
        };
        let (here, there) = (at(offset.t0)?, at(offset.t1)?);
        let whole = Span::between(offset.t0, offset.t1.plus_ns(1));
        match (here, there) {
            (true, true) => certain.push(whole),
            (true, false) => certain.push(Span::at(offset.t0)),
            (false, true) => certain.push(Span::at(offset.t1)),
            (false, false) => continue,
        }
        possible.push(whole);
    }
    let certain: Spans = certain.into_iter().collect();
    Ok(When::within(certain, &possible.into_iter().collect()))
}
