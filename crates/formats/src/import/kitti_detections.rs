//! 3D detections on KITTI as AB3DMOT reads them: boxes in pictures and in metres around the camera, without identities.
//!
//! Source: Weng et al., *3D Multi-Object Tracking: A Baseline and New Evaluation Metrics*, 2020; `data/KITTI/detection` of
//! github.com/xinshuoweng/AB3DMOT.

use super::error::Error;
use super::faults::{Faults, RowFault};
use super::input::{self, Parsed, SourceFile, number, whole};
use super::kitti;
use super::record::{self, MAX_FRAME_INDEX, PictureClock};
use super::trajectory::{self, Decimals};
use super::{ImportSettings, Imported, Importer};
use chronotope_world::catalogue::Entry;
use chronotope_world::{BoxPx, Origin, Reference, Sample, SourceId, Span, Time, World, WorldBuilder};
use std::collections::BTreeMap;
use std::path::Path;

/// Rows `picture, class, left, top, right, bottom, score, h, w, l, x, y, z, rotation_y, alpha` between commas; classes 1 pedestrian, 2 car, 3 cyclist.
///
/// Every row becomes a sample without a track. Samples have no labels of their own, so each class is a source, whose **coverage** names the class and is complete
/// from the first to the last picture with rows of any class. Frames, time and calibration are as for [`super::Kitti`]; `alpha` follows from place and turn; where the file
/// rounds it otherwise, its text is a dated fact of the camera.
#[derive(Clone, Copy, Debug)]
pub struct KittiDetections;

pub(crate) const CLASSES: [&str; 3] = ["Pedestrian", "Car", "Cyclist"];

impl Importer for KittiDetections {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "kitti-detections",
            about: "3D detections on KITTI, without identities",
            source: "formats/src/import/kitti_detections.rs",
            paper: Some(
                "Weng et al., 3D Multi-Object Tracking: A Baseline and New Evaluation Metrics, IROS 2020",
            ),
            example: "chronotope import kitti-detections Car_0000.txt -o seen.world",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        let text = String::from_utf8_lossy(head);
        path.is_file() && text.lines().find(|l| !l.trim().is_empty()).is_some_and(|line| parse(line).is_ok())
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let mut faults = Faults::default();
        let world = import_file(path, settings, &mut faults)?;
        Ok(Imported { worlds: record::pick(vec![world], |w| w.record().name.as_str(), settings)?, faults })
    }
}

struct Row {
    frame_index: u32,
    /// From 1.
    class: usize,
    box_px: BoxPx,
    score: f64,
    size: [f64; 3],
    foot: [f64; 3],
    rotation_y: f64,
}

fn parse(line: &str) -> Result<Row, RowFault> {
    const NAMES: [&str; 13] =
        ["left", "top", "right", "bottom", "score", "h", "w", "l", "x", "y", "z", "rotation_y", "alpha"];
    let cells: Vec<&str> = line.split(',').take(16).collect();
    if cells.len() != 15 {
        return Err(RowFault::new("15 columns", cells.len()));
    }
    let mut v = [0.0; 13];
    for (value, (cell, what)) in v.iter_mut().zip(cells[2..].iter().zip(NAMES)) {
        *value = number(cell, what)?;
    }
    let [left, top, right, bottom, score, h, w, l, x, y, z, rotation_y, _] = v;
    if [h, w, l].iter().any(|side| *side <= 0.0) {
        return Err(RowFault::new("h, w and l above 0", format_args!("{h} {w} {l}")));
    }
    if rotation_y.abs() > std::f64::consts::TAU {
        return Err(RowFault::new("rotation_y within ±2π", rotation_y));
    }
    Ok(Row {
        frame_index: whole(cells[0], "picture number", 0, MAX_FRAME_INDEX)? as u32,
        class: whole(cells[1], "class", 1, 3)? as usize,
        // cut at the picture's edge, a box may be a line; its place in metres is good all the same
        box_px: BoxPx::new(left, top, right - left, bottom - top).ok_or_else(|| {
            RowFault::new("right from left and bottom from top on", format_args!("{left} to {right}"))
        })?,
        score,
        size: [h, w, l],
        foot: [x, y, z],
        rotation_y,
    })
}

