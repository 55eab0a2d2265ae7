//! Sums, products and comparisons of numbers with units; intervals go along.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::syntax::Infix;
use crate::types::{Gives, Signature, Takes, Type, UnitType};
use crate::value::{Datum, Instant};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Missing, MissingKind, Quantity, Scale, Spread, Time, Unit};

/// `difference(a, b)`: a − b.
pub struct Difference;
/// `ratio(a, b)`: a / b.
pub struct Ratio;
/// `absolute(a)`.
pub struct Absolute;
/// `compare(a, b)`: greater, less or equal.
pub struct Compare;

/// The values of two infix operands put together.
pub(crate) fn infix(run: &Run<'_>, op: Infix, left: Datum, right: Datum) -> Outcome {
    let numbers = [&left, &right].iter().all(|side| matches!(side, Datum::Number(_) | Datum::Moment(_)));
    if !numbers {
        let same = match (&left, &right) {
            (Datum::Text(a), Datum::Text(b)) => a.to_lowercase() == b.to_lowercase(),
            (Datum::Things(a), Datum::Things(b)) if a.possible.is_empty() && b.possible.is_empty() => {
                a.certain == b.certain
            }
            (Datum::Things(a), Datum::Things(b)) => {
                let why = a.missing.iter().chain(&b.missing).cloned().collect();
                return Err(crate::run::Stop::Missing(why));
            }
            (a, b) => a == b,
        };
        return Ok(Datum::Truth(same == (op == Infix::Equal)));
    }
    let moment = matches!(
        (&left, &right),
        (Datum::Moment(_), Datum::Number(_)) | (Datum::Number(_), Datum::Moment(_))
    );
    if matches!(op, Infix::Plus | Infix::Minus) && (moment || matches!(left, Datum::Moment(_))) {
        run.needs_clock()?;
    }
    let (a, b) = (quantity(left), quantity(right));
    match op {
        Infix::Plus | Infix::Minus => {
            let sum = add(&a, &b, if op == Infix::Plus { 1.0 } else { -1.0 })?;
            if moment {
                let (low, high) = sum.bounds();
                let at = Time::from_s;
                return Ok(Datum::Moment(Instant { t: at(sum.value), low: at(low), high: at(high) }));
            }
            Ok(Datum::Number(sum))
        }
        Infix::Times => multiply(&a, &b, 1).map(Datum::Number),
        Infix::Per => multiply(&a, &b, -1).map(Datum::Number),
        _ => truth(op, &a, &b).map(Datum::Truth),
    }
}

/// −a.
pub(crate) fn negated(value: Datum) -> Outcome {
    let a = quantity(value);
    let spread = match a.spread {
        Spread::Interval { low, high } => Spread::Interval { low: -high, high: -low },
        other => other,
    };
    Ok(Datum::Number(Quantity { value: -a.value, spread, ..a }))
}

fn quantity(datum: Datum) -> Quantity {
    match datum {
        Datum::Number(quantity) => quantity,
        Datum::Moment(instant) => instant.seconds(),
        _ => Quantity::bare(f64::NAN),
    }
}

/// Unlike scales meet: what would bring them together.
fn scale_missing(a: &Unit, b: &Unit) -> Missing {
    match (a.scale(), b.scale()) {
        (Some(Scale::Own(name)), _) | (_, Some(Scale::Own(name))) => {
            Missing::new(MissingKind::Scale, format!("the scale of {name}: how many metres its unit is"))
        }
        _ => Missing::new(
            MissingKind::Transform,
            format!("no transform between a frame in {a} and a frame in {b}"),
        )
        .hint("watch --ground CALIBRATION.json"),
    }
}

fn add(a: &Quantity, b: &Quantity, sign: f64) -> Part<Quantity> {
    if a.unit != b.unit {
        return Err(scale_missing(&a.unit, &b.unit).into());
    }
    let value = a.value + sign * b.value;
    let spread = match (a.spread, b.spread) {
        (Spread::None, Spread::None) => Spread::None,
        (Spread::Deviation(x), Spread::None) | (Spread::None, Spread::Deviation(x)) => Spread::Deviation(x),
        (Spread::Deviation(x), Spread::Deviation(y)) => Spread::Deviation((x * x + y * y).sqrt()),
        _ => {
            let ((a0, a1), (b0, b1)) = (a.bounds(), b.bounds());
            if sign > 0.0 {
                Spread::Interval { low: a0 + b0, high: a1 + b1 }
            } else {
                Spread::Interval { low: a0 - b1, high: a1 - b0 }
            }
        }
    };
    let reference_frame = a.reference_frame.clone().filter(|_| a.reference_frame == b.reference_frame);
    Ok(Quantity { value, spread, unit: a.unit.clone(), reference_frame })
}

