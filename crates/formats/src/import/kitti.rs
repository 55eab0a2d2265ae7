//! KITTI tracking: cars, people and cyclists in pictures and in metres around a moving camera.
//!
//! Source: Geiger et al., *Are we ready for Autonomous Driving? The KITTI Vision Benchmark Suite*, 2012; the tracking
//! development kit's `readme.txt` (17 columns, 18 with a score) and the object kit's for `calib`.

use super::error::Error;
use super::faults::{Faults, RowFault};
use super::input::{self, Lines, Parsed, SourceFile, number, whole};
use super::record::{self, DEFAULT_TOLERANCE_S, MAX_FRAME_INDEX, PictureClock};
use super::{ImportSettings, Imported, Importer};
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    BoxPx, EntityId, Intrinsics, Known, Label, ObserverId, Origin, Pose, Reference, ReferenceFrame,
    ReferenceFrameId, Sample, Scale, SourceId, Span, Time, Track, TrackId, World, WorldBuilder,
};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// KITTI tracking labels (`label_02/0000.txt` or `label/0000.txt.gz`) with the calibration beside them (`calib/0000.txt`).
///
/// Pictures are 10 in a second unless `--fps` says otherwise. Poses lie in `camera(0)`, in metres: the rectified reference
/// camera, x right, y down, z forward. **It moves with the car, and no world is known**: a place in it is relative to the
/// car. The file's bottom centre becomes the centre of the box; `rotation_y` becomes a turn of the body axes (x forward,
/// y left, z up). Boxes in pixels and the lens are those of the left colour camera (`P2`), which stands up to 6 cm beside
/// the reference camera; that is neglected where a point is projected.
///
/// `truncated`, `occluded` and `alpha` (as `observation angle`, rad) are dated facts of the entity. DontCare boxes go to tracks
/// marked `ignored` that show no entity: the n-th of each picture to the n-th of them. **Coverage** is complete for the eight
/// classes over the pictures of the sequence: those that an `evaluate_tracking.seqmap*` in the folder above names, else from the
/// first row to the last. Tracks are interpolated across at most 1 s.
#[derive(Clone, Copy, Debug)]
pub struct Kitti;

/// The classes that were annotated.
pub(crate) const CLASSES: [&str; 8] =
    ["Car", "Van", "Truck", "Pedestrian", "Person", "Cyclist", "Tram", "Misc"];

pub(crate) const VOCABULARY: &str = "kitti";

/// Pictures per second of the recording car's cameras.
pub(crate) const FPS: f64 = 10.0;

impl Importer for Kitti {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "kitti",
            about: "street tracks in pictures and in metres around a moving camera, with calibration",
            source: "formats/src/import/kitti.rs",
            paper: Some("Geiger et al., The KITTI Vision Benchmark Suite, CVPR 2012, tracking"),
            example: "chronotope import kitti training --scene 0000 -o drive.world",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        if path.is_dir() {
            return files(path).is_ok_and(|found| !found.is_empty());
        }
        let text = String::from_utf8_lossy(head);
        text.lines().find(|l| !l.trim().is_empty()).is_some_and(|line| parse(line).is_ok())
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let found: Vec<(String, PathBuf)> = files(path)?.into_iter().map(|p| (input::stem(&p), p)).collect();
        if found.is_empty() {
            return Err(Error::input(path, "a label file, or a folder with label_02/ or label/", "neither"));
        }
        let (mut worlds, mut faults) = (Vec::new(), Faults::default());
        for (name, file) in record::pick(found, |s| &s.0, settings)? {
            worlds.push(import_sequence(&name, &file, settings, &mut faults)?);
        }
        Ok(Imported { worlds, faults })
    }
}

