//! Tracks the detections of a file and writes the tracks, as the benchmarks' scorers read them.
//!
//! ```text
//! cargo run --release -p chronotope-perceive --example track_file -- TRACKER RATE DETECTIONS OUT [MODE]
//! ```
//!
//! `DETECTIONS` is a file of MOTChallenge (`picture,-1,left,top,width,height,score,…`, from 1) for the trackers of
//! boxes in pictures, of AB3DMOT for KITTI (`picture,type,left,top,right,bottom,score,h,w,l,x,y,z,rotation_y,alpha`,
//! from 0) for those of boxes in space; `RATE` is its pictures a second. `MODE` `online` (the default) writes what the
//! published algorithm reports, `offline` also the beginnings of tracks that were confirmed later, `refined` drops
//! short tracks, fills gaps and smooths, `coasting` (in space) also what is predicted of tracks that were missed, and
//! `time` prints the pictures per second of five runs without writing.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example prints, and measures its own time"
)]

use chronotope_perceive::detect::{DetectedPicture, Detection};
use chronotope_perceive::track::ab3dmot::Ab3dmotSettings;
use chronotope_perceive::track::catalogue::{Make, find};
use chronotope_perceive::track::cost_3d::{Up, Upright};
use chronotope_perceive::track::refine::{Collector, Keep, RefineSettings, refine};
use chronotope_perceive::track::{Ab3dmot, DetectedSpace, Detection3, Tracked, Tracker};
use chronotope_world::{Box3, BoxPx, Time};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [tracker, rate, detections, out, rest @ ..] = &arguments[..] else {
        return Err("expected TRACKER RATE DETECTIONS OUT [MODE]".into());
    };
    let mode = rest.first().map_or("online", String::as_str);
    let rate: f64 = rate.parse()?;
    let rows = read_rows(&fs::read_to_string(detections)?)?;
    match find(tracker) {
        Some(Make::Px(make)) if mode == "time" => time(make, rate, &pictures(&rows, rate)?)?,
        Some(Make::Px(make)) => fs::write(out, mot(make(rate).as_mut(), &pictures(&rows, rate)?, mode)?)?,
        Some(Make::Space(_)) => fs::write(out, kitti(&rows, rate, mode)?)?,
        None => return Err(format!("no tracker `{tracker}`").into()),
    }
    Ok(())
}

/// The numbers of each row.
fn read_rows(text: &str) -> Result<Vec<Vec<f64>>, Box<dyn Error>> {
    let numbers = |line: &str| line.split(',').map(|n| n.trim().parse()).collect::<Result<Vec<f64>, _>>();
    Ok(text.lines().filter(|l| !l.trim().is_empty()).map(numbers).collect::<Result<_, _>>()?)
}

fn time_of(k: u32, rate: f64) -> Time {
    Time::from_s(f64::from(k) / rate)
}

fn pictures(rows: &[Vec<f64>], rate: f64) -> Result<Vec<DetectedPicture>, Box<dyn Error>> {
    let n = rows.iter().map(|r| r[0] as u32).max().unwrap_or(0);
    let empty = |k| DetectedPicture { t: time_of(k, rate), frame_index: k, detections: Vec::new() };
    let mut pictures: Vec<DetectedPicture> = (0..n).map(empty).collect();
    for r in rows {
        let &[picture, _, left, top, width, height, score, ..] = &r[..] else {
            return Err(format!("expected 7 numbers, found {}", r.len()).into());
        };
        let box_px = BoxPx::new(left, top, width, height).ok_or("expected a box of finite numbers")?;
        let seen = Detection { box_px, score: Some(score), label: "person".into() };
        pictures[picture as usize - 1].detections.push(seen);
    }
    Ok(pictures)
}

fn mot(
    tracker: &mut dyn Tracker,
    pictures: &[DetectedPicture],
    mode: &str,
) -> Result<String, Box<dyn Error>> {
    let keep = if mode == "online" { Keep::Online } else { Keep::EverConfirmed };
    let mut collector = Collector::new(keep);
    let mut tracked = Tracked::default();
    for picture in pictures {
        tracker.update(picture, &mut tracked)?;
        collector.push(picture, &tracked);
    }
    let (mut tracks, times) = collector.finish();
    if mode == "refined" {
        tracks = refine(tracks, &times, RefineSettings::default());
    }
    let filtered = tracker.name() != "oc-sort";
    let mut text = String::new();
    for track in &tracks {
        for b in &track.boxes {
            // the published algorithms report the box of their filter
            let BoxPx { left, top, width, height } = match b.seen {
                Some(seen) if mode != "refined" && filtered => seen.filtered,
                _ => b.smoothed,
            };
            let (picture, id) = (b.frame_index + 1, track.track_id);
            writeln!(text, "{picture},{id},{left:.3},{top:.3},{width:.3},{height:.3},1,-1,-1,-1")?;
        }
    }
    Ok(text)
}

