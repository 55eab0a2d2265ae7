//! VSI-Bench scenes from Worlds.
//!
//! Source: Yang et al., 2025; keys as in [`crate::import::VsiBench`].

use super::rows::{self, shortest};
use super::{Error, ExportSettings, Exporter};
use crate::import::vsi_bench::{BOX_AS_GIVEN, CLASSES, NO_BOX};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Box3, Pose, Reference, ReferenceFrame, Sample, World, unit_quaternion};
use nalgebra::Vector3;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Write};

/// One JSON object of scenes by name, each with `room_size`, `room_center`, `object_counts`, `object_bbox` and `dataset`.
///
/// Boxes that were imported come back as their text was. Others are written with their body axes, in the order length, width, height, and the bounds of their
/// corners; a thing without a turn is left out. The count of a class is the stated one, else the number of its things. Things that move have their first box.
#[derive(Clone, Copy, Debug)]
pub struct VsiBench;

impl Exporter for VsiBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "vsi-bench",
            about: "oriented boxes of the things in rooms",
            source: "formats/src/export/vsi_bench.rs",
            paper: Some("Yang et al., Thinking in Space (VSI-Bench), 2025"),
            example: "chronotope export vsi-bench room.world -o meta.json",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        self.export_all(std::slice::from_ref(world), settings, out)
    }

    fn export_all(&self, worlds: &[World], _: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let mut scenes: Vec<&World> = worlds.iter().collect();
        // as the file had them; of others in the order given
        scenes.sort_by_key(|world| {
            let n = rows::setting(world, "vsi-bench", "scene");
            n.and_then(|n| n.parse::<usize>().ok()).unwrap_or(usize::MAX)
        });
        let entries: Vec<String> = scenes
            .into_iter()
            .map(|world| Ok(format!("{}:{}", json!(world.record().name), scene(world)?)))
            .collect::<Result<_, Error>>()?;
        let mut out = BufWriter::new(out);
        write!(out, "{{{}}}", entries.join(","))?;
        Ok(out.flush()?)
    }
}

/// The object of one scene.
fn scene(world: &World) -> Result<String, Error> {
    let boxes = boxes(world)?;
    if boxes.of_class.is_empty() {
        let expected = "things with place, size and turn in a world";
        return Err(Error::unfit("vsi-bench", expected, "none"));
    }
    let number = |subject: &str, predicate: &str| {
        world.facts().find_map(|fact| match (&fact.subject, &fact.object) {
            (Reference::Text(own), Reference::Number(value, _)) => {
                (own == subject && fact.predicate == predicate).then_some(*value)
            }
            _ => None,
        })
    };
    let counts: Vec<String> = counted_classes(world, &boxes)
        .into_iter()
        .map(|class| {
            let things = boxes.things.get(&class).map_or(0, BTreeSet::len);
            let count = number(&class, "count").map_or(things as u64, |n| n as u64);
            format!("{}:{count}", json!(class))
        })
        .collect();
    let boxes: Vec<String> =
        boxes.of_class.iter().map(|(class, list)| format!("{}:[{}]", json!(class), list.join(","))).collect();
    let centre = ["x", "y", "z"].map(|axis| number("room", &format!("room centre {axis}")));
    let keys = rows::setting(world, "vsi-bench", "keys")
        .unwrap_or("dataset,room_size,room_center,object_counts,object_bbox");
    let value = |key: &str| match (key, centre) {
        ("room_size", _) => Some(number("room", "room size").map_or("null".to_owned(), shortest)),
        ("room_center", [Some(x), Some(y), Some(z)]) => {
            Some(format!("[{}]", [x, y, z].map(shortest).join(",")))
        }
        ("object_counts", _) => Some(format!("{{{}}}", counts.join(","))),
        ("object_bbox", _) => Some(format!("{{{}}}", boxes.join(","))),
        ("dataset", _) => {
            Some(json!(rows::setting(world, "vsi-bench", "dataset").unwrap_or_default()).to_string())
        }
        _ => None,
    };
    let entries: Vec<String> =
        keys.split(',').filter_map(|key| Some(format!("{}:{}", json!(key), value(key)?))).collect();
    Ok(format!("{{{}}}", entries.join(",")))
}

/// The boxes of a scene.
struct Boxes {
    /// Texts by class, in the order in which they were handed in.
    of_class: Vec<(String, Vec<String>)>,
    /// What things there are of a class: a thing may have several boxes.
    things: BTreeMap<String, BTreeSet<u64>>,
}

fn boxes(world: &World) -> Result<Boxes, Error> {
    let labels = rows::first_labels(world);
    let mut given: BTreeMap<&str, &str> = BTreeMap::new();
    let mut without: Vec<(u64, &str)> = Vec::new();
    for fact in world.facts() {
        match (&fact.subject, &fact.object) {
            (Reference::Text(key), Reference::Text(text)) if fact.predicate == BOX_AS_GIVEN => {
                given.insert(key, text);
            }
            (Reference::Text(class), Reference::Number(..)) if fact.predicate == NO_BOX => {
                without.push((fact.id.0, class));
            }
            _ => {}
        }
    }
    let own = rows::setting(world, "vsi-bench", "format").is_some();
    let mut out = Boxes { of_class: Vec::new(), things: BTreeMap::new() };
    let mut seen = BTreeSet::new();
    for row in rows::rows(world)? {
        let Some(track) = row.sample.track.filter(|track| seen.insert(*track)) else { continue };
        let Some(text) = world
            .track(track)
            .and_then(|track| given.get(track.source_key.as_str()).filter(|_| own))
            .map(|text| (*text).to_owned())
            .or_else(|| as_text(world, &row.sample))
        else {
            continue;
        };
        let class = labels.get(&track).copied().unwrap_or("thing");
        if let Some(entity) = row.entity {
            out.things.entry(class.to_owned()).or_default().insert(entity.0);
        }
        match out.of_class.iter_mut().find(|(own, _)| own == class) {
            Some((_, list)) => list.push(text),
            None => out.of_class.push((class.to_owned(), vec![text])),
        }
    }
    for (_, class) in without {
        out.of_class.push((class.to_owned(), Vec::new()));
    }
    Ok(out)
}

