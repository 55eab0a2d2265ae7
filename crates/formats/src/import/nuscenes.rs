//! nuScenes scenes as tables: boxes with class, size and heading in a world frame, and a camera's trajectory.
//!
//! Source: Caesar et al., *nuScenes: A Multimodal Dataset for Autonomous Driving*, 2020; the layout is that of an excerpt with
//! one `scene-NNNN.csv` per scene, `scene-NNNN.json` beside it, and `scene-NNNN.CAM_FRONT.csv` where there is a camera.

use super::error::Error;
use super::faults::{Faults, RowFault};
use super::input::{self, Parsed, SourceFile, number, whole};
use super::record::{self, DEFAULT_TOLERANCE_S, MAX_FRAME_INDEX};
use super::{ImportSettings, Imported, Importer};
use chrono::{NaiveDateTime, TimeZone as _, Utc};
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    Clock, Intrinsics, Known, Label, Origin, Pose, Reference, ReferenceFrame, ReferenceFrameId, Sample,
    Scale, Span, Time, Track, World, WorldBuilder, unit_quaternion,
};
use serde::Deserialize;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// nuScenes scenes of the excerpt's layout.
///
/// Poses lie in `world(LOCATION)` (`world(map)` where no location is stated): metres, x east, y north, z up; body x is forward.
/// Record time 0 is the first keyframe, and the record's UTC start is its timestamp; camera pictures may come before it.
/// Keyframes are 2 in a second and each annotated in full: **coverage** is complete at them, for the categories of nuScenes.
/// Tracks are interpolated across at most 1 s.
///
/// The camera file gives an observer with its lens (the picture's size is nuScenes' 1600×900), the trajectory that carries it,
/// and the car itself as a track named `ego`, marked `ignored`: it is no annotated thing and counts with none. Headings follow from the turns; those
/// that are written otherwise, if only by a digit, are dated facts beside, as are the names of the camera's pictures.
#[derive(Clone, Copy, Debug)]
pub struct NuScenes;

const VOCABULARY: &str = "nuscenes";

pub(crate) const HEADER: [&str; 15] = [
    "frame",
    "timestamp_us",
    "instance",
    "category",
    "x",
    "y",
    "z",
    "width",
    "length",
    "height",
    "qw",
    "qx",
    "qy",
    "qz",
    "heading_deg",
];

/// The 23 categories of the annotation (Caesar et al., 2020, table 5).
const CATEGORIES: [&str; 23] = [
    "animal",
    "human.pedestrian.adult",
    "human.pedestrian.child",
    "human.pedestrian.construction_worker",
    "human.pedestrian.personal_mobility",
    "human.pedestrian.police_officer",
    "human.pedestrian.stroller",
    "human.pedestrian.wheelchair",
    "movable_object.barrier",
    "movable_object.debris",
    "movable_object.pushable_pullable",
    "movable_object.trafficcone",
    "static_object.bicycle_rack",
    "vehicle.bicycle",
    "vehicle.bus.bendy",
    "vehicle.bus.rigid",
    "vehicle.car",
    "vehicle.construction",
    "vehicle.emergency.ambulance",
    "vehicle.emergency.police",
    "vehicle.motorcycle",
    "vehicle.trailer",
    "vehicle.truck",
];

impl Importer for NuScenes {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "nuscenes",
            about: "street boxes with class, size and heading in a world frame, and the camera's way",
            source: "formats/src/import/nuscenes.rs",
            paper: Some("Caesar et al., nuScenes: A Multimodal Dataset for Autonomous Driving, CVPR 2020"),
            example: "chronotope import nuscenes scene-0757.csv.gz -o street.world",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        if path.is_dir() {
            return scenes(path).is_ok_and(|found| !found.is_empty());
        }
        let text = String::from_utf8_lossy(head);
        text.lines().next().is_some_and(|line| is_header(line, &HEADER))
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let found = scenes(path)?;
        if found.is_empty() {
            return Err(Error::input(path, "a scene-NNNN.csv, or a folder with such files", "neither"));
        }
        let (mut worlds, mut faults) = (Vec::new(), Faults::default());
        for (name, file) in record::pick(found, |s| &s.0, settings)? {
            worlds.push(import_scene(&name, &file, settings, &mut faults)?);
        }
        Ok(Imported { worlds, faults })
    }
}

fn is_header(line: &str, expected: &[&str]) -> bool {
    line.trim().split(',').map(str::trim).eq(expected.iter().copied())
}

