//! Contact of bodies over time: when they touch, when they collide.

use super::contact::margin;
use super::entry;
use crate::frame::Frame;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::{Pair, Unseen};
use crate::value::{Datum, Events, Happening, Things};
use chronotope_reason::metric::solid::distance;
use chronotope_reason::motion::pair;
use chronotope_reason::motion::polyline::Polyline;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, Missing, MissingKind, ReferenceFrame, Span, Spans, Time, When};

/// `touches(a, b, gap: auto, during: always, in: auto)`: When the bodies of some pair are at most the gap (`auto`: 5 cm) apart, surface to surface.
pub struct Touches;
/// `collides(a, b, gap: auto, during: always, in: auto)`: Events: some pair comes into contact after it was apart. Between samples things go
/// straight: who passes through another between two pictures has hit it.
pub struct Collides;

/// What boxes miss by: 5 cm.
pub(super) const CONTACT_M: f64 = 0.05;

fn signature(gives: Type) -> Signature {
    Signature::gives(Gives::Fixed(gives))
        .needs("a", Takes::Things)
        .needs("b", Takes::Things)
        .default("gap", Takes::Number((1, 0, 0)), "auto")
        .during()
        .reference_frame(Preference::Metric)
}

impl Operator for Touches {
    fn entry(&self) -> Entry {
        let example = "touches(all(\"person\"), all(\"door\"))";
        entry("touches", "when two bodies are in contact", "program/src/ops/collides.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Type::When)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let found = contacts(run, args)?;
        if !found.missing.is_empty() {
            return Err(Stop::Missing(found.missing));
        }
        let mut out = When::default();
        for (sure, contact) in &found.pairs {
            if *sure {
                out.certain = out.certain.union(&contact.touching.certain);
            }
            out.possible = out.possible.union(&contact.touching.possible);
        }
        if found.pairs.is_empty() {
            crate::cover::covered(run, &found.scopes, &run.asked(&args.when("during")))?;
        }
        found.unseen.finish(run, out).map(Datum::When)
    }
}

impl Operator for Collides {
    fn entry(&self) -> Entry {
        let example = "collides(all(\"car\"), all(\"car\"))";
        entry("collides", "two bodies come into contact", "program/src/ops/collides.rs", example)
    }

    fn signature(&self) -> Signature {
        signature(Type::Events)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let found = contacts(run, args)?;
        let mut out = Events { scopes: found.scopes, missing: found.missing, ..Events::default() };
        out.missing.extend(found.unseen.of_events(run)?);
        for (_, contact) in found.pairs {
            out.happenings.extend(contact.hits.into_iter().map(|hit| Happening {
                kind: "collides".into(),
                certain: hit.certain,
                possible: hit.possible,
                entity: Some(contact.a),
                direction: None,
                event: None,
            }));
        }
        out.happenings.sort_by_key(|h| (h.certain, h.entity));
        Ok(Datum::Events(out))
    }
}

/// What two bodies did.
pub(super) struct Contact {
    pub(super) a: EntityId,
    pub(super) touching: When,
    pub(super) hits: Vec<Hit>,
}

/// A contact that began.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    /// The first moment at which it is seen.
    pub(super) certain: Span,
    /// From after the last moment at which they were seen apart.
    pub(super) possible: Span,
}

struct Found {
    /// Whether both surely belong to the sets.
    pairs: Vec<(bool, Contact)>,
    missing: Vec<Missing>,
    scopes: Vec<crate::value::Scope>,
    unseen: Unseen,
}

