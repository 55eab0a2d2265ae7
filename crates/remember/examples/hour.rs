//! An hour of 50 things at 30 pictures a second, 5.4 million samples, written as `watch` writes, appended to, read and asked;
//! and the box × period query of 1,000 tracks of 1,000 instants.
//!
//! ```text
//! cargo run --release -p chronotope-remember --example hour -- write /tmp/hour.world [MINUTES]
//! cargo run --release -p chronotope-remember --example hour -- read /tmp/hour.world
//! cargo run --release -p chronotope-remember --example hour -- tracks X.f64 Y.f64 /tmp/tracks.world
//! cargo run --release -p chronotope-remember --example hour -- box /tmp/tracks.world
//! cargo run --release -p chronotope-remember --example hour -- crowd /tmp/crowd.world 1000000
//! ```
//! `X.f64` and `Y.f64` are 1,000 × 1,000 little-endian numbers, track by track, metres, at 10 Hz.

#![allow(clippy::print_stdout, clippy::disallowed_methods)] // a program that measures and prints

use chronotope_remember::bundle::{self, Writer};
use chronotope_remember::retrieve::{Region, in_box};
use chronotope_world::{
    BoxPx, Clock, Coverage, CoverageId, Known, Label, Observer, ObserverId, ObserverKind, Origin, Pose,
    Record, ReferenceFrame, ReferenceFrameId, Run, Sample, Scale, Source, SourceId, SourceKind, Span, Time,
    Track,
};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["write", path] => write(path, 60),
        ["write", path, minutes] => write(path, minutes.parse()?),
        ["read", path] => read(path),
        ["tracks", x, y, path] => tracks(x, y, path),
        ["box", path] => query(path),
        ["crowd", path, things] => crowd(path, things.parse()?),
        _ => Err("expected write, read, tracks or box; see the first lines of the example".into()),
    }
}

fn source(w: &mut Writer) -> SourceId {
    w.source(Source {
        id: SourceId(0),
        kind: SourceKind::Perception,
        uri: "hour.mp4".into(),
        sha256: None,
        record_from_source: Some(Clock::SAME),
        derived_from: None,
        settings: "detector=none".into(),
        known: Known::ALWAYS,
    })
}

/// Things wander about a 1920×1080 picture; boxes on a grid of 1/256 pixel, as detectors' boxes are stored.
fn write(path: &str, minutes: i64) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut w = Writer::create(path, Record { name: "hour".into(), ..Record::default() })?;
    let source = source(&mut w);
    let camera = w.observer(Observer {
        id: ObserverId(0),
        source,
        kind: ObserverKind::Camera,
        name: "camera".into(),
        picture_px: Some([1920, 1080]),
        intrinsics: None,
        known: Known::ALWAYS,
    });
    w.coverage(Coverage {
        id: CoverageId(0),
        source,
        observer: Some(camera),
        span: Span::between(Time(0), Time(minutes * 60_000_000_000)),
        region_px: None,
        labels: vec!["moving object".into()],
        smallest_px: None,
        recall: None,
        complete: true,
        known: Known::ALWAYS,
    });
    let mut state = 7u64;
    let mut noise = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 40) as f64 / (1u64 << 24) as f64) - 0.5
    };
    let grid = |v: f64| (v * 256.0).round() / 256.0;
    let mut tracks = Vec::new();
    let mut things: Vec<[f64; 6]> = (0..50)
        .map(|_| {
            [
                noise() * 1800.0 + 960.0,
                noise() * 900.0 + 540.0,
                60.0 + noise() * 40.0,
                150.0,
                noise() * 4.0,
                noise(),
            ]
        })
        .collect();
    let pictures = minutes * 60 * 30;
    let mut n = 0u64;
    for k in 0..pictures {
        let t = Time(k * 1_000_000_000 / 30);
        for (i, thing) in things.iter_mut().enumerate() {
            // a thing leaves and another comes twice a minute
            if k % 900 == 0 {
                let mut track = Track::new(source, format!("{}", k / 900 * 50 + i as i64), Known::at(t));
                track.observer = Some(camera);
                track.tolerance_ns = Some(500_000_000);
                let track = w.track(track);
                w.label(Label::new(track, "moving object", "motion", Known::at(t)));
                w.entity_of(track, "tracked", Known::at(t));
                if tracks.len() <= i { tracks.push(track) } else { tracks[i] = track }
            }
            for (at, (speed, side)) in [(4, 1800.0), (5, 980.0)].into_iter().enumerate() {
                thing[at] += thing[speed];
                if thing[at] < 0.0 || thing[at] > side {
                    thing[speed] = -thing[speed];
                }
            }
            let mut s = Sample::new(source, Some(tracks[i]), t, Origin::Observed);
            s.observer = Some(camera);
            s.frame_index = Some(k as u32);
            s.score = Some(grid(0.75 + noise() * 0.4));
            let (jitter_x, jitter_y) = (noise() * 3.0, noise() * 3.0);
            s.box_px = BoxPx::new(
                grid(thing[0] + jitter_x),
                grid(thing[1] + jitter_y),
                grid(thing[2] + noise() * 3.0),
                grid(thing[3] + noise() * 3.0),
            );
            w.sample(s)?;
            n += 1;
        }
        if (k + 1) % (30 * 60 * 5) == 0 || k + 1 == pictures {
            w.commit()?; // every five minutes of record
        }
    }
    let bytes = bytes_in(path)?;
    let s = start.elapsed().as_secs_f64();
    println!(
        "wrote {n} samples in {s:.1} s, {:.0} a second; {bytes} bytes, {:.1} a sample",
        n as f64 / s,
        bytes as f64 / n as f64
    );
    Ok(())
}

