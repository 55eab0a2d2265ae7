//! Crossing a line.

use super::entry;
use super::inside::crossing;
use crate::frame::Frame;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop};
use crate::types::{Gives, Signature, Takes, Type};
use crate::unseen::{Unseen, known, seen_path};
use crate::value::{Datum, Events, Happening};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Span, Time};

/// `crosses(things, line, during: always)`: with the direction as seen by somebody who looks along the line. A thing that stops on the
/// line crosses when it goes on to the other side.
pub struct Crosses;

impl Operator for Crosses {
    fn entry(&self) -> Entry {
        let about = "a thing crosses a line";
        let example = "crosses(all(\"car\"), line([0, 240, 640, 240], in: image))";
        entry("crosses", about, "program/src/ops/crosses.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Events))
            .needs("things", Takes::Things)
            .needs("line", Takes::Line)
            .during()
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (things, line) = (args.things("things").clone(), args.region("line")?.clone());
        let asked = run.asked(&args.when("during"));
        let frame = Frame::One(line.reference_frame.clone());
        let (a, b) = (line.points[0], line.points[1]);
        // y goes down in pictures, so that left and right of the line change places
        let down = if line.reference_frame.is_picture() { -1.0 } else { 1.0 };
        let mut out =
            Events { scopes: things.scopes.clone(), missing: things.missing.clone(), ..Events::default() };
        let mut unseen = Unseen::during(run, args);
        for thing in things.all() {
            let path = match seen_path(run, thing, &frame, &asked) {
                Ok(path) => path,
                Err(Stop::Missing(why)) => {
                    out.missing.extend(why.into_iter().take(1));
                    continue;
                }
                Err(failed) => return Err(failed),
            };
            unseen.thing(run, &things, thing, &known(&path))?;
            for i in path.segments() {
                let (p, q) = ([path.x[i], path.y[i]], [path.x[i + 1], path.y[i + 1]]);
                let Some((_, from)) = crossing(p, q, a, b) else { continue };
                let span = Span::between(Time(path.t_ns[i]), Time(path.t_ns[i + 1]).plus_ns(1));
                let way = if from * down > 0.0 { "left to right" } else { "right to left" };
                out.happenings.push(Happening {
                    kind: "crosses".into(),
                    certain: span,
                    possible: span,
                    entity: Some(thing),
                    direction: Some(way.into()),
                    event: None,
                });
            }
        }
        out.happenings.sort_by_key(|h| (h.certain, h.entity));
        out.missing.extend(unseen.of_events(run)?);
        Ok(Datum::Events(out))
    }
}
