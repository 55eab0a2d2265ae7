//! Does a World obey physics: what moves, reaches into others, hangs or bounces as no body does.

use super::collides::{CONTACT_M, contact, in_space};
use super::entry;
use super::within::same_scale;
use crate::frame::Frame;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::{Datum, Events, Happening, Scope};
use chronotope_reason::metric::contact::{Upright, share_in, support};
use chronotope_reason::metric::solid::{Solid, penetration};
use chronotope_reason::motion::impact::Impact;
use chronotope_reason::motion::pair;
use chronotope_reason::motion::physics::{GRAVITY, falls, jumps};
use chronotope_reason::motion::polyline::Polyline;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, Missing, MissingKind, ReferenceFrame, Scale, Span, Spans, Time};
use std::collections::BTreeMap;

/// `violations(things, faster_than: auto, deeper_than: auto, gap: auto, during: always, in: auto)`: Events: `jump` (faster than `auto`: 100 m/s),
/// `overlap` (reaches into another body deeper than `auto`: a tenth of the smaller one's least side; what holds half of a thing may be hollow),
/// `floats` (stands still with nothing within the gap, `auto`: 0.1 m, below it, on ground that slopes by a tenth at most), `momentum` (two bodies
/// change their velocities at a contact, and not opposite ways within 60°, whatever their masses).
pub struct Violations;
/// `broken_laws(things, …)`: List of Text: the same in words.
pub struct BrokenLaws;

/// 360 km/h.
const FASTEST_MPS: f64 = 100.0;
/// Share of the smaller body's least side.
const DEEP: f64 = 0.1;
const GAP_M: f64 = 0.1;
/// Below this, in metres per second, a thing rests.
const REST_MPS: f64 = 0.05;
/// It must rest that long.
const REST_NS: i64 = 500_000_000;
/// The steepest ground, as rise over way.
const SLOPE: f64 = 0.1;
/// A change of velocity that is told from steering and from jitter.
const PUSH_MPS: f64 = 0.5;
const PUSH_WINDOW_NS: i64 = 300_000_000;
const OFF_DEG: f64 = 60.0;
const FALL_WINDOW_NS: i64 = 200_000_000;
const CHECKED: &str = "checks speed, overlap of bodies (boxes taken as solid), rest without support, and momentum at contacts; \
    forces that nobody sees are not known";

fn signature(gives: Type) -> Signature {
    Signature::gives(Gives::Fixed(gives))
        .needs("things", Takes::Things)
        .default("faster_than", Takes::Number((1, -1, 0)), "auto")
        .default("deeper_than", Takes::Number((1, 0, 0)), "auto")
        .default("gap", Takes::Number((1, 0, 0)), "auto")
        .during()
        .reference_frame(Preference::Metric)
}

impl Operator for Violations {
    fn entry(&self) -> Entry {
        let example = "exists(violations(all(\"ball\")))";
        entry("violations", "what breaks the laws of physics", "program/src/ops/violations.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Type::Events)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let told = check(run, args)?;
        let happening = |broken: Broken| Happening {
            kind: broken.law.into(),
            certain: broken.span,
            possible: broken.span,
            entity: Some(broken.thing),
            direction: None,
            event: None,
        };
        let happenings = told.broken.into_iter().map(happening).collect();
        Ok(Datum::Events(Events { happenings, scopes: told.scopes, missing: told.missing }))
    }
}

impl Operator for BrokenLaws {
    fn entry(&self) -> Entry {
        let example = "broken_laws(all())";
        entry(
            "broken-laws",
            "what breaks the laws of physics, in words",
            "program/src/ops/violations.rs",
            example,
        )
    }

