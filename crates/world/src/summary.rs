//! What a World holds, in numbers: for people who look at it before they ask.

use crate::error::Error;
use crate::id::{EntityId, ObserverId, SourceId, TrackId};
use crate::known::Known;
use crate::shape::BoxPx;
use crate::span::{Span, Spans};
use crate::time::Time;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// The visible rows of a World, counted. Orders are by name or id, so that equal Worlds give equal summaries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// The span of the record; none for a timeless scene.
    pub span: Option<Span>,
    /// Number of entities.
    pub n_entities: usize,
    /// Entities by label; an entity with two labels counts under both.
    pub labels: Vec<LabelSummary>,
    /// Number of tracks.
    pub n_tracks: usize,
    /// Number of tracks that are marked ignored.
    pub n_ignored: usize,
    /// Number of samples.
    pub n_samples: u64,
    /// Number of samples without a track.
    pub n_unassigned: u64,
    /// Where sources looked, rows that differ only in their span as one.
    pub coverage: Vec<CoverageSummary>,
    /// Events by kind.
    pub events: Vec<EventSummary>,
    /// Number of facts by predicate.
    pub facts: BTreeMap<String, usize>,
    /// Number of rows by the revision that wrote them and their table; `closed` counts the rows that it closed.
    pub revisions: BTreeMap<u64, BTreeMap<&'static str, u64>>,
}

/// The entities of one label.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelSummary {
    /// As the source gave it; none for entities without a label.
    pub label: Option<String>,
    /// Number of entities, without those that are only shown by ignored tracks.
    pub n_entities: usize,
    /// Number of entities that are only shown by ignored tracks.
    pub n_ignored: usize,
    /// From the first sample of any of them to the last; none where they have no sample.
    pub span: Option<Span>,
}

/// Coverage of one source, through one camera, for the same labels.
#[derive(Clone, Debug, PartialEq)]
pub struct CoverageSummary {
    /// Who looked.
    pub source: SourceId,
    /// Through which camera; none for a whole scene.
    pub observer: Option<ObserverId>,
    /// The labels that would have been reported; empty: every label.
    pub labels: Vec<String>,
    /// Which part of the picture; none: all of it.
    pub region_px: Option<BoxPx>,
    /// Smallest side that would have been reported, in pixels.
    pub smallest_px: Option<f64>,
    /// Share of things that are reported, where measured.
    pub recall: Option<f64>,
    /// Looked all the time; otherwise only at the moments that have samples.
    pub complete: bool,
    /// When.
    pub spans: Spans,
}

/// The events of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct EventSummary {
    /// What happened.
    pub kind: String,
    /// How often.
    pub n: usize,
    /// From the start of the first to the end of the last.
    pub span: Span,
}

/// Counts what is visible of a World. Reads all samples, chunk by chunk.
///
/// # Errors
/// Where samples cannot be read.
pub fn summary(world: &World) -> Result<Summary, Error> {
    let mut out = Summary { span: world.span(), ..Summary::default() };
    let hulls = count_samples(world, &mut out)?;
    let tracks = world.tables().tracks.iter().filter(|track| world.track(track.id).is_some());
    let ignored: BTreeSet<TrackId> =
        tracks.clone().filter(|track| track.ignored).map(|track| track.id).collect();
    (out.n_tracks, out.n_ignored) = (tracks.count(), ignored.len());
    count_labels(world, &hulls, &ignored, &mut out);
    count_coverage(world, &mut out);
    for event in world.events() {
        match out.events.iter_mut().find(|found| found.kind == event.kind) {
            Some(found) => (found.n, found.span) = (found.n + 1, found.span.hull(event.span)),
            None => out.events.push(EventSummary { kind: event.kind.clone(), n: 1, span: event.span }),
        }
    }
    out.events.sort_by(|a, b| a.kind.cmp(&b.kind));
    for fact in world.facts() {
        *out.facts.entry(fact.predicate.clone()).or_default() += 1;
    }
    count_revisions(world, &mut out);
    Ok(out)
}

/// Counts the samples; gives each track's first and last moment.
fn count_samples(world: &World, out: &mut Summary) -> Result<BTreeMap<TrackId, Span>, Error> {
    let (view, store) = (world.view(), world.store());
    let mut hulls: BTreeMap<TrackId, Span> = BTreeMap::new();
    for n in (0..store.bounds().len()).filter(|&n| store.bounds()[n].revisions.0 <= view.as_of) {
        let chunk = store.chunk(n)?;
        for i in (0..chunk.len()).filter(|&i| view.sees(chunk.known(i))) {
            out.n_samples += 1;
            *out.revisions.entry(chunk.revision[i]).or_default().entry("samples").or_default() += 1;
            if chunk.track[i] == u64::MAX {
                out.n_unassigned += 1;
                continue;
            }
            let (t, end) = (Time(chunk.t_ns[i]), chunk.end_ns.as_ref().map(|ends| ends[i]));
            let span = match end {
                Some(end) if end != i64::MIN => Span::between(t, Time(end)),
                _ => Span::between(t, t),
            };
            let track = TrackId(chunk.track[i]);
            hulls.entry(track).and_modify(|hull| *hull = hull.hull(span)).or_insert(span);
        }
    }
    Ok(hulls)
}

