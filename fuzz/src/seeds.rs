//! What the fuzzer begins with: small good inputs of every door.

use super::doors::{ROOM, STREET, pack, worlds};
use chronotope::ask::program::{self, json::to_json};
use chronotope::remember::bundle;
use std::path::Path;

/// Small good inputs for the door of this name.
pub fn seeds(door: &str) -> Vec<Vec<u8>> {
    let owned = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
    match door {
        "text" => owned(&[STREET, ROOM]),
        "program" => examples("operators").into_iter().map(String::into_bytes).collect(),
        "program-json" => {
            let parsed = examples("operators").into_iter().filter_map(|text| program::parse(&text).ok());
            parsed.map(|program| to_json(&program).to_string().into_bytes()).collect()
        }
        "reward" => examples("rewards").into_iter().map(String::into_bytes).collect(),
        "question" => examples("questions").into_iter().map(String::into_bytes).collect(),
        "detections" => owned(DETECTIONS),
        "bundle" => {
            let folder = std::env::temp_dir().join(format!("chronotope-fuzz-seeds-{}", std::process::id()));
            let packed = worlds().iter().enumerate().map(|(n, world)| {
                let path = folder.join(format!("{n}.world"));
                std::fs::create_dir_all(&folder).expect("a folder can be made");
                bundle::write(&path, world).expect("a bundle can be written");
                pack(&path)
            });
            let packed = packed.collect();
            remove(&folder);
            packed
        }
        _ => {
            let of = |text: &&(&str, &str)| door.strip_prefix("import-") == Some(text.0);
            ANNOTATIONS.iter().filter(of).map(|(_, text)| text.as_bytes().to_vec()).collect()
        }
    }
}

fn remove(folder: &Path) {
    std::fs::remove_dir_all(folder).ok(); // nothing depends on it
}

/// The examples in the catalogue, of one kind.
pub fn examples(kind: &str) -> Vec<String> {
    let entries = chronotope::entries();
    let of_kind = entries.iter().filter(|entry| entry.kind == kind);
    let found: Vec<String> = of_kind.map(|entry| entry.example.to_owned()).collect();
    assert!(!found.is_empty(), "the catalogue has {kind}");
    found
}

const DETECTIONS: &[&str] = &[
    "1,-1,10,20,30,40,0.9,-1,-1,-1\n2,-1,10,20,30,40,0.9,-1,-1,-1\n",
    r#"[{"image_id": 1, "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.5}]"#,
    "{\"frame_index\": 0, \"box\": [1, 2, 3, 4], \"score\": 0.9, \"label\": \"car\"}\n{\"t_s\": 1.5, \"box\": [1, 2, 3, 4]}\n",
];

/// A small good file of each format, by the importer's name.
pub const ANNOTATIONS: &[(&str, &str)] = &[
    ("mot", "1,7,1.5,2,3,4,1,1,0.25\n2,7,1,2,3,4,0,1,1\n"),
    ("mot", "1,7,1,2,3,4,1,-4.5,2,0\r\n2,-1,1,2,3,4,0.5,-1,-1,-1\r\n"),
    ("mot", "1,-1,1,2,3,4,0.5\n"),
    (
        "kitti",
        "0 0 Van 0 1 -1.79 296 161 455 292 2.0 1.8 4.4 -4.5 1.8 13.4 -2.1\n\
         0 -1 DontCare -1 -1 -10 219 188 245 218 -1000 -1000 -1000 -10 -1 -1 -1\n\
         1 0 Van 0 1 -1.79 298 161 455 292 2.0 1.8 4.4 -4.5 1.8 12.4 -2.1 0.5\n",
    ),
    ("kitti-poses", "1 0 0 1.5 0 1 0 2 0 0 1 3\n1 0 0 1.5 0 1 0 2 0 0 1 3\n"),
    (
        "kitti-detections",
        "0,2,298.3125,165.1800,458.2292,293.4391,8.2981,1.9605,1.8137,4.7549,-4.5720,1.8435,13.5308,-2.1125,-1.7867\n\
         3,1,298.3,165.1,458.2,293.4,8.2,1.96,1.81,4.75,-4.57,1.84,13.5,-2.1,-1.7\n",
    ),
    ("tum", "# way\n1305031098.5 1 2 3 0 0 0 1\n1305031098.55 2 2 3 0 0 0 1\n"),
    ("euroc", "#timestamp\n1403636579763555528,4.688,-1.786,0.783,0.534,-0.153,-0.827,-0.082\n"),
    (
        "nuscenes",
        "frame,timestamp_us,instance,category,x,y,z,width,length,height,qw,qx,qy,qz,heading_deg\n\
         0,1535657108301401,a,vehicle.car,1.0,2.5,3.0,2.0,4.0,1.5,1.0,0.0,0.0,0.0,-90.0\n\
         1,1535657108801401,a,vehicle.car,1,2,3,2,4,1.5,1,0,0,0,-90\n",
    ),
    (
        "vsi-bench",
        r#"{"s":{"room_size":4.5,"room_center":[0.0,0.0,0.0],"object_counts":{"cup":1},"object_bbox":{"cup":[{"centroid":[1.0,2.0,3.0],"axesLengths":[1.0,2.0,4.0],"normalizedAxes":[1.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,-1.0],"min":[0.5,1.0,1.0],"max":[1.5,3.0,5.0]}]},"dataset":"x"}}"#,
    ),
    (
        "coco",
        r#"{"images":[{"id":7,"file_name":"a.jpg","width":4,"height":3}],"categories":[{"id":18,"name":"dog"}],"annotations":[{"id":1,"image_id":7,
            "category_id":18,"bbox":[1,0,2,3],"segmentation":[[1,0,3,0,3,3]]},{"id":2,"image_id":7,"category_id":18,"segmentation":{"size":[3,4],"counts":[3,6,3]}}]}"#,
    ),
    (
        "youtube-vis",
        r#"{"videos":[{"id":9,"width":4,"height":3,"file_names":["ab/0.jpg","ab/1.jpg"]}],"categories":[{"id":2,"name":"cat"}],"annotations":[{"id":4,"video_id":9,
            "category_id":2,"segmentations":[{"size":[3,4],"counts":"363"},null],"bboxes":[[1,0,2,3],null],"areas":[6,null]}]}"#,
    ),
];