fn import_file(path: &Path, settings: &ImportSettings, faults: &mut Faults) -> Result<World, Error> {
    let (mut decimals, mut alphas) = (Decimals::default(), Vec::new());
    let read = input::rows(path, "15 columns (KITTI detections)", |text| {
        let row = parse(text)?;
        let cells: Vec<&str> = text.split(',').collect();
        cells[2..].iter().for_each(|cell| decimals.add(cell));
        alphas.push(cells[14].trim().to_owned());
        Ok(Some(row))
    })?;
    let Parsed { rows, faults: broken, layout } = read;
    faults.append(broken);
    let pictures = || rows.iter().map(|row| row.frame_index);
    let (first, last) = (pictures().min().unwrap_or_default(), pictures().max().unwrap_or_default());
    let name = input::stem(path);
    let sequence = name.rsplit_once('_').map_or(name.as_str(), |(_, sequence)| sequence);
    let clock = PictureClock::new(settings, Some(kitti::FPS));
    let mut builder = WorldBuilder::new(name.clone());
    let file = SourceFile::new(path)?;
    let mut sources: BTreeMap<usize, SourceId> = BTreeMap::new();
    for row in &rows {
        sources.entry(row.class).or_insert_with(|| {
            let words = format!(
                "format=kitti-detections class={} decimals={} {}{}",
                CLASSES[row.class - 1],
                decimals.shared().map_or("any".to_owned(), |n| n.to_string()),
                clock.word(),
                layout.words(),
            );
            record::annotation_source(&mut builder, &file, record::clock_row(clock), words)
        });
    }
    let Some(&source) = sources.values().next() else {
        return Err(Error::input(path, "at least one row of 15 columns", "none"));
    };
    let (observer, camera) = kitti::add_camera(&mut builder, source, sequence, path, settings, faults)?;
    let start: Time = clock.time(first);
    for (class, source) in &sources {
        let span = Span::between(start, clock.time(last + 1));
        let labels = vec![CLASSES[class - 1].to_owned()];
        record::add_coverage(&mut builder, *source, Some(observer), span, labels, true);
    }
    layout.keep_heading(&mut builder, source);
    let mut of_picture: BTreeMap<u32, u32> = BTreeMap::new();
    for (row, alpha) in rows.iter().zip(&alphas) {
        let nth = of_picture.entry(row.frame_index).and_modify(|n| *n += 1).or_insert(0);
        let t = clock.time(row.frame_index);
        if print_angle(kitti::seen_at(row.rotation_y, row.foot), decimals.shared()) != *alpha {
            // rounded before it was turned: a detection has no thing that could carry the fact
            let (subject, given) = (Reference::Observer(observer), Reference::Text(alpha.clone()));
            record::add_fact(
                &mut builder,
                sources[&row.class],
                subject,
                angle_as_given(*nth),
                given,
                Span::at(t),
            );
        }
        let mut sample = Sample::new(sources[&row.class], None, t, Origin::Observed);
        sample.observer = Some(observer);
        sample.frame_index = Some(row.frame_index);
        sample.box_px = Some(row.box_px);
        sample.score = Some(row.score);
        sample.pose = Some(kitti::pose_in_camera(camera, row.size, row.foot, Some(row.rotation_y)));
        builder.sample(sample);
    }
    record::build(builder, path)
}

/// The fact of the camera that keeps the observation angle of the n-th row (from 0) of a picture.
pub(crate) fn angle_as_given(n: u32) -> String {
    format!("observation angle {}", n + 1)
}

/// A number as a row of detections has it.
pub(crate) fn print_angle(angle: f64, decimals: Option<usize>) -> String {
    trajectory::print(angle, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};

    #[test]
    fn broken_rows_are_faults() {
        let row = "0,2,298.3,165.1,458.2,293.4,8.2,1.96,1.81,4.75,-4.57,1.84,13.5,-2.1,-1.7";
        let bad = [
            row.replacen(",2,", ",4,", 1),
            row.replacen("458.2", "1", 1),
            row.replacen("1.96", "0", 1),
            format!("{row},1"),
        ];
        let scratch = Scratch::new();
        let path = scratch.file("Car_0000.txt", format!("{row}\n{}\n", bad.join("\n")).as_bytes());
        assert!(KittiDetections.recognises(&path, row.as_bytes()));
        let imported = KittiDetections.import(&path, &ImportSettings::default()).expect("one good row");
        assert_eq!(imported.faults.count(), 4, "{}", imported.faults);
        let seen = imported.worlds[0].unassigned().expect("in memory");
        assert_eq!((seen.len(), seen[0].score), (1, Some(8.2)));
    }

    #[test]
    fn every_detection_of_the_data_is_there() {
        let Some(folder) = data("import kitti-detections", "kitti_tracking/det_pointrcnn") else { return };
        let mut n = 0;
        for path in input::listing(&folder).expect("listed") {
            let imported = KittiDetections.import(&path, &ImportSettings::default()).expect("valid");
            assert!(imported.faults.is_empty(), "{}", imported.faults);
            n += imported.worlds[0].unassigned().expect("in memory").len();
            assert!(imported.worlds[0].tables().observers[0].intrinsics.is_some());
        }
        assert_eq!(n, 31_037);
    }
}