/// The file itself, or the label files of a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let inner = ["label_02", "label", "training/label_02"].map(|n| path.join(n));
    let own = ["label_02", "label"].iter().any(|n| path.ends_with(n)).then(|| path.to_owned());
    let Some(folder) = inner.into_iter().chain(own).find(|p| p.is_dir()) else {
        return Ok(Vec::new());
    };
    let is_text = |p: &PathBuf| {
        let name = p.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        p.is_file()
            && Path::new(name.strip_suffix(".gz").unwrap_or(&name)).extension().is_some_and(|e| e == "txt")
    };
    Ok(input::listing(&folder)?.into_iter().filter(is_text).collect())
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    frame_index: u32,
    id: i64,
    class: String,
    truncated: f64,
    occluded: i64,
    alpha: Option<f64>,
    box_px: BoxPx,
    /// Height, width, length, then the bottom centre.
    solid: Option<([f64; 3], [f64; 3])>,
    rotation_y: Option<f64>,
    score: Option<f64>,
}

/// What the files write for an angle that is not known.
const NO_ANGLE: f64 = -10.0;

fn parse(line: &str) -> Result<Row, RowFault> {
    let cells: Vec<&str> = line.split_ascii_whitespace().take(19).collect();
    if !matches!(cells.len(), 17 | 18) {
        return Err(RowFault::new("17 columns (18 with a score)", cells.len()));
    }
    let frame_index = whole(cells[0], "picture number", 0, MAX_FRAME_INDEX)? as u32;
    let id = whole(cells[1], "id (or -1)", -1, i64::MAX)?;
    let class = cells[2];
    if class.parse::<f64>().is_ok() {
        return Err(RowFault::new("a class by name", format_args!("`{class}`")));
    }
    if (id < 0) != (class == "DontCare") {
        return Err(RowFault::new(
            "id -1 for DontCare, an id from 0 for anything else",
            format_args!("{id} {class}"),
        ));
    }
    let truncated = number(cells[3], "truncated")?;
    let occluded = whole(cells[4], "occluded", -1, 3)?;
    let angle = |k: usize, what: &str| -> Result<Option<f64>, RowFault> {
        let value = number(cells[k], what)?;
        let unknown = value.total_cmp(&NO_ANGLE).is_eq();
        if value.abs() > std::f64::consts::TAU && !unknown {
            return Err(RowFault::new(format!("{what} within ±2π (or -10)"), value));
        }
        Ok((!unknown).then_some(value))
    };
    let alpha = angle(5, "alpha")?;
    let mut values = [0.0; 10];
    for (value, (k, what)) in values
        .iter_mut()
        .zip((6..).zip(["left", "top", "right", "bottom", "height", "width", "length", "x", "y", "z"]))
    {
        *value = number(cells[k], what)?;
    }
    let [left, top, right, bottom, h, w, l, x, y, z] = values;
    let box_px = box_from_edges(left, top, right, bottom)?;
    let dont_care = id < 0;
    let stated = !dont_care && h > 0.0 && w > 0.0 && l > 0.0;
    if !dont_care && !stated && [h, w, l] != [-1.0; 3] && [h, w, l] != [-1000.0; 3] {
        return Err(RowFault::new("height, width and length above 0 (or -1)", format_args!("{h} {w} {l}")));
    }
    Ok(Row {
        frame_index,
        id,
        class: class.to_owned(),
        truncated,
        occluded,
        alpha: if dont_care { None } else { alpha },
        box_px,
        solid: stated.then_some(([h, w, l], [x, y, z])),
        rotation_y: if dont_care { None } else { angle(16, "rotation_y")? },
        score: cells.get(17).map(|c| number(c, "score")).transpose()?,
    })
}

/// A box from its edges in pixels.
fn box_from_edges(left: f64, top: f64, right: f64, bottom: f64) -> Result<BoxPx, RowFault> {
    BoxPx::new(left, top, right - left, bottom - top).filter(|b| b.width > 0.0 && b.height > 0.0).ok_or_else(
        || {
            let found = format_args!("{left} to {right}, {top} to {bottom}").to_string();
            RowFault::new("right of left and bottom below top", found)
        },
    )
}

/// The pose of a box that stands with its bottom centre at `foot` in a camera's frame and is turned by `rotation_y` about the
/// camera's y axis, 0 facing +x.
///
/// The quaternion is (cos, cos, sin, −sin)(ry/2)/√2: body x forward, y left, z up; its sign keeps ry apart from ry ± 2π.
pub(crate) fn pose_in_camera(
    reference_frame: ReferenceFrameId,
    [h, w, l]: [f64; 3],
    foot: [f64; 3],
    rotation_y: Option<f64>,
) -> Pose {
    Pose {
        reference_frame,
        position: [foot[0], foot[1] - h / 2.0, foot[2]],
        rotation: rotation_y.map(|ry| {
            let (s, c) = libm::sincos(ry / 2.0);
            [c, c, s, -s].map(|v| v * std::f64::consts::FRAC_1_SQRT_2)
        }),
        extent: Some([l, w, h]),
    }
}

