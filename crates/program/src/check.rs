//! The type check: names are known, arguments fit, units go together, defaults and frames are filled in.

use crate::error::Error;
use crate::frame::{Frame, Offer};
use crate::operator::Operator;
use crate::ops;
use crate::print::print_expr;
use crate::syntax::{Call, Expr, Infix, Node, Program, unit_of};
use crate::types::{Given, Gives, ScaleType, Takes, Type, UnitType};
use chronotope_world::{ObserverId, Quantity, ReferenceFrame, World};

/// The most elementary steps that a program may take on a World; about ten minutes.
pub const MOST_STEPS: u64 = 1_000_000_000_000;

/// A program that may run.
pub struct Checked {
    /// With all defaults and frames written out.
    pub program: Program,
    /// Values of the `let`s, in order.
    pub(crate) lets: Vec<Typed>,
    /// The expression.
    pub(crate) body: Typed,
    /// A bound on the elementary steps.
    pub cost: u64,
}

impl Checked {
    /// The type of what it gives.
    pub fn gives(&self) -> &Type {
        &self.body.ty
    }
}

/// An expression with its type.
#[derive(Clone)]
pub(crate) struct Typed {
    pub(crate) node: TypedNode,
    pub(crate) ty: Type,
    pub(crate) byte: usize,
}

