//! Qualitative relations of two things, or of two times.

use super::after::ends;
use super::entry;
use crate::boxes::Flat;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::Unseen;
use crate::value::{Datum, Events, Happening, Instant};
use chronotope_reason::calculus::over_time::{Followed, over_time};
use chronotope_reason::calculus::{
    Relations, allen, cardinal, compass, near, rcc5, rcc8, rectangle, star, tpcc,
};
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Span, Spans, Time, When};

/// `relation(a, b, calculus: rcc8, third: none, limits: none, at: none, in: auto)`: the one relation that holds, by its name.
///
/// Of things at a moment: `rcc8`, `rcc5`, `rectangle` of their boxes, `cardinal`, `compass`, `star4`, `near`, `tpcc` of the middles of them. Of times: `allen`.
pub struct Relation;

/// `relations_over_time(a, b, calculus: rcc8, …)`: Events, one for each longest stretch of a relation, named by it.
pub struct RelationsOverTime;

/// `when_related(a, b, ["tpp", "ntpp"], calculus: rcc8, …)`: when one of these relations holds.
pub struct WhenRelated;

const AT_ONCE: [&str; 9] =
    ["rcc8", "rcc5", "rectangle", "cardinal", "compass", "star4", "near", "tpcc", "allen"];
const OVER_TIME: [&str; 8] = ["rcc8", "rcc5", "rectangle", "cardinal", "compass", "near", "qtc_b", "qtc_c"];

/// Ends that differ by at most this are the same: a sighting ends a nanosecond after its last moment.
const SAME_NS: i64 = 1;

impl Operator for Relation {
    fn entry(&self) -> Entry {
        let about = "how one thing stands to another in a qualitative calculus, or one time to another";
        let example = "relation(all(\"bus\"), all(\"car\"), calculus: rcc8, at: 2 s)";
        entry("relation", about, "program/src/ops/relation.rs", example)
    }

    fn signature(&self) -> Signature {
        let what = || Takes::Either(vec![Takes::Things, Takes::When, Takes::Events]);
        Signature::gives(Gives::Fixed(Type::Text))
            .needs("a", what())
            .needs("b", what())
            .default("calculus", Takes::Word(&AT_ONCE), "rcc8")
            .default("third", Takes::Things, "none")
            .default("limits", Takes::List(Box::new(Takes::AnyNumber)), "none")
            .at()
            .during()
            .reference_frame(Preference::Picture)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let calculus = args.text("calculus");
        let are_things = |name| matches!(args.given(name), Some(Datum::Things(_)));
        if calculus == "allen" {
            let (a, b) = (times(run, args, "a")?, times(run, args, "b")?);
            return Ok(Datum::Text(of_times(a, b)?));
        }
        if !are_things("a") || !are_things("b") {
            return missing(
                MissingKind::Wording,
                format!("two times stand in relations of calculus: allen, not of {calculus}"),
            );
        }
        let (a, b, frame) = (args.thing("a")?, args.thing("b")?, args.frame("in")?);
        let asked = run.asked(&args.when("during"));
        let at = args.moment("at").map(|instant| instant.t);
        let t = run.still_moment(a, at, &asked)?;
        run.still_moment(b, Some(t), &asked)?;
        let flat = flat(calculus);
        let (p, q) = (run.rect(a, &frame, t, flat)?.0, run.rect(b, &frame, t, flat)?.0);
        let name = match calculus {
            "rcc5" => rcc5::NAMES[rcc5::of(&p, &q)].to_owned(),
            "rectangle" => rectangle::name(rectangle::of(&p, &q)),
            "cardinal" => cardinal::NAMES[cardinal::of(p.centre(), q.centre())].to_owned(),
            "compass" => compass::NAMES[compass::of(p.centre(), q.centre())].to_owned(),
            "star4" => names(calculus)[star::of(p.centre(), q.centre())].clone(),
            "near" => near::NAMES[near::of(p.centre(), q.centre(), &limits(args)?)].to_owned(),
            "tpcc" => {
                if args.given("third").is_none() {
                    return missing(MissingKind::Wording, "tpcc relates three things: `third:` is not given");
                }
                let third = args.thing("third")?;
                let r = run.rect(third, &frame, t, flat)?.0;
                tpcc::of(p.centre(), q.centre(), r.centre())
            }
            _ => rcc8::NAMES[rcc8::of(&p, &q)].to_owned(),
        };
        Ok(Datum::Text(name))
    }
}

