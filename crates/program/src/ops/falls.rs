//! Does it obey physics: free fall and impossible jumps.

use super::entry;
use super::within::same_scale;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::{Unseen, known};
use crate::value::{Datum, Events, Happening};
use chronotope_reason::motion::physics::{GRAVITY, falls, jumps};
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, ReferenceFrame, Scale, Span, Spans, Time, When};

/// `falls(a, during: always, in: auto)`: when some of the things falls freely (dropped or thrown): in a metric world with z up, its acceleration is that
/// of gravity to within a quarter, by a parabola through the samples within 0.2 s on both sides (at least five).
pub struct Falls;
/// `jumps(a, faster_than: auto, during: always, in: auto)`: Events: stretches between two samples that would take more than a speed (`auto`: 100 m/s):
/// nothing moves so, a track has gone over to another thing.
pub struct Jumps;

/// Share of gravity by which a falling thing's acceleration may differ: drag and jitter of boxes.
const SHARE: f64 = 0.25;
const WINDOW_NS: i64 = 200_000_000;
/// 360 km/h.
const FASTEST_MPS: f64 = 100.0;

impl Operator for Falls {
    fn entry(&self) -> Entry {
        entry("falls", "when a thing falls freely", "program/src/ops/falls.rs", "falls(all(\"ball\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::When))
            .needs("things", Takes::Things)
            .during()
            .reference_frame(Preference::Motion)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let (things, frame) = (args.things("things").clone(), args.frame("in")?);
        if !matches!(frame.one(), Some(ReferenceFrame::World(_)))
            || frame.scale(run.world) != Some(Scale::Metre)
        {
            return missing(
                MissingKind::Transform,
                format!("no transform from {frame} to a metric world with z up"),
            );
        }
        let asked = run.asked(&args.when("during"));
        let (mut certain, mut possible, mut why, mut tried) = (Spans::NONE, Spans::NONE, Vec::new(), false);
        let mut unseen = Unseen::during(run, args);
        for thing in things.all() {
            match run.path(thing, &frame, &asked) {
                Ok(path) => {
                    tried = true;
                    unseen.thing(run, &things, thing, &known(&path))?;
                    let spans = falls(&path, GRAVITY, SHARE, WINDOW_NS);
                    if things.surely(thing) {
                        certain = certain.union(&spans);
                    }
                    possible = possible.union(&spans);
                }
                Err(Stop::Missing(more)) if more.iter().all(|m| m.kind == MissingKind::Pose) => {
                    unseen.thing(run, &things, thing, &Spans::NONE)?;
                }
                Err(Stop::Missing(more)) => why.extend(more),
                Err(failed) => return Err(failed),
            }
        }
        if !why.is_empty() && certain.is_empty() {
            return Err(Stop::Missing(why.into_iter().take(4).collect()));
        }
        if !tried {
            crate::cover::covered(run, &things.scopes, &asked)?;
        }
        unseen.finish(run, When::within(certain, &possible)).map(Datum::When)
    }
}

impl Operator for Jumps {
    fn entry(&self) -> Entry {
        let about = "moves that are too fast for any thing";
        entry("jumps", about, "program/src/ops/falls.rs", "jumps(all(\"car\"), faster_than: 70 m/s)")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Events))
            .needs("things", Takes::Things)
            .default("faster_than", Takes::Number((1, -1, 0)), "auto")
            .during()
            .reference_frame(Preference::Motion)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        run.needs_clock()?;
        let (things, frame) = (args.things("things").clone(), args.frame("in")?);
        let most = match args.number("faster_than") {
            Some(number) => {
                same_scale(run.world, &frame, &number.unit)?;
                number.value
            }
            None if frame.scale(run.world) == Some(Scale::Metre) => FASTEST_MPS,
            None => {
                return missing(
                    MissingKind::Scale,
                    "which speed is too fast: `faster_than` in the unit of the frame",
                );
            }
        };
        let asked = run.asked(&args.when("during"));
        let mut out = Events::default();
        for thing in things.all() {
            match run.path(thing, &frame, &asked) {
                Ok(path) => {
                    for i in jumps(&path, most) {
                        let span = Span::between(Time(path.t_ns[i]), Time(path.t_ns[i + 1]).plus_ns(1));
                        out.happenings.push(Happening {
                            kind: "jumps".into(),
                            certain: span,
                            possible: span,
                            entity: Some(thing),
                            direction: None,
                            event: None,
                        });
                    }
                }
                Err(Stop::Missing(why)) => {
                    out.missing.extend(why.into_iter().filter(|m| m.kind != MissingKind::Pose).take(1));
                }
                Err(failed) => return Err(failed),
            }
        }
        out.happenings.sort_by_key(|h| (h.certain, h.entity));
        out.scopes = things.scopes;
        Ok(Datum::Events(out))
    }
}
