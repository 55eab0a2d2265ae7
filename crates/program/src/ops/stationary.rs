//! Standing still and moving.

use super::entry;
use super::motion_direction::size_of;
use super::within::same_scale;
use crate::cover::{STANDS_STILL, covered, only_movers};
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::Unseen;
use crate::value::{Datum, Scope};
use chronotope_reason::motion::polyline::Polyline;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, Missing, MissingKind, Scale, Span, Spans, Time, When};

/// `stationary(a, below: auto, during: always, in: auto)`: when some of the things stands still.
///
/// The speed at a sample is that between its neighbours on both sides over at least half a second, so that the jitter of boxes is no
/// motion: where pictures are further apart, between the one before and the one after.
/// `auto` is 0.3 m/s, or a tenth of its size per second in a picture; and in metres what has a size moves only where it then gets
/// further than half of its least side in one go: a box that is drawn elsewhere, or drifts within itself, has not moved.
pub struct Stationary;
/// `moving(a, above: auto, during: always, in: auto)`: when some of the things moves.
pub struct Moving;

/// Over which time speeds are taken, either way: a slow walker moves 0.3 m in half a second.
const WINDOW_NS: i64 = 250_000_000;

/// How far around what is asked pictures are looked at: enough to see how far it gets.
const AROUND_NS: i64 = 5_000_000_000;

/// The share of its least horizontal side by which a box may be drawn elsewhere without the thing having moved.
const REDRAWN: f64 = 0.5;

/// Below this a person stands: slow walking is 0.8 m/s (Bohannon, Age and Ageing, 1997), tracking jitter some 0.1 m/s.
const STILL_MPS: f64 = 0.3;

fn signature(threshold: &'static str) -> Signature {
    let gives = Gives::From(|types| match (&types[1], types.last()) {
        (Some(Type::Number(a)), Some(Some(Type::Number(b)))) => {
            let per_second = crate::types::UnitType { dimension: (1, -1, 0), scale: b.scale.clone() };
            if a.agrees(&per_second) { Ok(Type::When) } else { Err(format!("{per_second} against {a}")) }
        }
        _ => Ok(Type::When),
    });
    Signature::gives(gives)
        .needs("things", Takes::Things)
        .default(threshold, Takes::Number((1, -1, 0)), "auto")
        .during()
        .reference_frame(Preference::Motion)
}

impl Operator for Stationary {
    fn entry(&self) -> Entry {
        let example = "stationary(all(\"car\"), below: 0.5 m/s)";
        entry("stationary", "when a thing stands still", "program/src/ops/stationary.rs", example)
    }

    fn signature(&self) -> Signature {
        signature("below")
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        spans(run, args, "below", true)
    }
}

impl Operator for Moving {
    fn entry(&self) -> Entry {
        entry("moving", "when a thing moves", "program/src/ops/stationary.rs", "moving(all(\"car\"))")
    }

    fn signature(&self) -> Signature {
        signature("above")
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        spans(run, args, "above", false)
    }
}