/// The angle under which a camera sees the side of a thing that stands at `foot`, within ±π.
pub(crate) fn seen_at(rotation_y: f64, [x, _, z]: [f64; 3]) -> f64 {
    use std::f64::consts::{PI, TAU};
    let turned = (rotation_y - libm::atan2(x, z)) % TAU;
    if turned > PI {
        turned - TAU
    } else if turned < -PI {
        turned + TAU
    } else {
        turned
    }
}

fn read_rows(path: &Path) -> Result<Parsed<Row>, Error> {
    let mut seen = HashSet::new();
    input::rows(path, "17 columns (KITTI tracking)", |text| {
        let row = parse(text)?;
        if row.id >= 0 && !seen.insert((row.frame_index, row.id)) {
            let twice = format!("a second row of id {} in picture {}", row.id, row.frame_index);
            return Err(RowFault::new("one row per picture and id", twice));
        }
        Ok(Some(row))
    })
}

fn import_sequence(
    name: &str,
    path: &Path,
    settings: &ImportSettings,
    faults: &mut Faults,
) -> Result<World, Error> {
    let Parsed { rows, faults: broken, layout } = read_rows(path)?;
    faults.append(broken);
    let clock = PictureClock::new(settings, Some(FPS));
    let mut builder = WorldBuilder::new(name);
    let words = format!("format=kitti {}{}", clock.word(), layout.words());
    let file = SourceFile::new(path)?;
    let source = record::annotation_source(&mut builder, &file, record::clock_row(clock), words);
    layout.keep_heading(&mut builder, source);
    let (observer, camera) = add_camera(&mut builder, source, name, path, settings, faults)?;
    let tolerance_ns = record::tolerance_ns(settings, DEFAULT_TOLERANCE_S, clock.step_s());
    let cared_for = rows.iter().filter(|row| row.id >= 0);
    let of_things = cared_for.map(|row| (row.id, row.class.as_str(), clock.time(row.frame_index)));
    let things = record::add_things(&mut builder, source, VOCABULARY, of_things, |track, _, class| {
        (track.observer, track.tolerance_ns) = (Some(observer), Some(tolerance_ns));
        class.to_owned()
    });
    add_coverage(&mut builder, source, observer, name, path, &rows, clock);
    add_facts(&mut builder, source, &rows, &things.entities, clock);
    let (mut slots, mut slot, mut slot_picture) = (Vec::new(), 0, None);
    for row in &rows {
        let t = clock.time(row.frame_index);
        let track = if row.id >= 0 {
            things.tracks[&(row.id, row.class.as_str())]
        } else {
            slot = if slot_picture == Some(row.frame_index) { slot + 1 } else { 0 };
            slot_picture = Some(row.frame_index);
            if slot == slots.len() {
                slots.push(add_dont_care(&mut builder, source, observer));
            }
            slots[slot]
        };
        let mut sample = Sample::new(source, Some(track), t, Origin::Annotated);
        sample.observer = Some(observer);
        sample.frame_index = Some(row.frame_index);
        sample.box_px = Some(row.box_px);
        sample.score = row.score;
        sample.pose = row.solid.map(|(size, foot)| pose_in_camera(camera, size, foot, row.rotation_y));
        builder.sample(sample);
    }
    record::build(builder, path)
}

/// The predicates of the facts of a calibration, before the name of the matrix.
pub(crate) const CALIBRATION: &str = "calibration ";