fn time(
    make: fn(f64) -> Box<dyn Tracker>,
    rate: f64,
    pictures: &[DetectedPicture],
) -> Result<(), Box<dyn Error>> {
    let mut tracked = Tracked::default();
    for _ in 0..5 {
        let mut tracker = make(rate);
        let (mut ids, mut links, mut decisions) = (std::collections::BTreeSet::new(), 0, 0);
        let start = Instant::now();
        for picture in pictures {
            tracker.update(picture, &mut tracked)?;
            decisions += tracked.decisions.len();
            for link in tracked.links.iter().flatten().filter(|link| link.confirmed) {
                ids.insert(link.track_id);
                links += 1;
            }
        }
        let rate = pictures.len() as f64 / start.elapsed().as_secs_f64();
        println!("{rate:.0} pictures/s, {} identities, {links} boxes, {decisions} decisions", ids.len());
    }
    Ok(())
}

/// KITTI's number of a type in the detection files, its name, and its confirmed rows.
const TYPES: [&str; 4] = ["", "Pedestrian", "Car", "Cyclist"];

fn kitti(rows: &[Vec<f64>], rate: f64, mode: &str) -> Result<String, Box<dyn Error>> {
    let n = rows.iter().map(|r| r[0] as u32 + 1).max().unwrap_or(0);
    let mut sweeps: Vec<(DetectedSpace, Vec<usize>)> = (0..n)
        .map(|k| (DetectedSpace { t: time_of(k, rate), frame_index: k, detections: Vec::new() }, Vec::new()))
        .collect();
    for (row, r) in rows.iter().enumerate() {
        let &[sweep, kind, _, _, _, _, score, h, w, l, x, y, z, rotation_y, ..] = &r[..] else {
            return Err(format!("expected 14 numbers, found {}", r.len()).into());
        };
        // KITTI states the middle of the underside, y down
        let upright = Upright { centre: [x, z, h / 2.0 - y], yaw: -rotation_y, extent: [l, w, h] };
        let label = TYPES.get(kind as usize).ok_or("expected type 1 to 3")?;
        let (sweep, ids) = &mut sweeps[sweep as usize];
        sweep.detections.push(Detection3 {
            box3: upright.to_box3(Up::MinusY),
            score: Some(score),
            label: (*label).into(),
        });
        ids.push(row);
    }
    let mut tracker = Ab3dmot::new(Ab3dmotSettings { up: Up::MinusY, ..Ab3dmotSettings::at_rate(rate) });
    let mut tracked = Tracked::default();
    // the detection that each track was last given: its type, score and box in the picture stand for the track
    let mut latest = BTreeMap::new();
    let mut text = String::new();
    for (sweep, ids) in &sweeps {
        tracker.update(sweep, &mut tracked)?;
        let linked = tracked.links.iter().zip(ids).filter_map(|(link, &row)| Some((link.as_ref()?, row)));
        let mut told: Vec<(u64, Box3)> = Vec::new();
        for (link, row) in linked {
            latest.insert(link.track_id, row);
            told.extend(link.confirmed.then_some((link.track_id, link.filtered)));
        }
        if mode == "coasting" {
            told.extend(tracked.coasting.iter().map(|c| (c.track_id, c.shape)));
        }
        for (id, box3) in told {
            let r = &rows[latest[&id]];
            let b = Upright::from_box3(&box3, Up::MinusY);
            let ([l, w, h], [x, z, up]) = (b.extent, b.centre);
            let (frame, kind, alpha, ry, y) =
                (sweep.frame_index, TYPES[r[1] as usize], r[14], -b.yaw, h / 2.0 - up);
            write!(text, "{frame} {id} {kind} 0 0 {alpha}")?;
            [r[2], r[3], r[4], r[5], h, w, l, x, y, z, ry, r[6]]
                .iter()
                .try_for_each(|v| write!(text, " {v}"))?;
            text.push('\n');
        }
    }
    Ok(text)
}
