//! Values with unit, reference frame and spread.

use crate::id::EntityId;
use crate::reference_frame::ReferenceFrame;
use crate::span::{Span, Spans};
use crate::time::Time;
use std::fmt;

/// What one step of length measures. Values of unlike scale are never compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scale {
    /// Metres.
    Metre,
    /// Pixels of a picture.
    Pixel,
    /// A unit of its own: a reconstruction whose size is unknown. Holds the name of the reference frame.
    Own(String),
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scale::Metre => f.write_str("m"),
            Scale::Pixel => f.write_str("px"),
            Scale::Own(name) => write!(f, "unit({name})"),
        }
    }
}

/// A unit of measure: powers of length, time and angle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unit {
    /// The scale of length; meaningless (and `Metre`) where `length` is 0.
    scale: Scale,
    length: i8,
    time: i8,
    angle: i8,
}

impl Unit {
    /// A bare number, as of a count or a ratio.
    pub const ONE: Unit = Unit { scale: Scale::Metre, length: 0, time: 0, angle: 0 };
    /// Seconds.
    pub const SECOND: Unit = Unit { scale: Scale::Metre, length: 0, time: 1, angle: 0 };
    /// Degrees; radians stay inside the engine.
    pub const DEGREE: Unit = Unit { scale: Scale::Metre, length: 0, time: 0, angle: 1 };
    /// Metres.
    pub const METRE: Unit = Unit { scale: Scale::Metre, length: 1, time: 0, angle: 0 };
    /// Pixels.
    pub const PIXEL: Unit = Unit { scale: Scale::Pixel, length: 1, time: 0, angle: 0 };

    /// A length of this scale.
    pub fn length(scale: Scale) -> Unit {
        Unit::powers(scale, 1, 0, 0)
    }

    /// Powers of length (of this scale), time and angle.
    pub fn powers(scale: Scale, length: i8, time: i8, angle: i8) -> Unit {
        let scale = if length == 0 { Scale::Metre } else { scale };
        Unit { scale, length, time, angle }
    }

    /// The scale of length, where the unit has a length in it.
    pub fn scale(&self) -> Option<&Scale> {
        (self.length != 0).then_some(&self.scale)
    }

    /// Powers of length, time and angle.
    pub fn dimension(&self) -> (i8, i8, i8) {
        (self.length, self.time, self.angle)
    }

    /// The unit of a product, or none where two unlike scales meet or a power leaves −100..=100.
    pub fn times(&self, other: &Unit) -> Option<Unit> {
        self.combine(other, 1)
    }

    /// The unit of a quotient, or none where two unlike scales meet or a power leaves −100..=100.
    pub fn per(&self, other: &Unit) -> Option<Unit> {
        self.combine(other, -1)
    }

    fn combine(&self, other: &Unit, sign: i8) -> Option<Unit> {
        let scale = match (self.length, other.length) {
            (_, 0) => &self.scale,
            (0, _) => &other.scale,
            _ if self.scale == other.scale => &self.scale,
            _ => return None,
        };
        let add = |a: i8, b: i8| a.checked_add(b.checked_mul(sign)?).filter(|p| p.abs() <= 100);
        Some(Unit::powers(
            scale.clone(),
            add(self.length, other.length)?,
            add(self.time, other.time)?,
            add(self.angle, other.angle)?,
        ))
    }
}

impl fmt::Display for Unit {
    /// `m`, `m/s`, `m/s²`, `m²`, `px`, `deg/s`, `unit(map)`; a bare number prints nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UP: [&str; 4] = ["", "", "²", "³"];
        let power = |p: i8| match p.unsigned_abs() {
            p @ 0..=3 => UP[p as usize].to_owned(),
            p => format!("^{p}"),
        };
        let length = self.scale.to_string();
        let parts = [(length.as_str(), self.length), ("deg", self.angle), ("s", self.time)];
        let write = |positive: bool| -> Vec<String> {
            parts
                .iter()
                .filter(|(_, p)| (*p > 0) == positive && *p != 0)
                .map(|(name, p)| format!("{name}{}", power(*p)))
                .collect()
        };
        let (above, below) = (write(true), write(false));
        f.write_str(&if above.is_empty() && !below.is_empty() { "1".to_owned() } else { above.join("·") })?;
        if below.is_empty() { Ok(()) } else { write!(f, "/{}", below.join("/")) }
    }
}

/// How far a number may be off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Spread {
    /// Nothing is known of it, or the number is exact given its evidence.
    #[default]
    None,
    /// The truth lies between these.
    Interval {
        /// Smallest possible.
        low: f64,
        /// Largest possible.
        high: f64,
    },
    /// One standard deviation.
    Deviation(f64),
}

/// A number with its unit, its reference frame and its spread.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number, in `unit`.
    pub value: f64,
    /// How far it may be off, in `unit`.
    pub spread: Spread,
    /// What it counts.
    pub unit: Unit,
    /// Relative to what, where that matters.
    pub reference_frame: Option<ReferenceFrame>,
}

impl Quantity {
    /// A count or a ratio.
    pub fn bare(value: f64) -> Quantity {
        Quantity { value, spread: Spread::None, unit: Unit::ONE, reference_frame: None }
    }

