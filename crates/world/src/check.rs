//! What must hold between rows before anybody reads them.

use std::sync::Arc;

use crate::error::Error;
use crate::sample::SampleChunk;
use crate::tables::Tables;

/// Greatest id of a row or an entity: honest ones count up from 0, and counting on from the greatest must stay possible,
/// for appended rows and for Worlds that are joined. Whole numbers up to here are exact in JSON, too.
pub const MOST_ID: u64 = 1 << 53;

/// Greatest id of a source, an observer or a reference frame; samples name them in columns of 32 bits.
const MOST_SMALL_ID: u64 = 1 << 30;

/// Checks that rows name rows that exist, that ids leave room to count on, and that numbers that may not be NaN or infinite are finite.
pub fn check(tables: &Tables, chunks: &[Arc<SampleChunk>]) -> Result<(), Error> {
    let fault = |table: &'static str, row: u64, fault: String| Err(Error::Row { table, row, fault });
    fn set<R>(rows: &[R], id_of: fn(&R) -> u64) -> (bool, Vec<u64>) {
        let ids: Vec<u64> = rows.iter().map(id_of).collect();
        (ids.windows(2).all(|pair| pair[0] < pair[1]), ids)
    }
    let (sources_ok, sources) = set(&tables.sources, |r| r.id.0);
    let (observers_ok, observers) = set(&tables.observers, |r| r.id.0);
    let (frames_ok, frames) = set(&tables.reference_frames, |r| r.id.0);
    let (tracks_ok, tracks) = set(&tables.tracks, |r| r.id.0);
    for (name, ok) in [
        ("sources", sources_ok),
        ("observers", observers_ok),
        ("reference_frames", frames_ok),
        ("tracks", tracks_ok),
    ] {
        if !ok {
            return fault(name, 0, "expected ascending ids, found one twice or out of order".into());
        }
    }
    for (name, ids, most) in [
        ("sources", &sources, MOST_SMALL_ID),
        ("observers", &observers, MOST_SMALL_ID),
        ("reference_frames", &frames, MOST_SMALL_ID),
        ("tracks", &tracks, MOST_ID),
    ] {
        if let Some(id) = ids.last().filter(|id| **id > most) {
            return fault(name, *id, format!("expected ids up to {most}, found {id}"));
        }
    }
    if let Some(row) = tables.identities.iter().find(|row| row.entity.0 > MOST_ID) {
        return fault(
            "identities",
            row.id.0,
            format!("expected an entity up to {MOST_ID}, found {}", row.entity.0),
        );
    }
    let has = |ids: &[u64], id: u64| ids.binary_search(&id).is_ok();
    let names = |table: &'static str, row: u64, what: &str, ids: &[u64], id: u64| {
        if has(ids, id) {
            Ok(())
        } else {
            fault(table, row, format!("expected an existing {what}, found {what}/{id}"))
        }
    };
    for r in &tables.observers {
        names("observers", r.id.0, "source", &sources, r.source.0)?;
    }
    for r in &tables.tracks {
        names("tracks", r.id.0, "source", &sources, r.source.0)?;
        if let Some(o) = r.observer {
            names("tracks", r.id.0, "observer", &observers, o.0)?;
        }
        for t in &r.derived_from {
            names("tracks", r.id.0, "track", &tracks, t.0)?;
        }
    }
    for r in &tables.identities {
        names("identities", r.id.0, "track", &tracks, r.track.0)?;
    }
    for r in &tables.labels {
        names("labels", r.id.0, "track", &tracks, r.track.0)?;
    }
    for r in &tables.coverage {
        names("coverage", r.id.0, "source", &sources, r.source.0)?;
    }
    for r in &tables.transforms {
        names("transforms", r.id.0, "reference_frame", &frames, r.target.0)?;
        names("transforms", r.id.0, "reference_frame", &frames, r.source.0)?;
    }
    for r in &tables.events {
        names("events", r.id.0, "source", &sources, r.source.0)?;
    }
    for r in &tables.facts {
        names("facts", r.id.0, "source", &sources, r.source.0)?;
    }
    for chunk in chunks {
        for i in 0..chunk.len() {
            let id = chunk.id[i];
            names("samples", id, "source", &sources, chunk.source[i] as u64)?;
            if chunk.t_ns[i] == i64::MAX {
                return fault(
                    "samples",
                    id,
                    "expected a time within 292 years of zero, found a later one".into(),
                );
            }
            if chunk.track[i] != u64::MAX {
                names("samples", id, "track", &tracks, chunk.track[i])?;
            }
            if chunk.observer[i] != u32::MAX {
                names("samples", id, "observer", &observers, chunk.observer[i] as u64)?;
            }
            if let Some(p) = &chunk.poses
                && p.reference_frame[i] != u32::MAX
            {
                names("samples", id, "reference_frame", &frames, p.reference_frame[i] as u64)?;
                if ![p.x[i], p.y[i], p.z[i]].iter().all(|v| v.is_finite()) {
                    return fault("samples", id, "expected a finite position, found one that is not".into());
                }
            }
        }
    }
    Ok(())
}
