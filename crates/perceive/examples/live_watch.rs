//! How a live watch begins: boxes of things that are not there, and how long it takes until what is seen can be read.
//!
//! ```text
//! cargo run --release -p chronotope-perceive --features video --example live_watch -- pets [--segment S] [--starts 0,10,20]
//! cargo run --release -p chronotope-perceive --features video --example live_watch -- made [--segment S] [--starts 0,100,200] [--seeds 1,2,3]
//! ```
//! Each clip is watched `--online` from several pictures on, as a camera that is switched on there. `pets`: PETS 2009 S2.L1,
//! truth on every third of the first 67 pictures (CHRONOTOPE_DATA, ../shared/data unless set). `made`: clips that it draws
//! itself, with people-like things that walk, stand for a while and cast shadows, under light that drifts; the truth is exact.
//! `--debug 1` prints every ghost; `--mot OUT.txt` writes the boxes of the last watch as MOTChallenge rows, for `benches/peers/pets_motion.py`.
//!
//! A *ghost* is a box of a track that has less than a quarter of its area in true boxes. The delay of a row: the time of the
//! picture that was there when the revision with the row was committed, less the row's; of a thing: the same for its first row.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]
#![allow(clippy::disallowed_methods, reason = "it measures its own time")]

use chronotope_perceive::pipeline::{Progress, RecorderSettings, WatchSettings, Watching, watch};
use chronotope_perceive::video::{Encoder, EncoderSettings, Video};
use chronotope_remember::bundle::{self, Writer};
use chronotope_world::{BoxPx, Record, Time};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// True boxes by picture, with the number of the thing; pictures without truth are absent.
type Truth = BTreeMap<u32, Vec<(u64, BoxPx)>>;

/// The beginning that is told apart, in seconds.
const BEGINNING_S: f64 = 5.0;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
    // what `watch --online` does, unless told
    let segment_s = option("--segment").map(|s| s.parse::<f64>()).transpose()?;
    let (segment_s, early_segment_s) = segment_s.map_or((5.0, Some(1.0)), |s| (s, None));
    let starts = |usual: &str| -> Result<Vec<u32>> {
        let text = option("--starts").map_or(usual, String::as_str);
        Ok(text.split(',').map(str::parse).collect::<std::result::Result<_, _>>()?)
    };
    let how =
        How { segment_s, early_segment_s, debug: option("--debug").is_some(), mot: option("--mot").cloned() };
    let mut all = Tally::default();
    match args.first().map(String::as_str) {
        Some("pets") => {
            let root = std::env::var("CHRONOTOPE_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
            let folder = Path::new(&root).join("pets09_s2l1");
            let truth = std::fs::read_to_string(folder.join("gt_every3rd_0001_0067.txt"))?;
            let clip = folder.join("video_frames_0001_0200.mp4");
            look("pets", &clip, &pets(&truth)?, &starts("0,10,20,30,40")?, &how, &mut all)?;
        }
        Some("made") => {
            let seeds = option("--seeds").map_or("1,2,3", String::as_str).split(',');
            for seed in seeds.map(str::parse) {
                let seed = seed?;
                let path = scratch(&format!("{seed}.mp4"));
                let truth = made(&path, seed)?;
                let name = format!("made {seed}");
                look(&name, &path, &truth, &starts("0,100,200,300,400")?, &how, &mut all)?;
                std::fs::remove_file(&path)?;
            }
        }
        _ => return Err("expected pets or made; see the first lines of the example".into()),
    }
    println!("all: {all}");
    Ok(())
}

struct How {
    segment_s: f64,
    early_segment_s: Option<f64>,
    debug: bool,
    mot: Option<String>,
}