fn multiply(a: &Quantity, b: &Quantity, power: i8) -> Part<Quantity> {
    let unit = if power > 0 { a.unit.times(&b.unit) } else { a.unit.per(&b.unit) };
    let Some(unit) = unit else { return Err(scale_missing(&a.unit, &b.unit).into()) };
    let by = |x: f64, y: f64| if power > 0 { x * y } else { x / y };
    let ((a0, a1), (b0, b1)) = (a.bounds(), b.bounds());
    if power < 0 && b0 <= 0.0 && b1 >= 0.0 {
        return missing(MissingKind::Wording, "a quotient by what may be zero");
    }
    let value = by(a.value, b.value);
    if !value.is_finite() {
        return missing(MissingKind::Wording, "a number beyond what can be written");
    }
    let corners = [by(a0, b0), by(a0, b1), by(a1, b0), by(a1, b1)];
    let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
    let high = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let spread = if low < high { Spread::Interval { low, high } } else { Spread::None };
    Ok(Quantity { value, spread, unit, reference_frame: None })
}

/// A comparison is known where the intervals do not overlap.
fn truth(op: Infix, a: &Quantity, b: &Quantity) -> Part<bool> {
    if a.unit != b.unit {
        return Err(scale_missing(&a.unit, &b.unit).into());
    }
    let ((a0, a1), (b0, b1)) = (a.bounds(), b.bounds());
    let less = |(surely, not): (bool, bool)| match (surely, not) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    let known = match op {
        Infix::Less => less((a1 < b0, a0 >= b1)),
        Infix::LessEqual => less((a1 <= b0, a0 > b1)),
        Infix::Greater => less((a0 > b1, a1 <= b0)),
        Infix::GreaterEqual => less((a0 >= b1, a1 < b0)),
        Infix::Equal => less((a0 == a1 && b0 == b1 && a0 == b0, a1 < b0 || b1 < a0)),
        _ => less((a1 < b0 || b1 < a0, a0 == a1 && b0 == b1 && a0 == b0)),
    };
    match known {
        Some(known) => Ok(known),
        None => missing(MissingKind::Pose, "the two are within each other's uncertainty"),
    }
}

fn same_unit(types: &[Option<Type>]) -> Result<UnitType, String> {
    match (&types[0], &types[1]) {
        (Some(Type::Number(a)), Some(Type::Number(b))) if a.agrees(b) => Ok(a.clone()),
        (Some(Type::Moment), Some(Type::Moment)) => Ok(UnitType::SECOND),
        (Some(a), Some(b)) => Err(format!("{a} against {b}")),
        _ => Err("nothing".into()),
    }
}

fn operand() -> Takes {
    Takes::Either(vec![Takes::AnyNumber, Takes::Moment])
}

impl Operator for Difference {
    fn entry(&self) -> Entry {
        let example = "difference(count(all(\"car\")), count(all(\"bus\")))";
        entry("difference", "the one less the other", "program/src/ops/arithmetic.rs", example)
    }

    fn signature(&self) -> Signature {
        let gives = Gives::From(|types| same_unit(types).map(Type::Number));
        Signature::gives(gives).needs("a", operand()).needs("b", operand())
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let [a, b] = ["a", "b"].map(|name| args.given(name).cloned().unwrap_or(Datum::Truth(false)));
        infix(run, Infix::Minus, a, b)
    }
}

impl Operator for Ratio {
    fn entry(&self) -> Entry {
        let example = "ratio(count(all(\"car\")), count(all(\"bus\")))";
        entry("ratio", "the one by the other", "program/src/ops/arithmetic.rs", example)
    }

    fn signature(&self) -> Signature {
        let gives = Gives::From(|types| match (&types[0], &types[1]) {
            (Some(Type::Number(a)), Some(Type::Number(b))) => {
                a.combine(b, -1).map(Type::Number).ok_or_else(|| format!("{a} against {b}"))
            }
            _ => Err("no number".into()),
        });
        Signature::gives(gives).needs("a", Takes::AnyNumber).needs("b", Takes::AnyNumber)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let [a, b] = ["a", "b"].map(|name| args.given(name).cloned().unwrap_or(Datum::Truth(false)));
        infix(run, Infix::Per, a, b)
    }
}

impl Operator for Absolute {
    fn entry(&self) -> Entry {
        let example = "absolute(count(all(\"car\")) - 3)";
        entry("absolute", "a number without its sign", "program/src/ops/arithmetic.rs", example)
    }

