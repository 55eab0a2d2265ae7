//! Two things on their way: relative speed, nearest moment, time to contact, following, crossing paths.

use super::entry;
use super::first_seen::last_moment;
use super::kinematics::around;
use super::within::same_scale;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type, UnitType};
use crate::unseen::{Pair, Unseen};
use crate::value::{Datum, Events, Happening, Instant, Things};
use chronotope_reason::motion::encounter::{crossings, follows, time_to_contact};
use chronotope_reason::motion::pair;
use chronotope_reason::motion::polyline::Polyline;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, MissingKind, Quantity, Scale, Span, Spans, Spread, Unit, When};

/// `relative_speed(a, b, at: none, during: always, reduce: mean, in: auto)`: length of the difference of their velocities.
pub struct RelativeSpeed;
/// `closest_approach(a, b, during: always, in: auto)`: the moment at which some pair is nearest (centres); of what was seen, within the
/// time in which it may have been where one of them was not seen for a while.
pub struct ClosestApproach;
/// `time_to_contact(a, b, at, within: auto, during: always, in: auto)`: seconds until their centres are at the distance `within` (`auto`: 2 m, as
/// for `meets`), were both to keep the velocities of that moment.
pub struct TimeToContact;
/// `follows(a, b, within: auto, during: always, in: auto)`: when some `a` goes behind some `b` the same way (within 45 degrees), no further
/// than `within` (`auto`: 20 m) behind it, neither slower than 0.3 m/s (in other units: not standing).
pub struct Follows;
/// `crosses_path(a, b, during: always, in: auto)`: `a` crosses, seen from above, the path that `b` takes at whatever time.
pub struct CrossesPath;

/// Below this a person stands, as for `stationary`.
const STILL_MPS: f64 = 0.3;
/// As for `meets`.
const MEETS_M: f64 = 2.0;
/// Two seconds behind at 36 km/h.
const FOLLOWS_M: f64 = 20.0;

fn signature(gives: Gives) -> Signature {
    Signature::gives(gives).needs("a", Takes::Things).needs("b", Takes::Things)
}

