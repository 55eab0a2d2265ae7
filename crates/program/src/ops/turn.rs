//! How far something turned.

use super::entry;
use super::speed::path_of;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type, UnitType};
use crate::unseen::{Unseen, known};
use crate::value::Datum;
use chronotope_reason::metric::direction::bearing_deg;
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, ReferenceFrame, Spread, Unit};

/// `turn(a, during: always, in: auto)`: the sum of the turns of its path, left positive. Stretches of no length count nothing; where it
/// was not seen for a while, the turns of what was seen.
pub struct Turn;

impl Operator for Turn {
    fn entry(&self) -> Entry {
        entry("turn", "change of the direction of motion", "program/src/ops/turn.rs", "turn(all(\"bus\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::DEGREE)))
            .needs("things", Takes::Things)
            .during()
            .reference_frame(Preference::Motion)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let path = path_of(run, args)?;
        let mut unseen = Unseen::during(run, args);
        unseen.thing(run, args.things("things"), args.thing("things")?, &known(&path))?;
        // seen from above, with left on the left: y of pictures and z of cameras point the other way round
        let flat = |p: [f64; 3]| match path.frames[0] {
            ReferenceFrame::Camera(_) => [p[0], p[2]],
            ReferenceFrame::Image(_) | ReferenceFrame::Stage(..) => [p[0], -p[1]],
            _ => [p[0], p[1]],
        };
        let steps: Vec<[f64; 2]> = path
            .segments()
            .map(|i| (flat(path.point(i)), flat(path.point(i + 1))))
            .map(|(a, b)| [b[0] - a[0], b[1] - a[1]])
            .filter(|step| *step != [0.0; 2])
            .collect();
        if steps.is_empty() {
            return missing(MissingKind::Pose, "it did not move, so it has no direction");
        }
        let turned: f64 = steps.windows(2).filter_map(|pair| bearing_deg(pair[1], [0.0; 2], pair[0])).sum();
        // what nobody saw may have been any turn
        let any = Spread::Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
        let spread = if unseen.noted(run)? { any } else { Spread::None };
        Ok(Datum::Number(Quantity {
            spread,
            ..Quantity::new(turned, Unit::DEGREE, path.frames.first().cloned())
        }))
    }
}
