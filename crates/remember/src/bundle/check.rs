//! Checking a bundle: everything that is wrong, not only the first.

use super::manifest::{HISTORY, Manifest, PartEntry};
use super::part::{Part, verify};
use super::read::{Bundle, read_tables};
use super::tables::SMALL;
use crate::error::Error;
use chronotope_world::{ChunkBounds, SampleChunk, Store};
use std::path::Path;

/// Everything that is wrong with a bundle: its manifests, the SHA-256 of every part, the types of columns, the bounds of chunks,
/// ids, and every reference between rows. Empty where all is well.
pub fn check(path: impl AsRef<Path>) -> Vec<Error> {
    let path = path.as_ref();
    let manifest = match Manifest::read(path) {
        Ok(manifest) => manifest,
        Err(error) => return vec![error],
    };
    let mut faults = Vec::new();
    let fault = |fault: String| Error::Manifest { fault, path: path.to_owned() };
    let mut readable = true;
    for (table, entry) in &manifest.tables {
        for part in &entry.parts {
            let mut found = check_part(path, table, part);
            readable &= found.is_empty();
            faults.append(&mut found);
        }
    }
    for entry in std::fs::read_dir(path.join(HISTORY)).into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|end| end == "json")
            && let Err(error) = Manifest::read_file(&entry.path())
        {
            faults.push(error);
        }
    }
    if !readable {
        return faults; // the rows that are left would only repeat it
    }
    let tables = match read_tables(path, &manifest) {
        Ok((tables, _)) => tables,
        Err(error) => {
            faults.push(error);
            return faults;
        }
    };
    let said = manifest.sources.iter().map(|s| (s.id, s.uri.as_str(), s.sha256.as_deref()));
    if !said.eq(tables.sources.iter().map(|s| (s.id.0, s.uri.as_str(), s.sha256.as_deref()))) {
        faults.push(fault("expected the sources of the table sources, found others".to_owned()));
    }
    match Bundle::open(path, 0) {
        Err(error) => faults.push(error),
        Ok(bundle) => {
            for (n, bounds) in bundle.bounds().iter().enumerate() {
                let chunk = match bundle.chunk(n) {
                    Ok(chunk) => chunk,
                    Err(error) => {
                        faults.push(error.into());
                        continue;
                    }
                };
                faults.extend(check_chunk(n, bounds, &chunk, &manifest).into_iter().map(fault));
                let chunks = [chunk];
                if let Err(error) = chronotope_world::check(&tables, &chunks) {
                    faults.push(error.into());
                }
            }
        }
    }
    faults
}

fn check_part(bundle: &Path, table: &str, entry: &PartEntry) -> Vec<Error> {
    let mut faults: Vec<Error> = verify(bundle, table, entry).err().into_iter().collect();
    if !faults.is_empty() || !(table == "samples" || SMALL.contains(&table)) {
        return faults; // of an unknown table only the bytes are known
    }
    match Part::open(bundle, table, entry) {
        Err(error) => faults.push(error),
        Ok(part) => {
            for group in 0..part.n_row_groups() {
                let names: Vec<&str> = part.columns().0.map(|(name, _)| name).collect();
                faults.extend(names.into_iter().filter_map(|name| part.read(group, name, None).err()));
            }
        }
    }
    faults
}

/// What a chunk has that its bounds deny.
fn check_chunk(n: usize, said: &ChunkBounds, chunk: &SampleChunk, manifest: &Manifest) -> Vec<String> {
    let found = chunk.bounds();
    let mut faults = Vec::new();
    let mut expect = |what: &str, ok: bool| {
        if !ok {
            faults.push(format!(
                "table samples: chunk {n}: expected {what} within the bounds, found some outside"
            ));
        }
    };
    expect(
        "tracks",
        match (said.tracks, found.tracks) {
            (_, None) => true,
            (Some(said), Some(found)) => said.0 <= found.0 && found.1 <= said.1,
            (None, Some(_)) => false,
        },
    );
    expect("unassigned samples", found.unassigned <= said.unassigned);
    expect(
        "times",
        match (said.time, found.time) {
            (_, None) => true,
            (Some(said), Some(found)) => said.covers(found),
            (None, Some(_)) => false,
        },
    );
    expect(
        "boxes",
        match (said.box_px, found.box_px) {
            (_, None) => true,
            (Some(a), Some(b)) => {
                a.left <= b.left && a.top <= b.top && a.right() >= b.right() && a.bottom() >= b.bottom()
            }
            (None, Some(_)) => false,
        },
    );
    expect(
        "positions",
        match (said.space, found.space) {
            (_, None) => true,
            (Some(said), Some(found)) => said.iter().zip(&found).all(|(a, b)| a[0] <= b[0] && b[1] <= a[1]),
            (None, Some(_)) => false,
        },
    );
    expect("revisions", said.revisions.0 <= found.revisions.0 && found.revisions.1 <= said.revisions.1);
    expect("revisions of the bundle", found.revisions.1 <= manifest.revision);
    faults
}
