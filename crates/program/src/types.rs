//! Types of expressions, and signatures of operators.

use chronotope_world::{Scale, Unit};
use std::fmt;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // the types of docs/language.md
pub enum Type {
    Things,
    Number(UnitType),
    Truth,
    Moment,
    When,
    Text,
    Position,
    Region,
    Line,
    Events,
    Reach,
    Viewpoint,
    List(Box<Type>),
    /// One of an argument's words.
    Word(String),
    /// An empty list.
    Nothing,
}

/// The unit of a number as far as it is known before running.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitType {
    /// Powers of length, time and angle.
    pub dimension: (i8, i8, i8),
    /// What a length measures.
    pub scale: ScaleType,
}

/// How a scale of length is known.
#[derive(Clone, Debug, PartialEq)]
pub enum ScaleType {
    /// The program says it: a literal, or an explicit reference frame.
    Written(Scale),
    /// The World says it: an automatic reference frame, a fact.
    Data,
}

impl UnitType {
    /// A bare number.
    pub const ONE: UnitType = UnitType { dimension: (0, 0, 0), scale: ScaleType::Data };
    /// Seconds.
    pub const SECOND: UnitType = UnitType { dimension: (0, 1, 0), scale: ScaleType::Data };
    /// Degrees.
    pub const DEGREE: UnitType = UnitType { dimension: (0, 0, 1), scale: ScaleType::Data };

    /// Of a literal.
    pub fn of(unit: &Unit) -> UnitType {
        let scale = unit.scale().map_or(ScaleType::Data, |scale| ScaleType::Written(scale.clone()));
        UnitType { dimension: unit.dimension(), scale }
    }

    /// Length to a power, per time to a power, in this scale.
    pub fn length(power: i8, time: i8, scale: ScaleType) -> UnitType {
        UnitType { dimension: (power, time, 0), scale }
    }

    /// Values of both can be added and compared, as far as the types show.
    pub fn agrees(&self, other: &UnitType) -> bool {
        let scales = match (&self.scale, &other.scale) {
            (ScaleType::Written(a), ScaleType::Written(b)) => a == b || self.dimension.0 == 0,
            _ => true,
        };
        self.dimension == other.dimension && scales
    }

    /// Of a product (`sign` 1) or a quotient (−1); none where unlike scales meet.
    pub fn combine(&self, other: &UnitType, sign: i8) -> Option<UnitType> {
        let scale = match (self.dimension.0, other.dimension.0) {
            (_, 0) => self.scale.clone(),
            (0, _) => other.scale.clone(),
            _ => match (&self.scale, &other.scale) {
                (ScaleType::Written(a), ScaleType::Written(b)) if a != b => return None,
                (ScaleType::Written(a), _) | (_, ScaleType::Written(a)) => ScaleType::Written(a.clone()),
                _ => ScaleType::Data,
            },
        };
        let (a, b) = (self.dimension, other.dimension);
        let add = |x: i8, y: i8| x.checked_add(y.checked_mul(sign)?).filter(|p| p.abs() <= 20);
        let dimension = (add(a.0, b.0)?, add(a.1, b.1)?, add(a.2, b.2)?);
        let scale = if dimension.0 == 0 { ScaleType::Data } else { scale };
        Some(UnitType { dimension, scale })
    }
}

impl fmt::Display for UnitType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (length, time, angle) = self.dimension;
        match &self.scale {
            ScaleType::Written(scale) => {
                let text = Unit::powers(scale.clone(), length, time, angle).to_string();
                f.write_str(if text.is_empty() { "a bare number" } else { &text })
            }
            ScaleType::Data if length == 0 => {
                let text = Unit::powers(Scale::Metre, 0, time, angle).to_string();
                f.write_str(if text.is_empty() { "a bare number" } else { &text })
            }
            ScaleType::Data => {
                let text = Unit::powers(Scale::Own("length".into()), length, time, angle).to_string();
                f.write_str(&text.replace("unit(length)", "length"))
            }
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Number(unit) => write!(f, "Number of {unit}"),
            Type::List(item) => write!(f, "List of {item}"),
            Type::Nothing => f.write_str("empty List"),
            other => write!(f, "{other:?}"),
        }
    }
}

/// What a parameter takes.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // as the types
pub enum Takes {
    Things,
    /// A number of this dimension, of any scale.
    Number((i8, i8, i8)),
    /// A number of any unit.
    AnyNumber,
    Truth,
    /// A Moment or a number of seconds.
    Moment,
    /// A When, or `always`.
    When,
    Text,
    Region,
    Line,
    Events,
    Viewpoint,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A reference frame; `auto` resolves in this order.
    Frame(Preference),
    /// An expression with `it`, of this type.
    PerThing(Box<Takes>),
    /// Of this type, evaluated only where it is needed.
    Later(Box<Takes>),
    /// A list of these.
    List(Box<Takes>),
    /// Any of these.
    Either(Vec<Takes>),
    /// Anything.
    Anything,
}

