//! Which of several statements is true.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::MissingKind;
use chronotope_world::catalogue::Entry;

/// `which_holds([TRUTH, …], ["a", …])`: the text of the one truth that holds.
pub struct WhichHolds;

impl Operator for WhichHolds {
    fn entry(&self) -> Entry {
        let about = "the text of the one of several statements that holds";
        let example = "which_holds([exists(all(\"car\")), exists(all(\"bus\"))], [\"a car\", \"a bus\"])";
        entry("which-holds", about, "program/src/ops/which_holds.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text))
            .needs("truths", Takes::List(Box::new(Takes::Truth)))
            .needs("texts", Takes::List(Box::new(Takes::Text)))
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (truths, texts) = (args.list("truths"), args.list("texts"));
        if truths.len() != texts.len() {
            return missing(MissingKind::Wording, "there must be one text for each truth");
        }
        let held: Vec<&Datum> = truths
            .iter()
            .zip(texts)
            .filter(|(truth, _)| **truth == Datum::Truth(true))
            .map(|(_, text)| text)
            .collect();
        match held.as_slice() {
            [one] => Ok((*one).clone()),
            [] => missing(MissingKind::Entity, "none of the statements holds"),
            several => missing(MissingKind::Wording, format!("{} of the statements hold", several.len())),
        }
    }
}