fn spans(run: &mut Run<'_>, args: &Args<'_>, threshold: &str, still: bool) -> Outcome {
    run.needs_clock()?;
    let (things, frame) = (args.things("things").clone(), args.frame("in")?);
    let asked = run.asked(&args.when("during"));
    if let Some(number) = args.number(threshold) {
        same_scale(run.world, &frame, &number.unit)?;
    }
    // a speed at the edge of what is asked, or at one moment, needs the pictures next to it
    let wider = |s: &Span| Span::between(s.start().plus_ns(-AROUND_NS), s.end().plus_ns(AROUND_NS));
    let around: Spans = asked.iter().map(wider).collect();
    let (mut out, mut why, mut tried) = (When::default(), Vec::<Missing>::new(), 0);
    let mut unseen = Unseen::during(run, args);
    for thing in things.all() {
        let of_one = |run: &mut Run<'_>| -> Part<(When, Spans)> {
            let path = run.path(thing, &frame, &around)?;
            let limit = match args.number(threshold) {
                Some(number) => number.value,
                None if frame.scale(run.world) == Some(Scale::Metre) => STILL_MPS,
                None => 0.1 * size_of(run, thing, &frame, Time(path.t_ns[path.len() / 2])),
            };
            let n = path.len();
            // a speed that is asked for is that between two pictures where these are further apart than the window, as `speed` has it
            let is_asked = args.number(threshold).is_some();
            let mean = |i: usize| path.step(i) * 1e9 / (Time(path.t_ns[i + 1]) - Time(path.t_ns[i])) as f64;
            let between = |i: usize| {
                is_asked && path.linked[i] && path.t_ns[i + 1].saturating_sub(path.t_ns[i]) > WINDOW_NS
            };
            // the speed at every sample, over the joined neighbours within the window
            let (mut from, mut to) = (0, 0);
            let mut is_so = vec![None; n];
            for (i, so) in is_so.iter_mut().enumerate() {
                while from < i
                    && (path.t_ns[i].saturating_sub(path.t_ns[from]) > WINDOW_NS
                        || (from..i).any(|k| !path.linked[k]))
                {
                    from += 1;
                }
                to = to.max(i);
                while to + 1 < n
                    && path.linked[to]
                    && path.t_ns[to + 1].saturating_sub(path.t_ns[i]) <= WINDOW_NS
                {
                    to += 1;
                }
                // pictures further apart than the window: the next on both sides, or a box that is drawn elsewhere once has moved
                let (a, b) = match (from, to) {
                    (a, b) if a < b => (a, b),
                    _ => (
                        if i > 0 && path.linked[i - 1] { i - 1 } else { i },
                        if i + 1 < n && path.linked[i] { i + 1 } else { i },
                    ),
                };
                if a == b {
                    continue;
                }
                let (p, q) = (path.point(a), path.point(b));
                let d: [f64; 3] = std::array::from_fn(|k| q[k] - p[k]);
                let speed = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt() * 1e9
                    / (Time(path.t_ns[b]) - Time(path.t_ns[a])) as f64;
                *so = Some(if still { speed < limit } else { speed > limit });
            }
            if !is_asked && frame.scale(run.world) == Some(Scale::Metre) {
                settle(&path, &mut is_so, still, REDRAWN * least_side(run, thing)?);
            }
            let (mut certain, mut possible, mut told) = (Vec::new(), Vec::new(), Vec::new());
            for i in 0..n {
                if is_so[i].is_some() {
                    let end = if path.linked[i] { path.t_ns[i + 1] } else { path.t_ns[i] };
                    told.push(Span::between(Time(path.t_ns[i]), Time(end).plus_ns(1)));
                }
                if is_so[i] == Some(true) && !between(i) && !(i > 0 && between(i - 1)) {
                    certain.push(Span::at(Time(path.t_ns[i])));
                }
                if between(i) {
                    if if still { mean(i) < limit } else { mean(i) > limit } {
                        certain.push(Span::between(Time(path.t_ns[i]), Time(path.t_ns[i + 1]).plus_ns(1)));
                    }
                } else if path.linked[i] {
                    let (start, end) = (Time(path.t_ns[i]), Time(path.t_ns[i + 1]));
                    match (is_so[i], is_so[i + 1]) {
                        (Some(true), Some(true)) => certain.push(Span::between(start, end.plus_ns(1))),
                        (Some(false), Some(false)) => {}
                        // not at the picture itself in which it is not so
                        (a, b) => possible.push(Span::between(
                            start.plus_ns(i64::from(a == Some(false))),
                            end.plus_ns(i64::from(b != Some(false))),
                        )),
                    }
                }
            }
            let certain: Spans = certain.into_iter().collect();
            let possible: Spans = possible.into_iter().chain(certain.iter().copied()).collect();
            let mut when = When::within(certain.intersect(&asked), &possible.intersect(&asked));
            // elsewhere after a gap: it moved in it
            if !still {
                // at least as fast as straight there and all the time
                let way = |i: usize| if is_asked { mean(i) } else { path.step(i) };
                let apart = |i: usize| path.frame[i] == path.frame[i + 1] && way(i) > limit;
                let gaps = (0..n.saturating_sub(1)).filter(|&i| !path.linked[i] && apart(i));
                when.sometime =
                    gaps.map(|i| Span::between(Time(path.t_ns[i]), Time(path.t_ns[i + 1]))).collect();
            }
            Ok((when, told.into_iter().collect()))
        };
        match of_one(run) {
            Ok((when, told)) => {
                tried += 1;
                unseen.thing(run, &things, thing, &told)?;
                if things.surely(thing) {
                    out.certain = out.certain.union(&when.certain);
                }
                out.possible = out.possible.union(&when.possible);
                if things.surely(thing) {
                    out.sometime = out.sometime.union(&when.sometime);
                }
            }
            Err(Stop::Missing(more)) if more.iter().all(|m| m.kind == MissingKind::Pose) => {
                unseen.thing(run, &things, thing, &Spans::NONE)?;
            }
            Err(Stop::Missing(more)) => why.extend(more),
            Err(failed) => return Err(failed),
        }
    }
    if !why.is_empty() && out.certain.is_empty() {
        return Err(Stop::Missing(why.into_iter().take(4).collect()));
    }
    if tried == 0 {
        covered(run, &things.scopes, &asked)?;
    }
    let mut out = unseen.finish(run, out)?;
    // what never moves is not found by its motion: something may stand still at any time
    if still && !things.scopes.is_empty() && only_movers(run, &things.scopes) {
        if out.certain.is_empty() {
            let label = Some(STANDS_STILL.to_owned());
            covered(run, &[Scope { label, during: asked.clone(), within: None }], &asked)?;
        }
        out.possible = asked;
    }
    Ok(Datum::When(out))
}

/// Takes for rest what gets no further than `redrawn` while it seems to move.
fn settle(path: &Polyline, is_so: &mut [Option<bool>], still: bool, redrawn: f64) {
    let moves = |so: Option<bool>| so == Some(!still);
    let far = |a: usize, b: usize| {
        let (p, q) = (path.point(a), path.point(b));
        (0..3).map(|k| (q[k] - p[k]) * (q[k] - p[k])).sum::<f64>().sqrt() > redrawn
    };
    let mut start = 0;
    while start < is_so.len() {
        let mut end = start;
        while moves(is_so[start]) && end + 1 < is_so.len() && path.linked[end] && moves(is_so[end + 1]) {
            end += 1;
        }
        if redrawn > 0.0 && moves(is_so[start]) && !(start..=end).any(|k| far(start, k)) {
            is_so[start..=end].fill(Some(still));
        }
        start = end + 1;
    }
}

/// The least horizontal side of a thing's box; 0 where it has none.
fn least_side(run: &mut Run<'_>, thing: EntityId) -> Part<f64> {
    let trajectory = run.trajectory(thing)?;
    let extent = trajectory.runs.iter().flat_map(chronotope_world::Run::samples).find_map(|s| s.pose?.extent);
    // along the box's own axes: forward, left, up
    Ok(extent.map_or(0.0, |extent| extent[0].min(extent[1])))
}