    fn signature(&self) -> Signature {
        signature(Type::List(Box::new(Type::Text)))
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let told = check(run, args)?;
        if told.broken.is_empty() {
            if !told.missing.is_empty() {
                return Err(Stop::Missing(told.missing));
            }
            crate::cover::covered(run, &told.scopes, &run.asked(&args.when("during")))?;
        }
        Ok(Datum::List(told.broken.into_iter().map(|broken| Datum::Text(broken.words)).collect()))
    }
}

struct Broken {
    law: &'static str,
    words: String,
    span: Span,
    thing: EntityId,
}

struct Told {
    broken: Vec<Broken>,
    missing: Vec<Missing>,
    scopes: Vec<Scope>,
}

/// What is too fast, too deep, too high.
struct Limits {
    fastest: f64,
    deepest: Option<f64>,
    gap: f64,
}

struct Body {
    thing: EntityId,
    name: String,
    path: Polyline,
    asked: bool,
}

fn check(run: &mut Run<'_>, args: &Args<'_>) -> Part<Told> {
    run.needs_clock()?;
    let (things, frame) = (args.things("things").clone(), args.frame("in")?);
    in_space(&frame)?;
    let limits = limits(run, args, &frame)?;
    let asked = run.asked(&args.when("during"));
    run.assume(CHECKED);
    let (mut bodies, mut why) = (Vec::new(), Vec::new());
    let everything: Vec<EntityId> = run.world.entities().collect();
    for thing in everything {
        let wanted = things.all().any(|one| one == thing);
        match run.path(thing, &frame, &asked) {
            Ok(path) => bodies.push(Body { thing, name: run.name_of(thing), path, asked: wanted }),
            // what was not seen then breaks no law then
            Err(Stop::Missing(more)) if wanted => {
                why.extend(more.into_iter().filter(|m| m.kind != MissingKind::Pose).take(1));
            }
            Err(Stop::Missing(_)) => {}
            Err(failed) => return Err(failed),
        }
    }
    let mut broken = Vec::new();
    for body in bodies.iter().filter(|body| body.asked) {
        too_fast(body, limits.fastest, &mut broken);
    }
    pairs(run, &bodies, &frame, &limits, &mut broken)?;
    if matches!(frame.one(), Some(ReferenceFrame::World(_))) {
        floating(run, &bodies, &frame, limits.gap, &mut broken)?;
    }
    broken.sort_by_key(|one| (one.span, one.thing));
    why.truncate(4);
    Ok(Told { broken, missing: why, scopes: things.scopes })
}

fn limits(run: &Run<'_>, args: &Args<'_>, frame: &Frame) -> Part<Limits> {
    let metric = frame.scale(run.world) == Some(Scale::Metre);
    let told = |name: &str| -> Part<Option<f64>> {
        let Some(number) = args.number(name) else { return Ok(None) };
        same_scale(run.world, frame, &number.unit)?;
        Ok(Some(number.value))
    };
    let (fastest, deepest, gap) = (told("faster_than")?, told("deeper_than")?, told("gap")?);
    match (fastest.or(metric.then_some(FASTEST_MPS)), gap.or(metric.then_some(GAP_M))) {
        (Some(fastest), Some(gap)) => Ok(Limits { fastest, deepest, gap }),
        _ => missing(
            MissingKind::Scale,
            "which speed is too fast and which gap too wide: `faster_than` and `gap` in the unit of the frame",
        ),
    }
}

fn too_fast(body: &Body, fastest: f64, broken: &mut Vec<Broken>) {
    for i in jumps(&body.path, fastest) {
        let (from, to) = (Time(body.path.t_ns[i]), Time(body.path.t_ns[i + 1]));
        let (far, s) = (body.path.step(i), body.path.step_s(i));
        let words = format!(
            "{} jumps by {far:.2} within {s:.3} s at {from} s, faster than {fastest} a second",
            body.name
        );
        broken.push(Broken {
            law: "jump",
            words,
            span: Span::between(from, to.plus_ns(1)),
            thing: body.thing,
        });
    }
}

/// Overlaps and pushes of all pairs of which one was asked about.
fn pairs(
    run: &mut Run<'_>,
    bodies: &[Body],
    frame: &Frame,
    limits: &Limits,
    broken: &mut Vec<Broken>,
) -> Part<()> {
    // the box around each path, with room for the largest size that it has
    let mut hulls = Vec::new();
    for body in bodies {
        let first = Time(body.path.t_ns[0]);
        let radius = run.solid(body.thing, frame, first).map_or(0.0, |(solid, _)| solid.radius());
        let ends = |v: &[f64]| {
            let least = v.iter().copied().fold(f64::INFINITY, f64::min) - radius;
            (least, v.iter().copied().fold(f64::NEG_INFINITY, f64::max) + radius)
        };
        hulls.push([ends(&body.path.x), ends(&body.path.y), ends(&body.path.z)]);
    }
    for (i, a) in bodies.iter().enumerate() {
        for (j, b) in bodies.iter().enumerate().skip(i + 1) {
            let meet = (0..3).all(|k| hulls[i][k].0 <= hulls[j][k].1 && hulls[j][k].0 <= hulls[i][k].1);
            if (a.asked || b.asked) && meet {
                overlap(run, a, b, frame, limits, broken)?;
                push(run, a, b, frame, broken)?;
            }
        }
    }
    Ok(())
}

/// The longest stretches over which one body reaches into another.
fn overlap(
    run: &mut Run<'_>,
    a: &Body,
    b: &Body,
    frame: &Frame,
    limits: &Limits,
    broken: &mut Vec<Broken>,
) -> Part<()> {
    let (mut spans, mut deepest): (Vec<Span>, BTreeMap<Time, f64>) = (Vec::new(), BTreeMap::new());
    for offset in pair::offsets(&a.path, &b.path) {
        for t in [offset.t0, offset.t1] {
            if deepest.contains_key(&t) {
                continue;
            }
            let pair = run.solid(a.thing, frame, t).and_then(|x| Ok((x.0, run.solid(b.thing, frame, t)?.0)));
            let depth = match pair {
                Ok((Solid::Box(x), Solid::Box(y))) => {
                    let (u, v) = (Upright::of(&x), Upright::of(&y));
                    let least = limits.deepest.unwrap_or(DEEP * x.extent.min().min(y.extent.min()));
                    let depth = penetration(&x, &y);
                    let inside = share_in(&u, &v).max(share_in(&v, &u)) >= 0.5;
                    if depth > least && !inside { depth } else { 0.0 }
                }
                Ok(_) | Err(Stop::Missing(_)) => 0.0,
                Err(failed) => return Err(failed),
            };
            deepest.insert(t, depth);
        }
        let both = deepest[&offset.t0] > 0.0 && deepest[&offset.t1] > 0.0;
        let ends = [offset.t0, offset.t1].into_iter().filter(|t| deepest[t] > 0.0).map(Span::at);
        spans.extend(both.then(|| Span::between(offset.t0, offset.t1.plus_ns(1))));
        spans.extend(ends);
    }
    for span in &spans.into_iter().collect::<Spans>() {
        let within = deepest.range(span.start()..span.end()).map(|(_, depth)| *depth);
        let deep = within.fold(0.0, f64::max);
        let words =
            format!("{} and {} reach {deep:.2} into one another at {} s", a.name, b.name, span.start());
        let thing = if a.asked { a.thing } else { b.thing };
        broken.push(Broken { law: "overlap", words, span: *span, thing });
    }
    Ok(())
}

/// Contacts at which the changes of velocity do not point opposite ways.
fn push(run: &mut Run<'_>, a: &Body, b: &Body, frame: &Frame, broken: &mut Vec<Broken>) -> Part<()> {
    let hits = match contact(run, [a.thing, b.thing], [&a.path, &b.path], frame, CONTACT_M) {
        Ok(found) => found.hits,
        Err(Stop::Missing(_)) => return Ok(()),
        Err(failed) => return Err(failed),
    };
    for hit in hits {
        // the lines before and after leave out the samples between which they hit
        let (from, until) = (hit.possible.start().plus_ns(-1), hit.possible.end().plus_ns(-1));
        let level = matches!(frame.one(), Some(ReferenceFrame::World(_)));
        let Some(impact) = Impact::of(&a.path, &b.path, from, until, PUSH_WINDOW_NS, level) else { continue };
        if let Some(off) = impact.off_deg(PUSH_MPS).filter(|off| *off > OFF_DEG) {
            let words = format!(
                "{} and {} meet at {} s and do not push each other opposite ways: {off:.0} degrees off",
                a.name,
                b.name,
                hit.certain.start()
            );
            let thing = if a.asked { a.thing } else { b.thing };
            broken.push(Broken { law: "momentum", words, span: hit.certain, thing });
        }
    }
    Ok(())
}

/// Things that rest where nothing holds them.
fn floating(
    run: &mut Run<'_>,
    bodies: &[Body],
    frame: &Frame,
    gap: f64,
    broken: &mut Vec<Broken>,
) -> Part<()> {
    for body in bodies.iter().filter(|body| body.asked) {
        let falling = falls(&body.path, GRAVITY, 0.25, FALL_WINDOW_NS);
        let rests: Spans = body
            .path
            .segments()
            .filter(|&i| body.path.step(i) <= REST_MPS * body.path.step_s(i))
            .map(|i| Span::between(Time(body.path.t_ns[i]), Time(body.path.t_ns[i + 1]).plus_ns(1)))
            .filter(|span| !falling.iter().any(|fall| fall.overlaps(*span)))
            .collect();
        for span in rests.iter().filter(|span| span.end() - span.start() >= REST_NS) {
            let t = span.start();
            let Some(of) = upright(run, body.thing, frame, t)? else { continue };
            let mut others = Vec::new();
            for other in bodies.iter().filter(|other| other.thing != body.thing) {
                others.extend(upright(run, other.thing, frame, t)?);
            }
            if others.is_empty() || support(&of, &others.iter().collect::<Vec<_>>(), gap).is_some() {
                continue;
            }
            // the highest ground that everything else could stand on
            let ground = others.iter().map(|other| {
                let (dx, dy) = (other.centre.x - of.centre.x, other.centre.y - of.centre.y);
                other.bottom + SLOPE * (dx * dx + dy * dy).sqrt()
            });
            let ground = ground.fold(f64::INFINITY, f64::min);
            if of.bottom > ground + gap {
                let above = of.bottom - ground;
                let words =
                    format!("{} rests {above:.2} above anything that could hold it at {t} s", body.name);
                broken.push(Broken { law: "floats", words, span: *span, thing: body.thing });
            }
        }
    }
    Ok(())
}

fn upright(run: &mut Run<'_>, thing: EntityId, frame: &Frame, t: Time) -> Part<Option<Upright>> {
    match run.solid(thing, frame, t) {
        Ok((Solid::Box(b), _)) => Ok(Some(Upright::of(&b))),
        Ok(_) | Err(Stop::Missing(_)) => Ok(None),
        Err(failed) => Err(failed),
    }
}