impl Operator for RelationsOverTime {
    fn entry(&self) -> Entry {
        let about = "which relation of a qualitative calculus holds when, in longest stretches";
        let example = "relations_over_time(all(\"bus\"), all(\"car\"), calculus: rcc8)";
        entry("relations-over-time", about, "program/src/ops/relation.rs", example)
    }

    fn signature(&self) -> Signature {
        over_time_signature(Type::Events, false)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let a = args.thing("a")?;
        let happenings = stretches(run, args)?
            .into_iter()
            .map(|(kind, span)| Happening {
                kind,
                certain: span,
                possible: span,
                entity: Some(a),
                direction: None,
                event: None,
            })
            .collect();
        Ok(Datum::Events(Events { happenings, ..Events::default() }))
    }
}

impl Operator for WhenRelated {
    fn entry(&self) -> Entry {
        let about = "when one of some relations of a qualitative calculus holds";
        let example = "when_related(all(\"bus\"), all(\"car\"), [\"tpp\", \"ntpp\"], calculus: rcc8)";
        entry("when-related", about, "program/src/ops/relation.rs", example)
    }

    fn signature(&self) -> Signature {
        over_time_signature(Type::When, true)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let known = names(args.text("calculus"));
        let mut wanted = Vec::new();
        for item in args.list("relations") {
            let Datum::Text(name) = item else { continue };
            if !known.contains(name) {
                let what =
                    format!("`{name}` is no relation of {}: {}", args.text("calculus"), known.join(" "));
                return missing(MissingKind::Wording, what);
            }
            wanted.push(name.clone());
        }
        let stretches = stretches(run, args)?;
        let known: Spans = stretches.iter().map(|s| s.1).collect();
        let spans = stretches.into_iter().filter(|(name, _)| wanted.contains(name)).map(|s| s.1);
        let (a, b) = (args.thing("a")?, args.thing("b")?);
        let of_each = [run.presence_of(a)?.certain, run.presence_of(b)?.certain];
        let mut unseen = Unseen::during(run, args);
        let sets = [(args.things("a"), a), (args.things("b"), b)];
        unseen.together(run, sets, [&of_each[0], &of_each[1]], &known)?;
        unseen.finish(run, When::exactly(spans.collect())).map(Datum::When)
    }
}

fn over_time_signature(gives: Type, has_relations: bool) -> Signature {
    let signature = Signature::gives(Gives::Fixed(gives)).needs("a", Takes::Things).needs("b", Takes::Things);
    let signature = if has_relations {
        signature.needs("relations", Takes::List(Box::new(Takes::Text)))
    } else {
        signature
    };
    signature
        .default("calculus", Takes::Word(&OVER_TIME), "rcc8")
        .default("limits", Takes::List(Box::new(Takes::AnyNumber)), "none")
        .during()
        .reference_frame(Preference::Picture)
}

/// Compass words need north up, the axes of boxes are those of the frame.
fn flat(calculus: &str) -> Flat {
    if calculus == "rectangle" { Flat::AsIs } else { Flat::Up }
}

/// The names of a calculus' relations, as they are written here.
fn names(calculus: &str) -> Vec<String> {
    let calculus = chronotope_reason::calculus::calculus(&calculus.replace('_', "-"));
    calculus.map(|calculus| calculus.names()).unwrap_or_default()
}

