//! Importers: files that others made become Worlds. One file per format.
//!
//! ```text
//!  PATH ─ input: lines, gzip, JSON ─▶ format: rows, faults ─▶ WorldBuilder ─▶ Imported { worlds, faults }
//! ```
//!
//! A row that is broken is left out, counted and named; the others are kept. A file of which no row is good, or which
//! breaks off inside its compression, is an error. What a format says and the World has no column for is kept as dated
//! facts or in the settings of the source, so that the exporter of the same name writes the file back.
//!
//! # Adding a format
//!
//! 1. A file here with one public unit struct that implements [`Importer`], headed by the format's specification.
//! 2. A line in [`IMPORTERS`].

pub(crate) mod coco;
mod encoding;
mod error;
mod euroc;
mod faults;
pub(crate) mod input;
mod kitti;
pub(crate) mod kitti_detections;
mod kitti_poses;
pub(crate) mod layout;
mod mot;
pub(crate) mod nuscenes;
mod record;
#[cfg(test)]
pub(crate) mod scratch;
mod thor;
pub(crate) mod trajectory;
mod tum;
pub(crate) mod vsi_bench;
mod youtube_vis;

pub use coco::Coco;
pub use error::Error;
pub use euroc::Euroc;
pub(crate) use faults::RowFault;
pub use faults::{Fault, Faults, NAMED, Place};
pub use kitti::Kitti;
pub(crate) use kitti::{
    CALIBRATION as KITTI_CALIBRATION, pose_in_camera as kitti_pose_in_camera, seen_at as kitti_seen_at,
};
pub use kitti_detections::KittiDetections;
pub use kitti_poses::KittiPoses;
pub(crate) use kitti_poses::matrix as kitti_matrix;
pub use mot::Mot;
pub(crate) use mot::{LABELS as MOT_LABELS, class_number as mot_class_number, detections as mot_detections};
pub use nuscenes::NuScenes;
pub use thor::Thor;
pub use tum::Tum;
pub(crate) use tum::print_pose as tum_pose;
pub use vsi_bench::VsiBench;
pub use youtube_vis::YoutubeVis;

use chronotope_world::World;
use chronotope_world::catalogue::Entry;
use std::path::Path;

/// One format that can be read.
pub trait Importer: Sync {
    /// Its name, about, specification and example; the kind is `importers`.
    fn entry(&self) -> Entry;

    /// This path, whose first bytes after decompression are `head` (empty for a folder), is of this format.
    /// May look at the names beside it, never at more bytes.
    fn recognises(&self, path: &Path, head: &[u8]) -> bool;

    /// Reads a file or a folder into one World per scene, sorted by name.
    ///
    /// # Errors
    /// Where nothing can be imported: see [`Error`].
    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error>;
}

/// What an import gave.
#[derive(Clone, Debug)]
pub struct Imported {
    /// One World per scene; its name is the scene's.
    pub worlds: Vec<World>,
    /// The rows that were left out.
    pub faults: Faults,
}

/// What the user knows and the file does not say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportSettings {
    /// Pictures per second. Without it, and where the format says nothing, only the order of the pictures is known.
    pub fps: Option<f64>,
    /// The one scene to read; none: all.
    pub scene: Option<String>,
    /// Width and height of the pictures in pixels, where the files do not say.
    pub picture_px: Option<[u32; 2]>,
    /// Longest gap in seconds across which a track may be interpolated; none: the format's default.
    pub tolerance_s: Option<f64>,
    /// A trajectory's unit is not metres but unknown (monocular reconstruction).
    pub unknown_scale: bool,
}

impl ImportSettings {
    /// The settings, where they make sense.
    ///
    /// # Errors
    /// Pictures per second outside (0, 1e6], a tolerance below 0 or not finite, a picture without area.
    pub(crate) fn checked(&self) -> Result<&ImportSettings, Error> {
        let bad = |setting, expected: &str, found: String| {
            Err(Error::Setting { setting, expected: expected.into(), found })
        };
        match *self {
            ImportSettings { fps: Some(fps), .. } if !(LEAST_FPS..=1e6).contains(&fps) => {
                bad("--fps", "a number from 0.000001 (a picture in 11 days) to 1,000,000", format!("{fps:?}"))
            }
            ImportSettings { tolerance_s: Some(s), .. } if !(s >= 0.0 && s.is_finite()) => {
                bad("tolerance", "a number of seconds from 0", s.to_string())
            }
            ImportSettings { picture_px: Some([w, h]), .. } if w == 0 || h == 0 => {
                bad("picture size", "a width and height above 0", format!("{w}x{h}"))
            }
            _ => Ok(self),
        }
    }
}