fn read(path: &str) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let world = bundle::open(path)?;
    println!("opened in {:.1} ms: {} chunks", ms(start), world.store().bounds().len());

    let start = Instant::now();
    let mut n = 0u64;
    for k in 0..world.store().bounds().len() {
        n += world.store().chunk(k)?.len() as u64;
    }
    let s = start.elapsed().as_secs_f64();
    println!("read {n} samples in {s:.2} s, {:.0} a second", n as f64 / s);

    let start = Instant::now();
    let entity = world.entities().nth(1234).ok_or("expected more entities")?;
    let trajectory = world.trajectory(entity)?;
    let samples: usize = trajectory.runs.iter().map(Run::len).sum();
    println!("trajectory of entity {}: {samples} samples in {:.1} ms", entity.0, ms(start));

    let start = Instant::now();
    let t = Time::from_s(1800.5);
    let (there, asked) = (world.at(t)?.len(), world.entities().count());
    println!("what is where at {t} s: {there} of {asked} entities in {:.0} ms", ms(start));

    let start = Instant::now();
    let span = Span::between(Time::from_s(600.0), Time::from_s(660.0));
    let box_px = BoxPx { left: 900.0, top: 500.0, width: 100.0, height: 80.0 };
    let found = in_box(&world, Region::Picture { observer: ObserverId(0), box_px }, span)?;
    println!("in a box for a minute: {} samples in {:.1} ms", found.len(), ms(start));
    Ok(())
}

fn tracks(x: &str, y: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let numbers = |path: &str| -> Result<Vec<f64>, Box<dyn Error>> {
        let bytes = std::fs::read(path)?;
        Ok(bytes.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b)).collect())
    };
    let (x, y) = (numbers(x)?, numbers(y)?);
    let start = Instant::now();
    let mut w = Writer::create(path, Record { name: "tracks".into(), ..Record::default() })?;
    let source = source(&mut w);
    let reference_frame = w.reference_frame(ReferenceFrame::World("arena".into()), Scale::Metre);
    for (i, (xs, ys)) in x.chunks(1000).zip(y.chunks(1000)).enumerate() {
        let track = w.track(Track::new(source, format!("{i}"), Known::ALWAYS));
        w.entity_of(track, "annotated", Known::ALWAYS);
        for (k, (&x, &y)) in xs.iter().zip(ys).enumerate() {
            let mut s = Sample::new(source, Some(track), Time(k as i64 * 100_000_000), Origin::Annotated);
            s.pose = Some(Pose { reference_frame, position: [x, y, 0.0], rotation: None, extent: None });
            w.sample(s)?;
        }
    }
    w.commit()?;
    let (s, bytes) = (start.elapsed().as_secs_f64(), bytes_in(path)?);
    println!(
        "wrote {} samples in {s:.2} s; {bytes} bytes, {:.1} a sample",
        x.len(),
        bytes as f64 / x.len() as f64
    );
    Ok(())
}

/// As many things as asked for, one after another, each seen twice.
fn crowd(path: &str, things: i64) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut w = Writer::create(path, Record { name: "crowd".into(), ..Record::default() })?;
    let source = source(&mut w);
    w.coverage(Coverage {
        id: CoverageId(0),
        source,
        observer: None,
        span: Span::between(Time(0), Time(things * 1_000_000 + 2_000_000)),
        region_px: None,
        labels: vec!["person".into()],
        smallest_px: None,
        recall: None,
        complete: true,
        known: Known::ALWAYS,
    });
    for k in 0..things {
        let t = Time(k * 1_000_000);
        let mut track = Track::new(source, k.to_string(), Known::at(t));
        track.tolerance_ns = Some(1_000_000);
        let track = w.track(track);
        w.label(Label::new(track, "person", "crowd", Known::at(t)));
        w.entity_of(track, "annotated", Known::at(t));
        for t in [t, t.plus_ns(1_000_000)] {
            let mut s = Sample::new(source, Some(track), t, Origin::Annotated);
            s.box_px = BoxPx::new((k % 1900) as f64, (k % 1000) as f64, 20.0, 60.0);
            w.sample(s)?;
        }
    }
    w.commit()?;
    println!("wrote {things} things in {:.1} s; {} bytes", start.elapsed().as_secs_f64(), bytes_in(path)?);
    Ok(())
}

fn query(path: &str) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let world = bundle::open(path)?;
    let opened = ms(start);
    let inf = f64::INFINITY;
    let region = Region::Space {
        reference_frame: ReferenceFrameId(0),
        low: [100.0, 100.0, -inf],
        high: [180.0, 180.0, inf],
    };
    // 20 s to 40 s, both included
    let span = Span::between(Time::from_s(20.0), Time::from_s(40.0).plus_ns(1));
    let found = in_box(&world, region, span)?;
    let mut tracks: Vec<_> = found.iter().map(|f| f.track).collect();
    tracks.dedup();
    println!(
        "{} tracks, {} rows; opened in {opened:.2} ms, with the query {:.2} ms",
        tracks.len(),
        found.len(),
        ms(start)
    );
    Ok(())
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// Of the manifest and the parts.
fn bytes_in(path: &str) -> Result<u64, Box<dyn Error>> {
    let mut sum = std::fs::metadata(format!("{path}/world.json"))?.len();
    for entry in std::fs::read_dir(format!("{path}/parts"))? {
        sum += entry?.metadata()?.len();
    }
    Ok(sum)
}