#[derive(Clone)]
pub(crate) enum TypedNode {
    /// The quantity and the expression as written.
    Number(Quantity, Expr),
    Text(String),
    Always,
    Nothing(&'static str),
    Word(String),
    It,
    Let(usize, String),
    Frame(Frame),
    /// The axes of one thing.
    ObjectFrame(Box<Typed>),
    List(Vec<Typed>),
    Call(&'static dyn Operator, Vec<Option<Typed>>),
    Infix(Infix, Box<Typed>, Box<Typed>),
    Not(Box<Typed>),
    Minus(Box<Typed>),
}

/// Checks a program against a World.
///
/// `lenient`: unlike units are left to the run, where they are `unknown`: for saved programs whose `auto` frames are written out.
///
/// # Errors
/// The first thing that does not fit, with its position; a cost beyond [`MOST_STEPS`].
pub fn check(program: &Program, world: &World, lenient: bool) -> Result<Checked, Error> {
    let rows: u64 = world.store().bounds().iter().map(|b| b.rows as u64).sum();
    let mut checker = Checker {
        world,
        offer: Offer::of(world),
        lets: Vec::new(),
        it: 0,
        lenient,
        things: world.entities().count() as u64,
        rows,
        cost: 0,
        times: 1,
    };
    for (name, value) in &program.lets {
        let typed = checker.expr(value, None)?;
        checker.lets.push((name.clone(), typed));
    }
    let body = checker.expr(&program.body, None)?;
    if checker.cost > MOST_STEPS {
        return Err(Error::Cost { cost: checker.cost, limit: MOST_STEPS });
    }
    let lets: Vec<(String, Typed)> = checker.lets;
    Ok(Checked {
        program: Program {
            as_of: program.as_of,
            asked_at_s: program.asked_at_s,
            lets: lets.iter().map(|(name, value)| (name.clone(), value.expr())).collect(),
            body: body.expr(),
        },
        lets: lets.into_iter().map(|(_, value)| value).collect(),
        body,
        cost: checker.cost,
    })
}

impl Typed {
    /// The expression with all defaults.
    pub(crate) fn expr(&self) -> Expr {
        let boxed = |typed: &Typed| Box::new(typed.expr());
        let node = match &self.node {
            TypedNode::Number(_, written) => return written.clone(),
            TypedNode::Text(text) => Node::Text(text.clone()),
            TypedNode::Always => Node::Name("always".into()),
            TypedNode::Nothing(word) => Node::Name((*word).into()),
            TypedNode::Word(word) => Node::Name(word.clone()),
            TypedNode::It => Node::Name("it".into()),
            TypedNode::Let(_, name) => Node::Name(name.clone()),
            TypedNode::Frame(frame) => frame_expr(frame),
            TypedNode::ObjectFrame(thing) => {
                Node::Call(Call { name: "object".into(), positional: vec![thing.expr()], named: Vec::new() })
            }
            TypedNode::List(items) => Node::List(items.iter().map(Typed::expr).collect()),
            TypedNode::Call(operator, args) => {
                let mut call = Call { name: operator.word(), positional: Vec::new(), named: Vec::new() };
                for (param, arg) in operator.signature().params.iter().zip(args) {
                    let Some(arg) = arg else { continue };
                    match param.given {
                        Given::Default(_) => call.named.push((param.name.to_owned(), arg.expr())),
                        _ if call.named.is_empty() => call.positional.push(arg.expr()),
                        _ => call.named.push((param.name.to_owned(), arg.expr())),
                    }
                }
                Node::Call(call)
            }
            TypedNode::Infix(op, left, right) => Node::Infix(*op, boxed(left), boxed(right)),
            TypedNode::Not(inner) => Node::Not(boxed(inner)),
            TypedNode::Minus(inner) => Node::Minus(boxed(inner)),
        };
        Expr { node, byte: self.byte }
    }
}

fn frame_expr(frame: &Frame) -> Node {
    let number = |n: u64| Expr { node: Node::Number(n as f64, None), byte: 0 };
    let call = |name: &str, positional| Node::Call(Call { name: name.into(), positional, named: Vec::new() });
    match frame {
        Frame::One(ReferenceFrame::World(name)) => {
            call("world", vec![Expr { node: Node::Text(name.clone()), byte: 0 }])
        }
        Frame::One(ReferenceFrame::Camera(o)) => call("camera", vec![number(o.0)]),
        Frame::One(ReferenceFrame::Image(o)) => call("image", vec![number(o.0)]),
        Frame::One(ReferenceFrame::Stage(o, shot)) => {
            call("stage", vec![number(o.0), number(u64::from(*shot))])
        }
        Frame::One(ReferenceFrame::Object(e)) => {
            call("object", vec![Expr { node: call("entity", vec![number(e.0)]), byte: 0 }])
        }
        Frame::One(ReferenceFrame::Geo) => Node::Name("geo".into()),
        Frame::Stage(o) => call("stage", vec![number(o.0)]),
        Frame::AnyImage => Node::Name("image".into()),
        Frame::Absent(_) => Node::Name("auto".into()),
    }
}

struct Checker<'w> {
    world: &'w World,
    offer: Offer,
    lets: Vec<(String, Typed)>,
    /// How many `it`s are bound.
    it: usize,
    lenient: bool,
    things: u64,
    rows: u64,
    cost: u64,
    /// How often the expression under check is evaluated.
    times: u64,
}

fn mismatch(byte: usize, place: &str, expected: &str, found: &str) -> Error {
    Error::Type { byte, place: place.into(), expected: expected.into(), found: found.into() }
}

impl Checker<'_> {
    /// An expression where a parameter takes something.
    fn expr(&mut self, expr: &Expr, wanted: Option<(&str, &Takes)>) -> Result<Typed, Error> {
        let byte = expr.byte;
        let place = wanted.map_or("result", |(place, _)| place);
        if let Some((place, Takes::Frame(preference))) = wanted {
            let preference = *preference;
            return self.frame(expr, place, preference);
        }
        if let Some((place, Takes::Word(words))) = wanted {
            return match &expr.node {
                Node::Name(word) | Node::Text(word) if words.contains(&word.as_str()) => {
                    Ok(Typed { node: TypedNode::Word(word.clone()), ty: Type::Word(word.clone()), byte })
                }
                _ => Err(mismatch(byte, place, &format!("one of {}", words.join(", ")), &print_expr(expr))),
            };
        }
        let typed = match &expr.node {
            Node::Number(value, unit) => {
                let (factor, kind) = match unit.as_deref() {
                    None => (1.0, chronotope_world::Unit::ONE),
                    Some(word) => {
                        unit_of(word).ok_or_else(|| mismatch(byte, place, "a unit", &format!("`{word}`")))?
                    }
                };
                let ty = Type::Number(UnitType::of(&kind));
                let quantity = Quantity::new(value * factor, kind, None);
                Typed { node: TypedNode::Number(quantity, expr.clone()), ty, byte }
            }
            Node::Text(text) => Typed { node: TypedNode::Text(text.clone()), ty: Type::Text, byte },
            Node::Name(name) => self.name(name, byte, place)?,
            Node::List(items) => {
                let inner = match wanted {
                    Some((place, Takes::List(inner))) => Some((place, inner.as_ref())),
                    _ => None,
                };
                let items: Vec<Typed> =
                    items.iter().map(|item| self.expr(item, inner)).collect::<Result<_, _>>()?;
                let ty = match items.split_first() {
                    None => Type::Nothing,
                    Some((first, rest)) => {
                        for other in rest {
                            let fits = match (&first.ty, &other.ty) {
                                (Type::Number(a), Type::Number(b)) => a.agrees(b),
                                (a, b) => a == b,
                            };
                            if !fits {
                                let expected = first.ty.to_string();
                                return Err(mismatch(other.byte, place, &expected, &other.ty.to_string()));
                            }
                        }
                        Type::List(Box::new(first.ty.clone()))
                    }
                };
                Typed { node: TypedNode::List(items), ty, byte }
            }
            Node::Call(call) => self.call(call, byte)?,
            Node::Not(inner) => {
                let inner = self.expr(inner, Some(("not", &Takes::Truth)))?;
                Typed { node: TypedNode::Not(Box::new(inner)), ty: Type::Truth, byte }
            }
            Node::Minus(inner) => {
                let inner = self.expr(inner, Some(("-", &Takes::AnyNumber)))?;
                let ty = inner.ty.clone();
                Typed { node: TypedNode::Minus(Box::new(inner)), ty, byte }
            }
            Node::Infix(op, left, right) => self.infix(*op, left, right, byte)?,
        };
        if let Some((place, takes)) = wanted
            && !takes.accepts(&typed.ty)
        {
            return Err(mismatch(byte, place, &takes.words(), &typed.ty.to_string()));
        }
        Ok(typed)
    }