/// Fewest pictures in a second: with fewer, ten thousand of them reach beyond the 292 years that a record can have.
const LEAST_FPS: f64 = 1e-6;

/// Every importer, alphabetical. Recognition asks in this order; no two may recognise one file.
pub const IMPORTERS: &[&dyn Importer] = &[
    &Coco,
    &Euroc,
    &Kitti,
    &KittiDetections,
    &KittiPoses,
    &Mot,
    &NuScenes,
    &Thor,
    &Tum,
    &VsiBench,
    &YoutubeVis,
];

/// The importer of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Importer> {
    IMPORTERS.iter().copied().find(|importer| importer.entry().name == name)
}

/// The importer that recognises a file or folder, by its name and first bytes.
pub fn recognise(path: &Path) -> Option<&'static dyn Importer> {
    let head = if path.is_file() { input::head(path) } else { Vec::new() };
    IMPORTERS.iter().copied().find(|importer| importer.recognises(path, &head))
}

/// A text file as a whole, decompressed where it is gzip.
///
/// # Errors
/// A file that cannot be read, is not UTF-8, or holds more than 64 MiB.
pub fn text_of(path: &Path) -> Result<String, Error> {
    input::text(path)
}

/// What the importers say of themselves, for the room's catalogue.
pub fn entries() -> Vec<Entry> {
    IMPORTERS.iter().map(|importer| importer.entry()).collect()
}

#[cfg(test)]
mod tests {
    use super::scratch::Scratch;
    use super::*;