/// What was counted: in the beginning, and after it.
#[derive(Default)]
struct Tally {
    boxes: [u32; 2],
    ghosts: [u32; 2],
    hits: [u32; 2],
    truths: [u32; 2],
    ghost_tracks: usize,
    row_delays_s: Vec<f64>,
    thing_delays_s: Vec<f64>,
    commit_s: f64,
    watch_s: f64,
    pictures: u64,
    commits: usize,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        for k in 0..2 {
            self.boxes[k] += other.boxes[k];
            self.ghosts[k] += other.ghosts[k];
            self.hits[k] += other.hits[k];
            self.truths[k] += other.truths[k];
        }
        self.ghost_tracks += other.ghost_tracks;
        self.row_delays_s.extend(other.row_delays_s);
        self.thing_delays_s.extend(other.thing_delays_s);
        self.commit_s += other.commit_s;
        self.watch_s += other.watch_s;
        self.pictures += other.pictures;
        self.commits += other.commits;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |a: u32, b: u32| 100.0 * f64::from(a) / f64::from(b.max(1));
        for (k, when) in ["first 5 s", "after"].iter().enumerate() {
            let (boxes, ghosts, hits) = (self.boxes[k], self.ghosts[k], self.hits[k]);
            let (precision, recall) = (share(hits, boxes), share(hits, self.truths[k]));
            let ghost = share(ghosts, boxes);
            write!(f, "{when}: {ghosts} of {boxes} boxes ghosts ({ghost:.1} %), ")?;
            write!(f, "precision {precision:.1} recall {recall:.1}; ")?;
        }
        let at = |values: &[f64], share: f64| {
            let mut values = values.to_vec();
            values.sort_unstable_by(f64::total_cmp);
            let i = (values.len() as f64 * share) as usize;
            values.get(i.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
        };
        write!(f, "{} ghost tracks; ", self.ghost_tracks)?;
        for (what, v) in [("rows", &self.row_delays_s), ("things", &self.thing_delays_s)] {
            let (half, most, all) = (at(v, 0.5), at(v, 0.95), at(v, 1.0));
            write!(f, "delay of {} {what}: median {half:.2}, 95 % {most:.2}, worst {all:.2} s; ", v.len())?;
        }
        let each = 1e3 * (self.watch_s - self.commit_s) / self.pictures.max(1) as f64;
        let commit = 1e3 * self.commit_s / self.commits.max(1) as f64;
        write!(f, "{each:.1} ms a picture, {commit:.1} ms each of {} commits (wall)", self.commits)
    }
}

/// Remembers what picture was there at each commit.
struct Clocked {
    newest: Time,
    interval_ns: i64,
    committed: BTreeMap<u64, Time>,
    commit_s: f64,
    pictures: u64,
}

impl Watching<Writer> for Clocked {
    fn progress(&mut self, progress: Progress) -> bool {
        if self.pictures > 0 {
            self.interval_ns = progress.t - self.newest;
        }
        self.newest = progress.t;
        self.pictures = progress.n_pictures;
        true
    }

    fn commit(
        &mut self,
        rows: &mut Writer,
        _saved: Option<&[u8]>,
    ) -> std::result::Result<(), chronotope_remember::Error> {
        let started = Instant::now();
        let revision = rows.commit()?;
        self.commit_s += started.elapsed().as_secs_f64();
        // a segment closes when the next picture comes
        self.committed.insert(revision, self.newest.plus_ns(self.interval_ns));
        Ok(())
    }
}

fn look(name: &str, clip: &Path, truth: &Truth, starts: &[u32], how: &How, all: &mut Tally) -> Result<()> {
    let path = clip.to_str().ok_or("expected a path in UTF-8")?;
    let mut times = Vec::new();
    let mut video = Video::open(path)?;
    while let Some(picture) = video.next_picture()? {
        times.push(picture.t());
    }
    for &start in starts {
        let from = *times.get(start as usize).ok_or("a start past the end")?;
        let one = look_from(path, from, start, truth, how)?;
        println!("{name} from picture {start}: {one}");
        all.add(one);
    }
    Ok(())
}

