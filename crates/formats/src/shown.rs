//! What a World holds, as one JSON object.

use chronotope_world::{Error, ObserverKind, SourceKind, Span, Time, World, summary};
use serde_json::{Value as Json, json};

/// What a World holds, as `show --json` prints it: record, sources, cameras, frames, labels, coverage, events, facts, revisions.
///
/// # Errors
/// Where rows cannot be read.
pub fn summary_json(world: &World) -> Result<Json, Error> {
    let found = summary(world)?;
    let (tables, record) = (world.tables(), world.record());
    let all = |rows: Vec<Json>| Json::Array(rows);
    Ok(json!({
        "name": world.store().name(),
        "revision": world.revision(),
        "span_s": seconds(found.span),
        "order_only": record.order_only,
        "utc_start": utc(world),
        "sources": all(tables.sources.iter().map(|row| json!({
            "id": row.id.0,
            "kind": source_kind(row.kind),
            "uri": row.uri,
            "sha256": row.sha256,
            "clock_known": row.record_from_source.is_some(),
            "derived_from": row.derived_from.map(|id| id.0),
            "settings": row.settings,
        })).collect()),
        "observers": all(tables.observers.iter().map(|row| json!({
            "id": row.id.0,
            "kind": match row.kind {
                ObserverKind::Camera => "camera",
                ObserverKind::Microphone => "microphone",
                ObserverKind::Person => "person",
            },
            "name": row.name,
            "picture_px": row.picture_px,
            "lens_known": row.intrinsics.is_some(),
        })).collect()),
        "reference_frames": all(tables.reference_frames.iter().map(|row| json!({
            "reference_frame": row.reference_frame.to_string(),
            "unit": row.scale.to_string(),
        })).collect()),
        "entities": found.n_entities,
        "labels": all(found.labels.iter().map(|row| json!({
            "label": row.label,
            "entities": row.n_entities,
            "ignored": row.n_ignored,
            "span_s": seconds(row.span),
        })).collect()),
        "tracks": found.n_tracks,
        "ignored_tracks": found.n_ignored,
        "samples": found.n_samples,
        "unassigned_samples": found.n_unassigned,
        "coverage": all(found.coverage.iter().map(|row| json!({
            "source": row.source.0,
            "observer": row.observer.map(|id| id.0),
            "labels": row.labels,
            "every_label": row.labels.is_empty(),
            "spans_s": all(row.spans.iter().map(|&span| seconds(Some(span))).collect()),
            "complete": row.complete,
            "smallest_px": row.smallest_px,
            "recall": row.recall,
        })).collect()),
        "events": all(found.events.iter().map(|row| json!({
            "kind": row.kind,
            "n": row.n,
            "span_s": seconds(Some(row.span)),
        })).collect()),
        "facts": found.facts,
        "revisions": all(found.revisions.iter().map(|(revision, rows)| json!({
            "revision": revision,
            "rows": rows,
        })).collect()),
    }))
}

/// When the record starts, as RFC 3339; none where that is not known.
pub fn utc(world: &World) -> Option<String> {
    let starts = chrono::DateTime::from_timestamp_nanos(world.record().utc_start_ns?);
    Some(starts.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
}

/// The word for a kind of source.
pub fn source_kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Video => "video",
        SourceKind::Annotation => "annotation",
        SourceKind::Perception => "perception",
        SourceKind::Simulation => "simulation",
        SourceKind::Text => "text",
        SourceKind::Live => "live",
    }
}

fn seconds(span: Option<Span>) -> Json {
    let second = |t: Time| if t == Time::MIN || t == Time::MAX { Json::Null } else { json!(t.as_s()) };
    span.map_or(Json::Null, |span| json!([second(span.start()), second(span.end())]))
}
