//! Things by proper name.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, MissingKind, Reference, Table};

/// `named("Anna")`: by labels of the vocabulary `name`, and facts `name`.
pub struct Named;

impl Operator for Named {
    fn entry(&self) -> Entry {
        let about = "what bears a proper name";
        entry("named", about, "program/src/ops/named.rs", "named(\"Anna\")")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things)).needs("name", Takes::Text)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (world, name) = (run.world, args.text("name"));
        let same = |text: &str| text.to_lowercase() == name.to_lowercase();
        let (mut found, mut labels, mut facts) = (Vec::new(), Vec::new(), Vec::new());
        for entity in world.entities() {
            if let Some(label) = world.labels_of(entity).find(|l| l.vocabulary == "name" && same(&l.text)) {
                found.push(entity);
                labels.push(label.id.0);
            }
        }
        for fact in world.facts().filter(|f| f.predicate == "name") {
            if let (Reference::Entity(entity), Reference::Text(text)) = (&fact.subject, &fact.object)
                && same(text)
            {
                found.push(*entity);
                facts.push(fact.id.0);
            }
        }
        if found.is_empty() {
            return missing(MissingKind::Entity, format!("nothing is named `{name}`"));
        }
        run.cite_rows(EvidenceKind::Supports, Table::Labels, labels);
        if !facts.is_empty() {
            run.cite_rows(EvidenceKind::Supports, Table::Facts, facts);
        }
        Ok(Datum::Things(Things::exactly(found)))
    }
}
