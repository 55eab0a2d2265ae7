//! Bundles whose checksums are right and whose bytes are forged: nobody damaged them by accident.

use super::manifest::{MANIFEST, Manifest, PARTS};
use super::part::Part;
use super::{check, open};
use chronotope_world::{
    BoxPx, Clock, Coverage, CoverageId, Event, EventId, Fact, FactId, Known, Label, Observer, ObserverId,
    ObserverKind, Origin, Pose, Record, Reference, ReferenceFrame, Sample, Scale, Source, SourceId,
    SourceKind, Span, Time, Track, Transform, TransformId, TransformKind, World,
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
        record_from_source: Some(Clock::SAME),
        derived_from: None,
        settings: String::new(),
        known: Known::ALWAYS,
    });
    let observer = w.observer(Observer {
        id: ObserverId(0),
        source,
        kind: ObserverKind::Camera,
        name: "front".into(),
        picture_px: Some([640, 360]),
        intrinsics: None,
        known: Known::ALWAYS,
    });
    let frame = w.reference_frame(ReferenceFrame::World("main".into()), Scale::Metre);
    let image = w.reference_frame(ReferenceFrame::Image(observer), Scale::Pixel);
    let track = w.track(Track::new(source, "1", Known::ALWAYS));
    let mut smoothed = Track::new(source, "2", Known::ALWAYS);
    smoothed.derived_from = vec![track];
    w.track(smoothed);
    let thing = w.entity_of(track, "tracked", Known::ALWAYS);
    w.label(Label::new(track, "car", "test", Known::ALWAYS));
    let span = Span::between(Time(3), Time(900));
    w.coverage(Coverage {
        id: CoverageId(0),
        source,
        observer: Some(observer),
        span,
        region_px: BoxPx::new(0.0, 0.0, 9.0, 9.0),
        labels: vec!["car".into(), "bus".into()],
        smallest_px: Some(3.0),
        recall: None,
        complete: true,
        known: Known::ALWAYS,
    });
    let kind = TransformKind::Homography([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    w.transform(Transform {
        id: TransformId(0),
        target: frame,
        source: image,
        span,
        kind,
        deviation: None,
        known: Known::ALWAYS,
    });
    w.event(Event {
        id: EventId(0),
        kind: "opens".into(),
        span,
        parent: None,
        roles: vec![("agent".into(), Reference::Entity(thing))],
        confidence: Some(0.5),
        source,
        known: Known::ALWAYS,
        closed: None,
    });
    let fact = w.fact(Fact {
        id: FactId(0),
        subject: Reference::Entity(thing),
        predicate: chronotope_world::SAME_AS.into(),
        object: Reference::Text("b/entity/7".into()),
        valid: span,
        confidence: None,
        source,
        known: Known::ALWAYS,
        closed: None,
    });
    w.close(super::Closable::Fact(fact));
    for k in 0..600 {
        let mut s = Sample::new(source, (k % 3 > 0).then_some(track), Time(k * 7), Origin::Observed);
        s.box_px = BoxPx::new(k as f64 / 7.0, 1.0, 2.0, 3.0);
        s.pose = (k % 4 == 0).then_some(Pose {
            reference_frame: frame,
            position: [k as f64, 1.0, 0.0],
            rotation: None,
            extent: None,
        });
        s.mask = (k % 5 == 0).then(|| "2x2:13".into());
        w.sample(s).expect("valid");
    }
    w.commit().expect("committed");
}

/// Reads all of a bundle, whatever comes of it.
fn read(path: &Path) -> Result<World, String> {
    let world = open(path).map_err(|error| error.to_string())?;
    world.entities().for_each(|entity| drop(world.trajectory(entity)));
    world.facts().for_each(drop);
    world.events().for_each(drop);
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
    let mut random = random_from(5);
    let (mut errors, mut rounds) = (0, 0);
    assert_eq!(manifest.tables.len(), super::tables::SMALL.len() + 1, "a row in every table");
    for table in manifest.tables.keys() {
        let entry = &manifest.tables[table].parts[0];
        let file = path.join(PARTS).join(&entry.file);
        let bytes = std::fs::read(&file).expect("there");
        let data_end = (entry.bytes - entry.tail_bytes) as usize;
        for _ in 0..rounds_of(150) {
            let mut forged = bytes.clone();
            for _ in 0..=random(3) {
                let at = random(bytes.len());
                forged[at] = if random(2) == 0 { random(256) as u8 } else { forged[at] ^ (1 << random(8)) };
            }
            // the checksums of the blocks are made right, then the tail's
            mend(&bytes, &mut forged, data_end);
            std::fs::write(&file, &forged).expect("written");
            let mut lying = manifest.clone();
            let part = &mut lying.tables.get_mut(table.as_str()).expect("there").parts[0];
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
    assert!(most_memory_mb() < 1_000, "{} MB", most_memory_mb());
}

#[test]
fn forged_manifests_give_an_error_or_rows_and_never_end_the_process() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a.world");
    small(&path);
    let whole = std::fs::read_to_string(path.join(MANIFEST)).expect("there");
    // version 1.0 had no checksum: whoever forges may say that it is one
    let seal = whole.lines().find(|line| line.contains("\"xxh3\"")).expect("sealed");
    let open = whole.replace(&format!("{seal}\n"), "").replace("\"1.1\"", "\"1.0\"");
    std::fs::write(path.join(MANIFEST), &open).expect("written");
    assert!(read(&path).is_ok());
    let mut random = random_from(9);
    let numbers =
        ["0", "1", "-1", "7", "65536", "4294967295", "9007199254740992", "18446744073709551615", "1e308"];
    let (mut errors, mut rounds) = (0, 0);
    for _ in 0..rounds_of(1_500) {
        let mut forged = open.clone().into_bytes();
        for _ in 0..=random(2) {
            let digits: Vec<usize> = (0..forged.len()).filter(|&i| forged[i].is_ascii_digit()).collect();
            let at = digits[random(digits.len())];
            match random(4) {
                0 => {
                    let end = at + forged[at..].iter().take_while(|c| c.is_ascii_digit()).count();
                    forged.splice(at..end, numbers[random(numbers.len())].bytes());
                }
                1 => forged[at] = b'0' + random(10) as u8,
                2 => {
                    let (at, n) = (random(forged.len()), random(40));
                    forged.drain(at..(at + n).min(forged.len()));
                }
                _ => {
                    let at = random(forged.len());
                    forged[at] = random(256) as u8;
                }
            }
        }
        std::fs::write(path.join(MANIFEST), &forged).expect("written");
        rounds += 1;
        errors += usize::from(read(&path).is_err());
    }
    assert!(errors > rounds / 4, "{errors} errors in {rounds} rounds");
    assert!(most_memory_mb() < 1_000, "{} MB", most_memory_mb());
}

/// Makes the checksums of the blocks of forged bytes right, where they stood before.
fn mend(whole: &[u8], forged: &mut [u8], data_end: usize) {
    let sums = |bytes: &[u8]| -> String {
        let blocks = bytes[..data_end].chunks(super::part::BLOCK);
        let sums: Vec<String> = blocks.map(|block| format!("{:016x}", XxHash3_64::oneshot(block))).collect();
        sums.concat()
    };
    let (old, new) = (sums(whole), sums(forged));
    let at = whole.windows(old.len()).position(|w| w == old.as_bytes()).expect("checksums in the footer");
    forged[at..at + new.len()].copy_from_slice(new.as_bytes());
}

/// Rounds of a test: more where `CHRONOTOPE_FUZZ_ROUNDS` says how many times as many.
fn rounds_of(usual: usize) -> usize {
    let times = std::env::var("CHRONOTOPE_FUZZ_ROUNDS").ok().and_then(|n| n.parse().ok());
    usual.saturating_mul(times.unwrap_or(1))
}

fn random_from(mut seed: u64) -> impl FnMut(usize) -> usize {
    move |n| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % n.max(1)
    }
}

/// The most memory that this process has held, where the system says.
fn most_memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|kb| kb.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kb| kb / 1024)
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
    let whole = bytes.clone();
    // the first page follows the four letters: type, then the unpacked size
    assert_eq!(bytes[4], 0x15);
    assert_eq!(bytes[6], 0x15);
    bytes[7] |= 0x80;
    bytes[8..11].copy_from_slice(&[0xff, 0xff, 0x7f]);
    mend(&whole, &mut bytes, data_end);
    std::fs::write(&file, &bytes).expect("written");
    let part = &mut manifest.tables.get_mut("samples").expect("there").parts[0];
    part.tail_xxh3 = format!("{:016x}", XxHash3_64::oneshot(&bytes[data_end..]));
    let part = Part::open(&path, "samples", part).expect("the tail is right");
    let error = part.read(0, "id", None).expect_err("too large").to_string();
    assert!(error.contains("column id: ") && error.contains("expected a page of at most"), "{error}");
}
