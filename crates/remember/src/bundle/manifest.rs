//! The manifest `world.json`: which parts make up which revision.

use crate::error::{Error, Result};
use chronotope_world::{BoxPx, ChunkBounds, MOST_ID, Record, Span, Time, TrackId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use twox_hash::XxHash3_64;

/// What the manifest calls itself.
pub(crate) const FORMAT: &str = "chronotope-bundle";
/// The version that is written. A minor version may add nullable columns and tables; another major is refused.
pub(crate) const VERSION: (u32, u32) = (1, 1);
/// The first minor version whose manifests carry a checksum of themselves.
const SEALED_SINCE: u32 = 1;
/// The manifest's file.
pub(crate) const MANIFEST: &str = "world.json";
/// The folder of the parts.
pub(crate) const PARTS: &str = "parts";
/// The folder of earlier manifests.
pub(crate) const HISTORY: &str = "history";
/// No honest manifest comes near (an hour of 50 objects: 0.1 MB).
const MOST_BYTES: u64 = 256 << 20;

/// The whole manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: String,
    pub(crate) version: String,
    /// XXH3-64 of the text of the manifest with sixteen zeros here; version 1.0 had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) xxh3: Option<String>,
    pub(crate) revision: u64,
    pub(crate) record: RecordEntry,
    /// What the ends of column names mean.
    pub(crate) units: BTreeMap<String, String>,
    /// The sources with their hashes, for people; the table `sources` decides.
    pub(crate) sources: Vec<SourceEntry>,
    pub(crate) next_sample: u64,
    pub(crate) next_entity: u64,
    pub(crate) tables: BTreeMap<String, TableEntry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RecordEntry {
    pub(crate) name: String,
    pub(crate) utc_start_ns: Option<i64>,
    pub(crate) utc_uncertainty_ns: Option<i64>,
    pub(crate) order_only: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SourceEntry {
    pub(crate) id: u64,
    pub(crate) uri: String,
    pub(crate) sha256: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TableEntry {
    pub(crate) rows: u64,
    /// Number of the next part.
    pub(crate) next_part: u64,
    pub(crate) parts: Vec<PartEntry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PartEntry {
    pub(crate) file: String,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// Of the whole file: what `check` verifies.
    pub(crate) sha256: String,
    /// Bytes of the indexes and the footer at the end; what lies before is verified block by block.
    pub(crate) tail_bytes: u64,
    /// XXH3-64 of the tail: verified when the part is first read. The tail holds the checksums of the blocks.
    pub(crate) tail_xxh3: String,
    /// One per row group; samples only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) chunks: Vec<ChunkEntry>,
}

/// Bounds of a row group of samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ChunkEntry {
    pub(crate) rows: u64,
    pub(crate) tracks: Option<[u64; 2]>,
    pub(crate) unassigned: u64,
    pub(crate) t_ns: Option<[i64; 2]>,
    /// Left, top, right, bottom of the hull of the boxes.
    pub(crate) box_px: Option<[f64; 4]>,
    pub(crate) space: Option<[[f64; 2]; 3]>,
    pub(crate) revisions: [u64; 2],
}

impl Manifest {
    /// An empty bundle of this record, before its first commit.
    pub(crate) fn new(record: &Record) -> Manifest {
        Manifest {
            format: FORMAT.to_owned(),
            version: format!("{}.{}", VERSION.0, VERSION.1),
            xxh3: None,
            revision: 0,
            record: RecordEntry::from(record),
            units: units(),
            sources: Vec::new(),
            next_sample: 0,
            next_entity: 0,
            tables: BTreeMap::new(),
        }
    }

    /// Reads and checks the manifest of a bundle: version, names of parts, counts. Reads no part.
    pub(crate) fn read(bundle: &Path) -> Result<Manifest> {
        Manifest::read_file(&bundle.join(MANIFEST))
    }

    /// Reads a manifest under any name.
    pub(crate) fn read_file(path: &Path) -> Result<Manifest> {
        let fault = |fault: String| Error::Manifest { fault, path: path.to_owned() };
        let file = File::open(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => fault("expected a bundle, found no world.json".to_owned()),
            _ => Error::io("read", path)(error),
        })?;
        let mut text = Vec::new();
        file.take(MOST_BYTES + 1).read_to_end(&mut text).map_err(Error::io("read", path))?;
        if text.len() as u64 > MOST_BYTES {
            return Err(fault(format!("expected at most {MOST_BYTES} bytes, found more")));
        }
        /// Read first: a newer manifest may hold what the rest of this version cannot parse.
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: String,
        }
        let head: Head = serde_json::from_slice(&text).map_err(|error| fault(error.to_string()))?;
        if head.format != FORMAT {
            return Err(fault(format!("expected format {FORMAT}, found {:?}", shortened(&head.format))));
        }
        let major = head.version.split('.').next().and_then(|n| n.parse::<u32>().ok());
        match major {
            Some(major) if major == VERSION.0 => {}
            Some(major) if major > VERSION.0 => {
                return Err(Error::Newer {
                    found: shortened(&head.version),
                    supported: format!("{}.x", VERSION.0),
                    path: path.to_owned(),
                });
            }
            _ => {
                return Err(fault(format!(
                    "expected version MAJOR.MINOR, found {:?}",
                    shortened(&head.version)
                )));
            }
        }
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| fault(error.to_string()))?;
        if let Some(first) = manifest.faults().into_iter().next() {
            return Err(fault(first));
        }
        let minor = minor_of(&head.version);
        match &manifest.xxh3 {
            None if minor < SEALED_SINCE => {}
            None => return Err(fault("expected a checksum of the manifest, found none".to_owned())),
            Some(said) => match xxh3_of(&text, said) {
                Some(found) if found == *said => {}
                _ => {
                    return Err(fault(
                        "expected the checksum that the manifest carries, found another".to_owned(),
                    ));
                }
            },
        }
        Ok(manifest)
    }

    /// Everything that is wrong with the manifest by itself.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let counted = [
            ("revision", self.revision),
            ("next_sample", self.next_sample),
            ("next_entity", self.next_entity),
        ];
        let parts = self.tables.values().map(|table| ("next_part", table.next_part));
        for (field, n) in counted.into_iter().chain(parts) {
            // counting on must stay possible
            if n > MOST_ID {
                faults.push(format!("expected {field} up to {MOST_ID}, found {n}"));
            }
        }
        for (name, table) in &self.tables {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
                faults.push(format!("expected a table name of a-z, 0-9 and _, found {:?}", shortened(name)));
            }
            let rows = table.parts.iter().try_fold(0u64, |sum, part| sum.checked_add(part.rows));
            if rows != Some(table.rows) {
                faults
                    .push(format!("table {name}: expected {} rows in its parts, found {rows:?}", table.rows));
            }
            for part in &table.parts {
                if !is_part_name(name, &part.file) {
                    faults.push(format!(
                        "table {name}: expected a part named {name}-N-HASH.parquet, found {:?}",
                        shortened(&part.file)
                    ));
                }
                if part.tail_bytes > part.bytes {
                    faults.push(format!(
                        "table {name}: expected a tail within {} bytes: {}",
                        part.bytes, part.file
                    ));
                }
                let chunks = part.chunks.iter().try_fold(0u64, |sum, chunk| sum.checked_add(chunk.rows));
                if name == "samples" && chunks != Some(part.rows) {
                    faults.push(format!(
                        "table {name}: expected {} rows in the chunks, found {chunks:?}: {}",
                        part.rows, part.file
                    ));
                }
                for chunk in &part.chunks {
                    if let Err(fault) = chunk.bounds() {
                        faults.push(format!("table {name}: {fault}: {}", part.file));
                    }
                }
            }
        }
        faults
    }

    /// The text of the manifest.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let mut sealed = self.clone();
        sealed.xxh3 = Some(UNSEALED.to_owned());
        if minor_of(&sealed.version) < SEALED_SINCE {
            sealed.version = format!("{}.{SEALED_SINCE}", VERSION.0);
        }
        // the types hold nothing that JSON lacks: bounds are finite
        let mut text = serde_json::to_vec_pretty(&sealed).unwrap_or_default();
        text.push(b'\n');
        if let (Some(at), Some(xxh3)) = (value_at(&text, UNSEALED), xxh3_of(&text, UNSEALED)) {
            text[at..at + xxh3.len()].copy_from_slice(xxh3.as_bytes());
        }
        text
    }

    /// Makes this manifest the bundle's, by rename; the one before goes to `history/` where asked for.
    pub(crate) fn publish(&self, bundle: &Path, keep_history: bool) -> Result<()> {
        let current = bundle.join(MANIFEST);
        if keep_history && current.exists() {
            let before = Manifest::read(bundle)?;
            let kept = bundle.join(HISTORY).join(format!("world-{}.json", before.revision));
            write_synced(&kept, &before.to_json())?;
            sync_folder(&bundle.join(HISTORY))?;
        }
        write_synced(&current, &self.to_json())?;
        sync_folder(bundle)
    }

    /// The record row.
    pub(crate) fn record(&self) -> Record {
        Record {
            name: self.record.name.clone(),
            utc_start_ns: self.record.utc_start_ns,
            utc_uncertainty_ns: self.record.utc_uncertainty_ns,
            order_only: self.record.order_only,
        }
    }
}