fn contacts(run: &mut Run<'_>, args: &Args<'_>) -> Part<Found> {
    let (a, b): (Things, Things) = (args.things("a").clone(), args.things("b").clone());
    let (gap, frame) = (margin(run, args, "gap", CONTACT_M)?, args.frame("in")?);
    in_space(&frame)?;
    let asked = run.asked(&args.when("during"));
    let (mut pairs, mut why, mut unseen) = (Vec::new(), Vec::new(), Unseen::during(run, args));
    let (of_a, of_b): (Vec<EntityId>, Vec<EntityId>) = (a.all().collect(), b.all().collect());
    for &x in &of_a {
        for &y in of_b.iter().filter(|&&y| y != x) {
            // of a set with itself every pair once
            if y < x && of_a.contains(&y) && of_b.contains(&x) {
                continue;
            }
            let found = Pair::of(run, x, y, &frame, &asked).and_then(|paths| {
                unseen.pair(run, [(&a, x), (&b, y)], &paths)?;
                contact(run, [x, y], [&paths.a, &paths.b], &frame, gap)
            });
            match found {
                Ok(found) => pairs.push((a.surely(x) && b.surely(y), found)),
                Err(Stop::Missing(more)) => why.extend(more),
                Err(failed) => return Err(failed),
            }
        }
    }
    why.truncate(4);
    Ok(Found { pairs, missing: why, scopes: a.scopes.into_iter().chain(b.scopes).collect(), unseen })
}

/// Boxes that overlap in a picture need not touch.
pub(super) fn in_space(frame: &Frame) -> Part<()> {
    match frame.one() {
        Some(ReferenceFrame::World(_) | ReferenceFrame::Camera(_) | ReferenceFrame::Object(_)) => Ok(()),
        _ => missing(
            MissingKind::Transform,
            format!("no transform from {frame} to a space in which bodies touch"),
        ),
    }
}

/// When two bodies are within a gap of each other, and when they come to be so.
pub(super) fn contact(
    run: &mut Run<'_>,
    [a, b]: [EntityId; 2],
    [p, q]: [&Polyline; 2],
    frame: &Frame,
    gap: f64,
) -> Part<Contact> {
    let (mut certain, mut possible, mut hits) = (Vec::new(), Vec::new(), Vec::<Hit>::new());
    let mut known: Option<(Time, bool, f64)> = None;
    for offset in pair::offsets(p, q) {
        let mut at = |run: &mut Run<'_>, t: Time| -> Part<(bool, f64)> {
            if let Some((_, touch, radius)) = known.filter(|(when, ..)| *when == t) {
                return Ok((touch, radius));
            }
            let ((x, _), (y, _)) = (run.solid(a, frame, t)?, run.solid(b, frame, t)?);
            let (touch, radius) = (distance(&x, &y) <= gap, x.radius() + y.radius());
            known = Some((t, touch, radius));
            Ok((touch, radius))
        };
        let (near_u, nearest) = offset.nearest();
        let (here, radius) = at(run, offset.t0)?;
        if !here && nearest > radius + gap && offset.t0 < offset.t1 {
            continue; // far apart all the way
        }
        let (there, _) = at(run, offset.t1)?;
        let whole = Span::between(offset.t0, offset.t1.plus_ns(1));
        match (here, there) {
            (true, true) => certain.push(whole),
            (true, false) => {
                certain.push(Span::at(offset.t0));
                possible.push(Span::between(offset.t0, offset.t1));
            }
            (false, true) => {
                certain.push(Span::at(offset.t1));
                let between = Span::between(offset.t0.plus_ns(1), offset.t1.plus_ns(1));
                possible.push(between);
                hits.push(Hit { certain: Span::at(offset.t1), possible: between });
            }
            (false, false) if near_u > 0.0 && near_u < 1.0 => {
                // through one another between two samples
                let t = offset.moment(near_u);
                if at(run, t)?.0 {
                    certain.push(Span::at(t));
                    possible.push(whole);
                    hits.push(Hit { certain: Span::at(t), possible: whole });
                }
            }
            (false, false) => {}
        }
    }
    let certain: Spans = certain.into_iter().collect();
    let touching = When::within(certain, &possible.into_iter().collect());
    Ok(Contact { a, touching, hits })
}