/// Names and files of the scenes of a file or folder.
fn scenes(path: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let paths = if path.is_dir() { input::listing(path)? } else { vec![path.to_owned()] };
    let name = |p: PathBuf| (input::stem(&p), p);
    // `scene-0757.CAM_FRONT` is no scene
    let is_scene = |(stem, p): &(String, PathBuf)| {
        path.is_file()
            || (stem.starts_with("scene-") && !stem.contains('.') && p.to_string_lossy().contains(".csv"))
    };
    Ok(paths.into_iter().map(name).filter(is_scene).collect())
}

struct Row {
    frame_index: u32,
    timestamp_us: i64,
    instance: String,
    category: String,
    position: [f64; 3],
    extent: [f64; 3],
    rotation: [f64; 4],
    heading_deg: f64,
}

fn parse(cells: &[&str]) -> Result<Row, RowFault> {
    let numbers = |from: usize, n: usize| -> Result<Vec<f64>, RowFault> {
        (from..from + n).map(|k| number(cells[k], HEADER[k])).collect()
    };
    let (p, s, q) = (numbers(4, 3)?, numbers(7, 3)?, numbers(10, 4)?);
    let heading_deg = number(cells[14], HEADER[14])?;
    if s.iter().any(|v| *v <= 0.0) {
        return Err(RowFault::new("width, length and height above 0", format_args!("{s:?}")));
    }
    let rotation = [q[0], q[1], q[2], q[3]];
    if unit_quaternion(rotation).is_none() {
        return Err(RowFault::new("a quaternion of length 1", format_args!("{rotation:?}")));
    }
    let word = |k: usize| match cells[k].trim() {
        "" => Err(RowFault::new(HEADER[k], "nothing")),
        text => Ok(text.to_owned()),
    };
    Ok(Row {
        frame_index: whole(cells[0], HEADER[0], 0, MAX_FRAME_INDEX)? as u32,
        timestamp_us: whole(cells[1], HEADER[1], 0, i64::MAX / 1000)?,
        instance: word(2)?,
        category: word(3)?,
        position: [p[0], p[1], p[2]],
        extent: [s[1], s[0], s[2]],
        rotation,
        heading_deg,
    })
}

/// The good rows of a table with a header.
fn read_table<R>(
    path: &Path,
    header: &[&str],
    mut parse: impl FnMut(&[&str]) -> Result<R, RowFault>,
) -> Result<Parsed<R>, Error> {
    let mut has_header = false;
    input::rows(path, &format!("{} columns under a header", header.len()), |text| {
        if !has_header {
            has_header = is_header(text, header);
            let fault = || RowFault::new(format!("the header {}", header.join(",")), text);
            return if has_header { Ok(None) } else { Err(fault()) };
        }
        let cells: Vec<&str> = text.split(',').take(header.len() + 1).collect();
        if cells.len() != header.len() {
            return Err(RowFault::new(format!("{} columns", header.len()), cells.len()));
        }
        parse(&cells).map(Some)
    })
}

/// What stands in the JSON file beside a scene.
#[derive(Default, Deserialize)]
#[serde(default)]
struct SceneInfo {
    location: String,
    description: String,
}

/// The fact that keeps a thing's compass heading in degrees where it is not the one that [`heading_deg`] computes, to the last digit.
pub(crate) const HEADING: &str = "heading as given";

/// The facts of a camera that keep what its rows say beside poses: the picture's file, its heading and the car's in degrees.
pub(crate) const CAMERA_FACTS: [&str; 3] = ["file", "camera heading as given", "car heading as given"];

/// Compass heading of the body's x axis in degrees: 0 is north (+y), counter-clockwise, above −180 up to 180.
pub(crate) fn heading_deg([w, x, y, z]: [f64; 4]) -> f64 {
    let yaw = libm::atan2(2.0 * (w * z - x * y), 1.0 - 2.0 * (y * y + z * z));
    compass_deg(yaw)
}

/// A yaw in radians (0 along +x, counter-clockwise) as a compass heading in degrees.
pub(crate) fn compass_deg(yaw: f64) -> f64 {
    let heading = yaw.to_degrees() - 90.0;
    if heading <= -180.0 { heading + 360.0 } else { heading }
}

