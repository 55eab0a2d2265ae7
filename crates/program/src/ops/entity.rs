//! A thing by number.

use super::entry;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Run, missing};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Things};
use chronotope_story::lexicon::{Match, label_match};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, EvidenceKind, MissingKind, Table};

/// `entity(7)`, `entity(7, label: "car")`: with a label only if it bears that label, through synonyms and is-a.
pub struct Entity;

impl Operator for Entity {
    fn entry(&self) -> Entry {
        entry("entity", "one thing by number", "program/src/ops/entity.rs", "entity(7)")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things))
            .needs("number", Takes::Number((0, 0, 0)))
            .may("label", Takes::Text)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let number = args.number("number").map_or(-1.0, |q| q.value);
        let id = EntityId(number as u64);
        let rows: Vec<u64> = run.world.identities_of(id).map(|row| row.id.0).collect();
        if rows.is_empty() && run.doubted.is_some_and(|world| world.identities_of(id).next().is_some()) {
            // a thing that may not be there, and is not in this draw
            return Ok(Datum::Things(Things::default()));
        }
        let known =
            run.world.tables().identities.iter().filter(|row| row.entity == id).map(|row| row.known.at).min();
        if let (true, Some(from)) = (rows.is_empty(), known)
            && from > run.world.view().asked_at
        {
            let at = run.world.view().asked_at;
            let what = format!("entity {number} was not known yet at {at} s: it is known from {from} s on");
            return missing(MissingKind::Hindsight, what);
        }
        if number < 0.0 || number.fract() != 0.0 || rows.is_empty() {
            return missing(MissingKind::Entity, format!("there is no entity {number}"));
        }
        let asked = args.text("label");
        if !asked.is_empty() {
            let labels: Vec<_> = run.world.labels_of(id).filter(|label| label.vocabulary != "name").collect();
            let best = labels.iter().map(|label| (label_match(asked, &label.text), label.id.0));
            if let Some((_, row)) = best.clone().find(|(found, _)| *found == Match::Certain) {
                run.cite_rows(EvidenceKind::Supports, Table::Labels, [row]);
            } else {
                let is = labels.first().map_or("nothing that has a label", |label| label.text.as_str());
                let what = if best.clone().any(|(found, _)| found == Match::Possible) {
                    format!("whether `{is}` {number} is a `{asked}`")
                } else {
                    format!("there is no `{asked}` {number}: number {number} is `{is}`")
                };
                return missing(MissingKind::Entity, what);
            }
        }
        run.cite_rows(EvidenceKind::Supports, Table::Identities, rows);
        Ok(Datum::Things(Things::exactly(vec![id])))
    }
}
