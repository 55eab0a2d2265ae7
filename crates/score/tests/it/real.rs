//! Official results on real data: TUD-Campus by TrackEval, the TUM sequences by evo. Both come with the data.

use crate::{close, scored};
use chronotope_score::{Datum, Path, Posed, TrackedBox, Tracks};
use chronotope_world::BoxPx;
use flate2::read::MultiGzDecoder;
use nalgebra::{Quaternion, UnitQuaternion, Vector3};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

/// A folder of the data, or none, which is said.
fn data(test: &str, folder: &str) -> Option<PathBuf> {
    let root = std::env::var("CHRONOTOPE_DATA")
        .map_or_else(|_| PathBuf::from("../../../shared/data"), PathBuf::from);
    let found = Some(root.join(folder)).filter(|path| path.is_dir());
    let word = if found.is_some() { "run" } else { "skipped" };
    writeln!(std::io::stderr(), "data test {word}: {test}").ok();
    found
}

fn tracks(path: PathBuf) -> Datum {
    let text = std::fs::read_to_string(path).expect("a MOT file");
    let boxes = text.lines().filter(|line| !line.trim().is_empty()).filter_map(|line| {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.trim().parse().expect("a number")).collect();
        let box_px = BoxPx { left: cells[2], top: cells[3], width: cells[4], height: cells[5] };
        (cells[6] != 0.0).then_some(TrackedBox { frame_index: cells[0] as u32, id: cells[1] as u64, box_px })
    });
    Datum::Tracks(Arc::new(Tracks::new(boxes.collect()).expect("no one twice")))
}

#[test]
fn tud_campus_scores_as_trackeval_scores_it() {
    let Some(folder) = data("score tud-campus", "mot15/TUD-Campus") else { return };
    let expected: Value = serde_json::from_str(
        &std::fs::read_to_string(folder.join("expected_trackeval.json")).expect("a file"),
    )
    .expect("JSON");
    let found =
        scored("mot", &[(tracks(folder.join("gt.txt")), Some(tracks(folder.join("test.txt"))))]).overall;
    let renamed = |name: &str| match name {
        "CLR_Re" => "Recall".to_owned(),
        "CLR_Pr" => "Precision".to_owned(),
        "CLR_F1" => "F1".to_owned(),
        other => other.trim_start_matches("CLR_").to_owned(),
    };
    let mut compared = 0;
    for (name, expected) in expected["metrics"]
        .as_object()
        .expect("families")
        .values()
        .flat_map(|f| f.as_object().expect("values"))
    {
        if let Some(found) = found.get(&renamed(name)) {
            close(name, *found, expected.as_f64().expect("a number"));
            compared += 1;
        }
    }
    assert!(compared >= 35, "{compared}");
}

fn path(file: PathBuf) -> Path {
    let mut text = String::new();
    let file = std::fs::File::open(file).expect("a path");
    MultiGzDecoder::new(file).read_to_string(&mut text).expect("gzip");
    let poses = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).map(|line| {
        let n: Vec<f64> = line.split_whitespace().map(|cell| cell.parse().expect("a number")).collect();
        let rotation =
            UnitQuaternion::try_new(Quaternion::new(n[7], n[4], n[5], n[6]), 0.0).expect("not zero");
        Posed { t_s: n[0], position: Vector3::new(n[1], n[2], n[3]), rotation }
    });
    Path::new(poses.collect())
}

#[test]
fn tum_sequences_score_as_evo_scores_them() {
    let Some(folder) = data("score tum", "trajectories") else { return };
    let expected: Value = serde_json::from_str(
        &std::fs::read_to_string(folder.join("expected_evo_1.38.1.json")).expect("a file"),
    )
    .expect("JSON");
    for case in expected.as_array().expect("cases") {
        let text = |key: &str| case[key].as_str().expect("text");
        let metric = match text("metric") {
            "APE translation (m), SE(3) Umeyama alignment" => "ate",
            "APE translation (m), Sim(3) Umeyama alignment" => "ate-sim3",
            "APE translation (m), no alignment" => "ate-raw",
            "APE rotation angle (deg), SE(3) Umeyama alignment" => "ape-rotation",
            "RPE translation (m), delta = 1 frame, consecutive pairs, no alignment" => "rpe",
            "RPE rotation angle (deg), delta = 1 frame, consecutive pairs, no alignment" => "rpe-rotation",
            other if other.starts_with("RPE translation (m), delta = 1 m") => "rpe-metre",
            other => panic!("no metric for {other}"),
        };
        let of = |key: &str| Datum::Path(Arc::new(path(folder.join(format!("{}.gz", text(key))))));
        let found = scored(metric, &[(of("reference"), Some(of("estimate")))]).overall;
        for (name, expected) in case["stats"].as_object().expect("statistics") {
            let what = format!("{} {metric} {name}", text("estimate"));
            let (found, expected) = (found[name], expected.as_f64().expect("a number"));
            // a quaternion of seven digits is not a rotation to the last bit, and evo does not normalise its matrices
            assert!((found - expected).abs() < 1e-6 * expected.abs().max(1.0), "{what}: {found} {expected}");
        }
    }
}