    fn name(&self, name: &str, byte: usize, place: &str) -> Result<Typed, Error> {
        let typed = |node, ty| Ok(Typed { node, ty, byte });
        if let Some(i) = self.lets.iter().position(|(n, _)| n == name) {
            return typed(TypedNode::Let(i, name.to_owned()), self.lets[i].1.ty.clone());
        }
        match name {
            "it" if self.it > 0 => typed(TypedNode::It, Type::Things),
            "always" => typed(TypedNode::Always, Type::When),
            _ => {
                let found = format!("`{name}`");
                let expected = if ops::find(name).is_some() {
                    format!("a call `{name}(…)`")
                } else {
                    "`always`, `it` where it is bound, or a name bound by `let`".to_owned()
                };
                Err(mismatch(byte, place, &expected, &found))
            }
        }
    }

    fn frame(
        &mut self,
        expr: &Expr,
        place: &str,
        preference: crate::types::Preference,
    ) -> Result<Typed, Error> {
        let byte = expr.byte;
        // the type carries what a length in the frame measures
        let written = !self.lenient && !matches!(&expr.node, Node::Name(name) if name == "auto");
        let done = |frame: Frame| {
            let scale = frame.scale_type(self.world, written);
            let ty = Type::Number(UnitType::length(1, 0, scale));
            Ok(Typed { node: TypedNode::Frame(frame), ty, byte })
        };
        let wrong = || mismatch(byte, place, "a reference frame", &print_expr(expr));
        match &expr.node {
            Node::Name(name) => done(match name.as_str() {
                "auto" => self.offer.auto(preference),
                "world" => self.offer.world(),
                "camera" => self.offer.camera(),
                "image" => self.offer.image(),
                "stage" => self.offer.stage(),
                "geo" => Frame::One(ReferenceFrame::Geo),
                _ => return Err(wrong()),
            }),
            Node::Call(call) if call.named.is_empty() => {
                let number = |i: usize| match call.positional.get(i).map(|e| &e.node) {
                    Some(Node::Number(value, None)) if value.fract() == 0.0 && *value < 4e9 => {
                        Some(*value as u64)
                    }
                    _ => None,
                };
                let camera = || {
                    let id = ObserverId(number(0).ok_or_else(wrong)?);
                    match self.world.observer(id) {
                        Some(_) => Ok(id),
                        None => Err(mismatch(byte, place, "an existing observer", &format!("{id}"))),
                    }
                };
                match (call.name.as_str(), call.positional.as_slice()) {
                    ("world", [Expr { node: Node::Name(name) | Node::Text(name), .. }]) => {
                        let frame = ReferenceFrame::World(name.clone());
                        if self.world.tables().find_reference_frame(&frame).is_none() {
                            return Err(mismatch(byte, place, "a world that exists", &format!("`{name}`")));
                        }
                        done(Frame::One(frame))
                    }
                    ("camera", [_]) => done(Frame::One(ReferenceFrame::Camera(camera()?))),
                    ("image", [_]) => done(Frame::One(ReferenceFrame::Image(camera()?))),
                    ("stage", [_]) => done(Frame::Stage(camera()?)),
                    ("stage", [_, _]) => {
                        let shot = number(1).ok_or_else(wrong)? as u32;
                        done(Frame::One(ReferenceFrame::Stage(camera()?, shot)))
                    }
                    ("object", [thing]) => {
                        let thing = self.expr(thing, Some((place, &Takes::Things)))?;
                        let ty = Type::Number(UnitType::length(1, 0, ScaleType::Data));
                        Ok(Typed { node: TypedNode::ObjectFrame(Box::new(thing)), ty, byte })
                    }
                    _ => Err(wrong()),
                }
            }
            _ => Err(wrong()),
        }
    }