impl From<&Record> for RecordEntry {
    fn from(record: &Record) -> RecordEntry {
        RecordEntry {
            name: record.name.clone(),
            utc_start_ns: record.utc_start_ns,
            utc_uncertainty_ns: record.utc_uncertainty_ns,
            order_only: record.order_only,
        }
    }
}

impl From<&ChunkBounds> for ChunkEntry {
    fn from(b: &ChunkBounds) -> ChunkEntry {
        ChunkEntry {
            rows: b.rows as u64,
            tracks: b.tracks.map(|(low, high)| [low.0, high.0]),
            unassigned: b.unassigned as u64,
            t_ns: b.time.map(|time| [time.start().0, time.end().0]),
            box_px: b.box_px.map(|b| [b.left, b.top, b.right(), b.bottom()]),
            space: b.space,
            revisions: [b.revisions.0, b.revisions.1],
        }
    }
}

impl ChunkEntry {
    /// The bounds as the World's readers take them.
    pub(crate) fn bounds(&self) -> Result<ChunkBounds, String> {
        let time = match self.t_ns {
            None => None,
            Some([start, end]) => {
                let span = Span::new(Time(start), Time(end));
                Some(
                    span.ok_or_else(|| format!("expected t_ns bounds that ascend, found {start} and {end}"))?,
                )
            }
        };
        let box_px = match self.box_px {
            None => None,
            Some([left, top, right, bottom]) => {
                // one step wider, because left + (right - left) may fall short of right
                let side = |low: f64, high: f64| (high - low).next_up().max(0.0);
                let hull = BoxPx::new(left, top, side(left, right), side(top, bottom));
                Some(hull.ok_or_else(|| "expected finite box_px bounds".to_owned())?)
            }
        };
        let rows = usize::try_from(self.rows).ok().filter(|&rows| rows <= super::MOST_CHUNK_ROWS);
        Ok(ChunkBounds {
            rows: rows.ok_or_else(|| {
                format!("expected at most {} rows in a chunk, found {}", super::MOST_CHUNK_ROWS, self.rows)
            })?,
            tracks: self.tracks.map(|[low, high]| (TrackId(low), TrackId(high))),
            unassigned: usize::try_from(self.unassigned.min(self.rows)).unwrap_or(usize::MAX),
            time,
            box_px,
            space: self.space,
            revisions: (self.revisions[0], self.revisions[1]),
        })
    }
}

