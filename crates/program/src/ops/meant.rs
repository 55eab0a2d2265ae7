//! What a description means that nothing here can check.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Scope, Things};
use chronotope_world::catalogue::Entry;

/// `meant(set, "the door with the locks")`: things that the words may mean, of which nothing tells more than their kind.
///
/// The set stays as it is and bears the words as its name; that the words mean one of it is an assumption of the answer. An
/// operator that needs one thing asks which of several is meant.
pub struct Meant;

impl Operator for Meant {
    fn entry(&self) -> Entry {
        let about = "things that words may mean of which no more than the kind is known";
        let example = "meant(all(\"door\"), \"door with the locks\")";
        entry("meant", about, "program/src/ops/meant.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things)).needs("set", Takes::Things).needs("as", Takes::Text)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (set, words) = (args.things("set").clone(), args.text("as").to_owned());
        run.assume(&format!("`{words}` is one of what bears that name"));
        let name = |scope: Scope| Scope { label: Some(words.clone()), ..scope };
        let scopes = set.scopes.into_iter().map(name).collect();
        Ok(Datum::Things(Things { scopes, unconditional: false, ..set }))
    }
}

#[cfg(test)]
mod tests {
    use crate::answer;
    use chronotope_world::text::parse;

    #[test]
    fn one_of_its_kind_is_meant_and_of_two_it_is_asked_which() {
        let world = parse(
            "coverage always all labels\ndoor 1\n  always: (0, 0, 1) size (0.1, 1, 2) yaw 0\n\
             bed 2\n  always: (4, 0, 0) size (2, 1, 1) yaw 0\nbed 3\n  always: (0, 4, 0) size (2, 1, 1) yaw 0\n",
        )
        .expect("valid");
        let says = |program: &str| answer(&world, program).expect("runs").answer.text;
        assert!(says("distance(meant(all(\"door\"), \"old door\"), entity(2))").starts_with('4'));
        assert!(says("route_length(meant(all(\"bed\"), \"old bed\"), entity(1))").contains("which of 2"));
    }
}
