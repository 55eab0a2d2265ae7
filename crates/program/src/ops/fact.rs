//! What is said of a thing.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_story::lexicon::normal;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, MissingKind, Reference, Table};

/// `fact(things, "on", during: always)`: the object of the one fact, in words.
pub struct Fact;
/// `colour(things)`.
pub struct Colour;

impl Operator for Fact {
    fn entry(&self) -> Entry {
        let about = "what a fact says of a thing";
        entry("fact", about, "program/src/ops/fact.rs", "fact(all(\"cup\"), \"on\")")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text))
            .needs("things", Takes::Things)
            .needs("predicate", Takes::Text)
            .during()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        lookup(run, args, args.text("predicate"))
    }
}

impl Operator for Colour {
    fn entry(&self) -> Entry {
        entry(
            "colour",
            "the colour of a thing, where a fact says it",
            "program/src/ops/fact.rs",
            "colour(all(\"car\"))",
        )
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text)).needs("things", Takes::Things).during()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        lookup(run, args, "colour")
    }
}

fn lookup(run: &mut Run<'_>, args: &Args<'_>, predicate: &str) -> Outcome {
    let thing = args.thing("things")?;
    let asked = run.asked(&args.when("during"));
    let (mut found, mut ids) = (Vec::<String>::new(), Vec::new());
    for fact in run.world.facts() {
        let about = fact.subject == Reference::Entity(thing) && normal(&fact.predicate) == normal(predicate);
        if !about || !asked.iter().any(|s| s.overlaps(fact.valid)) {
            continue;
        }
        let words = match &fact.object {
            Reference::Text(text) => text.clone(),
            Reference::Number(value, unit) => format!("{value} {unit}").trim().to_owned(),
            Reference::Entity(entity) => run.name_of(*entity),
            Reference::Event(event) => event.to_string(),
            Reference::Observer(observer) => observer.to_string(),
        };
        ids.push(fact.id.0);
        if !found.contains(&words) {
            found.push(words);
        }
    }
    let name = run.name_of(thing);
    match found.as_slice() {
        [one] => {
            run.cite_rows(EvidenceKind::Supports, Table::Facts, ids);
            Ok(Datum::Text(one.clone()))
        }
        [] => missing(MissingKind::Entity, format!("nothing is known of the {predicate} of {name}")),
        several => missing(
            MissingKind::Wording,
            format!("at which time: the {predicate} of {name} is {}", several.join(" and ")),
        ),
    }
}