    fn call(&mut self, call: &Call, byte: usize) -> Result<Typed, Error> {
        let Some(operator) = ops::find(&call.name) else {
            let near = ops::nearest(&call.name);
            let expected =
                format!("an operator{}", near.map_or(String::new(), |n| format!(" such as `{n}`")));
            return Err(mismatch(byte, "call", &expected, &format!("`{}`", call.name)));
        };
        let signature = operator.signature();
        let params = &signature.params;
        let open = params.iter().filter(|p| !matches!(p.given, Given::Default(_))).count();
        if call.positional.len() > open {
            let expected = match open {
                0 => "no argument without a name".to_owned(),
                1 => "1 argument without a name".to_owned(),
                n => format!("at most {n} arguments without a name"),
            };
            let at = call.positional[open].byte;
            return Err(mismatch(at, &call.name, &expected, &call.positional.len().to_string()));
        }
        let mut given: Vec<Option<&Expr>> = vec![None; params.len()];
        for (i, value) in call.positional.iter().enumerate() {
            given[i] = Some(value);
        }
        for (name, value) in &call.named {
            let names: Vec<&str> = params.iter().map(|p| p.name).collect();
            let Some(i) = params.iter().position(|p| p.name == name) else {
                let expected = format!("one of the arguments {}", names.join(", "));
                return Err(mismatch(value.byte, &call.name, &expected, &format!("`{name}`")));
            };
            if given[i].replace(value).is_some() {
                return Err(mismatch(
                    value.byte,
                    &call.name,
                    "every argument once",
                    &format!("`{name}` twice"),
                ));
            }
        }
        let mut args: Vec<Option<Typed>> = Vec::with_capacity(params.len());
        for (param, given) in params.iter().zip(&given) {
            let place = format!("{}, argument `{}`", call.name, param.name);
            let default;
            let expr = match (given, param.given) {
                (Some(expr), _) => *expr,
                (None, Given::Default(text)) => {
                    let program = super::parse::parse(text);
                    default = Expr {
                        byte,
                        ..program.map_err(|e| mismatch(byte, &place, "a default", &e.to_string()))?.body
                    };
                    &default
                }
                (None, Given::Optional) => {
                    args.push(None);
                    continue;
                }
                (None, Given::Required) => {
                    return Err(mismatch(byte, &place, &param.takes.words(), "nothing"));
                }
            };
            args.push(Some(self.arg(expr, param, &place)?));
        }
        let types: Vec<Option<Type>> = args.iter().map(|arg| arg.as_ref().map(|a| a.ty.clone())).collect();
        let ty = match &signature.gives {
            Gives::Fixed(ty) => ty.clone(),
            Gives::Length(power, time) => {
                let at = params.iter().position(|p| p.name == "in");
                let scale = match at.and_then(|i| types[i].clone()) {
                    Some(Type::Number(unit)) => unit.scale,
                    _ => ScaleType::Data,
                };
                Type::Number(UnitType::length(*power, *time, scale))
            }
            Gives::From(rule) => rule(&types)
                .map_err(|text| mismatch(byte, &call.name, "arguments that go together", &text))?,
        };
        let one = args.first().and_then(|a| a.as_ref()).is_some_and(|a| matches!(a.node, TypedNode::It));
        let step = operator.cost().steps(self.things, self.rows, one);
        self.cost = self.cost.saturating_add(step.saturating_mul(self.times));
        Ok(Typed { node: TypedNode::Call(operator, args), ty, byte })
    }

