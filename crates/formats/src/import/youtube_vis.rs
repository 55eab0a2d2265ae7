//! YouTube-VIS: masks of things over the pictures of videos.
//!
//! Source: Yang et al., *Video Instance Segmentation*, 2019; the annotation format of <https://youtube-vos.org/dataset/vis>.

use super::coco::{self, Category, Shape};
use super::error::Error;
use super::faults::{Faults, RowFault};
use super::input::{self, SourceFile};
use super::record::{self, MAX_FRAME_INDEX, PictureClock};
use super::{ImportSettings, Imported, Importer};
use chronotope_world::catalogue::Entry;
use chronotope_world::{World, WorldBuilder};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::path::Path;

/// YouTube-VIS annotation files: one World per video, named by the folder of its pictures (`video N` where they have none).
///
/// With `--fps` picture n is at n / fps (the data set keeps 6 of 30 pictures a second), else only the order is known. Every annotation is a thing with one track.
/// **Coverage** is complete for the file's categories in every picture.
#[derive(Clone, Copy, Debug)]
pub struct YoutubeVis;

impl Importer for YoutubeVis {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "youtube-vis",
            about: "masks of things over the pictures of videos",
            source: "formats/src/import/youtube_vis.rs",
            paper: Some("Yang et al., Video Instance Segmentation, ICCV 2019"),
            example: "chronotope import youtube-vis instances.json --fps 6 -o videos",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        path.is_file() && coco::has_key(head, &["videos"])
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let file: File = input::json(path, "an object with videos, annotations and categories")?;
        coco::once_each(path, &file.categories)?;
        let mut faults = Faults::default();
        let mut of_video: BTreeMap<i64, Vec<Annotation>> = BTreeMap::new();
        for (n, text) in file.annotations.iter().flatten().enumerate() {
            match serde_json::from_str::<Annotation>(text.get()) {
                Ok(row) => of_video.entry(row.video_id).or_default().push(row),
                Err(e) => {
                    faults.item(
                        path,
                        format!("annotation {n}"),
                        RowFault::new("video_id, category_id and segmentations", e),
                    );
                }
            }
        }
        let mut videos: Vec<(String, Video)> = Vec::new();
        for (n, text) in file.videos.iter().enumerate() {
            match serde_json::from_str::<Video>(text.get()) {
                Ok(video) if video.file_names.len() as i64 <= MAX_FRAME_INDEX => {
                    videos.push((name_of(&video), video));
                }
                Ok(_) => faults.item(path, format!("video {n}"), RowFault::new("fewer pictures", "too many")),
                Err(e) => faults.item(
                    path,
                    format!("video {n}"),
                    RowFault::new("id, width, height and file_names", e),
                ),
            }
        }
        videos.sort_by(|a, b| (&a.0, a.1.id).cmp(&(&b.0, b.1.id)));
        if videos.is_empty() {
            let found = faults.named().first().map_or_else(|| "none".to_owned(), ToString::to_string);
            return Err(Error::input(path, "at least one video", found));
        }
        let source = SourceFile::new(path)?;
        let mut worlds = Vec::new();
        for (name, video) in record::pick(videos, |v| &v.0, settings)? {
            let rows = of_video.remove(&video.id).unwrap_or_default();
            worlds.push(import_video(&name, &video, rows, &file.categories, &source, settings, &mut faults)?);
        }
        Ok(Imported { worlds, faults })
    }
}

#[derive(Deserialize)]
struct File {
    videos: Vec<Box<RawValue>>,
    /// `null` in the files of the test splits.
    annotations: Option<Vec<Box<RawValue>>>,
    #[serde(default)]
    categories: Vec<Category>,
}

#[derive(Deserialize)]
struct Video {
    id: i64,
    width: u32,
    height: u32,
    file_names: Vec<String>,
}

#[derive(Deserialize)]
struct Annotation {
    id: Option<i64>,
    video_id: i64,
    category_id: i64,
    #[serde(default)]
    segmentations: Vec<Value>,
    #[serde(default)]
    bboxes: Vec<Option<[f64; 4]>>,
    #[serde(default)]
    areas: Vec<Option<f64>>,
    #[serde(default)]
    iscrowd: i64,
    score: Option<f64>,
}

fn name_of(video: &Video) -> String {
    let folder = video.file_names.first().and_then(|n| n.split_once('/')).map(|(folder, _)| folder);
    folder.map_or_else(|| format!("video {}", video.id), str::to_owned)
}