fn count_labels(
    world: &World,
    hulls: &BTreeMap<TrackId, Span>,
    ignored: &BTreeSet<TrackId>,
    out: &mut Summary,
) {
    let mut by_label: BTreeMap<Option<String>, LabelSummary> = BTreeMap::new();
    for entity in world.entities() {
        out.n_entities += 1;
        let span = span_of(world, entity, hulls);
        let is_ignored = world.identities_of(entity).all(|row| ignored.contains(&row.track));
        let labels = world.labels_of(entity).filter(|label| label.vocabulary != "name");
        let mut labels: BTreeSet<Option<String>> = labels.map(|label| Some(label.text.clone())).collect();
        if labels.is_empty() {
            labels.insert(None);
        }
        for label in labels {
            let new = || LabelSummary { label: label.clone(), n_entities: 0, n_ignored: 0, span: None };
            let row = by_label.entry(label.clone()).or_insert_with(new);
            if is_ignored {
                row.n_ignored += 1;
            } else {
                row.n_entities += 1;
            }
            row.span = [row.span, span].into_iter().flatten().reduce(Span::hull);
        }
    }
    out.labels = by_label.into_values().collect();
}

/// From an entity's first sample to its last, to the accuracy of its tracks' hulls.
fn span_of(world: &World, entity: EntityId, hulls: &BTreeMap<TrackId, Span>) -> Option<Span> {
    let within = |span: Span, hull: Span| {
        let (start, end) = (span.start().max(hull.start()), span.end().min(hull.end()));
        Span::new(start, end)
    };
    let shown = world.identities_of(entity).filter_map(|row| within(row.span, *hulls.get(&row.track)?));
    shown.reduce(Span::hull)
}

fn count_coverage(world: &World, out: &mut Summary) {
    for row in world.coverage() {
        let same = |found: &&mut CoverageSummary| {
            (found.source, found.observer, found.region_px, found.complete)
                == (row.source, row.observer, row.region_px, row.complete)
                && (found.smallest_px, found.recall) == (row.smallest_px, row.recall)
                && found.labels == row.labels
        };
        let spans = Spans::from(row.span);
        match out.coverage.iter_mut().rev().find(same) {
            Some(found) => found.spans = found.spans.union(&spans),
            None => out.coverage.push(CoverageSummary {
                source: row.source,
                observer: row.observer,
                labels: row.labels.clone(),
                region_px: row.region_px,
                smallest_px: row.smallest_px,
                recall: row.recall,
                complete: row.complete,
                spans,
            }),
        }
    }
}

fn count_revisions(world: &World, out: &mut Summary) {
    let (tables, view) = (world.tables(), world.view());
    let mut count = |table: &'static str, known: Known, closed: Option<u64>| {
        if view.sees(known) {
            *out.revisions.entry(known.revision).or_default().entry(table).or_default() += 1;
            if let Some(revision) = closed.filter(|&revision| revision <= view.as_of) {
                *out.revisions.entry(revision).or_default().entry("closed").or_default() += 1;
            }
        }
    };
    tables.sources.iter().for_each(|r| count("sources", r.known, None));
    tables.observers.iter().for_each(|r| count("observers", r.known, None));
    tables.tracks.iter().for_each(|r| count("tracks", r.known, None));
    tables.identities.iter().for_each(|r| count("identities", r.known, r.closed));
    tables.labels.iter().for_each(|r| count("labels", r.known, r.closed));
    tables.coverage.iter().for_each(|r| count("coverage", r.known, None));
    tables.transforms.iter().for_each(|r| count("transforms", r.known, None));
    tables.events.iter().for_each(|r| count("events", r.known, r.closed));
    tables.facts.iter().for_each(|r| count("facts", r.known, r.closed));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::View;
    use crate::text::parse;

    const STREET: &str = "coverage [0, 2) car\ncoverage [2, 9) car\ncoverage [0, 9) bus\n\
        car 1\n  0: (0, 0, 0)\n  4: (1, 0, 0)\ncar 2 ignored\n  1: (0, 0, 0)\nbus 3\n  8: (0, 0, 0)\n\
        fact 1 \"near\" 3\nfact 2 \"near\" 3\nevent \"stop\" [1, 2) agent 1\nevent \"stop\" [3, 5) agent 2\n\
        revision 2\ncar 1 during [5, 9)\n  6: (9, 0, 0)\n";

    #[test]
    fn entities_are_counted_by_label_and_ignored_ones_apart() {
        let found = summary(&parse(STREET).expect("valid")).expect("in memory");
        let labels: Vec<_> = found
            .labels
            .iter()
            .map(|row| (row.label.as_deref().unwrap_or("–"), row.n_entities, row.n_ignored))
            .collect();
        assert_eq!(labels, [("bus", 1, 0), ("car", 1, 1)]);
        assert_eq!(found.labels[1].span, Span::new(Time(0), Time::from_s(6.0)));
        assert_eq!((found.n_entities, found.n_tracks, found.n_ignored, found.n_samples), (3, 4, 1, 5));
        assert_eq!(found.facts.get("near"), Some(&2));
        assert_eq!((found.events.len(), found.events[0].n), (1, 2));
    }

    #[test]
    fn coverage_that_differs_only_in_its_span_is_one() {
        let found = summary(&parse(STREET).expect("valid")).expect("in memory");
        assert_eq!(found.coverage.len(), 2);
        assert_eq!(found.coverage[0].spans.as_slice(), [Span::between(Time(0), Time::from_s(9.0))]);
    }

    #[test]
    fn an_earlier_revision_is_counted_as_it_was() {
        let world = parse(STREET).expect("valid");
        let found = summary(&world.seen(View { as_of: 1, ..View::NEWEST })).expect("in memory");
        assert_eq!((found.n_samples, found.revisions.keys().copied().collect::<Vec<_>>()), (4, vec![0]));
        assert_eq!(summary(&world).expect("in memory").revisions[&2]["samples"], 1);
    }
}