fn look_from(clip: &str, from: Time, start: u32, truth: &Truth, how: &How) -> Result<Tally> {
    let folder = scratch("world");
    std::fs::remove_dir_all(&folder).ok();
    let mut writer = Writer::create(&folder, Record::default())?;
    let settings = WatchSettings {
        tracker: "oc-sort".to_owned(),
        recorder: RecorderSettings { online: true, ..RecorderSettings::default() },
        segment_s: how.segment_s,
        early_segment_s: how.early_segment_s,
        from: Some(from),
        threads: 1,
        ..WatchSettings::default()
    };
    let mut clocked =
        Clocked { newest: from, interval_ns: 0, committed: BTreeMap::new(), commit_s: 0.0, pictures: 0 };
    let started = Instant::now();
    watch(&mut writer, clip, &settings, &mut clocked)?;
    let mut tally = Tally {
        watch_s: started.elapsed().as_secs_f64(),
        commit_s: clocked.commit_s,
        pictures: clocked.pictures,
        commits: clocked.committed.len(),
        ..Tally::default()
    };
    let world = bundle::open(&folder)?;
    let store = world.store();
    let mut found: BTreeMap<u32, Vec<(u64, BoxPx, Time)>> = BTreeMap::new();
    for n in 0..store.bounds().len() {
        let chunk = store.chunk(n)?;
        for row in (0..chunk.len()).map(|i| chunk.row(i)) {
            let (Some(track), Some(frame), Some(box_px)) = (row.track, row.frame_index, row.box_px) else {
                continue;
            };
            let committed = clocked.committed.get(&row.known.revision).copied().ok_or("a commit")?;
            tally.row_delays_s.push(Time(committed - row.t).as_s());
            found.entry(frame).or_default().push((track.0, box_px, committed));
        }
    }
    if let Some(path) = &how.mot {
        let mut rows = String::new();
        for (frame, boxes) in &found {
            for (track, b, _) in boxes {
                let (left, top, width, height) = (b.left, b.top, b.width, b.height);
                writeln!(rows, "{},{},{left},{top},{width},{height},1,-1,-1,-1", frame + 1, track + 1)?;
            }
        }
        std::fs::write(path, rows)?;
    }
    let mut ghost_tracks = BTreeMap::<u64, u32>::new();
    let mut first_seen = BTreeMap::<u64, (u32, Option<Time>)>::new();
    let rate = times_per_second(clip)?;
    for (&frame, boxes) in truth.range(start..) {
        let since_s = f64::from(frame - start) / rate;
        let k = usize::from(since_s >= BEGINNING_S);
        let mut here = found.get(&frame).cloned().unwrap_or_default();
        tally.truths[k] += boxes.len() as u32;
        tally.boxes[k] += here.len() as u32;
        for (track, b, _) in &here {
            let inside: f64 = boxes.iter().map(|(_, t)| shared(*b, *t)).sum();
            if inside < 0.25 * b.width * b.height {
                tally.ghosts[k] += 1;
                *ghost_tracks.entry(*track).or_default() += 1;
                if how.debug {
                    println!("  ghost: picture {frame} track {track} {b:?}");
                }
            }
        }
        for (thing, b) in boxes {
            let entry = first_seen.entry(*thing).or_insert((frame, None));
            let best = (0..here.len())
                .map(|i| (i, here[i].1.iou(*b)))
                .filter(|(_, iou)| *iou >= 0.5)
                .max_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((i, _)) = best {
                let (_, _, committed) = here.swap_remove(i);
                tally.hits[k] += 1;
                entry.1 = Some(entry.1.map_or(committed, |c| c.min(committed)));
            }
        }
    }
    for (frame, readable) in first_seen.into_values() {
        if let Some(readable) = readable {
            let seen_s = f64::from(frame - start) / rate;
            tally.thing_delays_s.push(Time(readable - from).as_s() - seen_s);
        }
    }
    tally.ghost_tracks = ghost_tracks.values().filter(|n| **n >= 3).count();
    std::fs::remove_dir_all(&folder)?;
    Ok(tally)
}

fn times_per_second(clip: &str) -> Result<f64> {
    Ok(Video::open(clip)?.info().rate_hz.ok_or("a rate")?)
}

