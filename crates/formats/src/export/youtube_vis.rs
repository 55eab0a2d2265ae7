//! YouTube-VIS annotation files from Worlds: masks of things over the pictures of videos.
//!
//! Source: Yang et al., 2019; keys as in [`crate::import::YoutubeVis`].

use super::coco;
use super::rows::{self, DatedFacts};
use super::{Error, ExportSettings, Exporter};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Mask, Reference, World};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Write};

/// One JSON object with `videos`, `annotations` and `categories`; a World is a video.
///
/// Every track is an annotation: for each picture of the video its mask (as it was given, else as compressed run lengths), box and area, or null. What else the data set's own files hold
/// (`info`, `licenses`, dates and addresses) is not kept; keys stand in the order of this writer, with no spaces between.
#[derive(Clone, Copy, Debug)]
pub struct YoutubeVis;

impl Exporter for YoutubeVis {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "youtube-vis",
            about: "masks of things over the pictures of videos",
            source: "formats/src/export/youtube_vis.rs",
            paper: Some("Yang et al., Video Instance Segmentation, ICCV 2019"),
            example: "chronotope export youtube-vis videos -o instances.json",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        self.export_all(std::slice::from_ref(world), settings, out)
    }

    fn export_all(
        &self,
        worlds: &[World],
        settings: &ExportSettings,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let categories = categories(worlds);
        let (mut videos, mut annotations) = (Vec::new(), Vec::new());
        let taken: BTreeSet<i64> = worlds.iter().filter_map(own_id).collect();
        let mut free = (1..).filter(|id| !taken.contains(id));
        for world in worlds {
            // two Worlds of one file may not share a video's number
            let used = |id: &i64| videos.iter().any(|video: &Value| video["id"] == json!(id));
            let id = own_id(world).filter(|id| !used(id)).or_else(|| free.next()).unwrap_or_default();
            let video = Video::of(world, id, settings)?;
            video.annotate(world, &categories, &mut annotations)?;
            videos.push(video.entry);
        }
        // numbers that two videos share are given anew
        let mut seen = BTreeSet::new();
        if !annotations.iter().all(|row: &Value| seen.insert(row["id"].as_i64())) {
            annotations.iter_mut().enumerate().for_each(|(n, row)| row["id"] = json!(n + 1));
        }
        let categories: Vec<Value> =
            categories.iter().map(|(name, id)| json!({"id": id, "name": name})).collect();
        let all = json!({"videos": videos, "annotations": annotations, "categories": categories});
        let mut out = BufWriter::new(out);
        serde_json::to_writer(&mut out, &all).map_err(|e| Error::Write(e.into()))?;
        writeln!(out)?;
        Ok(out.flush()?)
    }
}

/// The number that a video had in its file.
fn own_id(world: &World) -> Option<i64> {
    rows::setting(world, "youtube-vis", "video")?.parse().ok()
}

/// Numbers of the categories by name over all Worlds: as imported where they agree, else the next free ones.
fn categories(worlds: &[World]) -> BTreeMap<String, i64> {
    let mut out: BTreeMap<String, i64> = BTreeMap::new();
    for world in worlds {
        let labels = rows::first_labels(world).into_values().collect();
        for (name, id) in coco::categories(world, labels) {
            let taken = out.values().any(|own| *own == id);
            let next = out.values().copied().max().unwrap_or(0).saturating_add(1);
            out.entry(name).or_insert(if taken { next } else { id });
        }
    }
    out
}

/// A video and where its pictures are.
struct Video<'a> {
    entry: Value,
    id: i64,
    n_pictures: usize,
    rows: Vec<(u32, rows::Row)>,
    facts: DatedFacts<'a>,
}