fn import_scene(
    name: &str,
    path: &Path,
    settings: &ImportSettings,
    faults: &mut Faults,
) -> Result<World, Error> {
    let mut seen = HashSet::new();
    let read = read_table(path, &HEADER, |cells| {
        let row = parse(cells)?;
        if !seen.insert((row.timestamp_us, row.instance.clone())) {
            return Err(RowFault::new(
                "one row per keyframe and instance",
                format!("a second of {}", row.instance),
            ));
        }
        Ok(row)
    })?;
    let Parsed { rows, faults: broken, layout } = read;
    faults.append(broken);
    let folder = path.parent().unwrap_or(Path::new(""));
    let info: SceneInfo = match input::beside(folder, &format!("{name}.json")) {
        Some(file) => input::json(&file, "an object with location and description")?,
        None => SceneInfo::default(),
    };
    let start_us = rows.iter().map(|r| r.timestamp_us).min().unwrap_or_default();
    let at = |timestamp_us: i64| Time(timestamp_us.saturating_sub(start_us).saturating_mul(1000));
    let mut builder = WorldBuilder::new(name);
    builder.record().utc_start_ns = Some(start_us * 1000);
    let clock = Clock { offset: Time(-start_us * 1000), ..Clock::SAME };
    let file = SourceFile::new(path)?;
    let words = format!("format=nuscenes{}", layout.words());
    let source = record::annotation_source(&mut builder, &file, Some(clock), words);
    layout.keep_heading(&mut builder, source);
    let location = if info.location.is_empty() { "map" } else { &info.location };
    let map = builder.reference_frame(ReferenceFrame::World(location.to_owned()), Scale::Metre);
    if !info.description.is_empty() {
        let (scene, text) = (Reference::Text(name.to_owned()), Reference::Text(info.description));
        record::add_fact(&mut builder, source, scene, "description", text, Span::ALWAYS);
    }
    let tolerance_ns = record::tolerance_ns(settings, DEFAULT_TOLERANCE_S, None);
    let of_things = rows.iter().map(|r| (r.instance.as_str(), r.category.as_str(), at(r.timestamp_us)));
    let things = record::add_things(&mut builder, source, VOCABULARY, of_things, |track, _, category| {
        track.tolerance_ns = Some(tolerance_ns);
        category.to_owned()
    });
    for row in &rows {
        let t = at(row.timestamp_us);
        let track = things.tracks[&(row.instance.as_str(), row.category.as_str())];
        if heading_deg(row.rotation) != row.heading_deg {
            let thing = Reference::Entity(things.entities[row.instance.as_str()]);
            let given = Reference::Number(row.heading_deg, "deg".into());
            record::add_fact(&mut builder, source, thing, HEADING, given, Span::at(t));
        }
        let mut sample = Sample::new(source, Some(track), t, Origin::Annotated);
        sample.frame_index = Some(row.frame_index);
        sample.pose = Some(Pose {
            reference_frame: map,
            position: row.position,
            rotation: Some(row.rotation),
            extent: Some(row.extent),
        });
        builder.sample(sample);
    }
    let times = || rows.iter().map(|r| at(r.timestamp_us));
    if let (Some(first), Some(last)) = (times().min(), times().max()) {
        let own = rows.iter().map(|r| r.category.as_str());
        let labels: BTreeSet<&str> = CATEGORIES.iter().copied().chain(own).collect();
        let labels = labels.into_iter().map(str::to_owned).collect();
        record::add_coverage(&mut builder, source, None, Span::between(first, last + 1), labels, false);
    }
    if let Some(file) = input::beside(folder, &format!("{name}.CAM_FRONT.csv")) {
        add_camera(&mut builder, &file, clock, map, faults)?;
    }
    record::build(builder, path)
}

pub(crate) const CAMERA_HEADER: [&str; 23] = [
    "frame_num",
    "timestamp",
    "filename",
    "cam_x",
    "cam_y",
    "cam_z",
    "cam_qw",
    "cam_qx",
    "cam_qy",
    "cam_qz",
    "fx",
    "cx",
    "fy",
    "cy",
    "ego_x",
    "ego_y",
    "ego_z",
    "ego_qw",
    "ego_qx",
    "ego_qy",
    "ego_qz",
    "cam_heading_deg",
    "ego_heading_deg",
];

struct CameraRow {
    frame_index: u32,
    utc_ns: i64,
    /// Position and turn of the camera, then of the car.
    poses: [([f64; 3], [f64; 4]); 2],
    /// fx, cx, fy, cy.
    lens: [f64; 4],
    file_name: String,
    /// Of the camera, then of the car.
    headings_deg: [f64; 2],
}