fn import_video(
    name: &str,
    video: &Video,
    rows: Vec<Annotation>,
    categories: &[Category],
    file: &SourceFile<'_>,
    settings: &ImportSettings,
    faults: &mut Faults,
) -> Result<World, Error> {
    let clock = PictureClock::new(settings, None);
    let mut builder = WorldBuilder::new(name);
    let words = format!("format=youtube-vis video={} {}", video.id, clock.word());
    let source = record::annotation_source(&mut builder, file, record::clock_row(clock), words);
    let size = [video.width, video.height];
    let observer = record::camera(&mut builder, source, name, Some(size), None);
    for (n, file_name) in video.file_names.iter().enumerate() {
        coco::add_picture(&mut builder, source, n as u32, clock, file_name, None, Some(size));
    }
    let names = coco::add_categories(&mut builder, source, categories);
    coco::add_coverage(&mut builder, source, observer, &names, video.file_names.len() as u32, clock);
    for (n, row) in rows.into_iter().enumerate() {
        let item = |what: &str| format!("video {name}, annotation {}{what}", row.id.unwrap_or(n as i64));
        let Some(label) = names.get(&row.category_id) else {
            faults.item(file.path, item(""), RowFault::new("the id of a category", row.category_id));
            continue;
        };
        let mut track = None;
        let n_pictures = row.segmentations.len().max(row.bboxes.len());
        if n_pictures > video.file_names.len() {
            let fault = RowFault::new(format!("at most {} pictures", video.file_names.len()), n_pictures);
            faults.item(file.path, item(""), fault);
        }
        for k in 0..n_pictures.min(video.file_names.len()) {
            let segmentation = row.segmentations.get(k).filter(|v| !v.is_null());
            let sides = row.bboxes.get(k).copied().flatten();
            if segmentation.is_none() && sides.is_none() {
                continue; // not in this picture
            }
            match Shape::read(sides, segmentation, Some(size)) {
                Ok(shape) => {
                    let t = clock.time(k as u32);
                    let key = row.id.unwrap_or(n as i64);
                    let (track, entity) = *track.get_or_insert_with(|| {
                        coco::add_thing(
                            &mut builder,
                            source,
                            observer,
                            key,
                            label,
                            row.iscrowd != 0,
                            t,
                            settings,
                        )
                    });
                    coco::add_sample(&mut builder, source, observer, track, k as u32, t, &shape, row.score);
                    let area = row.areas.get(k).copied().flatten();
                    coco::add_details(&mut builder, source, entity, t, &shape, area, segmentation.cloned());
                }
                Err(fault) => faults.item(file.path, item(&format!(", picture {k}")), fault),
            }
        }
    }
    record::build(builder, file.path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::Scratch;
    use chronotope_world::{EntityId, Time};

    #[test]
    fn a_thing_is_where_its_masks_are() {
        let scratch = Scratch::new();
        let text = r#"{"videos": [{"id": 9, "width": 4, "height": 3, "length": 3, "file_names": ["ab/0.jpg", "ab/5.jpg", "ab/10.jpg"]}, {"id": 1}],
            "categories": [{"id": 2, "name": "cat"}], "annotations": [
            {"id": 4, "video_id": 9, "category_id": 2, "segmentations": [null, {"size": [3,4], "counts": [3,6,3]}, {"size": [3,4], "counts": [3,6,4]}],
             "bboxes": [null, [1,0,2,3], [1,0,2,3]], "areas": [null, 6, 6]},
            {"id": 5, "video_id": 9, "category_id": 3, "segmentations": []}, 8]}"#;
        let path = scratch.file("a.json", text.as_bytes());
        assert!(YoutubeVis.recognises(&path, text.as_bytes()));
        let settings = ImportSettings { fps: Some(6.0), ..ImportSettings::default() };
        let imported = YoutubeVis.import(&path, &settings).expect("valid");
        assert_eq!(imported.faults.count(), 4, "{}", imported.faults);
        let world = &imported.worlds[0];
        assert_eq!((world.record().name.as_str(), world.entities().count()), ("ab", 1));
        let times: Vec<Time> = world.trajectory(EntityId(4)).expect("in memory").runs[0].times().collect();
        assert_eq!(times, [Time(166_666_667)]);
    }
}