impl<'a> Video<'a> {
    fn of(world: &'a World, id: i64, settings: &ExportSettings) -> Result<Video<'a>, Error> {
        let named: Vec<&str> = world
            .events()
            .filter(|event| event.kind == "picture")
            .filter_map(|event| match event.roles.iter().find(|(role, _)| role == "file") {
                Some((_, Reference::Text(name))) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        // a video may show nothing that was annotated
        let found = match rows::picture_rows(world, settings, "youtube-vis") {
            Ok(found) => found,
            Err(Error::Unfit { .. }) if !named.is_empty() && world.tables().observers.len() == 1 => {
                rows::PictureRows {
                    rows: Vec::new(),
                    observer: world.tables().observers.first().map(|o| o.id),
                }
            }
            Err(error) => return Err(error),
        };
        let size = found.observer.and_then(|o| world.observer(o)).and_then(|o| o.picture_px);
        let Some([width, height]) = size else {
            return Err(Error::unfit("youtube-vis", "a camera whose pictures' size is known", "none"));
        };
        let last = found.rows.iter().map(|(n, ..)| *n as usize + 1).max().unwrap_or(0);
        let n_pictures = if named.is_empty() { last } else { named.len() };
        // one annotation holds a place for every picture
        const MOST: usize = 1_000_000;
        if n_pictures > MOST {
            let found = format!("picture {n_pictures}");
            return Err(Error::unfit("youtube-vis", format!("at most {MOST} pictures"), found));
        }
        let folder = &world.record().name;
        let file_names: Vec<String> = if named.is_empty() {
            (0..n_pictures).map(|n| format!("{folder}/{n:05}.jpg")).collect()
        } else {
            named.into_iter().map(str::to_owned).collect()
        };
        let entry = json!({
            "id": id, "width": width, "height": height, "length": n_pictures, "file_names": file_names,
        });
        let rows = found.rows.into_iter().filter(|(n, ..)| (*n as usize) < n_pictures);
        let rows = rows.map(|(n, _, row)| (n, row)).collect();
        Ok(Video { entry, id, n_pictures, rows, facts: DatedFacts::of_entities(world) })
    }

    /// Adds the annotations of the video's tracks, in the order of their first rows.
    fn annotate(
        &self,
        world: &World,
        categories: &BTreeMap<String, i64>,
        annotations: &mut Vec<Value>,
    ) -> Result<(), Error> {
        const MOST_CELLS: usize = 20_000_000;
        let own = rows::setting(world, "youtube-vis", "format").is_some();
        let labels = rows::first_labels(world);
        let mut order = Vec::new();
        let mut of_track: BTreeMap<_, Vec<&(u32, rows::Row)>> = BTreeMap::new();
        for row in &self.rows {
            let Some(track) = row.1.sample.track else { continue };
            of_track.entry(track).or_insert_with(|| {
                order.push(track);
                Vec::new()
            });
            of_track.entry(track).or_default().push(row);
        }
        if order.len().saturating_mul(self.n_pictures) > MOST_CELLS {
            let found = format!("{} tracks over {} pictures", order.len(), self.n_pictures);
            return Err(Error::unfit(
                "youtube-vis",
                format!("at most {MOST_CELLS} tracks times pictures"),
                found,
            ));
        }
        for id in order {
            let Some(track) = world.track(id) else { continue };
            let mut segmentations = vec![Value::Null; self.n_pictures];
            let (mut bboxes, mut areas) = (segmentations.clone(), segmentations.clone());
            let mut score = None;
            for (n, row) in &of_track[&id] {
                let (Some(b), n) = (row.sample.box_px, *n as usize) else { continue };
                let mask: Option<Mask> = row.sample.mask.as_ref().and_then(|text| text.parse().ok());
                let fact = |predicate| row.entity.and_then(|e| self.facts.at(e.0, predicate, row.sample.t));
                areas[n] = match fact("area") {
                    Some(Reference::Number(area, _)) => json!(area),
                    _ => json!(mask.as_ref().map_or(b.area(), |mask| mask.area() as f64)),
                };
                let given = match fact("segmentation") {
                    Some(Reference::Text(text)) => serde_json::from_str::<Value>(text).ok(),
                    _ => None,
                };
                let runs = mask.map(|m| json!({"size": [m.height(), m.width()], "counts": m.to_coco()}));
                segmentations[n] = given.or(runs).unwrap_or(Value::Null);
                bboxes[n] = json!([b.left, b.top, b.width, b.height]);
                score = score.or(row.sample.score);
            }
            let key = track.source_key.parse::<i64>().ok().filter(|_| own);
            let label = labels.get(&id).copied().unwrap_or("thing");
            let mut row = json!({
                "id": key.unwrap_or(annotations.len() as i64 + 1),
                "video_id": self.id,
                "category_id": categories.get(label),
                "iscrowd": i32::from(track.ignored),
                "segmentations": segmentations,
                "bboxes": bboxes,
                "areas": areas,
            });
            if let Some(score) = score {
                row["score"] = json!(score);
            }
            annotations.push(row);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};
    use crate::import::{self, ImportSettings, Importer};

    fn written(worlds: &[World]) -> String {
        let mut out = Vec::new();
        YoutubeVis.export_all(worlds, &ExportSettings::default(), &mut out).expect("exports");
        String::from_utf8(out).expect("text")
    }

    fn imported(text: &str) -> Vec<World> {
        let scratch = Scratch::new();
        let path = scratch.file("a.json", text.as_bytes());
        let imported = import::YoutubeVis.import(&path, &ImportSettings::default()).expect("valid");
        assert!(imported.faults.is_empty(), "{}", imported.faults);
        imported.worlds
    }

    /// Plain runs, compressed runs, polygons, boxes alone, pictures without the thing, a crowd, a video that shows nothing.
    #[test]
    fn masks_over_time_are_written_back_byte_by_byte() {
        let text = concat!(
            r#"{"videos":[{"id":9,"width":4,"height":3,"length":3,"file_names":["ab/0.jpg","ab/5.jpg","ab/10.jpg"]},"#,
            r#"{"id":3,"width":4,"height":3,"length":1,"file_names":["cd/0.jpg"]}],"#,
            r#""annotations":[{"id":4,"video_id":9,"category_id":2,"iscrowd":0,"segmentations":[null,{"size":[3,4],"counts":[3,6,3]},"#,
            r#"{"size":[3,4],"counts":"363"}],"bboxes":[null,[1.0,0.0,2.0,3.0],[1.0,0.0,2.0,3.0]],"areas":[null,5.5,6.0]},"#,
            r#"{"id":7,"video_id":9,"category_id":1,"iscrowd":1,"segmentations":[[[1,0,3,0,3,3,1,3]],null,null],"bboxes":[[1.0,0.0,2.0,3.0],null,[0.0,0.0,1.5,1.0]],"#,
            r#""areas":[6.0,null,1.5],"score":0.25}],"#,
            r#""categories":[{"id":2,"name":"cat"},{"id":1,"name":"dog"}]}"#,
            "\n"
        );
        assert_eq!(written(&imported(text)), text);
    }

    /// A tracker's boxes become a video; what is written is read back and written as the same bytes.
    #[test]
    fn boxes_of_tracks_are_a_video() {
        let Some(folder) = data("export youtube-vis", "mot15/TUD-Campus") else { return };
        let settings = ImportSettings { picture_px: Some([640, 480]), ..ImportSettings::default() };
        let world = import::Mot.import(&folder.join("gt.txt"), &settings).expect("valid").worlds.remove(0);
        let first = written(std::slice::from_ref(&world));
        let again = imported(&first);
        assert_eq!((again.len(), again[0].entities().count()), (1, world.entities().count()));
        assert_eq!(written(&again), first);
    }
}
