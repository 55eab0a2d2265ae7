//! Things by label.

use super::entry;
use crate::cover::only_movers;
use crate::operator::Operator;
use crate::run::{Args, Outcome, Run};
use crate::types::{Gives, Signature, Takes, Type};
use crate::value::{Datum, Scope, Things};
use chronotope_story::lexicon::{Match, label_match, normal};
use chronotope_world::catalogue::Entry;
use chronotope_world::{EntityId, EvidenceKind, Missing, MissingKind, Span, Table, TrackId, World};
use std::collections::BTreeMap;

/// `all()`, `all("car")`.
///
/// What bears the label through synonyms and is-a. A thing whose label is more general belongs possibly, unless its source
/// has the very word in its vocabulary and did not use it. Of alternatives with scores the most likely is read as it stands; the answer is
/// weighed by the others. Things that the annotator marked as ignored are left out.
pub struct All;

impl Operator for All {
    fn entry(&self) -> Entry {
        entry("all", "everything, or what bears a label", "program/src/ops/all.rs", "all(\"car\")")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Things)).may("label", Takes::Text)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let world = run.world;
        let asked = Some(args.text("label")).filter(|text| !text.is_empty());
        // the sources that would have said so in this very word
        let exact: Vec<_> = world
            .coverage()
            .filter(|row| asked.is_some_and(|a| row.labels.iter().any(|l| normal(l) == normal(a))))
            .map(|row| row.source)
            .collect();
        let (mut things, mut labels, mut identities) = (Things::default(), Vec::new(), Vec::new());
        // a World has few labels and many things
        let mut known: BTreeMap<&str, Match> = BTreeMap::new();
        for label in &world.tables().labels {
            if let Some(asked) = asked.filter(|_| !known.contains_key(label.text.as_str())) {
                known.insert(&label.text, label_match(asked, &label.text));
            }
        }
        for entity in world.entities() {
            if !is_of_scene(world, entity, asked) {
                continue;
            }
            let Some(asked) = asked else {
                things.certain.push(entity);
                identities.extend(world.identities_of(entity).map(|row| row.id.0));
                continue;
            };
            let matches = |wanted: Match| {
                world
                    .likely_labels_of(entity)
                    .find(|l| l.vocabulary != "name" && known.get(l.text.as_str()) == Some(&wanted))
            };
            if let Some(label) = matches(Match::Certain) {
                things.certain.push(entity);
                labels.push(label.id.0);
                identities.extend(world.identities_of(entity).map(|row| row.id.0));
            } else if let Some(label) = matches(Match::Possible)
                && !world.track(label.track).is_some_and(|track| exact.contains(&track.source))
            {
                things.possible.push(entity);
                let what = format!("whether a `{}` is a `{asked}`", label.text);
                let missing = Missing::new(MissingKind::Entity, what);
                if !things.missing.contains(&missing) {
                    things.missing.push(missing);
                }
            }
        }
        run.cite_rows(EvidenceKind::Supports, Table::Labels, labels);
        run.cite_rows(EvidenceKind::Supports, Table::Identities, identities);
        things.unconditional = true;
        things.scopes =
            vec![Scope { label: asked.map(str::to_owned), during: Span::ALWAYS.into(), within: None }];
        if asked.is_none() && only_movers(run, &things.scopes) {
            run.assume(ONLY_MOVERS);
        }
        Ok(Datum::Things(things))
    }
}

/// The thing counts where this is asked for: no annotator marked it as ignored, and it carries no camera, but for who asks for that by its name.
pub(crate) fn is_of_scene(world: &World, entity: EntityId, asked: Option<&str>) -> bool {
    let is_named = |track: TrackId| {
        world.labels_of_track(track).any(|l| asked.is_some_and(|asked| normal(asked) == normal(&l.text)))
    };
    let mut tracks = world.identities_of(entity).filter_map(|row| world.track(row.track));
    tracks.any(|track| !track.ignored && (track.carries.is_none() || is_named(track.id)))
}

/// What a bare "thing" is taken for where only motion was looked for; answers say so.
pub(crate) const ONLY_MOVERS: &str = "only moving objects were looked for";