/// The longest stretches of each relation; an instant is a span of one nanosecond.
fn stretches(run: &mut Run<'_>, args: &Args<'_>) -> Part<Vec<(String, Span)>> {
    let (a, b, frame) = (args.thing("a")?, args.thing("b")?, args.frame("in")?);
    let asked = run.asked(&args.when("during"));
    let calculus = args.text("calculus");
    let followed = match calculus {
        "rcc5" => Followed::Rcc5,
        "rectangle" => Followed::Rectangle,
        "cardinal" => Followed::Cardinal,
        "compass" => Followed::Compass,
        "near" => Followed::Near(limits(args)?),
        "qtc_b" => Followed::QtcB,
        "qtc_c" => Followed::QtcC,
        _ => Followed::Rcc8,
    };
    let flat = flat(calculus);
    let ((p, p_frame), (q, q_frame)) =
        (run.boxes(a, &frame, &asked, flat)?, run.boxes(b, &frame, &asked, flat)?);
    if p_frame != q_frame {
        return missing(MissingKind::Transform, format!("a way from {q_frame} to {p_frame}"));
    }
    let names = names(calculus);
    let episodes = over_time(&p, &q, followed);
    if episodes.is_empty() {
        return missing(MissingKind::Pose, "they were never seen at one time");
    }
    let name = |relation: usize| names.get(relation).cloned().unwrap_or_default();
    Ok(episodes
        .into_iter()
        .map(|e| {
            // the last moment of a stretch belongs to it where nothing follows
            let end = if e.is_joined && e.to_ns > e.from_ns { e.to_ns } else { e.to_ns.saturating_add(1) };
            (name(e.relation), Span::between(Time(e.from_ns), Time(end)))
        })
        .collect())
}

fn limits(args: &Args<'_>) -> Part<[f64; 3]> {
    let given: Vec<f64> = args
        .list("limits")
        .iter()
        .filter_map(|item| if let Datum::Number(number) = item { Some(number.value) } else { None })
        .collect();
    match given.as_slice() {
        &[a, b, c] if 0.0 <= a && a <= b && b <= c => Ok([a, b, c]),
        _ => missing(
            MissingKind::Wording,
            "`limits:` three ascending distances at which close, near and far end, in the frame's unit",
        ),
    }
}

/// The start and end of a When, of Events, or of the time that things were seen.
fn times(run: &mut Run<'_>, args: &Args<'_>, name: &str) -> Part<(Instant, Instant)> {
    let Some(Datum::Things(things)) = args.given(name) else { return ends(args, name) };
    let things = things.clone();
    let asked = run.asked(&args.when("during"));
    let when = super::presence::presence(run, &things, &asked)?;
    let (Some(certain), Some(possible)) = (when.certain.hull(), when.possible.hull()) else {
        return missing(MissingKind::Pose, format!("`{name}` was never surely seen"));
    };
    let start = Instant { t: certain.start(), low: possible.start(), high: certain.start() };
    Ok((start, Instant { t: certain.end(), low: certain.end(), high: possible.end() }))
}

/// Allen's relation; where the ends are known only within bounds, the one that holds for all, else what may hold.
fn of_times(a: (Instant, Instant), b: (Instant, Instant)) -> Part<String> {
    let signs = |p: Instant, q: Instant| -> [bool; 3] {
        let apart = |x: Time, y: Time| x.0.saturating_sub(y.0);
        // before, the same, after: whether it can be
        [
            apart(q.high, p.low) > SAME_NS,
            apart(p.low, q.high) <= SAME_NS && apart(q.low, p.high) <= SAME_NS,
            apart(p.high, q.low) > SAME_NS,
        ]
    };
    let can = [signs(a.0, b.0), signs(a.0, b.1), signs(a.1, b.0), signs(a.1, b.1)];
    let possible: Relations = (0..13)
        .filter(|&r| {
            allen::end_signs(r)
                .is_some_and(|s| s.iter().zip(&can).all(|(&sign, can)| can[(sign + 1) as usize]))
        })
        .collect();
    if possible.is_empty() {
        return missing(
            MissingKind::Wording,
            "relations of allen are between times that last: one of them is a moment",
        );
    }
    if possible.is_base() {
        return Ok(allen::algebra().text(possible));
    }
    let names = allen::algebra().text(possible).replace(' ', " or ");
    missing(MissingKind::Pose, format!("the exact times: the relation is {names}"))
}
