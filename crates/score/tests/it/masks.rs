//! J, boundary F and run lengths against davis2017-evaluation and pycocotools.

use crate::{close, generate, golden, numbers, scored};
use chronotope_score::{Datum, boundary_f};
use chronotope_world::Mask;

fn masks(settings: &[usize; 7]) -> [Mask; 2] {
    let (truth, said) = generate::mask_pair(settings);
    [truth, said].map(|p| Mask::from_pixels(settings[1] as u32, settings[2] as u32, &p).expect("pixels"))
}

fn datum(mask: &Mask) -> Datum {
    Datum::record([
        ("size", Datum::numbers(&[f64::from(mask.height()), f64::from(mask.width())])),
        ("counts", Datum::text(mask.to_coco())),
    ])
}

#[test]
fn regions_outlines_and_run_lengths_are_the_official_ones() {
    for case in golden("masks.json")["cases"].as_array().expect("cases") {
        let name = case["settings"].to_string();
        let settings: Vec<usize> = numbers(&case["settings"]).iter().map(|v| *v as usize).collect();
        let [truth, said] = masks(&settings.try_into().expect("seven settings"));
        let text = said.to_coco();
        assert_eq!(text.len() as u64, case["length"].as_u64().expect("a length"), "{name}");
        assert_eq!(text[..text.len().min(60)], *case["counts"].as_str().expect("text"), "{name}");
        assert_eq!(said.area(), case["area"].as_u64().expect("an area"), "{name}");
        let b = said.box_px().map_or(vec![0.0; 4], |b| vec![b.left, b.top, b.width, b.height]);
        assert_eq!(b, numbers(&case["bbox"]), "{name}");
        let value = |key: &str| case[key].as_f64().expect("a number");
        close(&format!("{name} F"), boundary_f(&truth, &said).expect("one size"), value("F"));
        let j = scored("mask-iou", &[(datum(&truth), Some(datum(&said)))]).overall["mIoU"];
        close(&format!("{name} J"), j, value("J"));
        if truth.area() + said.area() > 0 {
            close(&format!("{name} IoU"), j, value("iou"));
        }
    }
}

#[test]
fn the_statistics_of_a_video_are_those_of_davis() {
    for video in golden("masks.json")["videos"].as_array().expect("videos") {
        let [seed, n] = numbers(&video["settings"])[..] else { panic!("two settings") };
        let (seed, n) = (seed as usize, n as usize);
        let pairs = (0..n).map(|k| masks(&[seed * 100 + k, 96, 64, k % 4, k % 3, k % 2, (k + seed) % 2]));
        let (truth, said): (Vec<Datum>, Vec<Datum>) = pairs.map(|[t, s]| (datum(&t), datum(&s))).unzip();
        let found = scored("j-and-f", &[(Datum::List(truth), Some(Datum::List(said)))]).overall;
        for which in ["J", "F"] {
            let expected = numbers(&video[which]);
            for (statistic, expected) in ["mean", "recall", "decay"].iter().zip(expected) {
                let name = format!("{which}_{statistic}");
                close(&format!("{seed} {name}"), found[&name], expected);
            }
        }
    }
}