/// What the ends of column names mean; stands in every manifest.
fn units() -> BTreeMap<String, String> {
    [
        ("_ns", "nanoseconds of the record; UTC in utc_ columns"),
        ("_px", "pixels of the displayed picture at source size, or of a stage frame"),
        ("_m", "metres of the row's reference_frame"),
        ("_unit", "the own unit of the row's reference_frame, whose scale is unknown"),
        ("_deg", "degrees: longitude and latitude in the frame geo, bearing"),
        ("_m2", "square metres; likewise _px2, _unit2, and _geo for degrees and metres mixed"),
        ("q", "qw, qx, qy, qz: unit quaternion that turns body axes into the reference frame"),
    ]
    .into_iter()
    .map(|(end, meaning)| (end.to_owned(), meaning.to_owned()))
    .collect()
}

/// What stands in the place of the checksum while it is reckoned.
const UNSEALED: &str = "0000000000000000";

/// The minor of `MAJOR.MINOR`; 0 where there is none.
fn minor_of(version: &str) -> u32 {
    version.split('.').nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Where the checksum stands in the text of a manifest: the first string like it after the first key of its name.
fn value_at(text: &[u8], value: &str) -> Option<usize> {
    let find = |from: usize, what: &[u8]| {
        text[from..].windows(what.len()).position(|found| found == what).map(|at| from + at)
    };
    let key = find(0, b"\"xxh3\"")?;
    find(key, format!("\"{value}\"").as_bytes()).map(|at| at + 1)
}

/// XXH3-64 of the text of a manifest with [`UNSEALED`] in the place of its checksum; none where that is not found.
fn xxh3_of(text: &[u8], said: &str) -> Option<String> {
    let at = value_at(text, said).filter(|_at| said.len() == UNSEALED.len())?;
    let mut unsealed = text.to_vec();
    unsealed[at..at + UNSEALED.len()].copy_from_slice(UNSEALED.as_bytes());
    Some(format!("{:016x}", XxHash3_64::oneshot(&unsealed)))
}

/// `TABLE-N-HASH.parquet`, and nothing that could leave the folder.
pub(crate) fn is_part_name(table: &str, file: &str) -> bool {
    let middle = file
        .strip_prefix(table)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| rest.strip_suffix(".parquet"));
    middle.and_then(|rest| rest.split_once('-')).is_some_and(|(n, hash)| {
        !n.is_empty()
            && n.len() < 20
            && n.bytes().all(|b| b.is_ascii_digit())
            && hash.len() == 16
            && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

/// Writes a file under another name, syncs it and renames it: it is there as a whole or not at all.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = path.with_extension("json.writing");
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&partial, path)
    };
    write().map_err(|error| {
        std::fs::remove_file(&partial).ok(); // the first error is the one to tell
        Error::io("write", path)(error)
    })
}