    /// A small good file of each format.
    fn samples() -> [(&'static str, &'static str); 12] {
        [
            ("mot", "1,7,1.5,2,3,4,1,1,0.25\n2,7,1,2,3,4,0,1,1\n"),
            ("mot", "1,7,1,2,3,4,1,-4.5,2,0\n2,-1,1,2,3,4,0.5,-1,-1,-1\n"),
            (
                "kitti",
                "0 0 Van 0 1 -1.79 296 161 455 292 2.0 1.8 4.4 -4.5 1.8 13.4 -2.1\n\
                 0 -1 DontCare -1 -1 -10 219 188 245 218 -1000 -1000 -1000 -10 -1 -1 -1\n",
            ),
            ("kitti-poses", "1 0 0 1.5 0 1 0 2 0 0 1 3\n1 0 0 1.5 0 1 0 2 0 0 1 3\n"),
            (
                "kitti-detections",
                "0,2,298.3,165.1,458.2,293.4,8.2,1.96,1.81,4.75,-4.57,1.84,13.5,-2.1,-1.7\n",
            ),
            ("tum", "# way\n1305031098.5 1 2 3 0 0 0 1\n1305031098.55 2 2 3 0 0 0 1\n"),
            ("euroc", "#timestamp\n1403636579763555528,4.688,-1.786,0.783,0.534,-0.153,-0.827,-0.082\n"),
            (
                "nuscenes",
                "frame,timestamp_us,instance,category,x,y,z,width,length,height,qw,qx,qy,qz,heading_deg\n\
                 0,1535657108301401,a,vehicle.car,1,2,3,2,4,1.5,1,0,0,0,-90\n\
                 1,1535657108801401,a,vehicle.car,1,2,3,2,4,1.5,1,0,0,0,-90\n",
            ),
            (
                "vsi-bench",
                r#"{"s": {"room_size": 4.5, "room_center": [0,0,0], "object_counts": {"cup": 1}, "object_bbox": {"cup":
                [{"centroid": [1,2,3], "axesLengths": [1,2,4], "normalizedAxes": [1,0,0,0,1,0,0,0,-1]}]}}}"#,
            ),
            (
                "thor",
                r#"{"scene": "FloorPlan1", "agent": {"cameraHorizon": 0}, "objects": [{"objectId": "Mug|1", "objectType": "Mug",
                "rotation": {"x": 0, "y": 90, "z": 0}, "aabb_center": {"x": 1, "y": 2, "z": 3}, "aabb_size": {"x": 1, "y": 1, "z": 1}}]}"#,
            ),
            (
                "coco",
                r#"{"images": [{"id": 7, "file_name": "a.jpg", "width": 4, "height": 3}],
                "categories": [{"id": 18, "name": "dog"}], "annotations": [{"id": 1, "image_id": 7,
                "category_id": 18, "bbox": [1,0,2,3], "segmentation": [[1,0, 3,0, 3,3]]}]}"#,
            ),
            (
                "youtube-vis",
                r#"{"videos": [{"id": 9, "width": 4, "height": 3, "file_names": ["ab/0.jpg"]}],
                "categories": [{"id": 2, "name": "cat"}], "annotations": [{"id": 4, "video_id": 9, "category_id": 2,
                "segmentations": [{"size": [3,4], "counts": "363"}], "bboxes": [[1,0,2,3]]}]}"#,
            ),
        ]
    }

    #[test]
    fn each_format_knows_its_own_and_no_other() {
        let scratch = Scratch::new();
        for (n, (name, text)) in samples().into_iter().enumerate() {
            let path = scratch.file(&format!("{n}.txt"), text.as_bytes());
            let head = input::head(&path);
            let found: Vec<&str> =
                IMPORTERS.iter().filter(|i| i.recognises(&path, &head)).map(|i| i.entry().name).collect();
            assert_eq!(found, [name]);
        }
    }

    /// Bytes flipped, cut, doubled and exchanged for the worst there is: a World, or an error that names the file, never a panic.
    #[test]
    fn damaged_files_end_in_a_world_or_an_error_with_the_name() {
        let scratch = Scratch::new();
        let worst = [
            "nan",
            "inf",
            "-1",
            "1e308",
            "99999999999999999999",
            "-9223372036854775808",
            "",
            "\"",
            "\0",
            "[",
            "{}",
            "null",
            ",,",
            "4294967295",
            "4294967294",
        ];
        let mut state = 11u64;
        let mut next = |n: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % n.max(1)
        };
        for (name, text) in samples() {
            let importer = by_name(name).expect("in the catalogue");
            for round in 0..300 {
                let mut bytes = text.as_bytes().to_vec();
                for _ in 0..=next(3) {
                    let at = next(bytes.len());
                    match next(4) {
                        0 => bytes[at] = next(256) as u8,
                        1 => bytes.truncate(at.max(1)),
                        2 => bytes.extend_from_within(at..),
                        _ => {
                            let is_number = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'-');
                            let end = bytes[at..]
                                .iter()
                                .position(|b| !is_number(b))
                                .map_or(bytes.len(), |n| at + n);
                            bytes.splice(at..end, worst[next(worst.len())].bytes());
                        }
                    }
                    bytes.push(b'\n');
                }
                let path = scratch.file("damaged.txt", &bytes);
                match importer.import(&path, &ImportSettings::default()) {
                    Ok(imported) => {
                        for (world, exporter) in imported
                            .worlds
                            .iter()
                            .flat_map(|w| crate::export::EXPORTERS.iter().map(move |e| (w, e)))
                        {
                            // what cannot be said is an error too
                            let _ = exporter.export(
                                world,
                                &crate::export::ExportSettings::default(),
                                &mut std::io::sink(),
                            );
                        }
                    }
                    Err(error) => {
                        let error = error.to_string();
                        assert!(error.contains("damaged.txt"), "{name} {round}: {error}");
                    }
                }
            }
        }
    }

    /// Of two things that contradict each other neither wins without a word.
    #[test]
    fn what_contradicts_itself_is_named() {
        let scratch = Scratch::new();
        let import = |name: &str, text: &str| {
            let path = scratch.file("a.txt", text.as_bytes());
            by_name(name).expect("in the catalogue").import(&path, &ImportSettings::default())
        };
        let tum = "1 0 0 0 0 0 0 1\n2 1 0 0 0 0 0 1\n2 0.5 0 0 0 0 0 1\n3 2 0 0 0 0 0 1\n";
        let euroc = "#t\n5,0,0,0,1,0,0,0\n6,1,0,0,1,0,0,0\n6,0,0,0,1,0,0,0\n";
        let coco = r#"{"images": [{"id": 7, "width": 4, "height": 3}], "categories": [{"id": 18, "name": "dog"}],
            "annotations": [{"id": 1, "image_id": 7, "category_id": 18, "bbox": [1,0,2,3], "track_id": 5},
            {"id": 2, "image_id": 7, "category_id": 18, "bbox": [0,0,2,3], "track_id": 5}]}"#;
        for (name, text, expected) in [
            ("tum", tum, "row 3: expected one pose per time, found another pose of 2 s"),
            ("euroc", euroc, "row 3: expected one pose per time"),
            (
                "coco",
                coco,
                "annotation 1: expected one annotation per picture and track, found a second of track 5",
            ),
            ("mot", "1,7,1,2,3,4,1,1,1\n1,7,2,2,3,4,1,1,1\n", "a.txt:2: expected one row per picture and id"),
        ] {
            let imported = import(name, text).expect("good rows stay");
            assert_eq!(imported.faults.count(), 1, "{name}");
            let named = imported.faults.to_string();
            assert!(named.contains(expected), "{name}: {named}");
        }
        for (name, text, expected) in [
            (
                "coco",
                coco.replace("\"id\": 7,", "\"id\": 7,\n \"id\": 8,"),
                "line 2: expected each key once in an object, found `id` twice",
            ),
            (
                "coco",
                coco.replace("\"dog\"}", "\"dog\"}, {\"id\": 18, \"name\": \"cat\"}"),
                "category 18 as `dog` and as `cat`",
            ),
        ] {
            let error = import(name, &text).expect_err("contradicts itself").to_string();
            assert!(error.contains(expected) && error.contains("a.txt"), "{name}: {error}");
        }
        scratch.file("b.labels.csv", b"id,label\n7,car\n7,bus\n");
        let path = scratch.file("b.txt", b"1,7,1,2,3,4,1,1,1\n");
        let error = Mot.import(&path, &ImportSettings::default()).expect_err("two labels").to_string();
        assert!(error.contains("line 3: expected each id once, found id 7 again, as `bus`"), "{error}");
        scratch.file("c.seqinfo.ini", b"[Sequence]\nframeRate=5\nframeRate=6\n");
        let path = scratch.file("c.txt", b"1,7,1,2,3,4,1,1,1\n");
        let error = Mot.import(&path, &ImportSettings::default()).expect_err("two rates").to_string();
        assert!(error.contains("line 3: expected framerate once, found `5` and `6`"), "{error}");
    }

    /// A time that no record can have is not the end of all time.
    #[test]
    fn times_beyond_a_record_are_refused() {
        let scratch = Scratch::new();
        let path = scratch.file("a.txt", b"1,7,1,2,3,4,1,1,1\n4000000000,7,1,2,3,4,1,1,1\n");
        for (fps, expected) in [(1e-308, "--fps: expected a number from 0.000001"), (1e-6, "292 years")] {
            let settings = ImportSettings { fps: Some(fps), ..ImportSettings::default() };
            let error = Mot.import(&path, &settings).expect_err("too far").to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_million_rows_are_read() {
        let scratch = Scratch::new();
        let mut text = String::new();
        for picture in 1..=1000 {
            for id in 0..1000 {
                text += &format!("{picture},{id},{},{id},20,40,1,1,1\n", picture % 500);
            }
        }
        let path = scratch.file("a.txt", text.as_bytes());
        let world = Mot.import(&path, &ImportSettings::default()).expect("valid").worlds.remove(0);
        let rows: usize = world.store().bounds().iter().map(|b| b.rows).sum();
        assert_eq!((rows, world.entities().count()), (1_000_000, 1000));
    }

    #[test]
    fn the_catalogue_is_in_order_and_without_fault() {
        let entries = entries();
        assert!(entries.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(entries.iter().all(|entry| entry.fault().is_none()));
    }
}
