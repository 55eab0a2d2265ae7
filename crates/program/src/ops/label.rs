//! What a thing is called.

use super::entry;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::Datum;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, MissingKind, Table};
use std::collections::BTreeSet;

/// `label(things)`: the label with the best score, then the first; of several things only where all bear one label.
pub struct Label;

impl Operator for Label {
    fn entry(&self) -> Entry {
        let example = "label(nearest(all(), all(\"door\")))";
        entry("label", "what the things are called", "program/src/ops/label.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Text)).needs("things", Takes::Things)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let things = args.things("things");
        let (mut words, mut ids) = (BTreeSet::new(), Vec::new());
        for &thing in &things.certain {
            let labels = run.world.labels_of(thing);
            let best = labels.reduce(|a, b| if b.score > a.score { b } else { a });
            let Some(best) = best else {
                return missing(MissingKind::Entity, format!("nobody said what entity {} is", thing.0));
            };
            ids.push(best.id.0);
            words.insert(best.text.clone());
        }
        run.cite_rows(EvidenceKind::Supports, Table::Labels, ids);
        let mut words = words.into_iter();
        match (words.next(), words.next()) {
            (Some(one), None) if things.possible.is_empty() => Ok(Datum::Text(one)),
            (Some(one), Some(two)) => {
                missing(MissingKind::Wording, format!("which is meant: {one} or {two}"))
            }
            _ => missing(MissingKind::Entity, "there is no such thing"),
        }
    }
}