/// Which reference frame `auto` prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// Where lengths mean something.
    Metric,
    /// Where motion means something: as `Metric`, but not a camera of which nobody knows how it moves itself.
    Motion,
    /// As a viewer sees it.
    Picture,
}

impl Takes {
    /// An expression of this type fits. Words, frames and expressions with `it` are checked elsewhere.
    pub fn accepts(&self, given: &Type) -> bool {
        match (self, given) {
            (Takes::Anything, _)
            | (Takes::Things, Type::Things)
            | (Takes::AnyNumber, Type::Number(_))
            | (Takes::Truth, Type::Truth)
            | (Takes::Moment, Type::Moment)
            | (Takes::When, Type::When)
            | (Takes::Text, Type::Text)
            | (Takes::Region, Type::Region)
            | (Takes::Line, Type::Line)
            | (Takes::Events, Type::Events)
            | (Takes::Viewpoint, Type::Viewpoint)
            | (Takes::List(_), Type::Nothing) => true,
            (Takes::Moment, Type::Number(unit)) => unit.dimension == (0, 1, 0),
            (Takes::Number(dimension), Type::Number(unit)) => unit.dimension == *dimension,
            (Takes::PerThing(inner) | Takes::Later(inner), given) => inner.accepts(given),
            (Takes::List(inner), Type::List(item)) => inner.accepts(item),
            (Takes::Either(options), given) => options.iter().any(|option| option.accepts(given)),
            _ => false,
        }
    }

    /// The argument is evaluated by the operator, not before it.
    pub fn is_later(&self) -> bool {
        matches!(self, Takes::PerThing(_) | Takes::Later(_))
    }

    /// Takes a moment, and seconds only for one.
    pub fn is_moment(&self) -> bool {
        match self {
            Takes::Moment => true,
            Takes::Either(options) => {
                options.contains(&Takes::Moment) && !options.contains(&Takes::AnyNumber)
            }
            _ => false,
        }
    }

    /// For messages.
    pub fn words(&self) -> String {
        match self {
            Takes::Number(dimension) => match dimension {
                (0, 0, 0) => "a bare number".into(),
                (1, 0, 0) => "a length".into(),
                (1, -1, 0) => "a speed".into(),
                _ => "a Number".into(),
            },
            Takes::AnyNumber => "a Number".into(),
            Takes::Moment => "a Moment or seconds".into(),
            Takes::Word(words) => format!("one of {}", words.join(", ")),
            Takes::Frame(_) => "a reference frame".into(),
            Takes::PerThing(inner) => format!("{} with `it`", inner.words()),
            Takes::Later(inner) => inner.words(),
            Takes::List(inner) => format!("a List of {}", inner.words()),
            Takes::Either(options) => options.iter().map(Takes::words).collect::<Vec<_>>().join(" or "),
            other => format!("{other:?}"),
        }
    }
}

/// A parameter of an operator.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether it must be given.
    pub given: Given,
}

/// Whether an argument must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// It must.
    Required,
    /// It may be left out and then means nothing.
    Optional,
    /// Left out, it is this program text.
    Default(&'static str),
}

/// What an operator takes and gives.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Parameters: required, then optional, then those with a default.
    pub params: Vec<Param>,
    /// The type of the result.
    pub gives: Gives,
}

/// The type of a result.
#[derive(Clone, Debug)]
pub enum Gives {
    /// Always this.
    Fixed(Type),
    /// A length to this power and time to that, in the scale of the argument `in`.
    Length(i8, i8),
    /// From the types of the arguments in parameter order; a text says what is wrong.
    From(fn(&[Option<Type>]) -> Result<Type, String>),
}

impl Signature {
    /// A signature to which parameters are added.
    pub fn gives(gives: Gives) -> Signature {
        Signature { params: Vec::new(), gives }
    }

    /// Adds a required parameter.
    pub fn needs(mut self, name: &'static str, takes: Takes) -> Signature {
        self.params.push(Param { name, takes, given: Given::Required });
        self
    }

    /// Adds a positional parameter that may be left out.
    pub fn may(mut self, name: &'static str, takes: Takes) -> Signature {
        self.params.push(Param { name, takes, given: Given::Optional });
        self
    }

    /// Adds a named parameter with a default.
    pub fn default(mut self, name: &'static str, takes: Takes, text: &'static str) -> Signature {
        self.params.push(Param { name, takes, given: Given::Default(text) });
        self
    }

    /// Adds `during: always`.
    pub fn during(self) -> Signature {
        self.default("during", Takes::When, "always")
    }

    /// Adds `at: none`.
    pub fn at(self) -> Signature {
        self.default("at", Takes::Moment, "none")
    }

    /// Adds `in: auto`.
    pub fn reference_frame(self, preference: Preference) -> Signature {
        self.default("in", Takes::Frame(preference), "auto")
    }

    /// Adds `between: centres`.
    pub fn between(self) -> Signature {
        self.default("between", Takes::Word(&["centres", "surfaces"]), "centres")
    }

    /// Adds `reduce:` over time.
    pub fn reduce(self, text: &'static str) -> Signature {
        self.default("reduce", Takes::Word(&["min", "max", "mean"]), text)
    }
}