/// Makes renames within a folder last.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    // other systems cannot open a folder, and sync renames by themselves
    if cfg!(unix) {
        File::open(folder).and_then(|f| f.sync_all()).map_err(Error::io("sync", folder))?;
    }
    Ok(())
}

/// For messages: not a megabyte of somebody's text.
fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_name_stays_in_its_folder() {
        assert!(is_part_name("samples", "samples-0-0123456789abcdef.parquet"));
        for bad in [
            "../samples-0-0123456789abcdef.parquet",
            "samples-0-0123456789abcdef.parquet/../../x",
            "samples--0123456789abcdef.parquet",
            "samples-1-0123456789ABCDEF.parquet",
            "tracks-0-0123456789abcdef.parquet",
            "/etc/passwd",
        ] {
            assert!(!is_part_name("samples", bad), "{bad}");
        }
    }

    #[test]
    fn bounds_survive_the_text_and_never_shrink() {
        let bounds = ChunkBounds {
            rows: 3,
            tracks: Some((TrackId(1), TrackId(u64::MAX - 1))),
            unassigned: 1,
            time: Span::new(Time(i64::MIN), Time(7)),
            box_px: BoxPx::new(0.1, -3.7, 1e-3, 719.3),
            space: Some([[-0.1, 0.3], [1e300, 1.1e300], [5e-324, 0.7]]),
            revisions: (1, 2),
        };
        let text = serde_json::to_vec(&ChunkEntry::from(&bounds)).expect("plain");
        let entry: ChunkEntry = serde_json::from_slice(&text).expect("own text");
        let again = entry.bounds().expect("valid");
        assert_eq!(again.space, bounds.space);
        let (a, b) = (again.box_px.expect("has one"), bounds.box_px.expect("has one"));
        assert!(a.left <= b.left && a.top <= b.top && a.right() >= b.right() && a.bottom() >= b.bottom());
    }

    #[test]
    fn deep_json_is_an_error() {
        let folder = tempfile::tempdir().expect("temporary folder");
        std::fs::write(folder.path().join(MANIFEST), "[".repeat(1_000_000)).expect("written");
        let error = Manifest::read(folder.path()).expect_err("not a manifest");
        assert!(error.to_string().starts_with("manifest: "), "{error}");
    }
}
