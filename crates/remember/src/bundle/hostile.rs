//! Bundles whose checksums are right and whose bytes are forged: nobody damaged them by accident.

use super::manifest::{MANIFEST, Manifest, PARTS};
use super::part::Part;
use super::{check, open};
use chronotope_world::{
    BoxPx, Known, Origin, Record, Sample, Source, SourceId, SourceKind, Time, Track, World,
};
use std::path::Path;
use twox_hash::XxHash3_64;

fn small(path: &Path) {
    let mut w = super::Writer::create(path, Record::default()).expect("made");
    let source = w.source(Source {
        id: SourceId(0),
        kind: SourceKind::Live,
        uri: "x".into(),
        sha256: None,
        record_from_source: None,
        derived_from: None,
        settings: String::new(),
        known: Known::ALWAYS,
    });
    let track = w.track(Track::new(source, "1", Known::ALWAYS));
    for k in 0..600 {
        let mut s = Sample::new(source, (k % 3 > 0).then_some(track), Time(k * 7), Origin::Observed);
        s.box_px = BoxPx::new(k as f64 / 7.0, 1.0, 2.0, 3.0);
        s.mask = (k % 5 == 0).then(|| "2x2:13".into());
        w.sample(s).expect("valid");
    }
    w.commit().expect("committed");
}

/// Reads all of a bundle, whatever comes of it.
fn read(path: &Path) -> Result<World, String> {
    let world = open(path).map_err(|error| error.to_string())?;
    for n in 0..world.store().bounds().len() {
        world.store().chunk(n).map_err(|error| error.to_string())?;
    }
    Ok(world)
}

#[test]
fn forged_bytes_give_an_error_or_rows_and_never_end_the_process() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a.world");
    small(&path);
    let manifest = Manifest::read(&path).expect("whole");
    let mut seed = 5u64;
    let mut random = |n: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % n
    };
    let (mut errors, mut rounds) = (0, 0);
    for table in ["samples", "tracks"] {
        let entry = &manifest.tables[table].parts[0];
        let file = path.join(PARTS).join(&entry.file);
        let bytes = std::fs::read(&file).expect("there");
        let data_end = (entry.bytes - entry.tail_bytes) as usize;
        for _ in 0..300 {
            let mut forged = bytes.clone();
            for _ in 0..=random(3) {
                let at = random(bytes.len());
                forged[at] = if random(2) == 0 { random(256) as u8 } else { forged[at] ^ (1 << random(8)) };
            }
            // small enough to be one block: its checksum is made right, then the tail's
            let old = format!("{:016x}", XxHash3_64::oneshot(&bytes[..data_end]));
            let new = format!("{:016x}", XxHash3_64::oneshot(&forged[..data_end]));
            let at = bytes.windows(16).position(|w| w == old.as_bytes()).expect("one block");
            forged[at..at + 16].copy_from_slice(new.as_bytes());
            std::fs::write(&file, &forged).expect("written");
            let mut lying = manifest.clone();
            let part = &mut lying.tables.get_mut(table).expect("there").parts[0];
            part.tail_xxh3 = format!("{:016x}", XxHash3_64::oneshot(&forged[data_end..]));
            std::fs::write(path.join(MANIFEST), lying.to_json()).expect("written");
            rounds += 1;
            errors += usize::from(read(&path).is_err());
        }
        std::fs::write(&file, &bytes).expect("written");
        std::fs::write(path.join(MANIFEST), manifest.to_json()).expect("written");
    }
    assert!(read(&path).is_ok() && check(&path).is_empty());
    assert!(errors > rounds / 10, "{errors} errors in {rounds} rounds");
}

#[test]
fn a_page_that_claims_to_unpack_to_gigabytes_is_refused() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a.world");
    small(&path);
    let mut manifest = Manifest::read(&path).expect("whole");
    let entry = manifest.tables.get_mut("samples").expect("there").parts[0].clone();
    let file = path.join(PARTS).join(&entry.file);
    let mut bytes = std::fs::read(&file).expect("there");
    let data_end = (entry.bytes - entry.tail_bytes) as usize;
    let old = format!("{:016x}", XxHash3_64::oneshot(&bytes[..data_end]));
    // the first page follows the four letters: type, then the unpacked size
    assert_eq!(bytes[4], 0x15);
    assert_eq!(bytes[6], 0x15);
    bytes[7] |= 0x80;
    bytes[8..11].copy_from_slice(&[0xff, 0xff, 0x7f]);
    let new = format!("{:016x}", XxHash3_64::oneshot(&bytes[..data_end]));
    let at = bytes.windows(16).position(|w| w == old.as_bytes()).expect("one block");
    bytes[at..at + 16].copy_from_slice(new.as_bytes());
    std::fs::write(&file, &bytes).expect("written");
    let part = &mut manifest.tables.get_mut("samples").expect("there").parts[0];
    part.tail_xxh3 = format!("{:016x}", XxHash3_64::oneshot(&bytes[data_end..]));
    let part = Part::open(&path, "samples", part).expect("the tail is right");
    let error = part.read(0, "id", None).expect_err("too large").to_string();
    assert!(error.contains("column id: ") && error.contains("expected a page of at most"), "{error}");
}
