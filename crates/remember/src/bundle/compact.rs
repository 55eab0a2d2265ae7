//! Compaction: many small parts become few, the history goes, and every answer stays.

use super::read::{Bundle, read_tables};
use super::samples;
use super::tables::{self, Marks, SMALL};
use super::write::Writer;
use crate::bundle::part::Part;
use crate::error::Result;
use chronotope_world::{CHUNK_ROWS, Sample, SampleChunk, Store, Tables};
use std::collections::BTreeSet;
use std::path::Path;

/// Rewrites a bundle with few parts and without history, at the same revision. Every row keeps its revision, so that what was
/// asked as of an earlier one is answered as before. A table of which this version does not know all columns, and tables that it
/// does not know, are kept as they are.
///
/// # Errors
/// Where another process writes, or a part cannot be read; then the bundle is as it was.
pub fn compact(path: impl AsRef<Path>) -> Result<()> {
    let mut writer = Writer::open(&path)?;
    let manifest = writer.manifest().clone();
    let mut kept = BTreeSet::new();
    for (name, table) in &manifest.tables {
        for entry in &table.parts {
            let part = Part::open(writer.bundle(), name, entry)?;
            let (mut columns, strange) = part.columns();
            if !strange.is_empty() || !columns.all(|(column, _)| is_known(name, column)) {
                kept.insert(name.clone());
            }
        }
    }
    // lists and closings stand or fall with the rows that they belong to
    for (list, owner) in
        [("track_derivations", "tracks"), ("coverage_labels", "coverage"), ("event_roles", "events")]
    {
        if kept.contains(list) || kept.contains(owner) {
            kept.extend([list.to_owned(), owner.to_owned()]);
        }
    }
    let closes = ["identities", "labels", "events", "facts"];
    if kept.contains("closings") || closes.iter().any(|table| kept.contains(*table)) {
        kept.insert("closings".to_owned());
    } else {
        writer.fold_closings();
    }
    read_tables(writer.bundle(), &manifest)?; // nothing is thrown away that has not been read
    if !kept.contains("samples") {
        let bundle = Bundle::open(&path, 0)?;
        let mut rows: Vec<Sample> = Vec::new();
        for n in 0..bundle.bounds().len() {
            let chunk = bundle.chunk(n)?;
            if rows.is_empty() && chunk.len() >= CHUNK_ROWS / 2 {
                writer.chunk(&chunk)?;
                continue;
            }
            rows.extend((0..chunk.len()).map(|i| chunk.row(i)));
            if rows.len() >= CHUNK_ROWS / 2 {
                writer.chunk(&SampleChunk::from_rows(std::mem::take(&mut rows)))?;
            }
        }
        writer.chunk(&SampleChunk::from_rows(rows))?;
    }
    writer.replace(&kept)
}

/// This version writes such a column in such a table.
fn is_known(table: &str, column: &str) -> bool {
    if table == "samples" {
        return samples::is_known(column);
    }
    let (_, columns) = tables::columns_of(table, &Tables::default(), &[], &Marks::default(), 0);
    SMALL.contains(&table) && columns.iter().any(|c| c.name == column)
}
