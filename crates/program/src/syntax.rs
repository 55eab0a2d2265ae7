//! Programs as trees, and the words for units.

use chronotope_world::{Scale, Unit};

/// Words that join expressions: nothing is called by them.
pub(crate) const JOINING_WORDS: [&str; 4] = ["and", "or", "not", "let"];

/// The language that this engine runs; a program of a greater major version is refused.
pub const LANGUAGE: (u32, u32) = (1, 0);

/// Longest program, in bytes.
pub const MOST_BYTES: usize = 64 * 1024;

/// Deepest nesting of a program's tree.
pub const MOST_DEEP: usize = 64;

/// A program: what it reads, names for parts, and the expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The newest revision that it reads; none: the World's newest.
    pub as_of: Option<u64>,
    /// The newest record time that it reads, in seconds; none: all.
    pub asked_at_s: Option<f64>,
    /// `let NAME = EXPR;`, in order; each sees those before it.
    pub lets: Vec<(String, Expr)>,
    /// What it gives.
    pub body: Expr,
}

/// An expression and where it starts in the text, in bytes. Positions do not count for equality.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Where it starts.
    pub byte: usize,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        self.node == other.node
    }
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number that is finite and not negative, with the unit as written.
    Number(f64, Option<String>),
    /// Text between double quotes.
    Text(String),
    /// A name: `it`, an enum word, a `let`, a reference frame.
    Name(String),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `name(a, key: b)`.
    Call(Call),
    /// `not a`.
    Not(Box<Expr>),
    /// `-a`.
    Minus(Box<Expr>),
    /// `a + b`.
    Infix(Infix, Box<Expr>, Box<Expr>),
}

/// A call of an operator or a reference frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The operator's name as written, with underscores.
    pub name: String,
    /// Arguments without a name.
    pub positional: Vec<Expr>,
    /// Arguments with a name.
    pub named: Vec<(String, Expr)>,
}

/// Operators between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // their names say it
pub enum Infix {
    Or,
    And,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    Plus,
    Minus,
    Times,
    Per,
}

impl Infix {
    /// All of them.
    pub const ALL: [Infix; 12] = [
        Infix::Or,
        Infix::And,
        Infix::Less,
        Infix::LessEqual,
        Infix::Greater,
        Infix::GreaterEqual,
        Infix::Equal,
        Infix::NotEqual,
        Infix::Plus,
        Infix::Minus,
        Infix::Times,
        Infix::Per,
    ];

    /// As written.
    pub fn sign(self) -> &'static str {
        match self {
            Infix::Or => "or",
            Infix::And => "and",
            Infix::Less => "<",
            Infix::LessEqual => "<=",
            Infix::Greater => ">",
            Infix::GreaterEqual => ">=",
            Infix::Equal => "=",
            Infix::NotEqual => "!=",
            Infix::Plus => "+",
            Infix::Minus => "-",
            Infix::Times => "*",
            Infix::Per => "/",
        }
    }

    /// How tightly it binds; `not` binds at 3, a sign before a number at 7.
    pub fn binds(self) -> u8 {
        match self {
            Infix::Or => 1,
            Infix::And => 2,
            Infix::Less
            | Infix::LessEqual
            | Infix::Greater
            | Infix::GreaterEqual
            | Infix::Equal
            | Infix::NotEqual => 4,
            Infix::Plus | Infix::Minus => 5,
            Infix::Times | Infix::Per => 6,
        }
    }
}

/// The unit that a word means, and how many of it one is: `cm` is 0.01 m.
pub fn unit_of(word: &str) -> Option<(f64, Unit)> {
    let degree = 180.0 / std::f64::consts::PI;
    let (base, over) = match word.split_once('/') {
        Some((base, over)) => (base, Some(over)),
        None => (word, None),
    };
    let (factor, unit) = match base {
        "mm" => (0.001, Unit::METRE),
        "cm" => (0.01, Unit::METRE),
        "m" => (1.0, Unit::METRE),
        "km" => (1000.0, Unit::METRE),
        "ft" => (0.3048, Unit::METRE),
        "in" => (0.0254, Unit::METRE),
        "px" => (1.0, Unit::PIXEL),
        "ms" => (0.001, Unit::SECOND),
        "s" => (1.0, Unit::SECOND),
        "min" => (60.0, Unit::SECOND),
        "h" => (3600.0, Unit::SECOND),
        "deg" => (1.0, Unit::DEGREE),
        "rad" => (degree, Unit::DEGREE),
        "m2" => (1.0, Unit::powers(Scale::Metre, 2, 0, 0)),
        "px2" => (1.0, Unit::powers(Scale::Pixel, 2, 0, 0)),
        "m3" => (1.0, Unit::powers(Scale::Metre, 3, 0, 0)),
        _ => return None,
    };
    match over {
        None => Some((factor, unit)),
        Some("s") => Some((factor, unit.per(&Unit::SECOND)?)),
        Some("h") if base == "km" => Some((factor / 3600.0, unit.per(&Unit::SECOND)?)),
        Some(_) => None,
    }
}
