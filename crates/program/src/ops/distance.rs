//! How far apart.

use super::entry;
use crate::cover::covered;
use crate::frame::Frame;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::{Pair, Unseen};
use crate::value::{Datum, Things};
use chronotope_reason::metric::solid::{Solid, distance};
use chronotope_reason::motion::pair;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, Missing, MissingKind, Quantity, ReferenceFrame, Spans, Spread, Time, Unit};

/// `distance(a, b, at: none, during: always, reduce: min, between: centres, in: auto)`: of the closest pair.
pub struct Distance;
/// `min_distance(a, b, …)`: the least over pairs and time.
pub struct MinDistance;

impl Operator for Distance {
    fn entry(&self) -> Entry {
        let about = "distance of the closest pair, at a moment or reduced over a span";
        let example = "distance(all(\"car\"), all(\"bus\"), at: 4 s, between: surfaces)";
        entry("distance", about, "program/src/ops/distance.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Length(1, 0))
            .needs("a", Takes::Things)
            .needs("b", Takes::Things)
            .at()
            .during()
            .reduce("min")
            .between()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let at = args.moment("at").map(|instant| instant.t);
        closest(run, args, at, args.text("reduce"))
    }
}

impl Operator for MinDistance {
    fn entry(&self) -> Entry {
        let about = "least distance over pairs and time";
        let example = "min_distance(all(\"stove\"), all(\"fridge\"), between: surfaces)";
        entry("min-distance", about, "program/src/ops/distance.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Length(1, 0))
            .needs("a", Takes::Things)
            .needs("b", Takes::Things)
            .during()
            .between()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        closest(run, args, None, "min")
    }
}

fn closest(run: &mut Run<'_>, args: &Args<'_>, at: Option<Time>, reduce: &str) -> Outcome {
    let (a, b) = (args.things("a").clone(), args.things("b").clone());
    let (frame, asked) = (args.frame("in")?, run.asked(&args.when("during")));
    let needed = at.map_or(asked.clone(), |t| chronotope_world::Span::at(t).into());
    covered(run, &a.scopes, &needed)?;
    covered(run, &b.scopes, &needed)?;
    if !a.possible.is_empty() || !b.possible.is_empty() {
        return Err(Stop::Missing(a.missing.into_iter().chain(b.missing).collect()));
    }
    let surfaces = args.text("between") == "surfaces";
    let (mut best, mut why): (Option<Found>, Vec<Missing>) = (None, Vec::new());
    let mut unseen = Unseen::at_or_during(run, args, at);
    for &x in &a.certain {
        for &y in b.certain.iter().filter(|&&y| y != x) {
            let found =
                pair_distance(run, [(&a, x), (&b, y)], surfaces, &frame, at, &asked, reduce, &mut unseen);
            match found {
                Ok(found) => {
                    if best.as_ref().is_none_or(|b| found.quantity.value < b.quantity.value) {
                        best = Some(found);
                    }
                }
                Err(Stop::Missing(more)) => why.extend(more),
                Err(failed) => return Err(failed),
            }
        }
    }
    // a pair that was not there together is no rival; one whose place cannot be told is
    let blocking: Vec<Missing> =
        why.iter().filter(|m| m.kind != MissingKind::Pose).take(4).cloned().collect();
    match best {
        Some(found) if blocking.is_empty() => {
            Ok(Datum::Number(bounded(run, found.quantity, unseen, reduce)?))
        }
        _ if !blocking.is_empty() => Err(Stop::Missing(blocking)),
        _ if !why.is_empty() => Err(Stop::Missing(why.into_iter().take(4).collect())),
        _ => missing(MissingKind::Entity, "there are no two such things"),
    }
}

/// `closest_pair(things, at: none, during: always, between: centres, in: auto)`: the two of them whose distance is least, of what was seen;
/// several where pairs tie. Two that were never there together are no pair.
pub struct ClosestPair;

impl Operator for ClosestPair {
    fn entry(&self) -> Entry {
        let about = "the two things that come closest to each other";
        entry("closest-pair", about, "program/src/ops/distance.rs", "closest_pair(all(\"car\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .at()
            .during()
            .between()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let things = args.things("things").clone();
        let (at, frame) = (args.moment("at").map(|instant| instant.t), args.frame("in")?);
        let asked = run.asked(&args.when("during"));
        let needed = at.map_or(asked.clone(), |t| chronotope_world::Span::at(t).into());
        covered(run, &things.scopes, &needed)?;
        if !things.possible.is_empty() {
            return Err(Stop::Missing(things.missing));
        }
        let surfaces = args.text("between") == "surfaces";
        let mut unseen = Unseen::at_or_during(run, args, at);
        let (mut best, mut won): (f64, Vec<EntityId>) = (f64::INFINITY, Vec::new());
        let mut why: Vec<Missing> = Vec::new();
        for (i, &x) in things.certain.iter().enumerate() {
            for &y in &things.certain[i + 1..] {
                let sets = [(&things, x), (&things, y)];
                match pair_distance(run, sets, surfaces, &frame, at, &asked, "min", &mut unseen) {
                    Ok(found) if found.quantity.value < best => {
                        (best, won) = (found.quantity.value, vec![x, y]);
                    }
                    Ok(found) if found.quantity.value == best => won.extend([x, y]),
                    Ok(_) => {}
                    Err(Stop::Missing(more)) => why.extend(more),
                    Err(failed) => return Err(failed),
                }
            }
        }
        why.retain(|missing| missing.kind != MissingKind::Pose);
        why.truncate(4);
        if !why.is_empty() {
            return Err(Stop::Missing(why));
        }
        if won.is_empty() {
            return missing(MissingKind::Entity, "no two such things were seen at one time");
        }
        unseen.noted(run)?;
        won.sort_unstable();
        won.dedup();
        Ok(Datum::Things(Things::exactly(won)))
    }
}

/// A distance and when it holds.
pub(super) struct Found {
    pub(super) quantity: Quantity,
}

/// What is least or greatest of what was seen is a bound where something was not seen.
pub(super) fn bounded(run: &mut Run<'_>, found: Quantity, unseen: Unseen, reduce: &str) -> Part<Quantity> {
    if !unseen.is_open() {
        return Ok(found);
    }
    for missing in unseen.of_events(run)? {
        run.assume(&format!("{}: of the time seen", missing.what));
    }
    let (low, high) = found.bounds();
    let spread = match reduce {
        "mean" => Spread::Interval { low: 0.0, high: f64::INFINITY },
        "max" => Spread::Interval { low, high: f64::INFINITY },
        _ => Spread::Interval { low: 0.0, high },
    };
    Ok(Quantity { spread, ..found })
}

/// The distance of two things at a time, or reduced over spans.
pub(super) fn pair_distance(
    run: &mut Run<'_>,
    sets: [(&Things, EntityId); 2],
    surfaces: bool,
    frame: &Frame,
    at: Option<Time>,
    during: &Spans,
    reduce: &str,
    unseen: &mut Unseen,
) -> Part<Found> {
    let [(_, a), (_, b)] = sets;
    let unit = |run: &Run<'_>, frame: &ReferenceFrame| Unit::length(run.world.tables().scale_of(frame));
    if let Some(t) = at {
        let found = at_moment(run, a, b, surfaces, frame, t);
        if matches!(&found, Err(Stop::Missing(why)) if why.iter().all(|m| m.kind == MissingKind::Pose)) {
            let paths = Pair::of(run, a, b, frame, &chronotope_world::Span::at(t).into())?;
            unseen.pair(run, sets, &paths)?;
        }
        let (value, spread, to) = found?;
        let quantity = Quantity { value, spread, unit: unit(run, &to), reference_frame: Some(to) };
        return Ok(Found { quantity });
    }
    let paths = Pair::of(run, a, b, frame, during)?;
    unseen.pair(run, sets, &paths)?;
    let (p, q) = (&paths.a, &paths.b);
    let offsets = pair::offsets(p, q);
    let Some(first) = offsets.first().copied() else {
        let (a, b) = (run.name_of(a), run.name_of(b));
        return missing(MissingKind::Pose, format!("{a} and {b} were never seen at one time in one frame"));
    };
    let to = p.frames[0].clone();
    let (value, spread, t) = if surfaces {
        between_surfaces(run, a, b, frame, &offsets, reduce)?
    } else {
        match reduce {
            "max" => {
                let ends = offsets.iter().flat_map(|o| [(o.ends().0, o.t0), (o.ends().1, o.t1)]);
                let (value, t) =
                    ends.fold((f64::NEG_INFINITY, first.t0), |best, e| if e.0 > best.0 { e } else { best });
                (value, Spread::None, t)
            }
            "mean" => (mean(&offsets), Spread::None, first.t0),
            _ => {
                let nearest = pair::nearest(p, q);
                nearest.map_or((f64::NAN, Spread::None, first.t0), |n| (n.distance, Spread::None, n.t))
            }
        }
    };
    let spread = match (spread, surfaces) {
        (Spread::None, false) if reduce != "mean" => {
            at_moment(run, a, b, false, frame, t).map_or(Spread::None, |m| m.1)
        }
        (spread, _) => spread,
    };
    let quantity = Quantity { value, spread, unit: unit(run, &to), reference_frame: Some(to) };
    Ok(Found { quantity })
}

fn at_moment(
    run: &mut Run<'_>,
    a: EntityId,
    b: EntityId,
    surfaces: bool,
    frame: &Frame,
    t: Time,
) -> Part<(f64, Spread, ReferenceFrame)> {
    let apart = |run: &Run<'_>, p: &ReferenceFrame, q: &ReferenceFrame| -> Part<()> {
        if p == q {
            return Ok(());
        }
        let (a, b) = (run.name_of(a), run.name_of(b));
        missing(MissingKind::Transform, format!("no transform from {p} ({a}) to {q} ({b})"))
    };
    let ((p, in_p), (q, in_q)) = (run.place(a, frame, t)?, run.place(b, frame, t)?);
    apart(run, &in_p, &in_q)?;
    let value = if surfaces {
        let ((solid_a, _), (solid_b, _)) = (run.solid(a, frame, t)?, run.solid(b, frame, t)?);
        distance(&solid_a, &solid_b)
    } else {
        let d: [f64; 3] = std::array::from_fn(|k| p.point[k] - q.point[k]);
        (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt()
    };
    let variance = p.deviation.unwrap_or(0.0).powi(2) + q.deviation.unwrap_or(0.0).powi(2);
    let slack = p.slack + q.slack;
    let spread = match (variance > 0.0, slack > 0.0) {
        (false, false) => Spread::None,
        (true, false) => Spread::Deviation(variance.sqrt()),
        (_, true) => {
            let off = slack + 2.0 * variance.sqrt();
            Spread::Interval { low: (value - off).max(0.0), high: value + off }
        }
    };
    Ok((value, spread, in_p))
}

/// The mean over time: by Simpson's rule on every straight stretch, exact to its error; of single instants their mean.
fn mean(offsets: &[pair::Offset]) -> f64 {
    let (mut sum, mut seconds) = (0.0, 0.0);
    for o in offsets {
        let s = (o.t1 - o.t0) as f64 / 1e9;
        let (d0, d1) = o.ends();
        let r: [f64; 3] = std::array::from_fn(|k| f64::midpoint(o.r0[k], o.r1[k]));
        let middle = (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]).sqrt();
        sum += (d0 + 4.0 * middle + d1) / 6.0 * s;
        seconds += s;
    }
    if seconds > 0.0 {
        return sum / seconds;
    }
    offsets.iter().map(|o| o.ends().0).sum::<f64>() / offsets.len() as f64
}

/// Distances of surfaces at the instants at which both are known. In between, neither end can have come nearer than half of what the
/// corners moved: that is the interval.
fn between_surfaces(
    run: &mut Run<'_>,
    a: EntityId,
    b: EntityId,
    frame: &Frame,
    offsets: &[pair::Offset],
    reduce: &str,
) -> Part<(f64, Spread, Time)> {
    let mut times: Vec<Time> = offsets.iter().flat_map(|o| [o.t0, o.t1]).collect();
    times.dedup();
    let (mut found, mut low) = (Vec::<(f64, Time)>::with_capacity(times.len()), f64::INFINITY);
    let mut before: Option<(Solid, Solid, f64, Time)> = None;
    for t in times {
        let ((x, _), (y, _)) = (run.solid(a, frame, t)?, run.solid(b, frame, t)?);
        if let Some((p, q, d, _)) = before
            && p == x
            && q == y
        {
            before = Some((p, q, d, t));
            found.push((d, t));
            continue;
        }
        let d = distance(&x, &y);
        low = low.min(d);
        if let Some((p, q, e, t0)) = &before
            && offsets.iter().any(|o| o.t0 == *t0 && o.t1 == t)
        {
            low = low.min(((d + e - moved(p, &x) - moved(q, &y)) / 2.0).max(0.0));
        }
        before = Some((x, y, d, t));
        found.push((d, t));
    }
    let pick = |sign: f64| {
        let first = found.iter().copied().reduce(|best, f| if sign * f.0 > sign * best.0 { f } else { best });
        first.unwrap_or((f64::NAN, Time(0)))
    };
    Ok(match reduce {
        "max" => (pick(1.0).0, Spread::None, pick(1.0).1),
        "mean" => {
            let mean = found.iter().map(|f| f.0).sum::<f64>() / found.len() as f64;
            (mean, Spread::None, found[0].1)
        }
        _ => {
            let (d, t) = pick(-1.0);
            (d, if low < d { Spread::Interval { low, high: d } } else { Spread::None }, t)
        }
    })
}

/// How far the points of a shape moved at most.
fn moved(a: &Solid, b: &Solid) -> f64 {
    match (a, b) {
        (Solid::Box(a), Solid::Box(b)) => {
            let pairs = a.corners().into_iter().zip(b.corners());
            pairs.map(|(p, q)| (p - q).norm()).fold(0.0, f64::max)
        }
        (Solid::Rectangle(a), Solid::Rectangle(b)) => {
            let x = (a.left - b.left).abs().max((a.right() - b.right()).abs());
            let y = (a.top - b.top).abs().max((a.bottom() - b.bottom()).abs());
            (x * x + y * y).sqrt()
        }
        _ => (a.centre() - b.centre()).norm() + a.radius() + b.radius(),
    }
}
