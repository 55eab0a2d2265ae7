//! Whole files against the official scorers, whose results `benches/peers/score_golden.py` made.

use chronotope_evaluate::{Distractors, ScoreSettings, fitting, score_files};
use chronotope_score::{Group, Report, by_name};
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

fn golden(name: &str) -> Value {
    let path = Path::new("../score/tests/golden").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).expect("a golden file")).expect("JSON")
}

/// A file of this test alone.
fn file(name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("official");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

/// A part of the data folder, or none where it is not there; either is said for the harness.
fn data(test: &str, part: &str) -> Option<PathBuf> {
    let root = std::env::var("CHRONOTOPE_DATA")
        .map_or_else(|_| PathBuf::from("../../../shared/data"), PathBuf::from);
    let found = Some(root.join(part)).filter(|path| path.exists());
    let word = if found.is_some() { "run" } else { "skipped" };
    writeln!(std::io::stderr(), "data test {word}: {test}").ok();
    found
}

fn scored(metric: &str, truth: &Path, said: &Path) -> Report {
    let settings = ScoreSettings::default();
    score_files(by_name(metric).expect("a metric"), truth, said, &settings)
        .unwrap_or_else(|fault| panic!("{fault}"))
        .report
}

/// Every expected value is there, equal to 1e-9.
fn compare(case: &str, found: &BTreeMap<String, f64>, expected: &Value) {
    for (name, expected) in expected.as_object().expect("values") {
        let expected = expected.as_f64().expect("a number");
        let found = found.get(name).unwrap_or_else(|| panic!("{case}: no {name}, expected {expected}"));
        assert!(
            (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
            "{case} {name}: found {found}, expected {expected}"
        );
    }
}

/// As [`compare`], over all categories and by category, and nothing more is there.
fn compare_categories(case: &str, found: &Report, expected: &Value) {
    for (category, expected) in expected.as_object().expect("categories") {
        let nothing = Group::default();
        let values = if category.is_empty() {
            &found.overall
        } else {
            &found.by_group.get(category).unwrap_or(&nothing).values
        };
        let case = format!("{case} {category}");
        compare(&case, values, expected);
        assert_eq!(values.len(), expected.as_object().expect("values").len(), "{case}");
    }
}

/// Results without some of their fields.
fn without(said: &Value, field: &str) -> String {
    let mut said = said.clone();
    for one in said.as_array_mut().expect("results") {
        one.as_object_mut().expect("a result").remove(field);
    }
    said.to_string()
}

#[test]
fn detections_score_as_pycocotools_scores_them() {
    for case in golden("coco.json")["cases"].as_array().expect("cases") {
        let name = &case["settings"][0];
        let truth = file(&format!("coco-{name}.json"), case["truth"].to_string());
        for (kind, metric, said) in [
            ("box", "coco-ap", without(&case["said"], "segmentation")),
            ("box", "coco-ap", case["said"].to_string()),
            ("mask", "coco-ap-mask", without(&case["said"], "bbox")),
            ("both", "coco-ap-mask", case["said"].to_string()),
            ("rectangles", "coco-ap-mask", without(&case["said"], "segmentation")),
        ] {
            let said = file(&format!("coco-{name}-{kind}.json"), said);
            compare_categories(&format!("case {name} {kind}"), &scored(metric, &truth, &said), &case[kind]);
        }
    }
}

#[test]
fn detections_of_people_score_as_pycocotools_scores_them() {
    for (folder, gt, det) in [
        ("mot15/TUD-Campus", "gt.txt", "det.txt"),
        ("pets09_s2l1", "gt_every3rd_0001_0067.txt", "det_0001_0200.txt"),
    ] {
        let Some(at) = data(&format!("score coco {folder}"), folder) else { continue };
        let rows = |name: &str| -> Vec<Vec<f64>> {
            let text = std::fs::read_to_string(at.join(name)).expect("MOT text");
            let cells = |line: &str| line.split(',').map(|cell| cell.parse().expect("a number")).collect();
            text.lines().filter(|line| !line.is_empty()).map(cells).collect()
        };
        let gt = rows(gt);
        let images: std::collections::BTreeSet<u64> = gt.iter().map(|row| row[0] as u64).collect();
        let annotation = |row: &Vec<f64>| json!({"image_id": row[0] as u64, "category_id": 1, "bbox": row[2..6], "iscrowd": 0});
        let truth = json!({
            "images": images.iter().map(|id| json!({"id": id})).collect::<Vec<_>>(),
            "categories": [{"id": 1, "name": "person"}],
            "annotations": gt.iter().map(annotation).collect::<Vec<_>>(),
        });
        let detections = rows(det).into_iter().filter(|row| images.contains(&(row[0] as u64)));
        let said: Vec<Value> = detections
            .map(|row| json!({"image_id": row[0] as u64, "category_id": 1, "bbox": row[2..6], "score": row[6]}))
            .collect();
        let name = folder.replace('/', "-");
        let truth = file(&format!("{name}-gt.json"), truth.to_string());
        let said = file(&format!("{name}-det.json"), json!(said).to_string());
        compare_categories(folder, &scored("coco-ap", &truth, &said), &golden("coco.json")["real"][folder]);
    }
}

#[test]
fn faulty_detections_are_refused_with_their_place() {
    let truth = |annotation: &str| {
        format!(
            "{{\"images\": [{{\"id\": 1, \"width\": 9, \"height\": 9}}], \"categories\": [{{\"id\": 1, \"name\": \"cup\"}}],
            \"annotations\": [{annotation}]}}"
        )
    };
    let good = "{\"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, 4, 4]}";
    let refused = |metric: &str, truth: String, said: &str| {
        let (truth, said) = (file("faulty-truth.json", truth), file("faulty-said.json", said));
        let settings = ScoreSettings::default();
        score_files(by_name(metric).expect("a metric"), &truth, &said, &settings).err().map(|e| e.to_string())
    };
    assert_eq!(refused("coco-ap", truth(good), "[]"), None);
    for (metric, annotation, said, word) in [
        (
            "coco-ap",
            good,
            "[{\"image_id\": 2, \"category_id\": 1, \"bbox\": [0, 0, 1, 1], \"score\": 1}]",
            "picture 2 at detection 1, line 1",
        ),
        (
            "coco-ap",
            good,
            "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, -1, 1], \"score\": 1}]",
            "sizes from 0",
        ),
        ("coco-ap", good, "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, 1, 1]}]", "a `score`"),
        (
            "coco-ap",
            good,
            "[{\"image_id\": 1, \"category_id\": 1, \"score\": 1}]",
            "`bbox` or a `segmentation`",
        ),
        (
            "coco-ap",
            good,
            "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [NaN, 0, 1, 1], \"score\": 1}]",
            "expected value",
        ),
        ("coco-ap-mask", good, "[]", "a `segmentation`"),
        (
            "coco-ap",
            "{\"image_id\": 1, \"category_id\": 2, \"bbox\": [0, 0, 4, 4]}",
            "[]",
            "one of the categories",
        ),
        (
            "coco-ap",
            "{\"image_id\": 3, \"category_id\": 1, \"bbox\": [0, 0, 4, 4]}",
            "[]",
            "one of the images",
        ),
        (
            "coco-ap-mask",
            "{\"image_id\": 1, \"category_id\": 1, \"segmentation\": {\"size\": [4, 4], \"counts\": [16]}}",
            "[]",
            "9x9",
        ),
    ] {
        let found =
            refused(metric, truth(annotation), said).unwrap_or_else(|| panic!("taken: {annotation} {said}"));
        assert!(found.contains(word), "{found}: {word}");
    }
}

#[test]
fn annotations_and_results_fit_the_metrics_of_detection_alone() {
    let case = &golden("coco.json")["cases"][0];
    let truth = file("fit-truth.json", case["truth"].to_string());
    let fits = |said: &Value| -> Vec<&'static str> {
        let said = file("fit-said.json", said.to_string());
        let found = fitting(&truth, &said, &ScoreSettings::default()).expect("files");
        found.into_iter().map(|fit| fit.metric).collect()
    };
    assert_eq!(fits(&case["said"]), ["coco-ap", "coco-ap-mask"]);
}

fn mot_text(rows: &[Vec<f64>]) -> String {
    rows.iter().fold(String::new(), |mut text, row| {
        let cells: Vec<String> = row.iter().map(f64::to_string).collect();
        writeln!(text, "{}", cells.join(",")).expect("memory");
        text
    })
}

#[test]
fn distractors_take_predictions_with_them_as_in_trackeval() {
    for (i, case) in golden("distractors.json")["cases"].as_array().expect("cases").iter().enumerate() {
        let rows = |name: &str, more: &[f64]| -> Vec<Vec<f64>> {
            let row = |row: &Value| -> Vec<f64> {
                let cells = row.as_array().expect("a row").iter().map(|v| v.as_f64().expect("a number"));
                cells.chain(more.iter().copied()).collect()
            };
            case[name].as_array().expect("rows").iter().map(row).collect()
        };
        // the ninth column is the visibility
        let benchmark = case["benchmark"].as_str().expect("a name");
        let truth = file(&format!("{benchmark}-{i}-gt.txt"), mot_text(&rows("truth", &[1.0])));
        let said = file(&format!("{i}-said.txt"), mot_text(&rows("said", &[1.0, -1.0, -1.0, -1.0])));
        let name = format!("case {i}");
        compare(&name, &scored("mot", &truth, &said).overall, &case["values"]);
        let off = ScoreSettings { distractors: Distractors::Off, ..ScoreSettings::default() };
        let off = score_files(by_name("mot").expect("a metric"), &truth, &said, &off).expect("files").report;
        assert!(off.overall["TP"] + off.overall["FN"] > case["values"]["TP"].as_f64().expect("a count"));
    }
}

#[test]
fn motchallenge_truths_score_as_trackeval_scores_them_with_its_preprocessing() {
    let golden = golden("distractors.json");
    for (name, expected) in golden["real"].as_object().expect("sequences") {
        let part = format!("mot_gt/{}-val/{name}.txt.gz", &name[..5]);
        let Some(truth) = data(&format!("score distractors {name}"), &part) else { continue };
        let mut text = String::new();
        MultiGzDecoder::new(std::fs::File::open(&truth).expect("a file"))
            .read_to_string(&mut text)
            .expect("gzip");
        let mut random = Random(7);
        let mut said = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let row: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
            if random.u() < 0.15 {
                continue;
            }
            let left = row[2] + (random.u() - 0.5) * 0.5 * row[4];
            let top = row[3] + (random.u() - 0.5) * 0.5 * row[5];
            said.push(vec![row[0], row[1], left, top, row[4], row[5], 1.0]);
        }
        let said = file(&format!("{name}-said.txt"), mot_text(&said));
        compare(name, &scored("mot", &truth, &said).overall, expected);
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn u(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
    }
}
