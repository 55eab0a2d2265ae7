//! Files that were made wrong on purpose: each is refused with the place and the field.

use chronotope_evaluate::{ScoreSettings, score_files};
use chronotope_score::by_name;
use std::io::Write as _;
use std::path::PathBuf;

/// A file of this test alone.
fn file(name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

const IMAGES: &str = r#"[{"id": 1, "width": 80, "height": 60}]"#;
const GOOD: &str = r#"{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 30, 20], "segmentation": [[1, 2, 31, 2, 31, 22]]}"#;
const SAID: &str = r#"[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 30, 20], "score": 0.5}]"#;

fn truth(images: &str, annotation: &str) -> String {
    format!(
        "{{\"images\": {images},\n\"categories\": [{{\"id\": 1, \"name\": \"cat\"}}],\n\"annotations\": [{GOOD},\n\n{annotation}]}}"
    )
}

/// What scoring says: the text of its fault, or `scored`.
fn told(test: &str, metric: &str, truth: impl AsRef<[u8]>, said: &str) -> String {
    let (truth, said) = (file(&format!("{test}-t.json"), truth), file(&format!("{test}-p.json"), said));
    score_files(by_name(metric).expect("a metric"), &truth, &said, &ScoreSettings::default())
        .map_or_else(|fault| fault.to_string(), |_| "scored".to_owned())
}

#[test]
fn a_wrong_annotation_is_named_with_its_number_its_line_and_the_field() {
    for (metric, annotation, expected) in [
        ("coco-ap", "7", "annotation 2, line 5: expected an object, found `7`"),
        ("coco-ap", "[1, 1, 1]", "expected an object, found `[1, 1, 1]`"),
        ("coco-ap", r#"{"category_id": 1}"#, "a whole number or a text as `image_id`, found none"),
        ("coco-ap", r#"{"image_id": 1, "category_id": 1.5}"#, "as `category_id`, found `1.5`"),
        ("coco-ap", r#"{"image_id": 1, "category_id": 1}"#, "expected a `bbox`, found none"),
        ("coco-ap", r#"{"image_id": 1, "category_id": 1, "bbox": "x"}"#, "sizes from 0, found `\"x\"`"),
        ("coco-ap", r#"{"image_id": 1, "category_id": 1, "bbox": [0, 0, 2e9, 1]}"#, "within 1e9"),
        (
            "coco-ap",
            r#"{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "area": -1}"#,
            "as `area`, found -1.0",
        ),
        (
            "coco-ap",
            r#"{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "area": 1e19}"#,
            "as `area`, found 1e19",
        ),
        (
            "coco-ap",
            r#"{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "iscrowd": 2}"#,
            "0 or 1 as `iscrowd`, found 2.0",
        ),
        (
            "coco-ap",
            r#"{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "iscrowd": []}"#,
            "as `iscrowd`, found `[]`",
        ),
        (
            "coco-ap-mask",
            r#"{"image_id": 1, "category_id": 1, "segmentation": 4}"#,
            "a `segmentation` of polygons",
        ),
        (
            "coco-ap-mask",
            r#"{"image_id": 1, "category_id": 1, "segmentation": [[1, 1, 9, 9]]}"#,
            "polygons of at least 6 numbers, found one of 4",
        ),
        (
            "coco-ap-mask",
            r#"{"image_id": 1, "category_id": 1, "segmentation": {"size": [60, 80], "counts": {}}}"#,
            "a `segmentation` of polygons",
        ),
    ] {
        let found = told("annotation", metric, truth(IMAGES, annotation), SAID);
        assert!(
            found.starts_with("annotation 2, line 5: ") && found.contains(expected),
            "{annotation}: {found}"
        );
    }
}

#[test]
fn a_wrong_detection_is_named_with_its_number_its_line_and_the_field() {
    for (row, expected) in [
        ("null", "expected an object, found `null`"),
        (r#"{"category_id": 1, "score": 1}"#, "as `image_id`, found none"),
        (r#"{"image_id": 1, "score": 1}"#, "as `category_id`, found none"),
        (
            r#"{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3], "score": 1}"#,
            "sizes from 0, found 3 numbers",
        ),
        (
            r#"{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": "x"}"#,
            "as `score`, found `\"x\"`",
        ),
        (r#"{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}"#, "expected a `score`, found none"),
    ] {
        let said = format!(
            "[\n{{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"score\": 1}},\n{row}]"
        );
        let found = told(
            "detection",
            "coco-ap",
            truth(IMAGES, GOOD).replace("\"id\": 1, \"image_id\"", "\"image_id\""),
            &said,
        );
        assert!(found.starts_with("detection 2, line 3: ") && found.contains(expected), "{row}: {found}");
    }
    let said = r#"[{"image_id": 9, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 1}]"#;
    let found = told(
        "unknown",
        "coco-ap",
        truth(IMAGES, GOOD).replace("\"id\": 1, \"image_id\"", "\"image_id\""),
        said,
    );
    assert!(found.contains("picture 9 at detection 1, line 1"), "{found}");
}

#[test]
fn a_file_that_holds_something_else_says_what_was_expected() {
    let good = truth(IMAGES, GOOD).replace("\"id\": 1, \"image_id\"", "\"image_id\"");
    for (truth, said, expected) in [
        ("[]", SAID, "expected an object {images, annotations, categories}, found `[]`"),
        ("{\"images\": []}", SAID, "expected a list `categories`, found none"),
        ("{\"images\": 4}", SAID, "expected a list `images`, found `4`"),
        (&good, "7", "expected a list of {image_id"),
        (&good, "{}", "expected a list `annotations`, found none"),
        (&good, "[{}, ", "line 1: expected JSON"),
    ] {
        let found = told("else", "coco-ap", truth, said);
        assert!(
            found.contains(expected) || said == "7" && found.contains("`annotations`"),
            "{truth} {said}: {found}"
        );
    }
}

#[test]
fn broken_gzip_is_told_with_its_file_and_byte() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(truth(IMAGES, GOOD).as_bytes()).expect("memory");
    let bytes = gzip.finish().expect("memory");
    let cut = bytes.len() - 20;
    let found = told("cut.gz", "coco-ap", bytes.get(..cut).expect("longer"), SAID);
    assert!(found.contains("cut.gz-t.json") && found.contains(&format!("at byte {cut}")), "{found}");
}

#[test]
fn a_class_that_is_no_number_is_told_with_its_column() {
    let rows = "1,1,0,0,10,10,1,1,1\n1,2,50,0,10,10,1,car,1\n";
    let found = told("class", "hota", rows, "1,1,0,0,10,10,1\n");
    assert!(found.starts_with("line 2: expected a finite number in column 8, found `car`"), "{found}");
}

#[test]
fn a_picture_without_extent_has_no_masks() {
    let images = "[\n{\"id\": 1, \"width\": 0, \"height\": 60}]";
    let truth = truth(images, GOOD).replace("\"id\": 1, \"image_id\"", "\"image_id\"");
    let found = told("extent", "coco-ap-mask", &truth, SAID);
    assert!(found.starts_with("image 1, line 2: ") && found.contains("found 0x60"), "{found}");
    assert_eq!(told("extent-box", "coco-ap", &truth, SAID), "scored");
}

#[test]
fn the_outlines_of_all_masks_together_are_bounded() {
    // each is allowed by itself
    let long = ["-990000, 1, 990000, 2"; 4].join(", ");
    let one = format!(r#"{{"image_id": 1, "category_id": 1, "segmentation": [[{long}]]}}"#);
    let truth = truth(IMAGES, &vec![one; 20].join(",\n"));
    let found = told("outlines", "coco-ap-mask", &truth, "[]");
    assert!(found.starts_with("annotation ") && found.contains("px long in all in a picture"), "{found}");
}