    /// Seconds.
    pub fn seconds(value: f64) -> Quantity {
        Quantity { unit: Unit::SECOND, ..Quantity::bare(value) }
    }

    /// A number in a unit, relative to a frame.
    pub fn new(value: f64, unit: Unit, reference_frame: Option<ReferenceFrame>) -> Quantity {
        Quantity { value, spread: Spread::None, unit, reference_frame }
    }

    /// Smallest and largest possible value; a deviation counts twice on either side; the value itself without spread.
    pub fn bounds(&self) -> (f64, f64) {
        match self.spread {
            Spread::None => (self.value, self.value),
            Spread::Interval { low, high } => (low, high),
            Spread::Deviation(sd) => (self.value - 2.0 * sd, self.value + 2.0 * sd),
        }
    }
}

/// Three-valued truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// What is known does not tell.
    Unknown,
}

impl Truth {
    /// Known truth.
    pub fn of(known: bool) -> Truth {
        if known { Truth::Yes } else { Truth::No }
    }

    /// Kleene's conjunction.
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Yes, Truth::Yes) => Truth::Yes,
            _ => Truth::Unknown,
        }
    }

    /// Kleene's disjunction.
    pub fn or(self, other: Truth) -> Truth {
        self.negated().and(other.negated()).negated()
    }

    /// Kleene's negation.
    pub fn negated(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

/// When something holds: surely within `certain`, at most within `possible`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// It holds at least then.
    pub certain: Spans,
    /// It holds at most then; covers `certain`.
    pub possible: Spans,
    /// Nothing is known of these moments and they were not asked about: the record does not follow the thing then. What looks
    /// there all the same finds that it may hold. Apart from `possible`.
    pub beyond: Spans,
    /// In each of these, all of them possible, it surely is so at some moment, though nobody knows at which: a thing that stood
    /// elsewhere after a gap has moved in it.
    pub sometime: Spans,
}

impl When {
    /// Known exactly.
    pub fn exactly(spans: Spans) -> When {
        When { certain: spans.clone(), possible: spans, ..When::default() }
    }

    /// Surely so, and possibly so besides.
    pub fn within(certain: Spans, possible: &Spans) -> When {
        When { possible: possible.union(&certain), certain, ..When::default() }
    }

    /// At most then, wherever one looks: also where nothing is known.
    pub fn open(&self) -> Spans {
        self.possible.union(&self.beyond)
    }

    /// When both hold. What neither was asked about stays so.
    #[must_use]
    pub fn and(&self, other: &When) -> When {
        let beyond = self.beyond.intersect(&other.beyond);
        let possible = self.open().intersect(&other.open()).minus(&beyond);
        let kept = |a: &When, b: &When| -> Vec<Span> {
            a.sometime.iter().copied().filter(|s| b.certain.covers(*s)).collect()
        };
        let sometime = kept(self, other).into_iter().chain(kept(other, self)).collect();
        When { certain: self.certain.intersect(&other.certain), possible, beyond, sometime }
    }

    /// When one or the other holds.
    #[must_use]
    pub fn or(&self, other: &When) -> When {
        let possible = self.possible.union(&other.possible);
        let beyond = self.beyond.union(&other.beyond).minus(&possible);
        let sometime = self.sometime.union(&other.sometime);
        When { certain: self.certain.union(&other.certain), possible, beyond, sometime }
    }

    /// When it does not hold, within `whole`.
    #[must_use]
    pub fn outside(&self, whole: &Spans) -> When {
        When {
            certain: whole.minus(&self.open()),
            possible: whole.minus(&self.certain).minus(&self.beyond),
            beyond: self.beyond.clone(),
            sometime: Spans::NONE,
        }
    }
}

/// What a step of a program gives, and what an answer holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number with unit, frame and spread.
    Number(Quantity),
    /// Yes, no or unknown.
    Truth(Truth),
    /// A moment of the record.
    Moment(Time),
    /// When something holds.
    When(When),
    /// A word of an answer: a label, a direction, a kind of event.
    Text(String),
    /// Things.
    Entities(Vec<EntityId>),
    /// A place as coordinates of a reference frame: two numbers in pictures, three elsewhere.
    Position(Vec<f64>, ReferenceFrame),
    /// Several values in order.
    List(Vec<Value>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_print_as_in_the_contract() {
        let metre = Unit::METRE;
        let speed = metre.per(&Unit::SECOND).expect("small powers");
        let area = metre.times(&metre).expect("small powers");
        let acceleration = speed.per(&Unit::SECOND).expect("small powers");
        let own = Unit::length(Scale::Own("map".into()));
        let texts = [&metre, &speed, &acceleration, &area, &Unit::PIXEL, &Unit::DEGREE, &own, &Unit::ONE]
            .map(ToString::to_string);
        assert_eq!(texts, ["m", "m/s", "m/s²", "m²", "px", "deg", "unit(map)", ""]);
    }

    #[test]
    fn metres_and_pixels_do_not_combine() {
        assert_eq!(Unit::METRE.per(&Unit::PIXEL), None);
        assert_eq!(Unit::METRE.per(&Unit::METRE), Some(Unit::ONE));
    }
}
