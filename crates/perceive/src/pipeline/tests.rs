//! Watching that is interrupted, and watching live, on real video.

use super::{Progress, RecorderSettings, Resume, WatchSettings, Watching, resume, watch};
use crate::detect::motion::MotionSettings;
use chronotope_remember::bundle::{self, Writer};
use chronotope_world::{Record, Sample, Time, View, World};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Stops after so many pictures; keeps what it could go on from.
struct Stops {
    after: u64,
    saved: Option<Vec<u8>>,
    most_waited: i64,
    newest: Time,
    n_commits: u32,
}

impl Watching<Writer> for Stops {
    fn progress(&mut self, progress: Progress) -> bool {
        self.newest = progress.t;
        progress.n_pictures < self.after
    }

    fn commit(&mut self, rows: &mut Writer, saved: Option<&[u8]>) -> Result<(), chronotope_remember::Error> {
        self.saved = saved.map(<[u8]>::to_vec);
        self.n_commits += 1;
        let covered = rows.tables().coverage.iter().map(|row| row.span.end()).max();
        self.most_waited = self.most_waited.max(covered.map_or(0, |end| self.newest - end));
        rows.commit().map(|_revision| ())
    }
}

fn clip(test: &str) -> Option<String> {
    let root = std::env::var("CHRONOTOPE_DATA").unwrap_or_else(|_| "../../../shared/data".to_owned());
    let clip = Path::new(&root).join("pets09_s2l1/video_frames_0001_0200.mp4");
    let there = clip.exists();
    #[expect(clippy::print_stderr, reason = "data tests are counted by these lines")]
    {
        eprintln!("data test {}: {test}", if there { "run" } else { "skipped" });
    }
    there.then(|| clip.to_string_lossy().into_owned())
}

