//! VSI-Bench scenes: oriented boxes of the things in a scanned room, its size, and how many there are of each class.
//!
//! Source: Yang et al., *Thinking in Space: How Multimodal Large Language Models See, Remember, and Recall Spaces*, 2025;
//! the `meta_info` files of github.com/vision-x-nyu/thinking-in-space.

use super::error::Error;
use super::faults::{Faults, RowFault};
use super::input::{self, SourceFile};
use super::record;
use super::{ImportSettings, Imported, Importer};
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    Clock, EntityId, Known, Label, Origin, Pose, Reference, ReferenceFrame, ReferenceFrameId, Sample, Scale,
    SourceId, Span, Time, Track, World, WorldBuilder,
};
use nalgebra::{Matrix3, Rotation3, UnitQuaternion, Vector3};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// VSI-Bench meta files, one World per scene.
///
/// A scene is timeless: every box holds always and was always known. Positions are metres in `world(room)`, z up; the
/// directions of x and y are the scan's. The eight corners of a box are the file's. Which of its three axes is which is
/// chosen here, as the files do not order them: body z is the axis closest to the vertical, upwards, so that the extent's
/// third number is the height; body x is the longer of the other two. What is the front of a thing is not known.
///
/// The room's size and centre are facts (`room`, `room size`, m²; `room centre x` …, m), and so is the stated count of a class
/// that differs from the number of its boxes (`chair`, `count`). The text of each box is a fact too, so that it can be written
/// back. Boxes that stand twice, number by number, are one thing. **Coverage** is complete for the classes of which no box is
/// missing.
#[derive(Clone, Copy, Debug)]
pub struct VsiBench;

const VOCABULARY: &str = "vsi-bench";

/// Largest coordinate or extent in metres; larger ones are mistakes.
const MAX_M: f64 = 1e6;

impl Importer for VsiBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "vsi-bench",
            about: "oriented boxes of the things in scanned rooms, timeless",
            source: "formats/src/import/vsi_bench.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope import vsi-bench meta_scannet.json.gz --scene scene0025_01 -o room.world",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        if path.is_dir() {
            return files(path).is_ok_and(|found| !found.is_empty());
        }
        let text = String::from_utf8_lossy(head);
        text.trim_start().starts_with('{')
            && ["\"room_size\"", "\"object_counts\"", "\"object_bbox\""].iter().any(|key| text.contains(key))
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let mut scenes = Vec::new();
        for file in files(path)? {
            let InOrder(texts) = input::json::<InOrder>(&file, "an object of scenes by name")?;
            let numbered = texts.into_iter().enumerate();
            scenes.extend(numbered.map(|(n, (name, text))| (name, text, file.clone(), n)));
        }
        scenes.sort_by(|a, b| a.0.cmp(&b.0));
        let (mut worlds, mut faults) = (Vec::new(), Faults::default());
        let mut opened: BTreeMap<PathBuf, String> = BTreeMap::new();
        for (name, text, path, n) in record::pick(scenes, |s| &s.0, settings)? {
            let sha256 = match opened.get(&path) {
                Some(known) => known.clone(),
                None => SourceFile::new(&path)?.sha256,
            };
            opened.insert(path.clone(), sha256.clone());
            match Scene::read(text.get()) {
                Ok(scene) => {
                    worlds.push(import_scene(
                        (&name, n),
                        scene,
                        &SourceFile { path: &path, sha256 },
                        &mut faults,
                    )?);
                }
                Err(e) => {
                    let fault = RowFault::new("room_size, object_counts and object_bbox", e);
                    faults.item(&path, format!("scene {name}"), fault);
                }
            }
        }
        if worlds.is_empty() {
            let found = faults.named().first().map_or_else(|| "none".to_owned(), ToString::to_string);
            return Err(Error::input(path, "at least one scene with boxes", found));
        }
        Ok(Imported { worlds, faults })
    }
}

