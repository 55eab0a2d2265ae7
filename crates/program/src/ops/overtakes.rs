//! Overtaking.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::unseen::{Pair, Unseen};
use crate::value::{Datum, Events, Happening};
use chronotope_reason::motion::pair;
use chronotope_world::Span;
use chronotope_world::catalogue::Entry;

/// `overtakes(a, b, during: always, in: auto)`: `a` passes from behind `b` to before it, along `b`'s motion, both going the same way.
pub struct Overtakes;

impl Operator for Overtakes {
    fn entry(&self) -> Entry {
        let about = "one passes the other, going the same way";
        entry("overtakes", about, "program/src/ops/overtakes.rs", "overtakes(all(\"car\"), all(\"bus\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Events))
            .needs("a", Takes::Things)
            .needs("b", Takes::Things)
            .during()
            .reference_frame(Preference::Motion)
    }

    fn cost(&self) -> Cost {
        Cost::Pairs
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (a, b) = (args.things("a").clone(), args.things("b").clone());
        let (frame, asked) = (args.frame("in")?, run.asked(&args.when("during")));
        let (mut out, mut unseen) = (Events::default(), Unseen::during(run, args));
        for x in a.all() {
            for y in b.all().filter(|&y| y != x) {
                let paths = match Pair::of(run, x, y, &frame, &asked) {
                    Ok(paths) => paths,
                    Err(Stop::Missing(why)) => {
                        out.missing.extend(why.into_iter().take(1));
                        continue;
                    }
                    Err(failed) => return Err(failed),
                };
                unseen.pair(run, [(&a, x), (&b, y)], &paths)?;
                let (p, q) = (&paths.a, &paths.b);
                for o in pair::offsets(p, q).into_iter().filter(|o| o.t0 < o.t1) {
                    let ends = (p.at(o.t0.0).zip(p.at(o.t1.0)), q.at(o.t0.0).zip(q.at(o.t1.0)));
                    let (Some((a0, a1)), Some((b0, b1))) = ends else { continue };
                    let step =
                        |u: [f64; 3], v: [f64; 3]| -> [f64; 3] { std::array::from_fn(|k| v[k] - u[k]) };
                    let dot = |u: [f64; 3], v: [f64; 3]| u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
                    let (of_a, of_b) = (step(a0, a1), step(b0, b1));
                    // offsets are b − a: behind is positive along b's motion
                    let (before, after) = (dot(o.r0, of_b), dot(o.r1, of_b));
                    if before > 0.0 && after <= 0.0 && dot(of_a, of_b) > 0.0 {
                        let span = Span::between(o.t0, o.t1.plus_ns(1));
                        out.happenings.push(Happening {
                            kind: "overtakes".into(),
                            certain: span,
                            possible: span,
                            entity: Some(x),
                            direction: None,
                            event: None,
                        });
                    }
                }
            }
        }
        out.happenings.sort_by_key(|h| (h.certain, h.entity));
        out.missing.extend(unseen.of_events(run)?);
        out.scopes = a.scopes.into_iter().chain(b.scopes).collect();
        Ok(Datum::Events(out))
    }
}
