//! CPU seconds of COCO's average precision, of HOTA, and of run lengths, on the inputs that `benches/peers/detection_speed.py` makes.
//!
//!     cargo build --release -p chronotope-score --example detection_speed
//!     VENV/bin/python benches/peers/detection_speed.py TARGET/release/examples/detection_speed
//!
//! Files are read before the clock starts. One JSON line.
#![allow(clippy::print_stdout, reason = "it prints its figures")]

mod timing;

use chronotope_score::{
    ClassedBox, Datum, Object, Region, Row, TrackedBox, Tracks, by_name, without_distractors,
};
use chronotope_world::{BoxPx, Mask};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use timing::median;

/// Objects by picture.
fn objects(value: &Value) -> BTreeMap<u64, Vec<Object>> {
    let mut by_picture: BTreeMap<u64, Vec<Object>> = BTreeMap::new();
    for one in value.as_array().expect("a list") {
        let numbers: Vec<f64> =
            one["bbox"].as_array().expect("a box").iter().map(|v| v.as_f64().expect("a number")).collect();
        let [left, top, width, height] = numbers[..] else { panic!("four numbers") };
        let object = Object {
            category: one["category_id"].to_string().into(),
            region: Region::Box(BoxPx::new(left, top, width, height).expect("a box")),
            area_px: width * height,
            crowd: one["iscrowd"].as_u64() == Some(1),
            score: one["score"].as_f64().unwrap_or(0.0),
        };
        by_picture.entry(one["image_id"].as_u64().expect("an id")).or_default().push(object);
    }
    by_picture
}

fn boxes(path: &Path) -> Vec<ClassedBox> {
    let text = std::fs::read_to_string(path).expect("MOT text");
    let row = |line: &str| {
        let n: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
        let box_px = BoxPx::new(n[2], n[3], n[4], n[5]).expect("a box");
        let tracked = TrackedBox { frame_index: n[0] as u32, id: n[1] as u64, box_px };
        ClassedBox { tracked, class: n[7] as u32, counts: n[6] != 0.0 }
    };
    text.lines().map(row).collect()
}

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let folder = Path::new(&folder);
    let json = |name: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder.join(name)).expect("a file")).expect("JSON")
    };
    let (truth, mut said) = (objects(&json("gt.json")["annotations"]), objects(&json("dt.json")));
    let pictures: Vec<(String, Datum, Datum)> = truth
        .into_iter()
        .map(|(id, truth)| {
            let said = said.remove(&id).unwrap_or_default();
            (id.to_string(), Datum::Objects(Arc::new(truth)), Datum::Objects(Arc::new(said)))
        })
        .collect();
    let mut ap = 0.0;
    let coco = median(|| {
        let mut tally = by_name("coco-ap").expect("a metric").tally();
        for (id, truth, said) in &pictures {
            tally.add(&Row { id, group: "", truth, prediction: Some(said) }).expect("objects");
        }
        ap = tally.finish().result().expect("truths");
    });
    let (annotated, tracks) = (boxes(&folder.join("mot_gt.txt")), boxes(&folder.join("mot_said.txt")));
    let tracks = Tracks::new(tracks.into_iter().map(|one| one.tracked).collect()).expect("once each");
    let mut mot = BTreeMap::new();
    let tracking = median(|| {
        let (truth, said) = without_distractors(&annotated, &tracks, 1, &[2, 7, 8, 12]).expect("once each");
        let (truth, said) = (Datum::Tracks(Arc::new(truth)), Datum::Tracks(Arc::new(said)));
        let mut tally = by_name("mot").expect("a metric").tally();
        tally.add(&Row { id: "1", group: "", truth: &truth, prediction: Some(&said) }).expect("tracks");
        mot = tally.finish().overall;
    });
    let bytes = std::fs::read(folder.join("masks.bin")).expect("masks");
    let side = |i: usize| u32::from_le_bytes(bytes[4 * i..4 * i + 4].try_into().expect("four bytes"));
    let (width, height) = (side(0), side(1));
    // column by column, as the peer takes them without a copy
    let pixels: Vec<&[u8]> = bytes[8..].chunks_exact((width * height) as usize).collect();
    let rows: Vec<Vec<u8>> = pixels
        .iter()
        .map(|columns| {
            let (w, h) = (width as usize, height as usize);
            (0..w * h).map(|i| columns[(i % w) * h + i / w]).collect()
        })
        .collect();
    let encoded = || -> Vec<Mask> {
        rows.iter().map(|rows| Mask::from_pixels(width, height, rows).expect("its size")).collect()
    };
    let masks = encoded();
    let texts: Vec<String> = masks.iter().map(Mask::to_coco).collect();
    let encode = median(|| {
        assert_eq!(
            encoded().iter().map(Mask::to_coco).map(|t| t.len()).sum::<usize>(),
            texts.iter().map(String::len).sum::<usize>()
        );
    });
    let decode = median(|| {
        let read = |text: &String| Mask::from_coco(width, height, text).expect("a mask").to_pixels();
        assert_eq!(
            texts.iter().map(read).map(|pixels| pixels.len()).sum::<usize>(),
            pixels.len() * (width * height) as usize
        );
    });
    let mut sum = 0.0;
    let iou = median(|| {
        let read = |text: &String| Mask::from_coco(width, height, text).expect("a mask");
        let masks: Vec<Mask> = texts.iter().map(read).collect();
        sum = masks.iter().flat_map(|a| masks.iter().map(|b| a.iou(b).expect("one size"))).sum();
    });
    println!(
        "{}",
        json!({"AP": ap, "HOTA": mot["HOTA"], "MOTA": mot["MOTA"], "IDF1": mot["IDF1"], "iou_sum": sum, "coco_s": coco,
               "mot_s": tracking, "encode_s": encode, "decode_s": decode, "iou_s": iou})
    );
}