/// A bundle's folder that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let name = format!("chronotope-watch-{name}-{}.world", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::remove_dir_all(&folder).ok();
        Scratch(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Watches a clip, stopped after each of these numbers of pictures and begun again.
fn watched(folder: &Scratch, clip: &str, settings: &WatchSettings, stops: &[u64]) -> World {
    let mut saved = Vec::new();
    for &after in stops.iter().chain([&u64::MAX]) {
        let mut settings = settings.clone();
        let mut writer = if folder.0.join("world.json").exists() {
            let world = bundle::open(&folder.0).expect("readable");
            let found = resume(&world, clip, None).expect("readable");
            settings.resume =
                found.map(|resume| Resume { saved: vec![vec![1, 2, 3], saved.clone()], ..resume });
            Writer::open(&folder.0).expect("free")
        } else {
            Writer::create(&folder.0, Record::default()).expect("writable")
        };
        let mut stops = Stops { after, saved: None, most_waited: 0, newest: Time(0), n_commits: 0 };
        let done = watch(&mut writer, clip, &settings, &mut stops).expect("a good clip");
        assert_eq!(done.interrupted, after != u64::MAX);
        saved = stops.saved.unwrap_or(saved);
    }
    bundle::open(&folder.0).expect("readable")
}

fn samples(world: &World) -> Vec<Sample> {
    let store = world.store();
    let mut rows = Vec::new();
    for n in 0..store.bounds().len() {
        let chunk = store.chunk(n).expect("readable");
        rows.extend((0..chunk.len()).map(|i| chunk.row(i)));
    }
    rows.sort_by_key(|row| row.id);
    rows
}

/// Every row, without the revision that wrote it.
fn told(world: &World) -> String {
    let tables = world.tables();
    let mut text = String::new();
    let mut line = |row: &dyn std::fmt::Debug| writeln!(text, "{row:?}").expect("in memory");
    tables.sources.iter().for_each(|row| line(row));
    tables.tracks.iter().for_each(|row| line(row));
    tables.identities.iter().for_each(|row| line(row));
    tables.labels.iter().for_each(|row| line(row));
    tables.coverage.iter().for_each(|row| line(row));
    tables.transforms.iter().for_each(|row| line(row));
    tables.events.iter().for_each(|row| line(row));
    for row in samples(world) {
        line(&row);
    }
    let mut out = String::new();
    for (i, part) in text.split("revision: ").enumerate() {
        out += if i == 0 { part } else { part.trim_start_matches(|c: char| c.is_ascii_digit()) };
    }
    out
}

fn assert_same(found: &World, expected: &World) {
    let (found, expected) = (told(found), told(expected));
    for (n, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "row {n}");
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

#[test]
fn interrupted_anywhere_and_resumed_equals_uninterrupted() {
    let Some(clip) = clip("interrupted_anywhere_and_resumed_equals_uninterrupted") else { return };
    let settings = WatchSettings {
        motion: MotionSettings { lookahead_s: 3.0, ..MotionSettings::default() },
        segment_s: 4.0,
        to: Some(Time::from_s(14.0)),
        ..WatchSettings::default()
    };
    let (whole, parts) = (Scratch::new("whole"), Scratch::new("parts"));
    let whole = watched(&whole, &clip, &settings, &[]);
    let parts = watched(&parts, &clip, &settings, &[1, 62, 63, 125]);
    assert!(whole.entities().count() > 5);
    assert_same(&parts, &whole);
}

#[test]
fn live_it_never_looks_ahead_and_goes_on_where_it_was_interrupted() {
    let Some(clip) = clip("live_it_never_looks_ahead_and_goes_on_where_it_was_interrupted") else { return };
    let settings = WatchSettings {
        recorder: RecorderSettings { online: true, ..RecorderSettings::default() },
        segment_s: 2.0,
        to: Some(Time::from_s(8.0)),
        ..WatchSettings::default()
    };
    let (whole, parts, short) =
        (Scratch::new("live-whole"), Scratch::new("live-parts"), Scratch::new("live-short"));
    let whole = watched(&whole, &clip, &settings, &[]);
    let parts = watched(&parts, &clip, &settings, &[5, 33, 64]);
    assert_same(&parts, &whole);
    // what is known at a moment is what a watch knows that ends then
    let until = WatchSettings { to: Some(Time::from_s(4.45)), ..settings };
    let short = watched(&short, &clip, &until, &[]);
    let at = View { as_of: u64::MAX, asked_at: Time::from_s(4.25) };
    let followed = |world: &World| {
        let seen = world.seen(at);
        let mut rows: Vec<String> = Vec::new();
        for entity in seen.entities() {
            for run in seen.trajectory(entity).expect("readable").runs {
                rows.extend(
                    run.samples().map(|s| format!("{} {} {:?} {:?}", s.t, entity, s.box_px, s.origin)),
                );
            }
        }
        rows.sort();
        rows
    };
    assert!(followed(&whole).len() > 50);
    assert_eq!(followed(&whole), followed(&short));
    let covered = whole.seen(at).coverage().map(|row| row.span.end()).max().expect("some");
    assert!(covered >= Time::from_s(4.0) && covered <= at.asked_at, "{covered}");
    assert_eq!(whole.seen(at).span().map(|span| span.end()), Some(covered));
}

#[test]
fn live_the_first_segments_are_short() {
    let Some(clip) = clip("live_the_first_segments_are_short") else { return };
    let commits = |early_segment_s| {
        let settings = WatchSettings {
            recorder: RecorderSettings { online: true, ..RecorderSettings::default() },
            motion: MotionSettings { analysis_side_px: 120, ..MotionSettings::default() },
            segment_s: 3.0,
            early_segment_s,
            to: Some(Time::from_s(6.0)),
            ..WatchSettings::default()
        };
        let folder = Scratch::new("early");
        let mut writer = Writer::create(&folder.0, Record::default()).expect("writable");
        let mut stops = Stops { after: u64::MAX, saved: None, most_waited: 0, newest: Time(0), n_commits: 0 };
        watch(&mut writer, &clip, &settings, &mut stops).expect("a good clip");
        stops.n_commits
    };
    assert_eq!((commits(None), commits(Some(1.0)), commits(Some(9.0))), (2, 6, 2));
}
