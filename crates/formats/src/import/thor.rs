//! AI2-THOR scenes: boxes of the things in a simulated house, as its metadata gives them.
//!
//! Source: Kolve et al., *AI2-THOR: An Interactive 3D Environment for Visual AI*, 2017; the metadata of an event as documented
//! at ai2thor.allenai.org, whole or as an excerpt with `aabb_center`, `aabb_size` and `obb_corners` in place of the nested boxes.

use super::error::Error;
use super::faults::{Faults, RowFault};
use super::input::{self, SourceFile};
use super::record;
use super::{ImportSettings, Imported, Importer};
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    Clock, Known, Label, Origin, Pose, Reference, ReferenceFrame, ReferenceFrameId, Sample, Scale, Span,
    Time, Track, World, WorldBuilder,
};
use nalgebra::{Matrix3, Rotation3, UnitQuaternion, Vector3};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// AI2-THOR metadata, one timeless World per file.
///
/// Unity's left-handed axes (x right, y up, z forward) become x forward, y left, z up, in metres of `world(house)`. A thing with an
/// oriented box, which the simulator gives to what can be moved, has that box along its own axes; any other the box along the
/// house's. Every thing is labelled with its `objectType` and named by its `objectId`; `movable`, `receptacle`, `pickupable`,
/// `openable` and `open` are facts, yes or no. What lies on or in what (`parentReceptacles`) is left out: it follows from the boxes, or it
/// does not. **Coverage** is complete for the types of the file.
#[derive(Clone, Copy, Debug)]
pub struct Thor;

const VOCABULARY: &str = "ai2-thor";

/// Largest coordinate or extent in metres; larger ones are mistakes.
const MAX_M: f64 = 1e6;

impl Importer for Thor {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "thor",
            about: "boxes of the things in AI2-THOR's houses, timeless",
            source: "formats/src/import/thor.rs",
            paper: Some("Kolve et al., AI2-THOR: An Interactive 3D Environment for Visual AI, 2017"),
            example: "chronotope import thor FloorPlan1.json.gz -o kitchen.world",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        if path.is_dir() {
            return files(path).is_ok_and(|found| !found.is_empty());
        }
        let text = String::from_utf8_lossy(head);
        text.trim_start().starts_with('{')
            && ["\"objectId\"", "\"cameraHorizon\"", "\"sceneBounds\""].iter().any(|key| text.contains(key))
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let found: Vec<(String, PathBuf)> =
            files(path)?.into_iter().map(|file| (input::stem(&file), file)).collect();
        if found.is_empty() {
            return Err(Error::input(path, "AI2-THOR metadata, or a folder with FloorPlanN.json", "neither"));
        }
        let (mut worlds, mut faults) = (Vec::new(), Faults::default());
        for (name, file) in record::pick(found, |scene| &scene.0, settings)? {
            let scene: Scene = input::json(&file, "an object with a list `objects`")?;
            worlds.push(import_scene(&name, scene, &SourceFile::new(&file)?, &mut faults)?);
        }
        Ok(Imported { worlds, faults })
    }
}

/// The file itself, or the `FloorPlan*.json[.gz]` of a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let is_scene = |p: &PathBuf| {
        let name = p.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        name.starts_with("FloorPlan") && Path::new(name).extension().is_some_and(|e| e == "json")
    };
    Ok(input::listing(path)?.into_iter().filter(is_scene).collect())
}

