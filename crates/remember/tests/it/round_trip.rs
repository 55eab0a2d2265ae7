//! What is written is read back, bit by bit.

use crate::random::{content, samples, stamped, world};
use chronotope_remember::bundle::{self, Writer};
use chronotope_world::*;
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn a_random_world_reads_back_equal() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for seed in 0..40 {
        let world = world(seed, seed * 37 % 3000);
        let path = folder.path().join(format!("{seed}.world"));
        bundle::write(&path, &world).expect("written");
        let read = bundle::open(&path).expect("opened");
        assert_eq!(format!("{:?}", read.tables()), format!("{:?}", stamped(&world)), "seed {seed}");
        let expected: Vec<String> =
            samples(&world).iter().map(|s| s.replace("revision: 0", "revision: 1")).collect();
        assert_eq!(samples(&read), expected, "seed {seed}");
        assert_eq!(read.store().revision(), 1);
        let faults = bundle::check(&path);
        assert!(faults.is_empty(), "seed {seed}: {faults:?}");
        assert_eq!(bytes(&path).len(), std::fs::read_dir(path.join("parts")).expect("there").count() + 1);
    }
}

#[test]
fn rows_appended_in_pieces_are_the_rows_written_at_once() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (seed, pieces) in [(1, 1), (2, 2), (3, 3), (6, 10), (7, 50)] {
        let world = world(seed, 1000);
        let path = folder.path().join(format!("{pieces}.world"));
        append(&path, &world, pieces);
        let read = bundle::open(&path).expect("opened");
        assert_eq!(content(&read), content(&world), "{pieces} pieces");
        assert_eq!(read.store().revision(), pieces as u64);
        let faults = bundle::check(&path);
        assert!(faults.is_empty(), "{pieces} pieces: {faults:?}");
        let before: Vec<String> = (0..=pieces as u64).map(|r| as_of(&read, r)).collect();
        bundle::compact(&path).expect("compacted");
        let compacted = bundle::open(&path).expect("opened");
        let after: Vec<String> = (0..=pieces as u64).map(|r| as_of(&compacted, r)).collect();
        assert_eq!(before, after, "{pieces} pieces");
        assert_eq!(samples(&compacted), samples(&read));
        assert_eq!(compacted.store().bounds().len(), 1);
        assert_eq!(std::fs::read_dir(path.join("history")).expect("there").count(), 0);
        let faults = bundle::check(&path);
        assert!(faults.is_empty(), "{pieces} pieces: {faults:?}");
    }
}

/// Writes a World piece by piece, each piece a commit by a writer of its own.
fn append(path: &Path, world: &World, pieces: usize) {
    let (t, store) = (world.tables(), world.store());
    let chunk = store.chunk(0).expect("in memory");
    let mut rows: Vec<Sample> = (0..chunk.len()).map(|i| chunk.row(i)).collect();
    rows.sort_by_key(|s| s.id);
    for piece in 0..pieces {
        let mut w = match piece {
            0 => Writer::create(path, world.record().clone()).expect("made"),
            _ => Writer::open(path).expect("opened"),
        };
        fn part<R: Clone>(rows: &[R], piece: usize, pieces: usize) -> Vec<R> {
            rows[rows.len() * piece / pieces..rows.len() * (piece + 1) / pieces].to_vec()
        }
        if piece == 0 {
            t.sources.iter().cloned().map(|r| w.source(r)).for_each(drop);
            t.observers.iter().cloned().map(|r| w.observer(r)).for_each(drop);
            for r in &t.reference_frames {
                w.reference_frame(r.reference_frame.clone(), r.scale.clone());
            }
            t.tracks.iter().cloned().map(|r| w.track(r)).for_each(drop);
        }
        part(&t.identities, piece, pieces).into_iter().map(|r| w.identity(r)).for_each(drop);
        part(&t.labels, piece, pieces).into_iter().map(|r| w.label(r)).for_each(drop);
        part(&t.coverage, piece, pieces).into_iter().map(|r| w.coverage(r)).for_each(drop);
        part(&t.transforms, piece, pieces).into_iter().map(|r| w.transform(r)).for_each(drop);
        part(&t.events, piece, pieces).into_iter().map(|r| w.event(r)).for_each(drop);
        part(&t.facts, piece, pieces).into_iter().map(|r| w.fact(r)).for_each(drop);
        part(&rows, piece, pieces).into_iter().map(|r| w.sample(r).expect("valid")).for_each(drop);
        assert_eq!(w.commit().expect("committed"), piece as u64 + 1);
        assert_eq!(w.commit().expect("nothing new"), piece as u64 + 1);
    }
}

/// What a reader of a revision sees of everything.
fn as_of(world: &World, revision: u64) -> String {
    let seen = world.seen(View { as_of: revision, ..View::NEWEST });
    let entities: Vec<_> = seen.entities().collect();
    let runs: Vec<Vec<String>> = entities
        .iter()
        .map(|&e| {
            let trajectory = seen.trajectory(e).expect("readable");
            trajectory.runs.iter().flat_map(Run::samples).map(|s| format!("{s:?}")).collect()
        })
        .collect();
    let labels: Vec<_> = entities.iter().flat_map(|&e| seen.labels_of(e)).collect();
    let rows =
        (seen.coverage().count(), seen.events().count(), seen.facts().count(), seen.transforms().count());
    format!("{entities:?} {runs:?} {labels:?} {rows:?} {:?}", seen.unassigned().expect("readable").len())
}