/// The camera with its lens, and the calibration's matrices as facts: the text of each as it stands after its name.
pub(crate) fn add_camera(
    builder: &mut WorldBuilder,
    source: SourceId,
    name: &str,
    path: &Path,
    settings: &ImportSettings,
    faults: &mut Faults,
) -> Result<(ObserverId, ReferenceFrameId), Error> {
    let above = path.parent().and_then(Path::parent);
    let calibration =
        match above.and_then(|folder| input::beside(&folder.join("calib"), &format!("{name}.txt"))) {
            Some(file) => read_calibration(&file, faults)?,
            None => Vec::new(),
        };
    let intrinsics = calibration
        .iter()
        .find(|(key, v, _)| key == "P2" && v.len() == 12)
        .map(|(_, p, _)| Intrinsics { fx: p[0], fy: p[5], cx: p[2], cy: p[6], distortion: Vec::new() });
    let observer = record::camera(builder, source, name, settings.picture_px, intrinsics);
    for (key, _, text) in calibration {
        let predicate = format!("{CALIBRATION}{key}");
        record::add_fact(
            builder,
            source,
            Reference::Observer(observer),
            predicate,
            Reference::Text(text),
            Span::ALWAYS,
        );
    }
    Ok((observer, builder.reference_frame(ReferenceFrame::Camera(observer), Scale::Metre)))
}

/// A line of a calibration file: its key, its numbers, its text after the key and colon.
type Matrix = (String, Vec<f64>, String);

/// The numbers of the matrices that KITTI's files name, of the others any number.
fn size_of(key: &str) -> Option<usize> {
    match key {
        "P0" | "P1" | "P2" | "P3" => Some(12),
        "R_rect" | "R0_rect" => Some(9),
        key if key.starts_with("Tr_") => Some(12),
        _ => None,
    }
}

fn read_calibration(path: &Path, faults: &mut Faults) -> Result<Vec<Matrix>, Error> {
    let (mut lines, mut out, mut seen) = (Lines::open(path)?, Vec::new(), BTreeMap::new());
    while let Some((line, text)) = lines.next_line()? {
        let read = text.and_then(|text| {
            let Some((key, rest)) = text.split_once([':', ' ']) else {
                return if text.trim().is_empty() {
                    Ok(None)
                } else {
                    Err(RowFault::new("`KEY: numbers`", text))
                };
            };
            let cells: Result<Vec<f64>, _> = rest.split_ascii_whitespace().map(|c| number(c, key)).collect();
            let cells = cells?;
            if let Some(n) = size_of(key).filter(|n| *n != cells.len()) {
                return Err(RowFault::new(format!("{n} numbers of {key}"), cells.len()));
            }
            if seen.entry(key.to_owned()).or_insert_with(|| cells.clone()) != &cells {
                return Err(RowFault::new("each matrix once", format_args!("another {key}")));
            }
            Ok(Some((key.to_owned(), cells, rest.to_owned())))
        });
        match read {
            Ok(row) => out.extend(row),
            Err(fault) => faults.line(path, line, fault),
        }
    }
    Ok(out)
}

fn add_dont_care(builder: &mut WorldBuilder, source: SourceId, observer: ObserverId) -> TrackId {
    let mut row = Track::new(source, "-1", Known::ALWAYS);
    row.observer = Some(observer);
    row.ignored = true;
    let track = builder.track(row);
    builder.label(Label::new(track, "DontCare", VOCABULARY, Known::ALWAYS));
    track
}

/// What the rows say beyond boxes: `truncated` and `occluded` while they stay the same, `observation angle` picture by picture.
fn add_facts(
    builder: &mut WorldBuilder,
    source: SourceId,
    rows: &[Row],
    entities: &BTreeMap<i64, EntityId>,
    clock: PictureClock,
) {
    let mut of: BTreeMap<i64, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.id >= 0) {
        of.entry(row.id).or_default().push(row);
    }
    for (id, mut rows) in of {
        rows.sort_by_key(|row| row.frame_index);
        let mut add = |predicate: &str, value: f64, unit: &str, valid: Span| {
            let (thing, object) =
                (Reference::Entity(entities[&id]), Reference::Number(value, unit.to_owned()));
            record::add_fact(builder, source, thing, predicate, object, valid);
        };
        let time = |row: &Row| clock.time(row.frame_index);
        type Read = fn(&Row) -> f64;
        let read: [(&str, Read); 2] = [("truncated", |r| r.truncated), ("occluded", |r| r.occluded as f64)];
        for (predicate, value) in read {
            for same in rows.chunk_by(|a, b| value(a) == value(b)) {
                let valid = Span::between(time(same[0]), time(same[same.len() - 1]) + 1);
                add(predicate, value(same[0]), "", valid);
            }
        }
        for row in rows {
            if let Some(alpha) = row.alpha {
                add("observation angle", alpha, "rad", Span::at(time(row)));
            }
        }
    }
}