#[derive(Deserialize)]
struct Scene {
    objects: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Thing {
    object_id: String,
    object_type: String,
    rotation: Unity,
    #[serde(default)]
    receptacle: Option<bool>,
    #[serde(default)]
    pickupable: Option<bool>,
    #[serde(default)]
    moveable: Option<bool>,
    #[serde(default)]
    openable: Option<bool>,
    #[serde(default)]
    is_open: Option<bool>,
    #[serde(rename = "aabb_center")]
    aabb_center: Option<Unity>,
    #[serde(rename = "aabb_size")]
    aabb_size: Option<Unity>,
    #[serde(rename = "obb_corners")]
    obb_corners: Option<Vec<[f64; 3]>>,
    axis_aligned_bounding_box: Option<Aabb>,
    object_oriented_bounding_box: Option<Obb>,
}

#[derive(Clone, Copy, Deserialize)]
struct Unity {
    x: f64,
    y: f64,
    z: f64,
}

#[derive(Deserialize)]
struct Aabb {
    center: Unity,
    size: Unity,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Obb {
    corner_points: Vec<[f64; 3]>,
}

fn import_scene(
    name: &str,
    scene: Scene,
    file: &SourceFile<'_>,
    faults: &mut Faults,
) -> Result<World, Error> {
    let mut builder = WorldBuilder::new(name);
    let source = record::annotation_source(&mut builder, file, Some(Clock::SAME), "format=thor".into());
    let house = builder.reference_frame(ReferenceFrame::World("house".into()), Scale::Metre);
    let mut types = BTreeSet::new();
    for (n, value) in scene.objects.iter().enumerate() {
        let read = Thing::deserialize(value)
            .map_err(|error| RowFault::new("an object with objectId, objectType, rotation and boxes", error))
            .and_then(|thing| pose_of(&thing, house).map(|pose| (thing, pose)));
        let (thing, pose) = match read {
            Ok(read) => read,
            Err(fault) => {
                faults.item(file.path, format!("object {n}"), fault);
                continue;
            }
        };
        let track = builder.track(Track::new(source, &thing.object_id, Known::ALWAYS));
        let entity = builder.entity();
        record::add_identity(&mut builder, track, entity, "annotated", Known::ALWAYS);
        builder.label(Label::new(track, &thing.object_type, VOCABULARY, Known::ALWAYS));
        builder.label(Label::new(track, &thing.object_id, "name", Known::ALWAYS));
        let has_obb = thing.obb_corners.is_some() || thing.object_oriented_bounding_box.is_some();
        let movable =
            thing.moveable.map(|moveable| moveable || thing.pickupable == Some(true)).or(Some(has_obb));
        for (predicate, so) in [
            ("movable", movable),
            ("receptacle", thing.receptacle),
            ("pickupable", thing.pickupable),
            ("openable", thing.openable),
            ("open", thing.is_open),
        ] {
            let Some(so) = so else { continue };
            let word = Reference::Text(if so { "yes" } else { "no" }.to_owned());
            record::add_fact(&mut builder, source, Reference::Entity(entity), predicate, word, Span::ALWAYS);
        }
        let mut sample = Sample::new(source, Some(track), Time::MIN, Origin::Simulated);
        sample.end = Some(Time::MAX);
        sample.pose = Some(pose);
        sample.known = Known::ALWAYS;
        builder.sample(sample);
        types.insert(thing.object_type);
    }
    record::add_coverage(&mut builder, source, None, Span::ALWAYS, types.into_iter().collect(), true);
    record::build(builder, file.path)
}

/// From Unity's axes: x forward, y left, z up.
fn turned(at: Unity) -> Vector3<f64> {
    Vector3::new(at.z, -at.x, at.y)
}

fn pose_of(thing: &Thing, house: ReferenceFrameId) -> Result<Pose, RowFault> {
    let nested = thing.axis_aligned_bounding_box.as_ref().map(|b| (b.center, b.size));
    let own = thing.aabb_center.zip(thing.aabb_size);
    let corners =
        thing.obb_corners.as_ref().or(thing.object_oriented_bounding_box.as_ref().map(|b| &b.corner_points));
    let (rotation, corners): (Rotation3<f64>, Vec<Vector3<f64>>) = match (corners, nested.or(own)) {
        (Some(corners), _) if !corners.is_empty() && corners.len() <= 8 => {
            let corners = corners.iter().map(|&[x, y, z]| turned(Unity { x, y, z }));
            (own_axes(thing.rotation), corners.collect())
        }
        (_, Some((centre, size))) => {
            let half = |at: Unity| Vector3::new(at.z, at.x, at.y).abs() / 2.0;
            let (centre, half) = (turned(centre), half(size));
            (Rotation3::identity(), vec![centre - half, centre + half])
        }
        _ => return Err(RowFault::new("a box of one kind or the other", "none")),
    };
    if let Some(bad) = corners.iter().flatten().find(|v| v.is_nan() || v.abs() > MAX_M) {
        return Err(RowFault::new(format!("metres within ±{MAX_M}"), bad));
    }
    let local = corners.iter().map(|corner| rotation.inverse() * corner);
    let (low, high) = local
        .fold((Vector3::repeat(f64::INFINITY), Vector3::repeat(f64::NEG_INFINITY)), |(low, high), at| {
            (low.inf(&at), high.sup(&at))
        });
    let q = UnitQuaternion::from_rotation_matrix(&rotation);
    Ok(Pose {
        reference_frame: house,
        position: (rotation * ((low + high) / 2.0)).into(),
        rotation: Some([q.w, q.i, q.j, q.k]),
        extent: Some((high - low).into()),
    })
}

/// The thing's own axes (x its forward, y its left, z its up) in the house's: Unity turns about z, then x, then y, in degrees, clockwise
/// as seen along the axis.
fn own_axes(degrees: Unity) -> Rotation3<f64> {
    let [x, y, z] = [degrees.x, degrees.y, degrees.z].map(f64::to_radians);
    let (sx, cx, sy, cy, sz, cz) =
        (libm::sin(x), libm::cos(x), libm::sin(y), libm::cos(y), libm::sin(z), libm::cos(z));
    let about_x = Matrix3::new(1.0, 0.0, 0.0, 0.0, cx, -sx, 0.0, sx, cx);
    let about_y = Matrix3::new(cy, 0.0, sy, 0.0, 1.0, 0.0, -sy, 0.0, cy);
    let about_z = Matrix3::new(cz, -sz, 0.0, sz, cz, 0.0, 0.0, 0.0, 1.0);
    let unity = about_y * about_x * about_z;
    let axis = |v: Vector3<f64>| {
        let v = unity * v;
        turned(Unity { x: v.x, y: v.y, z: v.z })
    };
    Rotation3::from_matrix_unchecked(Matrix3::from_columns(&[
        axis(Vector3::z()),
        axis(-Vector3::x()),
        axis(Vector3::y()),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};

    const MUG: &str = r#"{"sceneBounds": {}, "objects": [
        {"objectId": "Mug|1", "objectType": "Mug", "rotation": {"x": 0, "y": 90, "z": 0}, "pickupable": true, "receptacle": true,
         "aabb_center": {"x": 1, "y": 2, "z": 3}, "aabb_size": {"x": 0.4, "y": 0.1, "z": 0.2},
         "obb_corners": [[0.8,1.95,2.9],[1.2,1.95,2.9],[1.2,1.95,3.1],[0.8,1.95,3.1],[0.8,2.05,2.9],[1.2,2.05,2.9],[1.2,2.05,3.1],[0.8,2.05,3.1]]},
        {"objectId": "Wall|1", "objectType": "Wall", "rotation": {"x": 0, "y": 0, "z": 0},
         "axisAlignedBoundingBox": {"center": {"x": 0, "y": 1, "z": 0}, "size": {"x": 4, "y": 2, "z": 0.1}}},
        {"objectId": "Ghost|1", "objectType": "Ghost", "rotation": {"x": 0, "y": 0, "z": 0}}, 7]}"#;

    #[test]
    fn boxes_are_turned_into_right_handed_axes() {
        let scratch = Scratch::new();
        let path = scratch.file("FloorPlan1.json", MUG.as_bytes());
        let imported = Thor.import(&path, &ImportSettings::default()).expect("two good things");
        assert_eq!((imported.faults.count(), imported.worlds[0].entities().count()), (2, 2));
        let world = &imported.worlds[0];
        let pose = |n| {
            let moment = world
                .trajectory(chronotope_world::EntityId(n))
                .expect("in memory")
                .at(Time(5))
                .expect("always");
            moment.pose.expect("placed")
        };
        let near =
            |a: [f64; 3], b: [f64; 3]| assert!((0..3).all(|i| (a[i] - b[i]).abs() < 1e-9), "{a:?} {b:?}");
        // looking along Unity's x, which is right: 0.4 m long, 0.2 m wide
        near(pose(0).position, [3.0, -1.0, 2.0]);
        near(pose(0).extent.expect("sized"), [0.4, 0.2, 0.1]);
        let [w, i, j, k] = pose(0).rotation.expect("turned");
        let forward = UnitQuaternion::from_quaternion(nalgebra::Quaternion::new(w, i, j, k)) * Vector3::x();
        near(forward.into(), [0.0, -1.0, 0.0]);
        near(pose(1).extent.expect("sized"), [0.1, 4.0, 2.0]);
    }

    #[test]
    fn oriented_boxes_have_the_bounds_that_the_files_state() {
        let Some(folder) = data("import thor", "thor_scenes") else { return };
        let imported = Thor.import(&folder, &ImportSettings::default()).expect("valid");
        assert_eq!((imported.worlds.len(), imported.faults.count()), (60, 0));
        let things: usize = imported.worlds.iter().map(|world| world.entities().count()).sum();
        assert_eq!(things, 2890);
    }
}