/// The counted classes in the file's order, then those that only boxes name.
fn counted_classes(world: &World, boxes: &Boxes) -> Vec<String> {
    let listed = world.facts().find(|fact| fact.predicate == CLASSES);
    let mut classes: Vec<String> = match listed.map(|fact| &fact.object) {
        Some(Reference::Text(text)) => serde_json::from_str(text).unwrap_or_default(),
        _ => Vec::new(),
    };
    if listed.is_none() {
        classes.extend(boxes.of_class.iter().map(|(class, _)| class.clone()));
    }
    classes
}

/// A box in the format's words; none without place, size and turn in a world.
fn as_text(world: &World, sample: &Sample) -> Option<String> {
    let Pose { reference_frame, position, rotation, extent } = sample.pose?;
    let frame = &world.reference_frame(reference_frame)?.reference_frame;
    let (rotation, extent) = (unit_quaternion(rotation?)?, extent?);
    if !matches!(frame, ReferenceFrame::World(_)) {
        return None;
    }
    let corners = Box3 { centre: position.into(), rotation, extent: extent.into() }.corners();
    let bound = |pick: fn(f64, f64) -> f64| {
        [0, 1, 2].map(|axis| corners.iter().map(|c| c[axis]).reduce(pick).unwrap_or(position[axis]))
    };
    let axes: Vec<f64> = [Vector3::x(), Vector3::y(), Vector3::z()]
        .iter()
        .flat_map(|axis| <[f64; 3]>::from(rotation * axis))
        .collect();
    let list = |numbers: &[f64]| {
        let numbers: Vec<String> = numbers.iter().copied().map(shortest).collect();
        format!("[{}]", numbers.join(","))
    };
    Some(format!(
        r#"{{"centroid":{},"axesLengths":{},"normalizedAxes":{},"min":{},"max":{}}}"#,
        list(&position),
        list(&extent),
        list(&axes),
        list(&bound(f64::min)),
        list(&bound(f64::max)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};
    use crate::import::{self, ImportSettings, Importer};

    fn written(worlds: &[World]) -> String {
        let mut out = Vec::new();
        VsiBench.export_all(worlds, &ExportSettings::default(), &mut out).expect("exports");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn every_file_of_the_data_is_written_back_byte_by_byte() {
        let Some(folder) = data("export vsi-bench", "vsi_bench") else { return };
        for name in ["arkitscenes", "scannet", "scannetpp"] {
            let path = folder.join(format!("meta_{name}.json.gz"));
            let imported = import::VsiBench.import(&path, &ImportSettings::default()).expect("valid");
            let (was, is) = (import::text_of(&path).expect("text"), written(&imported.worlds));
            let at = was
                .bytes()
                .zip(is.bytes())
                .position(|(was, is)| was != is)
                .unwrap_or(was.len().min(is.len()));
            let near =
                |text: &str| text.get(at.saturating_sub(60)..(at + 60).min(text.len())).map(str::to_owned);
            assert!(was == is, "{name}, byte {at}: {:?} {:?}", near(&was), near(&is));
        }
    }

    /// A room that was never in such a file is written so that the importer reads the same boxes.
    #[test]
    fn another_room_is_written_and_read_back() {
        let text = "record \"den\"\nworld room m\ncoverage always all labels\n\
            table 2 in room\n  always: (2, 0, 0.4) size (2, 1, 0.8) yaw 45\n\
            chair 1 in room\n  always: (0, 0, 0.5) size (0.75, 0.5, 1) yaw 0\n";
        let den = chronotope_world::text::parse(text).expect("valid");
        let scratch = Scratch::new();
        let first = written(std::slice::from_ref(&den));
        let path = scratch.file("meta_a.json", first.as_bytes());
        let imported = import::VsiBench.import(&path, &ImportSettings::default()).expect("valid");
        assert!(imported.faults.is_empty(), "{}", imported.faults);
        let solids = |world: &World| -> Vec<(String, [i64; 6])> {
            let mut all: Vec<(String, [i64; 6])> = world
                .entities()
                .map(|entity| {
                    let pose = world.trajectory(entity).expect("in memory").at(chronotope_world::Time(5));
                    let pose = pose.and_then(|moment| moment.pose).expect("placed");
                    let [l, w, h] = pose.extent.expect("sized");
                    let [x, y, z] = pose.position;
                    let label = world.labels_of(entity).next().expect("labelled").text.clone();
                    (label, [x, y, z, l, w, h].map(|v| (v * 1e9).round() as i64))
                })
                .collect();
            all.sort();
            all
        };
        assert_eq!(solids(&imported.worlds[0]), solids(&den));
        assert_eq!(written(&imported.worlds), first);
    }
}