fn shared(a: BoxPx, b: BoxPx) -> f64 {
    let width = a.right().min(b.right()) - a.left.max(b.left);
    let height = a.bottom().min(b.bottom()) - a.top.max(b.top);
    width.max(0.0) * height.max(0.0)
}

fn scratch(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("chronotope-live-{}-{name}", std::process::id()))
}

/// PETS' truth stands in pixels of 768×576; the clip has 480×360.
fn pets(text: &str) -> Result<Truth> {
    let mut truth = Truth::new();
    for line in text.lines() {
        let v: Vec<f64> = line.split(',').map(|v| v.trim().parse()).collect::<std::result::Result<_, _>>()?;
        let b = BoxPx::new(v[2], v[3], v[4], v[5]).ok_or("a box")?.scaled(0.625, 0.625);
        truth.entry(v[0] as u32 - 1).or_default().push((v[1] as u64, b));
    }
    Ok(truth)
}

/// Pictures and rate of a clip that is made.
const MADE: (u32, u32) = (600, 15);
const SIZE: (u32, u32) = (480, 270);

/// Draws a clip; a seed always gives the same one.
fn made(path: &Path, seed: u64) -> Result<Truth> {
    let (n, rate) = MADE;
    let (width, height) = SIZE;
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let walkers: Vec<Walker> = (0..22).map(|k| Walker::drawn(k, &mut random)).collect();
    let ground: Vec<[f64; 3]> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .map(|(x, y)| {
            let patch = Random(u64::from(x / 24 * 31 + y / 18 * 977 + 1).wrapping_mul(seed + 77)).next();
            let grain = Random(u64::from(x * 1013 + y * 7919 + 3).wrapping_mul(seed + 5)).next();
            let v = 110.0 + 60.0 * (patch - 0.5) + 14.0 * (grain - 0.5);
            [v, v + 4.0, v - 6.0]
        })
        .collect();
    let settings = EncoderSettings { rate: (rate, 1), gop: 30, ..EncoderSettings::default() };
    let mut encoder = Encoder::create(path, width, height, settings)?;
    let mut truth = Truth::new();
    for k in 0..n {
        let t = f64::from(k) / f64::from(rate);
        let light = 1.0 + 0.05 * libm::sin(t / 7.0 + seed as f64);
        let mut seen: Vec<(u64, f64, f64, &Walker)> = walkers
            .iter()
            .enumerate()
            .filter_map(|(i, w)| w.at(t).map(|(x, y)| (i as u64, x, y, w)))
            .collect();
        seen.sort_by(|a, b| a.2.total_cmp(&b.2));
        let mut canvas = ground.clone();
        for (_, x, y, w) in &seen {
            w.shade(*x, *y, &mut canvas);
        }
        let mut boxes = Vec::new();
        for (i, x, y, w) in &seen {
            w.draw(*x, *y, t, &mut canvas);
            let (tall, wide) = w.size(*y);
            let b = BoxPx::new(x - wide / 2.0, y - tall, wide, tall).ok_or("a box")?;
            if let Some(b) = b.clip(f64::from(width), f64::from(height)).filter(|b| b.width * b.height > 60.0)
            {
                boxes.push((*i, b));
            }
        }
        truth.insert(k, boxes);
        let mut rgb = Vec::with_capacity(3 * canvas.len());
        for pixel in &canvas {
            let noise = 3.0 * (random.next() + random.next() - 1.0);
            rgb.extend(pixel.map(|v| (v * light + noise).clamp(0.0, 255.0) as u8));
        }
        encoder.push_rgb(&rgb)?;
    }
    encoder.finish()?;
    Ok(truth)
}

/// Somebody who comes in at one side, walks to a place, stands there for a while and walks out.
struct Walker {
    since_s: f64,
    from: (f64, f64),
    place: (f64, f64),
    to: (f64, f64),
    speed_px_s: f64,
    stands_s: f64,
    shirt: [f64; 3],
    trousers: [f64; 3],
}

