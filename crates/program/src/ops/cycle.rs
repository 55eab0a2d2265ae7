//! What comes again: repetitions and rounds.

use super::entry;
use super::kinematics::from_above;
use super::speed::path_of;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, Signature, Takes, Type, UnitType};
use crate::value::Datum;
use chronotope_reason::motion::cycle::{repetitions, revolutions};
use chronotope_world::catalogue::Entry;
use chronotope_world::{MissingKind, Quantity, Unit};

/// `repetitions(a, during: always, in: auto)`: how often it goes to and fro along the axis on which it moves most, or round and round;
/// to the nearest whole number. Swings below 30 % of the whole range are jitter.
pub struct Repetitions;
/// `revolutions(a, around: none, during: always, in: auto)`: rounds about a thing, or about the middle of its own path; counter-clockwise
/// positive, seen from above or as the picture shows.
pub struct Revolutions;
/// `rotation(a, around: none, during: always, in: auto)`: Text `clockwise`, `counter-clockwise`; `none` below an eighth of a round.
pub struct Rotation;

impl Operator for Repetitions {
    fn entry(&self) -> Entry {
        let about = "how often a motion repeats";
        entry("repetitions", about, "program/src/ops/cycle.rs", "repetitions(all(\"person\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::ONE)))
            .needs("things", Takes::Things)
            .during()
            .reference_frame(Preference::Picture)
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let path = path_of(run, args)?;
        if (0..path.len().saturating_sub(1)).any(|i| !path.linked[i]) {
            return missing(MissingKind::Pose, "it was not seen all the time: what it did in the gaps");
        }
        match repetitions(&path) {
            Some(found) => Ok(Datum::Number(Quantity::new(found.count.round(), Unit::ONE, None))),
            None => missing(MissingKind::Pose, "it was seen too little, or did not move"),
        }
    }
}

fn around(gives: Gives) -> Signature {
    Signature::gives(gives)
        .needs("things", Takes::Things)
        .default("around", Takes::Things, "none")
        .during()
        .reference_frame(Preference::Picture)
}

impl Operator for Revolutions {
    fn entry(&self) -> Entry {
        let about = "rounds about a thing or about its own middle";
        let example = "revolutions(all(\"dog\"), around: all(\"tree\"))";
        entry("revolutions", about, "program/src/ops/cycle.rs", example)
    }

    fn signature(&self) -> Signature {
        around(Gives::Fixed(Type::Number(UnitType::ONE)))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        rounds(run, args).map(|rounds| Datum::Number(Quantity::new(rounds, Unit::ONE, None)))
    }
}

impl Operator for Rotation {
    fn entry(&self) -> Entry {
        let about = "sense of rotation";
        entry("rotation", about, "program/src/ops/cycle.rs", "rotation(all(\"dog\"), around: all(\"tree\"))")
    }

    fn signature(&self) -> Signature {
        around(Gives::Fixed(Type::Text))
    }

    fn cost(&self) -> Cost {
        Cost::Samples
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let word = match rounds(run, args)? {
            rounds if rounds >= 0.125 => "counter-clockwise",
            rounds if rounds <= -0.125 => "clockwise",
            _ => "none",
        };
        Ok(Datum::Text(word.into()))
    }
}

fn rounds(run: &mut Run<'_>, args: &Args<'_>) -> Part<f64> {
    let path = from_above(&path_of(run, args)?);
    let found = if args.given("around").is_some() {
        let (centre, frame) = (args.thing("around")?, args.frame("in")?);
        let asked = run.asked(&args.when("during"));
        let of = from_above(&run.path(centre, &frame, &asked)?);
        // where it stands at the moment, or stood when it never moves
        let still = (0..of.len()).all(|i| of.point(i) == of.point(0));
        let at = |i: usize| of.at(path.t_ns[i]).or_else(|| still.then(|| of.point(0)));
        revolutions(&path, |i| at(i).map(|p| [p[0], p[1]]))
    } else {
        let n = path.len() as f64;
        let middle = [path.x.iter().sum::<f64>() / n, path.y.iter().sum::<f64>() / n];
        revolutions(&path, |_| Some(middle))
    };
    match found {
        Some(rounds) => Ok(rounds),
        None => missing(
            MissingKind::Pose,
            "where the middle is at all of its moments, and a way that does not lead through it",
        ),
    }
}
