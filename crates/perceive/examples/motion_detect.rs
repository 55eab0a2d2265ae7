//! Finds what moves in a video, follows it, and writes MOTChallenge rows; what the camera did goes to standard error.
//!
//!     cargo run --release -p chronotope-perceive --features video --example motion_detect -- VIDEO OUT.txt
//!         [--tracker oc-sort] [--threads N] [--side N] [--detections MOT.txt@WxH]
//!
//! Without `--tracker` every detection has id -1. With `--detections` these are followed instead of what moves.
#![allow(clippy::print_stderr, reason = "a program for the terminal")]
#![allow(clippy::disallowed_methods, reason = "it measures its own time")]

use chronotope_perceive::detect::motion::{MotionDetector, MotionPicture, MotionReport, MotionSettings};
use chronotope_perceive::detect::{DetectedPicture, Detection};
use chronotope_perceive::track::Tracked;
use chronotope_perceive::track::catalogue::{Make, find};
use chronotope_perceive::track::refine::{Collector, Keep, RefineSettings, refine};
use chronotope_perceive::video::{Settings, Size, Video};
use chronotope_world::BoxPx;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let mut positional = Vec::new();
    let mut options = BTreeMap::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.strip_prefix("--") {
            Some(name) => {
                options.insert(name.to_owned(), args.next().ok_or("an option without its value")?);
            }
            None => positional.push(arg),
        }
    }
    let [input, output] = positional.as_slice() else { return Err("expected VIDEO and OUT.txt".into()) };
    let threads = options.get("threads").map_or(Ok(0), |n| n.parse())?;
    let mut settings = MotionSettings { threads, ..MotionSettings::default() };
    if let Some(side) = options.get("side") {
        settings.analysis_side_px = side.parse()?;
    }
    let mut video = Video::open_with(input, Settings { threads, ..Settings::default() })?;
    let (width, height) = (video.info().width, video.info().height);
    let rate = video.info().rate_hz.unwrap_or(30.0);
    let pictures = match options.get("detections") {
        Some(given) => read_detections(given, &mut video, width, height)?,
        None => find_motion(settings, &mut video, width, height)?,
    };
    let mut rows = String::new();
    let mut row = |frame_index: u32, id: i64, b: BoxPx, score: f64| {
        let (left, top, width, height) = (b.left, b.top, b.width, b.height);
        writeln!(
            rows,
            "{},{id},{left:.3},{top:.3},{width:.3},{height:.3},{score:.4},-1,-1,-1",
            frame_index + 1
        )
    };
    match options.get("tracker") {
        Some(name) => {
            let Some(Make::Px(make)) = find(name) else {
                return Err(format!("no tracker of boxes: {name}").into());
            };
            let (mut tracker, mut tracked) = (make(rate), Tracked::default());
            let mut collector = Collector::new(Keep::default());
            for picture in &pictures {
                tracker.update(picture, &mut tracked)?;
                collector.push(picture, &tracked);
            }
            let (tracks, times) = collector.finish();
            for track in refine(tracks, &times, RefineSettings::default()) {
                for b in &track.boxes {
                    row(
                        b.frame_index,
                        track.track_id as i64,
                        b.box_px,
                        b.seen.and_then(|s| s.score).unwrap_or(1.0),
                    )?;
                }
            }
        }
        None => {
            for picture in &pictures {
                for found in &picture.detections {
                    row(picture.frame_index, -1, found.box_px, found.score.unwrap_or(1.0))?;
                }
            }
        }
    }
    std::fs::write(output, rows)?;
    Ok(())
}

fn find_motion(
    settings: MotionSettings,
    video: &mut Video,
    width: u32,
    height: u32,
) -> Result<Vec<DetectedPicture>, Box<dyn Error>> {
    let started = Instant::now();
    let mut detector = MotionDetector::new(settings, width, height)?;
    let size = detector.analysis_size();
    let (mut decoding, mut found) = (Duration::ZERO, Vec::new());
    loop {
        let before = Instant::now();
        let Some(picture) = video.next_picture()? else { break };
        let (t, frame_index) = (picture.t(), picture.frame_index());
        let image = picture.rgb(Size::Exact(size.0, size.1))?;
        decoding += before.elapsed();
        let (width, height) = size;
        found.extend(detector.push(MotionPicture { t, frame_index, width, height, rgb: &image.data })?);
    }
    let (rest, report) = detector.finish()?;
    found.extend(rest);
    let all = started.elapsed().as_secs_f64();
    let n = report.n_pictures as f64;
    eprintln!(
        "{n} pictures of {width}x{height} at {}x{}: {:.1} a second; {:.2} ms each, of which decoding and scaling {:.2}",
        size.0,
        size.1,
        n / all,
        1e3 * all / n,
        1e3 * decoding.as_secs_f64() / n
    );
    describe(&report);
    Ok(found)
}

fn describe(report: &MotionReport) {
    for shot in &report.shots {
        let how = shot.boundary.map_or("start", |b| b.name());
        eprintln!("shot {} from picture {} ({how})", shot.span, shot.first_frame_index);
        for motion in &shot.camera {
            eprintln!("    {} {}, agreement {:.2}", motion.span, motion.kind.name(), motion.agreement);
        }
    }
    eprintln!("smallest object {:.1} px; nothing known in {:?}", report.smallest_px, report.uncovered);
}

/// `PATH@WxH`: MOTChallenge rows made on pictures of that size.
fn read_detections(
    given: &str,
    video: &mut Video,
    width: u32,
    height: u32,
) -> Result<Vec<DetectedPicture>, Box<dyn Error>> {
    let (path, size) = given.rsplit_once('@').ok_or("expected --detections PATH@WxH")?;
    let (w, h) = size.split_once('x').ok_or("expected --detections PATH@WxH")?;
    let (sx, sy) = (f64::from(width) / w.parse::<f64>()?, f64::from(height) / h.parse::<f64>()?);
    let mut by_picture: BTreeMap<u32, Vec<Detection>> = BTreeMap::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let v = line.split(',').map(|field| field.trim().parse::<f64>()).collect::<Result<Vec<f64>, _>>()?;
        let [frame, _, left, top, width, height, score, ..] = v.as_slice() else { return Err(line.into()) };
        let Some(box_px) = BoxPx::new(*left, *top, *width, *height) else { continue };
        let (box_px, label) = (box_px.scaled(sx, sy), "person".to_owned());
        by_picture.entry(*frame as u32 - 1).or_default().push(Detection {
            box_px,
            score: Some(*score),
            label,
        });
    }
    let mut pictures = Vec::new();
    while let Some(picture) = video.next_picture()? {
        let (t, frame_index) = (picture.t(), picture.frame_index());
        pictures.push(DetectedPicture {
            t,
            frame_index,
            detections: by_picture.remove(&frame_index).unwrap_or_default(),
        });
    }
    Ok(pictures)
}