impl Walker {
    fn drawn(k: usize, random: &mut Random) -> Walker {
        let (w, h) = (f64::from(SIZE.0), f64::from(SIZE.1));
        let mut side = |left: bool| (if left { -20.0 } else { w + 20.0 }, h * (0.4 + 0.58 * random.next()));
        let left = (side(true).1 as u32).is_multiple_of(2);
        let (from, to) = (side(left), side(!left));
        let place = (w * (0.15 + 0.7 * random.next()), h * (0.4 + 0.58 * random.next()));
        let mut colour = || std::array::from_fn(|_| 20.0 + 215.0 * random.next());
        let (shirt, trousers) = (colour(), colour());
        // every other one walks through; the first ones are there from the beginning
        let stands_s = if k.is_multiple_of(2) { 0.0 } else { 1.0 + 7.0 * random.next() };
        Walker {
            since_s: -8.0 + 46.0 * (k as f64 / 22.0) + 2.0 * random.next(),
            from,
            place,
            to,
            speed_px_s: 30.0 + 50.0 * random.next(),
            stands_s,
            shirt,
            trousers,
        }
    }

    /// Where the feet are; none before it comes and after it went.
    fn at(&self, t: f64) -> Option<(f64, f64)> {
        let mut left = t - self.since_s;
        let leg = |a: (f64, f64), b: (f64, f64)| libm::hypot(b.0 - a.0, b.1 - a.1) / self.speed_px_s;
        let mix = |a: (f64, f64), b: (f64, f64), u: f64| Some((a.0 + u * (b.0 - a.0), a.1 + u * (b.1 - a.1)));
        if left < 0.0 {
            return None;
        }
        let first = leg(self.from, self.place);
        if left < first {
            return mix(self.from, self.place, left / first);
        }
        left -= first;
        if left < self.stands_s {
            return Some(self.place);
        }
        left -= self.stands_s;
        let second = leg(self.place, self.to);
        (left < second).then(|| mix(self.place, self.to, left / second)).flatten()
    }

    /// Height and width of one whose feet are at this row: larger below.
    fn size(&self, y: f64) -> (f64, f64) {
        let tall = 24.0 + 0.16 * y;
        (tall, 0.36 * tall)
    }

    fn shade(&self, x: f64, y: f64, canvas: &mut [[f64; 3]]) {
        let (tall, wide) = self.size(y);
        paint(canvas, (x + 0.45 * tall, y), (0.5 * tall, 0.22 * wide), |v| *v = v.map(|v| 0.66 * v));
    }

    fn draw(&self, x: f64, y: f64, t: f64, canvas: &mut [[f64; 3]]) {
        let (tall, wide) = self.size(y);
        let stride = 0.12 * wide * libm::sin(9.0 * t + self.since_s);
        let (shirt, trousers) = (self.shirt, self.trousers);
        for side in [-1.0, 1.0] {
            let foot = x + side * (0.18 * wide + stride);
            paint(canvas, (foot, y - 0.24 * tall), (0.2 * wide, 0.24 * tall), |v| *v = trousers);
        }
        paint(canvas, (x, y - 0.6 * tall), (0.5 * wide, 0.28 * tall), |v| *v = shirt);
        paint(canvas, (x, y - 0.89 * tall), (0.26 * wide, 0.11 * tall), |v| *v = [205.0, 165.0, 140.0]);
    }
}

/// Calls `how` on the pixels of an ellipse.
fn paint(canvas: &mut [[f64; 3]], middle: (f64, f64), half: (f64, f64), mut how: impl FnMut(&mut [f64; 3])) {
    let (w, h) = (i64::from(SIZE.0), i64::from(SIZE.1));
    let range = |c: f64, r: f64, n: i64| ((c - r).floor() as i64).max(0)..((c + r).ceil() as i64 + 1).min(n);
    for y in range(middle.1, half.1, h) {
        for x in range(middle.0, half.0, w) {
            let (dx, dy) = ((x as f64 - middle.0) / half.0, (y as f64 - middle.1) / half.1);
            if dx * dx + dy * dy <= 1.0 {
                how(&mut canvas[(y * w + x) as usize]);
            }
        }
    }
}

/// SplitMix64 (Steele et al., 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