fn add_coverage(
    builder: &mut WorldBuilder,
    source: SourceId,
    observer: ObserverId,
    name: &str,
    path: &Path,
    rows: &[Row],
    clock: PictureClock,
) {
    let numbers = || rows.iter().map(|row| row.frame_index);
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else {
        return;
    };
    let stated = path.parent().and_then(Path::parent).and_then(|folder| pictures_of(folder, name));
    let (from, to) = stated.filter(|(from, to)| *from <= first && last < *to).unwrap_or((first, last + 1));
    let start: Time = clock.time(from);
    let span = Span::between(start, clock.time(to));
    record::add_coverage(builder, source, Some(observer), span, CLASSES.map(str::to_owned).to_vec(), true);
}

/// First picture and number after the last, as a sequence map says: `0001 empty 000000 000447`.
fn pictures_of(folder: &Path, name: &str) -> Option<(u32, u32)> {
    let maps = input::listing(folder).ok()?.into_iter();
    let is_map = |p: &PathBuf| {
        p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("evaluate_tracking.seqmap"))
            && p.is_file()
    };
    for map in maps.filter(is_map) {
        let mut lines = Lines::open(&map).ok()?;
        while let Ok(Some((_, text))) = lines.next_line() {
            let cells: Vec<&str> = text.unwrap_or("").split_ascii_whitespace().collect();
            if let [sequence, _, from, to] = cells[..]
                && sequence == name
            {
                return Some((from.parse().ok()?, to.parse().ok()?));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};
    use chronotope_world::unit_quaternion;
    use nalgebra::Vector3;

    const ROW: &str = "0 0 Van 0 1 -1.79 296 161 455 292 2.0 1.8 4.4 -4.5 1.8 13.4 -2.1";

    fn import(text: &str) -> Result<Imported, Error> {
        let scratch = Scratch::new();
        Kitti.import(&scratch.file("0000.txt", text.as_bytes()), &ImportSettings::default())
    }

    #[test]
    fn the_turn_keeps_forward_left_and_up() {
        let pose = |ry| pose_in_camera(ReferenceFrameId(0), [2.0, 1.0, 4.0], [0.0, 1.0, 5.0], Some(ry));
        let axes = |ry| {
            let q = unit_quaternion(pose(ry).rotation.expect("stated")).expect("unit");
            [q * Vector3::x(), q * Vector3::y(), q * Vector3::z()]
        };
        let close =
            |a: Vector3<f64>, b: [f64; 3]| assert!((a - Vector3::from(b)).norm() < 1e-12, "{a} {b:?}");
        // 0 faces right: left is ahead of the camera, up is against its y
        let [forward, left, up] = axes(0.0);
        close(forward, [1.0, 0.0, 0.0]);
        close(left, [0.0, 0.0, 1.0]);
        close(up, [0.0, -1.0, 0.0]);
        // −90° faces away from the camera
        close(axes(-std::f64::consts::FRAC_PI_2)[0], [0.0, 0.0, 1.0]);
        assert_eq!(pose(0.0).position, [0.0, 0.0, 5.0]);
        assert_eq!(pose(0.0).extent, Some([4.0, 1.0, 2.0]));
    }

    #[test]
    fn dont_care_is_ignored_and_shows_nothing() {
        let care = "0 -1 DontCare -1 -1 -10 219 188 245 218 -1000 -1000 -1000 -10 -1 -1 -1";
        let world = &import(&format!("{care}\n{care}\n{ROW}\n")).expect("valid").worlds[0];
        assert_eq!(world.tables().tracks.iter().filter(|t| t.ignored).count(), 2);
        assert_eq!(world.entities().count(), 1);
    }

    #[test]
    fn broken_rows_are_faults() {
        let bad = [
            ROW.replacen('0', "-1", 1),
            ROW.replacen("0 0 Van", "0 0 DontCare", 1),
            ROW.replacen("0 0 Van", "0 -1 Van", 1),
            ROW.replacen("0 0 Van", "0 0 7", 1),
            ROW.replacen("455", "nan", 1),
            ROW.replacen("455", "200", 1),
            ROW.replacen("2.0 1.8", "0 1.8", 1),
            ROW.replacen("-2.1", "-7", 1),
            format!("{ROW} 0.5 1"),
            ROW.rsplit_once(' ').expect("columns").0.to_owned(),
            ROW.to_owned(),
        ];
        let imported = import(&format!("{ROW}\n{}\n", bad.join("\n"))).expect("one good row");
        assert_eq!(imported.faults.count(), bad.len() as u64, "{}", imported.faults);
        for text in ["", "a b c", &bad[..10].join("\n")] {
            assert!(import(text).is_err(), "{text}");
        }
    }

    /// Every label row, read a second time by a few independent lines, says what the World says.
    #[test]
    fn worlds_equal_the_files() {
        let Some(folder) = data("import kitti", "kitti_tracking") else { return };
        let imported = Kitti.import(&folder, &ImportSettings::default()).expect("valid");
        assert_eq!((imported.worlds.len(), imported.faults.count()), (11, 0));
        let (mut boxes, mut things) = (0, 0);
        for world in &imported.worlds {
            let path = folder.join(format!("label/{}.txt.gz", world.record().name));
            let mut text = String::new();
            std::io::Read::read_to_string(&mut input::open(&path).expect("there"), &mut text).expect("text");
            let lens = world.tables().observers[0].intrinsics.as_ref().expect("calibrated");
            assert!(lens.fx > 700.0 && lens.fx < 730.0 && lens.cx > 590.0, "{lens:?}");
            let mut ids = std::collections::BTreeSet::new();
            for line in text.lines().filter(|l| !l.contains("DontCare")) {
                boxes += 1;
                let cell: Vec<&str> = line.split(' ').collect();
                let v = |k: usize| cell[k].parse::<f64>().expect("a number");
                ids.insert(cell[1]);
                let track = world.tables().tracks.iter().find(|t| t.source_key == cell[1]).expect("imported");
                let run = world.run(track.id, Span::ALWAYS).expect("in memory");
                let moment = run.at(Time::from_s(v(0) / 10.0)).expect("a sample");
                let pose = moment.pose.expect("placed");
                // distance of the box's foot from the camera, size, and heading
                let [x, y, z] = pose.position;
                let [l, w, h] = pose.extent.expect("sized");
                let distance = (x * x + (y + h / 2.0).powi(2) + z * z).sqrt();
                let truth = (v(13).powi(2) + v(14).powi(2) + v(15).powi(2)).sqrt();
                assert!((distance - truth).abs() < 1e-9, "{line}");
                assert_eq!([l, w, h], [v(12), v(11), v(10)]);
                let q = unit_quaternion(pose.rotation.expect("turned")).expect("unit");
                let ahead = q * Vector3::x();
                assert!(
                    (ahead - Vector3::new(libm::cos(v(16)), 0.0, -libm::sin(v(16)))).norm() < 1e-12,
                    "{line}"
                );
                let b = moment.box_px.expect("boxed");
                assert!((b.right() - v(8)).abs() + (b.bottom() - v(9)).abs() < 1e-9, "{line}");
                assert_eq!(world.labels_of_track(track.id).next().map(|l| l.text.as_str()), Some(cell[2]));
            }
            things += ids.len();
            assert_eq!(world.entities().count(), ids.len());
        }
        assert_eq!((boxes, things), (18_673, 351));
    }

    #[test]
    fn angles_stay_within_a_turn() {
        let foot = [0.0, 0.0, 1.0];
        for (angle, expected) in
            [(3.5, 3.5 - std::f64::consts::TAU), (-3.5, std::f64::consts::TAU - 3.5), (1.0, 1.0)]
        {
            assert!((seen_at(angle, foot) - expected).abs() < 1e-12);
        }
    }
}