#[test]
fn the_same_world_gives_the_same_bytes_on_any_thread() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let world = world(5, 2000);
    let written: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|k| {
                let (path, world) = (folder.path().join(format!("{k}.world")), world.clone());
                scope.spawn(move || {
                    bundle::write(&path, &world).expect("written");
                    bytes(&path)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(written.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_narrow_selection_holds_what_the_whole_holds() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for seed in [2, 3, 6, 7] {
        let world = world(seed, 20_000);
        let path = folder.path().join(format!("{seed}.world"));
        bundle::write(&path, &world).expect("written");
        // a cache of nothing: every read goes to the pages
        let read = bundle::open_with(&path, 0).expect("opened");
        for k in (0..40i64).step_by(3) {
            let span =
                Span::between(Time(k * 50_000_000 - 1_000_000_000), Time(k * 53_000_000 - 990_000_000));
            let low = k as f64 * 1000.0 - 20_000.0;
            for track in 0..7 {
                let run = |w: &World| -> Vec<String> {
                    let samples = w.run(TrackId(track), span).expect("readable");
                    samples
                        .samples()
                        .map(|s| format!("{s:?}").replace("revision: 0", "revision: 1"))
                        .collect()
                };
                assert_eq!(run(&read), run(&world), "seed {seed}, track {track}, {span}");
            }
            let selection = Selection {
                time: Some(span),
                space: (k % 2 == 0).then_some([[low, low + 5e4], [f64::MIN, f64::MAX], [-1e5, 1e5]]),
                box_px: (k % 4 == 0).then_some(BoxPx { left: low, top: 0.0, width: 900.0, height: 70.0 }),
                ..Selection::ALL
            };
            let ids = |w: &World| -> BTreeMap<u64, Sample> {
                let store = w.store();
                let chunks =
                    (0..store.bounds().len()).map(|n| store.select(n, &selection).expect("readable"));
                let rows: Vec<Sample> =
                    chunks.flat_map(|c| (0..c.len()).map(|i| c.row(i)).collect::<Vec<_>>()).collect();
                let within = |s: &Sample| {
                    let space = selection.space.is_none_or(|space| {
                        s.pose.is_some_and(|p| {
                            (0..3).all(|k| space[k][0] <= p.position[k] && p.position[k] <= space[k][1])
                        })
                    });
                    let touches = |b: BoxPx, q: BoxPx| {
                        b.left <= q.right()
                            && q.left <= b.right()
                            && b.top <= q.bottom()
                            && q.top <= b.bottom()
                    };
                    let boxed = selection.box_px.is_none_or(|q| s.box_px.is_some_and(|b| touches(b, q)));
                    s.span().overlaps(span) && space && boxed
                };
                rows.into_iter().filter(within).map(|s| (s.id.0, s)).collect()
            };
            let (found, expected) = (ids(&read), ids(&world));
            assert_eq!(
                found.keys().collect::<Vec<_>>(),
                expected.keys().collect::<Vec<_>>(),
                "seed {seed}, {span}"
            );
        }
    }
}

#[test]
fn a_reader_outlives_a_compaction() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let world = world(3, 2000);
    let path = folder.path().join("a.world");
    append(&path, &world, 5);
    // nothing of the samples is read before the parts are gone
    let early = bundle::open_with(&path, 0).expect("opened");
    let parts = || std::fs::read_dir(path.join("parts")).expect("there").count();
    let before = parts();
    bundle::compact(&path).expect("compacted");
    assert!(parts() < before);
    assert_eq!(content(&early), content(&world));
}

#[test]
fn what_is_read_often_stays_equal() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let world = world(6, 20_000);
    let path = folder.path().join("a.world");
    bundle::write(&path, &world).expect("written");
    // room for the largest chunk, not for all
    let rows: Vec<usize> = world.store().bounds().iter().map(|b| b.rows).collect();
    let total: usize = rows.iter().sum();
    let read = bundle::open_with(&path, total * 96 - 1).expect("opened");
    for k in 0..60i64 {
        let span = Span::between(Time(k * 50_000_000 - 1_000_000_000), Time(k * 53_000_000 - 990_000_000));
        let track = TrackId(k as u64 % 7);
        let run = |w: &World| -> Vec<String> {
            let run = w.run(track, span).expect("readable");
            run.samples().map(|s| format!("{s:?}").replace("revision: 0", "revision: 1")).collect()
        };
        assert_eq!(run(&read), run(&world), "reading {k}");
    }
}

#[test]
fn rows_that_break_their_table_are_refused_and_nothing_stays() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a.world");
    let mut w = Writer::create(&path, Record::default()).expect("made");
    let error = w.sample(Sample::new(SourceId(3), None, Time(0), Origin::Observed)).expect_err("no source 3");
    assert_eq!(error.to_string(), "table samples, row 0: expected an existing source, found source/3");
    w.label(Label::new(TrackId(5), "car", "test", Known::ALWAYS));
    assert!(w.commit().is_err());
    drop(w);
    assert!(!path.exists());
}

#[test]
fn there_is_one_writer_at_a_time() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a.world");
    bundle::write(&path, &world(1, 10)).expect("written");
    let first = Writer::open(&path).expect("free");
    assert!(Writer::open(&path).is_err_and(|e| e.to_string().contains("another process is writing")));
    assert!(bundle::open(&path).is_ok());
    drop(first);
    assert!(Writer::open(&path).is_ok());
    assert!(bundle::write(&path, &world(1, 10)).is_err_and(|e| e.to_string().contains("found one")));
}

/// Every file of a bundle but the lock, by name.
fn bytes(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    out.insert("world.json".to_owned(), std::fs::read(path.join("world.json")).expect("there"));
    for entry in std::fs::read_dir(path.join("parts")).expect("there") {
        let entry = entry.expect("there");
        out.insert(
            entry.file_name().to_string_lossy().into_owned(),
            std::fs::read(entry.path()).expect("there"),
        );
    }
    out
}