    fn signature(&self) -> Signature {
        let gives = Gives::From(|types| types[0].clone().ok_or_else(|| "nothing".into()));
        Signature::gives(gives).needs("a", Takes::AnyNumber)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let a = args.number("a").cloned().unwrap_or(Quantity::bare(f64::NAN));
        let (low, high) = a.bounds();
        let spread = match a.spread {
            Spread::Interval { .. } => {
                let least = if low <= 0.0 && high >= 0.0 { 0.0 } else { low.abs().min(high.abs()) };
                Spread::Interval { low: least, high: low.abs().max(high.abs()) }
            }
            other => other,
        };
        Ok(Datum::Number(Quantity { value: a.value.abs(), spread, ..a }))
    }
}

impl Operator for Compare {
    fn entry(&self) -> Entry {
        let example = "compare(count(all(\"car\")), count(all(\"bus\")))";
        entry("compare", "greater, less or equal", "program/src/ops/arithmetic.rs", example)
    }

    fn signature(&self) -> Signature {
        let gives = Gives::From(|types| same_unit(types).map(|_| Type::Text));
        Signature::gives(gives).needs("a", operand()).needs("b", operand())
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let [a, b] =
            ["a", "b"].map(|name| quantity(args.given(name).cloned().unwrap_or(Datum::Truth(false))));
        let word = if truth(Infix::Equal, &a, &b)? {
            "equal"
        } else if truth(Infix::Less, &a, &b)? {
            "less"
        } else {
            "greater"
        };
        Ok(Datum::Text(word.into()))
    }
}

/// The numbers of a list, all in one unit.
fn listed(args: &Args<'_>) -> Part<Vec<Quantity>> {
    let numbers: Vec<Quantity> = args.list("numbers").iter().cloned().map(quantity).collect();
    match numbers.first() {
        None => missing(MissingKind::Entity, "an empty list"),
        Some(first) => match numbers.iter().find(|n| n.unit != first.unit) {
            Some(other) => Err(scale_missing(&first.unit, &other.unit).into()),
            None => Ok(numbers),
        },
    }
}

fn total(numbers: &[Quantity]) -> Part<Quantity> {
    let (first, rest) = numbers.split_first().expect("lists are not empty here");
    rest.iter().try_fold(first.clone(), |sum, n| add(&sum, n, 1.0))
}

fn extreme(numbers: &[Quantity], sign: f64) -> Quantity {
    let first = numbers[0].clone();
    let best = numbers
        .iter()
        .fold(first, |best, n| if n.value * sign > best.value * sign { n.clone() } else { best });
    let (mut low, mut high) = best.bounds();
    for (a, b) in numbers.iter().map(Quantity::bounds) {
        if sign > 0.0 {
            (low, high) = (low.max(a), high.max(b));
        } else {
            (low, high) = (low.min(a), high.min(b));
        }
    }
    let spread = if low < high { Spread::Interval { low, high } } else { Spread::None };
    Quantity { spread, ..best }
}

macro_rules! aggregates {
    ($($(#[$doc:meta])* $name:ident $word:literal $about:literal $example:literal $rule:expr;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Operator for $name {
            fn entry(&self) -> Entry {
                entry($word, $about, "program/src/ops/arithmetic.rs", $example)
            }

            fn signature(&self) -> Signature {
                let gives = Gives::From(|types| match &types[0] {
                    Some(Type::List(item)) => Ok(item.as_ref().clone()),
                    _ => Ok(Type::Number(UnitType::ONE)),
                });
                Signature::gives(gives).needs("numbers", Takes::List(Box::new(Takes::AnyNumber)))
            }

            fn cost(&self) -> Cost {
                Cost::Constant
            }

            fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
                let numbers = listed(args)?;
                let rule: fn(&[Quantity]) -> Part<Quantity> = $rule;
                rule(&numbers).map(Datum::Number)
            }
        }
    )*};
}

aggregates! {
    /// `sum([…])`.
    Sum "sum" "the sum of numbers" "sum([count(all(\"car\")), count(all(\"bus\"))])" total;
    /// `mean([…])`.
    Mean "mean" "the mean of numbers" "mean([size(entity(1)), size(entity(2))])" |numbers| {
        multiply(&total(numbers)?, &Quantity::bare(numbers.len() as f64), -1)
    };
    /// `max([…])`.
    Max "max" "the greatest number" "max([size(entity(1)), size(entity(2))])" |numbers| Ok(extreme(numbers, 1.0));
    /// `min([…])`.
    Min "min" "the least number" "min([size(entity(1)), size(entity(2))])" |numbers| Ok(extreme(numbers, -1.0));
}