fn parse_camera(cells: &[&str]) -> Result<CameraRow, RowFault> {
    let numbers: Vec<f64> = (3..23).map(|k| number(cells[k], CAMERA_HEADER[k])).collect::<Result<_, _>>()?;
    let pose = |from: usize| {
        let v = &numbers[from..from + 7];
        let q = [v[3], v[4], v[5], v[6]];
        unit_quaternion(q)
            .map(|_| ([v[0], v[1], v[2]], q))
            .ok_or_else(|| RowFault::new("a quaternion of length 1", format_args!("{q:?}")))
    };
    let utc = NaiveDateTime::parse_from_str(cells[1].trim(), "%Y-%m-%d %H:%M:%S%.f")
        .map_err(|e| RowFault::new("a UTC time such as 2018-08-30 19:25:08.262404", e))?;
    let utc_ns = Utc.from_utc_datetime(&utc).timestamp_nanos_opt();
    Ok(CameraRow {
        frame_index: whole(cells[0], CAMERA_HEADER[0], 0, MAX_FRAME_INDEX)? as u32,
        utc_ns: utc_ns.ok_or_else(|| RowFault::new("a time from 1677 to 2262", cells[1]))?,
        poses: [pose(0)?, pose(11)?],
        lens: [numbers[7], numbers[8], numbers[9], numbers[10]],
        file_name: cells[2].trim().to_owned(),
        headings_deg: [numbers[18], numbers[19]],
    })
}