    fn arg(&mut self, expr: &Expr, param: &crate::types::Param, place: &str) -> Result<Typed, Error> {
        let byte = expr.byte;
        if let Node::Name(name) = &expr.node
            && let Given::Default(default @ ("none" | "auto")) = param.given
            && name == default
            && !matches!(param.takes, Takes::Frame(_) | Takes::Word(_))
        {
            return Ok(Typed { node: TypedNode::Nothing(default), ty: Type::Nothing, byte });
        }
        if let Takes::PerThing(inner) = &param.takes {
            self.it += 1;
            let times = self.times;
            self.times = times.saturating_mul(self.things.max(1));
            let typed = self.expr(expr, Some((place, inner)));
            self.times = times;
            self.it -= 1;
            return typed;
        }
        self.expr(expr, Some((place, &param.takes)))
    }

    fn infix(&mut self, op: Infix, left: &Expr, right: &Expr, byte: usize) -> Result<Typed, Error> {
        let sign = op.sign();
        let wanted = match op {
            Infix::And | Infix::Or => Takes::Truth,
            Infix::Equal | Infix::NotEqual => Takes::Anything,
            Infix::Plus | Infix::Minus | Infix::Times | Infix::Per => {
                Takes::Either(vec![Takes::AnyNumber, Takes::Moment])
            }
            _ => Takes::Either(vec![Takes::AnyNumber, Takes::Moment]),
        };
        let left = self.expr(left, Some((sign, &wanted)))?;
        let right = self.expr(right, Some((sign, &wanted)))?;
        let unit = |ty: &Type| match ty {
            Type::Number(unit) => Some(unit.clone()),
            Type::Moment => Some(UnitType::SECOND),
            _ => None,
        };
        let clash = |a: &UnitType, b: &UnitType| Error::Units {
            byte: right.byte,
            place: format!("`{sign}`"),
            left: a.to_string(),
            right: b.to_string(),
        };
        let ty = match op {
            Infix::And | Infix::Or => Type::Truth,
            Infix::Times | Infix::Per => match (unit(&left.ty), unit(&right.ty)) {
                (Some(a), Some(b)) => {
                    let power = if op == Infix::Times { 1 } else { -1 };
                    let combined = match (a.combine(&b, power), self.lenient) {
                        (Some(unit), _) => unit,
                        (None, true) => UnitType { scale: ScaleType::Data, ..a.clone() },
                        (None, false) => return Err(clash(&a, &b)),
                    };
                    Type::Number(combined)
                }
                _ => return Err(mismatch(right.byte, sign, &left.ty.to_string(), &right.ty.to_string())),
            },
            _ => {
                let ty = match (unit(&left.ty), unit(&right.ty)) {
                    (Some(a), Some(b)) => {
                        if a.dimension != b.dimension || (!self.lenient && !a.agrees(&b)) {
                            return Err(clash(&a, &b));
                        }
                        let moments = [&left.ty, &right.ty].iter().filter(|ty| ***ty == Type::Moment).count();
                        match (op, moments) {
                            (Infix::Plus | Infix::Minus, 1) => Type::Moment,
                            (Infix::Plus, 2) => {
                                return Err(mismatch(right.byte, sign, "seconds", "a second Moment"));
                            }
                            _ if matches!(a.scale, ScaleType::Written(_)) => Type::Number(a),
                            _ => Type::Number(b),
                        }
                    }
                    _ if left.ty == right.ty
                        && matches!(left.ty, Type::Text | Type::Truth | Type::Things) =>
                    {
                        left.ty.clone()
                    }
                    _ => return Err(mismatch(right.byte, sign, &left.ty.to_string(), &right.ty.to_string())),
                };
                if matches!(op, Infix::Plus | Infix::Minus) { ty } else { Type::Truth }
            }
        };
        self.cost = self.cost.saturating_add(self.times);
        Ok(Typed { node: TypedNode::Infix(op, Box::new(left), Box::new(right)), ty, byte })
    }
}
