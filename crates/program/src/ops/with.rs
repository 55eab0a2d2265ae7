//! Things by a fact about them.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_story::lexicon::normal;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, EvidenceKind, Fact, Missing, MissingKind, Reference, Table};
use std::collections::BTreeMap;

/// `with(things, "colour", "red")`: things about which nothing of the kind is known belong possibly.
pub struct With;

impl Operator for With {
    fn entry(&self) -> Entry {
        let example = "with(all(\"car\"), \"colour\", \"red\")";
        entry("with", "things about which a fact holds", "program/src/ops/with.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("things", Takes::Things)
            .needs("attribute", Takes::Text)
            .needs("value", Takes::Text)
            .during()
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (attribute, value) = (args.text("attribute"), args.text("value"));
        let asked = run.asked(&args.when("during"));
        let things = args.things("things");
        let mut out =
            Things { scopes: things.scopes.clone(), missing: things.missing.clone(), ..Things::default() };
        let mut cited = Vec::new();
        let mut about: BTreeMap<EntityId, Vec<&Fact>> = BTreeMap::new();
        let world = run.world;
        for fact in world.facts() {
            if let Reference::Entity(thing) = fact.subject
                && normal(&fact.predicate) == normal(attribute)
                && asked.iter().any(|s| s.overlaps(fact.valid))
            {
                about.entry(thing).or_default().push(fact);
            }
        }
        for thing in things.all() {
            let facts = about.remove(&thing).unwrap_or_default();
            let holds = facts.iter().find(|fact| match &fact.object {
                Reference::Text(text) => normal(text) == normal(value),
                _ => false,
            });
            match (holds, facts.is_empty()) {
                (Some(fact), _) if things.surely(thing) => {
                    cited.push(fact.id.0);
                    out.certain.push(thing);
                }
                (Some(_), _) => out.possible.push(thing),
                (None, false) => cited.extend(facts.iter().map(|fact| fact.id.0)),
                (None, true) => {
                    out.possible.push(thing);
                    let what = format!("the {attribute} of {}", run.name_of(thing));
                    if out.missing.len() < 8 {
                        out.missing.push(Missing::new(MissingKind::Entity, what));
                    }
                }
            }
        }
        if !cited.is_empty() {
            run.cite_rows(EvidenceKind::Supports, Table::Facts, cited);
        }
        Ok(Datum::Things(out))
    }
}
