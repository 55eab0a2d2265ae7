//! And, or, if: Kleene's three-valued logic (Introduction to Metamathematics, 1952, § 64).

use super::entry;
use crate::check::Typed;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, Stop};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;

/// `if(truth, a, b)`: only the branch that is needed is looked at.
pub struct If;

impl Operator for If {
    fn entry(&self) -> Entry {
        let example = "if(exists(all(\"bus\")), \"bus\", \"no bus\")";
        entry("if", "the one or the other", "program/src/ops/logic.rs", example)
    }

    fn signature(&self) -> Signature {
        let gives = Gives::From(|types| match (&types[1], &types[2]) {
            (Some(Type::Number(a)), Some(Type::Number(b))) if a.agrees(b) => Ok(Type::Number(a.clone())),
            (Some(a), Some(b)) if a == b => Ok(a.clone()),
            (Some(a), Some(b)) => Err(format!("{a} against {b}")),
            _ => Err("nothing".into()),
        });
        Signature::gives(gives)
            .needs("truth", Takes::Truth)
            .needs("then", Takes::Later(Box::new(Takes::Anything)))
            .needs("else", Takes::Later(Box::new(Takes::Anything)))
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let yes = matches!(args.given("truth"), Some(Datum::Truth(true)));
        run.eval(args.later(if yes { "then" } else { "else" }))
    }
}

/// `a and b`, `a or b`: one side may decide alone.
pub(crate) fn connective(run: &mut Run<'_>, and: bool, left: &Typed, right: &Typed) -> Outcome {
    let decides = |value: &Outcome| matches!(value, Ok(Datum::Truth(yes)) if *yes != and);
    let left = run.eval(left);
    if let Err(Stop::Failed(error)) = left {
        return Err(error.into());
    }
    if decides(&left) {
        return Ok(Datum::Truth(!and));
    }
    let right = run.eval(right);
    if decides(&right) {
        return Ok(Datum::Truth(!and));
    }
    match (left, right) {
        (_, Err(Stop::Failed(error))) => Err(error.into()),
        (Ok(_), right) => right,
        (Err(Stop::Missing(mut a)), Err(Stop::Missing(b))) => {
            a.extend(b);
            Err(Stop::Missing(a))
        }
        (left, _) => left,
    }
}