/// The camera, the trajectory that carries it, and the car that carries the camera.
fn add_camera(
    builder: &mut WorldBuilder,
    path: &Path,
    clock: Clock,
    map: ReferenceFrameId,
    faults: &mut Faults,
) -> Result<(), Error> {
    let mut seen = HashSet::new();
    let read = read_table(path, &CAMERA_HEADER, |cells| {
        let row = parse_camera(cells)?;
        if seen.insert(row.utc_ns) {
            Ok(row)
        } else {
            Err(RowFault::new("one row per time", format_args!("a second of {}", cells[1])))
        }
    })?;
    let Parsed { rows, faults: broken, layout } = read;
    faults.append(broken);
    let file = SourceFile::new(path)?;
    let words = format!("format=nuscenes-camera{}", layout.words());
    let source = record::annotation_source(builder, &file, Some(clock), words);
    let [fx, cx, fy, cy] = rows[0].lens;
    let utc_start_ns = rows.iter().map(|row| row.utc_ns).min().unwrap_or_default();
    let known = Known::at(Time(utc_start_ns.saturating_add(clock.offset.0)));
    let lens = Intrinsics { fx, fy, cx, cy, distortion: Vec::new() };
    let observer = record::camera(builder, source, "CAM_FRONT", Some([1600, 900]), Some(lens));
    let mut camera = Track::new(source, "CAM_FRONT", known);
    (camera.carries, camera.tolerance_ns) = (Some(observer), Some(Time::from_s(DEFAULT_TOLERANCE_S).0));
    let camera = builder.track(camera);
    let mut ego = Track::new(source, "ego", known);
    (ego.ignored, ego.tolerance_ns) = (true, Some(Time::from_s(DEFAULT_TOLERANCE_S).0));
    let ego = builder.track(ego);
    builder.entity_of(ego, "annotated", known);
    builder.label(Label::new(ego, "ego", "name", known));
    for row in &rows {
        for (track, (position, rotation)) in [camera, ego].into_iter().zip(row.poses) {
            let t = Time(row.utc_ns.saturating_add(clock.offset.0));
            let mut sample = Sample::new(source, Some(track), t, Origin::Annotated);
            sample.frame_index = Some(row.frame_index);
            sample.pose =
                Some(Pose { reference_frame: map, position, rotation: Some(rotation), extent: None });
            builder.sample(sample);
        }
        let t = Time(row.utc_ns.saturating_add(clock.offset.0));
        let of_car = row.headings_deg[1] != heading_deg(row.poses[1].1);
        let headings = row.headings_deg.map(|deg| Reference::Number(deg, "deg".into()));
        let [of_camera, car] = headings;
        let told = [Reference::Text(row.file_name.clone()), of_camera, car];
        for (predicate, object) in CAMERA_FACTS.into_iter().zip(told).take(if of_car { 3 } else { 2 }) {
            record::add_fact(builder, source, Reference::Observer(observer), predicate, object, Span::at(t));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};
    use std::collections::BTreeMap;

    const ROW: &str = "0,1535657108301401,a,vehicle.car,1,2,3,2,4,1.5,1,0,0,0,-90";

    fn import(rows: &str) -> Result<Imported, Error> {
        let scratch = Scratch::new();
        let text = format!("{}\n{rows}", HEADER.join(","));
        NuScenes.import(&scratch.file("scene-0001.csv", text.as_bytes()), &ImportSettings::default())
    }

    #[test]
    fn broken_rows_are_faults() {
        let bad = [
            ROW.replacen("0,", "-1,", 1),
            ROW.replacen("1535657108301401", "99999999999999999999", 1),
            ROW.replacen(",a,", ",,", 1),
            ROW.replacen(",2,4,", ",0,4,", 1),
            ROW.replacen(",1,0,0,0,", ",1,1,0,0,", 1),
            ROW.replacen(",1,2,3,", ",nan,2,3,", 1),
            format!("{ROW},1"),
            "1,2".to_owned(),
            ROW.to_owned(),
        ];
        let imported = import(&format!("{ROW}\r\n{}\n", bad.join("\n"))).expect("one good row");
        assert_eq!(imported.faults.count(), bad.len() as u64, "{}", imported.faults);
        assert!(import("").is_err() && import("hello\n").is_err());
        let scratch = Scratch::new();
        for bytes in [&b""[..], b"\xff\xfe\0", b"a,b\n1,2\n"] {
            assert!(
                NuScenes.import(&scratch.file("scene-1.csv", bytes), &ImportSettings::default()).is_err()
            );
        }
    }

    /// Counts, times, places, sizes and headings equal the files, read a second time by a few independent lines.
    #[test]
    fn worlds_equal_the_files() {
        let Some(folder) = data("import nuscenes", "nuscenes_mini") else { return };
        let imported = NuScenes.import(&folder, &ImportSettings::default()).expect("valid");
        assert_eq!((imported.worlds.len(), imported.faults.count()), (5, 0));
        let (mut boxes, mut things) = (0, 0);
        for world in &imported.worlds {
            let path = folder.join(format!("{}.csv.gz", world.record().name));
            let mut text = String::new();
            std::io::Read::read_to_string(&mut input::open(&path).expect("there"), &mut text).expect("text");
            let start = world.record().utc_start_ns.expect("stated");
            let mut instances = BTreeMap::new();
            for line in text.lines().skip(1) {
                boxes += 1;
                let cell: Vec<&str> = line.split(',').collect();
                let v = |k: usize| cell[k].parse::<f64>().expect("a number");
                let track = *instances.entry(cell[2]).or_insert_with(|| {
                    world.tables().tracks.iter().find(|t| t.source_key == cell[2]).expect("imported").id
                });
                let t = Time(cell[1].parse::<i64>().expect("whole") * 1000 - start);
                let run = world.run(track, Span::at(t)).expect("in memory");
                let pose = run.samples().next().and_then(|s| s.pose).expect("placed");
                assert_eq!(pose.position, [v(4), v(5), v(6)]);
                assert_eq!(pose.extent, Some([v(8), v(7), v(9)]));
                let ahead =
                    unit_quaternion(pose.rotation.expect("turned")).expect("unit") * nalgebra::Vector3::x();
                // compass: 0 is north, counter-clockwise
                let heading = (v(14) + 90.0).to_radians();
                assert!(
                    (ahead.x - libm::cos(heading)).abs() + (ahead.y - libm::sin(heading)).abs() < 1e-6,
                    "{line}"
                );
                let label = world.labels_of_track(track).next().map(|l| l.text.as_str());
                assert_eq!(label, Some(cell[3]));
            }
            things += instances.len();
            let counted = world.tables().tracks.iter().filter(|t| !t.ignored && t.carries.is_none()).count();
            assert_eq!(counted, instances.len());
        }
        assert_eq!((boxes, things), (11_494, 493));
        let with_camera =
            imported.worlds.iter().find(|w| w.record().name == "scene-0757").expect("in the data");
        let observer = &with_camera.tables().observers[0];
        assert_eq!(
            observer.intrinsics.as_ref().map(|i| (i.fx, i.cy)),
            Some((1252.8131021185304, 469.9846626224581))
        );
        // the way from the world to the camera: the car drives where its camera looks
        let camera = ReferenceFrame::Camera(observer.id);
        let map = with_camera.mapping(&camera, &ReferenceFrame::World("boston-seaport".into()), Time(0));
        assert!(map.expect("in memory").is_ok());
    }
}
