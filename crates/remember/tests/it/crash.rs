//! A writer that is killed, or has no room left, leaves the revision before or the one after.

use chronotope_remember::bundle::{self, Writer};
use chronotope_world::*;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Where the child writes; its presence makes the child's tests do something.
const CHILD: &str = "CHRONOTOPE_CRASH_CHILD";
/// Samples that every commit adds.
const SAMPLES: u64 = 200;

#[test]
fn a_killed_writer_leaves_the_old_revision_or_the_new_one() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut random = crate::random::Random::new(11);
    let (mut revisions, mut most_us) = (0, 40_000);
    for round in 0..12 {
        let path = folder.path().join(format!("{round}.world"));
        first(&path);
        let committed = revisions;
        for _ in 0..20 {
            let before = revision_of_whole(&path);
            let mut child = child("crash::child_writes_for_ever", &path).spawn().expect("a process");
            std::thread::sleep(Duration::from_micros(random.below(most_us)));
            child.kill().expect("killed");
            child.wait().expect("gone");
            let after = revision_of_whole(&path);
            assert!(after >= before, "revision {before} became {after}");
            revisions += after - before;
        }
        let faults = bundle::check(&path);
        assert!(faults.is_empty(), "{faults:?}");
        // a slow machine: let the kills fall into writing, not before it
        if revisions < committed + 10 {
            most_us = (most_us * 2).min(640_000);
        }
    }
    assert!(revisions > 20, "only {revisions} revisions in 240 runs");
}

#[test]
fn child_writes_for_ever() {
    let Some(path) = std::env::var_os(CHILD).map(PathBuf::from) else { return };
    for k in 0.. {
        // two processes may overlap by a hair: the one that was killed still holds the lock
        let Ok(mut w) = Writer::open(&path) else { continue };
        add(&mut w).expect("added");
        w.commit().expect("committed");
        drop(w);
        if k % 7 == 6 {
            bundle::compact(&path).expect("compacted");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_full_disk_leaves_the_old_revision() {
    let folder = tempfile::tempdir().expect("temporary folder");
    // in units of 512 bytes or 1 KiB, as the shell has it: from no room at all to nearly enough
    for limit in [0, 1, 3, 8, 30, 100] {
        let path = folder.path().join(format!("{limit}.world"));
        first(&path);
        let me = std::env::current_exe().expect("this program");
        let script =
            format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" crash::child_finds_no_room --exact");
        let status = Command::new("sh")
            .args(["-c", &script])
            .arg(me)
            .env(CHILD, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("a shell");
        // with no room for a byte, the test's own output fails as well
        assert!(status.success() || limit == 0, "limit {limit}: {status}");
        assert_eq!(revision_of_whole(&path), 1, "limit {limit}");
        let faults = bundle::check(&path);
        assert!(faults.is_empty(), "limit {limit}: {faults:?}");
        let left = std::fs::read_dir(path.join("parts")).expect("there").count();
        drop(Writer::open(&path).expect("free"));
        let swept = std::fs::read_dir(path.join("parts")).expect("there").count();
        assert!(swept <= left && swept == 4, "limit {limit}: {swept} parts after sweeping");
    }
}

#[test]
fn child_finds_no_room() {
    let Some(path) = std::env::var_os(CHILD).map(PathBuf::from) else { return };
    let mut w = Writer::open(&path).expect("opened");
    let written = (0..1000).try_for_each(|_| add(&mut w)).and_then(|()| w.commit());
    let error = written.expect_err("no room").to_string();
    assert!(error.starts_with("cannot "), "{error}");
    assert!(w.commit().is_err(), "a writer that failed takes no more");
}

fn child(test: &str, path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args([test, "--exact"]).env(CHILD, path).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A bundle of one commit.
fn first(path: &Path) {
    let mut w = Writer::create(path, Record::default()).expect("made");
    w.source(Source {
        id: SourceId(0),
        kind: SourceKind::Live,
        uri: "camera".into(),
        sha256: None,
        record_from_source: Some(Clock::SAME),
        derived_from: None,
        settings: String::new(),
        known: Known::ALWAYS,
    });
    add(&mut w).expect("added");
    assert_eq!(w.commit().expect("committed"), 1);
}

/// What each commit adds: a track with its label and its samples.
fn add(w: &mut Writer) -> Result<(), chronotope_remember::Error> {
    let source = SourceId(0);
    let track = w.track(Track::new(source, "new", Known::ALWAYS));
    w.label(Label::new(track, "car", "test", Known::ALWAYS));
    for k in 0..SAMPLES {
        let mut s = Sample::new(source, Some(track), Time(k as i64), Origin::Observed);
        s.box_px = BoxPx::new(k as f64, track.0 as f64 * 1.1, 3.0, 4.0);
        w.sample(s)?;
    }
    Ok(())
}

/// The revision, after a look at everything: each commit is there as a whole.
fn revision_of_whole(path: &Path) -> u64 {
    let world = bundle::open(path).expect("a whole bundle");
    let revision = world.store().revision();
    let (tables, store) = (world.tables(), world.store());
    assert_eq!((tables.tracks.len() as u64, tables.labels.len() as u64), (revision, revision));
    let rows: u64 = (0..store.bounds().len()).map(|n| store.chunk(n).expect("readable").len() as u64).sum();
    assert_eq!(rows, revision * SAMPLES);
    revision
}
