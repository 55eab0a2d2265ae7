//! COCO instance files from a World.
//!
//! Source: Lin et al., 2014; <https://cocodataset.org/#format-data>; keys as in [`crate::import::Coco`].

use super::rows::{self, DatedFacts};
use super::{Error, ExportSettings, Exporter};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Event, Mask, Reference, World};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// One JSON object with `images`, `annotations` and `categories`.
///
/// Images are the pictures that an imported file named, else those with boxes: id and order are the picture's number, the file name is
/// `000000.jpg` and on. Masks are written as compressed run lengths, or as the polygons that they came from. `track_id` says which
/// annotations are one thing, where a thing has several. Categories keep the numbers that they were imported with, else count from 1 by name.
#[derive(Clone, Copy, Debug)]
pub struct Coco;

impl Exporter for Coco {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "coco",
            about: "boxes and masks in pictures, with categories",
            source: "formats/src/export/coco.rs",
            paper: Some("Lin et al., Microsoft COCO: Common Objects in Context, ECCV 2014"),
            example: "chronotope export coco pictures.world -o instances.json",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let picture_rows = rows::picture_rows(world, settings, "coco")?;
        let own_ids = rows::setting(world, "coco", "format").is_some();
        let labels = rows::first_labels(world);
        let facts = DatedFacts::of_entities(world);
        let size = picture_rows.observer.and_then(|o| world.observer(o)).and_then(|o| o.picture_px);
        let images = images(world, picture_rows.rows.iter().map(|(n, ..)| *n).collect(), size);
        let label_of =
            |row: &rows::Row| row.sample.track.and_then(|t| labels.get(&t).copied()).unwrap_or("thing");
        let categories = categories(world, picture_rows.rows.iter().map(|(.., row)| label_of(row)).collect());
        let mut per_track: BTreeMap<_, usize> = BTreeMap::new();
        for (.., row) in &picture_rows.rows {
            *per_track.entry(row.sample.track).or_default() += 1;
        }
        let mut annotations = Vec::new();
        for (n, (frame_index, id, row)) in picture_rows.rows.iter().enumerate() {
            let Some(b) = row.sample.box_px else { continue };
            let several = row.sample.track.is_some() && per_track[&row.sample.track] > 1;
            let track = row.sample.track.and_then(|t| world.track(t));
            let key = track.and_then(|t| t.source_key.parse::<i64>().ok()).filter(|_| own_ids && !several);
            let mask: Option<Mask> = row.sample.mask.as_ref().and_then(|text| text.parse().ok());
            let fact = |predicate| row.entity.and_then(|e| facts.at(e.0, predicate, row.sample.t));
            let area = match fact("area") {
                Some(Reference::Number(area, _)) => *area,
                _ => mask.as_ref().map_or(b.area(), |mask| mask.area() as f64),
            };
            let mut item = Map::new();
            item.insert("id".into(), json!(key.unwrap_or(n as i64 + 1)));
            item.insert(
                "image_id".into(),
                images.get(frame_index).map_or(json!(frame_index), |image| image["id"].clone()),
            );
            item.insert("category_id".into(), json!(categories[label_of(row)]));
            item.insert("bbox".into(), json!([b.left, b.top, b.width, b.height]));
            item.insert("area".into(), json!(area));
            item.insert("iscrowd".into(), json!(i32::from(track.is_some_and(|t| t.ignored))));
            let given = match fact("segmentation") {
                Some(Reference::Text(text)) => serde_json::from_str::<Value>(text).ok(),
                _ => None,
            };
            let runs = mask.map(|m| json!({"size": [m.height(), m.width()], "counts": m.to_coco()}));
            if let Some(segmentation) = given.or(runs) {
                item.insert("segmentation".into(), segmentation);
            }
            if let Some(score) = row.sample.score {
                item.insert("score".into(), json!(score));
            }
            if let (true, Some(id)) = (several, id) {
                item.insert("track_id".into(), json!(id));
            }
            annotations.push(Value::Object(item));
        }
        let categories: Vec<Value> =
            categories.iter().map(|(name, id)| json!({"id": id, "name": name})).collect();
        let images: Vec<&Value> = images.values().collect();
        let all = json!({"images": images, "annotations": annotations, "categories": categories});
        let mut out = std::io::BufWriter::new(out);
        serde_json::to_writer(&mut out, &all).map_err(|e| Error::Write(e.into()))?;
        writeln!(out)?;
        Ok(out.flush()?)
    }
}