impl Operator for RelativeSpeed {
    fn entry(&self) -> Entry {
        let about = "how fast two things move as seen from one another";
        let example = "relative_speed(entity(1), entity(2), at: 4 s)";
        entry("relative-speed", about, "program/src/ops/encounter.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Gives::Length(1, -1)).at().during().reduce("mean").reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let (a, b) = (args.thing("a")?, args.thing("b")?);
        let (p, q) = paths(run, args, a, b)?;
        let at = args.moment("at").map(|instant| instant.t);
        let stretches: Vec<(f64, f64)> = pair::offsets(&p, &q)
            .into_iter()
            .filter(|o| o.t0 < o.t1 && at.is_none_or(|t| o.t0 <= t && t <= o.t1))
            .map(|o| {
                let squared: f64 = (0..3).map(|k| (o.r1[k] - o.r0[k]) * (o.r1[k] - o.r0[k])).sum();
                (squared.sqrt(), (o.t1 - o.t0) as f64 / 1e9)
            })
            .collect();
        if stretches.is_empty() {
            return missing(
                MissingKind::Pose,
                "they were not seen together over a stretch of time in one frame",
            );
        }
        let speeds = stretches.iter().map(|(length, s)| length / s);
        let value = match args.text("reduce") {
            "max" if at.is_none() => speeds.fold(0.0, f64::max),
            "min" if at.is_none() => speeds.fold(f64::INFINITY, f64::min),
            _ => {
                let (length, s) = stretches.iter().fold((0.0, 0.0), |sum, x| (sum.0 + x.0, sum.1 + x.1));
                length / s
            }
        };
        let to = p.frames[0].clone();
        let unit = Unit::powers(run.world.tables().scale_of(&to), 1, -1, 0);
        let spread = if at.is_some() {
            Spread::None
        } else {
            let mut unseen = Unseen::during(run, args);
            unseen.pair(run, [(args.things("a"), a), (args.things("b"), b)], &Pair { a: p, b: q })?;
            unseen.bounds(run, args.text("reduce"), value, 0.0)?
        };
        Ok(Datum::Number(Quantity { spread, ..Quantity::new(value, unit, Some(to)) }))
    }
}

impl Operator for ClosestApproach {
    fn entry(&self) -> Entry {
        let about = "the moment at which two things are nearest";
        let example = "closest_approach(all(\"car\"), all(\"person\"))";
        entry("closest-approach", about, "program/src/ops/encounter.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Gives::Fixed(Type::Moment)).during().reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let mut best: Option<pair::Nearest> = None;
        let (out, unseen) = each_pair(run, args, false, |_, _, p, q| {
            if let Some(near) = pair::nearest(p, q)
                && best.is_none_or(|b| near.distance < b.distance)
            {
                best = Some(near);
            }
        })?;
        match best {
            Some(near) => {
                // nearer perhaps while one of them was not seen
                let open = unseen.open_hull();
                let low = open.map_or(near.t, |open| open.start().min(near.t));
                let high = open.map_or(near.t, |open| last_moment(open).max(near.t));
                unseen.noted(run)?;
                Ok(Datum::Moment(Instant { t: near.t, low, high }))
            }
            None if out.missing.is_empty() => {
                missing(MissingKind::Pose, "they were never seen at one time in one frame")
            }
            None => Err(Stop::Missing(out.missing)),
        }
    }
}

impl Operator for TimeToContact {
    fn entry(&self) -> Entry {
        let about = "seconds until two things meet, were they to go on as they do";
        let example = "time_to_contact(entity(1), entity(2), 4 s, within: 2 m)";
        entry("time-to-contact", about, "program/src/ops/encounter.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Gives::Fixed(Type::Number(UnitType::SECOND)))
            .needs("at", Takes::Moment)
            .default("within", Takes::Number((1, 0, 0)), "auto")
            .during()
            .reference_frame(Preference::Metric)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let (a, b, frame) = (args.thing("a")?, args.thing("b")?, args.frame("in")?);
        let Some(instant) = args.moment("at") else { return missing(MissingKind::Wording, "at which time") };
        let within = match args.number("within") {
            Some(number) => {
                same_scale(run.world, &frame, &number.unit)?;
                number.value
            }
            None if frame.scale(run.world) == Some(Scale::Metre) => MEETS_M,
            None => {
                return missing(
                    MissingKind::Scale,
                    "how near a contact is: `within` in the unit of the frame",
                );
            }
        };
        let (p, q) = paths(run, args, a, b)?;
        let (Some(of_a), Some(of_b)) = (around(&p, instant.t, 1), around(&q, instant.t, 1)) else {
            return missing(MissingKind::Pose, format!("both at {} s", instant.t));
        };
        let minus = |x: [f64; 3], y: [f64; 3]| [x[0] - y[0], x[1] - y[1], x[2] - y[2]];
        let offset = minus(of_b.position, of_a.position);
        run.assume("assumes that both keep their velocities");
        match time_to_contact(offset, minus(of_b.velocity, of_a.velocity), within) {
            Some(s) => Ok(Datum::Number(Quantity::new(s, Unit::SECOND, None))),
            None => missing(MissingKind::Pose, "a contact: going on as they do they never come that near"),
        }
    }
}

impl Operator for Follows {
    fn entry(&self) -> Entry {
        let about = "when one thing goes behind another the same way";
        let example = "follows(all(\"car\"), all(\"bus\"), within: 15 m)";
        entry("follows", about, "program/src/ops/encounter.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Gives::Fixed(Type::When))
            .default("within", Takes::Number((1, 0, 0)), "auto")
            .during()
            .reference_frame(Preference::Motion)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let frame = args.frame("in")?;
        let metric = frame.scale(run.world) == Some(Scale::Metre);
        let most = match args.number("within") {
            Some(number) => {
                same_scale(run.world, &frame, &number.unit)?;
                number.value
            }
            None if metric => FOLLOWS_M,
            None => return missing(MissingKind::Scale, "how far behind: `within` in the unit of the frame"),
        };
        let least = if metric { STILL_MPS } else { 0.0 };
        let (a, b) = (args.things("a").clone(), args.things("b").clone());
        let (mut certain, mut possible) = (Spans::NONE, Spans::NONE);
        let mut tried = false;
        let (out, unseen) = each_pair(run, args, true, |x, y, p, q| {
            tried = true;
            let spans = follows(p, q, most, least);
            if a.surely(x) && b.surely(y) {
                certain = certain.union(&spans);
            }
            possible = possible.union(&spans);
        })?;
        let asked = run.asked(&args.when("during"));
        if !out.missing.is_empty() && certain.is_empty() {
            return Err(Stop::Missing(out.missing));
        }
        if !tried {
            crate::cover::covered(run, &out.scopes, &asked)?;
        }
        let when = When::within(certain.intersect(&asked), &possible.intersect(&asked));
        unseen.finish(run, when).map(Datum::When)
    }
}

impl Operator for CrossesPath {
    fn entry(&self) -> Entry {
        let about = "one crosses the path of another";
        let example = "crosses_path(all(\"person\"), all(\"car\"))";
        entry("crosses-path", about, "program/src/ops/encounter.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Gives::Fixed(Type::Events)).during().reference_frame(Preference::Motion)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let mut found = Vec::new();
        let (mut out, unseen) = each_pair(run, args, false, |x, _, p, q| {
            for crossing in crossings(p, q) {
                found.push(Happening {
                    kind: "crosses path".into(),
                    certain: Span::at(crossing.a),
                    possible: Span::at(crossing.a),
                    entity: Some(x),
                    direction: None,
                    event: None,
                });
            }
        })?;
        found.sort_by_key(|h| (h.certain, h.entity));
        out.missing.extend(unseen.of_events(run)?);
        out.happenings = found;
        Ok(Datum::Events(out))
    }
}

fn paths(run: &mut Run<'_>, args: &Args<'_>, a: EntityId, b: EntityId) -> Part<(Polyline, Polyline)> {
    let (frame, asked) = (args.frame("in")?, run.asked(&args.when("during")));
    Ok((run.path(a, &frame, &asked)?, run.path(b, &frame, &asked)?))
}

/// The paths of every pair of unlike things, of a `motion` with the samples next to the asked time; what is missing of some of them.
fn each_pair(
    run: &mut Run<'_>,
    args: &Args<'_>,
    motion: bool,
    mut each: impl FnMut(EntityId, EntityId, &Polyline, &Polyline),
) -> Part<(Events, Unseen)> {
    let (a, b): (Things, Things) = (args.things("a").clone(), args.things("b").clone());
    let (mut out, mut unseen) = (Events::default(), Unseen::during(run, args));
    let (frame, asked) = (args.frame("in")?, run.asked(&args.when("during")));
    for x in a.all() {
        for y in b.all().filter(|&y| y != x) {
            let around = if motion { run.around(&[x, y], &asked)? } else { asked.clone() };
            match Pair::of(run, x, y, &frame, &around) {
                Ok(paths) => {
                    unseen.pair(run, [(&a, x), (&b, y)], &paths)?;
                    each(x, y, &paths.a, &paths.b);
                }
                Err(Stop::Missing(why)) => out.missing.extend(why.into_iter().take(1)),
                Err(failed) => return Err(failed),
            }
        }
    }
    out.missing.truncate(4);
    out.scopes = a.scopes.into_iter().chain(b.scopes).collect();
    Ok((out, unseen))
}