/// The file itself, or the `meta_*.json[.gz]` of a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let is_meta = |p: &PathBuf| {
        let name = p.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        name.starts_with("meta_") && Path::new(name).extension().is_some_and(|e| e == "json")
    };
    Ok(input::listing(path)?.into_iter().filter(is_meta).collect())
}

/// The fact that names the counted classes in the file's order, as a JSON list.
pub(crate) const CLASSES: &str = "counted classes";

/// The fact of a class that stands in the file with an empty list of boxes.
pub(crate) const NO_BOX: &str = "boxes";

/// The fact of a track, by its key, that keeps the text of its box.
pub(crate) const BOX_AS_GIVEN: &str = "box as given";

/// The entries of an object in their order, each as its text.
#[derive(Default)]
struct InOrder(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for InOrder {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<InOrder, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = InOrder;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<InOrder, A::Error> {
                let (mut out, mut seen) = (Vec::new(), BTreeSet::new());
                while let Some((name, text)) = map.next_entry::<String, Box<RawValue>>()? {
                    if !seen.insert(name.clone()) {
                        return Err(serde::de::Error::custom(format_args!("`{name}` twice")));
                    }
                    out.push((name, text));
                }
                Ok(InOrder(out))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// What a scene may say.
const KEYS: [&str; 5] = ["room_size", "room_center", "object_counts", "object_bbox", "dataset"];

struct Scene {
    room_size: Option<f64>,
    room_center: Option<[f64; 3]>,
    dataset: String,
    object_counts: Map<String, Value>,
    object_bbox: InOrder,
    /// The names of what is there, in the file's order.
    keys: Vec<&'static str>,
}

impl Scene {
    fn read(text: &str) -> serde_json::Result<Scene> {
        let InOrder(entries) = serde_json::from_str(text)?;
        let keys = entries.iter().filter_map(|(name, _)| KEYS.into_iter().find(|key| key == name)).collect();
        let of = |key: &str| entries.iter().find(|(name, _)| name == key).map(|(_, text)| text.get());
        let needed = |key: &'static str| of(key).ok_or_else(|| serde::de::Error::missing_field(key));
        Ok(Scene {
            room_size: of("room_size").map_or(Ok(None), serde_json::from_str)?,
            room_center: of("room_center").map_or(Ok(None), serde_json::from_str)?,
            dataset: of("dataset").map_or(Ok(String::new()), serde_json::from_str)?,
            object_counts: serde_json::from_str(needed("object_counts")?)?,
            object_bbox: serde_json::from_str(needed("object_bbox")?)?,
            keys,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetaBox {
    centroid: [f64; 3],
    axes_lengths: [f64; 3],
    normalized_axes: [f64; 9],
}

fn import_scene(
    (name, n): (&str, usize),
    scene: Scene,
    file: &SourceFile<'_>,
    faults: &mut Faults,
) -> Result<World, Error> {
    let mut builder = WorldBuilder::new(name);
    let dataset: String = scene.dataset.split_whitespace().collect::<Vec<_>>().join("-");
    let keys = scene.keys.join(",");
    let words = format!("format=vsi-bench dataset={dataset} scene={n} keys={keys}");
    let source = record::annotation_source(&mut builder, file, Some(Clock::SAME), words);
    let room = builder.reference_frame(ReferenceFrame::World("room".into()), Scale::Metre);
    let mut boxes_of: BTreeMap<&str, u64> = BTreeMap::new();
    for (class, list) in &scene.object_bbox.0 {
        let list: Vec<Box<RawValue>> = match serde_json::from_str(list.get()) {
            Ok(list) => list,
            Err(e) => {
                faults.item(file.path, format!("scene {name}, {class}"), RowFault::new("a list of boxes", e));
                continue;
            }
        };
        if list.is_empty() {
            add_fact(&mut builder, source, class, NO_BOX, 0.0, "");
        }
        // a box that stands twice, number by number, is one thing annotated twice
        let mut placed: Vec<(Pose, EntityId)> = Vec::new();
        for (n, value) in list.iter().enumerate() {
            match read_box(value.get(), room) {
                Ok((pose, text)) => {
                    let twin = placed.iter().find(|(other, _)| *other == pose).map(|(_, entity)| *entity);
                    let entity = twin.unwrap_or_else(|| {
                        *boxes_of.entry(class).or_default() += 1;
                        builder.entity()
                    });
                    placed.push((pose, entity));
                    // its axes and corners in the file's own order and digits
                    let (key, given) = (Reference::Text(format!("{class} {n}")), Reference::Text(text));
                    record::add_fact(&mut builder, source, key, BOX_AS_GIVEN, given, Span::ALWAYS);
                    let reason = if twin.is_some() { "annotated twice" } else { "annotated" };
                    add_thing(&mut builder, source, &format!("{class} {n}"), class, pose, (entity, reason));
                }
                Err(fault) => faults.item(file.path, format!("scene {name}, {class} {n}"), fault),
            }
        }
    }
    let mut covered = Vec::new();
    let classes: Vec<Value> = scene.object_counts.keys().map(|class| class.as_str().into()).collect();
    let (room_words, classes) =
        (Reference::Text("room".into()), Reference::Text(Value::Array(classes).to_string()));
    record::add_fact(&mut builder, source, room_words, CLASSES, classes, Span::ALWAYS);
    for (class, count) in &scene.object_counts {
        let boxes = boxes_of.get(class.as_str()).copied().unwrap_or(0);
        let Some(count) = count.as_u64() else {
            let fault = RowFault::new("a count as a whole number from 0", count);
            faults.item(file.path, format!("scene {name}, count of {class}"), fault);
            continue;
        };
        if boxes >= count {
            covered.push(class.clone());
        }
        if boxes != count {
            add_fact(&mut builder, source, class, "count", count as f64, "");
        }
    }
    if let Some(size) = scene.room_size.filter(|s| s.is_finite()) {
        add_fact(&mut builder, source, "room", "room size", size, "m²");
    }
    for (axis, value) in ["x", "y", "z"].iter().zip(scene.room_center.iter().flatten()) {
        add_fact(&mut builder, source, "room", &format!("room centre {axis}"), *value, "m");
    }
    if !covered.is_empty() {
        record::add_coverage(&mut builder, source, None, Span::ALWAYS, covered, true);
    }
    record::build(builder, file.path)
}

fn add_thing(
    builder: &mut WorldBuilder,
    source: SourceId,
    key: &str,
    class: &str,
    pose: Pose,
    (entity, reason): (EntityId, &str),
) {
    let track = builder.track(Track::new(source, key, Known::ALWAYS));
    record::add_identity(builder, track, entity, reason, Known::ALWAYS);
    builder.label(Label::new(track, class, VOCABULARY, Known::ALWAYS));
    let mut sample = Sample::new(source, Some(track), Time::MIN, Origin::Annotated);
    sample.end = Some(Time::MAX);
    sample.pose = Some(pose);
    sample.known = Known::ALWAYS;
    builder.sample(sample);
}

fn add_fact(
    builder: &mut WorldBuilder,
    source: SourceId,
    subject: &str,
    predicate: &str,
    value: f64,
    unit: &str,
) {
    let (subject, object) = (Reference::Text(subject.to_owned()), Reference::Number(value, unit.to_owned()));
    record::add_fact(builder, source, subject, predicate, object, Span::ALWAYS);
}

fn read_box(text: &str, room: ReferenceFrameId) -> Result<(Pose, String), RowFault> {
    let read: MetaBox = serde_json::from_str(text)
        .map_err(|e| RowFault::new("centroid, axesLengths and normalizedAxes", e))?;
    let numbers = read.centroid.iter().chain(&read.axes_lengths);
    if let Some(bad) = numbers.copied().find(|v| v.is_nan() || v.abs() > MAX_M) {
        return Err(RowFault::new(format!("metres within ±{MAX_M}"), bad));
    }
    if let Some(bad) = read.axes_lengths.iter().find(|v| **v < 0.0) {
        return Err(RowFault::new("extents from 0", bad));
    }
    let axes: Vec<Vector3<f64>> = read.normalized_axes.chunks(3).map(Vector3::from_row_slice).collect();
    let gram = Matrix3::from_fn(|i, j| axes[i].dot(&axes[j]));
    if (gram - Matrix3::identity()).amax() > 1e-6 {
        return Err(RowFault::new(
            "three unit axes at right angles",
            format_args!("{:?}", read.normalized_axes),
        ));
    }
    // body z: the axis closest to the vertical (the first of equals); body x: the longer of the others
    let up = (1..3).fold(0, |best, i| if axes[i].z.abs() > axes[best].z.abs() { i } else { best });
    let (a, b) = ((up + 1) % 3, (up + 2) % 3);
    let (forward, left) = if read.axes_lengths[b] > read.axes_lengths[a] { (b, a) } else { (a, b) };
    let z = if axes[up].z < 0.0 { -axes[up] } else { axes[up] };
    let x = axes[forward];
    // right-handed whatever the file's order: a box looks the same with an axis flipped
    let y = if z.cross(&x).dot(&axes[left]) < 0.0 { -axes[left] } else { axes[left] };
    let rotation = Rotation3::from_matrix_unchecked(Matrix3::from_columns(&[x, y, z]));
    let q = UnitQuaternion::from_rotation_matrix(&rotation);
    let pose = Pose {
        reference_frame: room,
        position: read.centroid,
        rotation: Some([q.w, q.i, q.j, q.k]),
        extent: Some([forward, left, up].map(|i| read.axes_lengths[i])),
    };
    Ok((pose, text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};
    use chronotope_world::{Box3, unit_quaternion};

    fn import(text: &str) -> Result<Imported, Error> {
        let scratch = Scratch::new();
        VsiBench.import(&scratch.file("meta_a.json", text.as_bytes()), &ImportSettings::default())
    }

    fn box3(pose: &Pose) -> Box3 {
        Box3 {
            centre: pose.position.into(),
            rotation: unit_quaternion(pose.rotation.expect("stated")).expect("unit"),
            extent: pose.extent.expect("stated").into(),
        }
    }

    fn poses(world: &World) -> Vec<(String, Pose)> {
        let of = |entity| {
            let moment = world.trajectory(entity).expect("in memory").at(Time(5)).expect("held always");
            let label = world.labels_of(entity).next().expect("labelled").text.clone();
            (label, moment.pose.expect("placed"))
        };
        world.entities().map(of).collect()
    }

    #[test]
    fn left_handed_axes_keep_their_corners() {
        let scene = r#"{"s": {"room_size": 4.5, "object_counts": {"cup": 1, "fork": 2},
            "object_bbox": {"cup": [{"centroid": [1,2,3], "axesLengths": [1,2,4], "normalizedAxes": [1,0,0, 0,1,0, 0,0,-1]}]}}}"#;
        let world = &import(scene).expect("valid").worlds[0];
        let (label, pose) = poses(world).remove(0);
        assert_eq!((label.as_str(), pose.extent), ("cup", Some([2.0, 1.0, 4.0])));
        let corners = box3(&pose).corners();
        for (axis, low, high) in [(0, 0.5, 1.5), (1, 1.0, 3.0), (2, 1.0, 5.0)] {
            let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
            for corner in &corners {
                (least, most) = (least.min(corner[axis]), most.max(corner[axis]));
            }
            assert!(
                (least - low).abs() < 1e-12 && (most - high).abs() < 1e-12,
                "axis {axis}: {least} {most}"
            );
        }
        // two forks are stated, none has a box: a fact, and no claim to have seen them all
        assert_eq!(world.coverage().next().expect("one row").labels, ["cup"]);
        let facts: Vec<_> = world.facts().map(|f| (f.predicate.as_str(), f.object.clone())).collect();
        assert!(facts.contains(&("count", Reference::Number(2.0, String::new()))), "{facts:?}");
        assert!(facts.contains(&("room size", Reference::Number(4.5, "m²".into()))), "{facts:?}");
        assert_eq!(world.span(), None, "timeless");
    }

    #[test]
    fn hostile_scenes_are_faults_or_errors() {
        let scene = r#"{"s": {"room_size": null, "object_counts": {"a": 1.5, "b": -1}, "object_bbox": {"a": [
            {"centroid": [1,2,3], "axesLengths": [1,2,4], "normalizedAxes": [1,0,0, 0,1,0, 0,0,0]},
            {"centroid": [1,2,1e300], "axesLengths": [1,2,4], "normalizedAxes": [1,0,0, 0,1,0, 0,0,1]},
            {"centroid": [1,2,3], "axesLengths": [1,2,-4], "normalizedAxes": [1,0,0, 0,1,0, 0,0,1]},
            {"centroid": [1,2], "axesLengths": [1,2,4], "normalizedAxes": [1,0,0]}, 7], "b": 3}}, "t": 5}"#;
        let imported = import(scene).expect("a scene without boxes");
        assert_eq!((imported.worlds.len(), imported.faults.count()), (1, 9), "{}", imported.faults);
        for text in ["", "[]", "{", "{}", "{\"s\": 1}", "nonsense", &"[".repeat(100_000)] {
            assert!(import(text).is_err(), "{text:.20}");
        }
    }

    /// Counts, places, sizes and room sizes equal the files, read a second time as plain JSON.
    #[test]
    fn worlds_equal_the_files() {
        let Some(folder) = data("import vsi-bench", "vsi_bench") else { return };
        let imported = VsiBench.import(&folder, &ImportSettings::default()).expect("valid");
        assert_eq!((imported.worlds.len(), imported.faults.count()), (144, 0));
        let mut all = BTreeMap::new();
        for path in files(&folder).expect("listed") {
            let metas: Map<String, Value> = input::json(&path, "scenes").expect("valid");
            all.extend(metas);
        }
        let mut n_boxes = 0;
        for world in &imported.worlds {
            let meta = &all[&world.record().name];
            let mut found: BTreeMap<String, Vec<Pose>> = BTreeMap::new();
            for (label, pose) in poses(world) {
                found.entry(label).or_default().push(pose);
            }
            let classes = meta["object_bbox"].as_object().expect("an object");
            assert_eq!(
                found.len(),
                classes.values().filter(|b| !b.as_array().expect("a list").is_empty()).count()
            );
            for (class, boxes) in classes {
                // a box annotated twice is one thing
                let mut distinct: Vec<&Value> = Vec::new();
                for given in boxes.as_array().expect("a list") {
                    if !distinct.contains(&given) {
                        distinct.push(given);
                    }
                }
                let boxes = distinct;
                assert_eq!(found.get(class).map_or(0, Vec::len), boxes.len());
                for (pose, meta) in found.get(class).into_iter().flatten().zip(boxes) {
                    n_boxes += 1;
                    let corners = box3(pose).corners();
                    for axis in 0..3 {
                        for (key, pick) in [("min", f64::min as fn(f64, f64) -> f64), ("max", f64::max)] {
                            let bound = corners.iter().map(|c| c[axis]).reduce(pick).expect("eight");
                            let truth = meta[key][axis].as_f64().expect("a number");
                            assert!((bound - truth).abs() < 1e-9, "{class} {key} {axis}: {bound} {truth}");
                        }
                    }
                    let longest = meta["axesLengths"].as_array().expect("three").iter();
                    let longest = longest.filter_map(Value::as_f64).fold(0.0, f64::max);
                    assert_eq!(box3(pose).longest(), longest);
                }
            }
            let size = world.facts().find(|f| f.predicate == "room size").map(|f| f.object.clone());
            assert_eq!(
                size,
                Some(Reference::Number(meta["room_size"].as_f64().expect("a number"), "m²".into()))
            );
        }
        // 8 boxes stand twice, number by number
        assert_eq!(n_boxes, 650 + 429 + 568 - 8);
    }
}