/// The images by picture: those that the file named, else those with boxes.
fn images(world: &World, shown: BTreeSet<u32>, size: Option<[u32; 2]>) -> BTreeMap<u32, Value> {
    let named: Vec<&Event> = world.events().filter(|event| event.kind == "picture").collect();
    if named.is_empty() {
        let image = |n: u32| {
            let mut image = Map::new();
            image.insert("id".into(), json!(n));
            image.insert("file_name".into(), json!(format!("{n:06}.jpg")));
            for (key, side) in ["width", "height"].iter().zip(size.iter().flatten()) {
                image.insert((*key).into(), json!(side));
            }
            (n, Value::Object(image))
        };
        return shown.into_iter().map(image).collect();
    }
    let image = |(n, event): (usize, &&Event)| {
        let mut image = Map::new();
        image.insert("id".into(), json!(n));
        for (role, value) in &event.roles {
            match (role.as_str(), value) {
                ("file", Reference::Text(name)) => image.insert("file_name".into(), json!(name)),
                ("image id", Reference::Number(id, _)) => image.insert("id".into(), json!(*id as i64)),
                (side, Reference::Number(px, _)) => image.insert(side.to_owned(), json!(*px as i64)),
                _ => None,
            };
        }
        (n as u32, Value::Object(image))
    };
    named.iter().enumerate().map(image).collect()
}

/// Numbers of the categories by name: as imported, and from 1 (or the next free one) by name for others.
pub(crate) fn categories(world: &World, used: BTreeSet<&str>) -> BTreeMap<String, i64> {
    let mut out = BTreeMap::new();
    for fact in world.facts().filter(|fact| fact.predicate == "category id") {
        if let (Reference::Text(name), Reference::Number(id, _)) = (&fact.subject, &fact.object) {
            out.insert(name.clone(), *id as i64);
        }
    }
    let mut next = out.values().copied().max().unwrap_or(0).saturating_add(1);
    for name in used {
        out.entry(name.to_owned()).or_insert_with(|| {
            next += 1;
            next - 1
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::Scratch;
    use crate::import::{self, ImportSettings, Importer};

    fn written(world: &World) -> Value {
        let mut out = Vec::new();
        Coco.export(world, &ExportSettings::default(), &mut out).expect("exports");
        serde_json::from_slice(&out).expect("JSON")
    }

    #[test]
    fn what_was_read_is_written_back() {
        let scratch = Scratch::new();
        let text = r#"{"images": [{"id": 7, "file_name": "a.jpg", "width": 4, "height": 3}, {"id": 3, "file_name": "b.jpg", "width": 4, "height": 3}],
            "annotations": [
            {"id": 11, "image_id": 3, "category_id": 18, "bbox": [1.0,0.0,2.0,3.0], "area": 5.5, "iscrowd": 0, "segmentation": [[1,0,3,0,3,3,1,3]]},
            {"id": 12, "image_id": 7, "category_id": 18, "bbox": [1.0,0.0,2.0,3.0], "area": 6.0, "iscrowd": 1, "segmentation": {"size": [3,4], "counts": [3,6,3]}},
            {"id": 13, "image_id": 7, "category_id": 2, "bbox": [0.0,0.0,1.5,1.0], "area": 1.5, "iscrowd": 0, "score": 0.25}],
            "categories": [{"id": 2, "name": "cat"}, {"id": 18, "name": "dog"}]}"#;
        let path = scratch.file("a.json", text.as_bytes());
        let world = import::Coco.import(&path, &ImportSettings::default()).expect("valid").worlds.remove(0);
        let expected: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(written(&world), expected);
    }

    #[test]
    fn a_tracked_thing_keeps_its_track() {
        let scratch = Scratch::new();
        let path = scratch.file("a.txt", b"1,7,1,2,3,4,1\n2,7,1,2,3,4,0.5\n");
        let world = import::Mot.import(&path, &ImportSettings::default()).expect("valid").worlds.remove(0);
        let all = written(&world);
        assert_eq!(all["annotations"][1]["track_id"], 7);
        assert_eq!(
            (&all["images"][1]["id"], &all["categories"][0]["name"]),
            (&json!(1), &json!("pedestrian"))
        );
    }
}
