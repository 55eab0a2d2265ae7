//! Left of, right of, above, below.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, ReferenceFrame, Time};

/// `side(a, of, at: none, during: always, in: auto)`: the larger offset decides.
///
/// In a picture x goes right and y down; in a camera the same; of a thing (`object(…)`)
/// x goes to the front, y left and z up; in a world there is no left.
/// Over a span the side must be the same at both ends of their time together.
pub struct Side;

impl Operator for Side {
    fn entry(&self) -> Entry {
        let about = "on which side of another thing one is, as the picture shows";
        entry("side", about, "program/src/ops/side.rs", "side(all(\"bus\"), all(\"car\"), at: 2 s)")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text))
            .needs("a", Takes::Things)
            .needs("of", Takes::Things)
            .at()
            .during()
            .reference_frame(Preference::Picture)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (a, of, frame) = (args.thing("a")?, args.thing("of")?, args.frame("in")?);
        let asked = run.asked(&args.when("during"));
        let times: Vec<Time> = if let Some(instant) = args.moment("at") {
            vec![instant.t]
        } else {
            let (p, q) = (run.presence_of(a)?, run.presence_of(of)?);
            let both = p.certain.intersect(&q.certain).intersect(&asked);
            let Some(hull) = both.hull() else {
                return missing(MissingKind::Pose, "they were never seen at one time");
            };
            vec![hull.start(), hull.end().plus_ns(-1).max(hull.start())]
        };
        let mut words = Vec::new();
        for t in times {
            let ((p, to), (q, _)) = (run.place(a, &frame, t)?, run.place(of, &frame, t)?);
            let d: [f64; 3] = std::array::from_fn(|k| p.point[k] - q.point[k]);
            let (right, up) = match &to {
                ReferenceFrame::Object(_) if d[0].abs() > d[1].abs().max(d[2].abs()) => {
                    words.push(if d[0] > 0.0 { "front" } else { "back" });
                    continue;
                }
                ReferenceFrame::Object(_) => (-d[1], d[2]),
                ReferenceFrame::World(_) | ReferenceFrame::Geo => {
                    let hint = "ask with in: image, in: camera(N) or in: object(THING)";
                    return missing(MissingKind::Pose, format!("a world has no left and right: {hint}"));
                }
                _ => (d[0], -d[1]),
            };
            words.push(match (right.abs() >= up.abs(), right > 0.0, up > 0.0) {
                _ if right == 0.0 && up == 0.0 => "at the same place",
                (true, true, _) => "right",
                (true, false, _) => "left",
                (false, _, true) => "above",
                (false, _, false) => "below",
            });
        }
        if words.windows(2).any(|pair| pair[0] != pair[1]) {
            let what =
                format!("they changed sides, from {} to {}: at which time", words[0], words[words.len() - 1]);
            return missing(MissingKind::Wording, what);
        }
        Ok(Datum::Text(words[0].to_owned()))
    }
}
