//! Labels that may be wrong.

use super::draw::Draw;
use chronotope_world::{EntityId, Label, LabelId, Tables, TrackId, World};
use std::collections::{BTreeMap, BTreeSet};

/// The labels of a World whose source says how likely each is.
///
/// Labels with scores within 0..1 that a source gives one track for one span in one vocabulary are alternatives, of which one holds;
/// where they sum up to more than 1, they are shares of their sum. What they leave below 1 belongs to the other labels of the source's
/// coverage, all alike likely; where it declares none, or says another label of the same words without a score, to none of them.
/// The tracks of one thing are wrong together. Names, and scores that are no probabilities, are not in doubt.
#[derive(Default)]
pub(super) struct LabelDoubt {
    groups: Vec<Group>,
    by_entity: BTreeMap<EntityId, Vec<usize>>,
}

/// Labels of which one holds.
struct Group {
    track: TrackId,
    entity: EntityId,
    rows: Vec<LabelId>,
    /// What may be so, the most likely first, with its probability; the rest to 1 is that none holds.
    choices: Vec<(String, f64)>,
}

/// What a key is drawn for.
const LABEL: u64 = 6;

impl LabelDoubt {
    pub(super) fn of(world: &World, entity_of: &BTreeMap<u64, EntityId>) -> LabelDoubt {
        let mut doubt = LabelDoubt::default();
        let is_doubtful = |row: &Label| row.score.is_some_and(|p| p > 0.0 && p < 1.0);
        // a World without scores is not searched
        if !world.tables().labels.iter().any(is_doubtful) {
            return doubt;
        }
        let mut vocabularies: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
        for row in world.coverage() {
            vocabularies.entry(row.source.0).or_default().extend(row.labels.iter().cloned());
        }
        for track in &world.tables().tracks {
            let Some(&entity) = entity_of.get(&track.id.0) else { continue };
            let mut alike: BTreeMap<(&str, i64, i64), Vec<&Label>> = BTreeMap::new();
            let mut stated: BTreeSet<&str> = BTreeSet::new();
            for row in world.labels_of_track(track.id).filter(|row| row.vocabulary != "name") {
                if row.score.is_some_and(|p| (0.0..=1.0).contains(&p)) {
                    let span = (row.vocabulary.as_str(), row.span.start().0, row.span.end().0);
                    alike.entry(span).or_default().push(row);
                } else {
                    stated.insert(&row.vocabulary);
                }
            }
            let declared = vocabularies.get(&track.source.0);
            for ((vocabulary, ..), rows) in
                alike.into_iter().filter(|(_, r)| r.iter().any(|r| is_doubtful(r)))
            {
                let others = declared.filter(|_| !stated.contains(vocabulary));
                doubt.by_entity.entry(entity).or_default().push(doubt.groups.len());
                doubt.groups.push(Group {
                    track: track.id,
                    entity,
                    rows: rows.iter().map(|row| row.id).collect(),
                    choices: choices(&rows, others),
                });
            }
        }
        doubt
    }

    pub(super) fn is_none(&self) -> bool {
        self.groups.is_empty()
    }

    /// How likely a thing bears a label of this kind; none where its labels are not in doubt.
    pub(super) fn share(&self, entity: EntityId, is_such: impl Fn(&str) -> bool) -> Option<f64> {
        let groups = self.by_entity.get(&entity)?;
        // its labels are drawn by one number: the share of the numbers with which some group says so
        let mut spans: Vec<(f64, f64)> = Vec::new();
        for &n in groups {
            let mut from = 0.0;
            for (text, p) in &self.groups[n].choices {
                if is_such(text) {
                    spans.push((from, from + p));
                }
                from += p;
            }
        }
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut sum, mut reached) = (0.0, 0.0_f64);
        for (from, to) in spans {
            sum += (to - from.max(reached)).max(0.0);
            reached = reached.max(to);
        }
        Some(sum.min(1.0))
    }

    /// Every text that a thing may be called; none where its labels are not in doubt.
    pub(super) fn texts(&self, entity: EntityId) -> impl Iterator<Item = &str> {
        let groups = self.by_entity.get(&entity).into_iter().flatten();
        groups.flat_map(|&n| self.groups[n].choices.iter().map(|(text, _)| text.as_str()))
    }

    /// The tables of a draw: of alternatives the one that holds there, which is certain in it.
    pub(super) fn draw(&self, tables: &mut Tables, key: u64) {
        let mut kept: BTreeMap<LabelId, Option<&str>> = BTreeMap::new();
        for group in &self.groups {
            let mut left = Draw::keyed(&[key, LABEL, group.entity.0]).uniform();
            let chosen = group.choices.iter().find(|(_, p)| {
                left -= p;
                left < 0.0
            });
            for (n, row) in group.rows.iter().enumerate() {
                kept.insert(*row, chosen.filter(|_| n == 0).map(|(text, _)| text.as_str()));
            }
        }
        debug_assert!(self.groups.iter().all(|group| tables.tracks.iter().any(|t| t.id == group.track)));
        tables.labels.retain_mut(|row| match kept.get(&row.id) {
            None => true,
            Some(None) => false,
            Some(Some(text)) => {
                (*text).clone_into(&mut row.text);
                row.score = None;
                true
            }
        });
    }
}

/// What may hold, the most likely first.
fn choices(rows: &[&Label], declared: Option<&BTreeSet<String>>) -> Vec<(String, f64)> {
    let mut shares: BTreeMap<&str, f64> = BTreeMap::new();
    for row in rows {
        *shares.entry(&row.text).or_insert(0.0) += row.score.unwrap_or(0.0);
    }
    let sum: f64 = shares.values().sum();
    let others: Vec<&str> = declared
        .into_iter()
        .flatten()
        .map(String::as_str)
        .filter(|text| !shares.contains_key(text))
        .collect();
    let scale = sum.max(1.0);
    let mut choices: Vec<(String, f64)> =
        shares.into_iter().map(|(text, p)| (text.to_owned(), p / scale)).collect();
    if sum < 1.0 && !others.is_empty() {
        let each = (1.0 - sum) / others.len() as f64;
        choices.extend(others.into_iter().map(|text| (text.to_owned(), each)));
    }
    choices.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    choices
}
